"""Negotiation cards of MLTE: what is plain in them is stated, and what MLTE leaves blank is not."""

import json
from pathlib import Path

import pytest

from kg.importers import mlte
from tests.importing import lines, problems, read_case, read_text, reasons, values

FILLED = "store/models/leaf/card.default.json"


def card(**body: object) -> str:
    return json.dumps({"artifact_type": "card", **body}, indent=1)


def test_values_stand_on_their_lines() -> None:
    reading = read_case(mlte, "filled-card", FILLED)

    assert lines(reading, "availableMemory") == [67, 45]
    assert lines(reading, "problemType") == [12]
    assert problems(reading) == []


def test_what_is_found_in_sentences_is_prose() -> None:
    reading = read_case(mlte, "filled-card", FILLED)
    prose = {statement.attribute for statement in reading.statements if statement.prose}

    assert prose == {"minimum", "maximum", "numberOfClasses"}


def test_an_amount_without_a_unit_is_passed_over() -> None:
    reading = read_case(mlte, "filled-card", FILLED)

    assert "150 is in no unit" in reasons(reading)


def test_the_elements_of_a_card_are_linked() -> None:
    reading = read_case(mlte, "filled-card", FILLED)

    assert [link.name for link in reading.links] == ["pursues", "deployedIn", "integratedIn"]


def test_machines_of_nothing_but_noughts_are_blank() -> None:
    reading = read_case(mlte, "card-as-made", "card.default.json")

    assert {statement.attribute for statement in reading.statements} == {"task"}


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("value between 0 and 102", (0.0, 102.0)),
        ("-1.2 to 0.6", (-1.2, 0.6)),
        ("0..2", (0.0, 2.0)),
        ("[1, 5]", (1.0, 5.0)),
        ("Numbers from 1 to 3.", (1.0, 3.0)),
        ("5 to 1", None),
        ("0,1,2", None),
        ("mostly 0 to 30", None),
        ("a-zA-Z, 0-9, punctuation", None),
        ("2024-01-02", None),
    ],
)
def test_only_a_plain_range_gives_bounds(
    tmp_path: Path, text: str, bounds: tuple[float, float] | None
) -> None:
    item = {"name": "x", "expected_values": text}
    reading = read_text(mlte, tmp_path, "card.json", card(model={"output_specification": [item]}))
    found = [*values(reading, "minimum", "x"), *values(reading, "maximum", "x")]

    assert found == list(bounds or ())
    assert values(reading, "expectedValues", "x") == [text]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Manually labeled - 102 Labels", [102]),
        ("3 classes", [3]),
        ("4 classes or 5 classes", []),
        ("1,000 labels", []),
        ("by 3 people", []),
    ],
)
def test_classes_are_counted_where_one_number_is_told(
    tmp_path: Path, text: str, classes: list[int]
) -> None:
    data = [{"description": "Leaves", "labeling_method": text}]
    reading = read_text(mlte, tmp_path, "card.json", card(data=data))

    assert values(reading, "numberOfClasses") == classes
