"""Recorded files: found as they are, whatever their line ends, and only inside the project."""

from hashlib import md5, sha256
from pathlib import Path

import pytest

from kg.projects import Project, read_project
from kg.projects.contents import Contents
from kg.vocabulary import Vocabulary

FEEDS = b"age,plan\n34,basic\n51,plus\n"
BOTH = FEEDS.replace(b"\n", b"\r\n")
NAMES = {"observedDigest", "observedSize"}


def digest(data: bytes) -> str:
    return f"md5:{md5(data, usedforsecurity=False).hexdigest()}"


def recorded(folder: Path, path: str, *lines: str) -> None:
    """A descriptor that records a file."""
    text = "element: TrainingData\nname: churn\nrecorded_files:\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data.yaml").write_text(
        text + f"  - name: {path}\n" + "".join(f"    {line}\n" for line in lines)
    )


def observed(project: Project) -> list[object]:
    return [
        statement.value
        for entry in project.entries
        for statement in entry.reading.statements
        if statement.attribute in NAMES and statement.observed
    ]


@pytest.mark.parametrize("written", [FEEDS, BOTH])
@pytest.mark.parametrize("meant", [FEEDS, BOTH])
def test_other_line_ends_are_the_same_file(tmp_path: Path, written: bytes, meant: bytes) -> None:
    location = tmp_path / "train.csv"
    location.write_bytes(written)

    contents = Contents(location)

    assert contents.digests([digest(meant)]) == [digest(meant)]
    assert contents.size([len(meant)]) == len(meant)


def test_the_digest_of_dvc_2_is_that_of_line_feeds(tmp_path: Path) -> None:
    location = tmp_path / "train.csv"
    location.write_bytes(BOTH)
    name = "md5-dos2unix"

    own = f"{name}:{digest(FEEDS)[4:]}"

    assert Contents(location).digests([own]) == [own]
    assert Contents(location).digests([f"{name}:00"]) == [own]


def test_a_line_end_is_not_cut_in_two_pieces(tmp_path: Path) -> None:
    location = tmp_path / "train.csv"
    location.write_bytes(b"x" * ((1 << 20) - 1) + BOTH + b"\r\r\n\r")
    meant = location.read_bytes().replace(b"\r\n", b"\n")

    assert Contents(location).digests([digest(meant)]) == [digest(meant)]


def test_another_file_is_told_by_its_own_digest_and_size(tmp_path: Path) -> None:
    location = tmp_path / "train.csv"
    location.write_bytes(FEEDS)
    own = f"sha256:{sha256(FEEDS).hexdigest()}"

    assert Contents(location).digests(["sha256:00", "crc32:00", "SHA256:" + own[7:].upper()]) == [
        own,
        "SHA256:" + own[7:].upper(),
    ]
    assert Contents(location).size([1]) == len(FEEDS)


def test_a_binary_file_has_no_line_ends(tmp_path: Path) -> None:
    location = tmp_path / "model.bin"
    location.write_bytes(b"\0" + BOTH)

    assert Contents(location).size([1 + len(FEEDS)]) == 1 + len(BOTH)


def test_a_pointer_of_git_lfs_stands_for_its_file(tmp_path: Path) -> None:
    location = tmp_path / "model.bin"
    oid = sha256(FEEDS).hexdigest()
    head = "version https://git-lfs.github.com/spec/v1\n"
    location.write_text(f"{head}oid sha256:{oid}\nsize 99\n")

    assert Contents(location).digests(["sha256:00", digest(FEEDS)]) == [f"sha256:{oid}"]
    assert Contents(location).size([1]) == 99


def test_a_recorded_file_is_observed_where_it_lies(tmp_path: Path, known: Vocabulary) -> None:
    folder = tmp_path / "project"
    recorded(folder, "notes.bin", f"recorded_digests: {digest(b'x')}", "recorded_sizes: 1 B")
    (folder / "notes.bin").write_bytes(b"yz")

    project = read_project(folder, known)

    assert project.problems == ()
    assert observed(project) == [digest(b"yz"), 2]
    assert [str(e.path) for e in project.entries] == ["data.yaml", "notes.bin"]
    assert project.entries[1].digest == sha256(b"yz").hexdigest()


def test_what_another_importer_reads_stays_one_source(tmp_path: Path, known: Vocabulary) -> None:
    folder = tmp_path / "project"
    recorded(folder, "train.csv", f"recorded_digests: {digest(BOTH)}")
    (folder / "train.csv").write_bytes(FEEDS)

    project = read_project(folder, known)

    assert observed(project) == [digest(BOTH)]
    assert [entry.importer for entry in project.entries] == ["descriptor", "tables"]


@pytest.mark.parametrize("path", ["../outside.bin", "link.bin", "folder", "x/../../outside.bin"])
def test_nothing_outside_the_project_is_read(tmp_path: Path, known: Vocabulary, path: str) -> None:
    folder = tmp_path / "project"
    recorded(folder, path, "recorded_sizes: 1 B")
    (folder / "folder").mkdir()
    (tmp_path / "outside.bin").write_bytes(b"x")
    (folder / "link.bin").symlink_to(tmp_path / "outside.bin")

    assert observed(read_project(folder, known)) == []


def test_of_a_file_that_cannot_be_read_nothing_is_stated(
    tmp_path: Path, known: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(tmp_path, "notes.bin", "recorded_sizes: 1 B")
    (tmp_path / "notes.bin").write_bytes(b"x")

    def refuse(_: Contents, __: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Contents, "size", refuse)

    assert observed(read_project(tmp_path, known)) == []


LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {{path: data/train.csv, hash: md5, md5: {digest}, size: {size}}}
"""


@pytest.mark.parametrize("other", [False, True])
def test_a_pointer_of_dvc_stands_for_a_file_that_is_not_here(
    tmp_path: Path, known: Vocabulary, *, other: bool
) -> None:
    own, stale = digest(FEEDS)[4:], digest(BOTH)[4:]
    (tmp_path / "data").mkdir()
    pointer = f"outs:\n- {{md5: {own}, size: 26, hash: md5, path: train.csv}}\n"
    (tmp_path / "data" / "train.csv.dvc").write_text(pointer)
    recorded = (stale, 29) if other else (own, 26)
    (tmp_path / "dvc.lock").write_text(LOCK.format(digest=recorded[0], size=recorded[1]))

    project = read_project(tmp_path, known)

    found = {
        (str(e.path), s.attribute): s.value
        for e in project.entries
        for s in e.reading.statements
        if s.attribute in NAMES
    }
    assert found == {
        ("data/train.csv.dvc", "observedDigest"): f"md5:{own}",
        ("data/train.csv.dvc", "observedSize"): 26,
    }


def test_a_pointer_of_another_kind_tells_nothing(tmp_path: Path, known: Vocabulary) -> None:
    (tmp_path / "data").mkdir()
    pointer = f"outs:\n- {{md5: {digest(FEEDS)[4:]}, size: 26, path: train.csv}}\n"
    (tmp_path / "data" / "train.csv.dvc").write_text(pointer)
    (tmp_path / "dvc.lock").write_text(LOCK.format(digest=digest(BOTH)[4:], size=29))

    statements = [s for e in read_project(tmp_path, known).entries for s in e.reading.statements]

    assert not NAMES & {statement.attribute for statement in statements}
