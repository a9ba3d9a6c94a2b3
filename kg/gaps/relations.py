"""The three relations as one graph: attributes inform mismatches, predicates detect them and read
attributes.

`informs` stands in the ontology, `detects` in the predicates' front matter; `reads` is nowhere
written, but read off each query. Around them stand what an attribute is stated of, which roles know
and ask, how they rated, and which of the study's examples a predicate covers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import networkx as nx

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.findings import ALL
from kg.vocabulary import Attribute, Vocabulary

ATTRIBUTE, PREDICATE, MISMATCH = "attribute", "predicate", "mismatch"
CATEGORY, ELEMENT, ROLE, EXAMPLE = "category", "element", "role", "example"

INFORMS, DETECTS, READS = "informs", "detects", "reads"
STATED_OF, ASKED_OF, ASKS, RATED_BY = "stated of", "asked of", "asks", "rated by"
COVERS, BELONGS_TO = "covers", "belongs to"

COMPLETENESS = "completeness"
"""The kind of predicates that see whether something is stated, and compare nothing."""


class Node(NamedTuple):
    """Something in the graph: its kind, and its local name, id or code."""

    kind: str
    name: str


Graph: TypeAlias = "nx.DiGraph[Node]"
_Edge: TypeAlias = tuple[Node, Node, str]


@dataclass(frozen=True, slots=True)
class Relations:
    """The graph; each node and edge has its `kind`, and the mapping's records lie beside it."""

    graph: Graph
    vocabulary: Vocabulary
    catalogue: Catalogue

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute, by name."""
        return tuple(sorted(self.vocabulary.attributes.values(), key=lambda one: one.name))

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Every mismatch, in the ontology's order."""
        return tuple(self.catalogue.mismatches.values())

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """Every predicate, by id."""
        return tuple(self.catalogue.predicates.values())

    def informs(self, attribute: str) -> tuple[str, ...]:
        """The codes of the mismatches that the attribute informs."""
        return self._after(Node(ATTRIBUTE, attribute), INFORMS)

    def informed_by(self, code: str) -> tuple[str, ...]:
        """The attributes that inform the mismatch."""
        return self._before(Node(MISMATCH, code), INFORMS)

    def detects(self, predicate: str) -> tuple[str, ...]:
        """The codes of the mismatches that the predicate detects."""
        return self._after(Node(PREDICATE, predicate), DETECTS)

    def detected_by(self, code: str) -> tuple[str, ...]:
        """The predicates that detect the mismatch."""
        return self._before(Node(MISMATCH, code), DETECTS)

    def reads(self, predicate: str) -> tuple[str, ...]:
        """The attributes that the predicate reads."""
        return self._after(Node(PREDICATE, predicate), READS)

    def read_by(self, attribute: str) -> tuple[str, ...]:
        """The predicates that read the attribute."""
        return self._before(Node(ATTRIBUTE, attribute), READS)

    def compares(self, predicate: str) -> bool:
        """Whether the predicate does more than to see whether something is stated."""
        return self.catalogue.predicates[predicate].kind != COMPLETENESS

    def _after(self, node: Node, kind: str) -> tuple[str, ...]:
        edges: Iterable[_Edge] = self.graph.out_edges(node, data="kind")
        return tuple(sorted(end.name for _, end, found in edges if found == kind))

    def _before(self, node: Node, kind: str) -> tuple[str, ...]:
        edges: Iterable[_Edge] = self.graph.in_edges(node, data="kind")
        return tuple(sorted(start.name for start, _, found in edges if found == kind))


def relations(vocabulary: Vocabulary, catalogue: Catalogue) -> Relations:
    """The graph of all that is known of mismatches, predicates and attributes."""
    graph: Graph = nx.DiGraph()
    for node in _nodes(vocabulary, catalogue):
        graph.add_node(node, kind=node.kind)
    codes = {one.name: one.code for one in catalogue.mismatches.values()}
    for attribute in vocabulary.attributes.values():
        _add_attribute(graph, attribute, codes)
    for predicate in catalogue.predicates.values():
        _add_predicate(graph, predicate, vocabulary)
    for mismatch in catalogue.mismatches.values():
        _add_mismatch(graph, mismatch)
    return Relations(graph, vocabulary, catalogue)


def _nodes(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[Node]:
    """What there is even if nothing leads to it."""
    yield from (Node(MISMATCH, code) for code in catalogue.mismatches)
    yield from (Node(PREDICATE, name) for name in catalogue.predicates)
    yield from (Node(ATTRIBUTE, name) for name in vocabulary.attributes)
    yield from (Node(ELEMENT, name) for name in (*vocabulary.elements, *vocabulary.parts))
    yield from (Node(ROLE, name) for name in vocabulary.lists.get("Role", ()))


def _add_attribute(graph: Graph, attribute: Attribute, codes: dict[str, str]) -> None:
    node = Node(ATTRIBUTE, attribute.name)
    graph.add_edge(node, Node(ELEMENT, attribute.domain), kind=STATED_OF)
    # An extension may inform what nobody declares: its grammar says so.
    for name in codes.keys() & attribute.informs:
        graph.add_edge(node, Node(MISMATCH, codes[name]), kind=INFORMS)
    for role in attribute.asked_of:
        graph.add_edge(node, Node(ROLE, role), kind=ASKED_OF)


def _add_predicate(graph: Graph, predicate: Predicate, vocabulary: Vocabulary) -> None:
    node = Node(PREDICATE, predicate.id)
    for code in predicate.detects:
        graph.add_edge(node, Node(MISMATCH, code), kind=DETECTS)
    read = terms(predicate)
    for attribute in vocabulary.attributes.values():
        # What is stated of an attribute counts for all those above it.
        if not read.isdisjoint((attribute.name, *attribute.above)):
            graph.add_edge(node, Node(ATTRIBUTE, attribute.name), kind=READS)
    for role in predicate.ask:
        graph.add_edge(node, Node(ROLE, role), kind=ASKS)
    for example in predicate.study:
        graph.add_edge(node, Node(EXAMPLE, example), kind=COVERS)


def _add_mismatch(graph: Graph, mismatch: Mismatch) -> None:
    node = Node(MISMATCH, mismatch.code)
    graph.add_node(node, kind=MISMATCH, interviews=mismatch.interviews)
    graph.add_edge(node, Node(CATEGORY, mismatch.category), kind=BELONGS_TO)
    for role, (important, respondents) in mismatch.ratings.items():
        if role != ALL:
            edge = {"important": important, "respondents": respondents}
            graph.add_edge(node, Node(ROLE, role), kind=RATED_BY, **edge)
