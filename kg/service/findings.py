"""What was found: in one project or in all, filtered, page by page, as reports tell it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kg.history import comments, findings, listing, projects, waivers
from kg.history.comments import Comment
from kg.history.findings import Turn
from kg.history.waivers import KeptWaiver
from kg.reports.json import told as as_json
from kg.service.access.callers import granted, granted_all
from kg.service.asked import Asked, Format, Projects, asked, checked
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.reporting import REPORTED, order, told
from kg.service.wire.addresses import Fingerprint, ProjectId

router = APIRouter(tags=["Findings"])

_COMMENTS = 1000


@dataclass(frozen=True, slots=True)
class OneFinding:
    """A finding with all that is known of it: when it turned, who waived it, and what was said."""

    project: str
    revision: int
    shown: bool
    finding: dict[str, Any]
    turns: Sequence[Turn]
    waivers: Sequence[KeptWaiver]
    comments: Sequence[Comment]


@router.get(
    "/findings",
    summary="Findings of all projects",
    response_class=Response,
    responses=REPORTED | refuses(HTTPStatus.NOT_FOUND),
)
def all_findings(
    request: Request,
    one: Annotated[Asked, Depends(asked)],
    project: Projects,
    format: Format = None,  # noqa: A002, ARG001 - for the description; `told` reads it
) -> Response:
    """What the current revisions of all projects show that the caller may see, by project."""
    there = granted_all(request)
    named = tuple(dict.fromkeys(project))
    for name in named:
        granted(request, name)
    one = checked(one, there.kept)
    wanted = replace(one.wanted, projects=named, hidden=there.hidden)
    rank = order(one, there.kept)
    with there.kept.history.reading() as connection:
        for name in named:
            projects.get(connection, name)
        listed = listing.current(connection, wanted, rank, one.page)
    return told(request, listed, one, rank, there.kept)


@router.get(
    "/projects/{project}/findings",
    summary="Findings of a project",
    response_class=Response,
    responses=REPORTED,
)
def project_findings(
    request: Request,
    project: ProjectId,
    one: Annotated[Asked, Depends(asked)],
    format: Format = None,  # noqa: A002, ARG001 - for the description; `told` reads it
) -> Response:
    """What the current revision of a project shows."""
    kept = granted(request, project).kept
    one = checked(one, kept)
    wanted = replace(one.wanted, projects=(project,))
    rank = order(one, kept)
    with kept.history.reading() as connection:
        projects.get(connection, project)
        listed = listing.current(connection, wanted, rank, one.page)
    return told(request, listed, one, rank, kept)


@router.get(
    "/projects/{project}/findings/{fingerprint}",
    summary="A finding",
    response_model=OneFinding,
)
def one_finding(request: Request, project: ProjectId, fingerprint: Fingerprint) -> Response:
    """A finding, or one that is gone as it was last, with its waivers, comments and turns."""
    kept = granted(request, project).kept
    with kept.history.reading() as connection:
        number = projects.get(connection, project).revision
        finding = findings.get(connection, project, fingerprint)
        record = OneFinding(
            project,
            number,
            findings.shown(connection, project, fingerprint) is not None,
            as_json(finding),
            findings.turns(connection, project, fingerprint),
            waivers.listed(connection, project, fingerprint),
            comments.listed(connection, project, fingerprint, most=_COMMENTS),
        )
    return page_or_json(
        request,
        record,
        "finding.html.jinja",
        title=finding.predicate.replace("-", " ").capitalize(),
    )
