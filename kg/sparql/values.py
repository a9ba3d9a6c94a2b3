"""Values of terms, and how SPARQL compares them; None stands for what is unbound or an error.

Source: SPARQL 1.1 Query Language, section 17; XPath and XQuery Functions and Operators 3.1.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from math import isnan
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from kg.namespaces import iri
from kg.sparql.index import Term
from kg.writing import literal

_KEPT = 1 << 16
_XSD = iri("xsd:")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Named(str):
    """An IRI among values, which no text equals."""

    __slots__ = ()


class Other(str):
    """A literal of a datatype that has no values here, whole as it is written."""

    __slots__ = ()


Value: TypeAlias = bool | int | float | Decimal | datetime | str
"""What a term means: a `Named`, an `Other`, or what Python calls by the same name."""


def text_of(term: Term) -> str:
    """The IRI, or the literal's text; nothing of nothing.

    >>> text_of("<urn:a>"), text_of('"16"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('urn:a', '16')
    """
    return term[1:-1] if term.startswith("<") or not term else parts(term)[0]


def parts(term: Term) -> tuple[str, str]:
    """A literal's text and datatype: a name of XML Schema's, or an IRI."""
    text, _, datatype = term[1:].rpartition('"')
    kind = datatype[3:-1].removeprefix(_XSD) if datatype else "string"
    return _ESCAPED.sub(_sign, text) if "\\" in text else text, kind


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])


_READ: dict[str, Callable[[str], Value]] = {
    "string": str,
    "integer": int,
    "double": float,
    "decimal": Decimal,
    "boolean": lambda text: text in {"true", "1"},
    "dateTime": datetime.fromisoformat,
}


@lru_cache(_KEPT)
def value_of(term: Term) -> Value:
    """What a term means.

    >>> value_of('"16"^^<http://www.w3.org/2001/XMLSchema#integer>'), value_of("<urn:a>")
    (16, 'urn:a')
    """
    if term.startswith("<"):
        return Named(term[1:-1])
    text, kind = parts(term)
    read = _READ.get(kind)
    try:
        return read(text) if read else Other(term)
    except (ValueError, ArithmeticError):
        return Other(term)


def term_of(value: Value) -> Term:
    """The term that means a value."""
    if isinstance(value, Other):
        return str(value)
    if isinstance(value, Named):
        return f"<{value}>"
    if isinstance(value, Decimal):
        return literal(f"{value.normalize():f}", "xsd:decimal")
    # Moments that are one, and noughts of either sign, are equal, yet are not written alike.
    return _text(value) if isinstance(value, str) else literal(value)


@lru_cache(_KEPT)
def _text(value: str) -> Term:
    return literal(value)


def is_number(value: object) -> bool:
    """Whether it is a number; a truth value is none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def truth(value: Value | None) -> bool | None:
    """The effective boolean value (17.2.2)."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Named | Other | datetime):
        return None
    if isinstance(value, str):
        return bool(value)
    return bool(value) and not (isinstance(value, float) and isnan(value))


def is_equal(left: Value | None, right: Value | None) -> bool | None:
    """Whether two values are equal (17.3); of literals whose datatype has no values here, only
    those that are written alike are known to be.
    """
    kind = type(left)
    if kind is type(right) and left is not None:
        return left == right or (None if kind is Other else False)
    if left is None or right is None or isinstance(left, Other) or isinstance(right, Other):
        return None
    return left == right if is_number(left) and is_number(right) else False


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def is_ordered(sign: str, left: Value | None, right: Value | None) -> bool | None:
    """Whether two values stand so; only values of one kind have an order."""
    if left is None or right is None or isinstance(left, Named | Other):
        return None
    return bool(_ORDERS[sign](left, right)) if _is_comparable(left, right) else None


def _is_comparable(left: Value, right: Value) -> bool:
    if is_number(left):
        return is_number(right)
    return type(left) is type(right) and not isinstance(left, Other)
