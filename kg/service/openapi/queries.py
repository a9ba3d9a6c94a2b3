"""What all that asks the store takes and answers, as the description of the API tells it."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from kg.service.openapi.refusals import refuses
from kg.service.wire.negotiation import PAGE, ROWS, TRIPLES, Form
from kg.service.wire.responses import ID, TRUNCATED

TEXT: Mapping[str, Any] = {"schema": {"type": "string"}}
_RESULTS: Mapping[str, Any] = {
    "schema": {
        "type": "object",
        "title": "SparqlResults",
        "description": "SPARQL 1.1 Query Results JSON",
        "properties": {
            "head": {"type": "object"},
            "results": {"type": "object"},
            "boolean": {"type": "boolean"},
            "truncated": {"type": "string"},
        },
        "required": ["head"],
    }
}
_GRAPH: Mapping[str, Any] = {"schema": {"description": "JSON-LD"}}
_JSON: Mapping[str, Mapping[str, Any]] = {
    "application/sparql-results+json": _RESULTS,
    "application/ld+json": _GRAPH,
}
_HEADERS = {
    ID: {"description": "What the query is called", "schema": {"type": "string"}},
    TRUNCATED: {
        "description": "Which limit cut the answer short; absent where it is whole",
        "schema": {"type": "string"},
    },
}


def parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON Schema
    """A parameter of the address; without a schema it is any text."""
    kind = {"type": "string", **schema}
    return {"name": name, "in": "query", "description": description, "schema": kind}


def several(name: str, description: str) -> dict[str, Any]:
    """A parameter of the address that may stand there more than once, each time with an IRI."""
    return parameter(name, description, type="array", items={"type": "string", "format": "iri"})


def told_in(*forms: Form) -> dict[str, Mapping[str, Any]]:
    """What an answer in any of these formats is: text, if it is not JSON."""
    return {form.names[0]: _JSON.get(form.names[0], TEXT) for form in forms}


def answered_in(*forms: Iterable[Form]) -> dict[int | str, dict[str, Any]]:
    """The answers to a query in these formats, and how the store may refuse it."""
    content = told_in(*(form for each in forms for form in each))
    told = {"description": "The answer", "headers": _HEADERS, "content": content}
    return {HTTPStatus.OK.value: told, **ASKED}


def format_of(*forms: Iterable[Form]) -> dict[str, Any]:
    """The parameter that names one of these formats."""
    names = list(dict.fromkeys(form.name for each in forms for form in each))
    return parameter("format", "The format of the answer, in place of `Accept`", enum=names)


ASKED = refuses(
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
    HTTPStatus.INSUFFICIENT_STORAGE,
)
"""How the store may refuse to answer."""

LIMITS = (
    parameter(
        "timeout",
        "Seconds at most, up to the service's own; less than one is taken too",
        type="number",
        minimum=1,
    ),
    parameter("rows", "Rows at most, up to the service's own", type="integer", minimum=1),
    parameter("memory", "MiB at most, up to the service's own", type="integer", minimum=16),
    parameter(
        "query-id",
        "What the query is called, to see or cancel it at /queries",
        pattern="^[A-Za-z0-9._:~-]{1,64}$",
    ),
)
"""Limits of one query, and its id. As headers they are `Query-Timeout`, and so on."""

GRAPHS = (
    several("default-graph-uri", "A graph that is part of the default graph"),
    several("named-graph-uri", "A graph that can be named in the query"),
)
"""The graphs that a query sees."""

EVERY_FORM = (ROWS, TRIPLES, (PAGE,))
