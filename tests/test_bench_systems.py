"""The systems that the bench makes are what it claims: of the usual size, and met by every
predicate.
"""

import os
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bench.systems import COMPANY, system, systems
from kg.detect import Detector, check, detect
from kg.detect.judging import Judge
from kg.exports import exporter_for
from kg.findings import Finding, Verdict
from kg.projects import Project, read_project
from kg.projects.identity import elements
from kg.projects.judging import class_of
from kg.stores import open_store
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY, verdicts

ROOT = Path(__file__).parents[1]
COUNT = 200
KINDS = {name: predicate.kind for name, predicate in CATALOGUE.predicates.items()}
# Every system has all eight elements, and links them.
NEVER_UNDECIDED = {"missing-element-descriptor", "unlinked-elements"}
# One needs a project with one model that gives one thing, the other one model with several runs;
# most systems are about more.
MET_SELDOM = {"predicted-type-differs", "recorded-runs-disagree"}

Found = dict[str, list[Finding]]


@pytest.fixture(scope="module")
def made() -> list[Project]:
    return list(systems(COUNT))


@pytest.fixture(scope="module")
def workspace(made: list[Project]) -> Workspace:
    return holding(made)


@pytest.fixture(scope="module")
def found(made: list[Project], workspace: Workspace) -> Found:
    return detect([project.id for project in made], workspace, CATALOGUE)


def holding(projects: list[Project]) -> Workspace:
    workspace = Workspace(open_store("memory:"), VOCABULARY, statistics=CATALOGUE.statistics)
    for project in projects:
        workspace.put(project)
    return workspace


def stating(found: Found, verdict: Verdict | None = None) -> Counter[str]:
    """In how many systems each predicate has a finding, or one of the verdict."""
    return Counter(
        predicate
        for findings in found.values()
        for predicate in {f.predicate for f in findings if verdict in (None, f.verdict)}
    )


def parts(project: Project, kind: str) -> int:
    """How many parts of the class, or of one below it, the project has."""
    nodes = {s.node for entry in project.entries for s in entry.reading.statements}
    classes = (class_of(node, VOCABULARY) for node in nodes if node.parts)
    return sum(kind in VOCABULARY.ancestors(name) for name in classes)


# -- which systems are made ------------------------------------------------------------------------


def test_a_system_is_the_same_whichever_others_are_made(made: list[Project]) -> None:
    assert system(COUNT - 1) == made[-1]
    assert len({project.id for project in made}) == COUNT


def test_another_seed_makes_other_systems(made: list[Project]) -> None:
    assert system(0, seed=5).entries != made[0].entries


