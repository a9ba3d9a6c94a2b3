"""What a process was lent: connections, with grants that say how requests on them are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from socket import socket
from time import monotonic
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Made:
    """An answer: what it is one of, its body, and a digest of that."""

    kind: str
    body: bytes = b""
    digest: bytes = b""


NOTHING = Made("")
"""No answer that may be given."""


class Granted:
    """How requests of one head are answered."""

    __slots__ = (
        "asked",
        "kinds",
        "length",
        "question",
        "response",
        "size",
        "told",
        "until",
        "varies",
    )

    def __init__(self, told: Mapping[str, Any]) -> None:
        """As the service told it."""
        self.until: float = told["until"]
        self.length: int = told["length"]
        self.size: int = told["size"]
        self.kinds: list[str] = told["kinds"]
        self.question: dict[str, Any] = told["question"]
        self.asked = orjson.dumps(self.question)
        self.response: bytes = told["response"].encode("latin-1")
        self.varies: tuple[int, str] = told["varies"]
        self.told: dict[str, Any] = told["told"]

    def covers(self, made: Made) -> bool:
        """Whether an answer is one of those that were granted."""
        return made.kind in self.kinds and len(made.body) <= self.size


class Lent:
    """A connection that was lent, with its grants by their heads."""

    __slots__ = ("caller", "counts", "grants", "number", "socket", "used")

    def __init__(self, number: int, found: socket, told: Mapping[str, Any]) -> None:
        """As the service told it."""
        self.number = number
        self.socket = found
        self.caller: str = told["caller"]
        self.counts = tuple(told["counts"])
        self.grants = {one["head"].encode("latin-1"): Granted(one) for one in told["grants"]}
        self.used = monotonic()
