"""The bench counts as found what its rules say, and nothing that is merely close."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench._matching import Item, item, match
from bench.ground_truth import TOGETHER, figures, matches, told

FILES = {
    "model/MLmodel": "flavors:\n  sklearn:\n    sklearn_version: 1.3.1\n  python_function:\n",
    "model/requirements.txt": "mlflow==2.7.1\nscikit-learn==0.23.2\n",
    "card.json": """{
 "fields": [
  {
   "name": "age",
   "type": "Text"
  },
  {
   "name": "fare"
  }
 ]
}
""",
    "people.csv": "age,fare\n1,2\n3,4\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "systems" / "alpha" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def _entry(*at: tuple[str, int], kind: str = "mismatch", title: str = "") -> dict[str, Any]:
    places = [{"file": f"systems/alpha/{file}", "line": line, "text": ""} for file, line in at]
    return {
        "id": "alpha-01",
        "kind": kind,
        "subcategory": "TM.ProgrammingLanguage",
        "title": title,
        "detect": "exact",
        "evidence": places or [{"computed": "schemas"}],
    }


def _finding(
    *at: tuple[str, int | None],
    about: str | None = None,
    verdict: str = "mismatch",
    codes: tuple[str, ...] = (),
    label: str = "model",
    value: object = None,
) -> dict[str, Any]:
    sources = [{"file": file} | ({"line": line} if line else {}) for file, line in at]
    return {
        "predicate": "conflicting-statements",
        "verdict": verdict,
        "item": about,
        "mismatches": list(codes),
        "subject": {"label": label},
        "object": None,
        "evidence": [{"value": value, "sources": [source]} for source in sources],
    }


VERSIONS = _entry(
    ("model/MLmodel", 3), ("model/requirements.txt", 2), title="scikit-learn 1.3.1 against 0.23.2"
)
TYPES = _entry(("card.json", 4), ("people.csv", 2), title="age is Text, and holds numbers")


def _item(entry: dict[str, Any], root: Path) -> Item:
    return item(entry, root, "systems/alpha")


def _found(entry: dict[str, Any], root: Path, *findings: dict[str, Any]) -> bool:
    return match(_item(entry, root), findings, root / "systems" / "alpha").found


def test_a_mismatch_is_found_where_both_of_its_lines_are_evidence(root: Path) -> None:
    finding = _finding(("model/MLmodel", 3), ("model/requirements.txt", 2), about="scikit-learn")
    one = match(_item(VERSIONS, root), [finding], root / "systems" / "alpha")
    assert one.found
    assert one.exactly


@pytest.mark.parametrize(
    "finding",
    [
        _finding(("model/MLmodel", 3), ("model/requirements.txt", 1), about="scikit-learn"),
        _finding(("model/MLmodel", 3), about="scikit-learn"),
        _finding(("model/MLmodel", 3), ("model/requirements.txt", 2), about="xgboost"),
        _finding(
            ("model/MLmodel", 3),
            ("model/requirements.txt", 2),
            about="scikit-learn",
            verdict="undecided",
        ),
    ],
    ids=["another line", "one side", "another matter", "undecided"],
)
def test_what_is_close_is_not_found(finding: dict[str, Any], root: Path) -> None:
    assert not _found(VERSIONS, root, finding)


def test_several_findings_may_share_the_places_of_one_item(root: Path) -> None:
    entry = _entry(
        ("model/MLmodel", 3), ("model/requirements.txt", 1), title="scikit-learn and mlflow differ"
    )
    first = _finding(("model/MLmodel", 3), ("model/requirements.txt", 2), about="scikit-learn")
    second = _finding(("model/MLmodel", 4), ("model/requirements.txt", 1), about="mlflow")
    assert not _found(entry, root, first)
    assert _found(entry, root, first, second)


def test_a_line_of_a_table_is_an_example_and_a_line_of_json_stands_for_its_entry(
    root: Path,
) -> None:
    finding = _finding(("card.json", 5), ("people.csv", 1), about="age")
    one = match(_item(TYPES, root), [finding], root / "systems" / "alpha")
    assert list(one.met.values()) == ["entry", "table"]
    assert one.found
    assert not one.exactly
    assert not _found(TYPES, root, _finding(("card.json", 8), ("people.csv", 1), about="age"))


def test_what_meets_only_a_table_has_to_be_of_the_same_subcategory(root: Path) -> None:
    entry = _entry(("people.csv", 2), title="decimal commas")
    finding = _finding(("people.csv", 1), about="fare", codes=("OD.SyntaxAndSemantics",))
    assert not _found(entry, root, finding)
    assert _found(entry, root, finding | {"mismatches": ["TM.ProgrammingLanguage"]})


def test_a_line_that_says_the_same_is_as_good(root: Path) -> None:
    entry = _entry(("model/requirements.txt", 2), title="two sizes of genders.csv")
    (root / "systems/alpha/model/requirements.txt").write_text("a\nsize: 1\n\n\nsize: 1\nsize: 2\n")
    finding = _finding(("model/requirements.txt", 5), about="data/genders.csv")
    one = match(_item(entry, root), [finding], root / "systems" / "alpha")

    assert list(one.met.values()) == ["alike"]
    assert not _found(entry, root, _finding(("model/requirements.txt", 6), about="genders.csv"))


def test_of_files_that_only_a_text_names_two_are_enough(root: Path) -> None:
    entry = _entry(title="age differs in people.csv, card.json and model/requirements.txt")

    assert _found(entry, root, _finding(("card.json", 1), ("people.csv", None), about="age"))
    assert not _found(entry, root, _finding(("card.json", 1), about="age"))


def test_what_is_said_of_a_whole_file_meets_each_of_its_lines(root: Path) -> None:
    finding = _finding(("model/MLmodel", 3), ("model/requirements.txt", None), about="scikit-learn")
    assert _found(VERSIONS, root, finding)


def test_what_has_no_item_is_about_a_matter_by_its_values(root: Path) -> None:
    entry = _entry(("card.json", 4), title="age is Text")
    assert _found(entry, root, _finding(("card.json", 5), value="Text"))
    assert not _found(entry, root, _finding(("card.json", 5), value="Integer"))


def test_files_that_only_a_text_names_are_places(root: Path) -> None:
    entry = _entry(title="people.csv differs from MLmodel and card.json.")
    assert [str(place) for place in _item(entry, root).places] == ["card.json", "people.csv"]


def test_a_control_is_reported_where_two_of_its_places_are(root: Path) -> None:
    control = VERSIONS | {"kind": "control"}
    both = _finding(("model/MLmodel", 3), ("model/requirements.txt", 2), about="scikit-learn")
    assert _found(control, root, both)
    assert not _found(control, root, _finding(("model/MLmodel", 3), about="scikit-learn"))


def test_a_gap_is_found_where_it_is_asked_about(root: Path) -> None:
    gap = _entry(("model/MLmodel", 1), kind="gap", title="no signature")
    code = ("TM.ProgrammingLanguage",)
    assert _found(
        gap,
        root,
        _finding(verdict="undecided", codes=code) | {"evidence": [{"value": None, "sources": []}]},
    )
    elsewhere = _finding(("card.json", 1), verdict="undecided", codes=code, label="people.csv")
    assert not _found(gap, root, elsewhere)
    assert not _found(gap, root, _finding(verdict="undecided", about="raw data", codes=code))
    assert _found(gap, root, _finding(verdict="undecided", about="trained model"))


def test_figures_come_from_a_check_of_the_folder(root: Path) -> None:
    control = VERSIONS | {"id": "alpha-02", "kind": "control"}
    absent = _entry(("Dockerfile", 1)) | {"id": "alpha-03", "scored": False, "because": "not here"}
    items = [VERSIONS, control, absent]
    (root / "GROUND_TRUTH.json").write_text(json.dumps({"systems": {"alpha": items}}))
    (root / "systems" / "beta").mkdir()
    found = matches(root)
    rows = figures(found)
    assert [one.found for one in rows[TOGETHER]] == [True]
    assert [one.found for one in rows["control"]] == [True]
    assert sum(map(len, rows.values())) == 3
    lines = [line for one in found for line in told(one)]
    assert lines[0].startswith("found")
    assert [line for line in lines if line.startswith("REPORTED")]
    assert [line for line in lines if line.startswith("(missed)")]
