"""Detects mismatch: runs every predicate on each project and reports what it says.

A project is copied into memory and judged by itself, so the cost is linear in projects and the same
on every store. Predicates over different projects run once, on what they read of all projects
named; what else the store holds is not looked at.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kg.catalogue import Catalogue, Predicate
from kg.detect.across import Slices
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import Ready, answers, ready_for
from kg.detect.evidence import Reader
from kg.detect.telling import Scene, Teller
from kg.detect.wording import Words
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.identifiers import project_iri
from kg.projects import Project
from kg.workspace import Origins, Workspace

SIZE = 64
"""Of how many projects the store is asked at once."""

_VERDICTS = {Verdict.MISMATCH: 0, Verdict.UNDECIDED: 1, Verdict.CLEAR: 2}
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
_ACROSS = "cross-project"


def check(
    projects: Iterable[Project],
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    everything: bool = True,
) -> Report:
    """Puts the projects into the workspace and reports what every predicate says of them."""
    read = []
    for project in projects:
        workspace.put(project)
        read.append(project)
    ids = [project.id for project in read]
    found = detect(ids, workspace, catalogue, everything=everything)
    return Report(tuple(_report(project, found[project.id]) for project in read))


def detect(
    ids: Sequence[str], workspace: Workspace, catalogue: Catalogue, *, everything: bool = True
) -> dict[str, list[Finding]]:
    """Every finding of every project named, in a stable order, the clear ones included; unless
    everything is told, these show no evidence.
    """
    return Detector(workspace, catalogue).detect(ids, everything=everything)


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

    def detect(self, ids: Sequence[str], *, everything: bool = True) -> dict[str, list[Finding]]:
        """Every finding of every project named, in a stable order."""
        with _undisturbed():
            found = self._found(ids, everything=everything)
        return {name: sorted(findings, key=_order) for name, findings in found.items()}

    def _found(self, ids: Sequence[str], *, everything: bool) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {name: [] for name in ids}
        for at in range(0, len(ids), SIZE):
            few = ids[at : at + SIZE]
            origins = self._workspace.origins_of(few)
            for facts in self._workspace.facts_of(few):
                batch = Batch([facts], self._ground)
                told = self._told(batch, self._within, origins, everything=everything)
                found[facts.id] = [finding for _, finding in told]
        if self._across:
            names = {project_iri(self._workspace.base, name): name for name in ids}
            slices = Slices(ids, self._compared, self._workspace)
            batch = Batch(slices.facts(), self._ground)
            for name, finding in self._told(batch, self._across, slices, everything=everything):
                found[names[name]].append(finding)
        return found

    def _asker(self, predicate: Predicate) -> _Asker:
        vocabulary = self._workspace.vocabulary
        ready = ready_for(predicate)
        words, reader = Words(predicate, vocabulary), Reader(ready, vocabulary.attributes)
        return _Asker(ready, Teller(words, reader))

    @staticmethod
    def _told(
        batch: Batch, askers: list[_Asker], origins: Mapping[str, Origins], *, everything: bool
    ) -> Iterator[tuple[str, Finding]]:
        """Each finding, with the IRI of the project that it is about."""
        scene = Scene(batch, origins)
        for asker in askers:
            for answer in answers(asker.ready, batch):
                project = batch.project(answer.subject)
                if project:
                    in_full = everything or answer.verdict is not Verdict.CLEAR
                    tell = asker.teller.finding if in_full else asker.teller.briefly
                    yield project, tell(answer, scene)


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


def _report(project: Project, findings: list[Finding]) -> ProjectReport:
    return ProjectReport(
        id=project.id,
        path=str(project.path),
        statements=project.statements,
        sources=len(project.entries),
        passed_over=project.passed_over,
        findings=tuple(findings),
        problems=project.problems,
        notes=project.notes,
    )
