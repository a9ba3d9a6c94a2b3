"""Feeds in Atom of new violations: in all projects that the reader may see, or in one.

An entry is a mismatch that is a violation, was none in the revision before, and that nobody had
waived when the revision was made. The newest hundred are there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg import __version__
from kg.findings import Finding
from kg.history import Connection, events, projects
from kg.history.events import MOST, Event
from kg.identifiers import project_iri
from kg.reports._words import place
from kg.service.access import Role, require
from kg.service.engine import caller_of, engine_of
from kg.service.pages import form_of, rendered, sent
from kg.service.wire.addresses import ProjectId
from kg.service.wire.negotiation import PAGE, Form

router = APIRouter(prefix="/feeds", tags=["Feeds"])

ATOM = Form("atom", "application/atom+xml; charset=utf-8", ("application/xml", "text/xml"))

_NEVER = "1970-01-01T00:00:00+00:00"
_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The feed, or for a browser a page",
        "content": {one: {"schema": {"type": "string"}} for one in (ATOM.names[0], PAGE.names[0])},
    },
    304: {"description": "Nothing is new"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A new violation: what it is known by for good, where to read more, and where it stands."""

    id: str
    project: str
    address: str
    event: Event
    finding: Finding
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """What is new, the newest first, and where it is to be had."""

    title: str
    address: str
    about: str
    updated: str
    entries: tuple[Entry, ...]
    version: str = __version__


@router.get(
    "/violations.atom",
    summary="New violations in all projects",
    response_class=Response,
    responses=_DESCRIBED,
)
def all_violations(request: Request) -> Response:
    """Those of the projects that the caller may see, as Atom, or for a browser as a page."""
    engine, caller = engine_of(request), caller_of(request)
    hidden = engine.access.hidden(caller)
    base = engine.settings.base
    with engine.kept.history.reading() as connection:
        found = _entries(connection, events.violations(connection, hidden=hidden), base)
    feed = _feed("New violations", f"{base}feeds/violations.atom", f"{base}findings", found)
    return _answer(request, feed)


@router.get(
    "/projects/{project}.atom",
    summary="New violations in a project",
    response_class=Response,
    responses=_DESCRIBED,
)
def project_violations(request: Request, project: ProjectId) -> Response:
    """Those of one project, as Atom, or for a browser as a page."""
    engine = engine_of(request)
    require(engine.access, caller_of(request), project, Role.READER)
    base = engine.settings.base
    with engine.kept.history.reading() as connection:
        kept = projects.get(connection, project)
        found = _entries(connection, events.violations(connection, project), base)
    about = project_iri(base, project)
    address = f"{base}feeds/{about.removeprefix(base)}.atom"
    title = f"New violations in {kept.title or project}"
    return _answer(request, _feed(title, address, f"{about}/findings", found, kept.created))


def _entries(connection: Connection, found: Iterable[Event], base: str) -> tuple[Entry, ...]:
    return tuple(islice(_distinct(_all(connection, found, base)), MOST))


def _all(connection: Connection, found: Iterable[Event], base: str) -> Iterator[Entry]:
    titles: dict[str, str] = {}
    for event in found:
        if event.project not in titles:
            titles[event.project] = projects.get(connection, event.project).title or event.project
        project = project_iri(base, event.project)
        for finding in event.findings:
            address = f"{project}/findings/{finding.fingerprint}"
            # A project that is made anew begins with revision 1 again, at another time.
            known_by = f"{address}/{event.revision}/{event.made}"
            places = (place(one) for evidence in finding.evidence for one in evidence.sources)
            yield Entry(
                id=uuid5(NAMESPACE_URL, known_by).urn,
                project=titles[event.project],
                address=address,
                event=event,
                finding=finding,
                places=tuple(dict.fromkeys(places)),
            )


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    seen = set()
    for entry in entries:
        if entry.id not in seen:
            seen.add(entry.id)
            yield entry


def _feed(
    title: str, address: str, about: str, entries: tuple[Entry, ...], began: str = _NEVER
) -> Feed:
    updated = entries[0].event.made if entries else began
    return Feed(title, address, about, updated, entries)


def _answer(request: Request, feed: Feed) -> Response:
    form = form_of(request, (ATOM, PAGE))
    since = _modified(feed)
    headers = {"Last-Modified": format_datetime(since, usegmt=True)} if since else {}
    if since and form is ATOM and _is_known(request, since):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"Vary": "Accept", **headers})
    name = "feed.atom.jinja" if form is ATOM else "feed.html.jinja"
    text = rendered(request, name, title=feed.title, feed=feed)
    return sent(request, text.encode(), form, headers=headers)


def _modified(feed: Feed) -> datetime | None:
    """When it changed last, to the second; None while more may come within that second."""
    moment = datetime.fromisoformat(feed.updated).replace(microsecond=0)
    return moment if datetime.now(UTC) - moment > timedelta(seconds=2) else None


def _is_known(request: Request, since: datetime) -> bool:
    """Whether the client has it, by the time that it tells; a validator counts before that."""
    told = request.headers.get("if-modified-since")
    if told is None or "if-none-match" in request.headers:
        return False
    try:
        return parsedate_to_datetime(told) >= since
    except (TypeError, ValueError):
        return False
