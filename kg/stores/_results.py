"""Reads the results of a SELECT query, as SPARQL's JSON has them.

Endpoints differ: Virtuoso writes a boolean as 1, and gives blank nodes names that are none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.errors import QueryRefused
from kg.namespaces import iri
from kg.stores import Row
from kg.writing import literal

_BOOLEANS = {"1": "true", "0": "false"}


def rows(found: Mapping[str, Any]) -> Sequence[Row]:
    """The texts and IRIs of the bound variables of each solution; raises QueryRefused where it is
    no answer to a SELECT.
    """
    if "results" not in found:
        raise QueryRefused("The query is no SELECT", "Ask with SELECT")
    return [
        {name: _value(term) for name, term in row.items()} for row in found["results"]["bindings"]
    ]


def quads(found: Mapping[str, Any]) -> Iterator[str]:
    """The solutions of graph, subject, predicate and object as lines of N-Quads; what names a blank
    node is left out.
    """
    for row in found["results"]["bindings"]:
        terms = [_written(row[name]) for name in ("subject", "predicate", "object", "graph")]
        if None not in terms:
            yield f"{' '.join(filter(None, terms))} ."


def _value(term: Mapping[str, str]) -> str:
    text = term["value"]
    return _BOOLEANS.get(text, text) if _is_boolean(term) else text


def _is_boolean(term: Mapping[str, str]) -> bool:
    return term.get("datatype") == iri("xsd:boolean")


def _written(term: Mapping[str, str]) -> str | None:
    """A term in N-Triples; None for a blank node."""
    if term["type"] == "bnode":
        return None
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if "xml:lang" in term:
        return f"{literal(term['value'])}@{term['xml:lang']}"
    return literal(_value(term), term.get("datatype", ""))
