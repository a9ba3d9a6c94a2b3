"""Reads requests: bounded, in time, and refused where they are not what they say they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.requests import ClientDisconnect

from kg.service.wire.problems import RequestRefused

_FIELDS = 1000
_CHARSETS = {"": "utf-8-sig", "utf-8": "utf-8-sig", "us-ascii": "ascii"}


@dataclass(frozen=True, slots=True)
class Part:
    """A body, or a part of one in several parts, with the media type that it says it has."""

    media_type: str
    charset: str
    data: bytes

    @property
    def text(self) -> str:
        """The body as text; raises RequestRefused where it is not UTF-8, or says so."""
        if self.charset not in _CHARSETS:
            raise RequestRefused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"The charset {self.charset[:40]} is not read here",
                "Send UTF-8",
            )
        try:
            return self.data.decode(_CHARSETS[self.charset])
        except UnicodeDecodeError as error:
            raise _not_utf8() from error


class Fields:
    """Named values of an address or a form, each of which may stand there more than once."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs = tuple(pairs)

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _ in self._pairs)

    def __or__(self, other: "Fields") -> "Fields":
        return Fields(self._pairs + other._pairs)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each once."""
        return tuple(dict.fromkeys(name for name, _ in self._pairs))

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return tuple(value for one, value in self._pairs if one == name)

    def one(self, name: str) -> str | None:
        """The value of a name that may stand there once; raises RequestRefused."""
        found = self.all(name)
        if len(found) > 1:
            raise wrong(f"There are {len(found)} values for {name}", "Send one")
        return found[0] if found else None


def address_fields(request: Request) -> Fields:
    """What stands in the address behind the question mark; raises RequestRefused."""
    return fields(request.scope["query_string"])


def fields(text: bytes) -> Fields:
    """What a text in the form of an address says; raises RequestRefused."""
    try:
        found = parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise wrong(f"There are more than {_FIELDS} fields", "Send fewer") from error
    return Fields(found)


async def body(request: Request, most: int, seconds: float) -> Part:
    """The body of a request; raises RequestRefused where it is too long, or too long in coming."""
    try:
        async with asyncio.timeout(seconds):
            data = await _read(request, most)
    except TimeoutError as error:
        raise RequestRefused(
            HTTPStatus.REQUEST_TIMEOUT,
            f"The request took longer than {seconds:g} s",
            "Send it anew",
        ) from error
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        raise RequestRefused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"The content coding {encoding[:40]} is not read here",
            "Send the body as it is",
        )
    return _part(request.headers.get("content-type", ""), data)


def parts(whole: Part, content_type: str) -> list[Part]:
    """The parts of a body of multipart/form-data; raises RequestRefused."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + whole.data)
    found = list(message.iter_parts()) if message.is_multipart() else []
    if not found or message.defects:
        raise wrong("The parts of the body cannot be told apart", "Check its boundary")
    return [
        _part(str(part.get("Content-Type", "")), cast("bytes", part.get_payload(decode=True)))
        for part in found
    ]


def wrong(what: str, hint: str) -> RequestRefused:
    """The refusal of a request that is not as it must be."""
    return RequestRefused(HTTPStatus.BAD_REQUEST, what, hint)


async def _read(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_long(most)
    data = bytearray()
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > most:
                raise _too_long(most)
    except ClientDisconnect as error:
        raise wrong("The client left before the request was there", "Send it anew") from error
    return bytes(data)


def _part(content_type: str, data: bytes) -> Part:
    kind, *parameters = (piece.strip() for piece in content_type.split(";"))
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return Part(kind.lower(), charset, data)


def _too_long(most: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The request has more than {most:,} bytes",
        "Send less at a time",
    )


def _not_utf8() -> RequestRefused:
    return wrong("The request is not UTF-8", "Send UTF-8, and encode it with % in an address")
