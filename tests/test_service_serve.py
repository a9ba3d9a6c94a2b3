"""`mismatch serve` as a process: it starts, stops, and tells in a line why it does not start."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from kg.identifiers import kept_iri, knowledge_iri
from kg.stores import open_store
from kg.workspace import BASE
from tests.serving import SPARQL_UPDATE

COMMAND = [sys.executable, "-c", "from kg.cli import main; main()", "serve"]


def test_it_serves_until_it_is_stopped_and_finishes_what_it_began(tmp_path: Path) -> None:
    process = _started("--store", str(tmp_path / "store"))
    address = _address(process)
    assert httpx2.get(f"{address}?query=ASK%7B%7D").json()["boolean"] is True
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert list(tmp_path.glob("store/service-*")) == []
    assert open_store(str(tmp_path / "store")).names() == [kept_iri(BASE), knowledge_iri(BASE)]


def test_what_was_acknowledged_is_there_after_it_was_killed(tmp_path: Path) -> None:
    for number in range(3):
        process = _started("--store", str(tmp_path / "store"))
        address = _address(process)
        for graph in range(5):
            text = (
                f"INSERT DATA {{ GRAPH <x:{number}-{graph}> {{ <x:a> <x:b> 1 . <x:a> <x:c> 2 }} }}"
            )
            sent = httpx2.post(address, content=text, headers=SPARQL_UPDATE)
            assert sent.status_code == 204
        process.kill()
        process.communicate()
    found = open_store(str(tmp_path / "store"))
    assert len([name for name in found.names() if name.startswith("x:")]) == 15
    whole = "SELECT ?g { GRAPH ?g { <x:a> <x:b> 1 ; <x:c> 2 } }"
    assert len(found.select(whole)) == 15


def test_its_processes_end_with_it_however_it_ends() -> None:
    process = _started()
    _address(process)
    workers = _children(process.pid)
    assert workers
    process.kill()
    process.communicate()
    for _ in range(100):
        if not any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
            return
        time.sleep(0.05)
    pytest.fail("a process goes on")


def test_it_goes_on_when_the_processes_that_answer_are_killed() -> None:
    process = _started()
    address = _address(process)
    for child in _children(process.pid):
        os.kill(int(child), signal.SIGKILL)
    time.sleep(0.2)
    found = [httpx2.get(f"{address}?query=ASK%7B%7D").status_code for _ in range(3)]
    process.kill()
    process.communicate()
    assert found == [200, 200, 200]


def test_a_store_that_another_holds_is_told_in_a_line(tmp_path: Path) -> None:
    held = open_store(str(tmp_path / "store"))
    code, told = _failed("--store", str(tmp_path / "store"))
    assert code == 4
    assert told.startswith("error: The store in ")
    assert told.count("\n") == 1
    assert held.names() == []


def test_a_port_that_is_taken_is_told_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, told = _failed("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert told.startswith("error: Nothing can listen on 127.0.0.1, port ")
    assert told.count("\n") == 1


def test_a_store_of_an_unknown_kind_is_told_in_a_line() -> None:
    code, told = _failed("--store", "ftp://x.org/")
    assert code == 2
    assert told.count("\n") == 1


def _started(*options: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*COMMAND, "--port", "0", *options], stdout=pipe, stderr=pipe, text=True, env=_plain()
    )


def _address(process: "subprocess.Popen[str]") -> str:
    """Where it says that it serves, as soon as it answers there."""
    assert process.stdout is not None
    address = next(word for word in process.stdout.readline().split() if "://" in word)
    for _ in range(400):
        try:
            httpx2.get(address)
            return address
        except httpx2.ConnectError:
            time.sleep(0.05)
    pytest.fail("it does not answer")


def _failed(*options: str) -> tuple[int, str]:
    found = subprocess.run(
        [*COMMAND, *options], check=False, capture_output=True, text=True, env=_plain()
    )
    assert found.stdout == ""
    return found.returncode, found.stderr


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MISMATCH_")}


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
