"""Webhooks: addresses that are told what revisions of a project bring."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from kg.errors import NotFound
from kg.history import Connection, now
from kg.history.events import Kind


@dataclass(frozen=True, slots=True)
class KeptWebhook:
    """A webhook without its secret, which nobody is shown again."""

    number: int
    url: str
    kinds: tuple[Kind, ...]
    author: str
    made: str


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """What is to become a webhook; `host` is name and port of where the address is."""

    url: str
    host: str
    kinds: tuple[Kind, ...]
    secret: str
    author: str


_COLUMNS = ", ".join(KeptWebhook.__slots__)


def add(connection: Connection, project: str, new: NewWebhook) -> KeptWebhook:
    """Make a webhook of a project."""
    values = project, new.url, new.host, json.dumps(new.kinds), new.secret, new.author, now()
    row = connection.execute(
        "INSERT INTO webhook (project, url, host, kinds, secret, author, made) "  # noqa: S608 - our own
        f"VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING {_COLUMNS}",
        values,
    ).fetchone()
    return _read(row)


def get(connection: Connection, project: str, number: int) -> KeptWebhook:
    """One webhook of a project; raises NotFound."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM webhook WHERE project = ? AND number = ?",  # noqa: S608 - our own
        (project, number),
    ).fetchone()
    if row is None:
        raise NotFound(
            f"{project} has no webhook {number}", f"GET /projects/{project}/webhooks lists them"
        )
    return _read(row)


def listed(connection: Connection, project: str) -> Sequence[KeptWebhook]:
    """The webhooks of a project, the oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM webhook WHERE project = ? ORDER BY number",  # noqa: S608 - our own
        (project,),
    )
    return [_read(row) for row in rows]


def remove(connection: Connection, project: str, number: int) -> None:
    """Forget a webhook, and what waits to be sent to it; raises NotFound."""
    get(connection, project, number)
    connection.execute("DELETE FROM webhook WHERE number = ?", (number,))


def _read(row: Row) -> KeptWebhook:
    kinds = tuple(map(Kind, json.loads(row["kinds"])))
    return KeptWebhook(row["number"], row["url"], kinds, row["author"], row["made"])
