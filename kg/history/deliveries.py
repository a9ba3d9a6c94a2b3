"""What is to be sent to webhooks, and what became of it.

A delivery is made in the transaction that makes what it tells of, and waits until it was taken or
is given up: it is sent at least once, and again under the same id where nobody knows whether it
came. It is counted as tried before it is sent, so that one that ends the service is not sent for
ever.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from kg.history import Connection, now

WAITS = (10, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
"""After how many seconds a delivery that was not taken is tried again: for a day in all."""
KEPT = 100
"""How many deliveries of a webhook that are over are remembered."""
MOST = 1000
"""How many deliveries of a webhook wait; of more the oldest are given up."""


class State(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its webhook's maintainers see it."""

    id: str
    event: str
    revision: int
    state: State
    attempts: int
    due: str | None
    tried: str | None
    status: int | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is to be sent now: its webhook, where to, signed with what, and what event
    it tells of.
    """

    number: int
    id: str
    webhook: int
    url: str
    host: str
    secret: str
    event: int
    attempts: int


def wanted(connection: Connection, project: str) -> Mapping[int, Collection[str]]:
    """Which kinds of events each webhook of a project is told."""
    rows = connection.execute("SELECT number, kinds FROM webhook WHERE project = ?", (project,))
    return {row["number"]: json.loads(row["kinds"]) for row in rows}


def add(connection: Connection, event: int, webhooks: Sequence[int]) -> None:
    """Let an event be sent to webhooks."""
    connection.executemany(
        "INSERT INTO delivery (webhook, event, id, due) VALUES (?, ?, ?, ?)",
        [(webhook, event, str(uuid4()), now()) for webhook in webhooks],
    )


def due(
    connection: Connection, most: int, busy: Collection[int] = (), full: Collection[str] = ()
) -> Sequence[Due]:
    """Deliveries whose time has come, the longest due first: one a webhook, none of webhooks that
    are busy, and none to hosts that are full.
    """
    rows = connection.execute(
        "SELECT delivery.number, id, webhook, url, host, secret, event, attempts, MIN(due) "
        # Else SQLite goes through all that is over to find few that wait.
        "FROM delivery INDEXED BY delivery_due JOIN webhook ON webhook.number = webhook "
        "WHERE state = 'waiting' AND due <= ? "
        "AND webhook NOT IN (SELECT value FROM json_each(?)) "
        "AND host NOT IN (SELECT value FROM json_each(?)) "
        "GROUP BY webhook ORDER BY due LIMIT ?",
        (now(), json.dumps(list(busy)), json.dumps(list(full)), most),
    )
    return [Due(*tuple(row)[:-1]) for row in rows]


def begin(connection: Connection, one: Due) -> None:
    """Count an attempt, and say when the next one is due if nobody hears of this one again."""
    wait = WAITS[min(one.attempts, len(WAITS) - 1)]
    again = datetime.now(UTC) + timedelta(seconds=wait)
    connection.execute(
        "UPDATE delivery SET attempts = ?, tried = ?, due = ?, status = NULL, fault = NULL "
        "WHERE number = ?",
        (one.attempts + 1, now(), again.isoformat(timespec="milliseconds"), one.number),
    )


def end(
    connection: Connection, one: Due, status: int | None, fault: str | None, *, final: bool = False
) -> None:
    """Say what became of an attempt: it was taken where there is no fault; else it is tried again,
    unless it was the last one.
    """
    state = State.WAITING
    if fault is None:
        state = State.DELIVERED
    elif final or one.attempts >= len(WAITS):
        state = State.GIVEN_UP
    connection.execute(
        "UPDATE delivery SET state = ?, status = ?, fault = ? WHERE number = ?",
        (state, status, fault, one.number),
    )


def listed(connection: Connection, webhook: int) -> Sequence[Delivery]:
    """The deliveries of a webhook that are remembered, the newest first."""
    rows = connection.execute(
        "SELECT id, kind, revision, state, attempts, due, tried, status, fault "
        "FROM delivery JOIN event ON event.number = event "
        "WHERE webhook = ? ORDER BY delivery.number DESC",
        (webhook,),
    )
    return [
        Delivery(
            id=row["id"],
            event=row["kind"],
            revision=row["revision"],
            state=State(row["state"]),
            attempts=row["attempts"],
            due=row["due"] if row["state"] == State.WAITING else None,
            tried=row["tried"],
            status=row["status"],
            fault=row["fault"],
        )
        for row in rows
    ]


def prune(connection: Connection, project: str) -> None:
    """Forget what is long over, and give up what waits behind too many others."""
    for webhook in wanted(connection, project):
        connection.execute(
            "DELETE FROM delivery WHERE number IN (SELECT number FROM delivery "
            "WHERE webhook = ? AND state <> 'waiting' ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (webhook, KEPT),
        )
        connection.execute(
            "UPDATE delivery SET state = 'given up', fault = ? WHERE number IN (SELECT number "
            "FROM delivery WHERE webhook = ? AND state = 'waiting' "
            "ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (f"more than {MOST} waited", webhook, MOST),
        )
