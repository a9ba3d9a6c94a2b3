"""In which order findings are read: what ranks them, for whom, and what stays when they are
shuffled.
"""

import csv
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import Catalogue, Mismatch
from kg.findings import (
    ALL,
    Finding,
    Participant,
    Priority,
    ProjectReport,
    Ranking,
    Report,
    Severity,
    Verdict,
)
from kg.priority import order, place, priorities, rank, ranked
from tests.conftest import Check

EXAMPLE = Path(__file__).parents[1] / "docs/example"
FIGURES = {
    "data-scientist": "vi_i_data_science_n16",
    "software-engineer": "vi_i_software_engineering_n10",
    "operations": "vi_i_operations_other_n5",
    "business-owner": "vi_i_all_n31",
    "data-provider": "vi_i_all_n31",
    "policy-officer": "vi_i_all_n31",
    "end-user": "vi_i_all_n31",
}
HOST = Participant("h", "h", "OperationalEnvironment", "operational-environment/h")


def finding(predicate: str = "x", *mismatches: str, **changes: object) -> Finding:
    plain = Finding(
        predicate=predicate,
        verdict=Verdict.MISMATCH,
        severity=Severity.WARNING,
        kind="comparison",
        mismatches=mismatches,
        subject=Participant("m", "m", "TrainedModel", "trained-model/m"),
        object=None,
        item=None,
        evidence=(),
        message="",
        consequence="",
        remedy="",
        ask=(),
        references=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def report(*findings: Finding) -> Report:
    return Report((ProjectReport("p", "p", 1, 1, 0, findings),))


def mismatch(code: str, interviews: int | None, **ratings: tuple[int, int]) -> Mismatch:
    by_role = {role.replace("_", "-"): rating for role, rating in ratings.items()}
    return Mismatch(code, code.lower(), code, "", "", interviews, by_role)


def known(*mismatches: Mismatch) -> Catalogue:
    return Catalogue({one.code: one for one in mismatches}, {})


def names(report: Report) -> list[str]:
    return [one.predicate for one in report.findings()]


OFTEN = mismatch("A.Often", 20, operations=(4, 5), all=(25, 31))
SELDOM = mismatch("A.Seldom", 1, operations=(4, 5), all=(30, 31))
VITAL = mismatch("A.Vital", 3, operations=(5, 5), all=(24, 31))
OURS = mismatch("A.Ours", None)
CATALOGUE = known(OFTEN, SELDOM, VITAL, OURS)


# -- what ranks a finding ------------------------------------------------------------------------


def test_the_graver_comes_first_however_important_the_other_is() -> None:
    grave = finding("grave", "A.Ours", severity=Severity.VIOLATION)
    mild = finding("mild", "A.Vital", severity=Severity.INFO)

    assert names(ranked(report(mild, grave), CATALOGUE, "operations")) == ["grave", "mild"]


def test_a_mismatch_comes_before_what_is_undecided_and_that_before_what_is_clear() -> None:
    verdicts = (Verdict.CLEAR, Verdict.UNDECIDED, Verdict.MISMATCH)
    findings = (
        finding(verdict, verdict=verdict, severity=severity)
        for verdict, severity in zip(verdicts, Severity, strict=True)
    )

    assert names(ranked(report(*findings), CATALOGUE)) == ["mismatch", "undecided", "clear"]


def test_what_the_role_finds_important_comes_before_what_was_told_often() -> None:
    often, vital = finding("a", "A.Often"), finding("b", "A.Vital")

    assert names(ranked(report(often, vital), CATALOGUE, "operations")) == ["b", "a"]
    assert names(ranked(report(often, vital), CATALOGUE)) == ["a", "b"]


def test_what_is_equally_important_comes_first_if_it_was_told_more_often() -> None:
    often, seldom = finding("b", "A.Often"), finding("a", "A.Seldom")

    assert names(ranked(report(seldom, often), CATALOGUE, "operations")) == ["b", "a"]


def test_the_same_share_of_fewer_raters_is_the_same() -> None:
    half = known(mismatch("A.Ten", 3, all=(5, 10)), mismatch("A.Thirty", 3, all=(15, 30)))
    findings = finding("b", "A.Ten"), finding("a", "A.Thirty")

    assert names(ranked(report(*findings), half)) == ["a", "b"]


def test_the_main_mismatch_ranks_a_finding_that_detects_several() -> None:
    found = next(iter(ranked(report(finding("x", "A.Often", "A.Vital")), CATALOGUE).findings()))

    assert found.priority == Priority("A.Often", ALL, 25, 31, 20)


def test_a_main_mismatch_without_figures_leaves_the_rank_to_the_next() -> None:
    found = next(iter(ranked(report(finding("x", "A.Ours", "A.Vital")), CATALOGUE).findings()))

    assert found.priority == Priority("A.Vital", ALL, 24, 31, 3)


def test_what_the_study_does_not_know_comes_last_of_its_severity() -> None:
    findings = finding("a", "A.Ours"), finding("b"), finding("c", "A.Seldom")
    found = ranked(report(*findings), CATALOGUE)

    assert names(found) == ["c", "a", "b"]
    assert [one.priority and one.priority.mismatch for one in found.findings()] == [
        "A.Seldom",
        None,
        None,
    ]


def test_equals_stand_by_elements_then_predicate_then_item() -> None:
    findings = [
        finding("a", item="x"),
        finding("a", item="y"),
        finding("b"),
        finding("a", object=HOST),
        finding("a", subject=replace(HOST, name="trained-model/n")),
    ]

    backwards = findings[::-1]

    assert sorted(backwards, key=order) == findings


# -- for whom ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "raters", "respondents"),
    [
        (None, ALL, 31),
        ("data-scientist", "data-scientist", 16),
        ("software-engineer", "software-engineer", 10),
        ("operations", "operations", 5),
        ("business-owner", ALL, 31),
        ("data-provider", ALL, 31),
        ("policy-officer", ALL, 31),
        ("end-user", ALL, 31),
    ],
)
def test_a_report_says_by_whose_ratings_it_is_ranked(
    role: str | None, raters: str, respondents: int, predicates: Catalogue
) -> None:
    assert ranked(Report(), predicates, role).ranking == Ranking(raters, respondents)


