"""Waivers: who lives with a finding says why, and until when.

A waiver is kept for good. The latest counts, until it is taken back or its time is over; it belongs
to a fingerprint, so it outlives revisions in which values change, or the finding goes and returns.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.errors import NotFound
from kg.findings import Waiver
from kg.history import Connection, now
from kg.history.wanted import ACTIVE


@dataclass(frozen=True, slots=True)
class KeptWaiver:
    """A waiver, and who ended it when: by taking it back, or by another one in its place."""

    reason: str
    author: str
    made: str
    expires: str | None
    ended: str | None
    ended_by: str | None

    def active(self, at: str) -> bool:
        """Whether it counts at a time."""
        return self.ended is None and (self.expires is None or self.expires > at)


_COLUMNS = ", ".join(KeptWaiver.__slots__)


def waive(
    connection: Connection,
    project: str,
    fingerprint: str,
    waiver: Waiver,
) -> None:
    """Waive a finding; the waiver that counted until now ends."""
    _end(connection, project, fingerprint, waiver.by)
    values = project, fingerprint, waiver.reason, waiver.by, waiver.at, waiver.until
    connection.execute(
        "INSERT INTO waiver (project, fingerprint, reason, author, made, expires) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        values,
    )


def end(connection: Connection, project: str, fingerprint: str, author: str) -> None:
    """Take back the waiver that counts; raises NotFound where there is none."""
    if not _end(connection, project, fingerprint, author):
        raise NotFound("The finding is not waived", "There is nothing to take back")


def listed(connection: Connection, project: str, fingerprint: str) -> Sequence[KeptWaiver]:
    """All waivers of a finding, the latest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM waiver WHERE project = ? AND fingerprint = ? "  # noqa: S608 - our own
        "ORDER BY number DESC",
        (project, fingerprint),
    )
    return [KeptWaiver(*row) for row in rows]


def counting(
    connection: Connection, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Waiver]:
    """The waivers that count now, of those findings: each a project and a fingerprint."""
    rows = connection.execute(
        "WITH asked AS (SELECT value ->> 0 AS project, value ->> 1 AS fingerprint "  # noqa: S608 - our own
        "FROM json_each(?)) "
        "SELECT project, fingerprint, reason, author, made, expires "
        f"FROM asked JOIN waiver USING (project, fingerprint) WHERE {ACTIVE} ORDER BY number",
        (json.dumps(list(pairs)), now()),
    )
    return {(row[0], row[1]): Waiver(*row[2:]) for row in rows}


def _end(connection: Connection, project: str, fingerprint: str, author: str) -> bool:
    at = now()
    ended = connection.execute(
        "UPDATE waiver SET ended = ?, ended_by = ? "  # noqa: S608 - our own
        f"WHERE project = ? AND fingerprint = ? AND {ACTIVE}",
        (at, author, project, fingerprint, at),
    )
    return ended.rowcount > 0
