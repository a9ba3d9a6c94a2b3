"""Samples of requests: what is sent, with its types, to a model that the file does not name."""

from pathlib import Path

import pytest

from kg.importers import request_samples
from tests.importing import elements, problems, read_case, read_text, reasons, source, values


def test_a_type_stands_where_the_first_value_of_it_does() -> None:
    reading = read_case(request_samples, "split-with-types", "churn/sample-request.json")

    found = {s.node.parts[-1][1]: s for s in reading.statements if s.attribute == "dataType"}
    assert {name: (s.value, s.place.line, s.place.given) for name, s in found.items()} == {
        "age": ("integer", 6, "34.0"),
        "income": ("integer", 6, "41000"),
        "plan": ("integer", 6, "2"),
    }


def test_the_model_is_only_mentioned() -> None:
    reading = read_case(request_samples, "split-with-types", "churn/sample-request.json")

    assert all(s.node.mentioned for s in reading.statements)
    assert elements(reading) == {("TrainedModel", "", True)}


def test_rows_without_names_are_passed_over() -> None:
    reading = read_case(request_samples, "instances-of-records", "rows.json")

    assert reading.statements == ()
    assert "no names" in reasons(reading)


def test_values_of_several_types_have_none(tmp_path: Path) -> None:
    text = '{"dataframe_records": [{"code": 1, "price": 1}, {"code": "a", "price": 1.5}]}'

    reading = read_text(request_samples, tmp_path, "request.json", text)

    assert (values(reading, "dataType", "code"), values(reading, "dataType", "price")) == (
        [],
        ["double"],
    )
    assert "code: its values are of several types" in reasons(reading)


def test_named_tensors_have_the_type_of_their_values(tmp_path: Path) -> None:
    text = '{"inputs": {"age": [34, 51], "name": "x"}}'

    reading = read_text(request_samples, tmp_path, "request.json", text)

    assert values(reading, "dataType", "age") == ["integer"]
    assert values(reading, "dataType", "name") == ["string"]


def test_a_row_of_another_length_is_a_problem_with_its_line(tmp_path: Path) -> None:
    text = '{"dataframe_split": {"columns": ["a", "b"],\n"data": [[1, 2],\n[1]]}}'

    reading = read_text(request_samples, tmp_path, "request.json", text)

    assert problems(reading) == [(3, "The row has 1 values for 2 columns")]


def test_of_many_items_the_first_are_stated(tmp_path: Path) -> None:
    sent = ", ".join(f'"c{n}": 1' for n in range(600))

    reading = read_text(request_samples, tmp_path, "request.json", f'{{"instances": [{{{sent}}}]}}')

    assert len(values(reading, "sampleInput")) == 500
    assert "more than 500 items" in reasons(reading)


@pytest.mark.parametrize(
    ("path", "content", "claimed"),
    [
        ("input_example.json", "[1]", True),
        ("a.json", '{"dataframe_split": {}}', True),
        ("a.json", '{"inputs": {}}', False),
        ("sample-request.json", '{"inputs": {}}', True),
        ("a.json", '{"images": []}', False),
        ("a.yaml", '{"instances": []}', False),
    ],
)
def test_which_files_are_samples(path: str, content: str, claimed: bool, tmp_path: Path) -> None:  # noqa: FBT001 (the expectation)
    (tmp_path / path).write_text(content)

    assert request_samples.claims(source(tmp_path, path)) is claimed
