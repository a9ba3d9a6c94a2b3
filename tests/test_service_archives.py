"""Archives over HTTP: what is in them becomes the project's files, and nothing else is written."""

import io
import os
import shutil
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.serving import served

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
MODEL = b"element: TrainedModel\nrequired_memory: 16 GB\n"
Entries = dict[str, bytes]
Pack = Callable[[Entries], bytes]


def as_zip(entries: Entries) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return packed.getvalue()


def as_tar(entries: Entries, mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def as_tar_gz(entries: Entries) -> bytes:
    return as_tar(entries, "w:gz")


KINDS: dict[str, Pack] = {
    "application/zip": as_zip,
    "application/x-tar": as_tar,
    "application/gzip": as_tar_gz,
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(
        serves="projects", project_files=30, project_size=4 << 20, artefacts_length=2 << 20
    ) as found:
        found.put("/projects/p", json={})
        yield found


def put(client: httpx2.Client, kind: str, data: bytes, **parameters: str) -> httpx2.Response:
    return client.put(
        "/projects/p/artefacts", content=data, headers={"content-type": kind}, params=parameters
    )


def paths(client: httpx2.Client) -> list[str]:
    return [one["path"] for one in client.get("/projects/p/artefacts").json()["artefacts"]]


@pytest.fixture
def before(client: httpx2.Client) -> Iterator[None]:
    """A project that is as it was after the test."""
    put(client, "application/zip", as_zip({"before.yaml": MODEL}))
    state = client.get("/projects/p").json()
    yield
    assert client.get("/projects/p").json() == state
    assert paths(client) == ["before.yaml"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_files_become_those_of_the_archive(client: httpx2.Client, kind: str) -> None:
    put(client, kind, KINDS[kind]({"old.yaml": MODEL}))
    found = put(client, kind, KINDS[kind]({"./model.yaml": MODEL, "a/b/c.bin": b"\0\1"}))
    assert found.status_code == 201, found.text
    assert paths(client) == ["a/b/c.bin", "model.yaml"]
    assert client.get("/projects/p/artefacts/a/b/c.bin").content == b"\0\1"
    assert found.json()["sources"] == 1
    again = put(client, kind, KINDS[kind]({"model.yaml": MODEL, "a/b/c.bin": b"\0\1"}))
    assert (again.status_code, again.json()["changed"]) == (200, False)


def test_the_example_is_judged_as_a_whole(client: httpx2.Client) -> None:
    files = {
        path.relative_to(EXAMPLE).as_posix(): path.read_bytes()
        for path in sorted(EXAMPLE.rglob("*"))
        if path.is_file()
    }
    found = put(client, "application/zip", as_zip(files), message="From the example")
    assert found.json()["message"] == "From the example"
    assert found.json()["mismatches"] > 5
    assert paths(client) == sorted(files)


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/x", "C:/x", "a\\b", "..", "a//b", "x" * 300, "d/" * 40 + "x"],
)
def test_a_path_that_leads_elsewhere_is_refused(
    client: httpx2.Client, kind: str, name: str
) -> None:
    refused = put(client, kind, KINDS[kind]({"model.yaml": MODEL, name: b"x"}))
    assert refused.status_code == 400, refused.text
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("kind", KINDS)
def test_bombs_are_refused(client: httpx2.Client, kind: str) -> None:
    large = {f"{number}.bin": bytes(1 << 20) for number in range(5)}
    assert "bytes" in put(client, kind, KINDS[kind](large)).json()["detail"]
    many = {f"{number}.bin": b"" for number in range(31)}
    assert "files" in put(client, kind, KINDS[kind](many)).json()["detail"]
    assert put(client, kind, os.urandom(3 << 20)).status_code == 413


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("kind", [*KINDS, "application/x-git-bundle"])
def test_what_is_no_archive_is_refused(client: httpx2.Client, kind: str) -> None:
    cut = KINDS.get(kind, as_zip)({"model.yaml": MODEL, "b.bin": os.urandom(9000)})[:5000]
    for data in (b"", b"no archive", cut):
        refused = put(client, kind, data)
        assert refused.status_code in {400, 201}, refused.text
        assert "/put-" not in refused.text


def test_links_and_gits_own_files_are_left_out_and_told(client: httpx2.Client) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        device = tarfile.TarInfo("device")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
        for name in ("model.yaml", ".git/config"):
            entry = tarfile.TarInfo(name)
            entry.size = len(MODEL)
            archive.addfile(entry, io.BytesIO(MODEL))
    found = put(client, "application/x-tar", packed.getvalue())
    assert [one.partition(":")[0] for one in found.json()["left_out"]] == [
        *("link", "hard", "device", ".git/config")
    ]
    assert paths(client) == ["model.yaml"]
    linked = zipfile.ZipInfo("link")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr(linked, "/etc/passwd")
        zipped.writestr("model.yaml", MODEL)
    found = put(client, "application/zip", packed.getvalue())
    assert [one.partition(":")[0] for one in found.json()["left_out"]] == ["link"]


@pytest.mark.usefixtures("before")
def test_an_encrypted_archive_is_refused_in_words(client: httpx2.Client) -> None:
    data = bytearray(as_zip({"model.yaml": MODEL}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    refused = put(client, "application/zip", bytes(data))
    assert refused.status_code == 400
    assert "encrypted" in refused.json()["detail"]


@pytest.mark.usefixtures("before")
def test_what_is_twice_in_an_archive_is_refused(client: httpx2.Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    assert put(client, "application/zip", packed.getvalue()).status_code == 400
    clash = {"a": b"1", "a/b": b"2"}
    assert put(client, "application/x-tar", as_tar(clash)).status_code == 400


def test_names_that_differ_by_case_are_two_files(client: httpx2.Client) -> None:
    put(client, "application/zip", as_zip({"A.bin": b"1", "a.bin": b"2"}))
    assert paths(client) == ["A.bin", "a.bin"]


def test_an_archive_in_an_archive_is_a_file(client: httpx2.Client) -> None:
    inner = as_zip({"../x": b"x"})
    put(client, "application/zip", as_zip({"inner.zip": inner}))
    assert client.get("/projects/p/artefacts/inner.zip").content == inner


@pytest.mark.usefixtures("before")
def test_another_type_is_refused(client: httpx2.Client) -> None:
    refused = put(client, "application/x-rar", b"x")
    assert refused.status_code == 415
    assert "application/zip" in refused.json()["hint"]


# -- git bundles -----------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    known = {
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "a@x.org",
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    known |= {"GIT_COMMITTER_NAME": "Bo", "GIT_COMMITTER_EMAIL": "b@x.org", "HOME": str(folder)}
    environment = {"PATH": os.environ["PATH"], **known}
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "model.yaml").write_bytes(MODEL)
    (folder / "link").symlink_to("/etc/passwd")
    (folder / ".gitattributes").write_text("*.yaml filter=evil export-subst\n", encoding="utf-8")
    (folder / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "run.sh").chmod(0o755)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=The first model")
    return folder


def bundled(folder: Path, *what: str) -> bytes:
    git(folder, "bundle", "create", "--quiet", "../out.bundle", *what)
    return (folder.parent / "out.bundle").read_bytes()


BUNDLE = "application/x-git-bundle"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_bundle_brings_the_files_of_its_commit(client: httpx2.Client, repository: Path) -> None:
    found = put(client, BUNDLE, bundled(repository, "HEAD"))
    assert found.status_code == 201, found.text
    told = found.json()
    assert told["message"] == "The first model"
    assert told["origin"].startswith("commit ")
    assert told["origin"].endswith(" by Ada")
    assert told["left_out"] == ["link: a link"]
    assert paths(client) == [".gitattributes", "model.yaml", "run.sh"]
    assert client.get("/projects/p/artefacts/model.yaml").content == MODEL


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_bundle_of_several_branches_is_asked_for_one(
    client: httpx2.Client, repository: Path
) -> None:
    git(repository, "branch", "--move", "one")
    git(repository, "checkout", "--quiet", "-b", "two")
    (repository / "two.bin").write_bytes(b"2")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Two")
    data = bundled(repository, "one", "two")
    refused = put(client, BUNDLE, data)
    assert refused.status_code == 400
    assert "refs/heads/one" in refused.json()["hint"]
    assert put(client, BUNDLE, data, ref="two").json()["message"] == "Two"
    assert "two.bin" in paths(client)
    assert put(client, BUNDLE, data, ref="one").json()["message"] == "The first model"
    assert put(client, BUNDLE, data, ref="--upload-pack=x").status_code == 400


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_bundle_that_lacks_commits_is_refused(client: httpx2.Client, repository: Path) -> None:
    (repository / "two.bin").write_bytes(b"2")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Two")
    refused = put(client, BUNDLE, bundled(repository, "HEAD~1..main"))
    assert refused.status_code == 400
    assert str(repository) not in refused.text
