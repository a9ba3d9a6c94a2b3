"""The report as JUnit's XML is what readers of test results take it for."""

from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from kg.findings import Report, Severity, Verdict
from kg.reports import Telling
from kg.statements import Problem
from tests.conftest import Check
from tests.test_reports import HOSTILE, LATENCY, MEMORY, REPORT, VERSION, finding, one, told

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
EVERYTHING = Telling(everything=True)


def suites(report: Report = REPORT, telling: Telling | None = None) -> list[TestSuite]:
    """The suites, each of which counts its cases."""
    found = list(JUnitXml.fromstring(told("junit", report, telling).encode()))
    for suite in found:
        outcomes = [type(result) for case in suite for result in case.result]
        assert suite.tests == len(list(suite))
        assert (suite.failures, suite.skipped) == (outcomes.count(Failure), outcomes.count(Skipped))
    return found


def cases(report: Report, telling: Telling | None = None) -> list[TestCase]:
    return [case for suite in suites(report, telling) for case in suite]


def test_a_suite_is_a_project_and_a_case_a_finding() -> None:
    loan, bare, sound = suites()

    assert [suite.name for suite in (loan, bare, sound)] == ["loan-approval", "bare", "sound"]
    assert (loan.tests, loan.failures, loan.skipped) == (11, 8, 3)
    assert bare.tests == sound.tests == 0


def test_verdicts_are_outcomes() -> None:
    report = one(MEMORY, LATENCY, finding("x", Verdict.CLEAR))
    outcomes = {
        case.classname: [type(result) for result in case.result]
        for case in cases(report, EVERYTHING)
    }

    assert outcomes == {
        "resources-exceed-operations": [Failure],
        "inference-too-slow": [Skipped],
        "x": [],
    }
    assert len(cases(report)) == 2


@pytest.mark.parametrize("severity", Severity)
def test_a_failure_has_the_severity_for_its_type(severity: Severity) -> None:
    (case,) = cases(one(finding("x", severity=severity)))

    assert case.result[0].type == severity


def test_a_case_stands_at_its_first_line_and_tells_both_sides() -> None:
    report = one(VERSION, path="services/loan")
    (case,) = cases(report)
    failure = case.result[0]

    assert case.name == "Trained model -> operational environment: scikit-learn"
    assert 'file="services/loan/model/conda.yaml" line="9"' in told("junit", report)
    assert failure.message == VERSION.message
    assert "needs ==1.4.2  model/MLmodel:14" in failure.text
    assert "has ==1.2.2  Dockerfile:7 -> requirements.txt:3" in failure.text
    assert "Ask: operations" in failure.text


def test_problems_stand_beside_the_cases() -> None:
    text = told("junit", one(problems=(Problem("conda.yaml", "It is cut off.", 11),)))

    assert "<system-err>loan/conda.yaml:11: It is cut off.</system-err>" in text


def test_what_a_project_writes_is_no_markup() -> None:
    (case,) = cases(one(finding("x", item=HOSTILE, message=HOSTILE)))

    assert "<script>alert(1)</script>" in case.name
    assert "<script>alert(1)</script>" in case.result[0].message


def test_cases_of_a_project_have_names_of_their_own(check_folder: Check) -> None:
    found = cases(Report((check_folder(EXAMPLE),)), EVERYTHING)

    assert len({(case.classname, case.name) for case in found}) == len(found)
