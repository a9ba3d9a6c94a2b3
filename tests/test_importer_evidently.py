"""Evidently: one profile of the current data, in whichever shape the report has."""

from kg.importers import evidently
from tests.importing import read_case, reasons, values


def test_figures_are_of_the_current_data_and_observed() -> None:
    reading = read_case(evidently, "release-four", "drift.json")

    assert {s.node.kind for s in reading.statements} == {"OperationalData"}
    assert all(s.observed for s in reading.statements)
    assert values(reading, "mean", "report") == [41.5]
    assert values(reading, "quantiles", "report") == ["18 30 41 52 96"]
    assert values(reading, "occurrences", "plus") == [300]


def test_figures_of_single_metrics_come_together() -> None:
    reading = read_case(evidently, "release-seven", "report.json")

    assert values(reading, "numberOfInstances") == [500]
    assert values(reading, "valueCount", "report") == [496]
    assert values(reading, "quantiles", "report") == ["19 30 40 51 88"]
    assert values(reading, "occurrences", "basic") == [350]


def test_drift_is_not_taken_over() -> None:
    reading = read_case(evidently, "release-seven", "report.json")

    assert "ValueDrift says nothing of how the values of a field are spread" in reasons(reading)
