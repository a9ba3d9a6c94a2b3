"""A backup of all that the service keeps, taken while it goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from kg import backups
from kg.disks import writing
from kg.history import now
from kg.service.access import require_operator
from kg.service.changing.writer import embedded
from kg.service.engine import SCRATCH, caller_of, engine_of
from kg.service.wire.bodies import sends

router = APIRouter(tags=["Operations"])

_CHUNK = 1 << 20
_UNWRITTEN = "The backup cannot be written"


@router.post(
    "/backups",
    summary="A backup of everything",
    name="back_up",
    response_class=StreamingResponse,
    responses=sends("application/x-tar"),
)
async def back_up(request: Request) -> Response:
    """For operators: it holds what is private too. Nobody writes while it is taken, which links to
    the files of the store and copies the history; nothing of it is kept.
    """
    require_operator(caller_of(request), "Only operators take backups")
    engine = engine_of(request)
    made = await asyncio.to_thread(_folder, engine.folder)
    file, at = Path(made.name) / "backup.tar", Path(made.name) / "snapshot"
    history = engine.kept.history if engine.has_history else None
    try:
        # Writers wait for links to be made, not for the file.
        await engine.writer.read(lambda store: backups.snapshot(embedded(store), history, at))
        await asyncio.to_thread(_write, at, file)
    except BaseException:
        made.cleanup()
        raise
    name = f"mismatch-{now()[:10]}.tar"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.stat().st_size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_chunks(made, file), headers=headers, media_type="application/x-tar")


def _folder(store: Path) -> "TemporaryDirectory[str]":
    with writing(_UNWRITTEN):
        return TemporaryDirectory(prefix=SCRATCH, dir=store)


def _write(at: Path, file: Path) -> None:
    with writing(_UNWRITTEN), file.open("xb") as target:
        backups.write(at, target)


def _chunks(made: "TemporaryDirectory[str]", file: Path) -> Iterator[bytes]:
    with made, file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk
