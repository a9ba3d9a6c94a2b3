"""Lock files in TOML: every package with its version, fast, and what is cut off is seen."""

import time
from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import toml_lock
from kg.statements import Node
from tests.importing import lines, problems, read_case, read_text, reasons, software


def test_every_package_of_poetry_has_its_version() -> None:
    reading = read_case(toml_lock, "poetry", "poetry.lock")

    assert software(reading) == {
        "python": [">=3.10,<4"],
        "numpy": ["==1.26.4"],
        "scikit-learn": ["==1.4.2"],
    }
    assert lines(reading, "versionRange") == [43, 5, 16]
    environment = Node("DevelopmentEnvironment", "poetry.lock", named=False)
    assert reading.complete == ((environment, "availableSoftware"),)


def test_what_not_everybody_gets_is_passed_over() -> None:
    said = reasons(read_case(toml_lock, "poetry", "poetry.lock"))

    assert '27: pytest: it comes only with ["dev"]' in said
    assert "35: torch: it comes only with an extra" in said


def test_of_uv_the_project_itself_and_forked_versions_are_passed_over() -> None:
    reading = read_case(toml_lock, "uv", "uv.lock")

    assert software(reading) == {"python": [">=3.11"], "numpy": [], "scikit-learn": ["==1.4.2"]}
    said = reasons(reading)
    assert "churn: this is the project itself" in said
    assert "numpy is locked to 1.26.4 or 2.2.4, depending on the machine" in said


@pytest.mark.parametrize("text", ["", "hello", "[tool]\na = 1\n", "\x00\x01"])
def test_what_locks_nothing_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(toml_lock, tmp_path, "poetry.lock", text)


def test_a_file_that_ends_within_a_list_is_a_problem(tmp_path: Path) -> None:
    text = '[[package]]\nname = "numpy"\nversion = "1.26.4"\nfiles = [\n    {file = "x"},\n'

    reading = read_text(toml_lock, tmp_path, "poetry.lock", text)

    assert problems(reading) == [(4, "The file ends inside a list that begins here")]
    assert software(reading) == {"numpy": ["==1.26.4"]}


def test_a_conflict_that_was_not_settled_is_a_problem(tmp_path: Path) -> None:
    text = '[[package]]\nname = "numpy"\n<<<<<<< HEAD\nversion = "1"\n=======\n>>>>>>> x\n'

    reading = read_text(toml_lock, tmp_path, "uv.lock", text)

    assert [line for line, _ in problems(reading)] == [3, 5, 6]


def test_of_an_older_poetry_the_category_counts(tmp_path: Path) -> None:
    text = '[[package]]\nname = "pytest"\nversion = "7.0"\ncategory = "dev"\n'

    reading = read_text(toml_lock, tmp_path, "poetry.lock", text)

    assert "pytest: it is for development" in reasons(reading)


def test_a_package_without_a_name_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(toml_lock, tmp_path, "poetry.lock", '[[package]]\nversion = "7.0"\n')

    assert problems(reading) == [(2, "A package has no name")]


def test_ten_thousand_packages_take_less_than_two_seconds(tmp_path: Path) -> None:
    entry = '[[package]]\nname = "package-{0}"\nversion = "1.{0}"\nfiles = [\n{1}]\n\n'
    files = '    {file = "x.whl", hash = "sha256:00000000000000000000000000000000"},\n' * 10
    text = "".join(entry.format(number, files) for number in range(10_000))
    begun = time.monotonic()

    reading = read_text(toml_lock, tmp_path, "poetry.lock", text)

    assert time.monotonic() - begun < 2
    assert len(software(reading)) == 10_000
