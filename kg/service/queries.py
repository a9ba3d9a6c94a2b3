"""The queries that are running: who asks them sees them, and may cancel them."""

from http import HTTPStatus
from time import monotonic

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.errors import NotFound
from kg.service.access import Caller
from kg.service.engine import caller_of, engine_of
from kg.service.pages import page_or_json
from kg.service.readers import Running
from kg.service.wire.addresses import QueryId

router = APIRouter(prefix="/queries", tags=["SPARQL"])

_SHOWN = 500


class RunningQuery(BaseModel):
    """A query that waits, or is being answered."""

    id: str
    caller: str
    stage: str
    seconds: float
    query: str


@router.get("", summary="The queries that are running", response_model=list[RunningQuery])
async def running_queries(request: Request) -> Response:
    """Those of the caller; an operator sees all."""
    caller = caller_of(request)
    found = engine_of(request).readers.running
    shown = [_shown(one) for one in found if caller.operator or _is_of(one, caller)]
    return page_or_json(request, shown, title="Queries that are running")


@router.get("/{name}", summary="A query that is running", response_model=RunningQuery)
async def running_query(request: Request, name: QueryId) -> Response:
    """What is asked, and how far it is; to an operator that of another, if none of theirs is so
    called, and of several the one that has run longest.
    """
    return page_or_json(request, _shown(_running(request, name)), title="A query that is running")


@router.delete("/{name}", summary="Cancel a query", status_code=HTTPStatus.NO_CONTENT)
async def cancel_query(request: Request, name: QueryId) -> Response:
    """Stops the query that GET shows; whoever waits for it is told that it was cancelled."""
    engine_of(request).readers.cancel(_running(request, name))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _running(request: Request, name: str) -> Running:
    """A running query that the caller may know of; raises NotFound."""
    caller = caller_of(request)
    called = [one for one in engine_of(request).readers.running if one.id == name]
    own = [one for one in called if _is_of(one, caller)]
    found = own or (called if caller.operator else [])
    if not found:
        raise NotFound(f"No query {name[:64]} is running", "GET /queries lists those that are")
    return found[0]


def _is_of(one: Running, caller: Caller) -> bool:
    """Whether a query is the caller's; a token for one project knows of what was asked with such
    tokens alone.
    """
    is_theirs = one.caller.name == caller.name
    return is_theirs and caller.project in {None, one.caller.project}


def _shown(one: Running) -> RunningQuery:
    seconds = round(monotonic() - one.started, 3)
    return RunningQuery(
        id=one.id,
        caller=one.caller.name,
        stage=one.stage,
        seconds=seconds,
        query=one.text[:_SHOWN],
    )
