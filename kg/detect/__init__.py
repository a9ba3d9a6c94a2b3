"""Detects mismatch: runs every predicate on each project and reports what it says.

A project is copied into memory and judged by itself, so the cost is linear in projects and the same
on every store. Predicates over different projects run once, on what they read of all projects
named; what else the store holds is not looked at.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from kg.catalogue import Catalogue, Predicate
from kg.detect.across import Slices
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import Ready, answers, ready_for
from kg.detect.evidence import Reader
from kg.detect.telling import Scene, Teller
from kg.detect.wording import Words
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.projects import Project
from kg.workspace import Facts, Workspace

SIZE = 8
"""Of how many projects the store is asked at once."""

_VERDICTS = {Verdict.MISMATCH: 0, Verdict.UNDECIDED: 1, Verdict.CLEAR: 2}
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
_ACROSS = "cross-project"


@dataclass(slots=True)
class Found:
    """What was found in one project, in a stable order; clear verdicts that are not told are
    counted.
    """

    findings: list[Finding] = field(default_factory=list)
    cleared: int = 0


def check(
    projects: Iterable[Project],
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    everything: bool = True,
) -> Report:
    """Puts the projects into the workspace and reports what every predicate says of them; unless
    everything is told, what is clear is only counted.
    """
    read = []
    for project in projects:
        workspace.put(project)
        read.append(project)
    ids = [project.id for project in read]
    found = Detector(workspace, catalogue).detect(ids, everything=everything)
    return Report(tuple(_report(project, found[project.id]) for project in read))


def detect(
    ids: Sequence[str], workspace: Workspace, catalogue: Catalogue
) -> dict[str, list[Finding]]:
    """Every finding of every project named, the clear ones included."""
    found = Detector(workspace, catalogue).detect(ids)
    return {name: one.findings for name, one in found.items()}


@dataclass(frozen=True, slots=True)
class _Asker:
    """A predicate's query, and how its answers are told."""

    ready: Ready
    teller: Teller


class Detector:
    """Runs a catalogue over a workspace, with every query compiled once."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue) -> None:
        self._workspace = workspace
        self._ground = Ground(workspace.vocabulary)
        predicates = catalogue.predicates.values()
        self._within = [self._asker(one) for one in predicates if one.kind != _ACROSS]
        self._compared = [one for one in predicates if one.kind == _ACROSS]
        self._across = [self._asker(one) for one in self._compared]

    def detect(self, ids: Sequence[str], *, everything: bool = True) -> dict[str, Found]:
        """What is found in every project named."""
        with _undisturbed():
            found = self._found(ids, everything=everything)
            for one in found.values():
                one.findings.sort(key=_order)
        return found

    def _found(self, ids: Sequence[str], *, everything: bool) -> dict[str, Found]:
        found = {name: Found() for name in ids}
        slices = Slices(self._compared, self._workspace)
        for at in range(0, len(ids), SIZE):
            for facts in self._workspace.facts_of(ids[at : at + SIZE]):
                batch, told = Batch([facts], self._ground), {facts.iri: found[facts.id]}
                self._tell(batch, self._within, {facts.iri: facts}, told, everything=everything)
                slices.add(facts)
        if self._across:
            batch = Batch(slices.facts, self._ground)
            told = {facts.iri: found[facts.id] for facts in slices.facts}
            self._tell(batch, self._across, slices, told, everything=everything)
        return found

    def _asker(self, predicate: Predicate) -> _Asker:
        vocabulary = self._workspace.vocabulary
        ready = ready_for(predicate)
        words, reader = Words(predicate, vocabulary), Reader(ready, vocabulary.attributes)
        return _Asker(ready, Teller(words, reader))

    @staticmethod
    def _tell(
        batch: Batch,
        askers: list[_Asker],
        projects: Mapping[str, Facts],
        found: Mapping[str, Found],
        *,
        everything: bool,
    ) -> None:
        """Adds what is found to that of the project that it is about, by the project's IRI."""
        scene = Scene(batch, projects)
        for asker in askers:
            for answer in answers(asker.ready, batch):
                project = batch.project(answer.subject)
                if not project:
                    continue
                if everything or answer.verdict is not Verdict.CLEAR:
                    found[project].findings.append(asker.teller.finding(answer, scene))
                else:
                    found[project].cleared += 1


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector of garbage: a batch makes many objects, and none that are circular."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _order(finding: Finding) -> tuple[object, ...]:
    return (
        _VERDICTS[finding.verdict],
        _SEVERITIES[finding.severity],
        finding.subject.name,
        finding.object.name if finding.object else "",
        finding.predicate,
        finding.item or "",
    )


def _report(project: Project, found: Found) -> ProjectReport:
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
