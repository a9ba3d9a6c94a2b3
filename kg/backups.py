"""Backups of a store and its history: one tar file, whose manifest tells what must be in it.

The history alone would bring projects back, but not graphs that were written by SPARQL; so both are
in it, as they were at one moment.
"""

import hashlib
import io
import json
import re
import sqlite3
import tarfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from kg import __version__
from kg.disks import failed, whole
from kg.errors import NotAllowed, NotFound, StoreError
from kg.history import FILE, History, now
from kg.stores import open_store
from kg.stores.oxigraph import OxigraphStore

FORMAT = 1
"""The format of backups that this version writes; it reads this and those before."""

_MANIFEST = "manifest.json"
_STORE = "store"
_NAME = re.compile(rf"{re.escape(FILE)}|{_STORE}/[A-Za-z0-9_][A-Za-z0-9._-]*")
_MOST = 16 << 20
_SEE = "See to the disk it goes to, and try again"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: when it was made and by which version, and what is in it, each
    file with its size and SHA-256.
    """

    made: str
    version: str
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for size, _ in self.files.values())


def snapshot(store: OxigraphStore, history: History | None, folder: Path) -> None:
    """Keep a store and its history in a new folder, by links where that can be, while nobody
    writes; raises StoreError.
    """
    try:
        folder.mkdir()
    except OSError as error:
        raise failed("The backup cannot be written", error, _SEE) from error
    store.checkpoint(folder / _STORE)
    if history is not None:
        history.copy(folder / FILE)


def write(folder: Path, target: BinaryIO) -> Manifest:
    """Write the backup that a snapshot makes; raises StoreError."""
    try:
        names = sorted(one.relative_to(folder).as_posix() for one in _files(folder))
        found = {name: _told(folder / name) for name in names}
        manifest = Manifest(now(), __version__, found)
        with tarfile.open(fileobj=target, mode="w|") as tar:
            text = _text(manifest)
            head = tarfile.TarInfo(_MANIFEST)
            head.size = len(text)
            tar.addfile(head, io.BytesIO(text))
            for name in names:
                member = tarfile.TarInfo(name)
                member.size = found[name][0]
                with (folder / name).open("rb") as file:
                    tar.addfile(member, file)
    except OSError as error:
        raise failed("The backup cannot be written", error, _SEE) from error
    return manifest


def back_up(folder: Path, file: Path) -> Manifest:
    """Back up a store that nobody has open; raises NotFound, NotAllowed, StoreError."""
    if not (folder / "CURRENT").is_file():
        raise NotFound(f"There is no store in {folder}", "Name the folder of one with --store")
    if file.exists():
        raise NotAllowed(f"{file} is there already", "Name another file, or remove it")
    store = open_store(str(folder))
    assert isinstance(store, OxigraphStore)  # noqa: S101 - a folder is one of Oxigraph
    try:
        with (
            TemporaryDirectory(prefix="service-", dir=folder) as made,
            whole(file, lasting=True) as target,
        ):
            at = Path(made) / "backup"
            if (folder / FILE).is_file():
                with closing(History(folder / FILE)) as history:
                    snapshot(store, history, at)
            else:
                snapshot(store, None, at)
            return write(at, target)
    except OSError as error:
        raise failed(f"{file} cannot be written", error, "Name another file") from error


def restore(file: Path, folder: Path, *, force: bool = False) -> tuple[Manifest, Path | None]:
    """Make a store of a backup, in a folder that is not there yet; with force one that is there is
    moved aside, and it is told where to. Raises NotFound, NotAllowed, StoreError.

    All of the backup is read before anything is written.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}", "Name a backup")
    if _is_used(folder) and not force:
        raise NotAllowed(
            f"There is something in {folder} already",
            "Name another folder, or have it moved aside with --force",
        )
    manifest = check(file)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as made:
            at = Path(made) / "store"
            at.mkdir()
            _extract(file, manifest, at)
            _is_sound(at)
            aside = _put_in_place(at, folder)
    except OSError as error:
        told = f"{folder} cannot be written, and is as it was"
        raise failed(told, error, "See to its disk and permissions") from error
    return manifest, aside


def check(file: Path) -> Manifest:
    """What a backup says of itself, once all that it says was found true; raises StoreError."""
    try:
        with tarfile.open(file, "r:") as tar:
            manifest = _manifest(tar, file)
            found = {}
            while (member := tar.next()) is not None:
                if member.name in found or member.name not in manifest.files or not member.isreg():
                    raise _broken(file, f"{member.name[:100]} does not belong in it")
                source = tar.extractfile(member)
                assert source is not None  # noqa: S101 - it is a regular file
                found[member.name] = (member.size, _digest(source))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _broken(file, str(error)) from error
    for name, told in manifest.files.items():
        if found.get(name) != told:
            raise _broken(file, f"{name} is {'not the same' if name in found else 'missing'}")
    return manifest


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    first = tar.next()
    source = tar.extractfile(first) if first is not None and first.name == _MANIFEST else None
    if source is None:
        raise _broken(file, "it does not begin with its manifest")
    try:
        told: dict[str, Any] = json.loads(source.read(_MOST))
        if told["format"] > FORMAT:
            raise NotAllowed(
                f"{file} was written by a newer version ({str(told['version'])[:40]})",
                "Install that version, or a newer one",
            )
        files = {
            str(name): (int(one["size"]), str(one["sha256"])) for name, one in told["files"].items()
        }
        manifest = Manifest(str(told["made"]), str(told["version"]), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(file, "its manifest cannot be read") from error
    if not all(_NAME.fullmatch(name) for name in files):
        raise _broken(file, "its manifest names files that belong elsewhere")
    return manifest


def _text(manifest: Manifest) -> bytes:
    told = {
        "format": FORMAT,
        "made": manifest.made,
        "version": manifest.version,
        "files": {
            name: {"size": size, "sha256": digest}
            for name, (size, digest) in manifest.files.items()
        },
    }
    return json.dumps(told, indent=1).encode()


def _extract(file: Path, manifest: Manifest, folder: Path) -> None:
    with tarfile.open(file, "r:") as tar:
        for member in tar:
            source = tar.extractfile(member)
            if source is None or member.name not in manifest.files:
                continue
            with (folder / Path(member.name).name).open("xb") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)


def _is_sound(folder: Path) -> None:
    """Open what was restored, so that it is known to open; raises StoreError."""
    open_store(str(folder))
    if (folder / FILE).is_file():
        History(folder / FILE).close()
        with closing(sqlite3.connect(folder / FILE)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
        if told != "ok":
            raise StoreError(f"The history in the backup is damaged: {told}", "Use another backup")


def _is_used(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _put_in_place(made: Path, folder: Path) -> Path | None:
    """Give a new folder its name; what has it already is moved aside, and it is told where to."""
    if not _is_used(folder):
        made.replace(folder)
        return None
    aside = folder.rename(folder.with_name(f"{folder.name}.before-{now()[:19].replace(':', '')}"))
    try:
        made.replace(folder)
    except OSError:
        aside.rename(folder)
        raise
    return aside


def _files(folder: Path) -> list[Path]:
    # A lock is of no use to anybody else.
    return [one for one in folder.rglob("*") if one.is_file() and one.name != "LOCK"]


def _told(file: Path) -> tuple[int, str]:
    with file.open("rb") as source:
        return file.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest()


def _digest(source: Any) -> str:  # noqa: ANN401 - what tarfile gives has no name of its own
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _broken(file: Path, why: str) -> StoreError:
    return StoreError(f"{file} is no whole backup: {why}", "Use another; nothing was changed")
