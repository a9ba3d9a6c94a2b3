"""What the current revision of each project shows, a row a finding, and when each became so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import TypeAlias

from kg.errors import NotFound
from kg.findings import Finding, ProjectReport, Verdict
from kg.history import Connection, now, records, revisions, waivers
from kg.history.wanted import listed, sorted_by

Standing: TypeAlias = tuple[str | None, str | None]
"""A finding's verdict and severity; neither where it is gone."""

_GONE: Standing = None, None
_COLUMNS = (
    *("project", "fingerprint", "predicate", "verdict", "severity", "kind", "mismatches", "roles"),
    *("record", "names"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A revision in which a finding took another verdict or severity, or came, or went."""

    revision: int
    made: str
    verdict: str | None
    severity: str | None


def replace(connection: Connection, project: str, report: ProjectReport) -> None:
    """Make the findings of a report those that a project shows, when its revision was added; what
    stays as it is is not written.
    """
    rows = dict(_rows(project, report))
    asked = "SELECT fingerprint, record, verdict, severity FROM finding WHERE project = ?"
    kept = {row["fingerprint"]: row for row in connection.execute(asked, (project,))}
    before: Mapping[str, Standing] = {
        name: (row["verdict"], row["severity"]) for name, row in kept.items()
    }
    changed = [
        row
        for name, row in rows.items()
        if name not in kept or row["record"] != kept[name]["record"]
    ]
    marks = ", ".join(f":{column}" for column in _COLUMNS)
    connection.executemany(
        f"INSERT OR REPLACE INTO finding ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - our own
        changed,
    )
    gone = kept.keys() - rows.keys()
    connection.executemany(
        "DELETE FROM finding WHERE project = ? AND fingerprint = ?",
        [(project, name) for name in gone],
    )
    after = {row["fingerprint"]: (row["verdict"], row["severity"]) for row in changed}
    _turn(connection, project, before, {**after, **dict.fromkeys(gone, _GONE)})
    rest = with_changes(report, findings=(), counts={v: report.count(v) for v in Verdict})
    connection.execute(
        "INSERT OR REPLACE INTO reported VALUES (?, ?)", (project, records.packed(rest).decode())
    )


def get(connection: Connection, project: str, fingerprint: str) -> Finding:
    """A finding that a project shows, or the last that it showed; raises NotFound."""
    found = shown(connection, project, fingerprint) or _last(connection, project, fingerprint)
    if found is None:
        raise NotFound(
            f"{project} has no finding {fingerprint[:64]}",
            f"GET /projects/{project}/findings lists them",
        )
    waiver = waivers.counting(connection, [(project, fingerprint)])
    return with_changes(found, waiver=waiver.get((project, fingerprint)))


def shown(connection: Connection, project: str, fingerprint: str) -> Finding | None:
    """A finding that a project shows now, without its waiver."""
    rows = connection.execute(
        "SELECT record FROM finding WHERE project = ? AND fingerprint = ?", (project, fingerprint)
    )
    row = rows.fetchone()
    return records.finding(row["record"]) if row else None


def turns(connection: Connection, project: str, fingerprint: str) -> list[Turn]:
    """When a finding became what it is, and what it was before, the latest first."""
    rows = connection.execute(
        "SELECT revision, made, verdict, severity FROM turn "
        "WHERE project = ? AND fingerprint = ? ORDER BY revision DESC",
        (project, fingerprint),
    )
    return [Turn(*row) for row in rows]


def rest(connection: Connection, project: str) -> ProjectReport:
    """The report of a project as it is now, without its findings, but with their numbers."""
    row = connection.execute("SELECT record FROM reported WHERE project = ?", (project,)).fetchone()
    if row is None:
        return ProjectReport(project, project, 0, 0, 0, ())
    return records.unpacked(row["record"].encode())


def _rows(project: str, report: ProjectReport) -> Iterator[tuple[str, dict[str, str]]]:
    """Each finding by its fingerprint, the first to read last, so that it stays where two have
    the same.
    """
    for finding in reversed(report.findings):
        record = records.packed(with_changes(finding, waiver=None, priority=None)).decode()
        kept = records.finding(record)
        yield (
            kept.fingerprint,
            {
                "project": project,
                "fingerprint": kept.fingerprint,
                "predicate": kept.predicate,
                "verdict": str(kept.verdict),
                "severity": str(kept.severity),
                "kind": kept.kind,
                "mismatches": listed(kept.mismatches),
                "roles": listed(dict.fromkeys(question.role for question in kept.ask)),
                "record": record,
                "names": sorted_by(kept),
            },
        )


def _turn(
    connection: Connection,
    project: str,
    before: Mapping[str, Standing],
    after: Mapping[str, Standing],
) -> None:
    asked = "SELECT revision FROM project WHERE id = ?"
    number = connection.execute(asked, (project,)).fetchone()["revision"]
    made = revisions.get(connection, project, number).made if number else now()
    connection.executemany(
        "INSERT OR REPLACE INTO turn VALUES (?, ?, ?, ?, ?, ?)",
        [
            (project, name, number, made, *standing)
            for name, standing in after.items()
            if standing != before.get(name, _GONE)
        ],
    )


def _last(connection: Connection, project: str, fingerprint: str) -> Finding | None:
    """A finding that is gone, as the revision before showed it."""
    gone = next(iter(turns(connection, project, fingerprint)), None)
    if gone is None or gone.revision < 2:  # noqa: PLR2004 - the first revision has none before
        return None
    report = revisions.report(connection, project, gone.revision - 1)
    return next((one for one in report.findings if one.fingerprint == fingerprint), None)