def test_a_role_without_figures_reads_in_the_order_of_all(predicates: Catalogue) -> None:
    findings = [finding(one.id, *one.detects) for one in predicates.predicates.values()]
    everybody, owner, scientist = (
        list(ranked(report(*findings), predicates, role).findings())
        for role in (None, "business-owner", "data-scientist")
    )

    assert owner == everybody
    assert scientist != everybody


def test_a_mismatch_that_a_role_did_not_rate_goes_by_the_ratings_of_all() -> None:
    unrated = mismatch("A.Unrated", 9, all=(28, 31))
    mixed = known(VITAL, unrated)

    assert priorities(mixed.mismatches.values(), "operations") == {
        "A.Vital": Priority("A.Vital", "operations", 5, 5, 3),
        "A.Unrated": Priority("A.Unrated", ALL, 28, 31, 9),
    }
    assert ranked(Report(), mixed, "operations").ranking == Ranking("operations", 5)


def test_a_catalogue_without_figures_ranks_by_severity_and_names() -> None:
    mild, grave = finding("a", "A.Ours"), finding("b", "A.Ours", severity=Severity.VIOLATION)
    found = ranked(report(mild, grave), known(OURS))

    assert names(found) == ["b", "a"]
    assert found.ranking == Ranking(ALL, 0)


# By Table II: software engineers and operations rate computing resources 10 of 10 and 5 of 5, data
# scientists 14 of 16; system configuration is 5 of 5 to operations and 7 of 10 to engineers; goals
# are 16 of 16 to data scientists and 9 of 10 to engineers, data statistics 15 of 16 and 10 of 10.
BY_ROLE = {
    "data-scientist": """training-field-unmapped resources-exceed-operations
        conflicting-statements version-range-unsatisfied version-range-unsatisfied
        goal-without-metric numeric-feature-shift metric-not-collected
        operational-field-unmapped""",
    "software-engineer": """resources-exceed-operations training-field-unmapped
        version-range-unsatisfied version-range-unsatisfied conflicting-statements
        numeric-feature-shift metric-not-collected goal-without-metric
        operational-field-unmapped""",
    "operations": """resources-exceed-operations conflicting-statements training-field-unmapped
        version-range-unsatisfied version-range-unsatisfied
        goal-without-metric numeric-feature-shift metric-not-collected
        operational-field-unmapped""",
}


def test_the_example_is_ordered_for_each_role_as_its_respondents_rated(
    check_folder: Check, predicates: Catalogue
) -> None:
    found = Report((check_folder(EXAMPLE),))
    orders = {
        role: [
            one.predicate
            for one in ranked(found, predicates, role).findings()
            if one.verdict is Verdict.MISMATCH
        ]
        for role in BY_ROLE
    }

    assert orders == {role: predicates.split() for role, predicates in BY_ROLE.items()}


@pytest.mark.parametrize("role", FIGURES)
def test_all_mismatches_stand_as_the_studys_own_table_has_them(
    role: str, reference: Path, predicates: Catalogue
) -> None:
    with (reference / "study/subcategories.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rated = {row["code"]: int(row[FIGURES[role]]) for row in rows}
    told = {row["code"]: int(row["interview_count"]) for row in rows}
    places = priorities(predicates.mismatches.values(), role)

    assert {code: place(code, places) for code in places} == {
        code: 1 + sum((rated[other], told[other]) > (rated[code], told[code]) for other in rated)
        for code in rated
    }


# -- whatever is found ---------------------------------------------------------------------------

SOME = st.lists(
    st.builds(
        finding,
        st.sampled_from("abc"),
        st.sampled_from(["A.Often", "A.Seldom", "A.Vital", "A.Ours"]),
        verdict=st.sampled_from(Verdict),
        severity=st.sampled_from(Severity),
        object=st.sampled_from([None, HOST]),
        item=st.uuids().map(str),
    ),
    max_size=12,
)
ROLES = st.sampled_from([None, "operations", "end-user"])


@given(SOME, ROLES, st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_findings_were_shuffled(
    findings: list[Finding], role: str | None, chance: Random
) -> None:
    shuffled = [*findings]
    chance.shuffle(shuffled)

    assert ranked(report(*shuffled), CATALOGUE, role) == ranked(report(*findings), CATALOGUE, role)


@given(SOME, ROLES)
def test_no_two_findings_stand_level_and_none_is_lost(
    findings: list[Finding], role: str | None
) -> None:
    found = list(ranked(report(*findings), CATALOGUE, role).findings())
    keys = [order(one) for one in found]

    assert keys == sorted(keys)
    assert len(set(keys)) == len(findings)
    assert {one.fingerprint for one in found} == {one.fingerprint for one in findings}


@given(SOME, ROLES)
def test_ranking_again_changes_nothing(findings: list[Finding], role: str | None) -> None:
    once = ranked(report(*findings), CATALOGUE, role)

    assert ranked(once, CATALOGUE, role) == once


@given(SOME)
def test_a_role_changes_the_order_within_a_severity_only(findings: list[Finding]) -> None:
    orders = [
        [
            (one.verdict, rank(one)[0])
            for one in ranked(report(*findings), CATALOGUE, role).findings()
        ]
        for role in (None, "operations")
    ]

    assert orders[0] == orders[1]
