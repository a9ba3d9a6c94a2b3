"""The first page: where everything is, and how much there is of it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg import __version__
from kg.history.overview import overview
from kg.service import asking
from kg.service.engine import caller_of, engine_of, knowledge_of
from kg.service.pages import page_or_json

router = APIRouter(tags=["Start"])


class Counts(BaseModel):
    """How much there is: of projects and of what was found in them, what you may see."""

    projects: int
    statements: int
    mismatches: int
    undecided: int
    clear: int
    questions: int
    predicates: int
    mismatch_kinds: int
    attributes: int


class Start(BaseModel):
    """What the service is, how much is in it, and where."""

    name: str
    version: str
    counts: Counts | None
    places: dict[str, str]


_PLACES = {
    "projects": "/projects",
    "findings": "/findings",
    "worse": "/worse",
    "questions": "/questions",
    "gaps": "/gaps",
    "matrix": "/matrix",
    "predicates": "/predicates",
    "mismatches": "/mismatches",
    "vocabulary": "/vocabulary",
    "study": "/study",
    "schemas": "/schemas",
    "context": "/context.jsonld",
    "shapes": "/shapes",
}
_ALWAYS = {"sparql": "/sparql", "graphs": "/graphs", "openapi": "/openapi.json"}


@router.get("/", summary="Where everything is", response_model=Start)
def start(request: Request) -> Response:
    """The ways into the service, with how much there is behind them."""
    keeps = engine_of(request).settings.serves == "projects"
    places = {**_PLACES, **_ALWAYS} if keeps else _ALWAYS
    counts = _counts(request) if keeps else None
    record = Start(name="ml-mismatch", version=__version__, counts=counts, places=places)
    return page_or_json(request, record, "start.html.jinja", title="Mismatch in ML-enabled systems")


def _counts(request: Request) -> Counts:
    engine, caller = engine_of(request), caller_of(request)
    known = knowledge_of(request)
    with engine.kept.history.reading() as connection:
        found = overview(connection, engine.access.hidden(caller))
    return Counts(
        projects=found.projects,
        statements=found.statements,
        mismatches=found.mismatches,
        undecided=found.undecided,
        clear=found.clear,
        questions=len(asking.every(engine, caller)),
        predicates=len(known.catalogue.predicates),
        mismatch_kinds=len(known.catalogue.mismatches),
        attributes=len(known.vocabulary.attributes),
    )
