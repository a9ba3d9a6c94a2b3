"""The matrix of mismatches, elements and attributes, with the predicates that join them: the
paper's Figure 6 for all that is known.

A predicate says which mismatches it detects and which attributes it reads. An attribute of a part,
such as a field's unit, belongs to each element that can have the part; here it counts for those of
them that the predicate is about.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.findings import ALL
from kg.matrix.placing import Holders
from kg.namespaces import kebab, snake
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
    holding = Holders(vocabulary)
    readings = {p.id: _reading(p, vocabulary, holding) for p in catalogue.predicates.values()}
    return Matrix(
        columns=tuple(_columns(vocabulary)),
        rows=tuple(
            _row(mismatch, vocabulary, holding, readings.values())
            for mismatch in catalogue.mismatches.values()
        ),
    )


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


# -- rows ------------------------------------------------------------------------------------------


def _reading(predicate: Predicate, vocabulary: Vocabulary, holding: Holders) -> Reading:
    read = (vocabulary.attributes.get(term) for term in sorted(terms(predicate)))
    about = holding.about(predicate)
    return Reading(predicate, _by_element((one for one in read if one), about, holding))


def _row(
    mismatch: Mismatch, vocabulary: Vocabulary, holding: Holders, readings: Iterable[Reading]
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
    attributes: Iterable[Attribute], about: Collection[str], holding: Holders
) -> ByElement:
    found: dict[str, list[Attribute]] = defaultdict(list)
    for attribute in attributes:
        holders = holding.of(attribute.domain)
        for name in [one for one in holders if one in about] or holders:
            found[name].append(attribute)
    return {name: tuple(found[name]) for name in sorted(found, key=holding.place)}


def _distinct(attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
    return tuple({attribute.name: attribute for attribute in attributes}.values())
