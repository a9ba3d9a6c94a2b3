"""Conda environments: conda's packages, pip's within them, and the list that conda ignores."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import conda
from tests.importing import (
    elements,
    lines,
    problems,
    read_case,
    read_text,
    reasons,
    software,
    source,
    values,
)

BESIDE = "pip-list-beside"


def test_packages_of_conda_and_of_pip_are_what_the_model_needs() -> None:
    reading = read_case(conda, BESIDE, "model/conda.yaml")

    assert elements(reading) == {("TrainedModel", "model", True)}
    assert software(reading) == {
        "python": ["==3.11.6"],
        "pip": ["<=23.0.1"],
        "mlflow": ["==2.12.1", "==2.3"],
        "scikit-learn": ["==1.0"],
    }
    assert values(reading, "requiredLanguage") == ["Python"]


def test_a_pip_list_beside_dependencies_is_a_problem_and_read_all_the_same() -> None:
    reading = read_case(conda, BESIDE, "model/conda.yaml")

    ((line, message),) = problems(reading)
    assert line == 9
    assert "conda ignores" in message
    assert lines(reading, "versionRange") == [4, 5, 7, 10, 11]


def test_every_way_of_asking_conda_is_understood() -> None:
    reading = read_case(conda, "development", "environment.yml")

    assert elements(reading) == {("DevelopmentEnvironment", "environment.yml", False)}
    assert software(reading) == {
        "python": [">=3.10,<3.12"],
        "numpy": ["==1.26.*"],
        "torch": ["==2.2.1"],
        "scipy": [">=1.11,<2"],
        "pandas": ["==2.2.1"],
        "openssl": [],
        "pip": [],
        "evidently": [">=0.4"],
    }


def test_condas_name_is_kept_beside_pips() -> None:
    reading = read_case(conda, "development", "environment.yml")

    assert values(reading, "name", "torch") == ["pytorch"]
    assert values(reading, "availableFramework") == ["PyTorch"]


def test_what_is_not_stated_is_said() -> None:
    said = reasons(read_case(conda, "development", "environment.yml"))

    assert "2: `channels` says where conda looks for packages" in said
    assert "9: the versions of openssl are not one range: =1.1|3.*" in said
    assert "12: requirements.txt is read on its own" in said
    assert "14: `variables` says environment variables" in said


def test_a_file_that_pip_reads_speaks_about_the_same_environment() -> None:
    (claim,) = read_case(conda, "development", "environment.yml").claims

    assert claim.paths == ("requirements.txt",)
    assert claim.node.name == "environment.yml"


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("conda.yaml", "", True),
        ("environment.yml", "dependencies:\n- python\n", True),
        ("environment-dev.yaml", "name: x\ndependencies: []\n", True),
        ("conda_env.yml", "dependencies: [python]", True),
        ("environment.yml", "$schema: x\nconda_file: conda.yml\n", False),
        ("python_env.yaml", "dependencies: []\n", False),
        ("conda-lock.yml", "dependencies: []\n", False),
        ("config.yaml", "dependencies: []\n", False),
    ],
)
def test_a_file_is_claimed_by_its_name_and_its_key(
    name: str, text: str, *, claimed: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)

    assert conda.claims(source(tmp_path, name)) is claimed


def test_a_version_that_yaml_takes_for_a_number_stays_as_written(tmp_path: Path) -> None:
    text = "dependencies:\n- python=3.10\n- pip:\n  - numpy==1.20\n"

    reading = read_text(conda, tmp_path, "conda.yaml", text)

    assert software(reading) == {"python": ["==3.10.*"], "numpy": ["==1.20"]}


@pytest.mark.parametrize("text", ["", "- numpy", "5", "dependencies: {", "\x00\x01"])
def test_a_file_that_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(conda, tmp_path, "conda.yaml", text)


@pytest.mark.parametrize(
    "text",
    ["name: x", "dependencies: numpy", "dependencies:\n- '!!'", "dependencies:\n- pip: numpy"],
)
def test_what_conda_cannot_read_is_a_problem(text: str, tmp_path: Path) -> None:
    assert len(problems(read_text(conda, tmp_path, "conda.yaml", text))) == 1


def test_a_list_that_conda_does_not_read_is_passed_over(tmp_path: Path) -> None:
    reading = read_text(conda, tmp_path, "conda.yaml", "dependencies:\n- npm: [left-pad]\n")

    assert "2: `npm` is no list that conda reads" in reasons(reading)


def test_a_key_that_stands_twice_is_a_problem(tmp_path: Path) -> None:
    text = "dependencies: [python]\ndependencies: [numpy]\n"

    reading = read_text(conda, tmp_path, "conda.yaml", text)

    assert problems(reading)[0][0] == 2


def test_the_misplaced_list_of_a_real_model_is_found(reference: Path) -> None:
    folder = reference / "artefacts" / "systems" / "ghi-prediction"
    (file,) = folder.rglob("conda.yaml")

    reading = conda.read(source(folder, str(file.relative_to(folder))))

    assert [line for line, _ in problems(reading)] == [9]
    assert software(reading)["mlflow"] == ["==2.7.1", "==2.3"]
