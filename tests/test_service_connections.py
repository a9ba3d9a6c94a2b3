"""Connections, as sockets see them: long heads, slow ones, none, and too many."""

import json
import logging
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.serving import served

MOST, SECONDS = 12, 0.5
HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HEAD + b"\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
LATE = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n" + FORM + b"\r\n"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(connections=MOST, head_seconds=SECONDS, body_seconds=3, answer_seconds=1) as client:
        yield client


def opened(client: httpx2.Client, data: bytes = b"") -> socket.socket:
    found = socket.create_connection((client.base_url.host, client.base_url.port or 80), 10)
    found.sendall(data)
    return found


def told(connection: socket.socket) -> bytes:
    """All that comes until the service closes the connection."""
    found = bytearray()
    with connection:
        try:
            while data := connection.recv(1 << 16):
                found += data
        except ConnectionResetError:
            pass
    return bytes(found)


def cut_off(connection: socket.socket, piece: bytes, pause: float = 0) -> bool:
    """Whether the service closes the connection while piece after piece is sent."""
    with connection:
        for _ in range(1000):
            try:
                connection.sendall(piece)
            except OSError:
                return True
            time.sleep(pause)
    return False


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"X-A: " + b"a" * 70_000 + b"\r\n\r\n",
        HEAD + b"X-A: " + b"a" * 70_000,
        HEAD + b"X-A: a\r\n" * 201 + b"\r\n",
        b"GET /health?" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\r\n" * 40_000,
    ],
    ids=["header", "header without end", "headers", "address", "blanks"],
)
def test_a_head_beyond_the_bounds_is_refused(client: httpx2.Client, head: bytes) -> None:
    answer = told(opened(client, head))
    assert status(answer) == 431
    assert b"application/problem+json" in answer
    assert json.loads(answer.rpartition(b"\r\n\r\n")[2])["hint"]


@pytest.mark.parametrize(
    "begun",
    [
        HEAD + b"X-A: ",
        CHUNKED + b"0\r\nX-A: ",
        CHUNKED + b"1;a=",
        CHUNKED.replace(b"GET /health", b"POST /sparql")[:-2] + FORM + b"\r\n0\r\nX-A: ",
    ],
    ids=["header", "trailer", "extension of a chunk", "trailer of what is waited for"],
)
def test_what_goes_on_and_on_is_cut_off(client: httpx2.Client, begun: bytes) -> None:
    assert cut_off(opened(client, begun), b"a" * (1 << 16))
    assert client.get("/health").status_code == 200


def test_heads_within_the_bounds_and_bodies_beyond_are_taken(client: httpx2.Client) -> None:
    headers = {f"x-{number}": "a" * 300 for number in range(190)}
    assert client.get("/health", headers=headers).status_code == 200
    text = "ASK {}" + " " * 200_000
    whole = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(text)}\r\n"
    asked = f"{whole}Content-Type: application/sparql-query\r\n\r\n{text}".encode()
    with opened(client, asked + WHOLE[:30]) as connection:
        assert status(connection.recv(1 << 16)) == 200
        connection.sendall(WHOLE[30:])
        assert status(connection.recv(1 << 16)) == 200


@pytest.mark.parametrize("head", [HEAD, b"G", b"\r\n", WHOLE + HEAD], ids=repr)
def test_a_head_that_takes_too_long_is_told_so(client: httpx2.Client, head: bytes) -> None:
    answer = told(opened(client, head))
    assert answer.count(b"HTTP/1.1 408 ") == 1
    assert answer.endswith(b"}")


def test_a_head_byte_by_byte_gets_no_more_time(client: httpx2.Client) -> None:
    assert cut_off(opened(client, HEAD), b"a", 0.05)


def test_a_connection_on_which_nothing_comes_is_closed(client: httpx2.Client) -> None:
    assert told(opened(client)) == b""


