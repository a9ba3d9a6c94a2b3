"""MLflow's runs: the last value of a metric, and whose it is."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import mlflow_run
from kg.statements import Reading
from tests.importing import problems, read_case, read_text, reasons, source, values

RUN = "mlruns/3/0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def beside_a_model(folder: Path, path: str, text: str) -> Reading:
    kept = folder / RUN / "artifacts" / "model"
    kept.mkdir(parents=True)
    (kept / "MLmodel").touch()
    return read_text(mlflow_run, folder, f"{RUN}/{path}", text)


def test_the_last_value_of_a_metric_counts() -> None:
    reading = read_case(mlflow_run, "run-with-a-model", f"{RUN}/metrics/accuracy")

    assert values(reading, "result", "accuracy") == [0.83]
    assert all(s.observed and s.place.line == 3 for s in reading.statements)
    assert {s.node.name for s in reading.statements} == {f"{RUN}/artifacts/model"}


def test_a_metric_of_no_model_is_nobodys() -> None:
    reading = read_case(mlflow_run, "run-without-a-model", f"{RUN}/metrics/r2")

    assert reading.statements == ()
    assert "keeps no model" in reasons(reading)


def test_a_run_with_several_models_says_nothing_of_either(tmp_path: Path) -> None:
    other = tmp_path / RUN / "artifacts" / "other"
    other.mkdir(parents=True)
    (other / "MLmodel").touch()

    reading = beside_a_model(tmp_path, "params/depth", "12")

    assert "keeps several models" in reasons(reading)


def test_the_day_on_which_a_run_ended_is_that_of_training() -> None:
    reading = read_case(mlflow_run, "run-with-a-model", f"{RUN}/meta.yaml")

    assert values(reading, "trainingDate") == ["2023-07-16"]


def test_a_run_may_not_have_ended(tmp_path: Path) -> None:
    reading = beside_a_model(tmp_path, "meta.yaml", "end_time: null\n")

    assert reading.statements == ()
    assert "has not ended" in reasons(reading)


def test_a_long_parameter_is_passed_over(tmp_path: Path) -> None:
    assert "too long" in reasons(beside_a_model(tmp_path, "params/text", "x" * 10_000))


def test_a_time_that_cannot_be_is_a_problem(tmp_path: Path) -> None:
    reading = beside_a_model(tmp_path, "meta.yaml", "end_time: 99999999999999999999\n")

    assert problems(reading) == [(1, "`end_time` is no time in milliseconds")]


@pytest.mark.parametrize(
    "path",
    ["meta.yaml", "mlruns/3/meta.yaml", "mlruns/3/short/metrics/a", "metrics/accuracy"],
)
def test_what_lies_elsewhere_is_no_run(tmp_path: Path, path: str) -> None:
    location = tmp_path / path
    location.parent.mkdir(parents=True, exist_ok=True)
    location.write_text("1 2 3\n")

    assert not mlflow_run.claims(source(tmp_path, path))
    with pytest.raises(DescriptorInvalid):
        mlflow_run.read(source(tmp_path, path))
