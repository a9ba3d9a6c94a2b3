"""The mismatches that engines which are not ours find: pySHACL by the derived constraints, rdflib
and Oxigraph by the query files.

All are told in one form, so that they can be held against ours.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from pyshacl import validate
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.query import ResultRow
from rdflib.term import Node

from kg.catalogue import Predicate
from kg.detect.batch import ontology_facts
from kg.findings import Finding, Verdict
from kg.namespaces import iri
from kg.paths import knowledge_roots
from kg.translation import query_of
from kg.workspace import Workspace
from tests.engines import Peers
from tests.judging import VOCABULARY

SHAPES = knowledge_roots()[0] / "shapes" / "derived" / "predicates.ttl"
GROUND = ontology_facts(VOCABULARY)

Predicates = Mapping[str, Predicate]
Mismatch = tuple[str, str, str, str]
"""Predicate, subject, object (the subject again where there is none), and item by its name."""


@dataclass(frozen=True)
class Data:
    """What predicates see, as N-Triples and as rdflib has it."""

    triples: str

    @cached_property
    def graph(self) -> Graph:
        return Graph().parse(data=self.triples, format="nt")

    def named(self, item: str) -> str:
        """What a finding calls an item: its name, its label, or the end of its IRI."""
        if not item.startswith("http"):
            return item
        names = sorted(map(str, self.graph.objects(URIRef(item), URIRef(iri("mm:name")))))
        labels = map(str, self.graph.objects(URIRef(item), RDFS.label))
        return next(iter((*names, *labels)), unquote(item.rpartition("/")[2]))


def data(workspace: Workspace, ids: Sequence[str]) -> Data:
    """What predicates see of the projects."""
    return Data("\n".join([GROUND, *(facts.triples for facts in workspace.facts_of(ids))]))


def shapes(predicates: Collection[str]) -> Graph:
    """The derived constraints of the predicates."""
    found = Graph().parse(SHAPES)
    for shape in list(found.subjects(RDF.type, SH.NodeShape)):
        if str(shape).removeprefix(iri("mms:")) not in predicates:
            found.remove((shape, None, None))
    return found


def ours(findings: Iterable[Finding]) -> set[Mismatch]:
    """The mismatches among our findings."""
    return {
        (f.predicate, f.subject.iri, (f.object or f.subject).iri, f.item or "")
        for f in findings
        if f.verdict is Verdict.MISMATCH
    }


def by_shacl(seen: Data, constraints: Graph) -> set[Mismatch]:
    """The results of pySHACL."""
    # It adds triples to the shapes that it is given.
    _, report, told = validate(seen.graph, shacl_graph=Graph() + constraints)
    assert isinstance(report, Graph), told
    results = report.subjects(RDF.type, SH.ValidationResult)
    return {_told(report, result, constraints, seen) for result in results}


def by_rdflib(seen: Data, predicates: Predicates) -> set[Mismatch]:
    """The mismatches among the rows of rdflib."""
    found: set[Mismatch] = set()
    for name, predicate in predicates.items():
        for row in seen.graph.query(query_of(predicate)):
            assert isinstance(row, ResultRow)
            cells = {key: str(value) for key, value in row.asdict().items()}
            found |= set(_of_row(name, cells, seen))
    return found


def by_oxigraph(seen: Data, predicates: Predicates, folder: Path) -> set[Mismatch]:
    """The mismatches among the rows of Oxigraph, which keeps the triples in the folder."""
    peers = Peers(folder, seen.triples)
    return {
        mismatch
        for name, predicate in predicates.items()
        for cells in peers.named_rows(query_of(predicate))
        for mismatch in _of_row(name, cells, seen)
    }


def _told(report: Graph, result: Node, constraints: Graph, seen: Data) -> Mismatch:
    shape, focus, value, message = (
        report.value(result, term)
        for term in (SH.sourceShape, SH.focusNode, SH.value, SH.resultMessage)
    )
    # A message is the label, or the label, a colon and the item.
    label = str(constraints.value(shape, RDFS.label))
    assert str(message).startswith(label)
    item = str(message).removeprefix(label).removeprefix(": ")
    return str(shape).removeprefix(iri("mms:")), str(focus), str(value), seen.named(item)


def _of_row(predicate: str, cells: Mapping[str, str], seen: Data) -> Iterator[Mismatch]:
    if cells.get("verdict") == Verdict.MISMATCH:
        subject, item = cells["subject"], seen.named(cells.get("item", ""))
        yield predicate, subject, cells.get("object", subject), item
