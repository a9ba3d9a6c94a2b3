"""The matrix of mismatches, elements and attributes, with the predicates that join them: the
paper's Figure 6 for all that is known.

A predicate says which mismatches it detects and which attributes it reads. An attribute of a part,
such as a field's unit, belongs to each element that can have the part; here it counts for those of
them that the predicate is about.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.errors import NotFound
from kg.findings import ALL
from kg.namespaces import kebab, local, snake
from kg.patterns import outline
from kg.translation import query_of
from kg.vocabulary import Attribute, Vocabulary

ByElement = Mapping[str, tuple[Attribute, ...]]
"""Attributes by the element whose descriptor they stand in, in the order of the elements."""


@dataclass(frozen=True, slots=True)
class Column:
    """An element, with the short code by which the study calls it."""

    name: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A predicate, and the attributes that it reads."""

    predicate: Predicate
    attributes: ByElement


@dataclass(frozen=True, slots=True)
class Row:
    """A mismatch, the predicates that detect it, and the attributes that inform it and that none
    of those reads.
    """

    mismatch: Mismatch
    readings: tuple[Reading, ...]
    unread: ByElement

    @property
    def category(self) -> str:
        """The code of the mismatch's category, such as `OE`."""
        return self.mismatch.code.partition(".")[0]

    @property
    def importance(self) -> tuple[int, int]:
        """How many of the survey's respondents rate it important, and how many there were."""
        return self.mismatch.ratings.get(ALL, (0, 0))

    def kinds(self) -> Mapping[str, int]:
        """How many predicates of each kind detect the mismatch."""
        found: dict[str, int] = defaultdict(int)
        for reading in self.readings:
            found[reading.predicate.kind] += 1
        return found

    def read(self, element: str) -> tuple[Attribute, ...]:
        """The element's attributes that some predicate of the mismatch reads."""
        each = (reading.attributes.get(element, ()) for reading in self.readings)
        return _distinct(attribute for attributes in each for attribute in attributes)

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute that some predicate of the mismatch reads, of whichever element."""
        found = (found for one in self.readings for found in one.attributes.values())
        return _distinct(attribute for attributes in found for attribute in attributes)

    @property
    def elements(self) -> frozenset[str]:
        """The elements of which something is read or informs."""
        read = (name for reading in self.readings for name in reading.attributes)
        return frozenset((*read, *self.unread))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in the study's order, and the elements that are its columns."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def groups(self) -> tuple[tuple[Row, ...], ...]:
        """The rows category by category, where they are in such an order; else all in one."""
        found = [tuple(rows) for _, rows in groupby(self.rows, key=lambda row: row.category)]
        whole = len(found) == len({row.category for row in self.rows})
        return tuple(found) if whole else (self.rows,)

    @property
    def predicates(self) -> Mapping[str, Predicate]:
        """Every predicate of some row, by id."""
        found = {r.predicate.id: r.predicate for row in self.rows for r in row.readings}
        return dict(sorted(found.items()))

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute that some predicate of some row reads, column by column."""
        return _distinct(
            one for column in self.columns for row in self.rows for one in row.read(column.name)
        )


def build(vocabulary: Vocabulary, catalogue: Catalogue) -> Matrix:
    """The matrix of all mismatches and predicates."""
    holding = _Holders(vocabulary)
    readings = {p.id: _reading(p, vocabulary, holding) for p in catalogue.predicates.values()}
    return Matrix(
        columns=tuple(_columns(vocabulary)),
        rows=tuple(
            _row(mismatch, vocabulary, holding, readings.values())
            for mismatch in catalogue.mismatches.values()
        ),
    )


class Order(StrEnum):
    """What rows can be sorted by, the most first; those that are equal keep the study's order."""

    STUDY = "study"
    TOLD = "told"
    IMPORTANT = "important"
    PREDICATES = "predicates"
    ATTRIBUTES = "attributes"


MEASURES: Mapping[Order, Callable[[Row], float]] = {
    Order.STUDY: lambda _: 0,
    Order.TOLD: lambda row: row.mismatch.interviews or 0,
    Order.IMPORTANT: lambda row: row.importance[0] / (row.importance[1] or 1),
    Order.PREDICATES: lambda row: len(row.readings),
    Order.ATTRIBUTES: lambda row: len(row.attributes),
}
"""What each order goes by."""


def ordered(matrix: Matrix, by: Order) -> Matrix:
    """The matrix with its rows in that order."""
    return replace(matrix, rows=tuple(sorted(matrix.rows, key=MEASURES[by], reverse=True)))


def narrowed(
    matrix: Matrix, mismatches: Collection[str] = (), elements: Collection[str] = ()
) -> Matrix:
    """The matrix of some mismatches or categories, and of some elements; raises NotFound.

    A mismatch is named by its code, its category's, or its name; an element by class, code, label.
    A predicate stays where it reads one of the elements.
    """
    rows = [*_named_rows(matrix, mismatches)] if mismatches else matrix.rows
    columns = [*_named_columns(matrix, elements)] if elements else matrix.columns
    kept = {column.name for column in columns}
    cut = (_cut(row, kept) for row in rows) if elements else rows
    return Matrix(tuple(columns), tuple(row for row in cut if not elements or row.elements))


def written(attribute: Attribute, vocabulary: Vocabulary) -> str:
    """An attribute as the matrix names it: its key, after its part's where it is one of a part."""
    if attribute.domain in vocabulary.parts:
        return f"{snake(attribute.domain)}.{attribute.key}"
    return attribute.key


