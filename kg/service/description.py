"""Says what the service is: as RDF for programs, as a page to ask from for people."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response
from rdflib import Dataset, Graph

from kg.service.engine import engine_of
from kg.service.pages import query
from kg.service.settings import Settings
from kg.service.wire.negotiation import PAGE, TRIPLES, Form, chosen
from kg.service.wire.responses import matches

_TEXT = Path(__file__).with_suffix(".ttl")
_WRITERS: Mapping[str, str] = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
}


def described(request: Request) -> Response:
    """The description of the service; raises RequestRefused where no format fits."""
    form = chosen(request.headers.get("accept"), (*TRIPLES, PAGE))
    if form is PAGE:
        return query.written(request)
    endpoint = str(request.url.replace(query="", fragment=""))
    text = _written(endpoint, engine_of(request).settings, form)
    tag = f'"{blake2b(text.encode(), digest_size=16).hexdigest()}"'
    headers = {"Vary": "Accept", "ETag": tag, "Cache-Control": "no-cache"}
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type=form.media_type)


def _written(endpoint: str, settings: Settings, form: Form) -> str:
    said = {
        "{endpoint}": endpoint,
        "{languages}": "sd:SPARQL11Query" + (", sd:SPARQL11Update" if settings.writable else ""),
        "{features}": ", ".join(
            ["sd:DereferencesURIs"] * 0
            + (["sd:UnionDefaultGraph"] if settings.default_graph == "union" else [])
            + ["sd:EmptyGraphs"]
            + (["sd:BasicFederatedQuery"] if settings.hosts else [])
        ),
    }
    text = _TEXT.read_text(encoding="utf-8")
    for name, value in said.items():
        text = text.replace(name, value)
    graph = Graph() if form.name != "nquads" else Dataset(default_union=True)
    graph.parse(data=text, format="turtle")
    return graph.serialize(format=_WRITERS[form.name])
