"""What got worse since a revision or a time: mismatches that were none before, or less grave."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from sqlite3 import Row
from typing import TypeAlias

from kg.findings import Finding
from kg.history import Connection, records, waivers
from kg.history.differences import is_worse
from kg.history.marks import position

Marked: TypeAlias = tuple[str, str, str]
"""When a finding became worse, its project, and its fingerprint: by these they are listed."""


@dataclass(frozen=True, slots=True)
class WorsePage:
    """So many, those after one of them."""

    most: int
    after: Marked | None = None


@dataclass(frozen=True, slots=True)
class Worse:
    """A mismatch, what it was before, and the revision that made it what it is.

    `verdict` and `severity` are those of before, None where it was not there.
    """

    project: str
    finding: Finding
    verdict: str | None
    severity: str | None
    revision: int
    made: str
    author: str
    message: str

    @property
    def mark(self) -> Marked:
        """Where it stands in a list."""
        return self.made, self.project, self.finding.fingerprint


@dataclass(frozen=True, slots=True)
class WorseListed:
    """Mismatches that are new or graver, and the mark of the last where there are more."""

    found: tuple[Worse, ...]
    last: Marked | None


# The latest turn of a finding made it what it is.
_LATEST = """
SELECT turn.project, turn.fingerprint, turn.revision, turn.made, author, message, record
FROM turn
JOIN finding USING (project, fingerprint)
LEFT JOIN revision ON revision.project = turn.project AND revision.number = turn.revision
WHERE turn.verdict = 'mismatch' AND finding.verdict = 'mismatch'
AND NOT EXISTS (
    SELECT 1 FROM turn AS later
    WHERE later.project = turn.project AND later.fingerprint = turn.fingerprint
    AND later.revision > turn.revision
)
"""
_AFTER = """
AND turn.made <= ? AND (turn.made < ? OR (turn.project, turn.fingerprint) > (?, ?))
"""
_ORDER = "ORDER BY turn.made DESC, turn.project, turn.fingerprint"


@dataclass(frozen=True, slots=True)
class _Since:
    """What is asked of turns, and which of them were before."""

    where: str
    values: tuple[str | int, ...]
    before: str
    limit: str | int


def marked(text: str) -> Marked:
    """The mark of a text; raises NotFound where it is none."""
    made, project, fingerprint = position(text, str, str, str)
    return str(made), str(project), str(fingerprint)


def since_time(
    connection: Connection,
    time: str,
    page: WorsePage,
    project: str | None = None,
    *,
    hidden: Collection[str] = (),
) -> WorseListed:
    """What got worse in a project, or in any, after a time, the latest first."""
    values: tuple[str, ...]
    if project is None:
        where = "AND turn.made > ? AND turn.project NOT IN (SELECT value FROM json_each(?)) "
        values = time, json.dumps(list(hidden))
    else:
        where, values = "AND turn.made > ? AND turn.project = ? ", (time, project)
    return _listed(connection, _Since(where, values, "made <= ?", time), page)


def since_revision(
    connection: Connection, project: str, number: int, page: WorsePage
) -> WorseListed:
    """What got worse in a project after a revision, the latest first."""
    where = "AND turn.project = ? AND turn.revision > ? "
    since = _Since(where, (project, number), "revision <= ?", number)
    return _listed(connection, since, page)


def _listed(connection: Connection, since: _Since, page: WorsePage) -> WorseListed:
    values = list(since.values)
    where = since.where
    if page.after:
        made, project, fingerprint = page.after
        where += _AFTER
        values += [made, made, project, fingerprint]
    found = []
    for row in connection.execute(f"{_LATEST} {where} {_ORDER}", values):
        one = _worse(connection, row, since)
        if one is not None:
            found.append(one)
        if len(found) > page.most:
            break
    shown = found[: page.most]
    pairs = [(one.project, one.finding.fingerprint) for one in shown]
    there = waivers.counting(connection, pairs)
    told = tuple(
        replace(one, finding=replace(one.finding, waiver=there.get(pair)))
        for pair, one in zip(pairs, shown, strict=True)
    )
    return WorseListed(told, shown[-1].mark if len(found) > page.most else None)


def _worse(connection: Connection, row: Row, since: _Since) -> Worse | None:
    """The finding of a row, if it was no such mismatch before."""
    before = connection.execute(
        "SELECT verdict, severity FROM turn WHERE project = ? AND fingerprint = ? "  # noqa: S608 - our own
        f"AND {since.before} ORDER BY revision DESC LIMIT 1",
        (row["project"], row["fingerprint"], since.limit),
    ).fetchone()
    verdict, severity = before or (None, None)
    finding = records.finding(row["record"])
    if not is_worse(verdict, severity, finding):
        return None
    when = row["revision"], row["made"], row["author"] or "", row["message"] or ""
    return Worse(row["project"], finding, verdict, severity, *when)
