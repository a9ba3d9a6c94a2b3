"""The store follows from the history: whatever it holds, it is brought to what the history says."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from kg.errors import StoreError
from kg.history import FILE, Connection, History, projects
from kg.identifiers import kept_iri, knowledge_iri, private_iri, project_iri
from kg.keeping.naming import named
from kg.keeping.settling import settle, settle_all, settle_knowledge
from kg.paths import knowledge_roots
from kg.service.changing.judges import Judges
from kg.service.changing.keeper import Keeper
from kg.service.changing.writer import Writer
from kg.service.settings import read_settings
from kg.stores.oxigraph import OxigraphStore, open_store
from kg.triples import n_triples, read_triples
from kg.vocabulary import files_of
from kg.workspace import BASE
from tests.settling import Place

T = TypeVar("T")
OWN, SHARED, OTHER = (
    '<http://x.org/own> <http://x.org/p> "1" .',
    '<http://x.org/shared> <http://x.org/p> "a \u2028 b" .',
    "<http://x.org/other> <http://x.org/p> <http://x.org/own> .",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place[OxigraphStore]]:
    store = open_store("memory:")
    made = Place(History(tmp_path / FILE), store)
    yield made
    made.history.close()


def test_the_graph_of_all_has_each_triple_once_until_nobody_states_it(
    place: Place[OxigraphStore],
) -> None:
    place.remember("a", OWN, SHARED)
    place.remember("b", SHARED, OTHER)
    place.settle("a", "b")
    assert place.stated() == {OWN, SHARED, OTHER}
    place.remember("a", OWN)
    place.settle("a")
    assert place.stated() == {OWN, SHARED, OTHER}
    place.remember("b", OTHER)
    place.settle("b")
    assert place.stated() == {OWN, OTHER}


def test_what_only_private_projects_state_is_not_in_the_graph_of_all(
    place: Place[OxigraphStore],
) -> None:
    place.remember("a", OWN, SHARED)
    place.remember("b", SHARED, OTHER, private=True)
    place.settle("a", "b")
    assert (place.stated(), place.stated("b")) == ({OWN, SHARED}, {SHARED, OTHER})
    place.remember("a", OWN)
    place.settle("a")
    assert (place.stated(), place.stated("b")) == ({OWN}, {SHARED, OTHER})
    with place.history.writing() as connection:
        projects.describe(connection, "b", title="", private=False)
    place.settle("b")
    assert (place.stated(), place.stated("b")) == ({OWN, SHARED, OTHER}, set())
    assert private_iri(BASE, "b") not in place.store.names()


def test_a_graph_that_is_no_projects_keeps_nothing_in_the_graph_of_all(
    place: Place[OxigraphStore],
) -> None:
    place.store.put("http://x.org/loose", SHARED)
    place.remember("a", OWN, SHARED)
    place.settle("a")
    place.remember("a", OWN)
    place.settle("a")
    assert place.stated() == {OWN}
    assert place.store.triples("http://x.org/loose") == {SHARED}


def test_a_store_that_was_left_behind_is_brought_to_the_history(
    place: Place[OxigraphStore],
) -> None:
    for name in ("a", "b", "c"):
        place.remember(name, OWN if name == "a" else SHARED)
    place.settle("a", "b", "c")
    assert settle_all(place.history, place.store, BASE) == []
    # As if the service had been killed before the store had what the history has.
    place.remember("a", OTHER)
    place.remember("new", SHARED)
    with place.history.writing() as connection:
        projects.remove(connection, "b")
        projects.describe(connection, "c", title="", private=True)
    assert sorted(settle_all(place.history, place.store, BASE)) == ["a", "b", "c", "new"]
    assert place.stated() == {OTHER, SHARED}
    assert place.stated("c") == {SHARED}
    root = project_iri(BASE, "b")
    assert [name for name in place.store.names() if name.startswith(f"{root}/")] == []
    assert settle_all(place.history, place.store, BASE) == []


def test_an_empty_store_is_filled_from_the_history(place: Place[OxigraphStore]) -> None:
    place.remember("a", OWN, SHARED)
    place.remember("b", SHARED, private=True)
    place.settle("a", "b")
    other = open_store("memory:")
    settle_all(place.history, other, BASE)
    assert other.quads() == place.store.quads()


def test_a_project_made_anew_under_an_old_id_is_another(place: Place[OxigraphStore]) -> None:
    place.remember("a", OWN)
    place.settle("a")
    with place.history.writing() as connection:
        projects.remove(connection, "a")
    place.remember("a", OTHER)
    assert settle_all(place.history, place.store, BASE) == ["a"]
    assert place.stated() == {OTHER}


class Full(OxigraphStore):
    """A store whose disk is full."""

    def change(self, *_: object, **__: object) -> None:
        raise StoreError("The store could not write: no space", "See to its disk")


def test_a_store_that_takes_nothing_stays_as_it_was(place: Place[OxigraphStore]) -> None:
    place.remember("a", OWN)
    place.settle("a")
    before = place.store.quads()
    full = Full(place.store._store)  # noqa: SLF001 - the same store, without room
    place.remember("a", OTHER)
    with pytest.raises(StoreError):
        settle(place.history, full, "a", BASE)
    assert place.store.quads() == before
    settle_all(place.history, place.store, BASE)
    assert place.stated() == {OTHER}


def test_knowledge_is_put_where_it_differs(place: Place[OxigraphStore]) -> None:
    first, second = '_:a <http://x.org/p> "1" .', '_:a <http://x.org/p> "2" .'
    settle_knowledge(place.store, first, BASE)
    once = place.store.triples(knowledge_iri(BASE))
    settle_knowledge(place.store, first, BASE)
    assert place.store.triples(knowledge_iri(BASE)) == once
    settle_knowledge(place.store, second, BASE)
    (line,) = place.store.triples(knowledge_iri(BASE))
    assert line.endswith('"2" .')
    assert len(place.store.triples(kept_iri(BASE))) == 1
    assert settle_all(place.history, place.store, BASE) == []


def test_the_knowledge_is_the_same_text_each_time_that_it_is_read() -> None:
    # Else it would be put anew at each start of the service. What was read is remembered, so the
    # files are read here.
    paths = [*files_of(knowledge_roots()[0])]
    first, again = ("\n".join(n_triples(read_triples(paths))) for _ in range(2))
    assert " _:" in first
    assert first == again


def test_findings_are_named_the_same_whatever_else_is_found() -> None:
    said = (
        '_:r <x:result> _:f{0} .\n_:f{0} <https://w3id.org/ml-mismatch/fingerprint> "abc" .\n'
        "_:f{0} <http://x.org/evidence> _:e .\n_:e <http://x.org/at> _:p ."
    )
    first = set(named(said.format(1), "x:root"))
    assert first == set(named(said.format(9), "x:root"))
    assert "<x:root/abc#evidence-1> <http://x.org/at> <x:root/abc#evidence-1.at-1> ." in first
    assert not any("_:" in line for line in first)


class Filling(OxigraphStore):
    """A store whose disk is full for a while."""

    full = False

    def update(self, sparql: str, base: str | None = None) -> None:
        if self.full:
            raise StoreError("The store could not write: no space", "See to its disk")
        super().update(sparql, base)


class Direct(Writer):
    """A writer for one who writes alone."""

    def __init__(self, store: OxigraphStore) -> None:
        self.epoch = 0
        self._alone = store

    async def write(self, change: Callable[[OxigraphStore], T], *_: object, **__: object) -> T:
        return change(self._alone)


def test_what_the_store_did_not_take_is_told_and_comes_into_it_before_anything_else(
    tmp_path: Path,
) -> None:
    store = Filling(open_store("memory:")._store)  # noqa: SLF001 - see above
    history = History(tmp_path / FILE)

    async def happen() -> None:
        settings = read_settings()
        keeper = Keeper(settings, history, Direct(store), Judges(settings), tmp_path)

        def make(name: str) -> Callable[[Connection], None]:
            def made(connection: Connection) -> None:
                projects.create(connection, name, title="", private=False, creator="")

            return made

        store.full = True
        with pytest.raises(StoreError):
            await keeper.change("a", make("a"))
        with pytest.raises(StoreError):
            await keeper.change("b", make("b"))
        with history.reading() as connection:
            assert projects.ids(connection) == ["a"]
        assert store.triples(kept_iri(BASE)) == set()
        store.full = False
        await keeper.change("c", make("c"))
        assert len(store.triples(kept_iri(BASE))) == 2
        await keeper.close()

    asyncio.run(happen())
    history.close()


def test_a_project_is_being_hidden_until_the_store_has_hidden_it(tmp_path: Path) -> None:
    store = Filling(open_store("memory:")._store)  # noqa: SLF001 - see above
    history = History(tmp_path / FILE)

    def make(connection: Connection) -> None:
        projects.create(connection, "a", title="", private=False, creator="")

    def hide(connection: Connection) -> None:
        projects.describe(connection, "a", title="", private=True)

    async def happen() -> None:
        settings = read_settings()
        writer = Direct(store)
        keeper = Keeper(settings, history, writer, Judges(settings), tmp_path)
        await keeper.change("a", make)
        assert keeper.hiding.shown(writer.epoch) == set()
        store.full = True
        with pytest.raises(StoreError):
            await keeper.change("a", hide)
        assert keeper.hiding.shown(writer.epoch + 9) == {"a"}
        store.full = False
        await keeper.change("b", lambda _: None)
        assert keeper.hiding.shown(writer.epoch) == {"a"}
        assert keeper.hiding.shown(writer.epoch + 1) == set()
        await keeper.close()

    asyncio.run(happen())
    history.close()
