"""The report as CSV opens in a spreadsheet and in a data frame, and runs nothing there."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg.findings import Origin, Question, Report, Verdict
from kg.reports import Telling
from kg.reports.csv import COLUMNS
from tests.conftest import Check
from tests.test_reports import (
    HOSTILE,
    LATENCY,
    LIVE,
    MEMORY,
    REPORT,
    VERSION,
    finding,
    one,
    said,
    shift,
    told,
)

EVERYTHING = Telling(everything=True)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", ' "=1"', "\uff1d1", "a;=1", 'b; "-1']
RUN = re.compile('[\\s"]*[=+@\uff0b\uff0d\uff1d\uff20-]')


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), strict=True))


def test_a_row_is_a_finding_and_the_mismatches_come_first() -> None:
    verdicts = [row["verdict"] for row in rows(told("csv")) if row["project"] == "loan-approval"]

    assert verdicts == ["mismatch"] * 8 + ["undecided"] * 3


def test_clear_verdicts_are_rows_only_when_asked_for() -> None:
    report = one(MEMORY, finding("x", Verdict.CLEAR))

    assert len(rows(told("csv", report))) == 1
    assert len(rows(told("csv", report, EVERYTHING))) == 2


def test_every_line_is_one_of_rfc_4180() -> None:
    """Ends in CR LF, has as many cells as the header, and doubles each quote in a cell."""
    text = told("csv", one(finding("x", message='She said "no",\nand left.'), MEMORY))
    header, *_ = lines = text.split("\r\n")

    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert header == ",".join(COLUMNS)
    assert '"She said ""no"", and left."' in text
    assert {len(cells) for cells in csv.reader(lines[:-1], strict=True)} == {len(COLUMNS)}


def test_evidence_stands_in_one_cell_with_its_places() -> None:
    memory, version = rows(told("csv", one(MEMORY, VERSION)))

    assert memory["evidence"] == (
        "needs 16 GB [model/requirements.yaml:12, declared by data scientists]; "
        "has 8Gi [deploy/deployment.yaml:31, 8.59 GB]"
    )
    assert version["evidence"].endswith("has ==1.2.2 [Dockerfile:7 -> requirements.txt:3]")


def test_the_elements_of_a_pair_are_columns_of_their_own() -> None:
    (row,) = rows(told("csv", one(MEMORY)))

    assert (row["subject_element"], row["subject"]) == ("TrainedModel", "churn")
    assert (row["object_element"], row["object"]) == ("OperationalEnvironment", "loan-service")


def test_figures_of_the_study_are_columns_and_empty_where_there_are_none() -> None:
    columns = ("raters", "important", "respondents", "interviews")
    memory, version = rows(told("csv", one(MEMORY, VERSION)))

    assert [memory[name] for name in columns] == ["all", "29", "31", "13"]
    assert [version[name] for name in columns] == ["", "", "", ""]


def test_the_first_to_read_is_the_first_row_whatever_the_pair() -> None:
    report = one(finding("b"), LATENCY, shift("age", 0.3), replace(MEMORY, object=LIVE))

    assert [row["predicate"] for row in rows(told("csv", report))] == [
        MEMORY.predicate,
        "b",
        "numeric-feature-shift",
        LATENCY.predicate,
    ]


def test_many_places_leave_room_in_a_cell() -> None:
    origins = tuple(Origin("data.csv", line) for line in range(1, 3001))
    (row,) = rows(told("csv", one(finding("x", evidence=(said("row", "f", "a", "", *origins),)))))

    assert row["evidence"].endswith("[data.csv:10] and 2990 more")


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_spreadsheet_runs_a_cell(text: str, delimiter: str) -> None:
    """Where the comma is the decimal point, spreadsheets divide the cells at semicolons."""
    hostile = finding(
        text,
        item=text,
        message=text,
        remedy=f"a{text}",
        consequence=text,
        evidence=(said(text, "x", text, "", Origin(text, 1, text, text, text, text)),),
        ask=(Question(text, text),),
        references=(text, text),
        mismatches=(text, text),
    )
    lines = told("csv", one(hostile, LATENCY, id=text)).splitlines()
    cells = [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]

    assert [cell for cell in cells if RUN.match(cell)] == []


def test_what_is_no_formula_is_left_as_it_is() -> None:
    (row,) = rows(told("csv", one(finding("x", item="age-2", message="a = b; c < -1"))))

    assert (row["item"], row["message"]) == ("age-2", "a = b; c < -1")


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_project_full_of_formulas_runs_none(
    delimiter: str, hostile_folder: Path, check_folder: Check
) -> None:
    text = told("csv", Report((check_folder(hostile_folder),)), EVERYTHING)
    cells = [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]

    assert "HYPERLINK" in text
    assert [cell for cell in cells if RUN.match(cell)] == []


def test_the_columns_are_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "reports.md").read_text(encoding="utf-8")
    section = page.partition("## CSV")[2].partition("\n## ")[0]
    documented = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]

    assert documented == list(COLUMNS)


def test_a_report_of_nothing_is_a_header() -> None:
    assert told("csv", Report()) == ",".join(COLUMNS) + "\r\n"


def test_controls_are_spelled_out() -> None:
    assert HOSTILE not in told("csv", one(finding("x", message=HOSTILE)))
    assert r"\x1b[2J" in told("csv", one(finding("x", message=HOSTILE)))


def test_projects_stand_in_one_table() -> None:
    assert {row["project"] for row in rows(told("csv", REPORT, EVERYTHING))} == {
        "loan-approval",
        "sound",
    }
