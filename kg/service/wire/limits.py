"""What a request says of its limits: lower ones than the service's own, never higher."""

import re
from uuid import uuid4

from fastapi import Request

from kg.service.readers.records import Limits
from kg.service.wire.requests import Fields, wrong

_NAME = re.compile(r"[A-Za-z0-9._:~-]{1,64}")
PARAMETERS = ("timeout", "rows", "memory")
"""In an address or form; as headers they are `Query-Timeout`, `Query-Rows` and `Query-Memory`."""


def asked_limits(request: Request, asked: Fields, most: Limits) -> Limits:
    """The limits of one query; raises RequestRefused."""
    seconds, rows, memory = (_number(request, asked, name) for name in PARAMETERS)
    return Limits(
        seconds=min(seconds or most.seconds, most.seconds),
        rows=int(min(rows or most.rows, most.rows)),
        memory=int(min(memory or most.memory, most.memory)),
        size=most.size,
    )


def query_name(request: Request, asked: Fields) -> str:
    """The id that the client gives its query, or a new one; raises RequestRefused."""
    name = asked.one("query-id") or request.headers.get("query-id") or uuid4().hex
    if not _NAME.fullmatch(name):
        raise wrong(
            "The id of the query has other characters than letters, digits and . _ : ~ -",
            "Use up to 64 of these",
        )
    return name


def _number(request: Request, asked: Fields, name: str) -> float | None:
    text = asked.one(name) or request.headers.get(f"query-{name}")
    if text is None:
        return None
    least = 0.001 if name == "timeout" else 1
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not least <= value < float("inf"):
        raise wrong(f"{name} is {text[:40]}, which is no number above 0", "Send a number")
    return value