def test_a_system_is_the_same_in_every_process(workspace: Workspace) -> None:
    script = (
        "from hashlib import sha256\n"
        "from bench.systems import CATALOGUE, VOCABULARY, Workspace, open_store, system\n"
        "named = CATALOGUE.statistics\n"
        "workspace = Workspace(open_store('memory:'), VOCABULARY, statistics=named)\n"
        "workspace.put(system(17))\n"
        "print(sha256(workspace.facts('system-00017').triples.encode()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    triples = workspace.facts("system-00017").triples
    assert done.stdout.strip() == sha256(triples.encode()).hexdigest()


# -- what they are made of -------------------------------------------------------------------------


def test_the_median_system_has_600_to_700_triples(
    made: list[Project], workspace: Workspace
) -> None:
    sizes = [len(workspace.facts(project.id).triples.splitlines()) for project in made]
    assert 600 <= statistics.median(sizes) <= 700


def test_every_system_has_all_elements_and_enough_parts(made: list[Project]) -> None:
    kinds = {element.name for element in VOCABULARY.concrete()}
    for project in made:
        # Tables of no special kind are there where a topic has some.
        assert {element.kind for element in elements(project.entries)} - {"Data"} == kinds
        assert parts(project, "Field") >= 20
        assert parts(project, "Software") >= 10
        assert parts(project, "Metric") >= 5


def test_every_system_has_sources_that_declare_and_some_that_were_observed(
    made: list[Project],
) -> None:
    for project in made:
        assert 5 <= len(project.entries) <= 10
        assert project.problems == ()
        stated = [s for entry in project.entries for s in entry.reading.statements]
        assert {s.observed for s in stated} == {True, False}
        assert all(s.place.line for s in stated)


def test_most_elements_are_those_that_every_system_has(made: list[Project]) -> None:
    assert statistics.median(len(elements(project.entries)) for project in made) <= 9


# -- what is found in them -------------------------------------------------------------------------


def test_every_predicate_finds_its_elements_in_a_tenth_of_the_systems(found: Found) -> None:
    met = stating(found)
    few = {name for name in KINDS if met[name] < COUNT / 10}
    assert few <= MET_SELDOM
    assert all(met[name] for name in few)


def test_every_predicate_is_a_mismatch_in_some_system(found: Found) -> None:
    met = stating(found, Verdict.MISMATCH)
    assert [n for n, kind in KINDS.items() if kind != "completeness" and not met[n]] == []


def test_completeness_is_clear_in_some_systems_and_undecided_in_others(found: Found) -> None:
    clear, undecided = stating(found, Verdict.CLEAR), stating(found, Verdict.UNDECIDED)
    completeness = {name for name, kind in KINDS.items() if kind == "completeness"}
    assert {name for name in completeness if not clear[name]} == set()
    assert {name for name in completeness if not undecided[name]} == NEVER_UNDECIDED


def test_some_of_all_findings_are_mismatches_and_most_are_not(found: Found) -> None:
    given = Counter(finding.verdict for findings in found.values() for finding in findings)
    shares = {verdict: count / given.total() for verdict, count in given.items()}
    assert 0.08 <= shares[Verdict.MISMATCH] <= 0.2
    assert shares[Verdict.CLEAR] >= 0.3
    assert shares[Verdict.UNDECIDED] >= 0.3


def test_mismatches_within_a_system_name_its_files_and_a_line(
    made: list[Project], found: Found
) -> None:
    for project in made[:COMPANY]:
        files = {str(entry.path) for entry in project.entries}
        wrong = [f for f in found[project.id] if f.verdict is Verdict.MISMATCH]
        evidence = [e for f in wrong if KINDS[f.predicate] != "cross-project" for e in f.evidence]
        origins = [origin for each in evidence for origin in each.sources]
        assert {origin.file for origin in origins} <= files
        assert origins
        assert all(origin.line for origin in origins)


def test_each_system_shares_with_a_few_of_its_company(made: list[Project], found: Found) -> None:
    numbers = {project.id: number for number, project in enumerate(made)}
    shared: dict[int, set[int]] = defaultdict(set)
    for name, findings in found.items():
        for finding in findings:
            if KINDS[finding.predicate] == "cross-project" and finding.object:
                other = finding.object.iri.split("/projects/")[1].split("/")[0]
                shared[numbers[name]].add(numbers[other])
                shared[numbers[other]].add(numbers[name])
    for number, others in shared.items():
        assert {other // COMPANY for other in others} == {number // COMPANY}
    assert 2 <= statistics.mean(len(shared[n] - {n}) for n in range(COUNT)) <= 5


# -- as if they had been read ----------------------------------------------------------------------


def test_a_company_written_in_yaml_and_read_gets_the_same_verdicts(
    made: list[Project], found: Found, tmp_path: Path
) -> None:
    company = made[:COMPANY]
    again = holding(written(company, tmp_path, ".yaml"))
    given = detect([project.id for project in company], again, CATALOGUE)
    for name, findings in given.items():
        assert verdicts(findings) == verdicts(found[name])


def test_a_company_written_in_trig_and_read_has_the_same_triples(
    made: list[Project], workspace: Workspace, tmp_path: Path
) -> None:
    company = made[:COMPANY]
    again = holding(written(company, tmp_path, ".trig"))
    for project in company:
        given, wanted = (w.facts(project.id).triples.splitlines() for w in (again, workspace))
        assert set(given) == set(wanted)


def written(projects: list[Project], folder: Path, suffix: str) -> list[Project]:
    """The projects, written as files and read as any others."""
    for project in projects:
        write(project, folder / project.id, suffix)
    again = [read_project(folder / project.id, VOCABULARY) for project in projects]
    assert [project.problems for project in again] == [()] * len(again)
    return again


def write(project: Project, folder: Path, suffix: str) -> None:
    """Write each source of the project as a file of its own."""
    exporter = exporter_for(suffix)
    for entry in project.entries:
        links = tuple(link for link in project.links if link[0] == str(entry.path))
        path = folder / entry.path.with_suffix(suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        alone = replace(project, entries=(entry,), links=links)
        path.write_text(exporter.write(alone, VOCABULARY), encoding="utf-8")


# -- on several cores ------------------------------------------------------------------------------


@pytest.mark.parametrize("everything", [True, False])
def test_two_processes_find_what_one_finds(workspace: Workspace, *, everything: bool) -> None:
    ids = workspace.ids()[: 2 * COMPANY]
    alone, together = (Detector(workspace, CATALOGUE, cores) for cores in (1, 2))

    expected = alone.detect(ids, everything=everything)

    assert together.detect(ids, everything=everything) == expected
    assert all(found.findings for found in expected.values())


def test_many_projects_are_checked_on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []

    def judged_here(some: object, judge: Judge, cores: int, *, everything: bool) -> object:
        used.append(cores)
        for few in some:  # type: ignore[attr-defined]
            for kept in few:
                yield kept.facts, judge.judged(kept.facts, everything=everything)

    monkeypatch.setattr("kg.detect.judged", judged_here)
    monkeypatch.setattr("kg.detect.WORTHWHILE", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    for count in (2, 3):
        check(systems(count), Workspace(open_store("memory:"), VOCABULARY), CATALOGUE)

    assert used == [7]
