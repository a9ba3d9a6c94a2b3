"""Detects mismatch: runs every predicate on batches of projects and reports what each says.

A batch is copied into memory, so the cost is linear in projects and the same on every store.
Predicates over different projects run once, on what they read of all projects named; what else the
store holds is not looked at.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kg.catalogue import Catalogue, Predicate
from kg.detect.across import Slices
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import Query, answers, query_for
from kg.detect.evidence import Reader
from kg.detect.naming import Namer
from kg.detect.telling import Teller
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.identifiers import project_iri
from kg.projects import Project
from kg.workspace import Facts, Origins, Workspace

SIZE = 128
"""Projects in a batch: fewer parse each predicate too often, more gain nothing."""

_VERDICTS = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)
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
class _Ready:
    """A predicate with its query, and what is known of it."""

    predicate: Predicate
    query: Query
    reader: Reader


@dataclass(frozen=True, slots=True)
class _Run:
    """Predicates, what they run on, and where that is stated."""

    predicates: Sequence[_Ready]
    facts: Iterable[Facts]
    origins: Mapping[str, Origins]


class Detector:
    """Runs a catalogue over a workspace, and keeps what need not be done for each batch."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue) -> None:
        self._workspace = workspace
        self._ground = Ground(workspace.vocabulary)
        ready = [self._made_ready(predicate) for predicate in catalogue.predicates.values()]
        self._across = [one for one in ready if one.predicate.kind == _ACROSS]
        self._within = [one for one in ready if one.predicate.kind != _ACROSS]

    def detect(self, ids: Sequence[str], *, everything: bool = True) -> dict[str, list[Finding]]:
        """Every finding of every project named, in a stable order."""
        names = {project_iri(self._workspace.base, name): name for name in ids}
        found: dict[str, list[Finding]] = {name: [] for name in ids}
        for run in self._runs(ids):
            with _undisturbed():
                for project, finding in self._found(run, everything=everything):
                    found[names[project]].append(finding)
        return {name: sorted(findings, key=_order) for name, findings in found.items()}

    def _runs(self, ids: Sequence[str]) -> Iterator[_Run]:
        for at in range(0, len(ids), SIZE) if self._within else ():
            some, workspace = ids[at : at + SIZE], self._workspace
            yield _Run(self._within, workspace.facts_of(some), workspace.origins_of(some))
        if self._across:
            predicates = [ready.predicate for ready in self._across]
            slices = Slices(ids, predicates, self._workspace)
            yield _Run(self._across, slices.facts(), slices)

    def _made_ready(self, predicate: Predicate) -> _Ready:
        query = query_for(predicate)
        return _Ready(predicate, query, Reader(query, self._workspace.vocabulary.attributes))

    def _found(self, run: _Run, *, everything: bool) -> Iterator[tuple[str, Finding]]:
        batch = Batch(run.facts, self._ground)
        namer = Namer(batch)
        for ready in run.predicates:
            teller = Teller(ready.predicate, ready.reader, batch, namer, run.origins)
            for answer in answers(ready.query, batch):
                project = batch.project(answer.first["subject"])
                if project:
                    briefly = answer.verdict is Verdict.CLEAR and not everything
                    yield project, teller.finding(answer, briefly=briefly)


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
        _VERDICTS.index(finding.verdict),
        list(Severity).index(finding.severity),
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
