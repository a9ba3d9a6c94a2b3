"""Files of results: which they are, what they measured, and what is left because nobody knows whose
it is.
"""

from pathlib import Path

import pytest

from kg.importers import metrics, tables
from kg.importers._measures import measure_of
from tests.importing import elements, lines, problems, read_case, read_text, reasons, source, values

REPORT = "reports/classification_report.txt"


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("metrics.json", '{"accuracy": 0.9}', True),
        ("eval_results.json", '{"eval_accuracy": 0.9, "epoch": 3}', True),
        ("results.json", '{"rows": 12}', False),
        ("config.json", '{"accuracy": 0.9}', False),
        ("report.txt", "Accuracy: 0.9\n", True),
        ("report.txt", "All is well: 100\n", False),
        ("a.txt", "   precision    recall  f1-score   support\n", True),
        ("evaluation.csv", "Metric,Value\nAccuracy,0.9\n", True),
        ("result.csv", "accuracy,f1\n0.9,0.8\n", True),
        ("data.csv", "accuracy,f1\n0.9,0.8\n0.7,0.6\n", False),
        ("models.csv", "Model,Accuracy\nTree,0.9\n", True),
        ("phones.csv", "Model,Price\nTree,0.9\n", False),
        ("names.csv", "Name,Value\nAnna,3\n", False),
    ],
)
def test_results_are_told_from_records(
    name: str, text: str, *, claimed: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    given = source(tmp_path, name)
    assert metrics.claims(given) is claimed
    assert tables.claims(given) is (name.endswith(".csv") and not claimed)


def test_what_was_measured_is_observed_with_its_cases_and_line() -> None:
    reading = read_case(metrics, "report-as-text", REPORT)

    assert elements(reading) == {("TrainedModel", "", False)}
    assert all(statement.observed and not statement.prose for statement in reading.statements)
    assert values(reading, "measuredResult", "accuracy") == [0.89]
    assert values(reading, "result", "recall of class no snow") == [0.95]
    assert values(reading, "sampleSize", "recall of class no snow") == [420]
    assert 7 in lines(reading, "measuredResult")


def test_results_beside_a_model_are_its_own() -> None:
    reading = read_case(metrics, "beside-a-model", "model/scores.json")
    assert elements(reading) == {("TrainedModel", "model", True)}


def test_results_of_several_models_are_passed_over() -> None:
    reading = read_case(metrics, "nested-by-split", "metrics.json")

    assert values(reading, "result", "RMSE") == [14.5]
    assert values(reading, "result", "training RMSE") == [11.25]
    assert values(reading, "result", "R2") == [0.88]
    assert "other_model" in reasons(reading)


def test_a_value_that_is_no_number_is_a_problem(tmp_path: Path) -> None:
    found = read_text(metrics, tmp_path, "metrics.json", '{"accuracy": NaN}')
    assert problems(found) == [(1, "accuracy: NaN is no number")]
    assert problems(read_text(metrics, tmp_path, "metrics.json", "3")) == [
        (1, "Results are no mapping and no list")
    ]


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("Accuracy", "acc", "Test accuracy", "eval_accuracy", "accuracy_score"), "accuracy"),
        (("F1-Score (Class 1)", "F1_Class_1", "f1 class: 1"), "F1 of class 1"),
        (("f1_macro", "macro avg F1", "Macro F1-score"), "macro F1"),
        (("R²", "r2_score", "R squared"), "R2"),
        (("train/rmse", "Training RMSE"), "training RMSE"),
    ],
)
def test_a_measure_has_one_name(names: tuple[str, ...], same: str) -> None:
    assert {found.name if (found := measure_of(name)) else None for name in names} == {same}


@pytest.mark.parametrize("name", ["loss", "Nitrogen", "accuracy of the scale", "x" * 500, ""])
def test_what_is_no_measure_has_none(name: str) -> None:
    assert measure_of(name) is None


def test_shares_are_of_one_and_other_values_stay() -> None:
    accuracy, error = measure_of("accuracy"), measure_of("MAE")
    assert accuracy
    assert error
    assert [accuracy.value(text) for text in ("97.1 %", "97,1", "0.971")] == [0.971] * 3
    assert [error.value(text) for text in ("12.5", "-3", "1e-3")] == [12.5, -3.0, 0.001]
    assert [accuracy.value(text) for text in ("high", "1.2.3", "")] == [None] * 3
