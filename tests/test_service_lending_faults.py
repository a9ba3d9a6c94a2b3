"""What may go wrong with connections that are lent: processes that end at any time, many answers at
once, clients that mean harm, and a service that stops.
"""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from struct import pack

import httpx2
import orjson
from pyoxigraph import Store

from kg.answering import borrowing
from kg.answering.slates import Slate
from kg.service.changing.writer import Writer
from kg.service.lending.borrowers import Borrower
from kg.service.readers.checkpoints import Checkpoints
from kg.service.wire.logs import Answered
from kg.stores.oxigraph import OxigraphStore
from tests.serving import RUNAWAY, TURTLE, fill, served
from tests.test_service_lending import (
    SETTLED,
    Line,
    borrowers,
    figure,
    got,
    lent_answers,
    line,
    one,
    posted,
)

# A few ten milliseconds, which is still quick where quick is five seconds.
_HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c < ?f) }"


@contextmanager
def lending(**given: float | bool) -> Iterator[tuple[httpx2.Client, int]]:
    """A service with one process that borrows, and the number of that."""
    others = borrowers()
    with served(None, borrowers=1, **given) as client:
        fill(client)
        time.sleep(SETTLED)
        yield client, min(borrowers() - others)


@contextmanager
def lines(client: httpx2.Client, count: int) -> Iterator[list[Line]]:
    """So many connections that are lent."""
    with ExitStack() as stack:
        found = [stack.enter_context(closing(Line(client))) for _ in range(count)]
        # Whoever rests for a second is given back, so all of them ask again.
        for _ in range(20):
            assert all(each.ask("ASK {}")[0] == 200 for each in found)
            if figure(client, "mismatch_connections_lent") == count:
                break
        yield found


def test_the_body_of_a_get_is_no_request() -> None:
    with lending() as (client, _), closing(Line(client)) as found:
        request = got("ASK {}").replace(b"\r\n\r\n", b"\r\nContent-Length: 000\r\n\r\n")
        request = request.replace(b"000", b"%03d" % len(request))
        assert found.send(request)[0] == 200
        time.sleep(SETTLED)
        # A proxy may send this later, and waits for no answer to it.
        found.socket.sendall(request)
        status, _, body = found.send(got(one(3)))
        assert (status, b'"value":"3"' in body) == (200, True)


def test_all_answers_are_told_however_many_there_are_at_once() -> None:
    with lending(log_queries=True) as (client, process), lines(client, 30) as found:
        before = lent_answers(client)
        os.kill(process, signal.SIGSTOP)
        for each in found:
            each.socket.sendall(posted("ASK {} #" + "\N{SNOWMAN}" * 2500))
        os.kill(process, signal.SIGCONT)
        assert all(each.answer()[0] == 200 for each in found)
        assert lent_answers(client) - before == 30


def test_what_was_answered_is_told_once_though_its_process_is_killed() -> None:
    with lending() as (client, process), lines(client, 2) as (first, second):
        before = lent_answers(client)
        os.kill(process, signal.SIGSTOP)
        first.socket.sendall(posted("ASK {}"))
        second.socket.sendall(posted(RUNAWAY, Query_Timeout="1"))
        os.kill(process, signal.SIGCONT)
        assert first.answer()[0] == 200
        os.kill(process, signal.SIGKILL)
        assert second.answer()[0] in (200, 504)
        assert lent_answers(client) - before == 1


def test_the_last_words_of_a_process_are_heard(tmp_path: Path) -> None:
    heard: list[Answered] = []

    async def listen() -> None:
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        ours.settimeout(0)
        checkpoints = Checkpoints(
            Writer(lambda: OxigraphStore(Store(tmp_path / "store"))), tmp_path
        )
        borrower = Borrower(ours, 0, tmp_path / "slate", checkpoints, heard.append)
        gone = asyncio.Event()
        ours.send(b"a connection that it does not take any more")
        told = {"request": "1", "method": "GET", "path": "/sparql", "status": 200}
        note = {**told, "size": 1, "seconds": 0.1, "caller": "a", "connection": 1}
        theirs.send(borrowing.TOLD + pack(">I", 0) + orjson.dumps(note))
        theirs.close()
        borrower.attend(lambda _: gone.set())
        await asyncio.wait_for(gone.wait(), 5)
        borrower.end()

    asyncio.run(listen())
    assert [each.request for each in heard] == ["1"]


def test_who_rests_is_given_back_while_others_ask() -> None:
    with lending() as (client, _), lines(client, 2) as (resting, busy):
        stopped = threading.Event()

        def ask() -> None:
            while not stopped.is_set():
                busy.ask("ASK {}")

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            resting.socket.settimeout(20)
            assert resting.socket.recv(1) == b""
        finally:
            stopped.set()
            asking.join()


def test_who_asks_is_not_the_one_that_makes_room() -> None:
    with lending(connections=6) as (client, _), ExitStack() as stack:
        client.close()
        busy = stack.enter_context(closing(Line(client)))
        busy.ask("ASK {}")
        for number in range(12):
            busy.ask(one(number))
            stack.enter_context(closing(Line(client)))
            # What was answered is told within a fiftieth of a second.
            time.sleep(0.1)
        assert busy.ask(one(1))[0] == 200


def test_a_killed_process_leaves_no_file(tmp_path: Path) -> None:
    with served(borrowers=1, store=str(tmp_path)) as client:
        text = "".join(f"<http://x.org/{n}> <http://x.org/p> '{n:01000}' .\n" for n in range(2000))
        assert client.put("/graphs?default", content=text, headers=TURTLE).is_success
        time.sleep(SETTLED)
        with line(client) as found:
            status, _, body = found.ask("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 5000")
            assert (status, len(body) > 1 << 20) == (200, True)
            assert found.ask(RUNAWAY, Query_Timeout="1")[0] == 504
        time.sleep(0.5)
        assert len(list(tmp_path.glob("service-*/slate-*"))) == 1


def test_a_query_ends_though_what_makes_and_ends_processes_was_killed() -> None:
    with lending(query_seconds=1.5) as (client, process), line(client) as found:
        status = Path(f"/proc/{process}/stat").read_text()
        os.kill(int(status.rpartition(")")[2].split()[1]), signal.SIGKILL)
        assert found.ask(RUNAWAY)[0] == 504
        assert found.ask(one(1))[0] == 200


def test_a_service_that_stops_answers_what_was_asked() -> None:
    with ExitStack() as stack:
        with lending(quick_seconds=5) as (client, _):
            found = stack.enter_context(lines(client, 20))
            for number, each in enumerate(found):
                each.socket.sendall(posted(f"{_HEAVY} # {number}"))
        assert [each.answer()[0] for each in found] == [200] * 20


def test_what_an_answer_varies_with_stands_in_its_order() -> None:
    with served(cors=("http://a.org",)) as client:
        fill(client)
        time.sleep(SETTLED)
        short, long = "ASK {}", "SELECT * { ?s ?p ?o } LIMIT 40"
        for first, second in ((short, long), (long, short)):
            alone = Line(client)
            _, headers, _ = alone.ask(second)
            alone.close()
            with line(client) as found:
                found.ask(first)
                assert found.ask(second)[1]["vary"] == headers["vary"]


def test_a_slate_has_all_its_room_from_the_beginning(tmp_path: Path) -> None:
    Slate(tmp_path / "slate")
    found = (tmp_path / "slate").stat()
    assert found.st_blocks * 512 >= found.st_size
