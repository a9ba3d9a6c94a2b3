"""Holds projects against each other when they have changed, while nobody waits for it."""

import asyncio
import logging
from time import monotonic

from kg.errors import KgError
from kg.history import shared
from kg.keeping.across import write
from kg.service.changing.keeper import Keeper

_SHARE = 3
_TWO = 2
_LOG = logging.getLogger(__name__)


async def hold_together(keeper: Keeper, seconds: float) -> None:
    """Judge the predicates over different projects so long after a change, for ever.

    What takes long is done less often: it rests three times as long as it took.
    """
    taken = 0.0
    while True:
        await keeper.changed.wait()
        await asyncio.sleep(max(seconds, _SHARE * taken))
        keeper.changed.clear()
        began = monotonic()
        try:
            await judge_together(keeper)
        except (KgError, OSError) as error:
            _LOG.warning("Projects were not held against each other: %s", error)
            keeper.changed.set()
        taken = monotonic() - began


async def judge_together(keeper: Keeper) -> None:
    """Judge them now, and note what is found in each project."""
    async with keeper.folder() as folder:
        file = folder / "shared"

        def written() -> tuple[int, set[str]]:
            with keeper.history.reading() as connection:
                return write(connection, file), shared.those_found(connection)

        count, before = await asyncio.to_thread(written)
        found = await keeper.judges.across(file) if count >= _TWO else {}
    for project in sorted(before | found.keys()):
        await keeper.note(project, found.get(project))
