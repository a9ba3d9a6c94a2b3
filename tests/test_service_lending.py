"""Connections that are lent: what a borrower answers is what the service would have answered, and
whatever it may not answer, or dies of, is answered here.
"""

import gzip
import os
import re
import select
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import httpx2
import pytest

from tests.granting import bearer, governed
from tests.serving import RUNAWAY, TURTLE, fill, served, update

GRAPH = "http://x.org/g"
ROWS = "application/sparql-results+json"
POSTED = {"Accept": ROWS, "Content-Type": "application/sparql-query"}
# A connection is lent again only when nothing was written for a tenth of a second.
SETTLED = 0.15
# Of which every answer has its own.
NAMES = ("date", "query-id", "x-request-id")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served() as client:
        fill(client)
        time.sleep(SETTLED)
        yield client


class Line:
    """One connection, on which one request is sent after the other, in one piece."""

    def __init__(self, client: httpx2.Client, source: str = "127.0.0.1") -> None:
        address = client.base_url.host, client.base_url.port or 80
        self.socket = socket.create_connection(address, timeout=30, source_address=(source, 0))
        self._came = b""

    def send(self, request: bytes) -> tuple[int, Mapping[str, str], bytes]:
        self.socket.sendall(request)
        return self.answer()

    def answer(self) -> tuple[int, Mapping[str, str], bytes]:
        """The next of the answers that come, and nothing of those behind it."""
        while b"\r\n\r\n" not in self._came:
            self._receive()
        head, _, self._came = self._came.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in lines)}
        size = int(headers.get("content-length", "0"))
        while len(self._came) < size:
            self._receive()
        body, self._came = self._came[:size], self._came[size:]
        return int(first.split()[1]), headers, body

    def ask(self, text: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        return self.send(posted(text, **headers))

    def close(self) -> None:
        self.socket.close()

    def _receive(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError
        self._came += data


@contextmanager
def line(client: httpx2.Client, **headers: str) -> Iterator[Line]:
    """A connection that is lent."""
    found = Line(client)
    try:
        status, _, _ = found.ask("ASK {}", **headers)
        assert status == 200
        yield found
    finally:
        found.close()


def posted(text: str, **headers: str) -> bytes:
    body = text.encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Host": "localhost", **POSTED, "Content-Length": str(len(body)), **given}
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /sparql HTTP/1.1\r\n{told}\r\n".encode() + body


def got(text: str, more: str = "") -> bytes:
    head = f"GET /sparql?query={quote_plus(text)}{more} HTTP/1.1\r\nHost: localhost\r\n"
    return f"{head}Accept: {ROWS}\r\n\r\n".encode()


def figure(client: httpx2.Client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found is not None, name
    return float(found[1])


def lent_answers(client: httpx2.Client) -> float:
    # What was answered is told within a fiftieth of a second.
    time.sleep(0.1)
    return figure(client, 'mismatch_queries_ended_total{how="lent"}')


def nameless(body: bytes) -> bytes:
    """A body without the id of its request, which problems tell."""
    return re.sub(rb"[0-9a-f]{32}", b"", body)


def one(number: int) -> str:
    return f"SELECT ?p ?o {{ <http://x.org/{number}> ?p ?o }}"


@pytest.mark.parametrize("request_of", [posted, got], ids=["POST", "GET"])
def test_the_next_query_of_a_connection_is_answered_by_who_has_it(
    client: httpx2.Client, request_of: type
) -> None:
    with line(client) as found:
        assert found.send(request_of(one(1)))[0] == 200
        before = lent_answers(client)
        for number in range(2, 12):
            _, _, body = found.send(request_of(one(number)))
            assert f'"value":"{number}"'.encode() in body
        assert lent_answers(client) - before == 10


@pytest.mark.parametrize(
    "text",
    [
        one(7),
        "ASK { ?s ?p 7 }",
        "SELECT * { ?s ?p ?o } LIMIT 0",
        "SELECT ('äöü ☃' AS ?text) {}",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
        "DESCRIBE <http://x.org/3>",
        f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> {{ ?s ?p ?o }}",
        "SELECT (COUNT(*) AS ?n) FROM <http://x.org/none> { ?s ?p ?o }",
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p",
        "SELECT * { ?s ?p ?o }",
        "SELECT (1/0 AS ?n) {}",
        "",
        "\ufeffASK {}",
    ],
)
@pytest.mark.parametrize("accept", [ROWS, "text/csv, text/turtle", "application/xml"])
def test_it_is_answered_as_it_would_have_been(
    client: httpx2.Client, text: str, accept: str
) -> None:
    alone = Line(client)
    status, headers, body = alone.ask(text, Accept=accept)
    alone.close()
    with line(client, Accept=accept) as found:
        for _ in range(2):
            again, others, same = found.ask(text, Accept=accept)
            assert (again, nameless(same)) == (status, nameless(body))
            assert list(others) == list(headers)
            assert {
                **others,
                **{name: headers[name] for name in NAMES if name in headers},
            } == headers


def test_answers_have_names_of_their_own(client: httpx2.Client) -> None:
    with line(client) as found:
        answers = [found.ask("ASK {}")[1] for _ in range(20)]
    for name in ("query-id", "x-request-id"):
        assert len({headers[name] for headers in answers}) == 20


def test_the_same_query_is_answered_again_but_where_it_is_another_each_time(
    client: httpx2.Client,
) -> None:
    with line(client) as found:
        assert len({found.ask(one(1))[2] for _ in range(9)}) == 1
        assert len({found.ask("SELECT (RAND() AS ?n) {}")[2] for _ in range(9)}) == 9


@pytest.mark.parametrize(
    "more",
    [
        {"If_None_Match": "*"},
        {"X_Request_Id": "mine"},
        {"Query_Id": "mine"},
        {"Query_Rows": "2"},
        {"Query_Timeout": "0.5"},
        {"Query_Memory": "64"},
        {"Origin": "http://evil.example"},
        {"Accept": "text/html"},
        {"Authorization": "Basic YTpi"},
        {"Connection": "close"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/sparql-query; charset=us-ascii"},
        {"Host": "evil.example"},
        {"Expect": "200-ok"},
    ],
    ids=repr,
)
def test_what_a_header_asks_for_is_heeded(client: httpx2.Client, more: Mapping[str, str]) -> None:
    text = "SELECT ?o { ?s <http://x.org/p> ?o } ORDER BY ?o LIMIT 4 # ☃"
    alone = Line(client)
    status, headers, body = alone.ask(text, **more)
    alone.close()
    with line(client) as found:
        again, others, same = found.ask(text, **more)
    assert (again, nameless(same)) == (status, nameless(body))
    assert list(others) == list(headers)


def test_a_parameter_is_heeded(client: httpx2.Client) -> None:
    with line(client) as found:
        text = "SELECT ?s { ?s ?p ?o }"
        found.send(got(text))
        for more, rows in (("&rows=3", 3), ("&rows=5", 5), ("&rows=5", 5), ("&rows=3", 3)):
            _, headers, body = found.send(got(text, more))
            assert body.count(b'"uri"') == rows
            assert "query-truncated" in headers
        none = quote_plus("http://x.org/none")
        for _ in range(3):
            _, _, body = found.send(got(text, f"&default-graph-uri={none}"))
            assert body.count(b'"uri"') == 0


def test_a_long_answer_is_packed_where_it_was_before(client: httpx2.Client) -> None:
    text = "SELECT * { ?s ?p ?o } LIMIT 40"
    with line(client, Accept_Encoding="gzip") as found:
        for _ in range(3):
            _, headers, body = found.ask(text, Accept_Encoding="gzip")
            assert headers["content-encoding"] == "gzip"
            assert gzip.decompress(body).count(b'"s":') == 40
            found.ask("ASK {}", Accept_Encoding="gzip")


def test_what_is_no_query_is_answered_too(client: httpx2.Client) -> None:
    with line(client) as found:
        status, headers, _ = found.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (status, headers["content-type"]) == (200, "application/json")
        assert found.ask(one(1))[0] == 200
        assert found.send(b"HTTP is what this is not\r\n\r\n")[0] == 400


def test_a_request_in_pieces_is_put_together(client: httpx2.Client) -> None:
    with line(client) as found:
        request = posted(one(5))
        for cut in (1, 40, len(request) - 30, len(request) - 1):
            found.socket.sendall(request[:cut])
            time.sleep(0.05)
            status, _, body = found.send(request[cut:])
            assert (status, b'"value":"5"' in body) == (200, True)
            found.ask("ASK {}")


def test_requests_that_come_at_once_are_answered_in_their_order(client: httpx2.Client) -> None:
    with line(client) as found:
        for kind in (posted, got):
            found.send(kind("ASK {}"))
            first = found.send(kind(one(1)) + kind(one(2)) + kind(one(3)))
            answers = [first, found.answer(), found.answer()]
            values = [re.search(rb'"value":"(\d)"', body) for _, _, body in answers]
            assert [value and value[1] for value in values] == [b"1", b"2", b"3"]


def test_who_writes_reads_it_at_once_on_every_connection(client: httpx2.Client) -> None:
    with line(client) as first, line(client) as second:
        for number in range(30):
            if number % 3 == 0:
                time.sleep(SETTLED)
                first.ask("ASK {}"), second.ask("ASK {}")
            written = update(client, f"INSERT DATA {{ <http://y.org/{number}> <http://y.org/> 1 }}")
            assert written.is_success
            for found in (first, second):
                asked = f"ASK {{ <http://y.org/{number}> ?p ?o }} # {number}"
                assert b"true" in found.ask(asked)[2]
                # The same text each time.
                counted = found.ask("SELECT (COUNT(*) AS ?n) { ?s <http://y.org/> ?o }")[2]
                assert f'"value":"{number + 1}"'.encode() in counted
    time.sleep(SETTLED)


def test_a_query_that_is_not_quick_has_its_time_and_others_do_not_wait() -> None:
    with served(query_seconds=1.5) as client:
        fill(client)
        time.sleep(SETTLED)
        with line(client) as slow, line(client) as other:
            before = figure(client, "mismatch_connections_lent")
            slow.socket.sendall(posted(RUNAWAY))
            while not client.get("/queries").json():
                assert b'"value"' in other.ask(one(1))[2]
            status, headers, _ = slow.answer()
            assert (before, status) == (2, 504)
            assert headers["content-type"] == "application/problem+json"
            assert slow.ask(one(1))[0] == 200
            assert other.ask(one(1))[0] == 200


def test_who_asks_for_little_is_not_behind_all_that_another_asks_for() -> None:
    heavy = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }} # {}"
    with served(borrowers=1, quick_seconds=5) as client, ExitStack() as stack:
        fill(client, 600)
        time.sleep(SETTLED)
        many = [stack.enter_context(closing(Line(client))) for _ in range(12)]
        other = stack.enter_context(closing(Line(client, "127.0.0.2")))
        for found in (*many, other):
            found.ask("ASK {}")
        for number, found in enumerate(many):
            found.socket.sendall(posted(heavy.format(number)))
        other.ask(one(1))
        answered, _, _ = select.select([found.socket for found in many], [], [], 0)
        assert len(answered) < 7
        assert all(found.answer()[0] == 200 for found in many)


def test_a_query_that_takes_too_much_memory_is_told_so() -> None:
    with served(query_memory=32, quick_seconds=5) as client:
        fill(client, 2000)
        time.sleep(SETTLED)
        with line(client) as found:
            cross = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
            assert found.ask(cross)[0] == 507
            assert found.ask(one(1))[0] == 200


def test_a_borrower_that_dies_takes_nothing_with_it() -> None:
    others = borrowers()
    with served() as client:
        fill(client)
        time.sleep(SETTLED)
        with line(client) as first, line(client) as second:
            for _ in range(3):
                for process in borrowers() - others:
                    os.kill(process, signal.SIGKILL)
                for found in (first, second):
                    assert b'"value":"9"' in found.ask(one(9))[2]
                time.sleep(0.4)
            assert len(borrowers() - others) == 2
            first.ask("ASK {}")
            before = lent_answers(client)
            first.ask(one(3))
            assert lent_answers(client) == before + 1


def borrowers() -> set[int]:
    """The processes of this one that borrow, without the one that makes them."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            above = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"borrow" in command and above == os.getpid():
            found.add(int(process.name))
    return found


def test_where_none_borrow_nothing_is_lent() -> None:
    with served(borrowers=0) as client:
        fill(client)
        time.sleep(SETTLED)
        with line(client) as found:
            assert found.ask(one(1))[0] == 200
            assert figure(client, "mismatch_connections_lent") == 0
            assert lent_answers(client) == 0


def test_a_connection_that_rests_is_closed_as_any_other(client: httpx2.Client) -> None:
    with line(client) as found:
        assert figure(client, "mismatch_connections_lent") >= 1
        found.socket.settimeout(12)
        assert found.socket.recv(1) == b""
    assert figure(client, "mismatch_connections_lent") == 0


def test_a_client_that_goes_is_let_go(client: httpx2.Client) -> None:
    with line(client):
        assert figure(client, "mismatch_connections_lent") >= 1
    time.sleep(0.1)
    assert figure(client, "mismatch_connections_lent") == 0


def test_one_that_is_lent_makes_room_for_another() -> None:
    with served(connections=4) as client:
        fill(client)
        client.close()
        time.sleep(SETTLED)
        kept = []
        for _ in range(12):
            found = Line(client)
            kept.append(found)
            assert found.ask(one(1))[0] == 200
        open_ones = 0
        for found in kept:
            try:
                open_ones += found.ask(one(1))[0] == 200
            except ConnectionError:
                continue
        assert open_ones == 4
        for found in kept:
            found.close()


def test_a_service_that_stops_waits_for_no_connection_that_is_lent() -> None:
    with served() as client:
        fill(client)
        time.sleep(SETTLED)
        found = Line(client)
        assert found.ask("ASK {}")[0] == 200
        started = time.monotonic()
    assert time.monotonic() - started < 4
    found.close()


def test_a_project_that_is_made_private_is_seen_no_more(tmp_path: Path) -> None:
    with governed(tmp_path) as service:
        path = "/projects/shown"
        assert service.ask("operator", "PUT", path, json={"private": False}).is_success
        stated = b"element: TrainedModel\nname: seen\nmodel_version: v1\n"
        put = service.ask(
            "operator",
            "PUT",
            f"{path}/descriptors/seen",
            content=stated,
            headers={"content-type": "application/yaml"},
        )
        assert put.is_success, put.text
        time.sleep(SETTLED)
        text = 'ASK { ?s ?p "v1" }'
        made = service.ask("operator", "POST", "/tokens", json={"owner": "ada"}).json()
        token = bearer(made["token"])["authorization"]
        with line(service.client) as found, line(service.client, Authorization=token) as known:
            assert b"true" in found.ask(text)[2]
            assert b"true" in known.ask(text, Authorization=token)[2]
            assert service.ask("operator", "PUT", path, json={"private": True}).is_success
            assert b"false" in found.ask(text)[2]
            assert b"false" in known.ask(text, Authorization=token)[2]
            time.sleep(SETTLED)
            known.ask("ASK {}", Authorization=token)
            assert service.ask("operator", "DELETE", f"/tokens/{made['id']}").is_success
            assert known.ask(text, Authorization=token)[0] == 401


def test_large_graphs_leave_in_one_piece(client: httpx2.Client) -> None:
    lines = "".join(f"<http://z.org/{n}> <http://z.org/p> '{'z' * 900}' .\n" for n in range(60))
    assert client.put("/graphs?graph=http://z.org/", content=lines, headers=TURTLE).is_success
    time.sleep(SETTLED)
    with line(client) as found:
        text = "SELECT ?o { ?s <http://z.org/p> ?o }"
        for _ in range(3):
            assert found.ask(text)[2].count(b"z" * 900) == 60
            assert found.ask(text + " LIMIT 2")[2].count(b"z" * 900) == 2
    assert client.delete("/graphs?graph=http://z.org/").is_success
