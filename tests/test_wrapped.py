"""Engines that are not ours find exactly our mismatches: pySHACL by the derived constraints,
rdflib and Oxigraph by the query files.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from pyshacl import validate
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.query import ResultRow

from bench.systems import system
from kg.detect import detect
from kg.detect.batch import ontology_facts
from kg.findings import Verdict
from kg.namespaces import iri
from kg.paths import knowledge_roots
from kg.stores import open_store
from kg.translation import query_of
from kg.workspace import Workspace
from tests.engines import Peers
from tests.judging import CATALOGUE, VOCABULARY

FEW, MANY = 2, 50
SHAPES = knowledge_roots()[0] / "shapes" / "derived" / "predicates.ttl"
GROUND = ontology_facts(VOCABULARY)
WITHIN = {n: p for n, p in CATALOGUE.predicates.items() if p.kind != "cross-project"}
Mismatch = tuple[str, str, str, str]
"""Predicate, subject, object (the subject again where there is none), and item by its name."""

pytestmark = pytest.mark.xdist_group("wrapped")


@pytest.fixture(scope="module", autouse=True)
def parsed_once() -> Iterator[None]:
    """Rdflib parses a query each time it is run, which takes most of the time: here once each."""
    kept: dict[str, object] = {}

    def translated(query: str, base: str | None, prefixes: Mapping[str, str]) -> object:
        if query not in kept:
            kept[query] = translateQuery(parseQuery(query), base, prefixes)
        return kept[query]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rdflib.plugins.sparql.processor.parseQuery", lambda query: query)
        patch.setattr("rdflib.plugins.sparql.processor.translateQuery", translated)
        yield


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def put(number: int) -> tuple[Workspace, str]:
    workspace = Workspace(open_store("memory:"), VOCABULARY, statistics=CATALOGUE.statistics)
    project = system(number)
    workspace.put(project)
    return workspace, project.id


def ours(workspace: Workspace, name: str) -> set[Mismatch]:
    found = detect([name], workspace, CATALOGUE)[name]
    return {
        (f.predicate, f.subject.iri, (f.object or f.subject).iri, f.item or "")
        for f in found
        if f.verdict is Verdict.MISMATCH
    }


def data(workspace: Workspace, name: str) -> Graph:
    graph = Graph().parse(data=GROUND, format="nt")
    return graph.parse(data=workspace.facts(name).triples, format="nt")


def named(graph: Graph, item: str) -> str:
    """What a finding calls an item: its name, its label, or the end of its IRI."""
    if not item.startswith("http"):
        return item
    names = sorted(map(str, graph.objects(URIRef(item), URIRef(iri("mm:name")))))
    labels = map(str, graph.objects(URIRef(item), RDFS.label))
    return next(iter((*names, *labels)), unquote(item.rpartition("/")[2]))


def by_shacl(graph: Graph) -> set[Mismatch]:
    # pySHACL adds triples to the shapes that it is given.
    _, report, told = validate(graph, shacl_graph=Graph() + shapes())
    assert isinstance(report, Graph), told
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus, value, message = (
            str(report.value(result, term))
            for term in (SH.sourceShape, SH.focusNode, SH.value, SH.resultMessage)
        )
        predicate = shape.removeprefix(iri("mms:"))
        label = CATALOGUE.predicates[predicate].label
        assert message.startswith(label)
        item = message.removeprefix(label).removeprefix(": ")
        found.add((predicate, focus, value, named(graph, item)))
    return found


def by_rdflib(graph: Graph) -> set[Mismatch]:
    found = set()
    for name, predicate in WITHIN.items():
        for row in graph.query(query_of(predicate)):
            assert isinstance(row, ResultRow)
            cells = {key: str(value) for key, value in row.asdict().items()}
            if cells.get("verdict") == Verdict.MISMATCH:
                target = cells.get("object", cells["subject"])
                item = named(graph, cells.get("item", ""))
                found.add((name, cells["subject"], target, item))
    return found


def by_oxigraph(graph: Graph, triples: str, folder: Path) -> set[Mismatch]:
    peers = Peers(folder, f"{GROUND}\n{triples}")
    found = set()
    for name, predicate in WITHIN.items():
        for cells in peers.named_rows(query_of(predicate)):
            if cells.get("verdict") == Verdict.MISMATCH:
                target = cells.get("object", cells["subject"])
                item = named(graph, cells.get("item", ""))
                found.add((name, cells["subject"], target, item))
    return found


def compare(number: int, folder: Path) -> None:
    workspace, name = put(number)
    graph, expected = data(workspace, name), ours(workspace, name)
    about_one = {one for one in expected if one[0] in WITHIN}

    assert len(expected) > 5
    assert by_shacl(graph) == expected
    assert by_rdflib(graph) == about_one
    assert by_oxigraph(graph, workspace.facts(name).triples, folder) == about_one


@pytest.mark.parametrize("number", range(FEW))
def test_every_engine_finds_the_mismatches_of_a_system(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path / "store")


@pytest.mark.long
@pytest.mark.parametrize("number", range(FEW, MANY))
def test_every_engine_finds_the_mismatches_of_many_systems(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path / "store")


def test_no_completeness_predicate_is_wrapped_and_every_other_is() -> None:
    wrapped = {
        str(shape).removeprefix(iri("mms:")) for shape in shapes().subjects(RDF.type, SH.NodeShape)
    }

    assert wrapped == {n for n, p in CATALOGUE.predicates.items() if p.kind != "completeness"}