def test_a_body_that_comes_when_all_is_said_is_not_waited_for(client: httpx2.Client) -> None:
    assert cut_off(opened(client, HEAD + b"Content-Length: 9999\r\n\r\n"), b"a", 0.05)


def test_a_body_may_take_longer_than_a_head(client: httpx2.Client) -> None:
    with opened(client, LATE) as connection:
        time.sleep(SECONDS * 2)
        connection.sendall(b"query=ASK{}")
        assert status(connection.recv(1 << 16)) == 200


def test_who_waits_makes_room_for_who_asks(client: httpx2.Client) -> None:
    waiting = [opened(client, HEAD) for _ in range(3 * MOST)]
    assert status(told(opened(client, WHOLE[:-2] + b"Connection: close\r\n\r\n"))) == 200
    for one in waiting:
        one.close()


def test_where_all_are_busy_no_other_is_taken(client: httpx2.Client) -> None:
    busy = [opened(client, LATE[:-2] + b"Expect: 100-continue\r\n\r\n") for _ in range(MOST)]
    assert {status(one.recv(1 << 16)) for one in busy} == {100}
    answer = told(opened(client, WHOLE))
    assert status(answer) == 503
    assert b"retry-after: " in answer.lower()
    for one in busy:
        one.close()


def test_what_is_no_http_is_a_problem_and_no_warning(
    client: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "mismatch"):
        answer = told(opened(client, b"HELLO\r\n\r\n"))
        upgrade = b"Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n"
        assert status(told(opened(client, HEAD + upgrade))) == 200
    assert status(answer) == 400
    assert b"application/problem+json" in answer
    said = [one for one in caplog.records if one.levelno != logging.INFO]
    assert [(one.levelname, one.getMessage()) for one in said if one.name != "asyncio"] == [
        ("DEBUG", "refused")
    ]


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.0"])
def test_who_asks_for_another_protocol_is_answered_in_this_one(
    client: httpx2.Client, protocol: bytes
) -> None:
    # Java's client asks so with each first request, and sends the body at once.
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\n"
    query = b"query=ASK{}"
    length = b"Content-Length: %d\r\n" % len(query)
    post = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n" + FORM
    last = HEAD + b"Connection: close\r\n\r\n"
    answer = told(opened(client, post + upgrade + length + b"\r\n" + query + WHOLE + last))
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert b"\r\n\r\ntrue\n" in answer
    chunked = b"Transfer-Encoding: chunked\r\n\r\nb\r\n" + query + b"\r\n0\r\n\r\n"
    answer = told(opened(client, post + upgrade + chunked + last))
    assert b"\r\n\r\ntrue\n" in answer


def test_a_crowd_of_them_in_one_piece_is_answered(client: httpx2.Client) -> None:
    one = HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    last = HEAD + b"Connection: close\r\n\r\n"
    assert told(opened(client, one * 1500 + last)).count(b"HTTP/1.1 200 OK") == 1501


def test_tunnels_are_refused(client: httpx2.Client) -> None:
    head = b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert status(told(opened(client, head + WHOLE))) == 400


def test_who_does_not_read_the_answer_keeps_no_place(client: httpx2.Client) -> None:
    triples = " ".join(f'<x:{n}> <x:p> "{n:0500d}" .' for n in range(12_000))
    update = f"INSERT DATA {{ GRAPH <x:large> {{ {triples} }} }}"
    headers = {"content-type": "application/sparql-update"}
    client.post("/sparql", content=update, headers=headers).raise_for_status()
    where = "/sparql?query=SELECT*%7BGRAPH%3Cx:large%3E%7B?s%20?p%20?o%7D%7D&format=json"
    ask = f"GET {where} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    unread = [opened(client, ask) for _ in range(MOST)]
    address = client.base_url.join("/health")
    try:
        for wanted in (503, 200):
            for _ in range(200):
                if httpx2.get(address).status_code == wanted:
                    break
                time.sleep(0.05)
            else:
                pytest.fail(f"no {wanted} is ever answered")
    finally:
        for one in unread:
            one.close()
