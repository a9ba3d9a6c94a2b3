"""Calls hosts elsewhere, which nothing but this package does: only those that the operator lists.

A name is resolved once and the very address that came of it is called, so no second answer can lead
elsewhere. Redirects are not followed, proxies of the environment are not used, nothing is kept from
one call to the next, and both time and length of an answer are bounded.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from kg.errors import CallFailed
from kg.outgoing.exchange import Answer, Asked, answered
from kg.outgoing.reach import Place, Reach, addresses, place, told_host

__all__ = ["Place", "Reach", "fetch", "get", "place", "post", "told_host"]

_REDIRECTS = range(300, 400)


async def get(url: str, reach: Reach) -> bytes:
    """What is there; raises NotAllowed where it may not be called, and CallFailed."""
    there = place(url, reach)
    answer = await _called(Asked("GET", there, {"Accept": "*/*"}, b""), reach)
    if answer.status != HTTPStatus.OK:
        moved = " to look elsewhere, which is not done" if answer.status in _REDIRECTS else ""
        raise CallFailed(
            f"{there.host} answers {answer.status}{moved}", "Name the address where it is"
        )
    return answer.body


async def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    """Send a body; the status of the answer, whose body is not read. Raises as `get` does."""
    return (await _called(Asked("POST", place(url, reach), headers, body), reach)).status


def fetch(url: str, reach: Reach) -> bytes:
    """The same as `get`, for who is in a thread where no loop runs."""
    return asyncio.run(get(url, reach))


async def _called(asked: Asked, reach: Reach) -> Answer:
    try:
        async with asyncio.timeout(reach.seconds):
            return await answered(asked, await addresses(asked.there, reach), reach)
    except TimeoutError as error:
        raise CallFailed(
            f"{asked.there.host} took longer than {reach.seconds:g} s", "Try again later"
        ) from error
