"""Makes throw-away embedded stores: one in memory, one in a folder."""

from collections.abc import Iterator
from pathlib import Path


def urls(folder: Path) -> Iterator[str]:
    """The URL of each store to try."""
    yield "memory:"
    yield str(folder / "store")
