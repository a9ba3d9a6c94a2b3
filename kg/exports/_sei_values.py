"""One value as a key of the SEI's descriptors holds it."""

from fractions import Fraction
from math import isfinite
from typing import TypeAlias

from kg.alignments import CONVERTED, NEVER_ZERO, Key, blank
from kg.errors import DescriptorError
from kg.exports._merged import Stated
from kg.units import quantity
from kg.visible import whole
from kg.vocabulary import Attribute, Vocabulary

Json: TypeAlias = "str | float | bool | list[Json] | dict[str, Json]"

# Up to here a whole number is the same as a double.
_EXACT = 2**53


class Unfit(Exception):
    """A value that the key cannot hold, and why."""


def plain(stated: Stated, key: Key, vocabulary: Vocabulary) -> Json:
    """A truth, a number in the key's unit, or a text; raises Unfit."""
    value = stated.value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value, key)
    if key.attribute.range.kind == "list":
        return _listed(str(value), key, vocabulary)
    text = whole(stated.text)
    if blank(text):
        raise Unfit("an empty text is read as not given")
    return text


def time(stated: Stated, units: tuple[str, ...]) -> Json:
    """A whole number of the unit it was given in, or of the longest that fits; raises Unfit."""
    value = int(str(stated.value))
    lengths = {unit: int(quantity(1, "MicroSEC", default=unit)) for unit in units}
    fitting = [unit for unit, length in lengths.items() if value > 0 and value % length == 0]
    if not fitting:
        raise Unfit("the format holds a time above 0 in whole milliseconds")
    given = [unit for unit in fitting if stated.given.lower().endswith(unit.lower())]
    unit = max(given or fitting, key=lengths.__getitem__)
    return {"time": value // lengths[unit], "unit": unit}


def meaning(text: str, attribute: Attribute, vocabulary: Vocabulary) -> str | None:
    """The local name of the listed value that the text names."""
    known = vocabulary.value(attribute.range.name, text)
    return known.name if known else None


def meant(value: str, attribute: Attribute, key: Key, vocabulary: Vocabulary) -> str | None:
    """The text that names the listed value: one of the key's choices, where it has any."""
    if not key.choices:
        return vocabulary.lists[attribute.range.name][value].label
    named = (text for text in key.choices if meaning(text, attribute, vocabulary) == value)
    return next(named, None)


def none_of(key: Key) -> str:
    """That the key's choices leave no room, as the end of a sentence."""
    return f"none of {', '.join(key.choices)}"


def _listed(value: str, key: Key, vocabulary: Vocabulary) -> str:
    text = meant(value, key.attribute, key, vocabulary)
    if text is None:
        raise Unfit(f"it is {none_of(key)}")
    return text


def _number(value: float, key: Key) -> int | float:
    if value == 0 and key.attribute.name in NEVER_ZERO:
        raise Unfit("0 is read as not given")
    if not isfinite(value):
        raise Unfit("JSON has no infinite number")
    measure = key.attribute.unit_name
    number = _converted(value, measure, key.unit) if measure in CONVERTED else value
    if abs(number) < _EXACT and number == int(number):
        number = int(number)
    if key.is_whole and not isinstance(number, int):
        raise Unfit("the format holds a whole number")
    return number


def _converted(value: float, measure: str, unit: str) -> float:
    number = float(Fraction(value) / Fraction(quantity(1, measure, default=unit)))
    if _again(number, measure, unit) != value:
        raise Unfit("no number in the format's unit is exactly that")
    return number


def _again(number: float, measure: str, unit: str) -> float | None:
    try:
        return quantity(number, measure, default=unit)
    except DescriptorError:
        return None
