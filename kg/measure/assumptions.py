"""Whether what a model takes for granted is so elsewhere in its system.

An assumption names an attribute, an operator and a value. It is held against what is stated of that
attribute of the model, and of each element that a link joins with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isclose
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from kg.comparing import UNKNOWN, Known, ways
from kg.errors import KgError
from kg.measure.comparisons import Comparison
from kg.measure.current import Current
from kg.statements import Node
from kg.units import quantity
from kg.values import value_of
from kg.versions import normalise_range, relation
from kg.vocabulary import DAY, Attribute, Literal, Vocabulary

_ASSUMPTION = "assumption"
_ATTRIBUTE, _OPERATOR, _VALUE = "assumedAttribute", "assumptionOperator", "assumedValue"
_VERSION = "versionSpecifier"

_ONE_OF = "one-of"
_SIGNS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "greater-than": (">", gt),
    "greater-or-equal": (">=", ge),
    "less-than": ("<", lt),
    "less-or-equal": ("<=", le),
    "equal-to": ("==", eq),
    "different-from": ("!=", ne),
}
_EQUALITY = {"equal-to": True, "different-from": False}
_NUMBERS = {"integer", "double"}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_TOLD = {True: "holds", False: "contradicted", None: UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Assumption:
    """What a model takes for granted: how an attribute's value stands to another value."""

    node: Node
    attribute: Attribute
    operator: str
    value: str


def checked(current: Current) -> Iterator[Comparison]:
    """Every assumption beside every value that it is about; one that does not name an attribute, an
    operator and a value is held against nothing.
    """
    named = _named(current.vocabulary)
    for model, held in current.stated.items():
        for node in current.parts(model, _ASSUMPTION) if _ASSUMPTION in held else ():
            assumption = _assumption(current, node, named)
            if assumption:
                for element in dict.fromkeys((model, *current.neighbours.get(model, ()))):
                    yield from _beside(current, assumption, element)


def _named(vocabulary: Vocabulary) -> dict[str, Attribute]:
    """The attributes by key and by local name."""
    attributes = vocabulary.attributes.values()
    return {a.key: a for a in attributes} | {a.name: a for a in attributes}


def _assumption(current: Current, node: Node, named: Mapping[str, Attribute]) -> _Assumption | None:
    name, operator, value = (
        str(current.value(node, term) or "").strip() for term in (_ATTRIBUTE, _OPERATOR, _VALUE)
    )
    attribute = named.get(name.removeprefix("mm:"))
    return _Assumption(node, attribute, operator, value) if attribute and operator else None


def _beside(current: Current, assumption: _Assumption, element: Node) -> Iterator[Comparison]:
    attribute = assumption.attribute
    found = {
        stated: _holds(assumption, assumption.operator, assumption.value, stated, current)
        for stated in current.values(element, attribute.name)
    }
    if not attribute.single:
        found = _folded(found, complete=(element, attribute.name) in current.complete)
    for stated, told in found.items():
        yield Comparison(
            first=assumption.node,
            second=element,
            attribute=attribute.name,
            second_attribute=attribute.name,
            first_value=assumption.value,
            second_value=stated,
            relation=_TOLD[told],
            method=_ASSUMPTION,
        )


def _folded(found: dict[Literal, bool | None], *, complete: bool) -> dict[Literal, bool | None]:
    """Of several values that are true at once, those that bear the assumption out; if none does, it
    is contradicted only by a list that is complete.
    """
    if any(found.values()):
        return {stated: told for stated, told in found.items() if told}
    return found if complete else dict.fromkeys(found)


def _holds(
    assumption: _Assumption, operator: str, value: str, stated: Literal, current: Current
) -> bool | None:
    """Whether what is stated stands to the value as the operator says; None where the two cannot be
    compared.
    """
    attribute, vocabulary = assumption.attribute, current.vocabulary
    if operator == _ONE_OF:
        told = {
            _holds(assumption, "equal-to", one.strip(), stated, current) for one in value.split(",")
        }
        return True if True in told else None if None in told else False
    if operator not in _SIGNS or not value:
        return None
    if attribute.range.datatype == _VERSION:
        return _version(operator, value, str(stated))
    if attribute.range.datatype in ways():
        return _meaning(attribute, operator, value, str(stated), Known(vocabulary, current.broader))
    try:
        return _ordered(operator, stated, _read(attribute, value, vocabulary))
    except (KgError, TypeError):
        return None


def _version(operator: str, value: str, stated: str) -> bool | None:
    try:
        need = normalise_range(f"{_SIGNS[operator][0]}{value}")
    except KgError:
        return None
    return {"within": True, "disjoint": False}.get(relation(need, stated))


def _meaning(
    attribute: Attribute, operator: str, value: str, stated: str, known: Known
) -> bool | None:
    """Whether two texts of a datatype that has its own way of comparing mean the same."""
    related = ways()[attribute.range.datatype].related(stated, value, known).relation
    if operator not in _EQUALITY or related == UNKNOWN:
        return None
    return (related in {"same", "narrower"}) is _EQUALITY[operator]


def _read(attribute: Attribute, text: str, vocabulary: Vocabulary) -> Literal:
    """The assumed value as the attribute would hold it; a plain number is in its unit."""
    if attribute.range.name in _NUMBERS:
        return quantity(text, attribute.unit_name, default=attribute.unit_name)
    if attribute.range.name == "boolean" and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    return value_of(attribute, text, text, vocabulary)


def _ordered(operator: str, stated: Literal, assumed: Literal) -> bool | None:
    """Whether one value stands to another so; texts that are no days have no order."""
    if isinstance(stated, str) and isinstance(assumed, str):
        stated, assumed = stated.casefold(), assumed.casefold()
        if operator not in _EQUALITY and not (
            re.fullmatch(DAY, stated) and re.fullmatch(DAY, assumed)
        ):
            return None
    elif (
        isinstance(stated, float)
        and isinstance(assumed, int | float)
        and isclose(stated, assumed, rel_tol=1e-9)
    ):
        stated = assumed
    return _SIGNS[operator][1](stated, assumed)
