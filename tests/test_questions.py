"""Which questions come first."""

from dataclasses import replace

from kg.findings import ALL, Finding, Participant, Priority, Question, Severity, Verdict
from kg.questions import RankedQuestion, questions

LATENCY = Question("operations", "What inference time is promised?")
SHARES = Question("data-scientist", "Which label shares does the training data have?")


def finding(predicate: str, *ask: Question, verdict: Verdict = Verdict.UNDECIDED) -> Finding:
    return Finding(
        predicate=predicate,
        verdict=verdict,
        severity=Severity.WARNING,
        kind="comparison",
        mismatches=(),
        subject=Participant("m", "m", "TrainedModel", "trained-model/m"),
        object=None,
        item=None,
        evidence=(),
        message="",
        consequence="",
        remedy="",
        ask=ask,
        references=(),
    )


def test_the_question_that_decides_most_comes_first() -> None:
    found = questions(
        [finding("a", SHARES), finding("b", LATENCY), finding("c", LATENCY, SHARES, SHARES)]
    )

    assert found == (
        RankedQuestion("data-scientist", SHARES.question, 2, ("a", "c")),
        RankedQuestion("operations", LATENCY.question, 2, ("b", "c")),
    )


def test_only_undecided_verdicts_ask() -> None:
    decided = [finding("a", SHARES, verdict=v) for v in (Verdict.MISMATCH, Verdict.CLEAR)]

    assert questions(decided) == ()


def test_a_role_sees_its_own_questions_only() -> None:
    found = questions([finding("a", SHARES, LATENCY)], role="operations")

    assert [one.question for one in found] == [LATENCY.question]


def test_of_questions_that_decide_equally_much_the_one_about_what_ranks_higher_comes_first() -> (
    None
):
    rated = replace(finding("a", SHARES), priority=Priority("OD.DataRates", ALL, 25, 31, 1))
    grave = replace(finding("b", LATENCY), severity=Severity.VIOLATION)

    assert [one.role for one in questions([rated, grave])] == ["operations", "data-scientist"]
    assert [one.role for one in questions([finding("b", LATENCY), rated])] == [
        "data-scientist",
        "operations",
    ]


def test_what_is_merely_not_described_is_asked_last() -> None:
    lacking = [replace(finding(name, LATENCY), kind="completeness") for name in "ab"]

    assert [one.role for one in questions([*lacking, finding("c", SHARES)])] == [
        "data-scientist",
        "operations",
    ]
