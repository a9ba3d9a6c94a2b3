"""Expressions of a plan as functions of a row, each compiled once.

A row holds a term, or None, in each of its slots. An expression gives a value, or None where SPARQL
raises an error: both leave a filter unmet and a variable unbound.
Source: SPARQL 1.1 Query Language, sections 17.3 and 17.4.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache, partial
from math import ceil, copysign, floor, inf, nan
from operator import add, mul, sub
from typing import Any, TypeAlias

from kg.namespaces import iri
from kg.sparql.index import Index, Term
from kg.sparql.plans import Plan, refused
from kg.sparql.values import (
    Named,
    Other,
    Value,
    is_equal,
    is_number,
    is_ordered,
    parts,
    term_of,
    text_of,
    truth,
    value_of,
)

Row: TypeAlias = list[Any]
"""A term, or None, in each slot; and what is found, in slots of its own."""
Expression: TypeAlias = Callable[[Row, Index], Value | None]
Exists: TypeAlias = Callable[[Plan], Callable[[Row, Index], bool]]
"""Compiles a group to a test of whether it has a solution."""

Rule: TypeAlias = Callable[[Sequence[Expression]], Expression]
"""Makes an expression of those that it is about."""

_XSD = iri("xsd:")
_FLAGS = "flags"
_LAST = Decimal("1e-18")


class Expressions:
    """Compiles expressions over the slots of one query."""

    def __init__(self, slot: Callable[[Term], int], exists: Exists) -> None:
        self._slot = slot
        self._exists = exists

    def compiled(self, plan: Plan) -> Expression:
        """The function of an expression; raises PredicateMalformed for what it does not know."""
        if isinstance(plan, str):
            return self._term(plan)
        sign, *inner = plan
        rule = _RULES.get(sign)
        if inner and inner[0][0] == _FLAGS:
            inner = [*inner[1:], inner[0][1]]
        if sign == "in" and all(_is_iri(one) for one in inner[1:]):
            return _among(self.compiled(inner[0]), frozenset(map(value_of, inner[1:])))
        if rule:
            return rule([self.compiled(one) for one in inner])
        if sign == "BOUND":
            return _bound(self._slot(inner[0]))
        if sign == "exists":
            return self._exists(inner[0])
        if sign == "cast":
            return _cast(inner[0], self.compiled(inner[1]))
        raise refused(sign)

    def _term(self, term: Term) -> Expression:
        if not term.startswith("?"):
            value = value_of(term)
            return lambda row, index: value
        slot = self._slot(term)

        def found(row: Row, index: Index) -> Value | None:
            held = row[slot]
            return None if held is None else value_of(held)

        return found


def _bound(slot: int) -> Expression:
    return lambda row, index: row[slot] is not None


# -- logic ---------------------------------------------------------------------------------------


def _or(inner: Sequence[Expression]) -> Expression:
    def found(row: Row, index: Index) -> bool | None:
        told: bool | None = False
        for one in inner:
            value = truth(one(row, index))
            if value:
                return True
            if value is None:
                told = None
        return told

    return found


def _and(inner: Sequence[Expression]) -> Expression:
    def found(row: Row, index: Index) -> bool | None:
        told: bool | None = True
        for one in inner:
            value = truth(one(row, index))
            if value is False:
                return False
            if value is None:
                told = None
        return told

    return found


def _not(inner: Sequence[Expression]) -> Expression:
    (one,) = inner

    def found(row: Row, index: Index) -> bool | None:
        value = truth(one(row, index))
        return None if value is None else not value

    return found


def _if(inner: Sequence[Expression]) -> Expression:
    condition, then, otherwise = inner

    def found(row: Row, index: Index) -> Value | None:
        value = truth(condition(row, index))
        if value is None:
            return None
        return then(row, index) if value else otherwise(row, index)

    return found


def _coalesce(inner: Sequence[Expression]) -> Expression:
    def found(row: Row, index: Index) -> Value | None:
        values = (one(row, index) for one in inner)
        return next((value for value in values if value is not None), None)

    return found


def _in(inner: Sequence[Expression]) -> Expression:
    one, *members = inner

    def found(row: Row, index: Index) -> bool | None:
        value = one(row, index)
        told: bool | None = False
        for member in members:
            same = is_equal(value, member(row, index))
            if same:
                return True
            if same is None:
                told = None
        return told

    return found


def _among(inner: Expression, members: frozenset[Value]) -> Expression:
    """Whether a value is one of these IRIs."""

    def found(row: Row, index: Index) -> bool | None:
        value = inner(row, index)
        return None if value is None else isinstance(value, Named) and value in members

    return found


def _is_iri(plan: Plan) -> bool:
    return isinstance(plan, str) and plan.startswith("<")


# -- comparing and counting ------------------------------------------------------------------------


def _equal(inner: Sequence[Expression]) -> Expression:
    left, right = inner
    return lambda row, index: is_equal(left(row, index), right(row, index))


def _different(inner: Sequence[Expression]) -> Expression:
    return _not([_equal(inner)])


def _ordered(sign: str) -> Rule:
    def rule(inner: Sequence[Expression]) -> Expression:
        left, right = inner
        return lambda row, index: is_ordered(sign, left(row, index), right(row, index))

    return rule


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        if right:
            return float(left) / float(right)
        return copysign(inf, left) if left and left == left else nan  # noqa: PLR0124 - NaN is not
    # XML Schema's decimals end; Oxigraph's do after as many digits.
    return (Decimal(left) / Decimal(right)).quantize(_LAST, ROUND_DOWN) if right else None


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": _divided}


def _counted(sign: str) -> Rule:
    operation = _SIGNS[sign]

    def rule(inner: Sequence[Expression]) -> Expression:
        if len(inner) == 1:
            (only,) = inner
            return _of_values(lambda value: -value if is_number(value) else None)([only])
        left, right = inner

        def found(row: Row, index: Index) -> Value | None:
            one, other = left(row, index), right(row, index)
            if not (is_number(one) and is_number(other)):
                return None
            if isinstance(one, Decimal) and isinstance(other, float):
                one = float(one)
            elif isinstance(one, float) and isinstance(other, Decimal):
                other = float(other)
            value: Value | None = operation(one, other)
            return value

        return found

    return rule


# -- functions -------------------------------------------------------------------------------------


def _of_values(
    function: Callable[..., Value | None],
) -> Rule:
    """A function of values, none of which may be an error."""

    def rule(inner: Sequence[Expression]) -> Expression:
        if len(inner) == 1:
            (only,) = inner

            def of_one(row: Row, index: Index) -> Value | None:
                value = only(row, index)
                return None if value is None else function(value)

            return of_one

        def found(row: Row, index: Index) -> Value | None:
            values = [one(row, index) for one in inner]
            return None if None in values else function(*values)

        return found

    return rule


def _of_texts(
    function: Callable[..., Value | None],
) -> Rule:
    """A function of texts."""

    def checked(*values: Value) -> Value | None:
        return function(*values) if all(map(_is_text, values)) else None

    return _of_values(checked)


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Named | Other)


def _text(value: Value) -> str:
    return str(value) if isinstance(value, Named) else text_of(term_of(value))


@lru_cache(1024)
def _pattern(pattern: str, flags: str) -> re.Pattern[str]:
    signs = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
    found = re.compile(pattern)
    for flag in flags:
        found = re.compile(pattern, found.flags | signs[flag])
    return found


@lru_cache(1 << 16)
def _replaced(text: str, pattern: str, replacement: str, flags: str = "") -> str:
    return _pattern(pattern, flags).sub(re.sub(r"\$(\d)", r"\\\1", replacement), text)


def _matches(text: str, pattern: str, flags: str = "") -> bool:
    return _pattern(pattern, flags).search(text) is not None


def _part(text: Any, start: Any, length: Any = None) -> Value | None:
    if not (_is_text(text) and is_number(start) and (length is None or is_number(length))):
        return None
    first = round(start)
    last = len(text) + 1 if length is None else first + round(length)
    found: str = text[max(first, 1) - 1 : max(last - 1, 0)]
    return found


def _before(text: str, mark: str) -> str:
    head, found, _ = text.partition(mark) if mark else ("", "", text)
    return head if found else ""


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def _datatype(value: Value) -> Value | None:
    if isinstance(value, Named):
        return None
    kind = parts(term_of(value))[1]
    return Named(kind if ":" in kind else f"{_XSD}{kind}")


def _typed(text: Value, kind: Value) -> Value | None:
    is_text = isinstance(text, str) and kind == f"{_XSD}string"
    return str(text) if is_text else None


def _rounded(how: Callable[[Any], int], value: Any) -> Value | None:
    return type(value)(how(value)) if is_number(value) else None


def _nearest(value: Any) -> int:
    return floor(value + type(value)(1) / 2) if isinstance(value, Decimal) else floor(value + 0.5)


def _zone(moment: datetime) -> str:
    if moment.tzinfo is None:
        return ""
    text = moment.isoformat()[-6:]
    return "Z" if text == "+00:00" else text


def _of_moment(
    function: Callable[[datetime], Value],
) -> Rule:
    return _of_values(lambda value: function(value) if isinstance(value, datetime) else None)


def _cast(kind: Term, inner: Expression) -> Expression:
    function = _CASTS.get(kind)
    if function is None:
        raise refused(kind)
    return _of_values(function)([inner])


def _whole(value: Value) -> Value | None:
    try:
        return int(value) if is_number(value) or isinstance(value, bool | str) else None  # type: ignore[arg-type]
    except (ValueError, ArithmeticError):
        return None


def _double(value: Value) -> Value | None:
    try:
        return float(value) if is_number(value) or isinstance(value, bool | str) else None  # type: ignore[arg-type]
    except (ValueError, ArithmeticError):
        return None


_CASTS: Mapping[Term, Callable[[Value], Value | None]] = {
    f"<{_XSD}integer>": _whole,
    f"<{_XSD}double>": _double,
    f"<{_XSD}string>": _text,
}

_RULES: Mapping[str, Rule] = {
    "||": _or,
    "&&": _and,
    "!": _not,
    "IF": _if,
    "COALESCE": _coalesce,
    "in": _in,
    "=": _equal,
    "!=": _different,
    **{sign: _ordered(sign) for sign in ("<", "<=", ">", ">=")},
    **{sign: _counted(sign) for sign in _SIGNS},
    "ABS": _of_values(lambda value: abs(value) if is_number(value) else None),
    "FLOOR": _of_values(partial(_rounded, floor)),
    "CEIL": _of_values(partial(_rounded, ceil)),
    "ROUND": _of_values(partial(_rounded, _nearest)),
    "STR": _of_values(_text),
    "DATATYPE": _of_values(_datatype),
    "STRDT": _of_values(_typed),
    "SAMETERM": _of_values(lambda one, other: term_of(one) == term_of(other)),
    "ISNUMERIC": _of_values(is_number),
    "ISLITERAL": _of_values(lambda value: not isinstance(value, Named)),
    "ISURI": _of_values(lambda value: isinstance(value, Named)),
    "ISIRI": _of_values(lambda value: isinstance(value, Named)),
    "LCASE": _of_texts(str.lower),
    "UCASE": _of_texts(str.upper),
    "STRLEN": _of_texts(len),
    "CONCAT": _of_texts(lambda *texts: "".join(texts)),
    "CONTAINS": _of_texts(lambda text, part: part in text),
    "STRSTARTS": _of_texts(str.startswith),
    "STRENDS": _of_texts(str.endswith),
    "STRBEFORE": _of_texts(_before),
    "STRAFTER": _of_texts(_after),
    "SUBSTR": _of_values(_part),
    "REGEX": _of_texts(_matches),
    "REPLACE": _of_texts(_replaced),
    "YEAR": _of_moment(lambda moment: moment.year),
    "MONTH": _of_moment(lambda moment: moment.month),
    "DAY": _of_moment(lambda moment: moment.day),
    "HOURS": _of_moment(lambda moment: moment.hour),
    "MINUTES": _of_moment(lambda moment: moment.minute),
    "SECONDS": _of_moment(
        lambda moment: Decimal(moment.second) + Decimal(moment.microsecond) / 1_000_000
    ),
    "TZ": _of_moment(_zone),
}
