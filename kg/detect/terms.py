"""Terms as rows and batches hold them: the texts that N-Triples gives them, each read once.

A batch asks and tells millions of terms, most of them again and again; a text is compared, looked
up and kept faster than any object.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from kg.graphs import plain
from kg.namespaces import iri, local
from kg.writing import literal

Term: TypeAlias = str
"""An IRI in angle brackets, or a literal, written as `kg.writing` writes it."""
Value: TypeAlias = str | int | float | bool

_KEPT = 1 << 16
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NUMBERS = {"integer": int, "double": float}


def is_node(term: Term) -> bool:
    """Whether the term is an IRI; no batch holds a blank node.

    >>> is_node("<urn:a>"), is_node('"urn:a"')
    (True, False)
    """
    return term.startswith("<")


def text_of(term: Term) -> str:
    """The IRI, or the literal's text; nothing of nothing.

    >>> text_of("<urn:a>"), text_of('"16"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('urn:a', '16')
    """
    return term[1:-1] if is_node(term) or not term else _parts(term)[0]


@lru_cache(_KEPT)
def canonical(cell: str) -> Term:
    """The term that a cell of a table of results stands for, which abbreviates some numbers.

    >>> canonical("8") == literal(8), canonical("true") == literal(True), canonical('"8"')
    (True, True, '"8"')
    """
    if is_node(cell):
        return cell
    text, kind = _parts(cell)
    if kind == "boolean":
        return literal(text in {"true", "1"})
    if kind in _NUMBERS:
        return literal(_NUMBERS[kind](text))
    return literal(datetime.fromisoformat(text)) if kind == "dateTime" else _written(text, kind)


@lru_cache(_KEPT)
def value_of(term: Term) -> Value:
    """A term as a report holds it: a number, a truth value, a text, the local name of our term, or
    an IRI.
    """
    if is_node(term):
        return local(term[1:-1])
    text, kind = _parts(term)
    if kind == "boolean":
        return text in {"true", "1"}
    return _NUMBERS[kind](text) if kind in _NUMBERS else text


@lru_cache(_KEPT)
def plain_of(term: Term) -> str:
    """A term's text in the one form that places know it by."""
    if is_node(term):
        return term[1:-1]
    text, kind = _parts(term)
    return plain(datetime.fromisoformat(text)) if kind == "dateTime" else plain(value_of(term))


def _written(text: str, kind: str) -> Term:
    return literal(text, kind if ":" in kind else f"xsd:{kind}")


def _parts(term: Term) -> tuple[str, str]:
    """A literal's text and datatype: a name of XML Schema's, or an IRI."""
    if not term.startswith('"'):
        kind = "boolean" if term in {"true", "false"} else "decimal" if "." in term else "integer"
        return term, kind
    text, _, datatype = term[1:].rpartition('"')
    kind = datatype[3:-1].removeprefix(iri("xsd:")) if datatype else "string"
    return _ESCAPED.sub(_sign, text) if "\\" in text else text, kind


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])
