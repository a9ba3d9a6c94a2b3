"""What is asked of readers, and what they answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kg.service.access import Caller, Dataset

_CHUNK = 256 << 10


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds and MiB a query may take, and how many rows and MiB its answer may have."""

    seconds: float
    memory: int
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Question:
    """A query in a dataset, or one graph whole.

    `rows_as` and `triples_as` name the formats; None where the asker takes none of that kind. What
    is to be retold is the file `told`, which may be `partial`.
    """

    dataset: Dataset
    limits: Limits
    rows_as: str | None
    triples_as: str | None
    text: str = ""
    union: bool = False
    base: str | None = None
    graph: str | None = None
    kind: Literal["query", "graph", "update", "retold"] = "query"
    told: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A body in memory or in a file that goes when it was read, and what is to be known of it.

    `kind` is rows, truth or triples; `cut` says in words what is missing, empty where nothing is.
    It is `slow` where it took longer than what is quick.
    """

    kind: str
    form: str
    size: int
    digest: str
    cut: str
    body: bytes
    spool: Path | None = None
    slow: bool = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body piece by piece; a file is removed before it is read."""
        if self.spool is None:
            yield self.body
            return
        with self.spool.open("rb") as file:
            self.discard()
            while chunk := file.read(_CHUNK):
                yield chunk

    def discard(self) -> None:
        """Remove the file."""
        if self.spool is not None:
            self.spool.unlink(missing_ok=True)


@dataclass(slots=True, eq=False)
class Running:
    """A query that waits or is being answered."""

    id: str
    caller: Caller
    text: str
    started: float
    task: asyncio.Task[Any]
    stage: Literal["waiting", "quick", "slow"] = "waiting"
    cancelled: bool = False


def spool_path(folder: Path, name: str) -> Path:
    """Where a large answer goes."""
    return folder / f"{name}-{os.urandom(8).hex()}"
