"""DVC's files: stages, the runs on record, settings, and what is tracked in place of files."""

from pathlib import Path

import pytest

from kg.importers import dvc, dvc_file
from kg.importers._dvc import below, settings
from kg.reading import read_yaml
from kg.statements import Reading
from tests.importing import lines, problems, read_case, read_text, reasons, source, values

STALE = "stale-run"


def files(reading: Reading) -> dict[str, list[object]]:
    """The recorded digests and sizes by the names of their files."""
    found: dict[str, list[object]] = {}
    for statement in reading.statements:
        if statement.attribute in {"recordedDigest", "recordedSize"}:
            found.setdefault(statement.node.parts[-1][1], []).append(statement.value)
    return found


def test_stages_are_all_the_steps_that_there_are() -> None:
    reading = read_case(dvc, STALE, "dvc.yaml")

    assert values(reading, "name", "prepare") == ["prepare"]
    assert lines(reading, "stepCommand") == [6, 16]
    assert [attribute for _, attribute in reading.complete] == ["pipelineStep"]


def test_a_broken_stage_leaves_open_which_steps_there_are(tmp_path: Path) -> None:
    reading = read_text(dvc, tmp_path, "dvc.yaml", "stages:\n  a: {cmd: x}\n  b: text\n")

    assert reading.complete == ()
    assert problems(reading) == [(3, "The stage b is not a mapping")]


def test_a_pipeline_without_stages_has_no_steps(tmp_path: Path) -> None:
    reading = read_text(dvc, tmp_path, "dvc.yaml", "metrics: [m.json]\n")

    assert len(reading.complete) == len(reading.elements) == 1


def test_the_digest_of_dvc_2_is_told_from_that_of_dvc_3() -> None:
    found = files(read_case(dvc, STALE, "dvc.lock"))

    assert found["data/raw.txt"] == ["md5:0beb88d13295d0158f3e8285fc6e7d33", 714757]
    assert found["data/ready.txt"][0] == "md5-dos2unix:36bb9068f9b05cf83723261887faa138"


def test_paths_start_from_the_folder_that_the_stage_names() -> None:
    reading = read_case(dvc, "run-in-a-folder", "pipelines/dvc.lock")

    assert set(files(reading)) == {"code/clean.py", "data/a.csv"}
    assert "filled in by DVC" in reasons(reading)


@pytest.mark.parametrize("stages", ["- a\n", "stages: [\n"])
def test_a_broken_pipeline_does_not_cost_its_lock(tmp_path: Path, stages: str) -> None:
    (tmp_path / "dvc.yaml").write_text(stages)
    text = "schema: '2.0'\nstages: {a: {cmd: x, outs: [{path: a.csv, size: 1}]}}\n"

    assert files(read_text(dvc, tmp_path, "dvc.lock", text)) == {"a.csv": [1]}


def test_settings_are_claimed_beside_a_pipeline_only(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("a: 1\n")
    assert not dvc.claims(source(tmp_path, "params.yaml"))

    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    assert dvc.claims(source(tmp_path, "params.yaml"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.20", "0.2"),
        ("1.0", "1"),
        ("1e-3", "0.001"),
        ("1e999", "inf"),
        ("true", "true"),
        ("'true'", "true"),
        ("[1, a]", '[1, "a"]'),
        ("{}", "{}"),
        ("2024-03-18", '"2024-03-18"'),
    ],
)
def test_a_value_is_written_in_one_way(written: str, value: str) -> None:
    assert [v for _, v, _ in settings(read_yaml(f"a: {written}"))] == [value]


def test_a_setting_without_value_is_none() -> None:
    assert list(settings(read_yaml("a:\nb: {c: ~}"))) == []


@pytest.mark.parametrize("path", ["/a.csv", "C:\\a.csv", "s3://b/a.csv", "../../a.csv", ".", ".."])
def test_what_lies_elsewhere_is_not_in_the_project(path: str) -> None:
    assert below("data", path) is None or path in {".", ".."}
    assert below(".", path) is None


def test_a_tracked_model_is_no_data() -> None:
    reading = read_case(dvc_file, "data-and-model", "models/churn.joblib.dvc")

    assert {s.node.kind for s in reading.statements} == {"TrainedModel"}
    assert lines(reading, "recordedDigest") == [2]


def test_a_folder_is_passed_over() -> None:
    reading = read_case(dvc_file, "folder-and-elsewhere", "data/images.dvc")

    assert reading.statements == ()
    assert "a folder's digest" in reasons(reading)
