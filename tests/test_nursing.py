"""Processes that answer end when nobody is left who could end them."""

import asyncio
import os
import signal
import time
from pathlib import Path

from kg.service.readers.nursery import Nursery

SECONDS = 10


def test_processes_end_with_a_nursery_that_is_killed() -> None:
    asyncio.run(_killed())


async def _killed() -> None:
    """The connection of the process with us stays open, so nothing there tells it to end."""
    nursery = Nursery()
    nursery.open()
    channel, process = await nursery.start()
    try:
        os.kill(parent(process), signal.SIGKILL)
        end = time.monotonic() + SECONDS
        while lives(process):
            assert time.monotonic() < end, "it goes on"
            await asyncio.sleep(0.02)
    finally:
        channel.close()
        await nursery.close()


def lives(process: int) -> bool:
    found = Path(f"/proc/{process}/stat")
    return found.exists() and found.read_text().rpartition(")")[2].split()[0] != "Z"


def parent(process: int) -> int:
    found = Path(f"/proc/{process}/stat")
    return int(found.read_text().rpartition(")")[2].split()[1]) if found.exists() else 0
