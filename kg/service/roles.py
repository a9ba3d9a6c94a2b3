"""Who may do what in a project: its maintainers say so."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from kg.errors import NotFound
from kg.history import Connection, History, projects, roles
from kg.history.roles import Grant
from kg.service.access import Caller, Role, require
from kg.service.engine import caller_of, engine_of
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.wire.addresses import NewPerson, PersonName, ProjectId
from kg.service.wire.bodies import says, wanted
from kg.service.wire.problems import RequestRefused

router = APIRouter(prefix="/projects/{project}/roles", tags=["Access"])


class NewRole(BaseModel):
    """What somebody may do with a project; each may do what those before it may."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["reader", "contributor", "maintainer"]


class RoleState(BaseModel):
    """Somebody's role in a project, and who granted it when."""

    person: str
    role: str
    granted: str
    granter: str


class Roles(BaseModel):
    """The roles in a project, in the order of the people's names."""

    roles: list[RoleState]


@router.get(
    "",
    summary="The roles in a project",
    response_model=Roles,
    responses=refuses(HTTPStatus.FORBIDDEN),
)
def list_roles(request: Request, project: ProjectId) -> Response:
    """All of them, for its maintainers."""
    _, history = _maintainer(request, project)
    with history.reading() as connection:
        found = [_state(grant) for grant in roles.of_project(connection, project)]
    return page_or_json(request, Roles(roles=found), title="Roles")


@router.put(
    "/{person}",
    summary="Give somebody a role in a project",
    response_model=RoleState,
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    openapi_extra=says(NewRole),
)
async def give_role(request: Request, project: ProjectId, person: NewPerson) -> Response:
    """Gives a role in place of the one that the person has there."""
    caller, history = _maintainer(request, project)
    role = Role[(await wanted(request, NewRole)).role.upper()]
    with history.writing() as connection:
        if role < Role.MAINTAINER:
            _refuse_to_orphan(connection, caller, project, person)
        else:
            projects.get(connection, project)
        roles.grant(connection, project, person, role, caller.name)
        found = _grant(connection, project, person)
    return page_or_json(request, _state(found), title="A role")


@router.delete(
    "/{person}",
    summary="Take somebody's role in a project away",
    status_code=HTTPStatus.NO_CONTENT,
    responses=refuses(HTTPStatus.CONFLICT),
)
def take_role(request: Request, project: ProjectId, person: PersonName) -> Response:
    """Takes it away; the person sees the project as everybody does, or no longer."""
    caller, history = _maintainer(request, project)
    with history.writing() as connection:
        _grant(connection, project, person)
        _refuse_to_orphan(connection, caller, project, person)
        roles.withdraw(connection, project, person)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _maintainer(request: Request, project: str) -> tuple[Caller, History]:
    engine, caller = engine_of(request), caller_of(request)
    history = engine.kept.history
    require(engine.access, caller, project, Role.MAINTAINER)
    return caller, history


def _grant(connection: Connection, project: str, person: str) -> Grant:
    """A person's role; raises NotFound."""
    found = roles.of_project(connection, project)
    grant = next((one for one in found if one.person == person), None)
    if grant is None:
        raise NotFound(
            f"{person[:100]} has no role in {project}", f"GET /projects/{project}/roles lists them"
        )
    return grant


def _refuse_to_orphan(connection: Connection, caller: Caller, project: str, person: str) -> None:
    """Raises RequestRefused where a private project would be left to nobody, and NotFound."""
    if not projects.get(connection, project).private or caller.operator:
        return
    found = roles.of_project(connection, project)
    maintainers = {one.person for one in found if one.role is Role.MAINTAINER}
    if maintainers <= {person}:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            f"{person[:100]} is the last maintainer of {project}, which only those who have a role "
            "in it see",
            "Make somebody else its maintainer first",
        )


def _state(grant: Grant) -> RoleState:
    return RoleState(
        person=grant.person,
        role=grant.role.name.lower(),
        granted=grant.granted,
        granter=grant.granter,
    )
