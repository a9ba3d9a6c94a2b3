"""Writes a project as named graphs in N-Triples: a graph a source, its provenance, links, and what
was worked out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from math import isnan
from typing import TypeAlias
from urllib.parse import quote

import orjson

from kg import __version__
from kg.identifiers import mint, project_iri
from kg.measure import Comparison, Measured, Pair, Test
from kg.namespaces import iri, local
from kg.projects import Project
from kg.projects.identity import Entry
from kg.projects.judging import class_of
from kg.statements import Link, Node, Statement
from kg.vocabulary import Literal, Vocabulary
from kg.writing import literal, reference, triple

Stated: TypeAlias = dict[str, list[list[object]]]
"""The triples that a source states, each with its places: line, locator, the value as given,
whether it is prose, and the attribute that it is inferred from.
"""

_TYPES = frozenset({"dataType", "typeName"})


def key(subject: str, predicate: str, value: str) -> str:
    """What a statement is known by in the places of its descriptor: 16 hexadecimal digits of
    SHA-256.
    """
    return sha256(f"{subject}\n{predicate}\n{value}".encode()).hexdigest()[:16]


def plain(value: Literal) -> str:
    """A literal's text in the one form that it is known by, whatever form a store gives it back in.

    >>> plain(16.0), plain(True)
    ('16.0', 'true')
    """
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


class ProjectGraphs:
    """The named graphs of one project, below the base IRI of whoever keeps it."""

    def __init__(self, project: Project, vocabulary: Vocabulary, base: str) -> None:
        self._project = project
        self._vocabulary = vocabulary
        self._base = base
        self._iris: dict[tuple[Node, str], str] = {}
        self.iri = project_iri(base, project.id)

    @cached_property
    def _sources(self) -> list[tuple[Entry, bool, Stated]]:
        """Each source with its triples; what is observed stands apart from what is declared."""
        return [
            (entry, observed, stated)
            for entry in self._project.entries
            for observed in (False, True)
            if (stated := self._stated(entry, observed=observed))
        ]

    def descriptors(self) -> Iterator[tuple[str, list[str]]]:
        """Each source's graph with its triples, then that of the links; what is inferred stands
        apart.
        """
        for entry, observed, stated in self._sources:
            yield self.descriptor(entry, observed=observed), list(stated)
        for entry in self._project.entries:
            if entry.reading.inferred:
                yield self._inferred(entry), list(self._written(entry, entry.reading.inferred))
        yield f"{self.iri}/links", self._links
        if self._inferred_links:
            yield f"{self.iri}/links#inferred", self._inferred_links

    def current(self, worked_out: Iterable[str]) -> str:
        """All triples as one text in JSON, by predicate, subject and object, each with where it is
        stated: the number of its source, line, locator, the value as given, whether it is prose,
        what it is inferred from.
        """
        relations: dict[str, dict[str, dict[str, list[list[object]]]]] = {}
        sources = []

        def places(line: str) -> list[list[object]]:
            subject, predicate, value = line[:-2].split(" ", 2)
            relation = relations.setdefault(predicate, {})
            return relation.setdefault(subject, {}).setdefault(value, [])

        for number, (entry, observed, stated) in enumerate(self._sources):
            role = entry.reading.stated_by
            sources.append([str(entry.path), observed, role and local(iri(role)), entry.via])
            follows = [s for s in entry.reading.inferred if s.observed is observed]
            for line, found in (*stated.items(), *self._written(entry, follows).items()):
                places(line).extend([number, *place] for place in found)
        for line in (*self._links, *self._inferred_links, *worked_out):
            places(line)
        return orjson.dumps({"sources": sources, "relations": relations}).decode()

    def descriptor(self, entry: Entry, *, observed: bool) -> str:
        """The IRI of a source's graph."""
        return f"{self.iri}/descriptors/{quote(str(entry.path))}{'#observed' if observed else ''}"

    def _inferred(self, entry: Entry) -> str:
        """The IRI of the graph of what follows from a source."""
        return f"{self.descriptor(entry, observed=False)}#inferred"

    def provenance(self) -> list[str]:
        """Of each descriptor: its file, digest, importer, and role; of what is inferred, from
        which.
        """
        found = [
            triple(self.iri, "rdf:type", reference("mm:Project")),
            triple(self.iri, "dcterms:identifier", literal(self._project.id)),
        ]
        for entry, observed, _ in self._sources:
            found += self._origin(entry, observed=observed)
        for entry in self._project.entries:
            if entry.reading.inferred:
                graph, source = self._inferred(entry), self.descriptor(entry, observed=False)
                found.append(triple(graph, "mm:inferredFrom", reference(source)))
        return found

    def worked_out(self, measured: Measured) -> list[str]:
        """Which element each part belongs to, counterparts, comparisons and tests."""
        found = [*self._membership(), *self._contested(), *self._guessed()]
        for pair in measured.pairs:
            found += self._paired(pair)
        for comparison in measured.comparisons:
            found += self._comparison(comparison)
        for test in measured.tests:
            found += self._tested(test)
        return found

    def _stated(self, entry: Entry, *, observed: bool) -> Stated:
        found: Stated = {}
        narrower: dict[Node, list[str]] = defaultdict(list)
        for element, kind in entry.reading.types:
            narrower[element].append(kind)
        for node, statements in _by_node(entry, observed=observed).items():
            subject = self._iri(node, entry)
            for kind in narrower.get(node, ()) or [class_of(node, self._vocabulary)]:
                found[triple(subject, "rdf:type", reference(kind))] = []
            for line, places in self._written(entry, statements).items():
                found.setdefault(line, []).extend(places)
        for element, kinds in narrower.items() if not observed else ():
            for kind in kinds:
                found.setdefault(triple(self._iri(element, entry), "rdf:type", reference(kind)), [])
        # What a source leaves out is observed where all that it states is.
        measured = all(statement.observed for statement in entry.reading.statements)
        for node, attribute in entry.reading.complete if observed is measured else ():
            found[triple(self._iri(node, entry), "mm:complete", reference(attribute))] = []
        return found

    def _written(self, entry: Entry, statements: Iterable[Statement]) -> Stated:
        """The statements as triples with their places."""
        found: Stated = {}
        for statement in statements:
            subject = self._iri(statement.node, entry)
            line = triple(subject, statement.attribute, self._object(statement, entry))
            found.setdefault(line, []).append(place_of(statement))
        return found

    def _object(self, statement: Statement, entry: Entry) -> str:
        if isinstance(statement.value, Node):
            return reference(self._iri(statement.value, entry))
        listed = self._vocabulary.attribute(statement.attribute).range.kind == "list"
        return reference(str(statement.value)) if listed else literal(statement.value)

    @cached_property
    def _links(self) -> list[str]:
        return [self._linked(link) for _, link in self._project.links if not link.inferred_from]

    @cached_property
    def _inferred_links(self) -> list[str]:
        return [self._linked(link) for _, link in self._project.links if link.inferred_from]

    def _linked(self, link: Link) -> str:
        return triple(self._iri(link.subject), link.name, self._reference(link.object))

    def _origin(self, entry: Entry, *, observed: bool) -> Iterator[str]:
        name = self.descriptor(entry, observed=observed)
        yield triple(name, "rdf:type", reference("mm:Descriptor"))
        yield triple(name, "mm:describes", reference(self.iri))
        yield triple(name, "mm:file", literal(str(entry.path)))
        yield triple(name, "mm:digest", literal(entry.digest))
        yield triple(name, "mm:importer", literal(f"{entry.importer} {__version__}"))
        yield triple(name, "mm:observed", literal(observed))
        if entry.reading.stated_by:
            yield triple(name, "mm:statedBy", reference(entry.reading.stated_by))
        if entry.via:
            yield triple(name, "mm:reachedFrom", literal(entry.via))

    def _membership(self) -> Iterator[str]:
        yield triple(self.iri, "rdf:type", reference("mm:Project"))
        narrower = self._project.types
        for entry in self._project.entries:
            stated = (statement.node for statement in entry.reading.statements)
            nodes = dict.fromkeys((*entry.reading.elements, *stated))
            for node in {**nodes, **dict.fromkeys(node.element for node in nodes)}:
                name, element = self._iri(node, entry), self._iri(node.element)
                yield triple(name, "mm:partOf", reference(element))
                kinds = (class_of(node, self._vocabulary), *narrower.get(node, ()))
                above = (c for kind in kinds for c in self._vocabulary.ancestors(kind))
                for parent in dict.fromkeys(above):
                    yield triple(name, "rdf:type", reference(parent))
                if node == node.element:
                    yield triple(self.iri, "mm:element", reference(element))

    def _contested(self) -> Iterator[str]:
        values: dict[tuple[Node, str], set[Literal | Node]] = defaultdict(set)
        for entry in self._project.entries:
            for statement in entry.reading.current:
                if self._vocabulary.attribute(statement.attribute).single:
                    values[statement.node, statement.attribute].add(statement.value)
        for (node, _), stated in values.items():
            if len(stated) > 1:
                yield triple(self._iri(node.element), "mm:contested", self._reference(node))

    def _guessed(self) -> Iterator[str]:
        """Parts whose only type was inferred from values, with no name of a type beside it."""
        sure: set[Node] = set()
        guessed: dict[Node, None] = {}
        for entry in self._project.entries:
            for statement in entry.reading.current:
                if statement.attribute == "typeName" or not statement.observed:
                    sure |= {statement.node} if statement.attribute in _TYPES else set()
                elif statement.attribute == "dataType":
                    guessed[statement.node] = None
        for node in guessed:
            if node not in sure:
                yield triple(self._iri(node), "mm:guessed", reference("mm:dataType"))

    def _paired(self, pair: Pair) -> Iterator[str]:
        if pair.is_sure:
            yield triple(self._iri(pair.first), "mm:pairedWith", self._reference(pair.second))
        node = self._worked("pairs", pair.first, pair.second)
        yield from self._compared(node, "mm:Pair", pair.first, pair.second)
        yield triple(node, "mm:alignment", literal(pair.alignment))
        yield triple(node, "mm:pairing", reference(pair.pairing))

    def _comparison(self, made: Comparison) -> Iterator[str]:
        values = plain(made.first_value), plain(made.second_value)
        about = made.attribute, made.second_attribute
        node = self._worked("comparisons", made.first, made.second, *about, *values)
        yield from self._compared(node, "mm:Comparison", made.first, made.second)
        yield triple(node, "mm:comparedAttribute", reference(made.attribute))
        if made.second_attribute != made.attribute:
            yield triple(node, "mm:secondAttribute", reference(made.second_attribute))
        yield triple(node, "mm:firstValue", literal(made.first_value))
        yield triple(node, "mm:secondValue", self._second_value(made))
        yield triple(node, "mm:method", literal(made.method))
        found: dict[str, Literal | None] = {
            "mm:relation": made.relation or None,
            "mm:factor": made.factor,
            "mm:wholeCycles": made.cycles,
        }
        for attribute, value in found.items():
            if value is not None:
                yield triple(node, attribute, literal(value))

    def _second_value(self, made: Comparison) -> str:
        listed = self._vocabulary.attribute(made.second_attribute).range.kind == "list"
        return reference(str(made.second_value)) if listed else literal(made.second_value)

    def _worked(self, kind: str, first: Node, second: Node | None, *about: str) -> str:
        """The IRI of what was worked out of two things, or one: the same in whatever order sources
        came.
        """
        things = [self._iri(thing) for thing in (first, second) if thing]
        parts = "\n".join((*things, *about))
        return f"{self.iri}/{kind}/{sha256(parts.encode()).hexdigest()[:16]}"

    def _compared(self, node: str, kind: str, first: Node, second: Node | None) -> Iterator[str]:
        yield triple(node, "rdf:type", reference(kind))
        yield triple(node, "mm:firstPart", self._reference(first))
        if second:
            yield triple(node, "mm:secondPart", self._reference(second))

    def _tested(self, test: Test) -> Iterator[str]:
        about = test.result.method, test.figures
        node = self._worked("tests", test.first, test.second, *about)
        yield from self._compared(node, "mm:Test", test.first, test.second)
        low, high = test.result.interval or (None, None)
        stated: dict[str, Literal | None] = {
            "mm:method": test.result.method,
            "mm:statistic": test.result.statistic,
            "mm:pValue": test.result.p_value,
            "mm:adjustedPValue": test.adjusted,
            "mm:effectSize": test.result.effect_size,
            "mm:lowEnd": low,
            "mm:highEnd": high,
            "mm:firstSize": test.result.n_left,
            "mm:secondSize": test.result.n_right if test.second else None,
            "mm:preconditionsHold": test.result.holds,
            "mm:because": test.result.because or None,
        }
        for attribute, value in stated.items():
            if value is not None and not (isinstance(value, float) and isnan(value)):
                yield triple(node, attribute, literal(value))

    def _iri(self, node: Node, entry: Entry | None = None) -> str:
        path = str(entry.path) if entry else ""
        known = self._iris.get((node, path))
        if known is None:
            known = mint(self._base, self._project.id, node, self._vocabulary, path)
            self._iris[node, path] = known
        return known

    def _reference(self, node: Node) -> str:
        return reference(self._iri(node))


def _by_node(entry: Entry, *, observed: bool) -> dict[Node, list[Statement]]:
    """What a source states of each node, observed or not."""
    found: dict[Node, list[Statement]] = defaultdict(list)
    for statement in entry.reading.statements:
        if statement.observed is observed:
            found[statement.node].append(statement)
    return found


def place_of(statement: Statement) -> list[object]:
    """Line, locator and writing of a statement, and, where it is so, that it is prose, or what it
    is inferred from.
    """
    place = [statement.place.line, statement.place.pointer, statement.place.given]
    if statement.inferred_from:
        return [*place, statement.prose, statement.inferred_from]
    return [*place, True] if statement.prose else [*place]
