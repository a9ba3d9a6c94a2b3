"""How values relate that plain SPARQL cannot compare: versions, units, licences, spans, concepts.

Compared are the same attribute of two paired parts, what `ontology/comparisons.ttl` says of
elements that links join, and the several values that statements give one attribute of one thing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations, product
from typing import TypeAlias

from kg.comparing import UNKNOWN, Known, Related, Way, ways
from kg.measure.current import Current
from kg.statements import Node
from kg.triples import Triples
from kg.vocabulary import Attribute, Literal

Holders: TypeAlias = dict[tuple[Node, str, str], list[Node]]

_MOST = 10_000  # so many comparisons between two elements say nothing to anybody


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values of two parts or elements, or of one, and how they relate."""

    first: Node
    second: Node
    attribute: str
    second_attribute: str
    first_value: Literal
    second_value: Literal
    relation: str
    method: str
    factor: float | None = None
    cycles: int | None = None


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Two attributes that are compared, of elements or of the parts named, along links or any."""

    along: tuple[str, ...]
    first: str
    first_parts: tuple[str, ...]
    second: str
    second_parts: tuple[str, ...]


def compared(current: Current, paired: Iterable[tuple[Node, Node]]) -> Iterator[Comparison]:
    """Every comparison that a predicate may ask for."""
    comparer = _Comparer(current)
    yield from comparer.of_pairs(paired)
    yield from comparer.of_contrasts()
    yield from comparer.of_one_thing()


class _Comparer:
    """Compares values by the datatype of their attribute."""

    def __init__(self, current: Current) -> None:
        vocabulary = current.vocabulary
        self._current = current
        self._known = Known(vocabulary, current.broader)
        self._ways = {
            a.name: ways()[a.range.datatype]
            for a in vocabulary.attributes.values()
            if a.range.datatype in ways()
        }
        self._related: dict[tuple[str, str, str], Related] = {}
        self._stating: dict[Node, list[str]] = {
            node: names
            for node, held in current.stated.items()
            if (names := [name for name in held if name in self._ways])
        }

    def of_pairs(self, paired: Iterable[tuple[Node, Node]]) -> Iterator[Comparison]:
        """The values of one attribute of two parts that correspond."""
        for first, second in paired:
            if first in self._stating and second in self._stating:
                for name in self._stating[first]:
                    if name in self._stating[second]:
                        yield from self._of(first, name, second, name)

    def of_contrasts(self) -> Iterator[Comparison]:
        """The values of attributes that are compared wherever links join their elements."""
        contrasts = _contrasts(self._current.vocabulary.triples)
        holders = self._holders(contrasts)
        for contrast in contrasts:
            for one, other in self._joined(contrast, holders):
                firsts = _of(holders, one, contrast.first, contrast.first_parts)
                seconds = _of(holders, other, contrast.second, contrast.second_parts)
                if len(firsts) * len(seconds) <= _MOST:
                    for first, second in product(firsts, seconds):
                        yield from self._of(first, contrast.first, second, contrast.second)

    def of_one_thing(self) -> Iterator[Comparison]:
        """The values that statements give an attribute of which one is true at a time."""
        for node, names in self._stating.items():
            for name in names:
                if self._attribute(name).single:
                    yield from self._of_one(node, name)

    def _of_one(self, node: Node, name: str) -> Iterator[Comparison]:
        values = self._values(node, name)
        for value in values:
            if self._relate(name, value, value).relation == "impossible":
                yield self._comparison(node, name, value, node, name, value)
        for one, other in permutations(values, 2):
            # Of one thing, no side needs and no side gives: what one direction leaves open, such as
            # any version beside a certain one, the other may tell.
            there, back = self._relate(name, one, other), self._relate(name, other, one)
            related = back if there.relation == UNKNOWN else there
            yield self._comparison(node, name, one, node, name, other, related)

    def _of(self, first: Node, name: str, second: Node, other: str) -> Iterator[Comparison]:
        for one, two in product(self._values(first, name), self._values(second, other)):
            yield self._comparison(first, name, one, second, other, two)

    def _comparison(  # noqa: PLR0913, PLR0917 (the two sides, each with its node, attribute and value)
        self,
        first: Node,
        name: str,
        one: str,
        second: Node,
        other: str,
        two: str,
        related: Related | None = None,
    ) -> Comparison:
        related = related or self._relate(name, one, two)
        method = self._ways[name].DATATYPE
        return Comparison(
            first, second, name, other, one, two, related.relation, method, related.factor
        )

    def _relate(self, name: str, one: str, other: str) -> Related:
        way: Way = self._ways[name]
        key = way.DATATYPE, one, other
        if key not in self._related:
            self._related[key] = way.related(one, other, self._known)
        return self._related[key]

    def _values(self, node: Node, name: str) -> list[str]:
        return [str(value) for value in self._current.values(node, name)]

    def _attribute(self, name: str) -> Attribute:
        return self._current.vocabulary.attribute(name)

    def _holders(self, contrasts: Iterable[_Contrast]) -> Holders:
        """What states an attribute of a contrast, by element, attribute and what holds it."""
        wanted = {
            (name, holder)
            for contrast in contrasts
            for name, parts in (
                (contrast.first, contrast.first_parts),
                (contrast.second, contrast.second_parts),
            )
            for holder in parts or ("",)
        }
        found: Holders = defaultdict(list)
        for node, held in self._current.stated.items():
            holder = node.parts[-1][0] if node.parts else ""
            for name in held:
                if (name, holder) in wanted:
                    found[node.element, name, holder].append(node)
        return found

    def _joined(self, contrast: _Contrast, holders: Holders) -> Iterator[tuple[Node, Node]]:
        """The elements between which is compared; each is joined with itself."""
        if contrast.along:
            for along in contrast.along:
                yield from self._current.linked(along)
            return
        wanted = {(contrast.first, holder) for holder in contrast.first_parts or ("",)}
        for element in dict.fromkeys(one for one, *stated in holders if tuple(stated) in wanted):
            yield from ((element, other) for other in self._current.joined(element))


def _contrasts(triples: Triples) -> list[_Contrast]:
    return [
        _Contrast(
            along=triples.locals(name, "mm:along"),
            first=triples.locals(name, "mm:comparedAttribute")[0],
            first_parts=triples.locals(name, "mm:firstParts"),
            second=triples.locals(name, "mm:secondAttribute")[0],
            second_parts=triples.locals(name, "mm:secondParts"),
        )
        for name in triples.subjects("rdf:type", "mm:Contrast")
    ]


def _of(holders: Holders, element: Node, name: str, parts: tuple[str, ...]) -> list[Node]:
    """The element itself where it states the attribute, or, where parts are named, those parts."""
    return [node for holder in parts or ("",) for node in holders.get((element, name, holder), ())]
