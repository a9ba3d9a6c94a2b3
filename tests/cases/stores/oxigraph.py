"""Makes throw-away embedded stores: one in memory, one in a folder."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.endpoints import Started


@contextmanager
def _memory(_: Path) -> Iterator[Started]:
    yield Started("memory:")


@contextmanager
def _folder(folder: Path) -> Iterator[Started]:
    yield Started(str(folder / "store"))


STORES: Mapping[str, Callable[[Path], AbstractContextManager[Started]]] = {
    "memory": _memory,
    "folder": _folder,
}
