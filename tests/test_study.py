"""The study as a test suite: its mismatches as projects, each with a repaired twin and one that
lacks the statement.

A case names the predicate that finds it and the statement at fault; the twins differ in that
statement alone. Where the mismatch is that something was never said, the case itself lacks it.
"""

import os
from collections.abc import Iterable, Iterator
from copy import deepcopy
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.detect import check
from kg.findings import Finding, Severity, Verdict
from kg.namespaces import iri
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY

FOLDER = Path(__file__).parent / "cases" / "study"
FILES = sorted(FOLDER.glob("M*.yaml"))

_GONE = object()


@dataclass(frozen=True, slots=True)
class Study:
    """A case of the study: files by path, the statement at fault, and the predicate that tells."""

    id: str
    finds: str
    also: tuple[str, ...]
    file: str
    at: str
    repaired: Any
    files: dict[str, Any]

    def __str__(self) -> str:
        return self.id

    @property
    def of_absence(self) -> bool:
        """Whether the mismatch is that something was never said."""
        predicate = CATALOGUE.predicates.get(self.finds)
        return predicate is not None and predicate.kind == "completeness"

    def twins(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The case, its repaired twin and, unless the case lacks it already, one without the
        statement.
        """
        yield "faulty", self.files
        yield "repaired", self._with(self.repaired)
        if not self.of_absence:
            yield "silent", self._with(_GONE)

    def _with(self, value: object) -> dict[str, Any]:
        files = deepcopy(self.files)
        *way, last = [_step(step) for step in self.at.split("/")[1:]]
        place = files[self.file]
        for step in way:
            place = place[step]
        if value is not _GONE:
            place[last] = value
            return files
        del place[last]
        # A list that is not stated is not said to be complete either.
        if isinstance(place, dict) and last in place.get("complete", ()):
            place["complete"].remove(last)
        return files


def _step(text: str) -> str | int:
    return int(text) if text.isdecimal() else text.replace("~1", "/").replace("~0", "~")


@cache
def case(path: Path) -> Study:
    """The case that the file holds."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    fault = told["fault"]
    return Study(
        id=path.stem,
        finds=told["finds"],
        also=tuple(told.get("also", ())),
        file=fault["file"],
        at=fault["at"],
        repaired=fault["repaired"],
        files=told["files"],
    )


CASES = [case(path) for path in FILES]


@cache
def judged(study_id: str, folder: Path) -> tuple[dict[str, Project], dict[str, list[Finding]]]:
    """The projects of a case, and what a check of each finds."""
    projects = {}
    for twin, files in case(FOLDER / f"{study_id}.yaml").twins():
        for name, content in files.items():
            path = folder / study_id / twin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
            path.write_text(text, encoding="utf-8")
        projects[twin] = read_project(folder / study_id / twin, VOCABULARY)
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    found = {
        twin: list(check([project], workspace, CATALOGUE).findings())
        for twin, project in projects.items()
    }
    return projects, found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the projects are written."""
    return tmp_path_factory.mktemp("study")


def each(cases: Iterable[Study]) -> pytest.MarkDecorator:
    """Runs a test on each case."""
    return pytest.mark.parametrize("study", [pytest.param(case, id=case.id) for case in cases])


every_case = each(CASES)


@every_case
def test_a_case_is_a_project_of_several_elements_and_sources(study: Study, folder: Path) -> None:
    projects, _ = judged(study.id, folder)
    for project in projects.values():
        assert project.problems == ()
        assert not any(entry.reading.passed_over for entry in project.entries)
        assert len(project.entries) > 1
    elements = {s.node.element for e in projects["faulty"].entries for s in e.reading.statements}
    assert len(elements) > 3


@every_case
def test_a_case_is_found_by_its_predicate(study: Study, folder: Path) -> None:
    _, found = judged(study.id, folder)
    assert tells(study, found["faulty"]), told(found["faulty"])


@every_case
def test_a_case_has_no_violation_that_its_story_does_not_contain(
    study: Study, folder: Path
) -> None:
    _, found = judged(study.id, folder)
    expected = {study.finds, *study.also}
    assert violations(found["faulty"]) <= expected
    assert violations(found["repaired"]) <= set(study.also)


@every_case
def test_a_repaired_case_is_no_longer_found(study: Study, folder: Path) -> None:
    _, found = judged(study.id, folder)
    assert not tells(study, found["repaired"]), told(found["repaired"])


@each(study for study in CASES if not study.of_absence)
def test_a_case_without_its_statement_is_undecided(study: Study, folder: Path) -> None:
    _, found = judged(study.id, folder)
    verdicts = {f.verdict for f in found["silent"] if f.predicate == study.finds}
    assert Verdict.UNDECIDED in verdicts
    assert Verdict.MISMATCH not in verdicts


@every_case
def test_a_predicate_says_which_case_it_finds(study: Study) -> None:
    assert study.id in CATALOGUE.predicate(study.finds).study


def test_every_mismatch_of_the_study_has_a_case_or_a_reason_why_not() -> None:
    cited = {name for predicate in CATALOGUE.predicates.values() for name in predicate.study}
    reasons = judgement_only()
    cases = {study.id for study in CASES}
    assert len(reasons) == 7
    assert not reasons & cases
    assert cited - reasons == cases
    assert len(cases | reasons) == 140


def test_the_cases_are_the_studys() -> None:
    if "MISMATCH_REFERENCE" not in os.environ:
        pytest.skip("the study's data are not here: MISMATCH_REFERENCE is not set")
    path = Path(os.environ["MISMATCH_REFERENCE"]) / "study" / "mismatches.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(DictReader(lines))
    assert {study.id for study in CASES} | judgement_only() == {row["id"] for row in rows}
    only = {row["id"] for row in rows if row["detectability"] == "judgement-only"}
    assert judgement_only() == only


def judgement_only() -> set[str]:
    """The mismatches of which the alignment says why no statement can show them."""
    base = iri("study:")
    subjects = {s.removeprefix(base) for s, _, _ in VOCABULARY.triples if s.startswith(base + "M")}
    return {name for name in subjects if VOCABULARY.triples.value(f"study:{name}", "skos:note")}


def tells(study: Study, found: list[Finding]) -> bool:
    """Whether the predicate says that there is a mismatch, or that something was never said."""
    wanted = Verdict.UNDECIDED if study.of_absence else Verdict.MISMATCH
    return any(f.predicate == study.finds and f.verdict is wanted for f in found)


def violations(found: list[Finding]) -> set[str]:
    """The predicates that find a mismatch which is a violation."""
    worst = (f for f in found if f.verdict is Verdict.MISMATCH)
    return {f.predicate for f in worst if f.severity is Severity.VIOLATION}


def told(found: list[Finding]) -> str:
    """What was found, for whoever reads the failure."""
    return "\n".join(f"{f.verdict.value} {f.predicate} {f.item or ''}: {f.message}" for f in found)
