"""The mismatches: the study's subcategories and ours, with what it found of each."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.catalogue import Mismatch
from kg.errors import NotFound
from kg.findings import ALL
from kg.namespaces import iri
from kg.service.engine import knowledge_of
from kg.service.knowledge import Knowledge
from kg.service.pages import page_or_json
from kg.service.vocabulary import IN_ALL, ShownTerm, told
from kg.service.wire.addresses import MismatchCode

router = APIRouter(tags=["Knowledge"])


class ShownMismatch(BaseModel):
    """A mismatch; `told` is in how many examples of the interviews it was, `ratings` how many of
    how many respondents of each role rated it important.
    """

    code: str
    address: str
    iri: str
    label: str
    category: str
    definition: str
    told: int | None
    ratings: dict[str, tuple[int, int]]
    predicates: list[str]


@router.get("/mismatches", summary="All mismatches", response_model=list[ShownMismatch])
def mismatches(request: Request) -> Response:
    """By code, each with the predicates that detect it."""
    known = knowledge_of(request)
    record = [_shown(known, one) for one in known.catalogue.mismatches.values()]
    categories = dict.fromkeys(one.category for one in record)
    return page_or_json(
        request,
        record,
        "mismatches.html.jinja",
        title="Mismatches",
        categories={name: [one for one in record if one.category == name] for name in categories},
        everybody=ALL,
    )


@router.get(
    "/mismatches/{code}",
    summary="A mismatch",
    response_model=ShownTerm,
    responses=IN_ALL,
)
def mismatch(request: Request, code: MismatchCode) -> Response:
    """What it means, what informs it and what detects it: the term of the vocabulary."""
    known = knowledge_of(request)
    one = known.catalogue.mismatches.get(code)
    if one is None:
        raise NotFound(
            f"There is no mismatch {code[:100]}",
            f"There are: {', '.join(known.catalogue.mismatches)}",
        )
    return told(request, known, known.terms[known.place(one.name)])


def _shown(known: Knowledge, one: Mismatch) -> ShownMismatch:
    detecting = known.catalogue.predicates.values()
    return ShownMismatch(
        code=one.code,
        address=f"/mismatches/{one.code}",
        iri=iri(one.name),
        label=one.label,
        category=one.category,
        definition=one.definition,
        told=one.interviews,
        ratings=dict(one.ratings),
        predicates=[predicate.id for predicate in detecting if one.code in predicate.detects],
    )
