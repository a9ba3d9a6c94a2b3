"""What a borrower may answer: how, for how long, and what is to be told of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeAlias

from kg.answering.heads import is_near, parted
from kg.service.access import Caller
from kg.service.readers.attempts import message
from kg.service.readers.records import Answer, Question
from kg.service.wire.logs import HEADER
from kg.service.wire.responses import ID

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

OFFER = "kg.offer"
"""Where a request says with it what may be granted, once it is answered."""

SIZE = 64 << 10
"""How many bytes an answer may have that a borrower gives."""

# A token may end at any time, and nobody tells.
_SECONDS, _TOKEN_SECONDS = 30.0, 1.0
# From so many bytes on an answer is packed where it may be, and varies with whether it may.
_PACKED, _VARIES = 1000, b", Accept-Encoding"
_LEAST = 1.0
# Of these none makes an answer another one, but as the service read them when it gave the first.
_HEADERS = frozenset(
    {
        b"host",
        b"user-agent",
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"authorization",
        b"cache-control",
        b"connection",
        b"content-length",
        b"content-type",
        b"origin",
        b"query-rows",
        b"query-timeout",
    }
)
_FILLED = {
    b"date": b"%(date)b",
    b"content-length": b"%(size)d",
    b"etag": b'"%(digest)b"',
    ID.lower().encode(): b"%(query)b",
    HEADER.lower().encode(): b"%(request)b",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """How requests of one head are answered, as a borrower is told it."""

    head: bytes
    counts: tuple[int, int]
    until: float
    told: Mapping[str, Any]

    def lives(self, counts: tuple[int, int]) -> bool:
        """Whether it still counts."""
        return self.counts == counts and monotonic() < self.until


@dataclass(slots=True)
class Offer:
    """What is known of a request that was answered quickly: whoever has its bytes makes a grant of
    it. `counts` is the state of things before it was decided what the caller may see.
    """

    question: Question
    caller: Caller
    counts: tuple[int, int]
    length: int
    answer: Answer
    headers: Headers = ()
    """Those of the answer, as they left the service."""

    def grant(self, request: bytes, scope: Mapping[str, Any], added: Headers) -> Grant | None:
        """The grant, if another request of this head may be answered in the same way; `added` are
        the headers that the server added.
        """
        found, headers = parted(request), (*added, *self.headers)
        if found is None or found[1] != self.question.text or not self._is_plain(scope, headers):
            return None
        encodings = [value for name, value in scope["headers"] if name == b"accept-encoding"]
        packs = any(b"gzip" in value.lower() for value in encodings)
        until = monotonic() + (_TOKEN_SECONDS if self.caller.known else _SECONDS)
        told = {
            "head": found[0].decode("latin-1"),
            "until": until,
            "length": self.length,
            "kinds": ["triples"] if self.answer.kind == "triples" else ["rows", "truth"],
            "size": _PACKED - 1 if packs else SIZE,
            "varies": [_PACKED, _VARIES.decode()],
            # More than is granted nobody needs to find.
            "question": {**message(self.question), "text": "", "bytes": SIZE},
            "response": _template(headers).decode("latin-1"),
            "told": {
                "method": scope["method"],
                "path": scope["path"],
                "status": HTTPStatus.OK,
                "caller": self.caller.name,
            },
        }
        return Grant(found[0], self.counts, until, told)

    def _is_plain(self, scope: Mapping[str, Any], headers: Headers) -> bool:
        answer, names = self.answer, [name for name, _ in scope["headers"]]
        # What is to be ASCII may be UTF-8 the next time.
        types = [value for name, value in scope["headers"] if name == b"content-type"]
        return (
            is_near(self.question.text)
            and self.question.limits.seconds >= _LEAST
            and not answer.slow
            and not answer.cut
            and answer.spool is None
            and answer.size <= SIZE
            and len(set(names)) == len(names)
            and _HEADERS.issuperset(names)
            and not any(b"ascii" in value.lower() for value in types)
            and _filled(headers) == _FILLED.keys()
            and all(name != b"content-encoding" for name, _ in headers)
        )


def _filled(headers: Headers) -> Collection[bytes]:
    return {name.lower() for name, _ in headers} & _FILLED.keys()


def _template(headers: Headers) -> bytes:
    """The head of an answer, with gaps for what is another thing in each."""
    lines = [b"HTTP/1.1 200 OK"]
    for name, value in headers:
        filled = _FILLED.get(name.lower())
        if filled is None:
            filled = value.replace(b"%", b"%%")
        if name.lower() == b"vary":
            first, comma, rest = filled.replace(_VARIES, b"", 1).partition(b",")
            filled = first + b"%(vary)b" + comma + rest
        lines.append(name + b": " + filled)
    return b"\r\n".join([*lines, b"", b""])
