"""What writing into a project is asked with, and what it answers."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zlib import crc32

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.history.projects import KeptProject
from kg.keeping.judgement import Judgement
from kg.service.access import Role, require
from kg.service.changing.changes import About, Change, Put
from kg.service.changing.keeper import Keeper
from kg.service.engine import caller_of, engine_of
from kg.service.openapi.queries import parameter
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import address_fields, wrong

_LONGEST = 2000


class ProblemFound(BaseModel):
    """What could not be read: the file below the project, the line, and what is wrong."""

    file: str
    line: int | None
    message: str


class Revised(BaseModel):
    """The revision that a project has after something was put, and what was found in it."""

    project: str
    revision: int
    changed: bool
    made: str
    author: str
    message: str
    origin: str
    statements: int
    sources: int
    mismatches: int
    clear: int
    undecided: int
    problems: list[ProblemFound]
    notes: list[str]
    left_out: list[str]
    findings: str


JUDGED: dict[int | str, dict[str, Any]] = {
    200: {"model": Revised, "description": "The revision that the project has now"},
    **refuses(
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.GATEWAY_TIMEOUT,
        HTTPStatus.INSUFFICIENT_STORAGE,
    ),
}
"""What may be answered to who puts something into a project; 201 where that made a revision."""

CHANGING = {
    "parameters": [
        parameter("message", "Why, for the history of the project", maxLength=_LONGEST),
        *(
            {"name": name, "in": "header", "description": words, "schema": {"type": "string"}}
            for name, words in (
                ("If-Match", "Only if the revision, or the file, is still the one with this ETag"),
                ("If-None-Match", "With `*`, only if it is not there"),
            )
        ),
    ]
}
"""How the description of the API tells of what is said with a change."""


def project_to(request: Request, project: str, role: Role) -> Keeper:
    """The keeper, where the caller may do so much with the project; raises NotFound, NotAllowed."""
    engine = engine_of(request)
    keeper = engine.kept.keeper
    require(engine.access, caller_of(request), project, role)
    return keeper


def about(request: Request, origin: str, *, path: str = "", message: str = "") -> About:
    """Who asks for a change, and why, by `message` in the address; raises RequestRefused."""
    said = address_fields(request).one("message") or message
    if len(said) > _LONGEST:
        raise wrong(f"The message has more than {_LONGEST} signs", "Send a shorter one")
    return About(caller_of(request).name, said, origin, _condition(request, path))


async def put(  # noqa: PLR0913 - a change, and all that is said of it
    request: Request,
    project: str,
    change: Change,
    said: About,
    *,
    left_out: list[str] | None = None,
    check: Callable[[Judgement], None] = lambda _: None,
) -> Response:
    """Puts a change, and answers with the revision that it made, or with the one that was there
    where nothing changed.
    """
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    done = await keeper.put(project, change, said, check)
    return answered(request, done, left_out or [])


def answered(request: Request, done: Put, left_out: list[str]) -> Response:
    """The answer to a change."""
    one = done.revision
    here = f"/projects/{one.project}"
    record = Revised(
        **{name: getattr(one, name) for name in _SAME},
        revision=one.number,
        changed=done.changed,
        problems=[
            ProblemFound(file=found.file, line=found.line, message=found.message)
            for found in done.report.problems
        ],
        notes=list(done.report.notes),
        left_out=left_out,
        findings=f"{here}/findings",
    )
    headers = {"ETag": revision_tag(one.project, one.number, one.made)}
    status = HTTPStatus.OK
    if done.changed:
        headers["Location"] = f"{here}/revisions/{one.number}"
        status = HTTPStatus.OK if request.method == "DELETE" else HTTPStatus.CREATED
    return page_or_json(request, record, status=status, headers=headers)


_SAME = (
    *("project", "made", "author", "message", "origin", "statements", "sources"),
    *("mismatches", "clear", "undecided"),
)


def revision_tag(project: str, number: int, made: str) -> str:
    """The validator of a revision; another project of the same id has others."""
    return f'"{number}-{crc32(f"{project} {made}".encode()):08x}"'


def _condition(
    request: Request, path: str
) -> Callable[[KeptProject, str, Mapping[str, str]], None] | None:
    """What `If-Match` and `If-None-Match` want to be so; raises RequestRefused where it is not."""
    match, none_match = (request.headers.get(name) for name in ("if-match", "if-none-match"))
    if match is None and none_match is None:
        return None

    def check(project: KeptProject, made: str, files: Mapping[str, str]) -> None:
        there = path in files if path else project.revision > 0
        tags = {revision_tag(project.id, project.revision, made)}
        if path in files:
            tags.add(f'"{files[path]}"')
        if match is not None and not _says(match, tags, there=there):
            raise _changed(project)
        if none_match is not None and _says(none_match, tags, there=there):
            raise _changed(project)

    return check


def _says(header: str, tags: set[str], *, there: bool) -> bool:
    if header.strip() == "*":
        return there
    return not tags.isdisjoint(one.strip() for one in header.split(","))


def _changed(project: KeptProject) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.PRECONDITION_FAILED,
        f"{project.id} is at revision {project.revision}, and not as the request wants it to be",
        "Read it again, and send what is still to be changed",
    )
