"""Detects mismatch: runs every predicate on batches of projects and reports what each says.

A batch is copied into memory, so the cost is linear in projects and the same on every store.
Predicates over different projects run on all of them at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from kg.catalogue import Catalogue, Predicate
from kg.detect.batch import Batch
from kg.detect.by_query import answers
from kg.detect.telling import Teller
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.projects import Project
from kg.translation import query_of
from kg.workspace import Facts, Workspace

SIZE = 16
"""Projects in a batch: fewer parse each predicate too often, more meet slow query plans."""


_VERDICTS = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)


def check(projects: Iterable[Project], workspace: Workspace, catalogue: Catalogue) -> Report:
    """Puts the projects into the workspace and reports what every predicate says of them."""
    read = []
    for project in projects:
        workspace.put(project)
        read.append(project)
    found = detect([project.id for project in read], workspace, catalogue)
    return Report(tuple(_report(project, found[project.id]) for project in read))


def detect(
    ids: Sequence[str], workspace: Workspace, catalogue: Catalogue
) -> dict[str, list[Finding]]:
    """Every finding of every project named, in a stable order, the clear ones included."""
    facts = [workspace.facts(name) for name in ids]
    across = [p for p in catalogue.predicates.values() if p.kind == "cross-project"]
    within = [p for p in catalogue.predicates.values() if p.kind != "cross-project"]
    runs = [(batch, within) for batch in _batches(facts)]
    if across:
        runs.append((facts, across))
    found: dict[str, list[Finding]] = {name: [] for name in ids}
    for batch, predicates in runs:
        for name, finding in _found(batch, predicates, workspace):
            found[name].append(finding)
    return {name: sorted(findings, key=_order) for name, findings in found.items()}


def _batches(facts: list[Facts]) -> Iterator[list[Facts]]:
    waiting = iter(facts)
    return iter(lambda: list(islice(waiting, SIZE)), [])


def _found(
    facts: list[Facts], predicates: list[Predicate], workspace: Workspace
) -> Iterator[tuple[str, Finding]]:
    batch = Batch(facts, workspace.vocabulary)
    ids = {one.iri: one.id for one in facts}
    origins = {one.iri: workspace.origins(one.id) for one in facts}
    for predicate in predicates:
        query = query_of(predicate)
        teller = Teller(predicate, query, batch, origins)
        for answer in answers(query, batch):
            project = batch.projects.get(answer.first["subject"].value)
            if project in ids:
                yield ids[project], teller.finding(answer)


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
