"""The contract that every store keeps, tried on each store that `tests/cases/stores` can make."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kg.errors import NotFound, QueryRefused, StoreUnreachable
from kg.stores import Store, open_store
from tests.endpoints import Started

Making = Callable[[Path], AbstractContextManager[Started]]
CASES = Path(__file__).parent / "cases" / "stores"
ONE = '<urn:s> <urn:p> "one" .'
TWO = '<urn:s> <urn:p> "two" .'
# Some stores have graphs of their own.
OURS = 'FILTER(STRSTARTS(STR(?g), "urn:"))'
ALL = f"SELECT ?g ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {OURS} }} ORDER BY ?g ?o"


def _stores() -> Iterator[tuple[str, Making]]:
    for module in sorted(CASES.glob("*.py")):
        spec = importlib.util.spec_from_file_location(module.stem, module)
        assert spec
        assert spec.loader
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        for name, making in found.STORES.items():
            yield f"{module.stem}-{name}", making


@pytest.fixture(
    scope="module",
    params=[
        # Some take a while to start, so all tests of one are run by one process.
        pytest.param(making, id=name, marks=pytest.mark.xdist_group(f"store-{name}"))
        for name, making in _stores()
    ],
)
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Started]:
    making: Making = request.param
    with making(tmp_path_factory.mktemp("store")) as found:
        yield found


@pytest.fixture
def store(started: Started, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in started.environment.items():
        monkeypatch.setenv(name, value)
    opened = open_store(started.url)
    for name in opened.names():
        opened.drop(name)
    return opened


def test_a_graph_is_replaced_whole(store: Store) -> None:
    store.put("urn:g", f"{ONE}\n{TWO}")
    store.put("urn:g", TWO)
    assert store.select(ALL) == [{"g": "urn:g", "o": "two"}]


def test_a_graph_is_changed_where_it_differs(store: Store) -> None:
    many = [f'<urn:s> <urn:p> "{number}" .' for number in range(50)]
    store.put("urn:g", "\n".join(many))
    store.put("urn:g", "\n".join([*many[1:], ONE, TWO]))
    assert len(store.select(ALL)) == 51
    store.put("urn:g", "")
    assert store.select(ALL) == []


def test_blank_nodes_are_replaced_too(store: Store) -> None:
    store.put("urn:g", f'_:a <urn:p> _:b .\n_:b <urn:p> "b" .\n{ONE}')
    store.put("urn:g", f'_:a <urn:p> "a" .\n{ONE}\n{TWO}')
    assert [row["o"] for row in store.select(ALL)] == ["a", "one", "two"]


def test_putting_one_graph_leaves_the_others(store: Store) -> None:
    store.put("urn:g", ONE)
    store.put("urn:h", TWO)
    assert [row["g"] for row in store.select(ALL)] == ["urn:g", "urn:h"]


def test_a_broken_text_changes_nothing(store: Store) -> None:
    store.put("urn:g", ONE)
    with pytest.raises(QueryRefused):
        store.put("urn:g", "<urn:s> <urn:p> .")
    assert [row["o"] for row in store.select(ALL)] == ["one"]


def test_a_dropped_graph_is_gone(store: Store) -> None:
    store.put("urn:g", ONE)
    store.drop("urn:g")
    store.drop("urn:never")
    assert list(store.names()) == []


def test_names_are_those_of_all_graphs(store: Store) -> None:
    store.put("urn:h", ONE)
    store.put("urn:g", ONE)
    assert list(store.names()) == ["urn:g", "urn:h"]


def test_texts_survive_as_they_are(store: Store) -> None:
    text = 'a "quoted" \\ line\nand\ttab, café 漢字 \U0001f600'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    store.put("urn:g", f'<urn:s> <urn:p> "{escaped}" .')
    assert store.select(ALL)[0]["o"] == text


def test_construct_gives_triples(store: Store) -> None:
    store.put("urn:g", ONE)
    found = store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {OURS} }}")
    assert found.strip() == ONE


@pytest.mark.parametrize("query", ["SELECT WHERE", "ASK { ?s ?p ?o }"])
def test_what_is_no_select_is_refused(store: Store, query: str) -> None:
    with pytest.raises(QueryRefused):
        store.select(query)


@pytest.mark.parametrize("query", ["CONSTRUCT WHERE", "SELECT * { ?s ?p ?o }"])
def test_what_is_no_construct_is_refused(store: Store, query: str) -> None:
    with pytest.raises(QueryRefused):
        store.construct(query)


def test_a_folder_keeps_its_graphs(tmp_path: Path) -> None:
    url = str(tmp_path / "store")
    open_store(url).put("urn:g", ONE)
    assert list(open_store(url).names()) == ["urn:g"]


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreUnreachable, match="cannot be opened"):
        open_store(str(tmp_path / "store"))


def test_an_unknown_kind_of_store_is_named() -> None:
    with pytest.raises(NotFound, match="gopher"):
        open_store("gopher://example.org/")


def test_a_triple_of_two_graphs_is_asked_for_once(store: Store) -> None:
    store.put("urn:g", f"{ONE}\n{TWO}")
    store.put("urn:h", ONE)
    store.put("urn:i", '<urn:s> <urn:p> "three" .')
    asked = "SELECT (COUNT(*) AS ?n) (COUNT(?g) AS ?in) WHERE { ?s ?p ?o %s}"

    plain = store.ask(asked % "", ["urn:g", "urn:h"])
    placed = store.ask(asked % "GRAPH ?g { ?s ?p ?o } ", ["urn:g", "urn:h"])

    assert [row[0] and row[0].split('"')[1] for row in plain.rows] == ["2"]
    assert [row[0] and row[0].split('"')[1] for row in placed.rows] == ["3"]
