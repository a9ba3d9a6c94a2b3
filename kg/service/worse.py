"""What got worse since a revision or a time: mismatches that were none, or were less grave."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.history import projects, revisions, worse
from kg.history.marks import mark
from kg.history.worse import Worse, WorseListed, WorsePage
from kg.reports.json import told
from kg.service.access.callers import granted, granted_all
from kg.service.asked import LARGEST, After, Limit
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.reporting import link, next_address
from kg.service.wire.addresses import ProjectId
from kg.service.wire.requests import wrong

router = APIRouter(tags=["Findings"])

_DAYS = 7
_LONGEST = 40


class Standing(BaseModel):
    """What a finding was before."""

    verdict: str
    severity: str


class Maker(BaseModel):
    """The revision that made a finding what it is."""

    number: int
    made: str
    author: str
    message: str


class WorseFinding(BaseModel):
    """A mismatch, what it was before (null where it was not there), and which revision made it."""

    project: str
    finding: dict[str, Any]
    before: Standing | None
    revision: Maker


class SomeWorse(BaseModel):
    """What got worse, the latest first, since a revision or a time, and where there is more."""

    since: int | str
    worse: list[WorseFinding]
    next: str | None = None


@router.get(
    "/worse",
    summary="What got worse",
    response_model=SomeWorse,
    responses=refuses(HTTPStatus.NOT_FOUND),
)
def all_worse(
    request: Request,
    since: Annotated[
        str | None,
        Query(max_length=_LONGEST, description="A time of ISO 8601; without it a week ago."),
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Response:
    """In all projects that the caller may see."""
    there = granted_all(request)
    time = _time(since) if since else _ago()
    page = _page(limit, after)
    with there.kept.history.reading() as connection:
        listed = worse.since_time(connection, time, page, hidden=there.hidden)
    return _shown(request, listed, since=time)


@router.get(
    "/projects/{project}/worse",
    summary="What got worse in a project",
    response_model=SomeWorse,
)
def project_worse(
    request: Request,
    project: ProjectId,
    since: Annotated[
        str | None,
        Query(
            max_length=_LONGEST,
            description="The number of a revision, or a time of ISO 8601; without it the revision "
            "before the current one.",
        ),
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Response:
    """Since a revision, or a time."""
    page = _page(limit, after)
    with granted(request, project).kept.history.reading() as connection:
        current = projects.get(connection, project).revision
        if since and not since.isdecimal():
            time = _time(since)
            listed = worse.since_time(connection, time, page, project)
            return _shown(request, listed, since=time)
        number = min(int(since), LARGEST) if since else max(current - 1, 0)
        if number:
            revisions.get(connection, project, number)
        listed = worse.since_revision(connection, project, number, page)
    return _shown(request, listed, since=number)


def _shown(request: Request, listed: WorseListed, since: int | str) -> Response:
    onward = next_address(request, mark(listed.last)) if listed.last else None
    found = [_told(one) for one in listed.found]
    record = SomeWorse(since=since, worse=found, next=onward)
    return page_or_json(
        request,
        record,
        "worse.html.jinja",
        title="What got worse",
        headers=link(onward),
    )


def _told(one: Worse) -> WorseFinding:
    before = None
    if one.verdict is not None and one.severity is not None:
        before = Standing(verdict=one.verdict, severity=one.severity)
    maker = Maker(number=one.revision, made=one.made, author=one.author, message=one.message)
    return WorseFinding(
        project=one.project, finding=told(one.finding), before=before, revision=maker
    )


def _page(limit: int, after: str | None) -> WorsePage:
    return WorsePage(limit, worse.marked(after) if after else None)


def _ago() -> str:
    then = datetime.now(UTC) - timedelta(days=_DAYS)
    return then.isoformat(timespec="milliseconds")


def _time(text: str) -> str:
    """A time as the history has times; raises RequestRefused."""
    try:
        # A plus sign that nobody encoded is a space in an address.
        time = datetime.fromisoformat(text.replace(" ", "+"))
        aware = time if time.tzinfo else time.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError) as error:
        raise wrong(
            f"since: {text[:40]} is no time",
            "Write it as 2026-05-01 or 2026-05-01T09:30:00Z, or give the number of a revision",
        ) from error
