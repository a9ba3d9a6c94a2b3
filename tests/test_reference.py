"""Public systems with a hand-made ground truth: what must be found there, and what must not."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.catalogue import Catalogue
from kg.detect import check
from kg.findings import Finding, Report, Verdict
from kg.projects import read_project, sub_projects
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

FOUND = [
    "ghi-prediction-01",
    "ghi-prediction-02",
    "ghi-prediction-04",
    "azureml-heart-batch-01",
    "azureml-online-01",
    "azureml-online-02",
    "azureml-online-04",
    "azureml-online-06",
    "azureml-online-10",
    "concrete-strength-07",
]


@pytest.fixture(scope="module")
def report(reference: Path, known: Vocabulary, predicates: Catalogue) -> Report:
    folders = sub_projects(reference / "artefacts" / "systems")
    projects = [read_project(folder, known) for folder in folders]
    return check(projects, Workspace(open_store("memory:"), known), predicates)


@pytest.fixture(scope="module")
def truth(reference: Path) -> dict[str, Any]:
    systems = json.loads((reference / "artefacts" / "GROUND_TRUTH.json").read_text())["systems"]
    return {item["id"]: item for items in systems.values() for item in items}


def _places(finding: Finding) -> set[tuple[str, int | None]]:
    return {(o.file, o.line) for e in finding.evidence for o in e.sources}


def _stated(item: dict[str, Any]) -> set[tuple[str, int]]:
    return {(e["file"].split("/", 2)[2], e["line"]) for e in item["evidence"] if "file" in e}


def _mismatches(report: Report, item: dict[str, Any]) -> list[Finding]:
    system = item["evidence"][0]["file"].split("/")[1]
    project = next(p for p in report.projects if p.id == system)
    return [f for f in project.findings if f.verdict is Verdict.MISMATCH]


@pytest.mark.parametrize("name", FOUND)
def test_a_true_mismatch_is_reported_with_its_files_and_lines(
    name: str, report: Report, truth: dict[str, Any]
) -> None:
    places = [_places(finding) for finding in _mismatches(report, truth[name])]
    wanted = _stated(truth[name])
    together = {place for found in places for place in found if found & wanted}
    assert wanted <= together


def test_no_control_is_reported(report: Report, truth: dict[str, Any]) -> None:
    systems = {project.id for project in report.projects}
    for name, item in truth.items():
        system = item["evidence"][0].get("file", "/").split("/")[1]
        if item["kind"] == "control" and system in systems:
            wanted = _stated(item)
            told = [f for f in _mismatches(report, item) if wanted <= _places(f)]
            assert not told, name


def test_broken_files_are_problems(report: Report) -> None:
    problems = {(p.file.rpartition("/")[2], p.line) for r in report.projects for p in r.problems}
    assert ("conda.yaml", 9) in problems
    assert {name for name, _ in problems} >= {"X.csv", "Y.csv"}


def test_no_reader_fails_through_our_fault(report: Report) -> None:
    assert not [p for r in report.projects for p in r.problems if "our fault" in p.message]
