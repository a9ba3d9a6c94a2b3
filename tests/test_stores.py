"""The contract that every store keeps, tried on each store that `tests/cases/stores` can make."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kg import saved
from kg.catalogue import Catalogue
from kg.errors import NotFound, QueryRefused, StoreUnreachable
from kg.projects import read_project
from kg.stores import ServedStore, Store, open_store
from kg.stores.oxigraph import OxigraphStore
from kg.stores.sparql import SparqlStore
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace
from tests.endpoints import Started

Making = Callable[[Path], AbstractContextManager[Started]]
EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
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
    params=[pytest.param(making, id=name) for name, making in _stores()],
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


KINDS = {
    f"<urn:s> <urn:p{number}> {value} ."
    for number, value in enumerate(
        (
            '"one"',
            '"one"@en',
            "<urn:o>",
            '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
            '"8589934592.25"^^<http://www.w3.org/2001/XMLSchema#double>',
            '"2026-11-30T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            '"2026-11-30"^^<http://www.w3.org/2001/XMLSchema#date>',
            '"{\\"a\\": 1}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
        )
    )
}


@pytest.fixture
def served(store: Store) -> ServedStore:
    assert isinstance(store, OxigraphStore | SparqlStore)
    return store


def test_what_is_stated_is_given_back(served: ServedStore) -> None:
    served.put("urn:g", "\n".join(KINDS))
    assert served.triples("urn:g") == KINDS
    assert served.triples("urn:none") == set()


def test_each_triple_is_told_with_the_graphs_that_state_it(served: ServedStore) -> None:
    served.put("urn:g", "\n".join(KINDS))
    served.put("urn:h", f"{ONE}\n{TWO}")
    told = {line: sorted(names) for line, names in served.stating([*KINDS, TWO])}
    assert told == {**{line: ["urn:g"] for line in KINDS}, TWO: ["urn:h"]}


def test_several_graphs_are_changed_together(served: ServedStore) -> None:
    served.put("urn:g", "\n".join(KINDS))
    served.put("urn:h", ONE)
    served.change({"urn:g": KINDS}, {"urn:g": {TWO}, "urn:i": KINDS}, ["urn:h"], note="urn:i")
    assert served.names() == ["urn:g", "urn:i"]
    assert (served.triples("urn:g"), served.triples("urn:i")) == ({TWO}, KINDS)


def test_it_is_told_whether_a_graph_was_there(served: ServedStore) -> None:
    assert served.replace("urn:g", [ONE]) is False
    assert served.replace("urn:g", [TWO]) is True
    assert served.add("urn:h", [ONE, "_:a <urn:p> _:a ."]) is False
    assert served.add("urn:g", ["_:a <urn:p> _:a .", "_:a <urn:p> _:a ."]) is True
    assert (len(served.triples("urn:g")), len(served.triples("urn:h"))) == (3, 2)
    assert (served.has("urn:g"), served.has("urn:none"), served.has(None)) == (True, False, True)
    assert (served.remove("urn:g"), served.remove("urn:g")) == (True, False)
    assert served.names() == ["urn:h"]


def test_more_is_taken_than_fits_into_a_request(served: ServedStore) -> None:
    many = {f'<urn:s{number}> <urn:p> "{number}" .' for number in range(1500)}
    served.put("urn:g", "\n".join(many))
    served.change({}, {"urn:h": many})
    assert served.triples("urn:g") == served.triples("urn:h") == many


def test_a_project_is_kept_and_asked_about(
    store: Store, known: Vocabulary, predicates: Catalogue
) -> None:
    project = read_project(EXAMPLE, known)
    memory = open_store("memory:")
    told = []
    for one in (store, memory):
        workspace = Workspace(one, known, statistics=predicates.statistics)
        workspace.put(project)
        workspace.put(project)
        question = saved.question(saved.load(known), "what-serves-where").bound({}, known)
        (kept,) = workspace.kept_of(workspace.ids())
        told.append((kept, sorted(workspace.ask(question, None, "").rows)))
    assert told[0] == told[1]
    assert told[0][1]


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
