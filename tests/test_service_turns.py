"""Places are given so that nobody waits for good."""

import asyncio

from kg.service.readers.turns import Turns


def _served(turns: Turns, count: int) -> list[int]:
    """The order in which waiting queries of one caller get a place."""
    order: list[int] = []

    async def one(number: int) -> None:
        async with turns.turn("anybody"):
            order.append(number)

    async def run() -> None:
        async with turns.turn("anybody"):
            waiting = [asyncio.ensure_future(one(number)) for number in range(count)]
            await asyncio.sleep(0)
            assert turns.waiting == count
        await asyncio.gather(*waiting)

    asyncio.run(run())
    return order


def test_the_first_goes_first() -> None:
    assert _served(Turns(1, 10), 4) == [0, 1, 2, 3]


def test_the_newest_goes_first_but_every_fourth_place_is_the_oldests() -> None:
    assert _served(Turns(1, 10, newest_first=True), 8) == [7, 6, 5, 0, 4, 3, 2, 1]
