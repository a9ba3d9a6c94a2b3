"""The worked extension: generative models, as it ships."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from kg import catalogue, vocabulary
from kg.catalogue import terms
from kg.cli import run
from kg.detect import check
from kg.findings import ProjectReport, Verdict
from kg.namespaces import namespace
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.translation import query_of
from kg.workshop.cases import SILENT, Case, worst
from kg.workspace import Workspace
from tests.engines import Peers
from tests.judging import cases

FOLDER = Path(__file__).parents[1] / "docs/extensions/generative-models"
VOCABULARY = vocabulary.load([FOLDER])
CATALOGUE = catalogue.load(VOCABULARY, [FOLDER])
SPACE = VOCABULARY.prefixes["gen"]
OWN = [one for one in CATALOGUE.predicates.values() if one.file.is_relative_to(FOLDER)]
CASES = list(cases(FOLDER / "cases"))


def reports(projects: Iterable[Project], workspace: Workspace) -> tuple[ProjectReport, ...]:
    return check(projects, workspace, CATALOGUE).projects


def read(folder: Path) -> Project:
    return read_project(folder, VOCABULARY, [FOLDER])


def test_it_has_what_it_promises() -> None:
    attributes = [name for name in VOCABULARY.attributes if namespace(name) == SPACE]
    parts = [name for name in VOCABULARY.parts if namespace(name) == SPACE]
    comparing = [predicate for predicate in OWN if predicate.kind == "comparison"]

    assert len(attributes) >= 10
    assert len(parts) == 2
    assert len(comparing) >= 8
    assert {code.partition(".")[0] for one in OWN for code in one.detects} > {"GM", "TM", "OE"}


def test_no_attribute_of_it_goes_unread_and_each_informs_a_mismatch() -> None:
    reading = {term for predicate in OWN for term in terms(predicate)}
    for name, attribute in VOCABULARY.attributes.items():
        if namespace(name) == SPACE:
            assert {name, *attribute.above} & (reading | {"requiredMemory"}), name
            assert attribute.informs, name
            assert attribute.asked_of, name
            assert attribute.label, name
            assert attribute.definition.endswith("."), name
            assert attribute.example, name


def test_every_predicate_has_each_verdict_among_its_cases() -> None:
    shown = {predicate.id: set[str]() for predicate in OWN}
    for case in CASES:
        shown[case.predicate].add(case.expected)

    for name, verdicts in shown.items():
        assert verdicts - {SILENT} == {str(verdict) for verdict in Verdict}, name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_has_the_verdict_that_it_is_named_for(case: Case, tmp_path: Path) -> None:
    for source in case.sources:
        source.write(tmp_path)
    projects = [read(folder) for folder in sorted(tmp_path.iterdir())]
    workspace = Workspace(open_store("memory:"), VOCABULARY)

    (told,) = reports(projects, workspace)

    assert told.problems == ()
    found = [finding for finding in told.findings if finding.predicate == case.predicate]
    assert worst(finding.verdict for finding in found) == case.expected
    query = query_of(CATALOGUE.predicate(case.predicate))
    facts = workspace.facts(projects[0].id).triples
    rows = Peers(None, facts).named_rows(query)
    assert worst(Verdict(row["verdict"]) for row in rows) == case.expected


def test_the_example_shows_what_it_is_for() -> None:
    (told,) = reports([read(FOLDER / "example")], Workspace(open_store("memory:"), VOCABULARY))
    wrong = {f.predicate for f in told.findings if f.verdict is Verdict.MISMATCH}

    assert told.problems == ()
    assert wrong == {predicate.id for predicate in OWN} | {"resources-exceed-operations"}


def test_the_readme_names_each_predicate() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert [one.id for one in OWN if f"`{one.id}`" not in text] == []


def test_what_the_readme_runs_finds_mismatches(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", str(FOLDER / "example"), "--knowledge", str(FOLDER)])

    assert code == 1
    assert "inferred from serving memory" in capsys.readouterr().out
