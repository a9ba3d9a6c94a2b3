"""Webhooks of a project: addresses of hosts that the operator lists, told what revisions bring."""

import asyncio
from dataclasses import asdict
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from kg.history import Connection, deliveries, projects, webhooks
from kg.history.deliveries import State
from kg.history.events import Kind
from kg.history.webhooks import KeptWebhook, NewWebhook
from kg.outgoing import place
from kg.service.access import Role, require
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.sending import reach
from kg.service.wire.addresses import ProjectId
from kg.service.wire.bodies import says, wanted
from kg.service.wire.problems import RequestRefused

Number = Annotated[int, Path(ge=1, lt=1 << 63, description="The number of a webhook")]

router = APIRouter(prefix="/projects/{project}/webhooks", tags=["Webhooks"])

_MOST = 20
_SECRET = 32


class Webhook(BaseModel):
    """An address that is told of events."""

    number: int
    url: str
    events: tuple[Kind, ...]
    author: str
    made: str


class MadeWebhook(Webhook):
    """A new one, with the secret that signs what it is told; it is shown this once."""

    secret: str


class WantedWebhook(BaseModel):
    """What is to be told of which events; without a secret one is made."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=2000)
    events: tuple[Kind, ...] = Field((Kind.VIOLATION_NEW,), min_length=1)
    secret: str | None = Field(None, min_length=16, max_length=256, pattern="^[!-~]+$")


class Delivery(BaseModel):
    """What was, or is to be, sent to a webhook: how often it was tried, and what came of it."""

    id: str
    event: Kind
    revision: int
    state: State
    attempts: int
    due: str | None
    tried: str | None
    status: int | None
    fault: str | None


@router.get(
    "",
    summary="The webhooks of a project",
    response_model=list[Webhook],
    responses=refuses(HTTPStatus.FORBIDDEN),
)
def list_webhooks(request: Request, project: ProjectId) -> Response:
    """Which addresses are told of which events."""
    engine = _maintained(request, project)
    with engine.kept.history.reading() as connection:
        projects.get(connection, project)
        found = webhooks.listed(connection, project)
    return page_or_json(request, [_shown(one) for one in found], title="Webhooks")


@router.post(
    "",
    summary="Make a webhook",
    status_code=HTTPStatus.CREATED,
    response_model=MadeWebhook,
    responses=refuses(HTTPStatus.CONFLICT),
    openapi_extra=says(WantedWebhook),
)
async def make_webhook(request: Request, project: ProjectId) -> Response:
    """Lets an address be told of events from now on, and shows the secret that signs them."""
    engine = _maintained(request, project)
    asked = await wanted(request, WantedWebhook)
    host = place(asked.url, reach(engine.settings)).host
    kinds = tuple(dict.fromkeys(asked.events))
    secret = asked.secret or token_urlsafe(_SECRET)
    new = NewWebhook(asked.url, host, kinds, secret, caller_of(request).name)
    made = await asyncio.to_thread(_add, engine, project, new)
    shown = MadeWebhook(**_shown(made).model_dump(), secret=secret)
    place_of = {"Location": f"{request.url.path}/{made.number}", "Cache-Control": "no-store"}
    return page_or_json(request, shown, status=HTTPStatus.CREATED, headers=place_of)


@router.get(
    "/{number}",
    summary="A webhook",
    response_model=Webhook,
    responses=refuses(HTTPStatus.FORBIDDEN),
)
def read_webhook(request: Request, project: ProjectId, number: Number) -> Response:
    """Where it is, and which events it is told of."""
    engine = _maintained(request, project)
    with engine.kept.history.reading() as connection:
        found = webhooks.get(connection, project, number)
    return page_or_json(request, _shown(found), title=f"Webhook {number}")


@router.delete("/{number}", summary="Remove a webhook", status_code=HTTPStatus.NO_CONTENT)
def remove_webhook(request: Request, project: ProjectId, number: Number) -> Response:
    """Forgets it; what waits to be sent to it is not sent any more."""
    engine = _maintained(request, project)
    with engine.kept.history.writing() as connection:
        webhooks.remove(connection, project, number)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/{number}/deliveries",
    summary="What a webhook was told",
    response_model=list[Delivery],
    responses=refuses(HTTPStatus.FORBIDDEN),
)
def list_deliveries(request: Request, project: ProjectId, number: Number) -> Response:
    """What waits, and the last of what was delivered or given up, the newest first."""
    engine = _maintained(request, project)
    with engine.kept.history.reading() as connection:
        webhooks.get(connection, project, number)
        found = deliveries.listed(connection, number)
    return page_or_json(request, [Delivery(**asdict(one)) for one in found], title="Deliveries")


def _maintained(request: Request, project: str) -> Engine:
    engine = engine_of(request)
    require(engine.access, caller_of(request), project, Role.MAINTAINER)
    return engine


def _add(engine: Engine, project: str, new: NewWebhook) -> KeptWebhook:
    with engine.kept.history.writing() as connection:
        projects.get(connection, project)
        _refuse_more(connection, project)
        return webhooks.add(connection, project, new)


def _refuse_more(connection: Connection, project: str) -> None:
    if len(webhooks.listed(connection, project)) >= _MOST:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            f"{project} has {_MOST} webhooks, and no more are made",
            "Remove one that is not needed",
        )


def _shown(one: KeptWebhook) -> Webhook:
    return Webhook(
        number=one.number, url=one.url, events=one.kinds, author=one.author, made=one.made
    )
