"""The vocabulary: every term can be called by its address, as a page, as JSON and as RDF."""

from dataclasses import asdict
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.responses import Response
from pydantic import BaseModel

from kg.errors import NotFound
from kg.parsing import Media
from kg.publication.terms import Term
from kg.service.engine import knowledge_of
from kg.service.knowledge import Knowledge, knowledge
from kg.service.pages import JSON, form_of, page_or_json, sent
from kg.service.wire.negotiation import PAGE, TRIPLES, Form

router = APIRouter(tags=["Knowledge"])

GRAPHS: tuple[Form, ...] = tuple(
    # Here JSON is our own, and JSON-LD has only its own name.
    form if form.name != "jsonld" else Form(form.name, form.media_type)
    for form in TRIPLES
    if form.name in ("turtle", "ntriples", "rdfxml", "jsonld")
)
_ALL = (JSON, PAGE, *GRAPHS)
_TEXT = {"schema": {"type": "string"}}
_CONTENT = {form.names[0]: _TEXT for form in (PAGE, *GRAPHS)}
IN_ALL: dict[int | str, dict[str, Any]] = {200: {"content": _CONTENT}}
"""What else there is beside JSON."""


class ShownReference(BaseModel):
    """A word that leads to a term; without an address it is only a word."""

    text: str
    address: str


class ShownFact(BaseModel):
    """What is said of a term under one heading."""

    heading: str
    values: list[ShownReference]


class ListedTerm(BaseModel):
    """A term in a list."""

    name: str
    address: str
    iri: str
    kind: str
    label: str
    definition: str


class ShownTerm(ListedTerm):
    """A term with all that is said of it; an attribute, a class or a link has its record, too."""

    retired: str | None
    facts: list[ShownFact]
    record: dict[str, Any] | None


@router.get("/vocabulary", summary="All terms", response_model=list[ListedTerm], responses=IN_ALL)
def vocabulary(request: Request) -> Response:
    """Every term of the ontology, with what it means; as RDF, the whole ontology."""
    known = knowledge_of(request)
    form = form_of(request, _ALL)
    if form in GRAPHS:
        return sent(request, _ontology(known.folders, form.name), form)
    terms = [_listed(known, term) for name, term in known.terms.items() if "predicate-" not in name]
    shelves = [chapter for chapter in known.chapters if chapter.file != "predicates.html"]
    return page_or_json(
        request,
        terms,
        "vocabulary.html.jinja",
        title="Vocabulary",
        chapters=shelves,
        place=known.place,
        forms=_ALL,
    )


@router.get("/vocabulary/{name}", summary="A term", response_model=ShownTerm, responses=IN_ALL)
def term(
    request: Request,
    name: Annotated[str, InPath(description="Its local name, or another's with its prefix")],
) -> Response:
    """What a term means, and every fact that leads from it to another."""
    known = knowledge_of(request)
    found = None if name.startswith("predicate-") else known.terms.get(name)
    if found is None:
        raise NotFound(f"There is no term {name[:100]}", _advice(known, name))
    return told(request, known, found)


def told(request: Request, known: Knowledge, found: Term) -> Response:
    """A term in the format that is asked for."""
    form = form_of(request, _ALL)
    if form in GRAPHS:
        return sent(request, known.written(known.about(found), cast("Media", form.name)), form)
    listed = _listed(known, found)
    facts = [
        ShownFact(
            heading=fact.heading,
            values=[ShownReference(text=one.text, address=one.address) for one in fact.values],
        )
        for fact in found.facts
    ]
    record = ShownTerm(
        **listed.model_dump(),
        retired=found.retired or None,
        facts=facts,
        record=_record(known, found),
    )
    return page_or_json(
        request, record, "term.html.jinja", title=found.label, kind=found.kind, forms=_ALL
    )


def _listed(known: Knowledge, found: Term) -> ListedTerm:
    name = known.place(found.place)
    return ListedTerm(
        name=name,
        address=f"/vocabulary/{name}",
        iri=found.iri,
        kind=found.kind,
        label=found.label,
        definition=found.definition,
    )


def _record(known: Knowledge, found: Term) -> dict[str, Any] | None:
    shelves = (known.vocabulary.attributes, known.vocabulary.links)
    classes = (known.vocabulary.elements, known.vocabulary.parts)
    one = next((shelf[found.place] for shelf in shelves if found.place in shelf), None)
    kind = next((shelf[found.place] for shelf in classes if found.place in shelf), None)
    return asdict(one) if one is not None else asdict(kind) if kind is not None else None


def _advice(known: Knowledge, name: str) -> str:
    by_low = {one.lower(): one for one in known.terms if not one.startswith("predicate-")}
    by_low |= {known.vocabulary.key(one).lower(): one for one in by_low.values()}
    near = get_close_matches(name[:100].lower(), by_low, n=5, cutoff=0.6)
    names = dict.fromkeys(by_low[one] for one in near)
    return f"Near it are {', '.join(names)}" if names else "GET /vocabulary lists those there are"


@lru_cache
def _ontology(folders: tuple[Path, ...], form: str) -> bytes:
    known = knowledge(folders)
    return known.written(known.ontology, cast("Media", form))
