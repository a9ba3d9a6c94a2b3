"""SPARQL 1.1 Graph Store HTTP Protocol at `/graphs`.

A graph is named by `?graph=IRI` or `?default`, or by its path below `/graphs/`: that is the graph
`graphs/…` below the base of the service. POST to `/graphs` makes a graph and a name for it.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.parsing import BlankNode, NamedNode, parse_rdf
from kg.parsing.rdf import Media
from kg.service.access import Dataset
from kg.service.changing.updates import checked_iri
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.openapi.queries import LIMITS, answered_in, parameter
from kg.service.openapi.refusals import refuses
from kg.service.readers import Question, no_graph
from kg.service.wire.bodies import takes
from kg.service.wire.limits import asked_limits, query_name
from kg.service.wire.negotiation import TRIPLES, chosen
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import Fields, Part, address_fields, body, parts, wrong
from kg.service.wire.responses import response, while_connected

router = APIRouter(prefix="/graphs", tags=["Graphs"])

_KEPT = "%/:?#[]@!$&'()*+,;=~"
_MULTIPART = "multipart/form-data"
_TYPES: dict[str, Media] = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}


_NAMED = (
    parameter("graph", "The IRI of a graph"),
    {**parameter("default", "The default graph, in place of `graph`"), "allowEmptyValue": True},
)
_BELOW = {
    "name": "path",
    "in": "path",
    "required": True,
    "description": "The rest of the graph's IRI, behind `graphs/` below the base of the service",
    "schema": {"type": "string"},
}
_READ = {**answered_in(TRIPLES), **refuses(HTTPStatus.NOT_FOUND)}
_BODY = takes(*_TYPES, _MULTIPART)
_WRITTEN: dict[int | str, dict[str, Any]] = {
    204: {"description": "The graph was there, and was changed"},
    201: {"description": "The graph is new; `Location` says its name where none was given"},
    **refuses(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INSUFFICIENT_STORAGE),
}


Answering = TypeVar("Answering", bound=Callable[[Request], Awaitable[Response]])


def _resource(
    method: str,
    summary: str,
    *,
    takes_body: Mapping[str, Any] = MappingProxyType({}),
    limits: tuple[Mapping[str, Any], ...] = (),
    **documented: Any,  # noqa: ANN401 - whatever FastAPI documents
) -> Callable[[Answering], Answering]:
    """A resource for both ways of naming a graph: by a parameter, and by a path below ours."""

    def added(answering: Answering) -> Answering:
        for path, named, below in (("", _NAMED, ""), ("/{path:path}", (_BELOW,), "_below")):
            router.add_api_route(
                path,
                answering,
                methods=[method],
                name=f"{answering.__name__}{below}",
                summary=f"{summary} below the base" if below else summary,
                response_class=Response,
                openapi_extra={"parameters": [*named, *limits], **takes_body},
                **documented,
            )
        return answering

    return added


@_resource("GET", "A graph", limits=LIMITS, responses=_READ)
async def read_graph(request: Request) -> Response:
    """All that the graph states."""
    asked, engine, caller = address_fields(request), engine_of(request), caller_of(request)
    graph = _named(engine, asked, _path(request))
    form = chosen(request.headers.get("accept"), TRIPLES)
    dataset = Dataset((graph,), ()).within(engine.access.visible(caller))
    if not dataset.default:
        raise no_graph()
    question = Question(
        dataset,
        asked_limits(request, asked, engine.limits),
        None,
        form.name,
        graph=graph,
        kind="graph",
    )
    name = query_name(request, asked)
    answer = await while_connected(request, engine.readers.read(question, caller, name))
    return response(request, answer, name)


@_resource(
    "PUT",
    "Replace a graph",
    takes_body=_BODY,
    status_code=HTTPStatus.NO_CONTENT,
    responses=_WRITTEN,
)
async def replace_graph(request: Request) -> Response:
    """Replaces all that the graph states, or makes it."""
    engine, graph = _to_write(request, _path(request))
    triples = await _content(request, engine, graph)
    there = await engine.writer.write(lambda store: store.replace(graph, triples), [graph])
    return Response(status_code=HTTPStatus.NO_CONTENT if there else HTTPStatus.CREATED)


@_resource(
    "POST",
    "Add to a graph",
    takes_body=_BODY,
    status_code=HTTPStatus.NO_CONTENT,
    responses=_WRITTEN,
)
async def add_to_graph(request: Request) -> Response:
    """Adds to what the graph states; where none is named, makes one and tells its name."""
    asked = address_fields(request)
    path = _path(request)
    new = not path and "graph" not in asked and "default" not in asked
    engine, graph = _to_write(request, f"{uuid4()}" if new else path)
    triples = await _content(request, engine, graph)
    there = await engine.writer.write(lambda store: store.add(graph, triples), [graph])
    if there:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return Response(status_code=HTTPStatus.CREATED, headers={"Location": _address(graph)})


@_resource(
    "DELETE",
    "Remove a graph",
    status_code=HTTPStatus.NO_CONTENT,
    responses=refuses(HTTPStatus.NOT_FOUND),
)
async def remove_graph(request: Request) -> Response:
    """Removes the graph; the default graph is emptied."""
    engine, graph = _to_write(request, _path(request))
    if not await engine.writer.write(lambda store: store.remove(graph), [graph]):
        raise no_graph()
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _address(graph: str | None) -> str:
    """The IRI of a graph as headers can have it.

    >>> _address("http://a.org/ä?b=%20")
    'http://a.org/%C3%A4?b=%20'
    """
    return quote(graph or "", safe=_KEPT)


def _path(request: Request) -> str:
    """What stands in the address below `/graphs/`."""
    return str(request.path_params.get("path", ""))


def _to_write(request: Request, path: str) -> tuple[Engine, str | None]:
    """The graph that is to be changed, if the caller may; raises RequestRefused, NotAllowed."""
    engine, caller = engine_of(request), caller_of(request)
    graph = _named(engine, address_fields(request), path)
    engine.access.may_write(caller, graph)
    engine.require_seen([graph])
    return engine, graph


def _named(engine: Engine, asked: Fields, path: str) -> str | None:
    """The name of the graph; None is the default graph."""
    name = asked.one("graph")
    ways = [bool(path), name is not None, "default" in asked]
    if sum(ways) != 1:
        raise wrong(
            "A graph is named in exactly one way",
            "Use ?graph=IRI, ?default, or a path below /graphs",
        )
    if path:
        if not {".", ".."}.isdisjoint(path.split("/")):
            raise wrong("The path of a graph has dots for a part", "Write it in full")
        return checked_iri(f"{engine.settings.base}graphs/{path}")
    return None if name is None else checked_iri(name)


async def _content(request: Request, engine: Engine, graph: str | None) -> list[str]:
    """What each part of the body states, as N-Triples; raises RequestRefused, DescriptorInvalid."""
    settings = engine.settings
    whole = await body(request, settings.body_length, settings.body_seconds)
    several = whole.media_type == _MULTIPART
    found = parts(whole, request.headers["content-type"]) if several else [whole]
    return [_triples(part, graph or settings.base) for part in found]


def _triples(part: Part, base: str) -> str:
    media = _TYPES.get(part.media_type)
    if media is None:
        said = f"is {part.media_type[:80]}" if part.media_type else "is not told"
        raise RequestRefused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"The type of the body {said}",
            f"Send one of {', '.join(_TYPES)}",
        )
    quads = parse_rdf(part.text.encode(), media, base)
    graphs = (quad.graph_name for quad in quads)
    named = next((name for name in graphs if isinstance(name, NamedNode | BlankNode)), None)
    if named is not None:
        raise wrong(f"The body states something in the graph {named}", "Send each graph by itself")
    return "\n".join(f"{quad.triple} ." for quad in quads)
