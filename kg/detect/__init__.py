"""Detects mismatch: runs every predicate on batches of projects and reports what each says.

A batch is copied into memory, so the cost is linear in projects and the same on every store.
Predicates over different projects run on all of them at once.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kg.catalogue import Catalogue, Predicate
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import Query, answers, query_for
from kg.detect.evidence import Reader
from kg.detect.naming import Namer
from kg.detect.telling import Teller, Words
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.projects import Project
from kg.workspace import Workspace

SIZE = 128
"""Projects in a batch: fewer parse each predicate too often, more gain nothing."""

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
class _Ready:
    """A predicate with its query, what it says, and how its rows are read."""

    predicate: Predicate
    query: Query
    words: Words
    reader: Reader


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
        found: dict[str, list[Finding]] = {name: [] for name in ids}
        runs = [(ids[at : at + SIZE], self._within) for at in range(0, len(ids), SIZE)]
        if self._across:
            runs.append((ids, self._across))
        for batch, predicates in runs:
            with _undisturbed():
                for name, finding in self._found(batch, predicates, everything=everything):
                    found[name].append(finding)
        return {name: sorted(findings, key=_order) for name, findings in found.items()}

    def _made_ready(self, predicate: Predicate) -> _Ready:
        vocabulary = self._workspace.vocabulary
        query = query_for(predicate)
        words, reader = Words(predicate, vocabulary), Reader(query, vocabulary.attributes)
        return _Ready(predicate, query, words, reader)

    def _found(
        self, ids: Sequence[str], predicates: list[_Ready], *, everything: bool
    ) -> Iterator[tuple[str, Finding]]:
        facts = self._workspace.facts_of(ids)
        origins = self._workspace.origins_of(ids)
        batch = Batch(facts, self._ground)
        names = {one.iri: one.id for one in facts}
        namer = Namer(batch)
        for ready in predicates:
            teller = Teller(ready.words, ready.reader, batch, namer, origins)
            for answer in answers(ready.query, batch):
                project = names.get(batch.project(answer.subject))
                if project is not None:
                    in_full = everything or answer.verdict is not Verdict.CLEAR
                    yield project, teller.finding(answer) if in_full else teller.briefly(answer)


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
