"""Takes files in: a body is written to disk as it comes, bounded in length and time."""

import asyncio
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from pathlib import Path
from typing import cast

from fastapi import Request
from starlette.requests import ClientDisconnect

from kg.service.engine import engine_of
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import wrong

_MULTIPART = "multipart/form-data"


def media_type(request: Request) -> str:
    """The media type that the body says it has, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def spooled(request: Request, file: Path) -> None:
    """Write the body into a new file; raises RequestRefused where it is too long, or too long in
    coming.
    """
    settings = engine_of(request).settings
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        raise unknown_type(f"The content coding {encoding[:40]}", "the body as it is")
    try:
        async with asyncio.timeout(settings.body_seconds):
            await _written(request, file, settings.artefacts_length)
    except TimeoutError as error:
        raise RequestRefused(
            HTTPStatus.REQUEST_TIMEOUT,
            f"The request took longer than {settings.body_seconds:g} s",
            "Send it anew, or less at a time",
        ) from error
    except ClientDisconnect as error:
        raise wrong("The client left before the request was there", "Send it anew") from error


async def _written(request: Request, file: Path, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_long(most)
    size = 0
    with file.open("xb") as target:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise _too_long(most)
            target.write(chunk)


def several(file: Path, content_type: str, folder: Path) -> dict[str, Path]:
    """The files of a body of multipart/form-data, each written into the folder, by the name that
    the client gives it; raises RequestRefused.
    """
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + file.read_bytes())
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts or message.defects or not content_type.lower().startswith(_MULTIPART):
        raise wrong("The parts of the body cannot be told apart", f"Send {_MULTIPART}")
    found: dict[str, Path] = {}
    for number, part in enumerate(parts):
        name = part.get_filename()
        if not name:
            raise wrong("A part of the body is no file", "Send files, each with its file name")
        if name in found:
            raise wrong(f"The file {name[:200]} is there twice", "Send it once")
        found[name] = folder / f"part-{number}"
        found[name].write_bytes(cast("bytes", part.get_payload(decode=True)))
    return found


def unknown_type(said: str, wanted: str) -> RequestRefused:
    """The refusal of a body of a kind that is not read here."""
    return RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{said} is not read here", f"Send {wanted}"
    )


def _too_long(most: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The request has more than {most:,} bytes",
        "Send less at a time",
    )
