"""Takes what a person wrote for an attribute and makes of it the value that the attribute holds.

Knows numbers with units, days, and what is compared by its meaning; whether a value is one of those
allowed is for the vocabulary to judge.
"""

import re
from datetime import datetime

from kg.comparing import ways
from kg.errors import DescriptorInvalid
from kg.units import quantity, shown
from kg.vocabulary import Attribute, Literal, Vocabulary

VERSION_RANGE = "versionRange"
"""The attribute whose text is a range of versions; a part that has it is a package."""

# A plain number below this was hardly meant in the attribute's own unit: 16 bytes are no memory.
_LEAST = {"BYTE": 1_000_000, "MilliProcessor": 1_000, "MicroSEC": 10_000}
_MOST_CORES = 256_000
_NUMBER = re.compile(
    r"[+-]?(?:0|[1-9][0-9_]*|[0-9_]*\.[0-9_]*(?:[eE][+-]?[0-9]+)?|[1-9][0-9]*[eE][+-]?[0-9]+)"
)
_NO_NUMBER = re.compile(r"[+-]?\.?[A-Za-z]+")
_LONGEST = 60
_LARGEST = 2**63  # what a store still adds up and compares


def value_of(
    attribute: Attribute, value: Literal, text: str, vocabulary: Vocabulary, *, exact: bool = False
) -> Literal:
    """The value that the attribute holds, given what was read and the text as it was written.

    A plain number is taken in the attribute's unit. Unless `exact`, one so small that another unit
    is likelier is refused. Raises DescriptorError, and TermUndefined for a unit that is unknown.

    >>> from kg.vocabulary import load
    >>> value_of(load().attribute("requiredMemory"), "16 GB", "16 GB", load())
    16000000000
    """
    wanted = attribute.range.name if attribute.range.kind == "datatype" else "string"
    if wanted == "string":
        return vocabulary.checked(attribute, normalised(attribute, text, vocabulary))
    if wanted in {"integer", "double"}:
        return vocabulary.checked(attribute, _number(attribute, value, text, exact=exact))
    if wanted == "dateTime" and isinstance(value, str):
        value = _moment(value)
    return vocabulary.checked(attribute, value)


def normalised(attribute: Attribute, text: str, vocabulary: Vocabulary) -> str:
    """The text as its datatype is kept, where the attribute is of one that is compared by its
    meaning; raises DescriptorInvalid where it has none.
    """
    way = ways().get(attribute.range.datatype)
    return way.normalise(text, vocabulary) if way else text


def storable(attribute: Attribute, value: Literal) -> Literal:
    """The value, unless it is a number that no store could keep; raises DescriptorInvalid."""
    if isinstance(value, int) and abs(value) >= _LARGEST:
        raise DescriptorInvalid(f"{attribute.label} is {quoted(value)}", f"Write {like(attribute)}")
    return value


def example(attribute: Attribute) -> str:
    """The attribute's example as a person writes it, with its unit.

    >>> from kg.vocabulary import load
    >>> example(load().attribute("requiredMemory")), example(load().attribute("modelName"))
    ('16 GB', 'churn')
    """
    unit = attribute.unit_name
    if unit not in {*_LEAST, "PERCENT"} or not _NUMBER.fullmatch(attribute.example):
        return attribute.example
    return shown(float(attribute.example), unit)


def like(attribute: Attribute) -> str:
    """How to write the attribute, for the end of a message."""
    return f"for example `{attribute.key}: {example(attribute)}`"


def quoted(value: object) -> str:
    """A value in a message, cut short where it is long."""
    kinds = {dict: "a mapping", list: "a list", type(None): "empty"}
    if type(value) in kinds:
        return kinds[type(value)]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text[:_LONGEST]}…`" if len(text) > _LONGEST else f"`{text}`"


def _number(attribute: Attribute, value: Literal, text: str, *, exact: bool) -> Literal:
    # YAML takes 0:30 for thirty and 010 for eight, which nobody means.
    odd = isinstance(value, int | float) and not (
        _NUMBER.fullmatch(text) or _NO_NUMBER.fullmatch(text)
    )
    amount: object = text if odd else value
    unit = attribute.unit_name
    plain = re.fullmatch(r"[\d.,]+", text) is not None
    if unit == "MilliProcessor" and plain and not exact:
        # Nobody sets aside sixteen thousandths of a core.
        cores = quantity(text, unit)
        if 0 < cores <= _MOST_CORES:
            amount, plain = cores, False
    if unit and isinstance(amount, str):
        amount = _amount(amount, unit)
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise DescriptorInvalid(
            f"{attribute.label} is {quoted(value)}, which is no number", f"Write {like(attribute)}"
        )
    if plain and not exact and 0 < amount < _LEAST.get(unit, 0):
        raise DescriptorInvalid(
            f"{attribute.label} is {text} without a unit, which would be {shown(amount, unit)}",
            f"Write the unit too, {like(attribute)}",
        )
    whole = attribute.range.name == "integer" and isinstance(amount, float) and amount.is_integer()
    return storable(attribute, int(amount) if whole else amount)


def _amount(text: str, unit: str) -> float:
    number = text.removesuffix(unit).strip()
    # A unit that units.py does not know still counts whole things: 224 PIXEL.
    if number != text.strip() and number.isdecimal():
        return int(number)
    return quantity(text, unit, default=unit)


def _moment(text: str) -> Literal:
    """The moment that the text states; the text itself where it states none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
