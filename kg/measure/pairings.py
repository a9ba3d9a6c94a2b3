"""The pairings that the ontology states: between which elements, and which attributes' parts,
counterparts are looked for.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.measure.current import Current
from kg.statements import Node
from kg.triples import Triples


@dataclass(frozen=True, slots=True)
class Pairing:
    """Between which elements, and which attributes' parts, counterparts are looked for, and how."""

    name: str
    along: tuple[str, ...]
    first_along: str
    then_along: str
    backwards: bool
    first: tuple[str, ...]
    second: tuple[str, ...]
    first_within: tuple[str, ...]
    within: tuple[str, ...]
    named_by: str
    within_named_by: str
    called_by: str
    same_in: str
    as_paired: str
    by_name: bool
    by_broader: bool
    despite_none: bool


@cache
def pairings(triples: Triples) -> tuple[Pairing, ...]:
    """The pairings that the ontology states; those that others rely on come first."""
    found = [_pairing(triples, name) for name in triples.subjects("rdf:type", "mm:Pairing")]
    return tuple(sorted(found, key=lambda pairing: bool(pairing.as_paired)))


def _pairing(triples: Triples, name: str) -> Pairing:
    def one(term: str) -> str:
        return "".join(triples.locals(name, term)[:1])

    return Pairing(
        name=name,
        along=triples.locals(name, "mm:along"),
        first_along=one("mm:firstAlong"),
        then_along=one("mm:thenAlong"),
        backwards=one("mm:backwards") == "true",
        first=triples.locals(name, "mm:firstParts"),
        second=triples.locals(name, "mm:secondParts"),
        first_within=triples.locals(name, "mm:firstWithin"),
        within=triples.locals(name, "mm:secondWithin"),
        named_by=one("mm:namedBy"),
        within_named_by=one("mm:withinNamedBy"),
        called_by=one("mm:calledBy"),
        same_in=one("mm:sameIn"),
        as_paired=one("mm:asPaired"),
        by_name=one("mm:alsoByName") == "true",
        by_broader=one("mm:alsoBroader") == "true",
        despite_none=one("mm:despiteNone") == "true",
    )


def elements(current: Current, pairing: Pairing) -> dict[tuple[Node, Node], None]:
    """The elements between which the pairing looks, each two once."""
    starts = _steps(current, pairing.first_along) if pairing.first_along else None
    onward = _steps(current, pairing.then_along) if pairing.then_along else None
    found: dict[tuple[Node, Node], None] = {}
    for along in pairing.along:
        for start, end in current.linked(along):
            firsts = [start] if starts is None else starts[start]
            seconds = [end] if onward is None else onward[end]
            ends = ((first, second) for first in firsts for second in seconds)
            found |= {(e[1], e[0]) if pairing.backwards else e: None for e in ends}
    return found


def _steps(current: Current, link: str) -> Mapping[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for start, end in current.linked(link):
        found[start].append(end)
    return found
