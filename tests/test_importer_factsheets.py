"""Payloads of AI FactSheets: which fields are the model's own, gaps and types."""

from kg.importers import factsheets
from tests.importing import read_case, reasons, values


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
