"""Writes N-Triples: IRIs and the five datatypes that every store keeps as they are."""

from datetime import date, datetime
from math import isinf

from kg.namespaces import iri

# The backslash comes first: the others bring new ones.
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def reference(name: str) -> str:
    """An IRI, given as such or as a prefixed name, in N-Triples.

    >>> reference("mm:requiredMemory")
    '<https://w3id.org/ml-mismatch/requiredMemory>'
    """
    return f"<{iri(name)}>"


def literal(value: str | float | date, datatype: str = "") -> str:
    """A literal in N-Triples, typed by its Python type unless a datatype is given.

    >>> literal(8.5), literal(True)
    ('"8.5"^^<http://www.w3.org/2001/XMLSchema#double>', '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, datetime):
        text = value.isoformat()
    if isinstance(value, float) and isinf(value):
        text = text.upper()
    # One pass a sign: `str.translate` takes ten times as long on the text of a whole project.
    for sign, written in _ESCAPES.items():
        text = text.replace(sign, written)
    kind = datatype or _datatype(value)
    return f'"{text}"' if kind == "xsd:string" else f'"{text}"^^{reference(kind)}'


def _datatype(value: object) -> str:
    # bool is an int, so the order matters. A day is text.
    kinds = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "double"),
        (datetime, "dateTime"),
    )
    return "xsd:" + next((name for kind, name in kinds if isinstance(value, kind)), "string")


def triple(subject: str, predicate: str, value: str) -> str:
    """One line of N-Triples; subject and predicate are names, the object is written already."""
    return f"{reference(subject)} {reference(predicate)} {value} ."
