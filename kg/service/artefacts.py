"""The files of a project: one by one, several at once, or all of them as an archive."""

import asyncio
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.errors import NotFound
from kg.history import contents, projects, revisions
from kg.keeping.paths import checked_path
from kg.service.access import Role
from kg.service.changing.changes import Change
from kg.service.changing.judges import Form
from kg.service.engine import caller_of
from kg.service.openapi.queries import parameter
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.revised import CHANGING, JUDGED, Revised, about, project_to, put, revision_tag
from kg.service.wire.addresses import FilePath, ProjectId
from kg.service.wire.bodies import sends, takes
from kg.service.wire.requests import address_fields
from kg.service.wire.responses import matches
from kg.service.wire.uploads import media_type, several, spooled, unknown_type

router = APIRouter(prefix="/projects/{project}/artefacts", tags=["Artefacts"])

_REF = parameter("ref", "The branch of a git bundle; without it HEAD, main or master")
_ARCHIVES: dict[str, Form] = {
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/gzip": "tar.gz",
    "application/x-gzip": "tar.gz",
    "application/x-tar": "tar",
    "application/x-git-bundle": "bundle",
}
_ANY = "application/octet-stream"
_PAGE, _MOST = 1000, 10_000


class Artefact(BaseModel):
    """A file of a project, with the revision that it has been so since."""

    path: str
    digest: str
    size: int
    since: int
    address: str


class Artefacts(BaseModel):
    """The files of the current revision, in the order of their paths, and where the next are."""

    project: str
    revision: int
    artefacts: list[Artefact]
    next: str | None


@router.get("", summary="The files of a project", response_model=Artefacts)
def list_artefacts(
    request: Request,
    project: ProjectId,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most")] = _PAGE,
    after: Annotated[str, Query(max_length=500, description="The last of the page before")] = "",
) -> Response:
    """Those of its current revision; `after` is the last of the page before."""
    keeper = project_to(request, project, Role.READER)
    with keeper.history.reading() as connection:
        one = projects.get(connection, project)
        tag = revision_tag(project, one.revision, revisions.made(connection, one))
        found = revisions.current_files(connection, project, after=after, most=limit + 1)
    here = f"/projects/{project}/artefacts"
    listed = [
        Artefact(
            path=file.path,
            digest=file.digest,
            size=file.size,
            since=file.since,
            address=f"{here}/{quote(file.path)}",
        )
        for file in found[:limit]
    ]
    more = f"{here}?limit={limit}&after={quote(listed[-1].path)}" if len(found) > limit else None
    headers = {"ETag": tag} | ({"Link": f'<{more}>; rel="next"'} if more else {})
    record = Artefacts(project=project, revision=one.revision, artefacts=listed, next=more)
    return page_or_json(request, record, headers=headers)


@router.put(
    "",
    summary="Replace all files by those of an archive",
    response_model=Revised,
    status_code=HTTPStatus.CREATED,
    responses=JUDGED | refuses(HTTPStatus.NOT_IMPLEMENTED),
    openapi_extra={"parameters": [*CHANGING["parameters"], _REF], **takes(*_ARCHIVES)},
)
async def replace_artefacts(request: Request, project: ProjectId) -> Response:
    """Makes a revision of what an archive holds: zip, tar, tar.gz, or a git bundle, of which `ref`
    names the branch. Links and git's own files are left out, and told.
    """
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    form = _ARCHIVES.get(media_type(request))
    if form is None:
        raise unknown_type(
            media_type(request)[:80] or "A body without a type", f"one of {', '.join(_ARCHIVES)}"
        )
    ref = address_fields(request).one("ref") or ""
    caller = caller_of(request).name
    async with keeper.folder() as folder:
        archive, target = folder / "archive", folder / "files"
        target.mkdir()
        await spooled(request, archive)
        found = await keeper.judges.unpack(archive, form, target, caller, ref)
        said = about(
            request,
            f"commit {found.commit} by {found.author}" if found.commit else f"archive ({form})",
            message=found.message,
        )
        change = Change({path: target / path for path in found.paths}, whole=True)
        return await put(request, project, change, said, left_out=found.left_out)


@router.post(
    "",
    summary="Add several files",
    response_model=Revised,
    status_code=HTTPStatus.CREATED,
    responses=JUDGED,
    openapi_extra=CHANGING | takes("multipart/form-data"),
)
async def add_artefacts(request: Request, project: ProjectId) -> Response:
    """Adds files, or replaces those that are there: a part each, whose file name is the path below
    the project.
    """
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    if media_type(request) != "multipart/form-data":
        raise unknown_type(
            media_type(request)[:80] or "A body without a type", "multipart/form-data"
        )
    async with keeper.folder() as folder:
        await spooled(request, folder / "body")
        parts = await asyncio.to_thread(
            several, folder / "body", request.headers["content-type"], folder
        )
        new = {checked_path(name): file for name, file in parts.items()}
        return await put(request, project, Change(new), about(request, "files"))


@router.get(
    "/{path:path}",
    summary="A file of a project",
    response_class=Response,
    responses=sends(_ANY),
)
def read_artefact(request: Request, project: ProjectId, path: FilePath) -> Response:
    """The file as it was put; no browser takes it for a page of this service."""
    keeper = project_to(request, project, Role.READER)
    with keeper.history.reading() as connection:
        one = projects.get(connection, project)
        digest = revisions.files(connection, project, one.revision).get(path)
        if digest is None:
            raise no_artefact(project, path)
        headers = {"ETag": f'"{digest}"', "Cache-Control": "no-cache"}
        if matches(request, headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        data = contents.content(connection, digest)
    headers |= {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.rpartition('/')[2])}",
        "Content-Security-Policy": "sandbox",
    }
    return Response(data, headers=headers, media_type=_ANY)


@router.put(
    "/{path:path}",
    summary="Put a file into a project",
    response_model=Revised,
    status_code=HTTPStatus.CREATED,
    responses=JUDGED,
    openapi_extra=CHANGING | takes(_ANY),
)
async def put_artefact(request: Request, project: ProjectId, path: FilePath) -> Response:
    """Adds a file, or replaces it, and judges the project; the body is the file, of whatever
    type.
    """
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    checked_path(path)
    async with keeper.folder() as folder:
        await spooled(request, folder / "file")
        change = Change({path: folder / "file"})
        return await put(request, project, change, about(request, f"file {path}", path=path))


@router.delete(
    "/{path:path}",
    summary="Remove a file",
    response_model=Revised,
    responses=JUDGED,
    openapi_extra=CHANGING,
)
async def remove_artefact(request: Request, project: ProjectId, path: FilePath) -> Response:
    """Removes a file from the project, and judges it; earlier revisions keep the file."""
    project_to(request, project, Role.CONTRIBUTOR)
    said = about(request, f"without {path}", path=path)
    return await put(request, project, Change(gone=(path,)), said)


def no_artefact(project: str, path: str) -> NotFound:
    """What is told where a project has no such file."""
    return NotFound(
        f"{project} has no file {path[:200]}", f"GET /projects/{project}/artefacts lists them"
    )
