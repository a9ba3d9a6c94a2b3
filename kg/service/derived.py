"""What other tools need of the ontology: the JSON-LD context, JSON Schemas, and SHACL shapes."""

from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.errors import NotFound
from kg.parsing import Media
from kg.service.engine import knowledge_of
from kg.service.knowledge import knowledge
from kg.service.pages import form_of, page_or_json, rendered, sent
from kg.service.vocabulary import GRAPHS
from kg.service.wire.addresses import ElementName, ShapesName
from kg.service.wire.negotiation import PAGE, Form

router = APIRouter(tags=["Knowledge"])

_CONTEXT = Form("jsonld", "application/ld+json", ("application/json",))
_SCHEMA = Form("json", "application/schema+json", ("application/json",))
_TURTLE = GRAPHS[0]
_SCHEMAS, _SHAPES = "ontology/derived/schemas/", "shapes/derived/"


def _documented(*forms: Form) -> dict[int | str, dict[str, Any]]:
    text = {"schema": {"type": "string"}}
    whole = {"schema": {"type": "object"}}
    return {
        200: {
            "description": "The file",
            "content": {one.names[0]: whole if "json" in one.names[0] else text for one in forms},
        }
    }


@router.get(
    "/context.jsonld",
    summary="The JSON-LD context",
    response_class=Response,
    responses=_documented(_CONTEXT),
)
def context(request: Request) -> Response:
    """Short names of descriptors, and the terms that they stand for."""
    form = form_of(request, (_CONTEXT,))
    return sent(request, _file(request, "ontology/derived/context.jsonld"), form)


@router.get("/schemas", summary="The JSON Schemas", response_model=list[str])
def schemas(request: Request) -> Response:
    """Their addresses, one for each element."""
    found = [f"/schemas/{name.removeprefix(_SCHEMAS)}" for name in _below(request, _SCHEMAS)]
    return page_or_json(request, found, title="JSON Schemas")


@router.get(
    "/schemas/{element}.json",
    summary="The JSON Schema of an element",
    response_class=Response,
    responses=_documented(_SCHEMA),
)
def schema(request: Request, element: ElementName) -> Response:
    """What descriptors of the element are held against, in JSON Schema 2020-12."""
    return sent(request, _file(request, f"{_SCHEMAS}{element}.json"), form_of(request, (_SCHEMA,)))


@router.get(
    "/shapes",
    summary="All SHACL shapes",
    response_class=Response,
    responses=_documented(*GRAPHS, PAGE),
)
def shapes(request: Request) -> Response:
    """Shapes of values, of what should be stated, and of the predicates, as one graph; as a page,
    the files that they stand in.
    """
    form = form_of(request, (*GRAPHS, PAGE))
    if form is PAGE:
        found = [f"/shapes/{name.removeprefix(_SHAPES)}" for name in _below(request, _SHAPES)]
        page = rendered(
            request, "record.html.jinja", title="SHACL shapes", data=found, forms=GRAPHS
        )
        return sent(request, page.encode(), form)
    return sent(request, _shapes(knowledge_of(request).folders, form.name), form)


@router.get(
    "/shapes/{name:path}.ttl",
    summary="Some SHACL shapes",
    response_class=Response,
    responses=_documented(_TURTLE),
)
def some_shapes(request: Request, name: ShapesName) -> Response:
    """One file: `predicates`, or `values/` or `stated/` and an element."""
    return sent(request, _file(request, f"{_SHAPES}{name}.ttl"), form_of(request, (_TURTLE,)))


def _file(request: Request, path: str) -> bytes:
    """A derived file; raises NotFound."""
    text = knowledge_of(request).derived.get(path)
    if text is None:
        raise NotFound(
            f"There is no file {path.rpartition('/')[2][:100]}",
            "GET /schemas lists the elements; shapes are in /shapes",
        )
    return text.encode()


def _below(request: Request, folder: str) -> list[str]:
    return [path for path in knowledge_of(request).derived if path.startswith(folder)]


@lru_cache
def _shapes(folders: tuple[Path, ...], form: str) -> bytes:
    known = knowledge(folders)
    return known.written(known.shapes, cast("Media", form))
