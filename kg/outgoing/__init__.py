"""Calls hosts elsewhere, which nothing but this package does: only those that the operator lists.

A name is resolved once and the very address that came of it is called, so no second answer can lead
elsewhere. Redirects are not followed, proxies of the environment are not used, nothing is kept from
one call to the next, and both time and length of an answer are bounded.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, TypeVar

from kg.errors import CallFailed, CallTimedOut
from kg.outgoing.exchange import Answer, Asked, answered
from kg.outgoing.reach import Place, Reach, addresses, place, told_host

__all__ = [
    "Answer",
    "Asked",
    "Place",
    "Reach",
    "called",
    "fetch",
    "get",
    "place",
    "post",
    "told_host",
    "waited",
]

T = TypeVar("T")

_REDIRECTS = range(300, 400)


async def get(url: str, reach: Reach) -> bytes:
    """What is there; raises NotAllowed where it may not be called, and CallFailed."""
    there = place(url, reach)
    answer = await called(Asked("GET", there, {"Accept": "*/*"}, b""), reach)
    if answer.status != HTTPStatus.OK:
        moved = " to look elsewhere, which is not done" if answer.status in _REDIRECTS else ""
        raise CallFailed(
            f"{there.host} answers {answer.status}{moved}", "Name the address where it is"
        )
    return answer.body


async def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    """Send a body; the status of the answer, whose body is not read. Raises as `get` does."""
    return (
        await called(Asked("POST", place(url, reach), headers, body), reach, whole=False)
    ).status


def fetch(url: str, reach: Reach) -> bytes:
    """The same as `get`, for who is in a thread where no loop runs."""
    return asyncio.run(get(url, reach))


async def called(
    asked: Asked,
    reach: Reach,
    take: Callable[[bytes], object] | None = None,
    *,
    whole: bool = True,
) -> Answer:
    """What a host answers, whatever its status; the body of a good answer is handed over piece by
    piece where somebody takes it. Raises NotAllowed, CallFailed.
    """
    try:
        async with asyncio.timeout(reach.seconds):
            found = await addresses(asked.there, reach)
            return await answered(asked, found, reach, whole=whole, take=take)
    except TimeoutError as error:
        raise CallTimedOut(
            f"{asked.there.host} took longer than {reach.seconds:g} s", "Try again later"
        ) from error


def waited(work: Coroutine[Any, Any, T]) -> T:
    """What calls come to, for who waits for it; in another thread where a loop runs in this one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
