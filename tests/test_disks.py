"""A full disk is told, whatever is written to it; nothing is lost, nothing is left half, and once
there is room all goes on.
"""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from kg.cli import run
from kg.disks import is_full, whole
from kg.errors import DiskFull
from kg.history import FILE, History, projects
from kg.history.projects import KeptProject
from kg.stores import open_store
from tests.disks import Disk, small_disk
from tests.starting import started, stopped
from tests.test_service_kill import held

MEGABYTES = 64
YAML = {"content-type": "application/yaml"}
UPDATE = {"content-type": "application/sparql-update"}
MODEL = "element: TrainedModel\nname: model-{0}\nrequired_memory: {0} MB\n"
LARGE = "SELECT * { GRAPH <x:large> { ?s ?p ?o } }"
Write = Callable[[httpx2.Client, int], httpx2.Response]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk", MEGABYTES) as found:
        yield found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project, a store that keeps it, and a backup of that."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "small").mkdir()
    (folder / "small/model.yaml").write_text(MODEL.format(1))
    store = str(folder / "store")
    assert run(["load", str(folder / "small"), "--store", store]) == 0
    assert run(["backup", str(folder / "backup.tar"), "--store", store]) == 0
    return folder


def _zipped(number: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.yaml", MODEL.format(number))
        # Packed it is half as long: some room may do for it, and not for what is in it.
        archive.writestr("digits.txt", os.urandom(1 << 20).hex())
    return packed.getvalue()


def _put(client: httpx2.Client, number: int) -> httpx2.Response:
    path = "/projects/a/descriptors/model"
    return client.put(path, content=MODEL.format(number), headers=YAML)


def _unpack(client: httpx2.Client, number: int) -> httpx2.Response:
    return client.put(
        "/projects/b/artefacts",
        content=_zipped(number),
        headers={"content-type": "application/zip"},
    )


def _send_files(client: httpx2.Client, number: int) -> httpx2.Response:
    return client.post("/projects/c/artefacts", files={"f": (f"{number}.txt", bytes(1 << 20))})


def _update(client: httpx2.Client, number: int) -> httpx2.Response:
    text = f"INSERT DATA {{ GRAPH <x:kept> {{ <x:{number}> <x:p> '{'y' * 5000}' }} }}"
    return client.post("/sparql", content=text, headers=UPDATE)


def _rehearsed(client: httpx2.Client, number: int) -> httpx2.Response:
    text = f"INSERT {{ GRAPH <x:kept> {{ <x:more-{number}> <x:p> ?o }} }} WHERE {{ ?s <x:n> ?o }}"
    return client.post("/sparql", content=text, headers=UPDATE)


def _put_graph(client: httpx2.Client, number: int) -> httpx2.Response:
    text = f'<x:{number}> <x:q> "{"z" * 5000}" .'
    where = {"graph": f"x:graph-{number}"}
    return client.put(
        "/graphs", params=where, content=text, headers={"content-type": "text/turtle"}
    )


def _make_project(client: httpx2.Client, number: int) -> httpx2.Response:
    return client.put(f"/projects/n{number}", json={"title": "t" * 200})


def _make_token(client: httpx2.Client, number: int) -> httpx2.Response:
    return client.post("/tokens", json={"owner": f"ada-{number}", "scope": "read", "days": 1})


def _back_up(client: httpx2.Client, _: int) -> httpx2.Response:
    return client.post("/backups")


def _ask_much(client: httpx2.Client, number: int) -> httpx2.Response:
    return client.get("/sparql", params={"query": f"{LARGE} # {number}", "format": "json"})


WRITES: list[Write] = [
    _put,
    _unpack,
    _send_files,
    _update,
    _rehearsed,
    _put_graph,
    _make_project,
    _make_token,
    _back_up,
    _ask_much,
]


@pytest.mark.parametrize("leave", [0, 400_000])
def test_a_full_disk_is_told_loses_nothing_and_needs_no_restart(disk: Disk, leave: int) -> None:
    store = disk.folder / "store"
    acknowledged = {}
    told = []
    with (
        started(store, body_length=str(64 << 20)) as (process, address),
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        for name in "abc":
            client.put(f"/projects/{name}", json={}).raise_for_status()
        large = " ".join(f"<x:{n}> <x:n> {n} ." for n in range(9000))
        text = f"INSERT DATA {{ GRAPH <x:large> {{ {large} }} }}"
        client.post("/sparql", content=text, headers=UPDATE).raise_for_status()
        _reads_on(client)
        for number, write in enumerate(WRITES):
            disk.fill(leave)
            sent = write(client, number)
            if sent.is_success:
                acknowledged[write.__name__] = number
            else:
                told.append(sent)
            _reads_on(client)
        disk.make_room()
        for number, write in enumerate(WRITES, 100):
            sent = write(client, number)
            assert sent.is_success, (write.__name__, sent.text)
            acknowledged[write.__name__] = number
        revisions = {name: _revision(client, name) for name in "abc"}
        assert _count(client) == 9000
        stopped(process)
    assert told
    for sent in told:
        assert sent.status_code == 507, sent.text
        assert "no room" in sent.json()["detail"]
        assert sent.json()["hint"].startswith("Make room")
    assert held(store) == []
    with (
        started(store) as (_, address),
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        assert {name: _revision(client, name) for name in "abc"} == revisions
        model = client.get("/projects/a/descriptors/model", headers={"accept": "application/yaml"})
        assert f"model-{acknowledged['_put']}" in model.text
        assert _ask(client, f"ASK {{ GRAPH <x:kept> {{ <x:{acknowledged['_update']}> ?p ?o }} }}")
        assert client.get(f"/projects/n{acknowledged['_make_project']}").is_success


def _reads_on(client: httpx2.Client) -> None:
    assert client.get("/projects").is_success
    assert client.get("/findings").is_success
    assert _count(client) == 9000


def _count(client: httpx2.Client) -> int:
    text = "SELECT (COUNT(*) AS ?n) { GRAPH <x:large> { ?s ?p ?o } }"
    sent = client.get("/sparql", params={"query": text, "format": "csv"})
    assert sent.is_success, sent.text
    return int(sent.text.split()[1])


def _ask(client: httpx2.Client, text: str) -> bool:
    return client.get("/sparql", params={"query": text, "format": "csv"}).text.strip() == "true"


def _revision(client: httpx2.Client, name: str) -> int:
    number: int = client.get(f"/projects/{name}").json()["revision"]
    return number


def test_what_was_written_just_before_a_disk_was_full_can_be_read(disk: Disk) -> None:
    with (
        started(disk.folder / "store") as (_, address),
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        client.put("/projects/a", json={}).raise_for_status()
        for number in (1, 2):
            assert _ask(client, "ASK { ?s ?p ?o }")
            _put(client, number).raise_for_status()
            _update(client, number).raise_for_status()
            disk.fill()
            assert _ask(client, f"ASK {{ GRAPH <x:kept> {{ <x:{number}> ?p ?o }} }}")
            assert _revision(client, "a") == number
            disk.make_room()


# -- on the command line ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "check {kept}/small -o {disk}/made",
        "check {kept}/small --as html -o {disk}/made",
        "check {kept}/small --store {disk}/made",
        "import {kept}/small -o {disk}/made.yaml",
        "backup {disk}/made --store {kept}/store",
        "load {kept}/small --store {disk}/made",
        "restore {kept}/backup.tar --store {disk}/made",
        "serve --port 0 --store {disk}/made",
    ],
)
def test_commands_tell_of_a_full_disk_in_a_line(
    disk: Disk, kept: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    disk.fill()
    assert run(command.format(disk=disk.folder, kept=kept).split()) == 4
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert "there is no room left on the disk. Make room there, and try again." in told
    assert told.count("\n") == 1
    # The folder of a store may have been begun; of all else there is nothing.
    assert not any(path.is_file() for path in [disk.folder / "made", disk.folder / "made.yaml"])
    assert disk.names <= ({"made"} if "--store {disk}" in command else set())


@pytest.mark.parametrize("leave", [400_000, 2_000_000])
def test_a_service_that_has_no_room_to_start_says_so_in_a_line(disk: Disk, leave: int) -> None:
    disk.fill(leave)
    store = str(disk.folder / "store")
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", "0"]
    ended = subprocess.run(
        [*command, "--store", store], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 4
    assert ended.stdout == ""
    told = ended.stderr.splitlines()
    assert told[-1].startswith("error: ")
    assert told[-1].endswith("there is no room left on the disk. Make room there, and try again.")
    assert "Traceback" not in ended.stderr


def test_a_project_is_loaded_whole_or_not_at_all(
    disk: Disk, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, more = disk.folder / "store", disk.folder.parent / "more"
    assert run(["restore", str(kept / "backup.tar"), "--store", str(store)]) == 0
    more.mkdir()
    (more / "model.yaml").write_text(MODEL.format(5))
    for number in range(40):
        (more / f"{number}.txt").write_bytes(os.urandom(1 << 16))
    disk.fill(400_000)
    capsys.readouterr()
    assert run(["load", str(more), "--store", str(store)]) == 4
    assert "there is no room left" in capsys.readouterr().err
    disk.make_room()
    assert _loaded(store) == {"small": 1}
    assert run(["load", str(more), "--store", str(store)]) == 0
    assert _loaded(store) == {"small": 1, "more": 1}


def _loaded(store: Path) -> dict[str, int]:
    history = History(store / FILE)
    with history.reading() as connection:
        found: list[KeptProject] = [projects.get(connection, n) for n in projects.ids(connection)]
    history.close()
    open_store(str(store))
    return {one.id: one.revision for one in found if one.revision}


def test_a_report_that_is_there_stays_where_the_new_one_has_no_room(disk: Disk, kept: Path) -> None:
    report = disk.folder / "report.txt"
    report.write_text("the old one")
    disk.fill()
    assert run(["check", str(kept / "small"), "-o", str(report)]) == 4
    assert report.read_text() == "the old one"
    assert disk.names == {"report.txt"}


@pytest.mark.parametrize(
    ("command", "what"), [("gaps", "Standard output cannot"), ("check --help", "It could not")]
)
def test_standard_output_on_a_full_disk_is_told_in_a_line(
    disk: Disk, command: str, what: str
) -> None:
    disk.fill()
    started_by = [sys.executable, "-c", "from kg.cli import main; main()", *command.split()]
    with (disk.folder / "out").open("wb") as out:
        ended = subprocess.run(
            started_by, stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 4
    assert ended.stderr == (
        f"error: {what} be written: there is no room left on the disk. "
        "Make room there, and try again.\n"
    )


# -- files and the history, on any machine ---------------------------------------------------------


def test_a_history_without_room_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    history = History(tmp_path / FILE)
    with history.writing() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        projects.create(connection, "a", title="", private=False, creator="me")
    with pytest.raises(DiskFull, match="no room left"), history.writing() as connection:
        projects.create(connection, "b", title="t" * 100_000, private=False, creator="me")
    with history.writing() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert list(projects.ids(connection)) == ["a"]
    with history.writing() as connection:
        projects.create(connection, "b", title="t" * 100_000, private=False, creator="me")
    history.close()


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with pytest.raises(TypeError), whole(path) as target:
        target.writelines([b"half", "what cannot be written"])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    with whole(path) as target:
        target.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_link_to_a_file_stays_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    with whole(tmp_path / "link") as target:
        target.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_devices_and_pipes_are_written_to_as_they_are(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with whole(tmp_path / "pipe") as target:
        target.write(b"through")
    assert os.read(reading, 100) == b"through"
    os.close(reading)
    with whole(Path("/dev/null")) as target:
        target.write(b"nowhere")
    assert not Path("/dev/null").is_file()


def test_a_folder_in_the_place_of_a_file_is_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as found, whole(tmp_path) as target:
        target.write(b"")
    assert not is_full(found.value)
