"""Pipfile: what pipenv is asked for."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import pipfile
from tests.importing import lines, read_case, read_text, reasons, software


def test_packages_and_interpreter_are_read() -> None:
    reading = read_case(pipfile, "service", "Pipfile")

    assert software(reading) == {
        "python": ["==3.11.*"],
        "scikit-learn": ["==1.4.2"],
        "fastapi": [],
        "pandas": ["~=2.2"],
    }
    assert lines(reading, "versionRange") == [15, 7, 9]


def test_what_is_for_development_is_passed_over() -> None:
    said = reasons(read_case(pipfile, "service", "Pipfile"))

    assert "11: [dev-packages]: these are for development, not for running" in said


def test_a_package_for_some_machines_is_passed_over(tmp_path: Path) -> None:
    text = "[packages]\npywin32 = {version = '*', sys_platform = \"== 'win32'\"}\n"

    reading = read_text(pipfile, tmp_path, "Pipfile", text)

    assert "2: pywin32 is wanted only where == 'win32'" in reasons(reading)


def test_what_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(pipfile, tmp_path, "Pipfile", "[packages\n")
