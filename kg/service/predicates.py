"""The predicates: each in words, with what it reads, and as the query or shape that it is."""

from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.catalogue import KINDS, Predicate, terms
from kg.errors import NotFound
from kg.service.engine import knowledge_of
from kg.service.knowledge import Knowledge
from kg.service.pages import JSON, form_of, page_or_json, sent
from kg.service.wire.addresses import PredicateId
from kg.service.wire.negotiation import PAGE, Form

router = APIRouter(tags=["Knowledge"])

_SPARQL = Form("rq", "application/sparql-query; charset=utf-8", ("text/plain",))
_SHAPE = Form("turtle", "text/turtle; charset=utf-8", ("text/plain",))
_FORMS = {"sparql": _SPARQL, "shacl": _SHAPE}
_TEXT = {"schema": {"type": "string"}}
_CONTENT = {form.names[0]: _TEXT for form in (PAGE, _SPARQL, _SHAPE)}
_ALSO: dict[int | str, dict[str, Any]] = {200: {"content": _CONTENT}}


class ListedPredicate(BaseModel):
    """A predicate in a list."""

    id: str
    address: str
    label: str
    kind: str
    severity: str
    detects: list[str]
    when: str
    formal: str


class ShownPredicate(ListedPredicate):
    """A predicate with all its words, the terms that it reads, and its text."""

    message: str
    hurts: str
    remedy: str
    because: str
    ask: dict[str, str]
    source: str
    references: list[str]
    reads: list[str]
    statistics: list[str]
    form: str
    text: str


@router.get("/predicates", summary="All predicates", response_model=list[ListedPredicate])
def predicates(
    request: Request,
    mismatch: Annotated[str | None, Query(description="Only those that detect this")] = None,
    kind: Annotated[str | None, Query(description="Only those of this kind")] = None,
    severity: Annotated[str | None, Query(description="Only those of this severity")] = None,
) -> Response:
    """The formal ways in which mismatch is detected; those of a mismatch, kind or severity."""
    found = [
        one
        for one in knowledge_of(request).catalogue.predicates.values()
        if (mismatch is None or mismatch in one.detects)
        and kind in (None, one.kind)
        and severity in (None, one.severity.value)
    ]
    kinds = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    record = [_listed(one) for one in found]
    return page_or_json(request, record, "predicates.html.jinja", title="Predicates", kinds=kinds)


@router.get(
    "/predicates/{name}", summary="A predicate", response_model=ShownPredicate, responses=_ALSO
)
def predicate(request: Request, name: PredicateId) -> Response:
    """Its words and what it reads; as SPARQL or Turtle, the query or shape itself."""
    known = knowledge_of(request)
    one = known.catalogue.predicates.get(name)
    if one is None:
        near = get_close_matches(name[:100], known.catalogue.predicates, n=5)
        hint = f"Near it are {', '.join(near)}" if near else "GET /predicates lists those there are"
        raise NotFound(f"There is no predicate {name[:100]}", hint)
    forms = (JSON, PAGE, _FORMS[one.form])
    form = form_of(request, forms)
    if form is forms[-1]:
        return sent(request, one.text.encode(), form)
    found = known.terms[f"predicate-{name}"]
    return page_or_json(
        request,
        _shown(known, one),
        "term.html.jinja",
        title=found.label,
        kind=found.kind,
        term=found,
        text=one.text.splitlines(),
        forms=forms,
    )


def _listed(one: Predicate) -> ListedPredicate:
    return ListedPredicate(
        id=one.id,
        address=f"/predicates/{one.id}",
        label=one.label,
        kind=one.kind,
        severity=one.severity.value,
        detects=list(one.detects),
        when=one.when,
        formal=one.formal,
    )


def _shown(known: Knowledge, one: Predicate) -> ShownPredicate:
    return ShownPredicate(
        **_listed(one).model_dump(),
        message=one.message,
        hurts=one.hurts,
        remedy=one.remedy,
        because=one.because,
        ask=dict(one.ask),
        source=one.source,
        references=list(one.references),
        reads=sorted(known.place(term) for term in terms(one)),
        statistics=list(one.statistics),
        form=one.form,
        text=one.text,
    )
