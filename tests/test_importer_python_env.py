"""MLflow's python_env.yaml: the interpreter and the packages, without those for building."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import importer_for, python_env
from tests.importing import CASES, elements, read_case, read_text, reasons, software, source

CASE = "beside-a-model"


def test_the_interpreter_and_the_packages_are_what_the_model_needs() -> None:
    reading = read_case(python_env, CASE, "model/python_env.yaml")

    assert elements(reading) == {("TrainedModel", "model", True)}
    assert software(reading) == {"python": ["==3.11.6"], "cloudpickle": ["==2.2.1"]}


def test_what_only_builds_the_environment_is_passed_over() -> None:
    said = reasons(read_case(python_env, CASE, "model/python_env.yaml"))

    assert "2: only building the environment needs these" in said
    assert "7: requirements.txt is read on its own" in said


def test_a_version_with_two_parts_is_every_release_of_it(tmp_path: Path) -> None:
    reading = read_text(python_env, tmp_path, "python_env.yaml", "python: 3.10\n")

    assert software(reading) == {"python": ["==3.10.*"]}


def test_no_other_importer_takes_the_file() -> None:
    found = importer_for(source(CASES / "python_env" / CASE, "model/python_env.yaml"))

    assert found is not None
    assert found[0] == "python_env"


def test_what_mlflow_does_not_write_is_passed_over(tmp_path: Path) -> None:
    reading = read_text(python_env, tmp_path, "python_env.yaml", "colour: red\n")

    assert "1: `colour` is nothing that MLflow knows" in reasons(reading)


@pytest.mark.parametrize("text", ["", "- python", "{", "\x00"])
def test_a_file_that_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(python_env, tmp_path, "python_env.yaml", text)
