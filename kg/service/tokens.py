"""Tokens: who shows one is known. People see their own; the operator makes and sees all."""

import asyncio
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from kg.errors import NotAllowed, NotFound
from kg.history import History, projects, tokens
from kg.history.tokens import Scope, Token
from kg.service.access import Caller, TokenLacking, read_only
from kg.service.access.people import Person
from kg.service.engine import caller_of, engine_of
from kg.service.openapi.refusals import refuses
from kg.service.pages import page_or_json
from kg.service.wire.addresses import TokenId
from kg.service.wire.bodies import says, wanted

router = APIRouter(prefix="/tokens", tags=["Access"])

_DAYS, _MOST = 90, 366
# What it says is nowhere to be had again, so nobody between may keep it either.
_ONCE = {"Cache-Control": "no-store"}


class NewToken(BaseModel):
    """A token that is to be made: for whom, what for, and for how many days."""

    model_config = ConfigDict(extra="forbid")

    owner: Person
    name: str = Field("", max_length=100)
    scope: Literal["read", "write", "operate"] = "read"
    project: str | None = None
    days: int = Field(_DAYS, ge=1, le=_MOST)

    @model_validator(mode="after")
    def _of_all(self) -> "NewToken":
        if self.scope == "operate" and self.project is not None:
            raise ValueError("who operates the service does so for all projects")
        return self


class TokenState(BaseModel):
    """A token without its secret; `used` is known to the minute."""

    id: str
    name: str
    owner: str
    scope: str
    project: str | None
    made: str
    expires: str
    revoked: str | None
    used: str | None


class MadeToken(TokenState):
    """A new token, with what its owner shows, which nobody can be told again."""

    token: str


class Tokens(BaseModel):
    """Tokens, the newest first."""

    tokens: list[TokenState]


@router.get("", summary="The tokens", response_model=Tokens)
def list_tokens(request: Request) -> Response:
    """Those of the caller that allow no more than the one that is shown; an operator sees all."""
    caller, history = _known(request)
    with history.reading() as connection:
        found = tokens.listed(connection, None if caller.operator else caller.name)
    states = [_state(token) for token in found if _covers(caller, token)]
    return page_or_json(request, Tokens(tokens=states), title="Tokens", headers=_ONCE)


@router.post(
    "",
    summary="Make a token",
    status_code=HTTPStatus.CREATED,
    response_model=MadeToken,
    responses=refuses(HTTPStatus.NOT_FOUND),
    openapi_extra=says(NewToken),
)
async def make_token(request: Request) -> Response:
    """Makes a token for a person, as the operator may, and tells it this once."""
    caller, history = _known(request)
    if not caller.operator:
        raise NotAllowed("Tokens are made by the operator alone", "Ask the operator for one")
    new = await wanted(request, NewToken)
    if not engine_of(request).access.writable:
        raise read_only()
    token, shown = await asyncio.to_thread(_made, history, new)
    made = MadeToken(**_state(token).model_dump(), token=shown)
    return page_or_json(
        request,
        made,
        title="A token",
        status=HTTPStatus.CREATED,
        headers={**_ONCE, "Location": f"/tokens/{token.id}"},
    )


@router.get("/{number}", summary="A token", response_model=TokenState)
def read_token(request: Request, number: TokenId) -> Response:
    """What is kept of it, which its secret is not."""
    _, token = _own(request, number)
    return page_or_json(request, _state(token), title="A token", headers=_ONCE)


@router.delete("/{number}", summary="Revoke a token", status_code=HTTPStatus.NO_CONTENT)
def revoke_token(request: Request, number: TokenId) -> Response:
    """Makes it count no longer, from now on."""
    history, _ = _own(request, number)
    with history.writing() as connection:
        tokens.revoke(connection, number)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _made(history: History, new: NewToken) -> tuple[Token, str]:
    with history.writing() as connection:
        if new.project is not None:
            projects.get(connection, new.project)
        return tokens.make(
            connection,
            name=new.name,
            owner=new.owner,
            scope=Scope[new.scope.upper()],
            project=new.project,
            days=new.days,
        )


def _known(request: Request) -> tuple[Caller, History]:
    """Who asks, if that is known; raises TokenLacking."""
    caller, history = caller_of(request), engine_of(request).kept.history
    if not caller.known and not caller.operator:
        raise TokenLacking("This takes a token", "Send `Authorization: Bearer` and the token")
    return caller, history


def _covers(caller: Caller, token: Token) -> bool:
    """Whether the caller may know of a token and revoke it: with one that allows less than that,
    nobody may, or whoever found it could shut its owner out.
    """
    if caller.operator:
        return True
    reaches = caller.project in (None, token.project)
    return token.owner == caller.name and caller.scope >= token.scope and reaches


def _own(request: Request, number: str) -> tuple[History, Token]:
    """A token that the caller may know of; raises NotFound."""
    caller, history = _known(request)
    with history.reading() as connection:
        token = tokens.get(connection, number)
    if token is None or not _covers(caller, token):
        raise NotFound(f"There is no token {number[:64]}", "GET /tokens lists those there are")
    return history, token


def _state(token: Token) -> TokenState:
    return TokenState(
        id=token.id,
        name=token.name,
        owner=token.owner,
        scope=token.scope.name.lower(),
        project=token.project,
        made=token.made,
        expires=token.expires,
        revoked=token.revoked,
        used=token.used,
    )
