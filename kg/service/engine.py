"""What the resources work with: the settings, who may do what, who reads and who writes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from fastapi import Request

from kg.catalogue import Catalogue
from kg.errors import NotAllowed, NotFound, StoreUnreachable
from kg.history import FILE, History
from kg.keeping.settling import require_base, strangers
from kg.knowledge import graph
from kg.service.access import ADMITTED, Access, Caller, Open
from kg.service.access.permissions import Permissions
from kg.service.changing.across import hold_together
from kg.service.changing.judges import Judges
from kg.service.changing.keeper import Keeper
from kg.service.changing.layout import require_layout
from kg.service.changing.loading import check_folder, load
from kg.service.changing.writer import Writer
from kg.service.knowledge import Knowledge, knowledge
from kg.service.lending import Lending
from kg.service.readers import Readers
from kg.service.readers.checkpoints import Checkpoints
from kg.service.readers.records import Limits
from kg.service.readers.remote import RemoteReaders
from kg.service.settings import Settings
from kg.service.wire.logs import Answered
from kg.stores import ServedStore, open_store
from kg.stores.oxigraph import OxigraphStore
from kg.stores.sparql import SparqlStore
from kg.vocabulary import Vocabulary

_MEMORY = "memory:"
SCRATCH = "service-"
"""With this begin the names of folders that go with the service."""
_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a service that keeps projects has beside its store."""

    history: History
    knowledge: Knowledge
    keeper: Keeper

    @property
    def vocabulary(self) -> Vocabulary:
        """What can be stated."""
        return self.knowledge.vocabulary

    @property
    def catalogue(self) -> Catalogue:
        """What detects mismatch."""
        return self.knowledge.catalogue


@dataclass(frozen=True, slots=True)
class Engine:
    """One for each application, from its start to its end."""

    settings: Settings
    access: Access
    readers: Readers
    lending: Lending
    writer: Writer
    folder: Path
    """The folder of the store."""
    _kept: Kept | None = None

    @property
    def kept(self) -> Kept:
        """What it has beside its store; raises NotFound where it serves graphs alone."""
        if self._kept is None:
            raise NotFound(
                "This service serves graphs alone", "Its operator may set MISMATCH_SERVES=projects"
            )
        return self._kept

    @property
    def has_history(self) -> bool:
        """Whether it keeps projects beside its store."""
        return self._kept is not None

    def require_seen(self, graphs: Collection[str | None]) -> None:
        """Raises NotAllowed where one of the graphs is the default graph of an endpoint, which is
        seen by no query.
        """
        settings = self.settings
        if None in graphs and settings.is_remote and settings.default_graph == "union":
            raise NotAllowed(
                "What stands in the endpoint's own default graph is not seen by queries here",
                "Name a graph",
            )

    @property
    def limits(self) -> Limits:
        """How much a query may take where it does not ask for less."""
        settings = self.settings
        return Limits(
            settings.query_seconds,
            settings.query_memory,
            settings.query_rows,
            settings.query_size,
        )


@asynccontextmanager
async def running(
    settings: Settings,
    access: Access | None = None,
    told: Callable[[Answered], None] | None = None,
) -> AsyncIterator[Engine]:
    """An engine that runs; raises StoreUnreachable, NotFound. What is answered on connections that
    are lent, is told; where nobody hears of it, none is.

    Without an access, the settings say who may do what.

    Checkpoints are links to the files of the store, so they stand in its folder. `memory:` is a
    store in a folder that goes with the engine: other processes cannot read what is in memory here.
    """
    with _folder(settings) as folder:
        keeps = settings.serves == "projects"
        url = settings.store if settings.is_remote else str(folder)
        writer = Writer(partial(_opened, url), settings.base if keeps else None)
        require_layout(folder)
        # Whoever left them held the store before, and does so no longer.
        for left in folder.glob(f"{SCRATCH}*"):
            rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=SCRATCH, dir=folder, ignore_cleanup_errors=True) as scratch:
            checkpoints = Checkpoints(writer, Path(scratch))
            readers = await _readers(settings, writer, checkpoints, Path(scratch))
            # Who borrows a connection reads checkpoints, and an endpoint has none.
            heard = None if settings.is_remote else told
            lending = Lending(settings, writer, checkpoints, Path(scratch), heard)
            await readers.open()
            try:
                async with _kept(settings, folder, writer, Path(scratch)) as kept:
                    await lending.open(kept.history if kept is not None else None)
                    granted = access or _granted(settings, kept, writer)
                    yield Engine(settings, granted, readers, lending, writer, folder, kept)
            finally:
                await lending.close()
                await readers.close()
                await writer.close()


