"""Reads the files of a git bundle with git itself: no hook, no filter, no link, no submodule.

Nothing is checked out. The objects are read one by one from a repository of its own that knows no
configuration, and only those of plain files.
"""

import errno
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from kg.disks import says_full
from kg.errors import DescriptorInvalid, NotAllowed
from kg.keeping.archives import Target

_GIT = (
    "git",
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "transfer.fsckObjects=false"),
    *("-c", "pack.threads=1"),
    *("-c", "core.bigFileThreshold=16m"),
)
_KINDS = {"120000": "a link", "160000": "another repository"}
_ID = re.compile(r"[0-9a-f]{40,64}")
_USUAL = ("HEAD", "refs/heads/main", "refs/heads/master")
_WORDS = 2000
_CHUNK = 1 << 18


class Piece:
    """So many bytes of a stream, to be read as a file."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, most: int) -> bytes:
        """The next bytes."""
        data = self._stream.read(min(most, self._left))
        self._left -= len(data)
        return data

    def pass_over(self) -> None:
        """Read what nobody wanted."""
        while self._left and self.read(_CHUNK):
            pass


def unpack_bundle(file: Path, target: Target, ref: str = "") -> None:
    """Write the files of one commit of a bundle: that of `ref`, or of HEAD, main or master, or of
    the only branch there is; raises DescriptorInvalid, and NotAllowed where there is no git.
    """
    with TemporaryDirectory(dir=file.parent) as made:
        repository = Path(made)
        _git(repository, "init", "--quiet", "--bare", "--template=")
        commit = _chosen(_heads(repository, file), ref)
        _git(repository, "bundle", "unbundle", str(file))
        unpacked = target.unpacked
        unpacked.commit = commit
        unpacked.author, unpacked.message = _said(_object(repository, "commit", commit))
        files: dict[str, str] = {}
        for mode, name, path in _tree(repository, commit):
            if mode in _KINDS:
                target.leave_out(path, _KINDS[mode])
            else:
                files[path] = name
        _write(repository, files, target)


def _write(repository: Path, files: Mapping[str, str], target: Target) -> None:
    """Write each file; one git tells all of them, so that ten thousand take no minute."""
    asked = repository / "asked"
    asked.write_text("".join(f"{name}\n" for name in files.values()), encoding="ascii")
    with (
        asked.open("rb") as names,
        subprocess.Popen(  # noqa: S603 - what is foreign is never an option, see _chosen
            (*_GIT, "cat-file", "--batch"),
            cwd=repository,
            env=_environment(repository),
            stdin=names,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        told = cast("IO[bytes]", process.stdout)
        try:
            for path in files:
                _, kind, size = (*told.readline().split(), b"", b"")[:3]
                if kind != b"blob":
                    raise DescriptorInvalid(
                        f"The bundle lacks {path[:200]}", "Make it without leaving commits out"
                    )
                piece = Piece(told, int(size))
                target.write(path, piece)
                piece.pass_over()
                told.read(1)
        finally:
            process.kill()


def _heads(repository: Path, file: Path) -> dict[str, str]:
    listed = _git(repository, "bundle", "list-heads", str(file)).decode("utf-8", "replace")
    pairs = (line.partition(" ") for line in listed.splitlines())
    return {name: commit for commit, _, name in pairs if _ID.fullmatch(commit)}


def _chosen(heads: dict[str, str], ref: str) -> str:
    """The commit that is meant; raises DescriptorInvalid."""
    known = ", ".join(heads)[:_WORDS]
    if ref:
        wanted = (ref, f"refs/heads/{ref}", f"refs/tags/{ref}")
        found = next((heads[name] for name in wanted if name in heads), None)
        if found is None:
            raise DescriptorInvalid(f"The bundle has no {ref[:100]}", f"There are: {known}")
        return found
    usual = next((heads[name] for name in _USUAL if name in heads), None)
    if usual is None and len(set(heads.values())) != 1:
        raise DescriptorInvalid(
            "The bundle does not say which of its branches is meant",
            f"Name one with ?ref=, of these: {known}",
        )
    return usual or next(iter(heads.values()))


def _said(commit: bytes) -> tuple[str, str]:
    """Who wrote a commit, and what for."""
    head, _, message = commit.decode("utf-8", "replace").partition("\n\n")
    authors = (line[7:] for line in head.splitlines() if line.startswith("author "))
    return next(authors, "").partition(" <")[0], message.strip()[:_WORDS]


def _tree(repository: Path, commit: str) -> Iterator[tuple[str, str, str]]:
    listed = _git(repository, "ls-tree", "-r", "-z", "--full-tree", commit)
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        if entry:
            about, _, path = entry.partition("\t")
            mode, _, name = about.split(" ")
            yield mode, name, path


def _object(repository: Path, kind: str, name: str) -> bytes:
    return _git(repository, "cat-file", kind, name)


def _git(repository: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - what is foreign is never an option, see _chosen
            (*_GIT, *arguments),
            cwd=repository,
            env=_environment(repository),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise NotAllowed(
            "Bundles cannot be read here, because git is not installed",
            "Send the files as zip or tar, or ask the operator to install git",
        ) from error
    if done.returncode != 0:
        if says_full(done.stderr.decode("utf-8", "replace")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise DescriptorInvalid(
            f"The bundle cannot be read: {_told(done.stderr, (str(repository), arguments))}",
            "Make it with `git bundle create FILE HEAD`, without leaving commits out",
        )
    return done.stdout


def _environment(repository: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(repository),
        "GIT_DIR": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }


def _told(said: bytes, about: tuple[str, Sequence[str]]) -> str:
    """What git says, in one line, without the paths of this machine."""
    repository, arguments = about
    text = said.decode("utf-8", "replace")
    for path in (repository, *(one for one in arguments if one.startswith("/"))):
        text = text.replace(path, "the bundle")
    return " ".join(text.split())[:300] or "git does not say why"
