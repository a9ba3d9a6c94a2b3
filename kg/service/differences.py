"""How one revision differs from another: what its files state, and what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.findings import Finding, ProjectReport
from kg.history import Connection, projects, revisions
from kg.history.differences import (
    ChangedSource,
    changed_findings,
    changed_sources,
    patch,
)
from kg.reports.json import told
from kg.service.access.callers import granted
from kg.service.asked import LARGEST, Number
from kg.service.engine import engine_of
from kg.service.pages import JSON, form_of, page_or_json, sent
from kg.service.wire.addresses import ProjectId
from kg.service.wire.negotiation import PAGE, Form

router = APIRouter(prefix="/projects/{project}/revisions", tags=["Revisions"])

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_PATCH = Form("rdfpatch", "application/rdf-patch; charset=utf-8", ("text/rdf-patch",))
_MOST = 10_000


class DifferentFinding(BaseModel):
    """A finding in both revisions, and what of it differs: verdict, severity, evidence, message."""

    what: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


class DifferentFindings(BaseModel):
    """Findings that are only in the later revision, only in the earlier one, or differ."""

    new: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    changed: list[DifferentFinding]


class DifferentSource(BaseModel):
    """What a file states in one revision only, as N-Triples; links stand in no file."""

    file: str | None
    standing: Literal["declared", "observed", "inferred"]
    graph: str
    added: list[str]
    removed: list[str]


class Difference(BaseModel):
    """How a revision differs from one before; `untold` counts statements beyond the limit."""

    project: str
    before: int
    after: int
    findings: DifferentFindings
    statements: list[DifferentSource]
    untold: int


@router.get(
    "/{number}/diff",
    summary="How a revision differs from another",
    response_model=Difference,
    responses={200: {"content": {form.names[0]: _TEXT for form in (_PATCH, PAGE)}}},
)
def difference(  # noqa: PLR0913, PLR0917 - each is a part of the address
    request: Request,
    project: ProjectId,
    number: Number,
    to: Annotated[
        int | None, Query(ge=0, le=LARGEST, description="Without it the current revision.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many statements.")] = 1000,
    format: Annotated[  # noqa: A002, ARG001 - for the description; `form_of` reads it
        str | None,
        Query(
            description="An RDF Patch has the statements alone, and all of them.",
            json_schema_extra={"enum": [JSON.name, PAGE.name, _PATCH.name]},
        ),
    ] = None,
) -> Response:
    """From revision `number`, 0 being none, to another: statements by file, and findings."""
    kept, base = granted(request, project).kept, engine_of(request).settings.base
    form = form_of(request, (JSON, PAGE, _PATCH))
    with kept.history.reading() as connection:
        other = projects.get(connection, project).revision if to is None else to
        graphs = [_graphs(connection, project, one) for one in (number, other)]
        sources = changed_sources(base, project, graphs[0], graphs[1])
        if form is _PATCH:
            return sent(request, patch(sources).encode(), _PATCH)
        reports = [_report(connection, project, one) for one in (number, other)]
    found = changed_findings(reports[0], reports[1])
    shown, untold = _cut(sources, limit)
    record = Difference(
        project=project,
        before=number,
        after=other,
        findings=DifferentFindings(
            new=_told(found.new),
            gone=_told(found.gone),
            changed=[
                DifferentFinding(
                    what=list(one.what), before=told(one.before), after=told(one.after)
                )
                for one in found.changed
            ],
        ),
        statements=[DifferentSource.model_validate(one, from_attributes=True) for one in shown],
        untold=untold,
    )
    title = f"{project}: revision {number} to {other}"
    return page_or_json(request, record, "difference.html.jinja", title=title)


def _graphs(connection: Connection, project: str, number: int) -> str:
    return revisions.graphs(connection, project, number) if number else ""


def _report(connection: Connection, project: str, number: int) -> ProjectReport:
    if number:
        return revisions.report(connection, project, number)
    return ProjectReport(project, project, 0, 0, 0, ())


def _told(found: Iterable[Finding]) -> list[dict[str, Any]]:
    return [told(one) for one in found]


def _cut(sources: Sequence[ChangedSource], most: int) -> tuple[list[ChangedSource], int]:
    """So many statements of the sources, and how many are left out."""
    shown, room = [], most
    for one in sources:
        removed = one.removed[:room]
        added = one.added[: room - len(removed)]
        room -= len(removed) + len(added)
        if removed or added:
            shown.append(replace(one, removed=removed, added=added))
    everything = sum(len(one.removed) + len(one.added) for one in sources)
    return shown, everything - (most - room)
