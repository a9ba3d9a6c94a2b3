"""The projects that are kept: list, make, describe, remove."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from kg.history import Connection, contents, projects, revisions
from kg.history.projects import KeptProject
from kg.keeping.paths import ID, checked_id
from kg.service.access import Role
from kg.service.engine import caller_of, engine_of
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.revised import project_to, revision_tag
from kg.service.wire.addresses import ProjectId
from kg.service.wire.bodies import says, wanted
from kg.service.wire.problems import RequestRefused

router = APIRouter(prefix="/projects", tags=["Projects"])

_PAGE = 100
_MOST = 1000


class Described(BaseModel):
    """What a project is called, and whether only those with a role in it may see it."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=200)
    private: bool = False


class NewProject(Described):
    """A project that is to be made: up to 100 letters from A to Z, digits, `.`, `_` and `-`."""

    id: Annotated[str, Field(json_schema_extra={"pattern": f"^{ID.pattern}$"})]


class ProjectState(BaseModel):
    """A project, and what its current revision shows; `revision` is 0 where nothing was put yet."""

    id: str
    title: str
    private: bool
    created: str
    creator: str
    revision: int
    made: str | None = None
    author: str | None = None
    statements: int = 0
    sources: int = 0
    mismatches: int = 0
    clear: int = 0
    undecided: int = 0
    address: str


class ProjectPage(BaseModel):
    """Projects in the order of their ids, and where the next ones are."""

    projects: list[ProjectState]
    next: str | None


@router.get("", summary="The projects", response_model=ProjectPage)
def list_projects(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most")] = _PAGE,
    after: Annotated[str, Query(max_length=200, description="The last of the page before")] = "",
) -> Response:
    """Those that the caller may see, in the order of their ids; `after` is the last of the page
    before.
    """
    engine = engine_of(request)
    history, hidden = engine.kept.history, engine.access.hidden(caller_of(request))
    with history.reading() as connection:
        found = projects.listed(connection, after=after, most=limit + 1, hidden=hidden)
        states = [_state(connection, one) for one in found[:limit]]
    more = urlencode({"limit": limit, "after": states[-1].id}) if len(found) > limit else None
    address = f"/projects?{more}" if more else None
    headers = {"Link": f'<{address}>; rel="next"'} if address else None
    record = ProjectPage(projects=states, next=address)
    return page_or_json(
        request, record, "projects.html.jinja", title="Projects", headers=headers, start=after
    )


@router.post(
    "",
    summary="Make a project",
    status_code=HTTPStatus.CREATED,
    response_model=ProjectState,
    responses=refuses(HTTPStatus.CONFLICT),
    openapi_extra=says(NewProject),
)
async def make_project(request: Request) -> Response:
    """Makes a project that has nothing in it yet; 409 where its id is taken."""
    new = await wanted(request, NewProject)
    return await _made(request, checked_id(new.id), new, fresh=True)


@router.get("/{project}", summary="A project", response_model=ProjectState)
def read_project(request: Request, project: ProjectId) -> Response:
    """What it is, and how many findings its current revision has."""
    keeper = project_to(request, project, Role.READER)
    with keeper.history.reading() as connection:
        return _shown(request, connection, project)


@router.put(
    "/{project}",
    summary="Make or describe a project",
    response_model=ProjectState,
    responses={201: {"model": ProjectState, "description": "The project is new"}},
    openapi_extra=says(Described),
)
async def describe_project(request: Request, project: ProjectId) -> Response:
    """Changes its title and who may see it, or makes it where it is not there."""
    said = await wanted(request, Described)
    engine = engine_of(request)
    # Whoever may not see it finds out no more than by making one of that id.
    if engine.access.role(caller_of(request), project) is None:
        return await _made(request, checked_id(project), said, fresh=False)
    keeper = project_to(request, project, Role.MAINTAINER)

    def describe(connection: Connection) -> None:
        projects.get(connection, project)
        projects.describe(connection, project, title=said.title, private=said.private)

    await keeper.change(project, describe)
    return await asyncio.to_thread(read_project, request, project)


@router.delete("/{project}", summary="Remove a project", status_code=HTTPStatus.NO_CONTENT)
async def remove_project(request: Request, project: ProjectId) -> Response:
    """Removes it with all its revisions, findings, waivers and comments: nothing is left."""
    keeper = project_to(request, project, Role.MAINTAINER)

    def remove(connection: Connection) -> None:
        projects.get(connection, project)
        projects.remove(connection, project)
        contents.sweep(connection)

    await keeper.change(project, remove)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _made(request: Request, name: str, said: Described, *, fresh: bool) -> Response:
    """Makes a project, if the caller may; one that is there is a conflict."""
    engine, caller = engine_of(request), caller_of(request)
    engine.access.may_create(caller)
    await engine.kept.keeper.change(name, _making(name, said, caller.name))
    headers = {"Location": f"/projects/{name}"} if fresh else {}

    def told() -> Response:
        with engine.kept.history.reading() as connection:
            state = _state(connection, projects.get(connection, name))
        return page_or_json(request, state, status=HTTPStatus.CREATED, headers=headers)

    return await asyncio.to_thread(told)


def _making(name: str, said: Described, creator: str) -> Callable[[Connection], None]:
    def make(connection: Connection) -> None:
        if projects.has(connection, name):
            raise RequestRefused(
                HTTPStatus.CONFLICT, f"The id {name} is taken", "Choose another id"
            )
        projects.create(connection, name, title=said.title, private=said.private, creator=creator)

    return make


def _shown(request: Request, connection: Connection, name: str) -> Response:
    one = projects.get(connection, name)
    tag = revision_tag(name, one.revision, revisions.made(connection, one))
    state = _state(connection, one)
    return page_or_json(
        request,
        state,
        "project.html.jinja",
        title=one.title or one.id,
        headers={"ETag": tag},
    )


def _state(connection: Connection, one: KeptProject) -> ProjectState:
    said = {name: getattr(one, name) for name in KeptProject.__slots__}
    if one.revision:
        current = revisions.get(connection, one.id, one.revision)
        said |= {name: getattr(current, name) for name in _COUNTS}
    return ProjectState(**said, address=f"/projects/{one.id}")


_COUNTS = (*("made", "author", "statements", "sources"), *("mismatches", "clear", "undecided"))
