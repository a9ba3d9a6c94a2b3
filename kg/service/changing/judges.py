"""Judges projects and unpacks archives in processes that are killed when they take too long."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, TypeAlias

from kg.disks import ROOM
from kg.errors import (
    DescriptorInvalid,
    DiskFull,
    JudgementError,
    JudgementTimedOut,
    JudgementTooLarge,
)
from kg.history import records
from kg.history.shared import Across
from kg.keeping.archives import Unpacked
from kg.keeping.judgement import Judgement
from kg.service.readers.nursery import Nursery
from kg.service.readers.turns import Turns
from kg.service.settings import Settings
from kg.service.wire.problems import RequestRefused

Form: TypeAlias = Literal["zip", "tar", "tar.gz", "bundle"]
"""The kinds of archives that are unpacked."""


class Judges:
    """Gives tasks to processes, each to a new one, as many at once as the settings allow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._nursery = Nursery("kg.judges", *map(str, settings.knowledge))
        self._starting = asyncio.Lock()
        self._turns = Turns(settings.judges, settings.queue)

    def open(self) -> None:
        """Load what projects are judged by, while nobody waits for it."""
        self._nursery.open()

    async def close(self) -> None:
        """End all of them."""
        await self._nursery.close()

    async def judge(self, folder: Path, project: str, caller: str) -> Judgement:
        """What the files of a folder state, and what is found in it, as the project of that id;
        raises JudgementTimedOut, JudgementTooLarge, StoreBusy.
        """
        task = {
            "kind": "judge",
            "folder": str(folder),
            "project": project,
            "base": self._settings.base,
        }
        told, body = await self._done(task, caller)
        first, second = told["graphs"], told["graphs"] + told["report"]
        report = await asyncio.to_thread(records.unpacked, body[first:second])
        return Judgement(body[:first].decode(), report, tuple(told["read"]), body[second:])

    async def across(self, file: Path) -> dict[str, Across]:
        """What is found in projects held against each other, from a file of what they share;
        raises as `judge`.
        """
        told, body = await self._done({"kind": "across", "file": str(file)}, "")
        found: dict[str, Across] = {}
        at = 0
        for project, first, second in told["found"]:
            report = records.unpacked(body[at : at + first])
            graphs = body[at + first : at + first + second].decode()
            found[project] = Across(report, graphs)
            at += first + second
        return found

    async def unpack(
        self, file: Path, form: Form, folder: Path, caller: str, ref: str = ""
    ) -> Unpacked:
        """The files of an archive, written into a folder; raises as `judge`, DescriptorInvalid, and
        RequestRefused where the kind cannot be read on this machine.
        """
        settings = self._settings
        task = {
            "kind": "unpack",
            "file": str(file),
            "form": form,
            "folder": str(folder),
            "files": settings.project_files,
            "bytes": settings.project_size,
            "ref": ref,
        }
        told, _ = await self._done(task, caller)
        return Unpacked(**{name: told[name] for name in Unpacked.__slots__})

    async def _done(self, task: Mapping[str, Any], caller: str) -> tuple[dict[str, Any], bytes]:
        settings = self._settings
        limits = {"memory": settings.judge_memory, "seconds": settings.judge_seconds}
        async with self._turns.turn(caller):
            # Two that find the nursery gone would both start another.
            async with self._starting:
                channel, number = await self._nursery.start()
            try:
                async with asyncio.timeout(settings.judge_seconds):
                    told, body = await channel.ask({**task, **limits})
            except TimeoutError as error:
                raise JudgementTimedOut(
                    f"It took longer than {settings.judge_seconds:g} s and was stopped; "
                    "nothing was changed",
                    "Leave out large tables, or put fewer files",
                ) from error
            except ConnectionError as error:
                raise _too_large() from error
            finally:
                self._nursery.end(number)
                channel.close()
        _raise(told)
        return told, body


def _raise(told: Mapping[str, Any]) -> None:
    outcome = told["outcome"]
    if outcome == "memory":
        raise _too_large()
    if outcome == "full":
        raise DiskFull("There is no room left on the disk to unpack it; nothing was changed", ROOM)
    if outcome == "not-allowed":
        raise RequestRefused(HTTPStatus.NOT_IMPLEMENTED, told["what"], told["hint"])
    if outcome == "refused":
        file, line = told["place"]
        raise DescriptorInvalid(told["what"], told["hint"], file=file, line=line)
    if outcome == "failed":
        raise JudgementError(
            f"The files could not be judged ({told['what']}), which is our fault, not theirs",
            "Tell the operator; nothing was changed",
        )


def _too_large() -> JudgementTooLarge:
    return JudgementTooLarge(
        "It took more memory than it may, and was stopped; nothing was changed",
        "Leave out large files, or put fewer",
    )
