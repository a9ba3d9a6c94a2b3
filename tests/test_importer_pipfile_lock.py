"""Pipfile.lock: every package with its version, and no others."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import pipfile_lock
from kg.statements import Node
from tests.importing import lines, read_case, read_text, reasons, software


def test_every_package_has_its_version_and_there_are_no_others() -> None:
    reading = read_case(pipfile_lock, "service", "Pipfile.lock")

    assert software(reading) == {
        "python": ["==3.11.*"],
        "numpy": ["==1.26.4"],
        "scikit-learn": ["==1.4.2"],
        "features": [],
    }
    assert lines(reading, "versionRange") == [5, 10, 14]
    environment = Node("DevelopmentEnvironment", "Pipfile.lock", named=False)
    assert reading.complete == ((environment, "availableSoftware"),)


def test_what_has_no_version_or_is_for_development_is_said() -> None:
    said = reasons(read_case(pipfile_lock, "service", "Pipfile.lock"))

    assert "16: features has no version" in said
    assert "21: develop: these are not for running" in said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"default": {', "5"])
def test_what_locks_nothing_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(pipfile_lock, tmp_path, "Pipfile.lock", text)
