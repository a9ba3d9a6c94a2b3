"""Reports show which names were taken for one another, and ask about those that may be."""

import pytest

from kg.findings import Finding, Report, Verdict
from kg.reports import Telling, json, markdown, text
from tests.conftest import Check, Write

TRAIN = """element: TrainingData
complete: [fields]
fields:
- {name: Customer Age, data_type: integer, label_field: false}
- {name: customer_income, data_type: double, label_field: false}
- {name: heart rate, data_type: double, label_field: false}
- {name: city, data_type: string, label_field: false, counterpart: town}
- {name: sex, data_type: string, label_field: false}
"""
LIVE = """element: OperationalData
complete: [fields]
fields:
- {name: customer_age, data_type: string}
- {name: cust_income, data_type: double}
- {name: heart_rate, data_type: double}
- {name: Heart Rate, data_type: double}
- {name: town, data_type: integer}
- {name: sex, data_type: integer}
"""
FILES = {"t.yaml": TRAIN, "o.yaml": LIVE}
TYPES = "training-operational-type-incompatible"
UNMAPPED = "training-field-unmapped"


@pytest.fixture
def report(write: Write, check_folder: Check) -> Report:
    return Report((check_folder(write(FILES)),))


def only(report: Report, predicate: str, item: str) -> Finding:
    (found,) = (f for f in report.findings() if (f.predicate, f.item) == (predicate, item))
    return found


def alignments(finding: Finding) -> list[tuple[str, object, str]]:
    return [(e.name, e.value, e.status) for e in finding.evidence if e.attribute == "alignment"]


def test_a_verdict_tells_that_it_rests_on_aligned_names(report: Report) -> None:
    finding = only(report, TYPES, "Customer Age")
    assert finding.verdict is Verdict.MISMATCH
    assert alignments(finding) == [("field", "Customer Age ~ customer_age", "aligned by name")]
    assert "~" not in finding.message


@pytest.mark.parametrize("item", ["city", "sex"])
def test_declared_and_identical_names_need_no_word(item: str, report: Report) -> None:
    finding = only(report, TYPES, item)
    assert finding.verdict is Verdict.MISMATCH
    assert alignments(finding) == []


def test_a_guess_is_asked_about_and_not_used(report: Report) -> None:
    finding = only(report, UNMAPPED, "customer_income")
    question = (
        "Is `cust_income` of the operational data the field `customer_income` of the training data?"
    )
    assert finding.verdict is Verdict.MISMATCH
    assert question in {asked.question for asked in finding.ask}
    assert alignments(finding) == [("field", "customer_income ? cust_income", "a guess, not used")]


def test_names_that_are_alike_leave_it_undecided_whether_a_field_is_mapped(report: Report) -> None:
    for predicate, item in (
        (UNMAPPED, "heart rate"),
        ("operational-field-unmapped", "heart_rate"),
        ("operational-field-unmapped", "Heart Rate"),
    ):
        finding = only(report, predicate, item)
        assert finding.verdict is Verdict.UNDECIDED
        assert {status for _, _, status in alignments(finding)} == {"several are alike"}
        assert any(asked.question.startswith("Is `") for asked in finding.ask)


def test_a_clear_verdict_asks_nothing_more(report: Report) -> None:
    finding = only(report, UNMAPPED, "Customer Age")
    assert finding.verdict is Verdict.CLEAR
    assert not any(asked.question.startswith("Is `") for asked in finding.ask)


def test_every_report_shows_what_was_aligned(report: Report) -> None:
    told = [module.render(report, Telling()) for module in (text, json, markdown)]
    assert all("aligned by name" in page for page in told)


def test_a_broader_term_is_told(write: Write, check_folder: Check) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\nplanned_contexts: [{name: Bavaria}]\n"
        "glossary: [{name: Bavaria, broader_terms: [Germany]}]\n",
        "m.yaml": "element: TrainedModel\nvalidated_contexts: [{name: Germany}]\n"
        "complete: [validated_contexts]\n",
    }
    told = [
        alignment
        for finding in check_folder(write(files)).findings
        for alignment in alignments(finding)
    ]
    assert set(told) == {("context", "Bavaria < Germany", "by a broader term")}
