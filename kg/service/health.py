"""Whether the service is alive, and whether it is ready to answer."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.errors import KgError, StoreError
from kg.service.access import EVERYTHING, Caller
from kg.service.engine import Engine, engine_of
from kg.service.readers import Question
from kg.service.wire.problems import status_of

router = APIRouter(tags=["Operations"])

_SECONDS = 5
_HIDDEN = {"Cache-Control": "no-store"}
_PROBE = Caller("/ready")
_QUERY = Path(__file__).with_name("ready.rq")


@router.get("/health", summary="Whether it is alive")
async def health() -> dict[str, str]:
    """Answers at once, whatever else the service has to do."""
    return {"status": "alive"}


@router.get(
    "/ready",
    summary="Whether it can answer",
    response_model=dict[str, str],
    responses={503: {"model": dict[str, str], "description": "It cannot, and why"}},
)
async def ready(request: Request) -> Response:
    """What it needs, each `ready` or what is wrong with it; 503 where anything is."""
    engine = engine_of(request)
    found = {name: await _state(check, engine) for name, check in _CHECKS.items()}
    is_ready = all(state == "ready" for state in found.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    told = {"status": "ready" if is_ready else "not ready", **found}
    return Response(orjson.dumps(told), status, _HIDDEN, media_type="application/json")


async def _state(check: Callable[[Engine], Awaitable[None]], engine: Engine) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            await check(engine)
    except TimeoutError:
        return f"It did not answer within {_SECONDS} s."
    except KgError as error:
        # Where many wait it is busy, and as ready as it can be.
        return "ready" if status_of(error) < HTTPStatus.INTERNAL_SERVER_ERROR else str(error)
    return "ready"


async def _answers(engine: Engine) -> None:
    """Ask the store, through one of the processes that answer."""
    text = _QUERY.read_text(encoding="utf-8")
    question = Question(EVERYTHING, engine.limits, "json", None, text)
    await engine.readers.read(question, _PROBE)


async def _remembers(engine: Engine) -> None:
    """Read the history, where there is one."""
    if engine.has_history:
        await asyncio.to_thread(_read, engine)


def _read(engine: Engine) -> None:
    with engine.kept.history.reading() as connection:
        connection.execute("SELECT count(*) FROM step").fetchone()


async def _has_room(engine: Engine) -> None:
    """See whether the disk has room, and may be written to."""
    free = shutil.disk_usage(engine.folder).free
    if free < engine.settings.free_disk << 20:
        raise StoreError(
            f"The disk has only {free >> 20} MiB left",
            f"Make room; {engine.settings.free_disk} MiB are asked for by MISMATCH_FREE_DISK",
        )
    if not os.access(engine.folder, os.W_OK):
        raise StoreError("The folder of the store cannot be written to", "See to its permissions")


_CHECKS: dict[str, Callable[[Engine], Awaitable[None]]] = {
    "store": _answers,
    "history": _remembers,
    "disk": _has_room,
}
