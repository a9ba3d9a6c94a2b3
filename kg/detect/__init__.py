"""Detects mismatch: runs every predicate on each project and reports what it says.

A project is copied into memory and judged by itself, so the cost is linear in projects and the same
on every store. Predicates over different projects run once, on what they read of all projects
named; what else the store holds is not looked at.
"""

import os
from collections.abc import Iterable, Iterator, Sequence

from kg.catalogue import Catalogue
from kg.detect.across import Slices
from kg.detect.batch import ground_of
from kg.detect.cores import judged
from kg.detect.judging import Found, Judge, undisturbed
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.projects import Project
from kg.workspace import Facts, Workspace

SIZE = 8
"""Of how many projects the store is asked at once."""
WORTHWHILE = 500
"""Projects from which on processes of their own earn what their start costs."""

_VERDICTS = {Verdict.MISMATCH: 0, Verdict.UNDECIDED: 1, Verdict.CLEAR: 2}
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
ACROSS = "cross-project"
"""The kind of a predicate over different projects."""


def check(
    projects: Iterable[Project],
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    everything: bool = True,
) -> Report:
    """Puts the projects into the workspace and reports what every predicate says of them; unless
    everything is told, what is clear is only counted. Many projects are judged on all cores.
    """
    read = []
    for project in projects:
        workspace.put(project)
        read.append(project)
    ids = [project.id for project in read]
    cores = os.cpu_count() or 1 if len(ids) >= WORTHWHILE else 1
    found = Detector(workspace, catalogue, cores).detect(ids, everything=everything)
    return Report(tuple(report_of(project, found[project.id]) for project in read))


def detect(
    ids: Sequence[str], workspace: Workspace, catalogue: Catalogue
) -> dict[str, list[Finding]]:
    """Every finding of every project named, the clear ones included."""
    found = Detector(workspace, catalogue).detect(ids)
    return {name: one.findings for name, one in found.items()}


class Detector:
    """Runs a catalogue over a workspace, with every query compiled once for each of the cores."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, cores: int = 1) -> None:
        self._workspace = workspace
        self._cores = cores
        predicates, ground = catalogue.predicates.values(), ground_of(workspace.vocabulary)
        self._within = Judge(ground, [one for one in predicates if one.kind != ACROSS])
        self._across = Judge(ground, [one for one in predicates if one.kind == ACROSS])

    def detect(self, ids: Sequence[str], *, everything: bool = True) -> dict[str, Found]:
        """What is found in every project named."""
        slices = Slices(self._across.predicates, self._workspace)
        with undisturbed():
            found = {}
            for facts, one in self._found(ids, everything=everything):
                found[facts.id] = one
                slices.add(facts)
            told = {facts.iri: found[facts.id] for facts in slices.facts}
            self._across.judge(slices.facts, slices, told, everything=everything)
            for one in found.values():
                in_order(one.findings)
        return found

    def _found(self, ids: Sequence[str], *, everything: bool) -> Iterator[tuple[Facts, Found]]:
        """What is found in each project by itself."""
        some = (ids[at : at + SIZE] for at in range(0, len(ids), SIZE))
        if self._cores == 1:
            for few in some:
                for facts in self._workspace.facts_of(few):
                    yield facts, self._within.judged(facts, everything=everything)
        else:
            kept = (self._workspace.kept_of(few) for few in some)
            yield from judged(kept, self._within, self._cores, everything=everything)


def in_order(findings: list[Finding]) -> None:
    """Put findings into the order in which reports tell them."""
    findings.sort(key=_order)


def _order(finding: Finding) -> tuple[object, ...]:
    return (
        _VERDICTS[finding.verdict],
        _SEVERITIES[finding.severity],
        finding.subject.name,
        finding.object.name if finding.object else "",
        finding.predicate,
        finding.item or "",
    )


def report_of(project: Project, found: Found) -> ProjectReport:
    """The report of a project in which that was found."""
    return ProjectReport(
        id=project.id,
        path=str(project.path),
        statements=project.statements,
        sources=len(project.entries),
        passed_over=project.passed_over,
        findings=tuple(found.findings),
        cleared=found.cleared,
        problems=project.problems,
        notes=project.notes,
    )
