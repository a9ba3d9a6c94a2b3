"""The W3C's tests of the SPARQL protocol, the graph store protocol and the service description."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import quote

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from bench._targets import Reply, Target

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")

_HOST = "http://www.example"
_ROWS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
_TRIPLES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
_CODES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}

Outcome = tuple[str, str]
"""A test's name, and what is wrong; empty where nothing is."""


def protocol(folder: Path, target: Target) -> Iterator[Outcome]:
    """The tests of the SPARQL protocol."""
    manifest = _read(folder / "protocol" / "manifest.ttl")
    for test in sorted(manifest.subjects(RDF.type, MF.ProtocolTest), key=str):
        target.change("DROP ALL")
        for data in manifest.objects(test, UT.graphData):
            name = str(manifest.value(data, LABEL))
            file = Path(str(manifest.value(data, UT.graph)).removeprefix("file://"))
            target.put(name, file.read_text(encoding="utf-8"))
        yield str(manifest.value(test, MF.name)), _wrong(manifest, test, target)


def graph_store(folder: Path, kind: str, target: Target) -> Iterator[Outcome]:
    """The tests of the graph store protocol, direct or indirect."""
    manifest = _read(folder / "graph-store-protocol" / f"manifest-{kind}.ttl")
    for test in sorted(manifest.subjects(RDF.type, MF.GraphStoreProtocolTest), key=str):
        target.change("DROP ALL")
        yield str(manifest.value(test, MF.name)), _wrong(manifest, test, target)


def description(target: Target) -> Iterator[Outcome]:
    """The tests of the service description."""
    reply = target.send("GET", target.query, headers={"Accept": "text/turtle"})
    yield "GET on endpoint returns RDF", "" if reply.media_type in _TRIPLES else reply.media_type
    graph = Graph().parse(data=reply.body, format="turtle", publicID=target.root + target.query)
    endpoints = {str(one) for one in graph.objects(None, SD.endpoint)}
    found = {"", target.query, target.root + target.query} & endpoints
    yield "the description has a matching sd:endpoint", "" if found else f"only {endpoints}"
    services = list(graph.subjects(RDF.type, SD.Service))
    said = [list(graph.objects(one, SD.supportedLanguage)) for one in services]
    yield "the description conforms to the schema", "" if services and all(said) else "no service"


def _wrong(manifest: Graph, test: Node, target: Target) -> str:
    connection = manifest.value(test, MF.action)
    said: dict[str, str] = {}
    for request in manifest.items(cast("Node", manifest.value(connection, HT.requests))):
        reply = _sent(manifest, request, target, said)
        expected = manifest.value(request, HT.resp)
        wrong = _judged(manifest, expected, reply, target)
        if wrong:
            return wrong
        variable = manifest.value(expected, MF.expectedLocation)
        if variable is not None:
            said[str(variable)] = reply.headers.get("location", "")
    return ""


def _sent(manifest: Graph, request: Node, target: Target, said: dict[str, str]) -> Reply:
    method = str(manifest.value(request, HT.methodName))
    headers = _headers(manifest, request)
    content = manifest.value(request, HT.body)
    body = None
    if content is not None:
        text = str(manifest.value(content, CNT.chars)).replace(f"{_HOST}/gsp", _graphs(target))
        body = text.encode(str(manifest.value(content, CNT.characterEncoding)))
    path = str(manifest.value(request, HT.absolutePath))
    for variable, value in said.items():
        path = path.replace(variable, quote(value, safe=""))
    return target.send(method, _path(path, headers, body, target), body, headers)


def _path(path: str, headers: dict[str, str], body: bytes | None, target: Target) -> str:
    if path.startswith("/sparql/"):
        is_update = "update" in headers.get("content-type", "") or (body or b"").startswith(
            b"update="
        )
        return (target.update if is_update else target.query) + path.removeprefix("/sparql/")
    encoded = quote(f"{_HOST}/gsp", safe="")
    path = path.replace(encoded, quote(_graphs(target), safe=""))
    return path.replace(f"{_HOST}/gsp", _graphs(target)).replace("/gsp", target.graphs, 1)


def _graphs(target: Target) -> str:
    return target.root + target.graphs


def _headers(manifest: Graph, node: Node) -> dict[str, str]:
    listed = manifest.value(node, HT.headers)
    if listed is None:
        return {}
    return {
        str(manifest.value(one, HT.fieldName)).lower(): str(manifest.value(one, HT.fieldValue))
        for one in manifest.items(listed)
    }


def _judged(manifest: Graph, expected: Node | None, reply: Reply, target: Target) -> str:
    statuses = [
        str(one).rpartition("#")[2] for one in manifest.objects(expected, MF.expectedStatus)
    ]
    if not any(_fits(status, reply.status) for status in statuses):
        return f"{reply.status}, not {' or '.join(sorted(statuses))}: {reply.body[:80]!r}"
    form = manifest.value(expected, MF.expectedFormat)
    if form == Literal("RDF") and reply.media_type not in _TRIPLES:
        return f"sent as {reply.media_type}"
    if form in (Literal("tabular"), Literal("boolean")) and reply.media_type not in _ROWS:
        return f"sent as {reply.media_type}"
    boolean = manifest.value(expected, MF.expectedBoolean)
    if isinstance(boolean, Literal) and json.loads(reply.body)["boolean"] != boolean.toPython():
        return f"it says {reply.body!r}"
    for name, value in _headers(manifest, expected).items() if expected is not None else ():
        said = reply.headers.get(name, "").replace(" ", "").lower()
        wanted = value.replace(" ", "").lower()
        if said not in (wanted, wanted.partition(";")[0]):
            return f"{name} is {said}"
    content = manifest.value(expected, HT.body)
    if content is not None:
        text = str(manifest.value(content, CNT.chars)).replace(f"{_HOST}/gsp", _graphs(target))
        wanted_graph = Graph().parse(data=text, format="turtle")
        found = Graph().parse(data=reply.body, format=_TRIPLES[reply.media_type])
        if not isomorphic(wanted_graph, found):
            return "another graph"
    return ""


def _fits(status: str, code: int) -> bool:
    if status.startswith("StatusCode"):
        return status[len("StatusCode")] == str(code)[0]
    return _CODES[status] == str(code)


def _read(file: Path) -> Graph:
    return Graph().parse(file, format="turtle", publicID=file.as_uri())
