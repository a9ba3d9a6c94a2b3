"""Unpacks archives from strangers into a folder: what is no plain file below it is refused or left
out, and nothing grows beyond its bounds.

Meant to run in a process of its own whose memory is limited: what decompresses may take any.
"""

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from kg.errors import DescriptorInvalid
from kg.keeping.paths import checked_path, is_versioning

_CHUNK = 1 << 18
_SAMPLE = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many files an archive may have, how many bytes in all, and how many times its own size
    these may be.
    """

    files: int
    size: int
    ratio: int = 200


@dataclass(slots=True)
class Unpacked:
    """The paths of the files that were written, what was left out with the reason, and of a
    repository what its commit says.
    """

    paths: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    commit: str = ""
    author: str = ""
    message: str = ""


class Readable(Protocol):
    """What is read piece by piece."""

    def read(self, most: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


class Target:
    """A folder that files are written into, within bounds."""

    def __init__(self, folder: Path, bounds: Bounds, packed: int) -> None:
        self.unpacked = Unpacked()
        self._folder = folder
        self._bounds = bounds
        self._most = min(bounds.size, max(packed * bounds.ratio, _SAMPLE))
        self._size = 0
        self._seen: set[str] = set()

    def leave_out(self, path: str, why: str) -> None:
        """Note that something was not taken."""
        if len(self.unpacked.left_out) >= self._bounds.files:
            raise _too_many(self._bounds)
        self.unpacked.left_out.append(f"{path[:200]}: {why}")

    def write(self, path: str, source: Readable) -> None:
        """Write a file; raises DescriptorInvalid where it may not be, or bounds are passed."""
        name = path.removeprefix("./")
        if is_versioning(name):
            self.leave_out(name, "git's own")
            return
        checked_path(name)
        if name in self._seen:
            raise DescriptorInvalid(f"{name} is twice in the archive", "Pack it once")
        if len(self._seen) >= self._bounds.files:
            raise _too_many(self._bounds)
        self._seen.add(name)
        place = self._folder / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as file:
                while chunk := source.read(_CHUNK):
                    self._size += len(chunk)
                    if self._size > self._most:
                        raise self._too_large()
                    file.write(chunk)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise DescriptorInvalid(
                f"{name} is a file and a folder in the archive", "Pack it once"
            ) from error
        self.unpacked.paths.append(name)

    def _too_large(self) -> DescriptorInvalid:
        return DescriptorInvalid(
            f"What the archive holds has more than {self._most:,} bytes",
            "Leave large files out: their heads or descriptors are enough",
        )


def unpack_zip(file: Path, target: Target) -> None:
    """Unpack a zip archive; raises DescriptorInvalid."""
    with _readable("zip"), zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if "\\" in entry.orig_filename or "\0" in entry.orig_filename:
                checked_path(entry.orig_filename)
            if entry.is_dir():
                continue
            if entry.flag_bits & 1:
                raise DescriptorInvalid(
                    f"{entry.filename[:200]} is encrypted", "Pack it without a password"
                )
            if kind not in (0, stat.S_IFREG):
                target.leave_out(entry.filename, "a link, or no plain file")
                continue
            with archive.open(entry) as source:
                target.write(entry.filename, source)


def unpack_tar(file: Path, target: Target) -> None:
    """Unpack a tar archive; raises DescriptorInvalid."""
    with file.open("rb") as stream:
        _unpack_tar(stream, target)


def unpack_tar_gz(file: Path, target: Target) -> None:
    """Unpack a tar archive that gzip compressed; raises DescriptorInvalid."""
    with gzip.open(file) as stream:
        _unpack_tar(stream, target)


def _unpack_tar(stream: BinaryIO | gzip.GzipFile, target: Target) -> None:
    # As a stream: nothing is sought, so what is passed over is never unpacked twice.
    with _readable("tar"), tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            if entry.isdir():
                continue
            source = archive.extractfile(entry) if entry.isreg() else None
            if source is None or entry.issparse():
                target.leave_out(entry.name, "a link, or no plain file")
                continue
            target.write(entry.name, source)


@contextmanager
def _readable(kind: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        EOFError,
        gzip.BadGzipFile,
        NotImplementedError,
        ValueError,
        UnicodeError,
    ) as error:
        raise DescriptorInvalid(
            f"The archive cannot be read as {kind}: {str(error)[:200]}", "Pack it anew"
        ) from error


def _too_many(bounds: Bounds) -> DescriptorInvalid:
    return DescriptorInvalid(
        f"The archive has more than {bounds.files:,} files",
        "Leave out what no descriptor is made of, such as images",
    )