# -- columns ---------------------------------------------------------------------------------------


def _columns(vocabulary: Vocabulary) -> Iterator[Column]:
    for element in vocabulary.concrete():
        category = vocabulary.triples.value(kebab(element.name), "skos:notation")
        initials = "".join(letter for letter in element.name if letter.isupper())
        yield Column(element.name, category or initials, element.label)


class _Holders:
    """Which elements can hold what is stated of a class."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._order = [element.name for element in vocabulary.concrete()]

    def of(self, kind: str) -> list[str]:
        """The elements that are of the class, or can have parts of it, in the ontology's order."""
        return [name for name in self._order if kind in self._reach[name]]

    def place(self, element: str) -> int:
        """Where the element stands in the ontology's order."""
        return self._order.index(element)

    def about(self, predicate: Predicate) -> set[str]:
        """The elements that a predicate is about: those that it names, or whose attributes it
        reads, or that its links join.

        A superclass stands for those below it that something else speaks of, or for all.
        """
        named = set(self._spoken_of(predicate))
        certain = named & {*self._order}
        found = set(certain)
        for name in named - certain:
            below = {one for one in self._order if name in self._vocabulary.ancestors(one)}
            found |= (below & certain) or below
        return found

    def _spoken_of(self, predicate: Predicate) -> Iterator[str]:
        known = self._vocabulary
        for term in {local(term) for term in outline(query_of(predicate)).terms}:
            if term in known.elements:
                yield term
            elif term in known.links:
                yield from (known.links[term].domain, known.links[term].range)
            elif term in known.attributes and known.attributes[term].domain in known.elements:
                yield known.attributes[term].domain

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        return {name: self._reached(name) for name in self._order}

    def _reached(self, element: str) -> set[str]:
        found: set[str] = set()
        waiting = [element]
        while waiting:
            fresh = [n for n in self._vocabulary.ancestors(waiting.pop()) if n not in found]
            found.update(fresh)
            waiting += [
                attribute.range.name
                for attribute in self._vocabulary.attributes.values()
                if attribute.domain in fresh and attribute.range.kind == "part"
            ]
        return found


# -- rows ------------------------------------------------------------------------------------------


def _reading(predicate: Predicate, vocabulary: Vocabulary, holding: _Holders) -> Reading:
    read = (vocabulary.attributes.get(term) for term in sorted(terms(predicate)))
    about = holding.about(predicate)
    return Reading(predicate, _by_element((one for one in read if one), about, holding))


def _row(
    mismatch: Mismatch, vocabulary: Vocabulary, holding: _Holders, readings: Iterable[Reading]
) -> Row:
    detecting = tuple(r for r in readings if mismatch.code in r.predicate.detects)
    read = {a.name for r in detecting for found in r.attributes.values() for a in found}
    left = [
        attribute
        for attribute in vocabulary.attributes.values()
        if mismatch.name in attribute.informs and attribute.name not in read
    ]
    about = {name for reading in detecting for name in reading.attributes}
    return Row(mismatch, detecting, _by_element(left, about, holding))


def _by_element(
    attributes: Iterable[Attribute], about: Collection[str], holding: _Holders
) -> ByElement:
    found: dict[str, list[Attribute]] = defaultdict(list)
    for attribute in attributes:
        holders = holding.of(attribute.domain)
        for name in [one for one in holders if one in about] or holders:
            found[name].append(attribute)
    return {name: tuple(found[name]) for name in sorted(found, key=holding.place)}


def _distinct(attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
    return tuple({attribute.name: attribute for attribute in attributes}.values())


# -- narrowing -------------------------------------------------------------------------------------


def _named_rows(matrix: Matrix, names: Iterable[str]) -> Iterator[Row]:
    wanted = {name.strip().lower(): name for name in names}
    for low, name in wanted.items():
        if not any(low in _names_of(row) for row in matrix.rows):
            codes = dict.fromkeys(row.category for row in matrix.rows)
            raise NotFound(
                f"There is no mismatch {name}",
                f"Name one such as OE.ComputingResources, or a category: {', '.join(codes)}",
            )
    yield from (row for row in matrix.rows if wanted.keys() & _names_of(row))


def _names_of(row: Row) -> set[str]:
    names = (row.mismatch.code, row.mismatch.name, row.category, row.mismatch.category)
    return {name.lower() for name in names}


def _named_columns(matrix: Matrix, names: Iterable[str]) -> Iterator[Column]:
    called = {
        name.lower(): column
        for column in matrix.columns
        for name in (column.name, column.code, column.label, snake(column.name))
    }
    wanted = {name.strip().lower().replace("-", " "): name for name in names}
    for key, name in wanted.items():
        if key not in called:
            listed = ", ".join(f"{column.code} ({column.label})" for column in matrix.columns)
            raise NotFound(f"There is no element {name}", f"There are {listed}")
    yield from (c for c in matrix.columns if any(called[key] is c for key in wanted))


def _cut(row: Row, elements: Collection[str]) -> Row:
    readings = (
        replace(reading, attributes=_kept(reading.attributes, elements)) for reading in row.readings
    )
    return Row(
        row.mismatch, tuple(r for r in readings if r.attributes), _kept(row.unread, elements)
    )


def _kept(attributes: ByElement, elements: Collection[str]) -> ByElement:
    return {name: found for name, found in attributes.items() if name in elements}
