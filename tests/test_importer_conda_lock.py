"""Lock files of conda-lock and Pixi."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import conda_lock
from tests.importing import lines, problems, read_case, read_text, reasons, software, values


def test_a_package_with_one_version_everywhere_has_it() -> None:
    reading = read_case(conda_lock, "two-platforms", "conda-lock.yml")

    assert software(reading) == {"python": ["==3.11.8"], "torch": ["==2.2.1"], "numpy": []}
    assert lines(reading, "versionRange") == [6, 18]
    assert values(reading, "name", "torch") == ["pytorch"]


def test_a_package_whose_version_depends_on_the_platform_has_none() -> None:
    said = reasons(read_case(conda_lock, "two-platforms", "conda-lock.yml"))

    assert "numpy is locked to 1.26.4 or 1.26.3, depending on the machine" in said
    assert "pytest: it comes only with `dev`" in said


def test_a_lock_file_names_all_packages() -> None:
    ((environment, attribute),) = read_case(conda_lock, "pixi", "pixi.lock").complete

    assert (environment.name, attribute) == ("pixi.lock", "availableSoftware")


def test_an_address_names_package_and_version() -> None:
    reading = read_case(conda_lock, "pixi", "pixi.lock")

    assert software(reading) == {"python": ["==3.11.8"], "scikit-learn": ["==1.4.2"]}


@pytest.mark.parametrize("text", ["", "a: 1", "package: 5", "package: [", "- 1"])
def test_what_locks_nothing_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(conda_lock, tmp_path, "conda-lock.yml", text)


def test_a_package_without_a_name_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(conda_lock, tmp_path, "conda-lock.yml", "package:\n- 5\n- version: 1\n")

    assert len(problems(reading)) == 2
