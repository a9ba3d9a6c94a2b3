"""SPARQL 1.1 Graph Store HTTP Protocol at `/graphs`.

A graph is named by `?graph=IRI` or `?default`, or by its path below `/graphs/`: that is the graph
`graphs/…` below the base of the service. POST to `/graphs` makes a graph and a name for it.
"""

from http import HTTPStatus
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.parsing import BlankNode, NamedNode, parse_rdf
from kg.parsing.rdf import Media
from kg.service.access import Dataset
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.limits import asked_limits, query_name
from kg.service.negotiation import TRIPLES, chosen
from kg.service.problems import RequestRefused
from kg.service.readers import Question, no_graph
from kg.service.requests import Fields, Part, address_fields, body, parts, wrong
from kg.service.responses import response, while_connected
from kg.service.updates import checked_iri

router = APIRouter(prefix="/graphs", tags=["Graphs"])

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


@router.get("", summary="A graph")
@router.get("/{path:path}", summary="A graph below the base")
async def read_graph(request: Request, path: str = "") -> Response:
    """All that the graph states."""
    asked, engine, caller = address_fields(request), engine_of(request), caller_of(request)
    graph = _named(engine, asked, path)
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


@router.put("", summary="Replace a graph", status_code=HTTPStatus.NO_CONTENT)
@router.put(
    "/{path:path}", summary="Replace a graph below the base", status_code=HTTPStatus.NO_CONTENT
)
async def replace_graph(request: Request, path: str = "") -> Response:
    """Replaces all that the graph states, or makes it."""
    engine, graph = _to_write(request, path)
    triples = await _content(request, engine, graph)
    there = await engine.writer.write(lambda store: store.replace(graph, triples), [graph])
    return Response(status_code=HTTPStatus.NO_CONTENT if there else HTTPStatus.CREATED)


@router.post("", summary="Add to a graph, or make one", status_code=HTTPStatus.NO_CONTENT)
@router.post(
    "/{path:path}", summary="Add to a graph below the base", status_code=HTTPStatus.NO_CONTENT
)
async def add_to_graph(request: Request, path: str = "") -> Response:
    """Adds to what the graph states; where none is named, makes one and tells its name."""
    asked = address_fields(request)
    new = not path and "graph" not in asked and "default" not in asked
    engine, graph = _to_write(request, f"{uuid4()}" if new else path)
    triples = await _content(request, engine, graph)
    there = await engine.writer.write(lambda store: store.add(graph, triples), [graph])
    if there:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return Response(status_code=HTTPStatus.CREATED, headers={"Location": graph or ""})


@router.delete("", summary="Remove a graph", status_code=HTTPStatus.NO_CONTENT)
@router.delete(
    "/{path:path}", summary="Remove a graph below the base", status_code=HTTPStatus.NO_CONTENT
)
async def remove_graph(request: Request, path: str = "") -> Response:
    """Removes the graph; the default graph is emptied."""
    engine, graph = _to_write(request, path)
    if not await engine.writer.write(lambda store: store.remove(graph), [graph]):
        raise no_graph()
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _to_write(request: Request, path: str) -> tuple[Engine, str | None]:
    """The graph that is to be changed, if the caller may; raises RequestRefused, NotAllowed."""
    engine, caller = engine_of(request), caller_of(request)
    graph = _named(engine, address_fields(request), path)
    engine.access.may_write(caller, graph)
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
