"""pyproject.toml: what a project always needs, in the project's table or a tool's."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import pyproject
from tests.importing import (
    elements,
    lines,
    problems,
    read_case,
    read_text,
    reasons,
    software,
    values,
)


def test_the_projects_table_names_python_and_packages() -> None:
    reading = read_case(pyproject, "project-table", "pyproject.toml")

    assert elements(reading) == {("DevelopmentEnvironment", "pyproject.toml", False)}
    assert software(reading) == {
        "python": [">=3.10"],
        "scikit-learn": ["==1.4.2"],
        "fastapi": [">=0.110"],
    }
    assert lines(reading, "versionRange") == [8, 10, 11]
    assert values(reading, "availableLanguage") == ["Python"]
    assert values(reading, "availableFramework") == ["scikit-learn"]


def test_what_not_everybody_gets_is_passed_over() -> None:
    said = reasons(read_case(pyproject, "project-table", "pyproject.toml"))

    assert "12: uvloop is asked for only where sys_platform != 'win32'" in said
    assert "16: gpu: these come only with the extra" in said
    assert "19: dev: these are for development, not for using the project" in said
    assert "2: requires: only building the project needs these" in said
    assert "settings of other tools: tool.ruff" in said


def test_poetrys_notation_is_understood() -> None:
    reading = read_case(pyproject, "poetry", "pyproject.toml")

    assert software(reading) == {
        "python": [">=3.10,<4"],
        "scikit-learn": [">=1.4,<1.5"],
        "pandas": [">=2.1,<3"],
        "features": [],
        "numpy": [],
    }


def test_poetrys_conditions_are_passed_over() -> None:
    said = reasons(read_case(pyproject, "poetry", "pyproject.toml"))

    assert "8: torch is wanted only with an extra" in said
    assert "9: features: its version is that of https://git.example.org/features.git" in said
    assert "10: numpy: which versions are wanted depends on the machine" in said
    assert "dev: these are for development, not for using the project" in said


def test_packages_that_are_found_at_each_build_are_passed_over(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'

    reading = read_text(pyproject, tmp_path, "pyproject.toml", text)

    assert "3: the packages are read from elsewhere at each build" in reasons(reading)


def test_a_file_without_packages_states_nothing(tmp_path: Path) -> None:
    reading = read_text(pyproject, tmp_path, "pyproject.toml", "[tool.black]\nline-length = 9\n")

    assert reading.statements == ()
    assert problems(reading) == []


@pytest.mark.parametrize(
    "text",
    [
        '[project]\ndependencies = "numpy"\n',
        '[project]\ndependencies = ["=="]\n',
        "[tool.poetry.dependencies]\nnumpy = 5\n",
        '[tool.poetry.dependencies]\nnumpy = "spam"\n',
    ],
)
def test_what_its_tool_cannot_read_is_a_problem_with_its_line(text: str, tmp_path: Path) -> None:
    reading = read_text(pyproject, tmp_path, "pyproject.toml", text)

    assert [line for line, _ in problems(reading)] == [2]


@pytest.mark.parametrize("text", ["[project", "a = ", "\x00", "[a]\n[a]\n"])
def test_what_is_no_toml_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(pyproject, tmp_path, "pyproject.toml", text)
