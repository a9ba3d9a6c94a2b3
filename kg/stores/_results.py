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


def lines(found: Mapping[str, Any], *columns: str) -> Iterator[str]:
    """The solutions as lines of N-Triples or N-Quads, with numbers as `text` has them, where it is
    there: Virtuoso writes six digits of what it keeps.
    """
    labels: dict[str, str] = {}
    for row in found["results"]["bindings"]:
        given = dict(row)
        if "text" in row and row["object"].get("datatype") in _numbers():
            given["object"] = {**row["object"], "value": row["text"]["value"]}
        yield f"{' '.join(_written(given[name], labels) for name in columns)} ."


def _numbers() -> tuple[str, ...]:
    return (iri("xsd:double"), iri("xsd:float"), iri("xsd:decimal"))


def _value(term: Mapping[str, str]) -> str:
    text = term["value"]
    return _BOOLEANS.get(text, text) if _is_boolean(term) else text


def _is_boolean(term: Mapping[str, str]) -> bool:
    return term.get("datatype") == iri("xsd:boolean")


def _written(term: Mapping[str, str], labels: dict[str, str]) -> str:
    """A term in N-Triples."""
    if term["type"] == "bnode":
        return labels.setdefault(term["value"], f"_:b{len(labels)}")
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if "xml:lang" in term:
        return f"{literal(term['value'])}@{term['xml:lang']}"
    return literal(_value(term), term.get("datatype", ""))
