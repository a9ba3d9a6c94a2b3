"""Frictionless: fields and constraints in every shape that the specifications allow."""

import json
from pathlib import Path

import pytest

from kg.importers import frictionless
from kg.statements import Reading
from tests.importing import problems, read_case, read_text, reasons, values


def read_field(folder: Path, **field: object) -> Reading:
    """What is read off a schema of one field that is called a."""
    schema = {"fields": [{"name": "a", **field}]}
    return read_text(frictionless, folder, "tableschema.json", json.dumps(schema))


def test_a_limit_may_be_written_as_text(tmp_path: Path) -> None:
    limits = {"minimum": "0", "maximum": 9.5}
    reading = read_field(tmp_path, type="number", constraints=limits)

    assert (values(reading, "minimum", "a"), values(reading, "maximum", "a")) == ([0.0], [9.5])


def test_a_limit_that_is_a_day_is_passed_over(tmp_path: Path) -> None:
    reading = read_field(tmp_path, type="date", constraints={"minimum": "2020-01-01"})

    assert values(reading, "minimum", "a") == []
    assert "the constraint `minimum` is not compared" in reasons(reading)


@pytest.mark.parametrize(
    "spelled", [{"bareNumber": False}, {"groupChar": ","}, {"trueValues": ["yes"]}]
)
def test_values_in_a_spelling_of_their_own_have_no_type_to_compare(
    spelled: dict[str, object], tmp_path: Path
) -> None:
    reading = read_field(tmp_path, type="number", **spelled)

    assert values(reading, "dataType", "a") == []
    assert values(reading, "typeName", "a") == ["number"]


def test_a_mark_before_the_fraction_is_stated_instead_of_a_type() -> None:
    reading = read_case(frictionless, "resource-in-yaml", "dataresource.yaml")

    assert values(reading, "decimalMark", "price") == [","]
    assert values(reading, "dataType", "price") == []
    assert values(reading, "nullSentinel", "fruit") == ["-"]


def test_a_digest_without_algorithm_is_md5(tmp_path: Path) -> None:
    text = json.dumps({"path": "a.csv", "hash": "0" * 32, "bytes": 12})
    reading = read_text(frictionless, tmp_path, "dataresource.json", text)

    assert values(reading, "recordedDigest", "a.csv") == [f"md5:{'0' * 32}"]
    assert values(reading, "recordedSize", "a.csv") == [12]
    assert problems(reading) == []
