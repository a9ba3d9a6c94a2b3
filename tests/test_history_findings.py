"""Findings in the history: what is shown, in which order, waived by whom, worse than when."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.errors import NotFound
from kg.findings import Participant, ProjectReport, Report, Severity, Verdict, Waiver
from kg.history import FILE, Connection, History, comments, findings, now, projects, waivers, worse
from kg.history.differences import changed_findings, changed_sources, patch
from kg.history.listing import Page, current, of_report
from kg.history.marks import mark
from kg.history.wanted import Order, Wanted, marked
from kg.priority import order as report_order
from kg.priority import priorities, ranked
from tests.remembering import finding, put, report

EVERYTHING = Wanted(verdicts=tuple(Verdict))
ALL = Page(1000)
CATALOGUE = catalogues.load(vocabularies.load())
ORDER = Order(priorities(CATALOGUE.mismatches.values()))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / FILE)
    yield made
    made.close()


def _many(project: str = "loan") -> ProjectReport:
    """Findings of all verdicts, severities and several mismatches, in no order."""
    codes = [("OE.ComputingResources",), ("OD.DataRates", "TM.SystemConfiguration"), ("Own.Thing",)]
    made = [
        replace(
            finding(f"predicate-{number % 7}", verdict, severity, item=f"item {number}"),
            mismatches=codes[number % 3],
            kind="completeness" if number % 4 == 0 else "comparison",
        )
        for number, (verdict, severity) in enumerate(
            (verdict, severity) for verdict in Verdict for severity in Severity for _ in range(4)
        )
    ]
    return report(*reversed(made), project=project)


def _shown(connection: Connection, wanted: Wanted = EVERYTHING, page: Page = ALL) -> list[str]:
    listed = current(connection, wanted, ORDER, page)
    return [one.fingerprint for project in listed.projects for one in project.findings]


@pytest.mark.parametrize("role", [None, "operations", "data-scientist"])
def test_findings_are_listed_in_the_order_of_a_ranked_report(
    history: History, role: str | None
) -> None:
    order = Order(priorities(CATALOGUE.mismatches.values(), role))
    expected = ranked(Report((_many(),)), CATALOGUE, role).projects[0].findings
    with history.writing() as connection:
        put(connection, _many())
        (project,) = current(connection, EVERYTHING, order, ALL).projects
        (then,) = of_report(connection, _many(), EVERYTHING, order, ALL).projects
    assert project.findings == expected == then.findings
    assert list(map(report_order, expected)) == sorted(map(report_order, expected))


def test_pages_together_are_the_whole_and_nothing_comes_twice(history: History) -> None:
    with history.writing() as connection:
        for name in ("b", "a", "c"):
            put(connection, _many(name))
        whole = current(connection, EVERYTHING, ORDER, ALL)
        expected = [(one.id, f) for one in whole.projects for f in one.findings]
        found, page, turns = [], Page(7), 0
        while True:
            listed = current(connection, EVERYTHING, ORDER, page)
            found += [(one.id, f) for one in listed.projects for f in one.findings]
            turns += 1
            if listed.last is None:
                break
            page = Page(7, marked(mark(listed.last)))
    assert [one.id for one in whole.projects] == ["a", "b", "c"]
    assert found == expected
    assert turns == 16


def test_a_revision_between_two_pages_neither_hides_nor_repeats(history: History) -> None:
    with history.writing() as connection:
        put(connection, _many())
        first = current(connection, EVERYTHING, ORDER, Page(5))
        before = _many()
        gone = first.projects[0].findings[2]
        put(connection, replace(before, findings=tuple(f for f in before.findings if f != gone)))
        rest = current(connection, EVERYTHING, ORDER, Page(100, first.last))
    names = [f.fingerprint for f in (*first.projects[0].findings, *rest.projects[0].findings)]
    assert len(names) == len(set(names)) == len(before.findings)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(verdicts=(Verdict.CLEAR,)),
        replace(EVERYTHING, predicates=("predicate-3",)),
        replace(EVERYTHING, predicates=("predicate-3", "predicate-5")),
        replace(EVERYTHING, mismatches=("TM.SystemConfiguration",)),
        replace(EVERYTHING, severities=(Severity.INFO, Severity.WARNING)),
        replace(EVERYTHING, kinds=("completeness",)),
        replace(EVERYTHING, roles=("operations",)),
        replace(EVERYTHING, roles=("data-scientist",)),
        replace(EVERYTHING, waived=True),
        replace(EVERYTHING, waived=False),
        replace(EVERYTHING, severities=(Severity.INFO,), predicates=("predicate-1",), waived=False),
    ],
)
def test_a_filter_holds_in_the_file_as_it_does_of_a_report(
    history: History, wanted: Wanted
) -> None:
    made = _many()
    waived = {one.fingerprint for one in made.findings[::5]}
    with history.writing() as connection:
        put(connection, made)
        for name in waived:
            waivers.waive(connection, "loan", name, Waiver("known", "ada", now()))
        found = _shown(connection, wanted)
        listed = of_report(connection, made, wanted, ORDER, ALL)
    assert found == [one.fingerprint for one in listed.projects[0].findings]
    everything = {one.fingerprint for one in made.findings}
    assert set(found) < everything or wanted.roles == ("operations",)
    assert found or wanted.roles == ("data-scientist",)


def test_hidden_projects_are_left_out(history: History) -> None:
    with history.writing() as connection:
        put(connection, report(finding(), project="seen"))
        put(connection, report(finding(), project="unseen"))
        listed = current(connection, replace(EVERYTHING, hidden=["unseen"]), ORDER, ALL)
        late = worse.since_time(connection, "2000", worse.WorsePage(10), hidden=["unseen"])
    assert [one.id for one in listed.projects] == ["seen"]
    assert [one.project for one in late.found] == ["seen"]


def test_a_page_has_the_numbers_of_the_whole_project(history: History) -> None:
    with history.writing() as connection:
        put(connection, _many())
        listed = current(connection, Wanted(projects=("loan",)), ORDER, Page(1))
    (project,) = listed.projects
    assert len(project.findings) == 1
    assert project.summary == _many().summary


def test_a_project_that_is_named_is_there_without_findings(history: History) -> None:
    with history.writing() as connection:
        projects.create(connection, "new", title="", private=False, creator="ada")
        (project,) = current(connection, Wanted(projects=("new",)), ORDER, ALL).projects
    assert (project.id, project.findings, project.statements) == ("new", (), 0)


def test_only_what_differs_is_written(history: History) -> None:
    with history.writing() as connection:
        put(connection, report(finding(item="a"), finding(item="b")))
        before = connection.total_changes
        same = report(finding(item="a"), finding(item="b"))
        findings.replace(connection, "loan", same)
        unchanged = connection.total_changes - before
        findings.replace(connection, "loan", report(finding(item="a"), finding(item="b", value=8)))
        changed = connection.total_changes - before - unchanged
    # The rest of the report is written each time.
    assert (unchanged, changed) == (1, 2)


def test_a_finding_that_is_gone_is_still_told(history: History) -> None:
    one = finding()
    with history.writing() as connection:
        put(connection, report(one))
        put(connection, report())
        assert findings.shown(connection, "loan", one.fingerprint) is None
        assert findings.get(connection, "loan", one.fingerprint) == one
        turns = findings.turns(connection, "loan", one.fingerprint)
        assert [(turn.revision, turn.verdict) for turn in turns] == [(2, None), (1, "mismatch")]
        with pytest.raises(NotFound, match="no finding"):
            findings.get(connection, "loan", "none")


def test_a_waiver_outlives_revisions_and_ends_when_its_time_is_over(history: History) -> None:
    one = finding(value=16)
    pair = "loan", one.fingerprint
    waiver = Waiver("a larger host comes", "ada", now(), _hours(1))
    with history.writing() as connection:
        put(connection, report(one))
        waivers.waive(connection, *pair, waiver)
        put(connection, report(finding(value=32)))
        assert findings.get(connection, *pair).waiver == waiver
        waivers.waive(connection, *pair, replace(waiver, until=_hours(-1)))
        assert findings.get(connection, *pair).waiver is None
        assert _shown(connection, replace(EVERYTHING, waived=True)) == []
        with pytest.raises(NotFound, match="not waived"):
            waivers.end(connection, *pair, "ada")


def _hours(later: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=later)).isoformat(timespec="milliseconds")


def test_the_latest_waiver_counts_and_all_are_kept(history: History) -> None:
    one = finding()
    pair = "loan", one.fingerprint
    with history.writing() as connection:
        put(connection, report(one))
        waivers.waive(connection, *pair, Waiver("first", "ada", now()))
        waivers.waive(connection, *pair, Waiver("second", "bob", now()))
        assert waivers.counting(connection, [pair])[pair].reason == "second"
        waivers.end(connection, *pair, "cyd")
        assert waivers.counting(connection, [pair]) == {}
        kept = waivers.listed(connection, *pair)
    assert [(one.reason, one.ended_by) for one in kept] == [("second", "cyd"), ("first", "bob")]


def test_comments_stand_in_their_order(history: History) -> None:
    with history.writing() as connection:
        put(connection, report(finding()))
        for text in ("one", "two", "three"):
            comments.add(connection, "loan", "x", "ada", text)
        comments.add(connection, "loan", "y", "ada", "elsewhere")
        listed = comments.listed(connection, "loan", "x", after=1, most=1)
    assert [comment.text for comment in listed] == ["two"]


def test_halves_of_characters_do_not_keep_a_finding_from_being_kept(history: History) -> None:
    broken = Participant("http://x.org/\ud800", "\ud800", "TrainedModel", "model/\ud800")
    one = replace(finding(item="\udcff"), subject=broken)
    with history.writing() as connection:
        put(connection, report(one))
        (name,) = _shown(connection)
        assert findings.get(connection, "loan", name).item == "?"


# -- what got worse ------------------------------------------------------------------------------


def test_what_is_new_graver_or_was_no_mismatch_got_worse(history: History) -> None:
    info, violation = Severity.INFO, Severity.VIOLATION
    with history.writing() as connection:
        put(
            connection,
            report(
                finding("was-clear", Verdict.CLEAR),
                finding("was-undecided", Verdict.UNDECIDED),
                finding("was-less-grave", severity=info),
                finding("was-graver", severity=violation),
                finding("stayed"),
                finding("went"),
            ),
        )
        put(
            connection,
            report(
                finding("is-new"),
                finding("is-new-and-clear", Verdict.CLEAR),
                finding("was-clear"),
                finding("was-undecided"),
                finding("was-less-grave", severity=violation),
                finding("was-graver", severity=info),
                finding("stayed", value=99),
            ),
            author="bob",
            message="a larger model",
        )
        found = worse.since_revision(connection, "loan", 1, worse.WorsePage(10)).found
        assert worse.since_revision(connection, "loan", 2, worse.WorsePage(10)).found == ()
        from_nothing = worse.since_revision(connection, "loan", 0, worse.WorsePage(10)).found
    before = {one.finding.predicate: (one.verdict, one.severity) for one in found}
    assert before == {
        "is-new": (None, None),
        "was-clear": ("clear", "violation"),
        "was-undecided": ("undecided", "violation"),
        "was-less-grave": ("mismatch", "info"),
    }
    assert {(one.revision, one.author, one.message) for one in found} == {
        (2, "bob", "a larger model")
    }
    assert len(from_nothing) == 6


def test_what_got_worse_and_better_again_is_not_told(history: History) -> None:
    with history.writing() as connection:
        for verdict in (Verdict.CLEAR, Verdict.MISMATCH, Verdict.CLEAR):
            put(connection, report(finding(verdict=verdict)))
        assert worse.since_revision(connection, "loan", 1, worse.WorsePage(10)).found == ()


def test_what_got_worse_over_projects_comes_in_pages_the_latest_first(history: History) -> None:
    with history.writing() as connection:
        for name in ("a", "b"):
            put(connection, report(finding("old"), project=name))
    time.sleep(0.01)
    then = now()
    time.sleep(0.01)
    with history.writing() as connection:
        for name in ("b", "a"):
            put(connection, report(finding("old"), finding("new"), finding("too"), project=name))
            time.sleep(0.01)
        waivers.waive(connection, "a", finding("new").fingerprint, Waiver("so", "ada", now()))
        found: list[worse.Worse] = []
        page = worse.WorsePage(1)
        while True:
            listed = worse.since_time(connection, then, page)
            found += listed.found
            if listed.last is None:
                break
            page = worse.WorsePage(1, listed.last)
    assert [one.project for one in found] == ["a", "a", "b", "b"]
    assert len({(one.project, one.finding.fingerprint) for one in found}) == len(found)
    assert [one.finding.predicate for one in found if one.finding.waiver] == ["new"]


# -- differences ---------------------------------------------------------------------------------


def test_a_changed_value_is_a_change_of_the_same_finding() -> None:
    before = report(finding("a"), finding("b"), finding("c", Verdict.CLEAR), finding("d"))
    moved = replace(finding("d").evidence[0].sources[0], line=99)
    same = replace(finding("d"), evidence=(replace(finding("d").evidence[0], sources=(moved,)),))
    after = report(finding("a", value=8), finding("c"), same, finding("e"))
    found = changed_findings(before, after)
    assert [one.predicate for one in found.new] == ["e"]
    assert [one.predicate for one in found.gone] == ["b"]
    assert [(one.after.predicate, one.what) for one in found.changed] == [
        ("a", ("evidence",)),
        ("c", ("verdict",)),
    ]


def test_statements_differ_by_the_file_that_states_them() -> None:
    root = "http://x.org/projects/loan"
    graph = f"{root}/descriptors/a%20b.yaml"
    before = f'<s> <p> 1 <{graph}> .\n<s> <q> "x y" <{graph}> .\n<s> <p> 1 <{root}/derived> .'
    after = (
        f'<s> <p> 2 <{graph}> .\n<s> <q> "x y" <{graph}> .\n<s> <p> 2 <{root}/derived> .\n'
        f"<s> <r> <o> <{root}/links> .\n<s> <p> 3 <{graph}#observed> ."
    )
    one, observed, links = changed_sources("http://x.org/", "loan", before, after)
    assert (one.file, one.standing, one.added, one.removed) == (
        "a b.yaml",
        "declared",
        ("<s> <p> 2",),
        ("<s> <p> 1",),
    )
    assert (observed.file, observed.standing) == ("a b.yaml", "observed")
    assert (links.file, links.added) == (None, ("<s> <r> <o>",))
    assert patch([one]) == f"TX .\nD <s> <p> 1 <{graph}> .\nA <s> <p> 2 <{graph}> .\nTC .\n"
