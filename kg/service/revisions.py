"""The revisions of a project: who made each, when and from what; what was in it, and found then."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.history import contents, listing, projects, revisions
from kg.history.revisions import Revision
from kg.service.access.callers import granted
from kg.service.asked import LARGEST, Asked, Format, Limit, Number, asked, checked
from kg.service.pages import page_or_json, sent
from kg.service.reporting import REPORTED, link, next_address, order, told
from kg.service.wire.addresses import FilePath, ProjectId
from kg.service.wire.bodies import sends
from kg.service.wire.negotiation import Form

router = APIRouter(prefix="/projects/{project}/revisions", tags=["Revisions"])

# What somebody put here is kept from being taken for a page of ours.
_AS_IT_IS = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
_BYTES = Form("bytes", "application/octet-stream")


class SomeRevisions(BaseModel):
    """Revisions, the newest first, and the address of those before them."""

    revisions: list[Revision]
    next: str | None = None


class ShownRevision(BaseModel):
    """A revision, and where what belongs to it is."""

    revision: Revision
    current: bool
    findings: str
    artefacts: str
    difference: str


class KeptFile(BaseModel):
    """A file of a revision: its path, SHA-256, length in bytes, and where it is."""

    path: str
    digest: str
    size: int
    address: str


class Files(BaseModel):
    """The files of a revision."""

    artefacts: list[KeptFile]


@router.get("", summary="The revisions of a project", response_model=SomeRevisions)
def all_revisions(
    request: Request,
    project: ProjectId,
    limit: Limit = 100,
    after: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="The number of the last one seen.")
    ] = None,
) -> Response:
    """The newest first."""
    with granted(request, project).kept.history.reading() as connection:
        projects.get(connection, project)
        found = revisions.listed(connection, project, before=after, most=limit + 1)
    shown = list(found[:limit])
    onward = next_address(request, str(shown[-1].number)) if len(found) > limit else None
    return page_or_json(
        request,
        SomeRevisions(revisions=shown, next=onward),
        "revisions.html.jinja",
        title=f"Revisions of {project}",
        headers=link(onward),
    )


@router.get("/{number}", summary="A revision", response_model=ShownRevision)
def one_revision(request: Request, project: ProjectId, number: Number) -> Response:
    """Who made it, when, why and from what, and what was found, in numbers."""
    with granted(request, project).kept.history.reading() as connection:
        current = projects.get(connection, project).revision
        revision = revisions.get(connection, project, number)
    here = f"/projects/{quote(project, safe='')}/revisions/{number}"
    record = ShownRevision(
        revision=revision,
        current=number == current,
        findings=f"{here}/findings",
        artefacts=f"{here}/artefacts",
        difference=f"/projects/{quote(project, safe='')}/revisions/{number - 1}/diff?to={number}",
    )
    return page_or_json(request, record, title=f"Revision {number} of {project}")


@router.get(
    "/{number}/findings",
    summary="What was found in a revision",
    response_class=Response,
    responses=REPORTED,
)
def revision_findings(
    request: Request,
    project: ProjectId,
    number: Number,
    one: Annotated[Asked, Depends(asked)],
    format: Format = None,  # noqa: A002, ARG001 - for the description; `told` reads it
) -> Response:
    """What it showed, with the waivers that count now."""
    kept = granted(request, project).kept
    one = checked(one, kept)
    rank = order(one, kept)
    with kept.history.reading() as connection:
        report = revisions.report(connection, project, number)
        listed = listing.of_report(connection, report, one.wanted, rank, one.page)
    return told(request, listed, one, rank, kept)


@router.get("/{number}/artefacts", summary="The files of a revision", response_model=Files)
def revision_files(request: Request, project: ProjectId, number: Number) -> Response:
    """Each with its digest and length."""
    with granted(request, project).kept.history.reading() as connection:
        revisions.get(connection, project, number)
        found = revisions.files(connection, project, number)
        sizes = contents.sizes(connection, found.values())
    here = f"/projects/{quote(project, safe='')}/revisions/{number}/artefacts/"
    files = [
        KeptFile(path=path, digest=digest, size=sizes[digest], address=f"{here}{quote(path)}")
        for path, digest in found.items()
    ]
    return page_or_json(request, Files(artefacts=files), title=f"Files of revision {number}")


@router.get(
    "/{number}/artefacts/{path:path}",
    summary="A file of a revision",
    response_class=Response,
    responses=sends(_BYTES.media_type),
)
def revision_file(request: Request, project: ProjectId, number: Number, path: FilePath) -> Response:
    """What it held then, as it was put."""
    with granted(request, project).kept.history.reading() as connection:
        revisions.get(connection, project, number)
        data = revisions.content(connection, project, number, path)
    return sent(request, data, _BYTES, headers=_AS_IT_IS)
