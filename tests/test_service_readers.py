"""Governed reads: what runs away is stopped, and others are answered in the meantime."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.serving import RUNAWAY, SORTING, SPARQL_QUERY, fill, query, served, update


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(query_memory=2048) as client:
        fill(client)
        yield client


@pytest.mark.parametrize("text", [RUNAWAY, SORTING], ids=["joining", "sorting"])
def test_a_runaway_query_is_stopped_at_its_deadline(client: httpx2.Client, text: str) -> None:
    started = time.monotonic()
    response = query(client, text, timeout=0.5)
    assert response.status_code == 504
    assert time.monotonic() - started < 5, "it would take hours"
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["hint"]


def test_small_queries_are_answered_while_others_run_away(client: httpx2.Client) -> None:
    names = [f"away-{number}" for number in range(10)]
    with ThreadPoolExecutor(12) as pool:
        away = [pool.submit(query, client, RUNAWAY, timeout=29, **{"query-id": n}) for n in names]
        _wait(client, names[0])
        for _ in range(20):
            assert query(client, "ASK { ?s ?p ?o }").json()["boolean"] is True
        assert not any(one.done() for one in away)
        for name in names:
            assert client.delete(f"/queries/{name}").status_code == 204
    assert {one.result().status_code for one in away} == {409}


def test_a_query_that_takes_too_much_memory_is_told_so(client: httpx2.Client) -> None:
    response = query(client, SORTING, memory=32, timeout=20)
    assert response.status_code == 507
    assert query(client, "ASK {}").status_code == 200


def test_a_query_nested_too_deeply_is_refused_and_hurts_nobody(client: httpx2.Client) -> None:
    deep = "SELECT * { " + "{" * 60_000 + "}" * 60_000 + " }"
    assert query(client, deep).status_code in (400, 507)
    assert query(client, "ASK {}").status_code == 200


def test_a_running_query_is_listed_and_cancelled(client: httpx2.Client) -> None:
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(query, client, RUNAWAY, timeout=20, **{"query-id": "mine"})
        listed = _wait(client, "mine")
        assert listed["query"] == RUNAWAY
        assert listed["stage"] in ("quick", "slow")
        assert client.get("/queries/mine").json()["id"] == "mine"
        assert client.delete("/queries/mine").status_code == 204
        assert asked.result().status_code == 409
    assert client.get("/queries").json() == []


def test_two_running_queries_have_no_common_id(client: httpx2.Client) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(query, client, RUNAWAY, timeout=20, **{"query-id": "same"})
        _wait(client, "same")
        assert query(client, "ASK {}", **{"query-id": "same"}).status_code == 409
        client.delete("/queries/same")
        first.result()
    assert query(client, "ASK {}", **{"query-id": "same"}).status_code == 200


def test_cancelling_what_does_not_run_is_told(client: httpx2.Client) -> None:
    assert client.delete("/queries/none").status_code == 404
    assert client.get("/queries/none").status_code == 404


def test_a_query_ends_when_its_client_goes_away(client: httpx2.Client) -> None:
    def leave() -> None:
        with httpx2.Client(base_url=client.base_url, timeout=0.5) as other:
            query(other, RUNAWAY, timeout=20, **{"query-id": "left"})

    with ThreadPoolExecutor() as pool:
        left = pool.submit(leave)
        _wait(client, "left")
        with pytest.raises(httpx2.ReadTimeout):
            left.result()
    for _ in range(100):
        if not client.get("/queries").json():
            return
        time.sleep(0.02)
    pytest.fail("the query goes on")


def test_a_full_queue_sends_clients_away_for_a_while() -> None:
    with served(queue=1, slow_workers=1, quick_workers=1) as client, ThreadPoolExecutor(8) as pool:
        fill(client)
        away = [pool.submit(query, client, RUNAWAY, timeout=2) for _ in range(8)]
        found = [one.result() for one in away]
    refused = [response for response in found if response.status_code == 503]
    assert refused
    assert all(response.headers["retry-after"] for response in refused)
    assert {response.status_code for response in found} == {503, 504}


@pytest.mark.parametrize("name", ["timeout", "rows", "memory"])
@pytest.mark.parametrize("value", ["0", "-1", "much", "inf", "nan"])
def test_a_limit_that_is_no_number_is_refused(client: httpx2.Client, name: str, value: str) -> None:
    assert query(client, "ASK {}", **{name: value}).status_code == 400


def test_limits_are_lowered_by_headers_too(client: httpx2.Client) -> None:
    headers = {**SPARQL_QUERY, "query-rows": "2"}
    response = client.post("/sparql", content="SELECT * { ?s ?p ?o }", headers=headers)
    assert len(response.json()["results"]["bindings"]) == 2


def test_a_limit_cannot_be_raised() -> None:
    with served(query_rows=5) as client:
        fill(client)
        response = query(client, "SELECT * { ?s ?p ?o }", rows=1000)
    assert len(response.json()["results"]["bindings"]) == 5


MARKS = {
    "json": '"truncated":"cut off after 3 ',
    "xml": "<!-- cut off after 3 ",
    "csv": "\r\n# cut off after 3 ",
    "tsv": "\n# cut off after 3 ",
    "turtle": "\n# cut off after 3 ",
    "trig": "\n# cut off after 3 ",
    "ntriples": "\n# cut off after 3 ",
    "nquads": "\n# cut off after 3 ",
    "rdfxml": "<!-- cut off after 3 ",
    "jsonld": '{"truncated":"cut off after 3 ',
}


@pytest.mark.parametrize("form", MARKS)
def test_a_cut_is_marked_at_the_end_and_in_the_head(client: httpx2.Client, form: str) -> None:
    rows = form in ("json", "xml", "csv", "tsv")
    text = "SELECT ?s { ?s ?p ?o }" if rows else "CONSTRUCT WHERE { ?s ?p ?o }"
    response = query(client, text, rows=3, format=form)
    assert response.headers["query-truncated"].startswith("cut off after 3 ")
    assert MARKS[form] in response.text[-120:]


@pytest.mark.parametrize("form", MARKS)
def test_what_is_not_cut_has_no_mark(client: httpx2.Client, form: str) -> None:
    rows = form in ("json", "xml", "csv", "tsv")
    text = (
        "SELECT ?s { ?s ?p ?o } LIMIT 3"
        if rows
        else "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
    )
    response = query(client, text, rows=3, format=form)
    assert "query-truncated" not in response.headers
    assert "cut off" not in response.text


def test_a_large_answer_is_whole_and_leaves_no_file(tmp_path: Path) -> None:
    with served(store=str(tmp_path / "store")) as client:
        fill(client, 5000)
        response = query(client, "SELECT * { ?s ?p ?o }", format="csv")
        assert len(response.text.splitlines()) == 5001
        large = query(client, "SELECT * { ?s ?p ?o . ?t ?p ?u } LIMIT 20000", format="json")
        assert len(large.json()["results"]["bindings"]) == 20000
        assert list(tmp_path.glob("store/service-*/answers/*")) == []
    assert list(tmp_path.glob("store/service-*")) == []


LATE = {
    "a service in a variable": "SELECT * { { SELECT * { ?s ?p ?o } } SERVICE ?s { ?a ?b ?c } }",
    "an unknown function": "SELECT (<http://x.org/f>(?o) AS ?x) { ?s ?p ?o }",
    "no SPARQL at all": "SELECT * {",
    "two queries": "ASK {} ASK {}",
    "an update": "INSERT DATA { <http://x.org/a> <http://x.org/b> 1 }",
}


@pytest.mark.parametrize("text", LATE.values(), ids=LATE)
def test_an_error_has_an_error_status_however_late_it_arises(
    client: httpx2.Client, text: str
) -> None:
    response = query(client, text)
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"


def test_who_writes_reads_what_it_wrote_at_once() -> None:
    with served() as client:
        for number in range(20):
            update(client, f"INSERT DATA {{ <http://x.org/a> <http://x.org/n> {number} }}")
            found = query(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv")
            assert found.text.split() == ["n", str(number + 1)]


def test_an_answer_never_mixes_two_revisions() -> None:
    data = "<http://x.org/a> <http://x.org/n> %d . <http://x.org/b> <http://x.org/n> %d"
    both = f"DELETE WHERE {{ ?s ?p ?o }} ; INSERT DATA {{ {data} }}"
    asked = "SELECT ?n { <http://x.org/a> ?p ?n . <http://x.org/b> ?p ?n }"
    stop = threading.Event()

    def write(client: httpx2.Client) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            assert update(client, both % (number, number)).status_code == 204

    with served() as client, ThreadPoolExecutor() as pool:
        update(client, both % (0, 0))
        writing = pool.submit(write, client)
        found = [len(query(client, asked, format="csv").text.split()) for _ in range(40)]
        stop.set()
        writing.result()
    assert set(found) == {2}


def test_a_runaway_update_is_stopped_and_changes_nothing(client: httpx2.Client) -> None:
    four = " ".join(f"GRAPH ?g{n} {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
    away = f"INSERT {{ ?s0 <http://x.org/x> ?o3 }} WHERE {{ {four} FILTER(?o0 < ?o3) }}"
    started = time.monotonic()
    assert update(client, away, timeout=1).status_code == 504
    assert time.monotonic() - started < 10, "it would take hours"
    assert query(client, "ASK { ?a <http://x.org/x> ?b }").json()["boolean"] is False


def test_a_store_in_a_folder_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = str(tmp_path / "store")
    with served(store=folder) as client:
        fill(client, 3)
    with served(store=folder) as client:
        assert query(client, "SELECT * { ?s ?p ?o }", format="csv").text.count("x.org/p") == 3


def test_what_a_killed_service_left_behind_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / "store" / "service-left"
    left.mkdir(parents=True)
    with served(store=str(tmp_path / "store")) as client:
        assert query(client, "ASK {}").status_code == 200
        assert not left.exists()


def _wait(client: httpx2.Client, name: str) -> dict[str, str]:
    for _ in range(200):
        for one in client.get("/queries").json():
            if one["id"] == name and one["stage"] != "waiting":
                return dict(one)
        time.sleep(0.02)
    pytest.fail(f"the query {name} does not run")
