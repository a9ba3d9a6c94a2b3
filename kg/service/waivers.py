"""What people say of findings: that they live with one, why and until when; and comments."""

from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kg.findings import Verdict, Waiver
from kg.history import comments, findings, now, projects, waivers
from kg.history.comments import Comment
from kg.history.waivers import KeptWaiver
from kg.service.access import Role
from kg.service.access.callers import Granted, granted
from kg.service.asked import LARGEST, Limit
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.reporting import link, next_address
from kg.service.wire.addresses import Fingerprint, ProjectId
from kg.service.wire.bodies import says, wanted
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import wrong

router = APIRouter(prefix="/projects/{project}/findings/{fingerprint}", tags=["Findings"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class WantedWaiver(BaseModel):
    """Why a finding is waived, and until when; without a time until it is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Text, Field(max_length=2000)]
    until: AwareDatetime | Annotated[date, Field(strict=True)] | None = Field(
        None, description="A time with its zone, or a day, which counts to its end in UTC"
    )


class WantedComment(BaseModel):
    """What is to be said of a finding."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(max_length=10_000)]


class SomeComments(BaseModel):
    """Comments as they were made, and the address of those that follow."""

    comments: list[Comment]
    next: str | None = None


class SomeWaivers(BaseModel):
    """All waivers of a finding, the latest first."""

    waivers: list[KeptWaiver]


@router.get("/waiver", summary="The waivers of a finding", response_model=SomeWaivers)
def read_waivers(request: Request, project: ProjectId, fingerprint: Fingerprint) -> Response:
    """All of them, the latest first; the first counts if it has not ended."""
    with granted(request, project).kept.history.reading() as connection:
        findings.get(connection, project, fingerprint)
        found = waivers.listed(connection, project, fingerprint)
    return page_or_json(request, SomeWaivers(waivers=list(found)))


@router.put(
    "/waiver",
    summary="Waive a finding",
    response_model=KeptWaiver,
    responses=refuses(HTTPStatus.CONFLICT),
    openapi_extra=says(WantedWaiver),
)
async def put_waiver(request: Request, project: ProjectId, fingerprint: Fingerprint) -> Response:
    """Says why it is lived with, and until when; takes the place of the waiver that counted."""
    there = granted(request, project, Role.CONTRIBUTOR)
    asked = await wanted(request, WantedWaiver)
    until = None if asked.until is None else _later(asked.until)
    waiver = Waiver(asked.reason, there.caller.name, now(), until)
    kept = await run_in_threadpool(_waived, there, project, fingerprint, waiver)
    return page_or_json(request, kept)


@router.delete("/waiver", summary="Take a waiver back", status_code=HTTPStatus.NO_CONTENT)
def delete_waiver(request: Request, project: ProjectId, fingerprint: Fingerprint) -> Response:
    """The finding counts again; the waiver is kept with who took it back."""
    there = granted(request, project, Role.CONTRIBUTOR)
    with there.kept.history.writing() as connection:
        projects.get(connection, project)
        waivers.end(connection, project, fingerprint, there.caller.name)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/comments", summary="Comments on a finding", response_model=SomeComments)
def read_comments(
    request: Request,
    project: ProjectId,
    fingerprint: Fingerprint,
    limit: Limit = 100,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="The number of the last one seen.")
    ] = 0,
) -> Response:
    """What was said of it, the first first."""
    with granted(request, project).kept.history.reading() as connection:
        findings.get(connection, project, fingerprint)
        found = comments.listed(connection, project, fingerprint, after=after, most=limit + 1)
    shown = list(found[:limit])
    onward = next_address(request, str(shown[-1].number)) if len(found) > limit else None
    return page_or_json(request, SomeComments(comments=shown, next=onward), headers=link(onward))


@router.post(
    "/comments",
    summary="Comment on a finding",
    status_code=HTTPStatus.CREATED,
    response_model=Comment,
    openapi_extra=says(WantedComment),
)
async def add_comment(request: Request, project: ProjectId, fingerprint: Fingerprint) -> Response:
    """Keeps what the caller says."""
    there = granted(request, project, Role.CONTRIBUTOR)
    asked = await wanted(request, WantedComment)
    made = await run_in_threadpool(_commented, there, project, fingerprint, asked.text)
    return page_or_json(request, made, status=HTTPStatus.CREATED)


def _waived(there: Granted, project: str, fingerprint: str, waiver: Waiver) -> KeptWaiver:
    with there.kept.history.writing() as connection:
        found = findings.get(connection, project, fingerprint)
        if found.verdict is Verdict.CLEAR:
            raise RequestRefused(
                HTTPStatus.CONFLICT,
                "There is nothing to waive: the verdict is clear",
                "Waive mismatches, and what is undecided",
            )
        waivers.waive(connection, project, fingerprint, waiver)
        return waivers.listed(connection, project, fingerprint)[0]


def _commented(there: Granted, project: str, fingerprint: str, text: str) -> Comment:
    with there.kept.history.writing() as connection:
        findings.get(connection, project, fingerprint)
        return comments.add(connection, project, fingerprint, there.caller.name, text)


def _later(until: datetime | date) -> str:
    """The time in UTC, if it is one to come; raises RequestRefused."""
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.max, UTC)
    try:
        told = until.astimezone(UTC).isoformat(timespec="milliseconds")
    except OverflowError as error:
        raise wrong("until: no calendar has this time", "Name another, or leave it out") from error
    if told <= now():
        raise wrong(f"until: {told} is over", "Name a time to come, or leave it out")
    return told
