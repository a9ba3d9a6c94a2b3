"""Lends connections to processes that answer on them, so that a quick query passes nobody else.

The first request of a connection is answered as any other. Once it was answered quickly, the socket
is lent to a *borrower*, with the *grants* of its requests: a grant says how another request that
differs in nothing but its query is answered. Whatever else comes, the borrower gives back with the
connection, and it is answered here. So it is a borrower that has the cost of quick queries, and
this process that decides.

No query can hurt the service there either: one that is not quick has its borrower killed, and is
answered here from its beginning. A grant is void after half a minute, after a second where a token
was shown, and as soon as the store or the history changes.
"""

import asyncio
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from kg.errors import StoreUnreachable
from kg.history import History
from kg.service.changing.writer import Writer
from kg.service.lending.borrowers import Borrower, Connection
from kg.service.lending.grants import Grant
from kg.service.readers.checkpoints import Checkpoints
from kg.service.readers.nursery import Nursery
from kg.service.settings import Settings
from kg.service.wire.logs import Answered

__all__ = ["Connection", "Lending"]

# Where much is written, connections would come and go without answering anything.
_SETTLED = 0.1
_CAN_LEND = sys.platform == "linux"
_DISTRUST = 2
_AGAIN = 1.0


class Lending:
    """Knows which connection is lent to whom, and takes away what takes long."""

    def __init__(
        self,
        settings: Settings,
        writer: Writer,
        checkpoints: Checkpoints,
        folder: Path,
        told: Callable[[Answered], None] | None,
    ) -> None:
        """Whatever borrowers answer is told; where nobody hears of it, nothing is lent."""
        self._wanted = settings.borrowers if told is not None and _CAN_LEND else 0
        self._settings = settings
        self._writer = writer
        self._history: History | None = None
        self._checkpoints = checkpoints
        self._folder = folder
        self._heard = told
        self.answered = 0
        """How many queries were answered by those who borrow."""
        self._nursery = Nursery("kg.answering", "borrow")
        self._borrowers: list[Borrower] = []
        self._coming: set[asyncio.Task[None]] = set()
        self._made = 0
        self._changed = 0.0
        self._distrusted: dict[str, float] = {}
        self._watch: asyncio.Task[None] | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """The state of things: the epoch of the store, and how often the history was changed."""
        return self._writer.epoch, 0 if self._history is None else self._history.changes

    @property
    def processes(self) -> Sequence[int]:
        """The numbers of the processes that borrow."""
        return [borrower.process for borrower in self._borrowers]

    @property
    def lent(self) -> int:
        """How many connections are lent."""
        return sum(borrower.lent for borrower in self._borrowers)

    async def open(self, history: History | None) -> None:
        """Start the processes that borrow; what they are granted is void when the store or the
        history changes.
        """
        if not self._wanted:
            return
        self._writer.watch(self._new_epoch)
        if history is not None:
            self._history = history
            history.watch(self._new_changes)
        self._nursery.open()
        for _ in range(self._wanted):
            await self._one_more()
        self._watch = asyncio.ensure_future(self._watched())

    async def close(self) -> None:
        """End them."""
        if self._watch is None:
            return
        self._watch.cancel()
        for task in self._coming:
            task.cancel()
        await asyncio.gather(*self._coming, return_exceptions=True)
        for borrower in self._borrowers:
            borrower.ignore()
            self._nursery.end(borrower.process)
            borrower.end()
        self._borrowers.clear()
        await self._nursery.close()

    def lend(
        self, connection: Connection, file: int, caller: str, grants: Collection[Grant]
    ) -> bool:
        """Lend a connection of a caller by its file, with what is granted on it; whether it is
        lent.
        """
        counts = self.counts
        settled = monotonic() - self._changed >= _SETTLED
        if not settled or not self._borrowers or self._is_distrusted(caller):
            return False
        told = [grant.told for grant in grants if grant.lives(counts)]
        fewest = min(self._borrowers, key=lambda one: one.lent)
        return bool(told) and fewest.take(
            connection, file, caller, {"counts": counts, "grants": told}
        )

    def _told(self, one: Answered) -> None:
        self.answered += 1
        if self._heard is not None:
            self._heard(one)

    def _new_epoch(self, epoch: int) -> None:
        self._changed = monotonic()
        for borrower in self._borrowers:
            borrower.slate.set_epoch(epoch)

    def _new_changes(self, changes: int) -> None:
        # In another thread, while one may come or go.
        for borrower in tuple(self._borrowers):
            borrower.slate.set_changes(changes)

    async def _one_more(self) -> None:
        self._made += 1
        borrower = await Borrower.started(
            self._nursery,
            self._folder / f"slate-{self._made}",
            self._settings,
            self._checkpoints,
            self._told,
        )
        self._borrowers.append(borrower)
        # The history is changed by other threads, which tell of it meanwhile.
        while borrower.slate.counts != self.counts:
            epoch, changes = self.counts
            borrower.slate.set_epoch(epoch)
            borrower.slate.set_changes(changes)
        borrower.attend(self._replace)

    def _replace(self, borrower: Borrower) -> None:
        """Puts another in the place of one that ended, and has its connections taken back."""
        self._borrowers.remove(borrower)
        caller = borrower.under_way
        if caller is not None:
            self._distrusted[caller] = monotonic() + _DISTRUST
        borrower.end()
        task = asyncio.ensure_future(self._another())
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _another(self) -> None:
        # One that ends at once, again and again, is not to take all of a processor.
        while True:
            await asyncio.sleep(self._settings.quick_seconds)
            with suppress(StoreUnreachable):
                await self._one_more()
                return
            # Its slate may need room on a disk that is full.
            await asyncio.sleep(_AGAIN)

    def _is_distrusted(self, caller: str) -> bool:
        """Whether a query of theirs was not quick a short time ago."""
        now = monotonic()
        for one in [one for one, until in self._distrusted.items() if until < now]:
            del self._distrusted[one]
        return caller in self._distrusted

    async def _watched(self) -> None:
        """Kills those whose query is not quick; they are replaced as those that die of it."""
        while True:
            await asyncio.sleep(self._settings.quick_seconds / 2)
            for borrower in self._borrowers:
                if borrower.is_slow(self._settings.quick_seconds):
                    self._nursery.end(borrower.process)
