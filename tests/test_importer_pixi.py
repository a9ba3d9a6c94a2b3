"""pixi.toml: conda's packages and pip's."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import pixi
from tests.importing import read_case, read_text, reasons, software, values


def test_packages_of_conda_and_of_pip_are_read() -> None:
    reading = read_case(pixi, "workspace", "pixi.toml")

    assert software(reading) == {
        "python": ["==3.11.*"],
        "torch": [">=2.2,<3"],
        "evidently": ["==0.4.30"],
        "churn": [],
    }
    assert values(reading, "name", "torch") == ["pytorch"]


def test_features_are_passed_over() -> None:
    said = reasons(read_case(pixi, "workspace", "pixi.toml"))

    assert "[feature]: these come only with the feature" in said


def test_what_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(pixi, tmp_path, "pixi.toml", "a = [")
