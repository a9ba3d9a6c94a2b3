"""Every file can be read, and none stands where nothing reads it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import EXAMPLE, SUFFIXES

TITLE = "Every file is read"

_KNOWLEDGE = frozenset(SUFFIXES.values())


def examine(extension: Extension) -> Iterator[Fault]:
    """What cannot be read, and what is not."""
    yield from extension.unread
    for path in sorted(extension.folder.rglob("*")):
        name = path.relative_to(extension.folder)
        if path.is_file() and path.suffix in _KNOWLEDGE and not _is_read(PurePosixPath(name)):
            shelves = ", ".join(f"{shelf}/*{suffix}" for shelf, suffix in SUFFIXES.items())
            yield Fault(
                name.as_posix(),
                None,
                "Nothing reads this file",
                f"What is read is {shelves}",
                Weight.WARNING,
            )
    if not extension.files and not extension.unread:
        yield Fault("", None, "The folder holds no knowledge", "Start with `mismatch extend new`")


def _is_read(name: PurePosixPath) -> bool:
    if name.parts[0] == EXAMPLE or "derived" in name.parts:
        return True
    return any(
        name.suffix == suffix and name.is_relative_to(shelf) for shelf, suffix in SUFFIXES.items()
    )
