"""Great Expectations: what each expectation states, and of which data."""

import json
from pathlib import Path

import pytest

from kg.importers import great_expectations
from kg.statements import Reading
from tests.importing import problems, read_case, read_text, reasons, values


def read_one(folder: Path, kind: str, **kwargs: object) -> Reading:
    """What is read off a suite of one expectation."""
    suite = {"expectations": [{"type": kind, "kwargs": {"column": "a", **kwargs}}]}
    return read_text(great_expectations, folder, "suite.json", json.dumps(suite))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("int64", "integer"),
        ("BIGINT", "integer"),
        ("IntegerType", "integer"),
        ("float", "double"),
        ("StringType", "string"),
        ("VARCHAR(20)", "string"),
        ("datetime64[ns]", "date-time"),
        ("DateType", "date"),
        ("bool_", "boolean"),
    ],
)
def test_types_of_any_library_are_known(written: str, kind: str, tmp_path: Path) -> None:
    reading = read_one(tmp_path, "expect_column_values_to_be_of_type", type_=written)

    assert values(reading, "dataType", "a") == [kind]


def test_what_need_hold_for_most_values_only_is_no_limit(tmp_path: Path) -> None:
    reading = read_one(tmp_path, "expect_column_values_to_be_between", max_value=9, mostly=0.9)

    assert reading.statements == ()
    assert "need hold for most values only" in reasons(reading)


def test_what_is_said_of_a_whole_column_is_passed_over(tmp_path: Path) -> None:
    reading = read_one(tmp_path, "expect_column_mean_to_be_between", min_value=1)

    assert reading.statements == ()


def test_a_checkpoint_says_of_which_data_a_suite_speaks() -> None:
    reading = read_case(great_expectations, "suite-with-checkpoint", "gx/checkpoints/nightly.yml")

    (claim,) = reading.claims
    assert "gx/expectations/orders.json" in claim.paths
    assert (claim.node.kind, claim.node.name) == ("Data", "orders.csv")


def test_a_suite_without_expectations_is_told(tmp_path: Path) -> None:
    reading = read_text(great_expectations, tmp_path, "suite.json", '{"expectations": []}')

    assert problems(reading) == [(1, "The suite holds no expectation.")]
