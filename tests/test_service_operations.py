"""How the service is watched, stopped, backed up, and what it does where its disk is full."""

import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kg import backups
from kg.errors import NotAllowed, NotFound, StoreError, StoreUnreachable
from kg.history import FILE, History, projects
from kg.service.app import create_app
from kg.service.changing import layout
from kg.service.settings import read_settings
from kg.service.wire import logs
from kg.stores import open_store
from tests.serving import RUNAWAY, SPARQL_QUERY, SPARQL_UPDATE, fill, query, served, update

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - only settings say so, it listens elsewhere
MISMATCH = [sys.executable, "-c", "from kg.cli import main; main()"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("operations") / "store"
    with served(serves="projects", store=str(folder), log_queries=True) as found:
        fill(found)
        yield found


# -- health, figures, log --------------------------------------------------------------------------


def test_it_says_that_it_is_alive_and_ready(client: httpx2.Client) -> None:
    assert client.get("/health").json() == {"status": "alive"}
    found = client.get("/ready")
    assert found.status_code == 200
    assert found.json() == {
        "status": "ready",
        "store": "ready",
        "history": "ready",
        "disk": "ready",
    }


def test_whether_it_is_ready_is_asked_each_time(client: httpx2.Client) -> None:
    before = _answered(client)
    client.get("/ready")
    client.get("/ready")
    assert _answered(client) == before + 2


def _answered(client: httpx2.Client) -> float:
    name = 'mismatch_queries_ended_total{how="answered"} '
    lines = client.get("/metrics").text.splitlines()
    return next((float(line.removeprefix(name)) for line in lines if line.startswith(name)), 0)


def test_it_is_not_ready_where_the_disk_has_less_left_than_it_should() -> None:
    with served(free_disk=1 << 30) as found:
        response = found.get("/ready")
    assert response.status_code == 503
    told = response.json()
    assert told["status"] == "not ready"
    assert "MiB left" in told["disk"]
    assert told["store"] == "ready"


def test_figures_count_requests_by_path_and_status_and_queries_by_how_they_ended(
    client: httpx2.Client,
) -> None:
    query(client, "ASK {}")
    query(client, RUNAWAY, timeout=0.3)
    client.get("/queries/one")
    client.get("/queries/another")
    client.get("/nowhere/1")
    client.get("/nowhere/2")
    text = client.get("/metrics").text
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(found['mismatch_queries_ended_total{how="timed out"}']) >= 1
    assert float(found['mismatch_queries_ended_total{how="answered"}']) >= 1
    assert float(found["mismatch_epoch_total"]) >= 1
    assert float(found["mismatch_workers"]) >= 1
    assert float(found["mismatch_history_bytes"]) > 0
    paths = {name.partition('path="')[2].partition('"')[0] for name in found if "path=" in name}
    assert {"/sparql", "/queries/{name}", ""} <= paths
    assert not {path for path in paths if "one" in path or "nowhere" in path}


def test_figures_are_not_for_everybody() -> None:
    with served(host=_EVERYWHERE, updates="always") as found:
        assert found.get("/metrics").status_code == 401
        assert found.post("/backups").status_code == 401
    with served(host=_EVERYWHERE, updates="always", metrics="everybody") as found:
        assert found.get("/metrics").status_code == 200


def test_a_request_keeps_a_sane_id_and_gets_one_else(client: httpx2.Client) -> None:
    kept = client.get("/nowhere", headers={"X-Request-Id": "of-mine.1"})
    assert kept.headers["x-request-id"] == kept.json()["request"] == "of-mine.1"
    for bad in ("a b", "x" * 65, "<b>"):
        made = client.get("/health", headers={"X-Request-Id": bad}).headers["x-request-id"]
        assert len(made) == 32


def test_the_log_has_a_line_of_json_for_each_request_and_no_secret(client: httpx2.Client) -> None:
    lines = _logged(client)
    found = next(one for one in lines if one["path"] == "/sparql")
    assert found["level"] == "info"
    assert found["method"] == "POST"
    assert found["status"] == 200
    assert found["bytes"] > 0
    assert found["ms"] > 0
    assert found["request"] == "logged-1"
    assert found["query"] == "ASK { }"


def test_no_token_is_logged(client: httpx2.Client) -> None:
    (line,) = _logged(client, authorization="Bearer a-token")
    assert line["status"] == 401
    assert "a-token" not in json.dumps(line)


def _logged(client: httpx2.Client, **headers: str) -> list[dict[str, Any]]:
    stream = StringIO()
    logs.configure(read_settings(), stream)
    try:
        client.post(
            "/sparql",
            content="ASK { }",
            headers={
                "content-type": "application/sparql-query",
                "x-request-id": "logged-1",
                **headers,
            },
        )
        for _ in range(100):
            if stream.getvalue().endswith("\n"):
                break
            time.sleep(0.01)
    finally:
        _log_no_more()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _log_no_more() -> None:
    for name in ("mismatch", "uvicorn"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).propagate = True


def test_a_fault_is_told_without_its_cause_under_the_id_of_its_log_line() -> None:
    async def fails(_: Request) -> Response:
        raise KeyError("the cause")

    stream = StringIO()
    app = create_app(read_settings(serves="graphs"))
    app.router.routes.append(Route("/fails", fails))
    logs.configure(read_settings(), stream)
    try:
        response = TestClient(app, base_url="http://localhost", raise_server_exceptions=False).get(
            "/fails"
        )
    finally:
        _log_no_more()
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert response.status_code == line["status"] == 500
    assert "cause" not in response.text
    assert response.headers["x-request-id"] == response.json()["request"] == line["request"]
    assert line["level"] == "error"


# -- backups ---------------------------------------------------------------------------------------


def test_a_backup_taken_while_it_serves_brings_back_graphs_and_history(tmp_path: Path) -> None:
    with served(serves="projects", store=str(tmp_path / "store")) as found:
        update(found, "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } ; }".replace(" ; }", "}"))
        sent = found.post("/backups")
        assert sent.status_code == 200
        assert sent.headers["content-type"] == "application/x-tar"
        update(found, "DROP GRAPH <x:g>")
    (tmp_path / "backup.tar").write_bytes(sent.content)
    backups.restore(tmp_path / "backup.tar", tmp_path / "other")
    assert list(open_store(str(tmp_path / "other")).names())[-1] == "x:g"
    assert (tmp_path / "other" / FILE).is_file()
    assert list(tmp_path.glob("store/service-*")) == []


def test_what_was_backed_up_is_restored_whole(kept: Path, tmp_path: Path) -> None:
    backups.back_up(kept, tmp_path / "backup.tar")
    backups.restore(tmp_path / "backup.tar", tmp_path / "other")
    store = open_store(str(tmp_path / "other"))
    assert store.select("SELECT ?o { GRAPH <x:g> { <x:a> <x:b> ?o } }") == [{"o": "1"}]
    history = History(tmp_path / "other" / FILE)
    with history.reading() as connection:
        assert projects.get(connection, "loan").title == "Loans"
    history.close()


def test_a_backup_is_not_written_over_a_file(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_text("mine")
    with pytest.raises(NotAllowed, match="is there already"):
        backups.back_up(kept, tmp_path / "backup.tar")
    assert (tmp_path / "backup.tar").read_text() == "mine"


def test_a_folder_without_a_store_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no store"):
        backups.back_up(tmp_path, tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_restored_over_a_store_unless_it_is_forced(kept: Path, tmp_path: Path) -> None:
    backups.back_up(kept, tmp_path / "backup.tar")
    with pytest.raises(NotAllowed, match="There is something in"):
        backups.restore(tmp_path / "backup.tar", kept)
    _, aside = backups.restore(tmp_path / "backup.tar", kept, force=True)
    assert aside is not None
    assert open_store(str(aside)).names() == open_store(str(kept)).names() == ["x:g"]


@pytest.mark.parametrize("harm", ["changed", "cut", "foreign", "twice", "outside", "no manifest"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_written(
    kept: Path, tmp_path: Path, harm: str
) -> None:
    backups.back_up(kept, tmp_path / "good.tar")
    _harm(tmp_path / "good.tar", tmp_path / "bad.tar", harm)
    with pytest.raises(StoreError, match="is no whole backup"):
        backups.restore(tmp_path / "bad.tar", tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "escaped").exists()


def test_a_backup_of_a_newer_version_is_refused_in_words(kept: Path, tmp_path: Path) -> None:
    backups.back_up(kept, tmp_path / "good.tar")
    _harm(tmp_path / "good.tar", tmp_path / "bad.tar", "newer")
    with pytest.raises(NotAllowed, match="newer version"):
        backups.restore(tmp_path / "bad.tar", tmp_path / "other")


def test_backup_and_restore_are_commands(kept: Path, tmp_path: Path) -> None:
    file, other = str(tmp_path / "backup.tar"), str(tmp_path / "other")
    told = _run("backup", file, "--store", str(kept))
    assert told.returncode == 0, told.stderr
    assert "MB" in told.stdout
    told = _run("restore", file, "--store", other)
    assert told.returncode == 0, told.stderr
    told = _run("restore", file, "--store", other)
    assert told.returncode == 2
    assert told.stderr.startswith("error: There is something in ")
    assert told.stderr.count("\n") == 1


def test_a_store_of_a_newer_layout_is_not_opened(kept: Path) -> None:
    layout.require_layout(kept)
    layout.require_layout(kept)
    (kept / layout.FILE).write_text(f"{layout.LAYOUT + 1}\n")
    with pytest.raises(StoreUnreachable, match="newer version"):
        layout.require_layout(kept)
    told = _run("serve", "--store", str(kept), "--port", "0")
    assert told.returncode == 4
    assert "newer version" in told.stderr


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A store with a graph, and a history with a project."""
    folder = tmp_path / "store"
    open_store(str(folder)).put("x:g", "<x:a> <x:b> 1 .".replace("1", '"1"'))
    history = History(folder / FILE)
    with history.writing() as connection:
        projects.create(connection, "loan", title="Loans", private=True, creator="ann")
    history.close()
    return folder


def _harm(good: Path, bad: Path, harm: str) -> None:
    """Make a backup that is not as it should be."""
    if harm == "cut":
        bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
        return
    with tarfile.open(good) as source, tarfile.open(bad, "w") as target:
        for member in source:
            file = source.extractfile(member)
            assert file is not None
            data = file.read()
            if member.name == "manifest.json":
                if harm == "no manifest":
                    continue
                data = _told(data, harm)
            if harm == "changed" and member.name == FILE:
                data = b"\0" + data[1:]
            _add(target, member.name, data)
        if harm == "foreign":
            _add(target, "../escaped", b"x")
        if harm == "twice":
            _add(target, FILE, data)
        if harm == "outside":
            _add(target, "store/../../../escaped", data)


def _told(manifest: bytes, harm: str) -> bytes:
    told = json.loads(manifest)
    told["format"] += harm == "newer"
    if harm == "outside":
        told["files"]["store/../../../escaped"] = told["files"][FILE]
    return json.dumps(told).encode()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, BytesIO(data))


# -- stopping --------------------------------------------------------------------------------------


def test_a_request_that_is_under_way_ends_before_the_service(tmp_path: Path) -> None:
    process, address = _serving(tmp_path)
    answers: list[int] = []
    asked = Thread(target=lambda: answers.append(_slow(address)))
    asked.start()
    _until_asked(address)
    process.send_signal(signal.SIGTERM)
    asked.join()
    _, told = process.communicate(timeout=20)
    assert answers == [504]
    assert [json.loads(line)["message"] for line in told.splitlines()][-1] == "stopped"


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    process, address = _serving(tmp_path)
    answers: list[int] = []
    asked = Thread(target=lambda: answers.append(_slow(address, 25)))
    asked.start()
    _until_asked(address)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)
    asked.join()
    assert answers == [0]
    assert time.monotonic() - started < 9


def _slow(address: str, seconds: float = 3) -> int:
    """The status of a query that takes its time; 0 where no answer comes."""
    try:
        sent = httpx2.post(
            f"{address}?timeout={seconds}", content=RUNAWAY, headers=SPARQL_QUERY, timeout=40
        )
    except httpx2.HTTPError:
        return 0
    return sent.status_code


def _until_asked(address: str) -> None:
    for _ in range(200):
        if httpx2.get(address.replace("/sparql", "/queries")).json():
            return
        time.sleep(0.02)
    pytest.fail("no query is running")


# -- disks -----------------------------------------------------------------------------------------


def test_a_full_disk_is_told_loses_nothing_and_reading_goes_on(tmp_path: Path) -> None:
    """Files may grow to a size and no further, which is what a full disk is to who writes them."""
    process, address = _serving(tmp_path, MISMATCH_BODY_LENGTH=str(64 << 20))
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    assert _insert(address, "before", 10) == 204
    assert _graphs(address) == ["g", "http://x.org/g", "x:before"]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1 << 20, hard))
    response = _inserted(address, "large", 25_000)
    assert response.status_code == 507
    assert "there is no room left on the disk" in response.json()["detail"]
    assert _graphs(address) == ["g", "http://x.org/g", "x:before"]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert _insert(address, "after", 10) == 204
    process.kill()
    process.communicate()
    assert list(open_store(str(tmp_path / "store")).names()) == [
        "http://x.org/g",
        "x:after",
        "x:before",
    ]


def test_a_folder_that_cannot_be_written_is_told_in_a_line() -> None:
    told = _run("serve", "--store", "/proc/store", "--port", "0")
    assert told.returncode == 4
    assert told.stderr.startswith("error: The store in /proc/store cannot be opened")
    assert told.stderr.count("\n") == 1


def _graphs(address: str) -> list[str]:
    """The names of all graphs, below a head."""
    asked = {"query": "SELECT ?g { GRAPH ?g {} } ORDER BY ?g", "format": "csv"}
    return httpx2.get(address, params=asked).text.split()


def _insert(address: str, name: str, count: int) -> int:
    return _inserted(address, name, count).status_code


def _inserted(address: str, name: str, count: int) -> httpx2.Response:
    triples = " ".join(f'<x:{n}> <x:p> "{n}{os.urandom(16).hex()}" .' for n in range(count))
    text = f"INSERT DATA {{ GRAPH <x:{name}> {{ {triples} }} }}"
    return httpx2.post(address, content=text, headers=SPARQL_UPDATE, timeout=60)


def _serving(tmp_path: Path, **environment: str) -> "tuple[subprocess.Popen[str], str]":
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    store = str(tmp_path / "store")
    process = subprocess.Popen(
        [*MISMATCH, "serve", "--port", str(port), "--store", store],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=_plain() | {"MISMATCH_SERVES": "graphs"} | environment,
    )
    address = f"http://127.0.0.1:{port}/sparql"
    for _ in range(400):
        try:
            with httpx2.Client(base_url=address.removesuffix("/sparql")) as found:
                fill(found)
            return process, address
        except httpx2.ConnectError:
            assert process.poll() is None
            time.sleep(0.05)
    pytest.fail("it does not answer")


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*MISMATCH, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=_plain(),
        timeout=60,
    )


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MISMATCH_")}
