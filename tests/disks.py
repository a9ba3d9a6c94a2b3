"""Disks that are small, and can be filled to the last byte: file systems of their own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_FILLER = "filler"


class Disk:
    """A file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / _FILLER

    @property
    def free(self) -> int:
        """How many bytes are left."""
        told = os.statvfs(self.folder)
        return told.f_bavail * told.f_bsize

    @property
    def names(self) -> set[str]:
        """What stands in it, but what fills it."""
        return {path.name for path in self.folder.iterdir()} - {_FILLER}

    def fill(self, leave: int = 0) -> None:
        """Leave no more than so many bytes."""
        with self._filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 12))
        if leave:
            os.truncate(self._filler, max(self._filler.stat().st_size - leave, 0))

    def make_room(self) -> None:
        """Take away what fills it."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk of that size, in a new folder; skips the test where none can be had here."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can have a file system of its own")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
