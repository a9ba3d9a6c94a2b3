"""Which findings to read first: the graver, then what those in the reader's role find important.

The study asked practitioners how important it is to share what each mismatch is about, and counted
how often its interviews told of it. A role that it has no figures for reads by those of all.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from kg.catalogue import Catalogue, Mismatch
from kg.findings import ALL, Finding, Priority, ProjectReport, Ranking, Report, Severity, Verdict

_VERDICTS = {Verdict.MISMATCH: 0, Verdict.UNDECIDED: 1, Verdict.CLEAR: 2}
_SEVERITIES = {severity: place for place, severity in enumerate(Severity)}


def ranked(report: Report, catalogue: Catalogue, role: str | None = None) -> Report:
    """The report with its findings in the order for a reader of that role, or of any.

    A finding stands where the main one of the mismatches that it detects does: the first that the
    study knows. Where it knows none, as of a reader's own, nobody counts as finding it important.
    """
    known = priorities(catalogue.mismatches.values(), role)
    projects = (_ranked(project, known) for project in report.projects)
    return Report(tuple(projects), ranking(known.values(), role))


def order(finding: Finding) -> tuple[object, ...]:
    """What to sort findings by: verdict, rank, then names, so that no two stand level."""
    return (_VERDICTS[finding.verdict], rank(finding), *names(finding), finding.fingerprint)


def names(finding: Finding) -> tuple[str, str, str, str]:
    """What findings of one verdict and rank are sorted by."""
    other = finding.object.name if finding.object else ""
    return finding.subject.name, other, finding.predicate, finding.item or ""


def rank(finding: Finding) -> tuple[int, float, int]:
    """What ranks findings of one verdict, the least first: severity, share of raters, examples."""
    return (_SEVERITIES[finding.severity], *_importance(finding.priority))


def priorities(mismatches: Iterable[Mismatch], role: str | None = None) -> dict[str, Priority]:
    """What the study knows of each mismatch for a reader of that role, or of any, by code."""
    found = (_priority(mismatch, role) for mismatch in mismatches)
    return {one.mismatch: one for one in found if one.respondents or one.interviews}


def place(code: str, known: Mapping[str, Priority]) -> int:
    """Where the mismatch stands among all known ones, from 1; those that are equal share a place.
    One that is not known stands where nobody finds it important.

    >>> rates = Priority("OD.DataRates", ALL, 25, 31, 1)
    >>> sources = Priority("OD.DataSources", ALL, 28, 31, 4)
    >>> place("OD.DataRates", {one.mismatch: one for one in (rates, sources)})
    2
    """
    mine = _importance(known.get(code))
    return 1 + sum(_importance(other) < mine for other in known.values())


def main(codes: Iterable[str], known: Mapping[str, Priority]) -> Priority | None:
    """What the study knows of the main one of several mismatches: the first that it knows."""
    return next((known[code] for code in codes if code in known), None)


def ranking(known: Collection[Priority], role: str | None) -> Ranking:
    """By whose ratings a reader of that role is told what is known."""
    raters = role if role and any(one.raters == role for one in known) else ALL
    return Ranking(
        raters, max((one.respondents for one in known if one.raters == raters), default=0)
    )


def _priority(mismatch: Mismatch, role: str | None) -> Priority:
    raters = role if role and role in mismatch.ratings else ALL
    important, respondents = mismatch.ratings.get(raters, (0, 0))
    return Priority(mismatch.code, raters, important, respondents, mismatch.interviews or 0)


def _importance(priority: Priority | None) -> tuple[float, int]:
    return (-priority.share, -priority.interviews) if priority else (0.0, 0)


def _ranked(project: ProjectReport, known: Mapping[str, Priority]) -> ProjectReport:
    findings = (replace(one, priority=main(one.mismatches, known)) for one in project.findings)
    return replace(project, findings=tuple(sorted(findings, key=order)))
