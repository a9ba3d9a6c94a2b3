"""Requirements files: every line is stated, passed over with its reason, or a problem."""

import time
from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import requirements
from kg.statements import Claim, Node, Place
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

ALL = "all-kinds-of-lines"


def test_packages_have_the_versions_that_pip_would_take() -> None:
    assert software(read_case(requirements, ALL, "requirements.txt")) == {
        "numpy": ["==1.26.4", "==1.26.3"],
        "scikit-learn": [">=1.4,<2"],
        "xgboost": ["==1.7"],
        "pandas": [">=2"],
        "cryptography": ["==42.0.5"],
        "torch": ["==2.2.1+cpu"],
        "churn-features": ["==0.3.1"],
        "lib": [],
        "uvicorn": [],
    }


def test_a_name_is_kept_as_it_is_written() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    assert values(reading, "name", "scikit-learn") == ["Scikit_Learn"]


def test_a_continued_line_counts_from_where_it_begins() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    assert lines(reading, "versionRange") == [4, 5, 6, 7, 9, 12, 13, 18]


def test_what_only_some_machines_heed_is_passed_over() -> None:
    said = reasons(read_case(requirements, ALL, "requirements.txt"))

    assert '8: pywin32==306 is asked for only where sys_platform == "win32"' in said


@pytest.mark.parametrize(
    "marker",
    [
        'python_version >= "3.8"',
        "(python_version>='3.8' and python_version < '4.0')",
        'python_full_version > "3.8.1"',
    ],
)
def test_a_lower_bound_on_python_is_no_condition(marker: str, tmp_path: Path) -> None:
    reading = read_text(requirements, tmp_path, "requirements.txt", f"numpy==1.2 ; {marker}\n")

    assert software(reading) == {"numpy": ["==1.2"]}


@pytest.mark.parametrize(
    "marker", ['python_version < "3.9"', 'extra == "gpu"', 'python_version >= "3.8" or x']
)
def test_any_other_marker_is_a_condition(marker: str, tmp_path: Path) -> None:
    reading = read_text(requirements, tmp_path, "requirements.txt", f"numpy==1.2 ; {marker}\n")

    assert software(reading) == {}
    assert "numpy==1.2 is asked for only where" in reasons(reading)


def test_a_line_that_pip_cannot_read_spoils_only_itself() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    assert problems(reading) == [(16, '"these are words" is not a requirement that pip can read')]


def test_options_and_other_files_are_passed_over() -> None:
    said = reasons(read_case(requirements, ALL, "requirements.txt"))

    assert "2: requirements/base.txt is read on its own" in said
    assert "3: the option --index-url says how to install, not what" in said
    assert "15: which package comes from ./local is not stated here" in said


def test_an_included_file_speaks_about_the_same_environment() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    node = Node("DevelopmentEnvironment", "requirements.txt", named=False)
    assert reading.claims == (Claim(("requirements/base.txt",), node, Place(2)),)


def test_a_file_in_a_folder_of_requirements_is_claimed() -> None:
    reading = read_case(requirements, ALL, "requirements/base.txt")

    assert software(reading) == {"fastapi": ["==0.110.0"]}


def test_a_framework_comes_with_its_package() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    assert values(reading, "availableFramework") == ["scikit-learn", "XGBoost", "PyTorch"]


def test_beside_a_model_the_packages_are_what_the_model_needs() -> None:
    reading = read_case(requirements, "beside-a-model", "model/requirements.txt")

    assert elements(reading) == {("TrainedModel", "model", True)}
    stated = {s.attribute for s in reading.statements}
    listed = {"packageList", "listedIn"}
    assert stated == {"requiredSoftware", "name", "versionRange", *listed}


def test_elsewhere_they_are_what_an_environment_has() -> None:
    reading = read_case(requirements, ALL, "requirements.txt")

    assert elements(reading) == {("DevelopmentEnvironment", "requirements.txt", False)}


def test_utf_16_is_read() -> None:
    reading = read_case(requirements, "wide-characters", "requirements-dev.txt")

    assert software(reading) == {"numpy": ["==1.26.4"], "pandas": []}
    assert lines(reading, "versionRange") == [1]


def test_a_constraint_does_not_say_that_its_package_is_there() -> None:
    reading = read_case(requirements, "constraints", "constraints.txt")

    assert values(reading, "availableSoftware") == []
    assert values(reading, "versionRange", "numpy") == ["<2"]


def test_what_conda_lists_for_itself_is_read(tmp_path: Path) -> None:
    text = "# created by conda list --export\n_libgcc_mutex=0.1=main\nnumpy=1.21.2=py38_0\n"

    reading = read_text(requirements, tmp_path, "requirements.txt", text)

    assert software(reading)["numpy"] == ["==1.21.2"]


def test_a_last_line_that_is_continued_is_read(tmp_path: Path) -> None:
    reading = read_text(requirements, tmp_path, "requirements.txt", "numpy==1.26.4 \\")

    assert software(reading) == {"numpy": ["==1.26.4"]}


@pytest.mark.parametrize(
    "name",
    ["requirements.txt", "dev-requirements.txt", "requirements_docker.in", "requirement.txt"],
)
def test_its_names_are_claimed(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()

    assert requirements.claims(source(tmp_path, name))


@pytest.mark.parametrize("name", ["README.txt", "requirements.md", "myrequirementstxt"])
def test_other_names_are_not(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()

    assert not requirements.claims(source(tmp_path, name))


@pytest.mark.parametrize("data", [b"\x80\x04\x95binary\x00\x01", b"PAR1\x00\x00", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(requirements, tmp_path, "requirements.txt", data)


def test_of_many_broken_lines_the_first_are_listed(tmp_path: Path) -> None:
    reading = read_text(requirements, tmp_path, "requirements.txt", "a b\n" * 1000)

    assert len(problems(reading)) == 21


def test_a_file_of_garbage_ends_soon(tmp_path: Path) -> None:
    begun = time.monotonic()

    with pytest.raises(DescriptorInvalid, match="more than 50,000"):
        read_text(requirements, tmp_path, "requirements.txt", "a\n" * 2_000_000)

    assert time.monotonic() - begun < 5


def test_every_real_file_is_read_line_by_line(reference: Path) -> None:
    folder = reference / "artefacts"
    files = [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*.txt"))
        if requirements.claims(source(folder, str(file.relative_to(folder))))
    ]

    read = [requirements.read(source(folder, path)) for path in files]

    assert len(read) > 12
    assert [problem for reading in read for problem in reading.problems] == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("mlflow==2.7.1\nnumpy\n", True),
        ("--prefer-binary\nmlflow\n", True),
        ("-r more.txt\nmlflow\n", False),
        ("mlflow\n./wheels/own\n", False),
        ("mlflow\npywin32 ; sys_platform == 'win32'\n", False),
        ("mlflow\n???\n", False),
        ("# nothing yet\n", False),
    ],
)
def test_a_models_list_is_whole_where_it_names_all_packages(
    tmp_path: Path, text: str, *, whole: bool
) -> None:
    (tmp_path / "MLmodel").touch()
    reading = read_text(requirements, tmp_path, "requirements.txt", text)

    assert values(reading, "packageList") == ["requirements.txt"] * whole
    assert bool(lines(reading, "listedIn")) is whole
