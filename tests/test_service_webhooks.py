"""Webhooks: made by maintainers, signed, sent until they are taken, whatever happens meanwhile."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from kg.findings import ProjectReport, Severity
from kg.history import FILE, History, deliveries, events
from kg.workspace import BASE
from tests.browsing import Skeleton
from tests.listening import Listener, listening
from tests.remembering import emptied, finding, put, report
from tests.serving import served

T = TypeVar("T")
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
FAULT = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
VIOLATION = finding("memory")
LISTED: dict[str, Any] = {"webhook_hosts": "127.0.0.1, hooks.example.org:443"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[httpx2.Client]:
    with served(store=str(store), serves="projects", **LISTED) as client:
        yield client


@pytest.fixture
def history(
    client: httpx2.Client,  # noqa: ARG001 - the service makes it
    store: Path,
) -> Iterator[History]:
    """The history of the service, in which the project is new each time."""
    with emptied(store) as made:
        with made.writing() as connection:
            put(connection, report())
        yield made


def _hook(client: httpx2.Client, url: str, **more: object) -> dict[str, Any]:
    made = client.post("/projects/loan/webhooks", json={"url": url, **more})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def _told(history: History, after: ProjectReport, message: str = "because") -> None:
    with history.writing() as connection:
        number = put(connection, after, message=message).number
        events.record(connection, "loan", number, report(), after)


def _url(host: Listener) -> str:
    return f"http://127.0.0.1:{host.port}/hook"


def _soon(find: Callable[[], T], seconds: float = 15) -> T:
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
    return found


def _deliveries(client: httpx2.Client, hook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(
        f"/projects/loan/webhooks/{hook['number']}/deliveries"
    ).json()
    return found


def test_a_new_violation_is_sent_signed_and_in_the_shape_of_reports(
    client: httpx2.Client, history: History
) -> None:
    with listening(TAKEN) as host:
        hook = _hook(client, _url(host))
        _told(history, report(VIOLATION, finding("drift", severity=Severity.INFO)), "größer")
        (sent,) = _soon(lambda: host.asked)
        _soon(lambda: _deliveries(client, hook)[0]["state"] == "delivered")
    head, _, body = sent.partition(b"\r\n\r\n")
    headers = {k.lower(): v for k, _, v in (x.partition(": ") for x in head.decode().split("\r\n"))}
    signature = hmac.new(hook["secret"].encode(), body, sha256).hexdigest()
    assert headers["x-mismatch-signature"] == f"sha256={signature}"
    assert headers["content-type"] == "application/json"
    told = json.loads(body)
    assert headers["x-mismatch-delivery"] == told["id"]
    assert headers["x-mismatch-event"] == told["event"] == "violation.new"
    assert headers["x-mismatch-time"] == told["made"]
    base = str(client.base_url).rstrip("/")
    assert told["project"] == {"id": "loan", "title": "loan", "url": f"{base}/projects/loan"}
    assert told["revision"] == {
        "number": 2,
        "author": "ada",
        "message": "größer",
        "url": f"{base}/projects/loan/revisions/2",
    }
    assert told["total"] == 1
    (found,) = told["findings"]
    assert (found["predicate"], found["verdict"], found["severity"]) == (
        "memory",
        "mismatch",
        "violation",
    )
    assert found["fingerprint"] == VIOLATION.fingerprint
    assert found["evidence"][0]["sources"] == [
        {"file": "model.yaml", "line": 3, "locator": "/memory"}
    ]


def test_what_is_not_taken_is_sent_again_under_the_same_id(
    client: httpx2.Client, history: History
) -> None:
    with listening(FAULT) as host:
        hook = _hook(client, _url(host))
        _told(history, report(VIOLATION))
        (failed,) = _soon(lambda: [one for one in _deliveries(client, hook) if one["status"]])
        assert (failed["state"], failed["status"], failed["attempts"]) == ("waiting", 500, 1)
        assert failed["fault"] == "it answered 500"
        assert failed["due"] > failed["tried"]
        host.answers[:] = [TAKEN]
        _let_time_pass(history)
        _soon(lambda: _deliveries(client, hook)[0]["state"] == "delivered")
    first, second = (sent.partition(b"\r\n\r\n")[2] for sent in host.asked)
    assert first == second


@pytest.mark.parametrize(
    ("answer", "state", "fault"),
    [
        (b"HTTP/1.1 410 Gone\r\n\r\n", "given up", "it answered 410"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n",
            "waiting",
            "it answered 302, and no redirect is followed",
        ),
        (b"nonsense\r\n\r\n", "waiting", "answers with no proper HTTP"),
    ],
    ids=["gone", "redirect", "nonsense"],
)
def test_an_answer_that_takes_nothing_is_told(
    client: httpx2.Client, history: History, answer: bytes, state: str, fault: str
) -> None:
    with listening(answer) as host:
        hook = _hook(client, _url(host))
        _told(history, report(VIOLATION))
        (failed,) = _soon(lambda: [one for one in _deliveries(client, hook) if one["fault"]])
    assert failed["state"] == state
    assert fault in failed["fault"]
    assert len(host.asked) == 1


def test_what_waits_is_sent_after_a_restart(tmp_path: Path) -> None:
    given: dict[str, Any] = {"store": str(tmp_path), "serves": "projects", "base": BASE, **LISTED}
    with listening(FAULT) as host:
        with served(**given) as client:
            history = History(tmp_path / FILE)
            with history.writing() as connection:
                put(connection, report())
            hook = _hook(client, _url(host), secret="a secret of my own".replace(" ", "-"))
            _told(history, report(VIOLATION))
            _soon(lambda: _deliveries(client, hook)[0]["status"])
        host.answers[:] = [TAKEN]
        _let_time_pass(history)
        with served(**given) as client:
            _soon(lambda: _deliveries(client, hook)[0]["state"] == "delivered")
        history.close()
    assert len(host.asked) == 2
    body = host.asked[1].partition(b"\r\n\r\n")[2]
    signature = hmac.new(b"a-secret-of-my-own", body, sha256).hexdigest()
    assert f"sha256={signature}".encode() in host.asked[1]


def test_a_slow_host_keeps_neither_the_service_nor_other_webhooks_waiting(
    client: httpx2.Client, history: History
) -> None:
    with listening(TAKEN, pause=60) as slow, listening(TAKEN) as quick:
        held = [_hook(client, _url(slow), events=["revision.made"]) for _ in range(12)]
        hook = _hook(client, _url(quick), events=["revision.made"])
        for number in (1, 2):
            _told(history, report())
            _soon(partial(_has, quick, number))
        _soon(lambda: all(x["state"] == "delivered" for x in _deliveries(client, hook)))
        assert not any(one["fault"] for old in held for one in _deliveries(client, old))


def test_a_service_ends_without_waiting_for_a_host(tmp_path: Path) -> None:
    with listening(TAKEN, pause=60) as host:
        with served(store=str(tmp_path), serves="projects", **LISTED) as client:
            history = History(tmp_path / FILE)
            with history.writing() as connection:
                put(connection, report())
            hook = _hook(client, _url(host))
            _told(history, report(VIOLATION))
            _soon(lambda: host.calls)
        with history.reading() as connection:
            (one,) = deliveries.listed(connection, hook["number"])
        history.close()
    assert (one.state, one.attempts, one.fault) == ("waiting", 1, None)


@pytest.mark.usefixtures("history")
def test_a_webhook_is_shown_without_its_secret_and_removed(client: httpx2.Client) -> None:
    wanted = {"url": "https://hooks.example.org/x", "events": ["finding.worse", "revision.made"]}
    made = client.post("/projects/loan/webhooks", json=wanted)
    secret = made.json()["secret"]
    assert len(secret) > 40
    assert made.headers["cache-control"] == "no-store"
    place = made.headers["location"]
    shown = client.get(place).json()
    assert shown == {key: value for key, value in made.json().items() if key != "secret"}
    assert {key: shown[key] for key in wanted} == wanted
    assert client.get("/projects/loan/webhooks").json() == [shown]
    for path in ("/projects/loan/webhooks", place, f"{place}/deliveries"):
        page = client.get(path, headers={"accept": "text/html"})
        assert Skeleton(page.text).elements
        assert secret not in page.text
    assert client.delete(place).status_code == 204
    assert client.delete(place).status_code == 404
    assert client.get(f"{place}/deliveries").status_code == 404
    assert client.get("/projects/loan/webhooks").json() == []


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("wanted", "status", "detail"),
    [
        ({"url": "https://elsewhere.org/"}, 403, "elsewhere.org may not be called"),
        ({"url": "http://hooks.example.org/"}, 403, "may not be called"),
        ({"url": "http://[::1]/"}, 403, "may not be called"),
        ({"url": "file:///etc/passwd"}, 403, "no address"),
        ({}, 400, "url"),
        ({"url": 1}, 400, "url"),
        ({"url": "http://127.0.0.1/", "events": []}, 400, "events"),
        ({"url": "http://127.0.0.1/", "events": ["x"]}, 400, "events"),
        ({"url": "http://127.0.0.1/", "secret": "short"}, 400, "secret"),
        ({"url": "http://127.0.0.1/", "secret": "with a blank " * 3}, 400, "secret"),
        ({"url": "http://127.0.0.1/", "event": "x"}, 400, "event"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(
    client: httpx2.Client, wanted: dict[str, object], status: int, detail: str
) -> None:
    refused = client.post("/projects/loan/webhooks", json=wanted)
    assert refused.status_code == status, refused.text
    assert detail in refused.json()["detail"]
    assert client.get("/projects/loan/webhooks").json() == []


@pytest.mark.usefixtures("history")
def test_a_project_has_so_many_webhooks_and_no_more(client: httpx2.Client) -> None:
    for _ in range(20):
        _hook(client, "http://127.0.0.1/")
    more = client.post("/projects/loan/webhooks", json={"url": "http://127.0.0.1/"})
    assert more.status_code == 409


@pytest.mark.usefixtures("history")
def test_a_project_that_is_not_there_has_no_webhooks(client: httpx2.Client) -> None:
    assert client.get("/projects/none/webhooks").status_code == 404
    wanted = {"url": "http://127.0.0.1/"}
    assert client.post("/projects/none/webhooks", json=wanted).status_code == 404
    for number in ("1", f"{1 << 62}"):
        assert client.delete(f"/projects/none/webhooks/{number}").status_code == 404
    for number in ("0", "x", f"{1 << 63}", "9" * 100):
        assert client.get(f"/projects/none/webhooks/{number}").status_code == 422


def _has(host: Listener, number: int) -> bool:
    return len(host.asked) == number


def _let_time_pass(history: History) -> None:
    with history.writing() as connection:
        connection.execute("UPDATE delivery SET due = '2020-01-01'")
