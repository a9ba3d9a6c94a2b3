"""Puts files into projects: laid out in a folder, judged, remembered, and then put into the store.

A change is acknowledged when both the history and the store have it. Where the store fails after
the history, the change is told as not done, and is put into the store before any other, or as soon
as the store takes it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from weakref import WeakValueDictionary

from kg.disks import writing
from kg.errors import DescriptorInvalid, NotFound, StoreError
from kg.history import (
    Connection,
    History,
    contents,
    events,
    findings,
    projects,
    revisions,
    shared,
)
from kg.history.projects import KeptProject
from kg.history.revisions import Made, Revision
from kg.history.shared import Across
from kg.keeping.across import together
from kg.keeping.judgement import Judgement
from kg.keeping.settling import require_base, settle, settle_all, settle_knowledge
from kg.service.access.hiding import Hiding
from kg.service.changing.changes import About, Change, Put
from kg.service.changing.judges import Judges
from kg.service.changing.writer import Writer
from kg.service.settings import Settings
from kg.service.wire.problems import RequestRefused
from kg.stores import ServedStore

_AGAIN = 1.0


class Keeper:
    """The one who changes projects; changes of one come one after the other."""

    def __init__(
        self, settings: Settings, history: History, writer: Writer, judges: Judges, folder: Path
    ) -> None:
        self.hiding = Hiding()
        self.history = history
        self.judges = judges
        self.changed = asyncio.Event()
        self._settings = settings
        self._writer = writer
        self._folder = folder
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._owed: set[str] = set()
        self._paying: asyncio.Task[None] | None = None

    async def open(self, knowledge: str) -> None:
        """Bring the store to what the history says, and put the knowledge beside the projects."""
        base, history = self._settings.base, self.history

        def both(store: ServedStore) -> None:
            require_base(history, base)
            settle_all(history, store, base)
            settle_knowledge(store, knowledge, base)

        await self._writer.write(both)

    async def close(self) -> None:
        """Try no longer what the store did not take."""
        if self._paying is not None:
            self._paying.cancel()

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A folder to work in, which goes in the end; raises DiskFull where there is no room for
        what is written into it.
        """
        with writing("What came in could not be written, so nothing was changed"):
            made = Path(await asyncio.to_thread(mkdtemp, prefix="put-", dir=self._folder))
            try:
                yield made
            finally:
                await asyncio.to_thread(rmtree, made, ignore_errors=True)

    async def change(self, project: str, work: Callable[[Connection], None]) -> None:
        """Change what is remembered of a project, and its graphs as follows from it; raises what
        the work raises, and StoreError.
        """
        async with self._turn(project):
            await self._settled(project, work)
        self.changed.set()

    async def put(
        self,
        project: str,
        change: Change,
        about: About,
        check: Callable[[Judgement], None] = lambda _: None,
    ) -> Put:
        """Change the files of a project; raises NotFound, DescriptorInvalid, what the checks raise,
        and StoreError.
        """
        async with self._turn(project):
            before, files, wanted = await asyncio.to_thread(self._planned, project, change, about)
            if before.revision and wanted == files:
                return await asyncio.to_thread(self._there, before)
            async with self.folder() as folder:
                await asyncio.to_thread(self._laid_out, folder, wanted, change.new)
                judged = await self.judges.judge(folder, project, about.author)
            check(judged)
            made = Made(
                about.author, about.message, about.origin, wanted, judged.graphs, judged.report
            )
            found: list[Revision] = []

            def remember(connection: Connection) -> None:
                projects.get(connection, project)
                for file in change.new.values():
                    contents.keep(connection, file.read_bytes())
                revision = revisions.add(connection, project, made)
                shared.keep(connection, project, judged.shared)
                findings.replace(connection, project, together(connection, project, judged.report))
                earlier = revision.number - 1
                last = revisions.report(connection, project, earlier) if earlier else None
                events.record(connection, project, revision.number, last, judged.report)
                found.append(revision)

            await self._settled(project, remember)
            self.changed.set()
            return Put(found[0], changed=True, report=judged.report)

    async def note(self, project: str, found: Across | None) -> None:
        """Note what was found in a project held against others, if that differs."""

        def remember(connection: Connection) -> None:
            if not projects.has(connection, project):
                return
            number = projects.get(connection, project).revision
            shared.note(connection, project, found)
            report = revisions.report(connection, project, number)
            findings.replace(connection, project, together(connection, project, report))

        async with self._turn(project):
            with self.history.reading() as connection:
                same = shared.across(connection, project) == found
            if not same:
                await self._settled(project, remember)

    def _turn(self, project: str) -> asyncio.Lock:
        return self._turns.setdefault(project, asyncio.Lock())

    def _planned(
        self, project: str, change: Change, about: About
    ) -> tuple[KeptProject, dict[str, str], dict[str, str]]:
        """The project, its files and those that are wanted."""
        with self.history.reading() as connection:
            before = projects.get(connection, project)
            files = revisions.files(connection, project, before.revision)
            made = revisions.made(connection, before)
        if about.condition is not None:
            about.condition(before, made, files)
        absent = next((path for path in change.gone if path not in files), None)
        if absent is not None:
            raise NotFound(
                f"{project} has no file {absent[:200]}",
                f"GET /projects/{project}/artefacts lists them",
            )
        wanted = change.paths(files)
        if len(wanted) > self._settings.project_files:
            raise _too_much(f"{len(wanted):,} files", f"{self._settings.project_files:,}")
        return before, files, wanted

    def _there(self, project: KeptProject) -> Put:
        """What a project has already."""
        with self.history.reading() as connection:
            revision = revisions.get(connection, project.id, project.revision)
            report = revisions.report(connection, project.id, project.revision)
        return Put(revision, changed=False, report=report)

    def _laid_out(self, folder: Path, wanted: Mapping[str, str], new: Mapping[str, Path]) -> None:
        """Writes the files into the folder, each from where it is."""
        size = 0
        with self.history.reading() as connection:
            for path, digest in wanted.items():
                place = folder / path
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    if path in new:
                        copyfile(new[path], place)
                    else:
                        place.write_bytes(contents.content(connection, digest))
                except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                    raise DescriptorInvalid(
                        f"{path} would be a file and a folder", "Remove one of them first"
                    ) from error
                size += place.stat().st_size
                if size > self._settings.project_size:
                    raise _too_much(f"more than {self._settings.project_size:,} bytes", "no more")

    async def _settled(self, project: str, work: Callable[[Connection], None]) -> None:
        """Does the work in the history, and then brings the store there."""

        def both(store: ServedStore) -> None:
            with self.history.writing() as connection:
                before = _is_public(connection, project)
                work(connection)
                # Both are so before anybody can read what was changed.
                self._owed.add(project)
                if before and not _is_public(connection, project):
                    self.hiding.begin(project)
            self._pay(project, store)

        try:
            await self._pay_all()
            await self._writer.write(both)
        finally:
            if self._owed and (self._paying is None or self._paying.done()):
                self._paying = asyncio.ensure_future(self._paid())

    async def _pay_all(self) -> None:
        """Brings to the store what it does not have yet, each by itself; raises StoreError."""
        for project in sorted(self._owed):
            await self._writer.write(partial(self._pay, project))

    def _pay(self, project: str, store: ServedStore) -> None:
        settle(self.history, store, project, self._settings.base)
        self._owed.discard(project)
        # The next epoch begins when this change is done.
        self.hiding.end(project, self._writer.epoch + 1)

    async def _paid(self) -> None:
        """Tries until the store takes what it did not take."""
        while self._owed:
            await asyncio.sleep(_AGAIN)
            try:
                await self._pay_all()
            except StoreError:
                continue


def _is_public(connection: Connection, project: str) -> bool:
    there = projects.has(connection, project)
    return there and not projects.get(connection, project).private


def _too_much(there: str, allowed: str) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The project would have {there}, and {allowed} are kept",
        "Leave out what no descriptor is made of, such as images and large tables",
    )
