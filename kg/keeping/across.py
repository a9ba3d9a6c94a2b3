"""Predicates over different projects, judged from what each of them shares with others.

Public projects are held against each other, a private one against these and itself: so nothing of
a private project is told in another.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from kg.catalogue import Predicate
from kg.detect import in_order
from kg.detect.across import Slicer
from kg.detect.batch import Ground
from kg.detect.judging import Found, Judge, undisturbed
from kg.findings import ProjectReport
from kg.history import Connection, shared
from kg.history.shared import Across
from kg.keeping.naming import named
from kg.keeping.normal import as_kept
from kg.reports import jsonld
from kg.workspace import Facts


class Assembly:
    """Holds projects against each other by some predicates."""

    def __init__(self, ground: Ground, predicates: list[Predicate]) -> None:
        self._judge = Judge(ground, predicates)
        self._slicer = Slicer(predicates, ground.vocabulary)

    def share(self, facts: Facts) -> bytes:
        """What of a project is held against others, as JSON."""
        part = self._slicer.slice(facts)
        said = {"id": part.id, "iri": part.iri, "relations": part.relations}
        return orjson.dumps({**said, "sources": part.sources})

    def found(self, public: list[Facts], private: list[Facts]) -> Iterator[tuple[str, Across]]:
        """What is found in each project in which anything is; what is clear is not told."""
        yield from self._among(public, public)
        for one in private:
            yield from self._among([*public, one], [one])

    def _among(self, all_of: list[Facts], told: list[Facts]) -> Iterator[tuple[str, Across]]:
        found = {facts.iri: Found() for facts in all_of}
        stated = {facts.iri: facts for facts in all_of}
        with undisturbed():
            self._judge.judge(all_of, stated, found, everything=False)
        for facts in told:
            findings = found[facts.iri].findings
            if findings:
                in_order(findings)
                report = ProjectReport(facts.id, facts.id, 0, 0, 0, tuple(findings))
                yield facts.id, Across(report, _graphs(facts, report))


def _graphs(facts: Facts, report: ProjectReport) -> str:
    name = f"{facts.iri}/across"
    return as_kept({name: named(jsonld.triples(report), name, f"{facts.iri}/findings")})


def read(file: Path) -> tuple[list[Facts], list[Facts]]:
    """The public and the private projects of a file: each a line, `+` or `-` and what it shares."""
    public: list[Facts] = []
    private: list[Facts] = []
    with file.open("rb") as lines:
        for line in lines:
            (private if line.startswith(b"-") else public).append(Facts(**orjson.loads(line[1:])))
    return public, private


def write(connection: Connection, file: Path) -> int:
    """Write what all projects share into a file that `read` reads; tells how many they are."""
    count = 0
    with file.open("xb") as target:
        for _, private, facts in shared.kept(connection):
            target.write((b"-" if private else b"+") + facts + b"\n")
            count += 1
    return count


def together(connection: Connection, project: str, report: ProjectReport) -> ProjectReport:
    """The report of a project with what was found in it held against others."""
    across = shared.across(connection, project)
    if across is None:
        return report
    findings = [*report.findings, *across.report.findings]
    in_order(findings)
    return replace(report, findings=tuple(findings))
