"""OpenAPI: what the interface of a service takes, whatever the way its schemas are put together."""

from pathlib import Path

import pytest

from kg.importers import openapi
from tests.importing import lines, problems, read_case, read_text, reasons, source, values

LIST = "records-in-a-list"


def test_records_in_a_list_are_looked_into() -> None:
    reading = read_case(openapi, LIST, "openapi.yaml")

    names = [s.value for s in reading.statements if s.attribute == "name"]
    assert names == ["age", "since", "plan", "income", "note", "loop"]
    assert all(s.node.mentioned for s in reading.statements)


def test_types_bounds_and_values_stand_with_their_lines() -> None:
    reading = read_case(openapi, LIST, "openapi.yaml")

    types = {
        name: values(reading, "dataType", name)
        for name in ("age", "since", "plan", "income", "note", "loop")
    }
    assert types == {
        "age": ["integer"],
        "since": ["date"],
        "plan": ["integer"],
        "income": ["double"],
        "note": [],
        "loop": [],
    }
    assert values(reading, "minimum", "age") == [18.0]
    assert lines(reading, "minimum") == [40]
    assert values(reading, "allowedValue", "plan") == ["1", "2"]
    assert values(reading, "nullable", "age") == []
    assert values(reading, "nullable", "since") == [True]


def test_the_interface_has_a_version_and_a_port() -> None:
    reading = read_case(openapi, LIST, "openapi.yaml")

    assert values(reading, "interfaceVersion") == ["1.2.0"]
    assert values(reading, "servedPort") == [8000]


def test_what_does_not_predict_is_passed_over() -> None:
    said = reasons(read_case(openapi, LIST, "openapi.yaml"))

    assert "post /feedback does not look like a call of a model" in said


def test_parameters_are_taken_as_fields() -> None:
    reading = read_case(openapi, "swagger-parameters", "swagger.json")

    assert values(reading, "dataType", "age") == ["double"]
    assert values(reading, "dataType", "plan") == ["string"]


def test_a_protocol_of_any_tensors_says_nothing() -> None:
    reading = read_case(openapi, "protocol-of-tensors", "protocol.yaml")

    assert reading.statements == ()
    assert "takes any tensors" in reasons(reading)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{$ref: 'other.yaml#/a'}", "is not described field by field"),
        ("{$ref: '#/nowhere'}", "is not described field by field"),
        ("{$ref: '#/paths/~1predict/0'}", "is not described field by field"),
        ("{allOf: [{$ref: '#/x'}]}", "is not described field by field"),
    ],
)
def test_a_schema_that_leads_nowhere_is_said(body: str, said: str, tmp_path: Path) -> None:
    text = (
        "openapi: 3.0.0\nx: {allOf: [{$ref: '#/x'}]}\npaths: {/a: {post: {requestBody:"
        f" {{content: {{application/json: {{schema: {body}}}}}}}}}}}}}\n"
    )

    assert said in reasons(read_text(openapi, tmp_path, "openapi.yaml", text))


def test_without_paths_nothing_can_be_called(tmp_path: Path) -> None:
    reading = read_text(openapi, tmp_path, "openapi.yaml", "openapi: 3.0.0\n")

    assert problems(reading) == [(None, "The file has no `paths`, so nothing can be called")]


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("a.yaml", "openapi: 3.0.3\n", True),
        ("a.json", '{"openapi": "3.1.0",', True),
        ("a.yml", "swagger: '2.0'\n", True),
        ("a.yaml", "openapi: yes\n", False),
        ("a.txt", "openapi: 3.0.3\n", False),
    ],
)
def test_which_files_are_descriptions(name: str, text: str, claimed: bool, tmp_path: Path) -> None:  # noqa: FBT001 (the expectation)
    (tmp_path / name).write_text(text)

    assert openapi.claims(source(tmp_path, name)) is claimed
