"""Which parts of linked elements correspond: a declared counterpart decides, else one name, else
aligned names.

The pairings themselves stand in `ontology/pairings.ttl`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.measure.current import Current
from kg.names import aligned
from kg.statements import Node
from kg.triples import Triples


@dataclass(frozen=True, slots=True)
class Pairing:
    """Along which link, and between which attributes' parts, counterparts are looked for."""

    along: str
    first: str
    second: str
    named_by: str
    by_name: bool


def pairings(triples: Triples) -> list[Pairing]:
    """The pairings that the ontology states."""
    return [
        Pairing(
            along=triples.locals(name, "mm:along")[0],
            first=triples.locals(name, "mm:firstParts")[0],
            second=triples.locals(name, "mm:secondParts")[0],
            named_by="".join(triples.locals(name, "mm:namedBy")),
            by_name=triples.value(name, "mm:alsoByName") == "true",
        )
        for name in triples.subjects("rdf:type", "mm:Pairing")
    ]


def pairs(current: Current, pairing: Pairing) -> Iterator[tuple[Node, Node]]:
    """Every part of a first element with its counterpart, where it has one."""
    for first, second in current.linked(pairing.along):
        candidates = current.parts(second, pairing.second)
        for part in current.parts(first, pairing.first):
            yield from (
                (part, other) for other in _counterparts(current, pairing, part, candidates)
            )


def _counterparts(
    current: Current, pairing: Pairing, part: Node, candidates: list[Node]
) -> list[Node]:
    declared = _declared(current, pairing, part)
    if declared:
        wanted = {aligned(name) for name in declared}
        return [other for other in candidates if wanted & set(map(aligned, _names(current, other)))]
    back = [
        other
        for other in candidates
        if pairing.named_by and set(current.values(other, pairing.named_by)) & _names(current, part)
    ]
    return back or (_by_name(current, part, candidates) if pairing.by_name else [])


def _declared(current: Current, pairing: Pairing, part: Node) -> set[str]:
    stated = current.values(part, pairing.named_by) if pairing.named_by else []
    mapped = (
        [m.target for m in current.project.settings.mappings if m.source in _names(current, part)]
        if pairing.named_by == "counterpart"
        else []
    )
    return {str(name) for name in (*stated, *mapped)}


def _by_name(current: Current, part: Node, candidates: list[Node]) -> list[Node]:
    names = _names(current, part)
    same = [other for other in candidates if names & _names(current, other)]
    if same:
        return same
    keys = set(map(aligned, names))
    near = [other for other in candidates if keys & set(map(aligned, _names(current, other)))]
    return near if len(near) == 1 else []


def _names(current: Current, part: Node) -> set[str]:
    """What the part is called: its own normalised name, and each spelling that a source gives
    it.
    """
    return {part.parts[-1][1], *map(str, current.values(part, "name"))}
