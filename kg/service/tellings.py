"""Gaps, matrix and study, in all formats that the command line tells them in."""

from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from kg.matrix.narrowing import Order, narrowed, ordered
from kg.reports import Telling
from kg.service.engine import knowledge_of
from kg.service.knowledge import knowledge
from kg.service.openapi.refusals import refuses
from kg.service.pages import form_of, sent, with_ways
from kg.service.wire.negotiation import PAGE, Form
from kg.telling import tellers

router = APIRouter(tags=["Knowledge"])

_MEDIA = {
    "json": "application/json",
    "html": PAGE.media_type,
    "csv": "text/csv; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "svg": "image/svg+xml",
    "text": "text/plain; charset=utf-8",
}
_KEPT = 64
_Codes = Annotated[
    list[str] | None, Query(max_length=50, description="Only rows or columns of these")
]


def _documented(thing: str) -> dict[int | str, dict[str, Any]]:
    text = {"schema": {"type": "string"}}
    whole = {"schema": {"type": "object"}}
    content = {form.names[0]: whole if form.name == "json" else text for form in _forms(thing)}
    return {200: {"description": "As a page or as data", "content": content}}


@lru_cache
def _forms(thing: str) -> tuple[Form, ...]:
    """The formats of a thing, JSON before all others."""
    known = tellers(thing)
    return tuple(Form(name, media) for name, media in _MEDIA.items() if name in known)


@router.get(
    "/gaps", summary="Gaps of the mapping", response_class=Response, responses=_documented("gaps")
)
def gaps(request: Request) -> Response:
    """Mismatches that nothing detects, attributes that no predicate reads, and so on."""
    return _told(request, "gaps")


@router.get(
    "/matrix",
    summary="Mismatches, elements and attributes",
    response_class=Response,
    responses=_documented("matrix") | refuses(HTTPStatus.NOT_FOUND),
)
def matrix(
    request: Request,
    mismatch: _Codes = None,
    element: _Codes = None,
    sort: Annotated[Order, Query(description="In which order")] = Order.STUDY,
) -> Response:
    """The paper's Figure 6 for all that is known, or for some mismatches or elements."""
    return _told(request, "matrix", tuple(mismatch or ()), tuple(element or ()), sort)


@router.get(
    "/study",
    summary="Figures of the study",
    response_class=Response,
    responses=_documented("study"),
)
def study(request: Request) -> Response:
    """The study's figures made again from its data, beside what the paper prints."""
    return _told(request, "study")


def _told(request: Request, thing: str, *how: Any) -> Response:  # noqa: ANN401 - as `_text` takes it
    forms = _forms(thing)
    form = form_of(request, forms)
    text = _text(knowledge_of(request).folders, thing, form.name, *how)
    if form.name == "html":
        text = with_ways(request, text, forms)
    return sent(request, text.encode(), form)


@lru_cache(maxsize=_KEPT)
def _text(  # noqa: PLR0913, PLR0917 - what a text depends on
    folders: tuple[Path, ...],
    thing: str,
    name: str,
    mismatches: tuple[str, ...] = (),
    elements: tuple[str, ...] = (),
    order: Order = Order.STUDY,
) -> str:
    known = knowledge(folders)
    record: object = known.analysis
    if thing != "gaps":
        few = ordered(narrowed(known.shown.matrix, mismatches, elements), order)
        record = replace(known.shown, matrix=few)
    return tellers(thing)[name].render(record, Telling())