async def _readers(
    settings: Settings, writer: Writer, checkpoints: Checkpoints, folder: Path
) -> Readers:
    """Those of a store in a folder, or of one at an endpoint."""
    store = await writer.read(lambda store: store)
    if isinstance(store, SparqlStore):
        return RemoteReaders(settings, writer, store, folder)
    return Readers(settings, writer, checkpoints, folder)


def _granted(settings: Settings, kept: Kept | None, writer: Writer) -> Access:
    if kept is None:
        return Open(settings)
    return Permissions(settings, kept.history, writer, kept.keeper.hiding)


@asynccontextmanager
async def _kept(
    settings: Settings, folder: Path, writer: Writer, scratch: Path
) -> AsyncIterator[Kept | None]:
    if settings.serves == "graphs":
        yield None
        return
    known = knowledge(settings.knowledge)
    judges = Judges(settings)
    judges.open()
    try:
        with closing(History(folder / FILE)) as history:
            keeper = Keeper(settings, history, writer, judges, scratch)
            await keeper.open(graph(known.vocabulary, known.catalogue, known.folders))
            keeper.changed.set()
            held = asyncio.ensure_future(hold_together(keeper, settings.across_seconds))
            try:
                for path in settings.load:
                    await load(keeper, known.vocabulary, path, author=_OPERATOR)
                yield Kept(history, known, keeper)
            finally:
                held.cancel()
                await keeper.close()
    finally:
        await judges.close()


def check_store(settings: Settings) -> list[str]:
    """Open the store and close it again, and look at what is to be loaded; tells which projects in
    the store no service put there. Raises StoreUnreachable, NotFound, DescriptorInvalid.
    """
    if settings.load:
        vocabulary = knowledge(settings.knowledge).vocabulary
        for folder in settings.load:
            check_folder(folder.resolve(), vocabulary)
    if settings.store == _MEMORY:
        return []
    store = _opened(settings.store)
    with _folder(settings) as folder:
        require_layout(folder)
        if settings.serves == "graphs":
            return []
        with closing(History(folder / FILE)) as history:
            require_base(history, settings.base)
            return strangers(history, store)


def _opened(url: str) -> ServedStore:
    store = open_store(url)
    if isinstance(store, SparqlStore):
        if store.endpoint.is_virtuoso:
            raise StoreUnreachable(
                "Virtuoso cannot be served from: its changes are done in part where they fail, it "
                "rounds numbers, and lets queries see other graphs than it is told",
                "Name another endpoint, or a folder",
            )
        return store
    if not isinstance(store, OxigraphStore):
        raise StoreUnreachable(f"The store {url} cannot be served", "Name a folder, or memory:")
    return store


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """The folder of the store, or of what is remembered beside an endpoint; where none is named, it
    goes in the end.
    """
    named = settings.history if settings.is_remote else Path(settings.store)
    if named is not None and settings.store != _MEMORY:
        named.mkdir(parents=True, exist_ok=True)
        yield named
        return
    with TemporaryDirectory(prefix="mismatch-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def engine_of(request: Request) -> Engine:
    """The engine of the application that was asked."""
    engine: Engine = request.app.state.engine
    return engine


def caller_of(request: Request) -> Caller:
    """Who asks."""
    admitted: Caller | None = request.scope.get(ADMITTED)
    caller = admitted or engine_of(request).access.caller(request)
    request.scope["caller"] = caller.name
    return caller


def knowledge_of(request: Request) -> Knowledge:
    """What the service that was asked knows; raises NotFound where it serves graphs alone."""
    return engine_of(request).kept.knowledge
