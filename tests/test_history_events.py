"""What revisions bring: told once, not where it was so before or somebody waived it, and sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import NotFound
from kg.findings import Evidence, Finding, ProjectReport, Severity, Verdict, Waiver
from kg.history import FILE, Connection, History, deliveries, events, projects, waivers, webhooks
from kg.history.deliveries import State
from kg.history.events import Kind
from kg.history.webhooks import NewWebhook
from tests.remembering import finding, put, report

WARNING = finding("data-drift", severity=Severity.WARNING)
VIOLATION = finding("memory")
UNDECIDED = finding("memory", Verdict.UNDECIDED)
CLEAR = finding("memory", Verdict.CLEAR)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / FILE)
    yield made
    made.close()


def _told(history: History, *reports: ProjectReport, kinds: tuple[Kind, ...]) -> list[set[str]]:
    """The predicates of the events of each revision after the first, by a webhook of all kinds."""
    with history.writing() as connection:
        put(connection, reports[0])
        hook = _hook(connection, *kinds)
        before = reports[0]
        for after in reports[1:]:
            number = put(connection, after).number
            events.record(connection, "loan", number, before, after)
            before = after
        sent = _events(connection, hook)
    return [{one.predicate for one in event.findings} for event in sent]


def _hook(connection: Connection, *kinds: Kind) -> int:
    new = NewWebhook("https://a.org/hook", "a.org", kinds or tuple(Kind), "secret", "ada")
    return webhooks.add(connection, "loan", new).number


def _events(connection: Connection, webhook: int) -> list[events.Event]:
    rows = connection.execute(
        f"SELECT {events.COLUMNS} FROM {events.JOINED} "
        "JOIN delivery ON delivery.event = event.number WHERE webhook = ? ORDER BY event.number",
        (webhook,),
    )
    return [events.read(row) for row in rows]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], [VIOLATION], {"memory"}),
        ([CLEAR], [VIOLATION], {"memory"}),
        ([UNDECIDED], [VIOLATION], {"memory"}),
        ([replace(VIOLATION, severity=Severity.WARNING)], [VIOLATION], {"memory"}),
        ([VIOLATION], [VIOLATION], None),
        ([VIOLATION], [finding("memory", value=32)], None),
        ([VIOLATION], [CLEAR], None),
        ([], [WARNING, UNDECIDED], None),
        ([WARNING], [WARNING, VIOLATION, finding("memory", item="gpu")], {"memory"}),
    ],
    ids=[
        "new",
        "was clear",
        "was undecided",
        "was a warning",
        "as before",
        "another value",
        "gone",
        "no violation",
        "two of one predicate",
    ],
)
def test_a_new_violation_is_told(
    history: History, before: list[Finding], after: list[Finding], told: set[str] | None
) -> None:
    found = _told(history, report(*before), report(*after), kinds=(Kind.VIOLATION_NEW,))
    assert found == ([told] if told else [])


def test_what_got_worse_is_told_whatever_its_severity(history: History) -> None:
    graver = replace(WARNING, severity=Severity.VIOLATION)
    reports = [report(UNDECIDED), report(UNDECIDED, WARNING), report(graver), report(WARNING)]
    assert _told(history, *reports, kinds=(Kind.FINDING_WORSE,)) == [{"data-drift"}] * 2


def test_a_webhook_is_told_each_revision_if_it_wants_to(history: History) -> None:
    assert _told(history, *[report()] * 3, kinds=(Kind.REVISION_MADE,)) == [set(), set()]


def test_all_of_the_first_revision_is_new(history: History) -> None:
    with history.writing() as connection:
        number = put(connection, report(VIOLATION, WARNING)).number
        events.record(connection, "loan", number, None, report(VIOLATION, WARNING))
        (event,) = events.violations(connection)
    assert (event.revision, event.total, event.findings) == (1, 1, (VIOLATION,))
    assert (event.author, event.message) == ("ada", "because")


def test_what_is_waived_is_not_told(history: History) -> None:
    ended = Waiver("It was so", "ada", "2020-01-01", "2020-02-01")
    with history.writing() as connection:
        put(connection, report())
        other = finding("memory", item="gpu")
        waivers.waive(connection, "loan", VIOLATION.fingerprint, Waiver("So be it", "ada", ""))
        waivers.waive(connection, "loan", other.fingerprint, ended)
        number = put(connection, report(VIOLATION, other)).number
        events.record(connection, "loan", number, report(), report(VIOLATION, other))
        (event,) = events.violations(connection)
    assert event.findings == (other,)


def test_findings_are_remembered_as_they_were_found(history: History) -> None:
    values: list[str | float | bool | None] = [1, 1.0, True, "1", float("inf"), None]
    evidence = tuple(Evidence("needs", "requiredMemory", value) for value in values)
    odd = replace(VIOLATION, evidence=evidence, message="größer")
    with history.writing() as connection:
        put(connection, report(odd))
        events.record(connection, "loan", 1, None, report(odd))
        (event,) = events.violations(connection)
    assert event.findings == (odd,)
    assert [type(one.value) for one in event.findings[0].evidence] == list(map(type, values))


def test_of_very_many_findings_the_first_are_kept_and_all_counted(history: History) -> None:
    many = report(*(finding("memory", item=f"{number:03}") for number in range(150)))
    with history.writing() as connection:
        put(connection, many)
        events.record(connection, "loan", 1, None, many)
        (event,) = events.violations(connection)
    assert event.total == 150
    assert [one.item for one in event.findings] == [f"{number:03}" for number in range(100)]


def test_violations_come_from_all_projects_that_are_not_hidden(history: History) -> None:
    with history.writing() as connection:
        for name in ("a", "b", "c"):
            put(connection, report(VIOLATION, project=name))
            events.record(connection, name, 1, None, report(VIOLATION, project=name))
        assert [one.project for one in events.violations(connection)] == ["c", "b", "a"]
        assert [one.project for one in events.violations(connection, hidden=["b"])] == ["c", "a"]
        assert [one.project for one in events.violations(connection, "b")] == ["b"]


def test_old_events_are_forgotten_and_those_that_wait_are_not(history: History) -> None:
    with history.writing() as connection:
        put(connection, report(VIOLATION))
        hook = _hook(connection, Kind.REVISION_MADE)
        for _ in range(130):
            events.record(connection, "loan", 1, None, report(VIOLATION))
        assert len(list(events.violations(connection))) == 100
        assert len(_events(connection, hook)) == 130
        for _ in range(130):
            (one,) = deliveries.due(connection, 1)
            deliveries.begin(connection, one)
            deliveries.end(connection, one, 200, None)
        events.record(connection, "loan", 1, None, report())
        assert [one.state for one in deliveries.listed(connection, hook)].count(
            State.DELIVERED
        ) == deliveries.KEPT
        assert connection.execute("SELECT count(*) FROM event").fetchone()[0] == 201


def test_of_too_many_that_wait_the_oldest_are_given_up(history: History) -> None:
    with history.writing() as connection:
        put(connection, report())
        hook = _hook(connection, Kind.REVISION_MADE)
        (event, *_) = [_recorded(connection, hook) for _ in range(2)]
        deliveries.add(connection, event, [hook] * deliveries.MOST)
        events.record(connection, "loan", 1, report(), report())
        states = [one.state for one in deliveries.listed(connection, hook)]
    assert states.count(State.WAITING) == deliveries.MOST
    assert states[-1] is State.GIVEN_UP


def _recorded(connection: Connection, hook: int) -> int:
    events.record(connection, "loan", 1, report(), report())
    return _events(connection, hook)[-1].number


def test_a_delivery_is_tried_again_after_growing_waits_and_given_up_after_a_day(
    history: History,
) -> None:
    assert list(deliveries.WAITS) == sorted(deliveries.WAITS)
    assert 20 * 3600 < sum(deliveries.WAITS) < 28 * 3600
    with history.writing() as connection:
        put(connection, report())
        hook = _hook(connection, Kind.REVISION_MADE)
        events.record(connection, "loan", 1, report(), report())
        for attempt in range(len(deliveries.WAITS) + 1):
            (one,) = deliveries.due(connection, 5)
            assert one.attempts == attempt
            deliveries.begin(connection, one)
            assert deliveries.due(connection, 5) == []
            deliveries.end(connection, one, 500, "it answered 500")
            connection.execute("UPDATE delivery SET due = '2020-01-01'")
        assert deliveries.due(connection, 5) == []
        (told,) = deliveries.listed(connection, hook)
    assert (told.state, told.attempts, told.status) == (State.GIVEN_UP, 11, 500)


def test_one_delivery_of_a_webhook_is_due_at_a_time_the_oldest_first(history: History) -> None:
    with history.writing() as connection:
        put(connection, report())
        first, second = _hook(connection), _hook(connection)
        for _ in range(3):
            events.record(connection, "loan", 1, report(), report())
        assert [one.webhook for one in deliveries.due(connection, 5)] == [first, second]
        assert [one.webhook for one in deliveries.due(connection, 5, busy=[first])] == [second]
        assert [one.webhook for one in deliveries.due(connection, 1)] == [first]
        assert deliveries.due(connection, 5, full=["a.org"]) == []
        order = []
        for _ in range(3):
            (one,) = deliveries.due(connection, 5, busy=[first])
            order.append(one.event)
            deliveries.begin(connection, one)
            deliveries.end(connection, one, 204, None)
    assert order == sorted(order)


def test_a_webhook_goes_with_what_waits_for_it_and_with_its_project(history: History) -> None:
    with history.writing() as connection:
        put(connection, report())
        hook = _hook(connection)
        events.record(connection, "loan", 1, report(), report(VIOLATION))
        with pytest.raises(NotFound):
            webhooks.remove(connection, "other", hook)
        webhooks.remove(connection, "loan", hook)
        assert deliveries.due(connection, 5) == []
        with pytest.raises(NotFound):
            webhooks.get(connection, "loan", hook)
        assert _hook(connection) > hook
        projects.remove(connection, "loan")
        assert [_count(connection, name) for name in ("webhook", "event", "delivery")] == [0, 0, 0]


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
