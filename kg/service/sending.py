"""Sends to webhooks what waits for them, beside the service and without keeping it waiting.

What waits stands in the history, so a service that ends goes on where it stopped. Of one webhook
one delivery is under way at a time, and to one host half of all, so one that is slow leaves room.
"""

import asyncio
import hmac
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

import orjson

from kg.errors import KgError
from kg.history import Connection, History, deliveries, events, projects
from kg.history.deliveries import Due
from kg.history.events import Event
from kg.identifiers import project_iri
from kg.namespaces import iri
from kg.outgoing import Reach, post
from kg.reports.json import told
from kg.service.engine import Engine
from kg.service.settings import Settings

_AT_ONCE = 8
_TO_ONE_HOST = 4
_LOOKS = 1.0
_REST = 10.0
_TAKEN = range(200, 300)
_MOVED = range(300, 400)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent: a body, and the headers that tell what it is and prove whose."""

    body: bytes
    headers: Mapping[str, str]


def reach(settings: Settings) -> Reach:
    """Where webhooks may lead."""
    return Reach(settings.webhook_hosts, settings.private_hosts, authorities=settings.authorities)


@asynccontextmanager
async def background(engine: Engine) -> AsyncIterator[None]:
    """Sends as long as the engine runs, where it keeps projects."""
    if engine.settings.serves == "graphs":
        yield
        return
    task = asyncio.create_task(_send(engine.kept.history, engine.settings))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def notice(one: Due, event: Event, title: str, base: str) -> Notice:
    """What a webhook is sent of an event: the same however often it is sent."""
    project = project_iri(base, event.project)
    body = orjson.dumps(
        {
            "schema": iri("webhook/1"),
            "id": one.id,
            "event": event.kind,
            "made": event.made,
            "project": {"id": event.project, "title": title, "url": project},
            "revision": {
                "number": event.revision,
                "author": event.author,
                "message": event.message,
                "url": f"{project}/revisions/{event.revision}",
            },
            "total": event.total,
            "findings": [told(finding) for finding in event.findings],
        }
    )
    headers = {
        "Content-Type": "application/json",
        "X-Mismatch-Event": str(event.kind),
        "X-Mismatch-Delivery": one.id,
        "X-Mismatch-Time": event.made,
        "X-Mismatch-Signature": f"sha256={hmac.new(one.secret.encode(), body, sha256).hexdigest()}",
    }
    return Notice(body, headers)


async def _send(history: History, settings: Settings) -> None:
    under_way: dict[Due, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            under_way = {one: task for one, task in under_way.items() if not task.done()}
            try:
                found = await asyncio.to_thread(_due, history, list(under_way))
            except KgError as error:
                _log.warning("Webhooks wait: %s", error)
                await asyncio.sleep(_REST)
                continue
            for one in found:
                under_way[one] = group.create_task(_sent(history, settings, one))
            if under_way:
                first = asyncio.FIRST_COMPLETED
                await asyncio.wait(under_way.values(), timeout=_LOOKS, return_when=first)
            else:
                await asyncio.sleep(_LOOKS)


def _due(history: History, under_way: Sequence[Due]) -> list[Due]:
    """What is to be sent beside what is under way."""
    room = _AT_ONCE - len(under_way)
    if room <= 0:
        return []
    hosts = Counter(one.host for one in under_way)
    full = [host for host, number in hosts.items() if number >= _TO_ONE_HOST]
    with history.reading() as connection:
        found = deliveries.due(connection, room, [one.webhook for one in under_way], full)
    taken = []
    for one in found:
        if hosts[one.host] < _TO_ONE_HOST:
            hosts[one.host] += 1
            taken.append(one)
    return taken


async def _sent(history: History, settings: Settings, one: Due) -> None:
    """Sends one, and says what became of it; what is wrong with it must not stop the others."""
    try:
        ready = await asyncio.to_thread(_begun, history, settings.base, one)
        if ready is not None:
            status, fault = await _posted(one, ready, settings)
            await asyncio.to_thread(_ended, history, one, status, fault)
    except KgError as error:
        # Nobody knows how to remember what became of it, so it is tried again when it is due.
        _log.warning("A delivery to a webhook was not remembered: %s", error)
        await asyncio.sleep(_REST)
    except Exception:  # noqa: BLE001 - a fault of ours in one must not end the rest
        _log.exception("A delivery to a webhook failed")
        await asyncio.sleep(_REST)


def _begun(history: History, base: str, one: Due) -> Notice | None:
    with history.writing() as connection:
        deliveries.begin(connection, one)
        event = events.get(connection, one.event)
        if event is None:  # Its webhook or project went meanwhile.
            return None
        return notice(one, event, _title(connection, event.project), base)


def _title(connection: Connection, project: str) -> str:
    return projects.get(connection, project).title


async def _posted(one: Due, ready: Notice, settings: Settings) -> tuple[int | None, str | None]:
    """The status that was answered, and what is wrong unless it was taken."""
    try:
        status = await post(one.url, ready.body, ready.headers, reach(settings))
    except KgError as error:
        return None, error.what
    if status in _TAKEN:
        return status, None
    moved = ", and no redirect is followed" if status in _MOVED else ""
    return status, f"it answered {status}{moved}"


def _ended(history: History, one: Due, status: int | None, fault: str | None) -> None:
    # Whoever says that it is gone is not asked again.
    final = status == HTTPStatus.GONE
    with history.writing() as connection:
        deliveries.end(connection, one, status, fault, final=final)
