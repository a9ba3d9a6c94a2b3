"""What the mapping hangs on: attributes without which much is lost, mismatches that several
independent predicates detect, and attributes that nobody would miss.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from kg.catalogue import Mismatch
from kg.gaps.alternatives import Alternatives
from kg.gaps.coverage import comparing, ways
from kg.gaps.mapping import keys_of
from kg.gaps.needs import Needs
from kg.gaps.relations import Relations


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """An attribute, the predicates that can find nothing without it, and the mismatches that none
    can detect then.

    `weight` adds up, of every mismatch, the part of its comparing predicates that is lost, times
    how often interviews told of it.
    """

    attribute: str
    predicates: tuple[str, ...]
    mismatches: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Redundancy:
    """A mismatch, and as many of its comparing predicates as there are of which no two read the
    same attribute.
    """

    mismatch: str
    predicates: tuple[str, ...]


def single_points(known: Relations, needs: Mapping[str, Needs]) -> tuple[SinglePoint, ...]:
    """Every attribute that some predicate cannot do without, the heaviest first."""
    told = [
        (
            mismatch,
            {
                n: needed(ways(known, needs, n, mismatch.code))
                for n in _able(known, needs, mismatch)
            },
        )
        for mismatch in known.mismatches
    ]
    found = (_point(told, name) for name in sorted(_read(known)))
    return tuple(sorted((one for one in found if one.predicates), key=_heaviest))


def spare(known: Relations, needs: Mapping[str, Needs]) -> tuple[str, ...]:
    """The attributes that are read, and that no comparing predicate has to have."""
    wanted = {name for need in needs.values() for name in needed(need.mismatch)}
    return tuple(sorted(_read(known) - wanted))


def redundancies(known: Relations) -> tuple[Redundancy, ...]:
    """The independent predicates of every mismatch, in the ontology's order."""
    return tuple(
        Redundancy(mismatch.code, _independent(known, comparing(known, mismatch.code)))
        for mismatch in known.mismatches
    )


def needed(alternatives: Alternatives[str]) -> frozenset[str]:
    """What is in every one of the alternatives."""
    return frozenset.intersection(*alternatives) if alternatives else frozenset()


def _read(known: Relations) -> set[str]:
    keys = keys_of(known.vocabulary)
    return {name for one in known.predicates for name in known.reads(one.id)} - keys


def _able(known: Relations, needs: Mapping[str, Needs], mismatch: Mismatch) -> list[str]:
    return [name for name in comparing(known, mismatch.code) if needs[name].mismatch]


def _point(told: list[tuple[Mismatch, dict[str, frozenset[str]]]], attribute: str) -> SinglePoint:
    blocked: set[str] = set()
    lost: list[str] = []
    weight = 0.0
    for mismatch, wanted in told:
        gone = {name for name, attributes in wanted.items() if attribute in attributes}
        blocked |= gone
        if gone:
            weight += (mismatch.interviews or 0) * len(gone) / len(wanted)
        if gone and len(gone) == len(wanted):
            lost.append(mismatch.code)
    return SinglePoint(attribute, tuple(sorted(blocked)), tuple(lost), weight)


def _heaviest(point: SinglePoint) -> tuple[float, int, str]:
    return -point.weight, -len(point.predicates), point.attribute


def _independent(known: Relations, predicates: tuple[str, ...]) -> tuple[str, ...]:
    """A largest set of predicates of which no two read the same attribute."""
    keys = keys_of(known.vocabulary)
    read = {name: {*known.reads(name)} - keys for name in predicates}
    apart: nx.Graph[str] = nx.Graph()
    apart.add_nodes_from(predicates)
    apart.add_edges_from(
        (one, other)
        for one in predicates
        for other in predicates
        if one < other and not read[one] & read[other]
    )
    clique, _ = nx.max_weight_clique(apart, weight=None)
    return tuple(sorted(clique))
