"""What projects would have to state, from undecided verdicts to a file that is filled in."""

import os
import shutil
from itertools import combinations
from pathlib import Path

import pytest

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.detect import detect
from kg.findings import Finding, Verdict
from kg.gaps.projects import Asker, ProjectGaps, lacking
from kg.gaps.questionnaire import questionnaire
from kg.gaps.waiting import Missing
from kg.projects import read_project
from kg.stores import open_store
from kg.workspace import BASE, Workspace

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "docs/example"
REFERENCE = os.environ.get("MISMATCH_REFERENCE")

VOCABULARY = vocabularies.load()
CATALOGUE = catalogues.load(VOCABULARY)


def asker(role: str | None = None) -> Asker:
    store = open_store("memory:")
    return Asker(Workspace(store, VOCABULARY, BASE, CATALOGUE.statistics), CATALOGUE, role)


def gaps_of(folder: Path, role: str | None = None) -> ProjectGaps:
    return asker(role).gaps(read_project(folder, VOCABULARY, []))


def findings_of(folder: Path) -> dict[tuple[str, str, str, str], Finding]:
    workspace = Workspace(open_store("memory:"), VOCABULARY, BASE, CATALOGUE.statistics)
    project = read_project(folder, VOCABULARY, [])
    workspace.put(project)
    found = detect([project.id], workspace, CATALOGUE)[project.id]
    return {
        (f.predicate, f.subject.label, f.object.label if f.object else "", f.item or ""): f
        for f in found
    }


@pytest.fixture(scope="module")
def example() -> ProjectGaps:
    return gaps_of(EXAMPLE)


def described(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "descriptors").mkdir(exist_ok=True)
    for name, text in files.items():
        (tmp_path / f"descriptors/{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


MODEL = "element: TrainedModel\nname: churn\ndeployed_in: host\n"
HOST = "element: OperationalEnvironment\nname: host\n"


def wanted(found: ProjectGaps, predicate: str) -> set[tuple[str, str]]:
    asks = [q.ask for q in found.questions if predicate in q.waiting]
    return {(ask.kind, ask.attribute) for ask in asks if isinstance(ask, Missing)}


def test_one_side_that_is_missing_is_asked_for(tmp_path: Path) -> None:
    found = gaps_of(described(tmp_path, model=f"{MODEL}required_memory: 4 GB\n", host=HOST))

    assert ("OperationalEnvironment", "availableMemory") in wanted(
        found, "resources-exceed-operations"
    )
    assert ("TrainedModel", "requiredMemory") not in wanted(found, "resources-exceed-operations")


def test_what_takes_two_statements_is_decided_by_both_and_by_neither_alone(tmp_path: Path) -> None:
    folder = described(tmp_path, model=MODEL, host=HOST)
    found = gaps_of(folder)
    both = {("TrainedModel", "requiredFeedback"), ("OperationalEnvironment", "collectedFeedback")}
    needs = {
        "model": f"{MODEL}required_feedback:\n  - {{name: call result}}\n",
        "host": f"{HOST}collected_feedback:\n  - {{name: call result}}\n",
    }
    key = ("feedback-not-captured", "churn", "host", "")

    assert wanted(found, "feedback-not-captured") == both
    for number in (1, 2):
        for some in combinations(needs, number):
            described(tmp_path, model=MODEL, host=HOST)
            described(tmp_path, **{name: needs[name] for name in some})
            told = findings_of(folder).get(key)
            assert (told is not None and told.verdict is Verdict.UNDECIDED) == (number == 1)


def test_any_of_several_statements_is_enough_where_one_is(tmp_path: Path) -> None:
    folder = described(tmp_path, data="element: OperationalData\nname: live\n")
    asks = [q for q in gaps_of(folder).questions if q.waiting == ("missing-data-rate",)]

    assert {q.attribute for q in asks} == {"dataRates", "meanArrivalRate", "peakArrivalRate"}
    assert all(q.alone == 1 for q in asks)


def test_the_first_questions_of_the_example_decide_nearly_as_much_as_any_could(
    example: ProjectGaps,
) -> None:
    decided = [one.decided for one in example.questions[: len(example.best)]]

    assert decided[0] == example.best[0]
    assert all(d >= 0.9 * most for d, most in zip(decided, example.best, strict=True))
    assert example.questions[-1].decided == example.decidable


def test_a_role_is_asked_for_what_it_knows_and_no_more() -> None:
    found = gaps_of(EXAMPLE, "operations")

    assert found.questions
    assert {role for one in found.questions for role in one.roles} == {"operations"}
    assert found.unasked == found.undecided - found.decidable > 0
    for one in found.questions:
        if one.attribute and VOCABULARY.attributes[one.attribute].asked_of:
            assert "operations" in VOCABULARY.attributes[one.attribute].asked_of


def test_an_empty_questionnaire_states_nothing(example: ProjectGaps, tmp_path: Path) -> None:
    folder = tmp_path / "loan-approval"
    shutil.copytree(EXAMPLE, folder)
    text = questionnaire(example, VOCABULARY)
    (folder / "descriptors/questionnaire.yaml").write_text(text, encoding="utf-8")
    before, after = (read_project(one, VOCABULARY, []) for one in (EXAMPLE, folder))

    assert after.statements == before.statements
    assert after.problems == before.problems


def test_a_filled_in_questionnaire_decides_what_it_says(
    example: ProjectGaps, tmp_path: Path
) -> None:
    """Each question is answered with the attribute's example, as a person would answer it."""
    folder = tmp_path / "loan-approval"
    shutil.copytree(EXAMPLE, folder)
    lines = questionnaire(example, VOCABULARY).splitlines()
    filled = [line.removeprefix("# ") for line in lines if not line.startswith("## ")]
    (folder / "descriptors/questionnaire.yaml").write_text("\n".join(filled), encoding="utf-8")
    before, after = findings_of(EXAMPLE), findings_of(folder)
    open_ = {key for key, one in before.items() if one.verdict is Verdict.UNDECIDED}
    still = {k for k in open_ if k in after and after[k].verdict is Verdict.UNDECIDED}

    assert read_project(folder, VOCABULARY, []).problems == ()
    # Of lists the example names one item of many, and versions are stated already.
    assert {key[0] for key in still} <= {
        *("input-check-unassigned", "missing-element-descriptor", "value-domain-mismatch"),
        *("version-range-unsatisfied", "test-suite-lacks-failure-cases"),
    }
    assert len(still) < len(open_) / 3


def test_over_projects_what_is_missing_most_comes_first(example: ProjectGaps) -> None:
    rows = lacking([example, example])

    assert all(projects == 2 for _, projects, _ in rows)
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)


@pytest.mark.skipif(not REFERENCE, reason="MISMATCH_REFERENCE names no reference data")
@pytest.mark.parametrize("name", ["coffee-productivity", "max-object-detector", "mlte-gardenbuddy"])
def test_the_first_questions_of_real_projects_decide_nearly_as_much_as_any_could(
    name: str,
) -> None:
    found = gaps_of(Path(str(REFERENCE)) / "artefacts/systems" / name)
    decided = [one.decided for one in found.questions[: len(found.best)]]

    assert decided[0] == found.best[0]
    assert all(d >= 0.9 * most for d, most in zip(decided, found.best, strict=True))
