"""Lists findings page by page: what was shown is known by its position, so that nothing comes twice
or is missed where a revision came between.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.findings import Finding, ProjectReport, Verdict, Waiver
from kg.history import Connection, findings, now, records, waivers
from kg.history.wanted import SEVERITIES, VERDICTS, Order, Position, Wanted


@dataclass(frozen=True, slots=True)
class Page:
    """So many findings, those after a position."""

    most: int
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Findings in their order, by project, and the position of the last where there are more."""

    projects: tuple[ProjectReport, ...]
    last: Position | None = None


def _cases(column: str, values: Iterable[str]) -> str:
    cases = " ".join(f"WHEN '{value}' THEN {place}" for place, value in enumerate(values))
    return f"CASE {column} {cases} END"


_POSITION = (
    f"finding.project AS project, {_cases('verdict', VERDICTS)} AS v, "
    f"{_cases('severity', SEVERITIES)} AS s, place(mismatches) AS p, names"
)


def current(
    connection: Connection,
    wanted: Wanted,
    order: Order,
    page: Page,
) -> Listed:
    """What the current revisions show; a project that is named is there without findings too."""
    connection.create_function("place", 1, order.place, deterministic=True)
    conditions = [*wanted.conditions(now())]
    where = [text for text, _ in conditions]
    values: list[str | int] = [value for _, found in conditions for value in found]
    if page.after:
        where.append(
            "finding.project >= ? AND NOT (finding.project = ? AND (v, s, p, names) <= ("
            "?, ?, ?, ?))"
        )
        values += [page.after[0], *page.after]
    rows = connection.execute(
        "WITH page AS MATERIALIZED ("  # noqa: S608 - our own
        f"SELECT {_POSITION}, fingerprint FROM finding "
        f"WHERE {' AND '.join(where) or 'true'} "
        "ORDER BY project, v, s, p, names LIMIT ?) "
        "SELECT page.*, record FROM page JOIN finding USING (project, fingerprint) "
        "ORDER BY project, v, s, p, page.names",
        (*values, page.most + 1),
    ).fetchall()
    there = waivers.counting(connection, [(row["project"], row["fingerprint"]) for row in rows])
    found = defaultdict[str, list[Finding]](list)
    for name in wanted.projects:
        found[name] = []
    for row in rows[: page.most]:
        waiver = there.get((row["project"], row["fingerprint"]))
        found[row["project"]].append(_told(records.finding(row["record"]), order, waiver))
    reports = tuple(
        replace(findings.rest(connection, name), findings=tuple(some))
        for name, some in found.items()
    )
    last = rows[page.most - 1] if len(rows) > page.most else None
    return Listed(reports, tuple(last)[:5] if last else None)


def of_report(
    connection: Connection,
    report: ProjectReport,
    wanted: Wanted,
    order: Order,
    page: Page,
) -> Listed:
    """What a report shows, as one of an earlier revision, with the waivers that count now."""
    there = waivers.counting(
        connection, [(report.id, finding.fingerprint) for finding in report.findings]
    )
    told = (_told(one, order, there.get((report.id, one.fingerprint))) for one in report.findings)
    some = [(order.position(report.id, one), one) for one in told if wanted.holds(one)]
    some.sort(key=lambda pair: pair[0])
    some = [pair for pair in some if page.after is None or pair[0] > page.after]
    shown = tuple(finding for _, finding in some[: page.most])
    counts = {verdict: report.count(verdict) for verdict in Verdict}
    told_now = replace(report, findings=shown, cleared=0, counts=counts)
    return Listed((told_now,), some[page.most - 1][0] if len(some) > page.most else None)


def _told(finding: Finding, order: Order, waiver: Waiver | None) -> Finding:
    return replace(finding, priority=order.priority(finding), waiver=waiver)
