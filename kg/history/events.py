"""What a revision brought, for those who want to be told: webhooks, and readers of feeds."""

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from sqlite3 import Row

from pydantic import TypeAdapter

from kg.findings import Finding, ProjectReport, Severity, Verdict
from kg.history import Connection, deliveries, now, waivers
from kg.history.differences import is_worse
from kg.priority import order
from kg.visible import whole

MOST = 100
"""How many findings an event holds, and how many events of new violations a project keeps."""


class Kind(StrEnum):
    """What there is to tell of a revision."""

    VIOLATION_NEW = "violation.new"
    """Mismatches that are violations, and were none before."""
    FINDING_WORSE = "finding.worse"
    """Mismatches of any severity that were none before, or less grave; violations too."""
    REVISION_MADE = "revision.made"
    """The revision itself."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a revision brought: how many findings, and the first of them."""

    number: int
    project: str
    revision: int
    kind: Kind
    made: str
    author: str
    message: str
    total: int
    findings: tuple[Finding, ...]


COLUMNS = (
    "event.number, event.project, event.revision, event.kind, event.made, "
    "revision.author, revision.message, event.total, event.findings"
)
JOINED = (
    "event JOIN revision ON revision.project = event.project AND revision.number = event.revision"
)


def record(
    connection: Connection,
    project: str,
    number: int,
    before: ProjectReport | None,
    after: ProjectReport,
) -> None:
    """Remember what a revision brought, and what is to be sent of it; `before` is the report of the
    revision that it follows. What is waived is not told.
    """
    worse = _unwaived(connection, project, _worse(before, after))
    found = {
        Kind.REVISION_MADE: (),
        Kind.FINDING_WORSE: worse,
        Kind.VIOLATION_NEW: tuple(one for one in worse if one.severity is Severity.VIOLATION),
    }
    wanted = deliveries.wanted(connection, project)
    for kind, findings in found.items():
        webhooks = [webhook for webhook, kinds in wanted.items() if kind in kinds]
        told = bool(findings) or kind is Kind.REVISION_MADE
        # Feeds show new violations, whether or not a webhook is told them.
        if told and (webhooks or kind is Kind.VIOLATION_NEW):
            event = _add(connection, (project, number, kind), findings)
            deliveries.add(connection, event, webhooks)
    _forget(connection, project)


def violations(
    connection: Connection, project: str | None = None, hidden: Collection[str] = ()
) -> Iterator[Event]:
    """New violations, the newest first: those of a project, or of all that are not hidden."""
    where, values = ("AND event.project = ? ", [project]) if project is not None else ("", [])
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM {JOINED} WHERE kind = ? {where}ORDER BY event.number DESC",  # noqa: S608 - our own
        [Kind.VIOLATION_NEW, *values],
    )
    unseen = set(hidden)
    return (read(row) for row in rows if row["project"] not in unseen)


def get(connection: Connection, number: int) -> Event | None:
    """The event of that number, if it is there still."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM {JOINED} WHERE event.number = ?",  # noqa: S608 - our own
        (number,),
    ).fetchone()
    return None if row is None else read(row)


def read(row: Row) -> Event:
    """The event of a row with those columns."""
    *about, findings = row
    number, project, revision, kind, made, author, message, total = about
    return Event(
        number=number,
        project=project,
        revision=revision,
        kind=Kind(kind),
        made=made,
        author=author,
        message=message,
        total=total,
        findings=_findings().validate_json(zlib.decompress(findings)),
    )


def _worse(before: ProjectReport | None, after: ProjectReport) -> list[Finding]:
    known = {one.fingerprint: one for one in before.findings} if before else {}
    found = []
    for one in after.findings:
        if one.verdict is Verdict.MISMATCH:
            was = known.get(one.fingerprint)
            verdict, severity = (str(was.verdict), str(was.severity)) if was else (None, None)
            if is_worse(verdict, severity, one):
                found.append(one)
    return sorted(found, key=order)


def _unwaived(
    connection: Connection, project: str, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    waived = waivers.counting(connection, [(project, one.fingerprint) for one in findings])
    return tuple(one for one in findings if (project, one.fingerprint) not in waived)


def _add(connection: Connection, about: tuple[str, int, Kind], findings: Sequence[Finding]) -> int:
    text = json.dumps([asdict(one) for one in findings[:MOST]], ensure_ascii=False)
    made = connection.execute(
        "INSERT INTO event (project, revision, kind, made, total, findings) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (*about, now(), len(findings), zlib.compress(whole(text).encode())),
    )
    assert made.lastrowid is not None  # noqa: S101 - a row was inserted
    return made.lastrowid


def _forget(connection: Connection, project: str) -> None:
    """Forgets what nobody is told any more."""
    deliveries.prune(connection, project)
    connection.execute(
        "DELETE FROM event WHERE project = ? "
        "AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.event = event.number) "
        "AND number NOT IN (SELECT number FROM event WHERE project = ? AND kind = ? "
        "ORDER BY number DESC LIMIT ?)",
        (project, project, Kind.VIOLATION_NEW, MOST),
    )


@cache
def _findings() -> TypeAdapter[tuple[Finding, ...]]:
    return TypeAdapter(tuple[Finding, ...])
