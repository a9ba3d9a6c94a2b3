"""Payloads of AI FactSheets: which fields are the model's own, gaps and types."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import factsheets
from tests.importing import problems, read_case, read_text, reasons, values


def test_what_a_platform_adds_is_no_output_of_the_model() -> None:
    reading = read_case(factsheets, "external-model", "facts_payload.json")
    outputs = [s.value for s in reading.statements if s.attribute == "output"]

    assert len(outputs) == 2
    assert "scoring_id, LoanDuration, debiased_prediction: no output" in reasons(reading)
    assert "Risk: no input" in reasons(reading)


def test_gaps_are_stated_only_where_they_are_forbidden() -> None:
    reading = read_case(factsheets, "external-model", "facts_payload.json")

    assert values(reading, "nullable", "CreditHistory") == [False]
    assert values(reading, "nullable", "LoanDuration") == []


def test_a_type_that_may_hold_anything_is_kept_as_written() -> None:
    reading = read_case(factsheets, "without-roles", "payload.json")

    assert values(reading, "typeName", "note") == ["any"]
    assert values(reading, "dataType", "note") == []
    assert values(reading, "dataType", "age") == ["integer"]
    assert values(reading, "typeName", "parts") == ["map"]


def test_a_list_is_no_payload(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(factsheets, tmp_path, "factsheets.json", "[]")


def test_what_is_of_another_kind_in_a_payload_is_told(tmp_path: Path) -> None:
    fields = '["a", {"name": ""}, {"name": "b", "type": 3}]'
    schemas = f'{{"input": [{{"fields": {fields}}}], "output": [{{"fields": {{}}}}]}}'
    reading = read_text(factsheets, tmp_path, "payload.json", f'{{"schemas": {schemas}}}')

    assert [message for _, message in problems(reading)] == [
        "A field is no object",
        "A field has no name, or one too long",
        "The schema lists no fields",
    ]


def test_of_several_schemas_the_first_is_read() -> None:
    reading = read_case(factsheets, "several-schemas", "facts/model.json")

    assert "another schema of the same side" in reasons(reading)
    assert reading.complete == ()
