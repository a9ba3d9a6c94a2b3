"""Which parts of the elements of a system correspond: a declared counterpart decides, else one
name, else aligned names.

The pairings themselves stand in `ontology/pairings.ttl`. A declared name decides where it names a
part. Where it names one of another linked element only, names decide here; where it names none at
all, the part has no counterpart, so that the slip is seen. Names that are looser than aligned are
guessed at, and several that are aligned alike are ambiguous: such pairs are told to people, and no
counterparts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.measure.current import Current
from kg.measure.pairings import Pairing, elements
from kg.measure.sides import Side
from kg.names import LIKELY, aligned, extends, likeness
from kg.statements import Node

RANKS = ("declared", "identical", "aligned", "broader", "ambiguous", "guessed")
"""What can make two parts a pair, the surest first."""

_SURE = 4
_MAPPED = "counterpart"
_MOST_GUESSED = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts, what makes them correspond, and the pairing that brought them together."""

    first: Node
    second: Node
    alignment: str
    pairing: str

    @property
    def is_sure(self) -> bool:
        """Whether the two are counterparts, not just a question to ask."""
        return self.alignment in RANKS[:_SURE]


def pairs(current: Current, stated: Sequence[Pairing]) -> list[Pair]:
    """Every pair of parts once, by what makes it surest."""
    by_name = {pairing.name: pairing for pairing in stated}
    meetings = [
        _Meeting(current, pairing, by_name.get(pairing.as_paired), first, second)
        for pairing in stated
        for first, second in elements(current, pairing)
    ]
    placed = {part for meeting in meetings for part in meeting.declared}
    broader = current.broader
    found: dict[tuple[Node, Node], Pair] = {}
    for meeting in meetings:
        for pair in meeting.pairs(placed, broader, found.values()):
            known = found.get((pair.first, pair.second))
            if known is None or _rank(pair) < _rank(known):
                found[pair.first, pair.second] = pair
    return list(found.values())


def _rank(pair: Pair) -> tuple[int, str]:
    return RANKS.index(pair.alignment), pair.pairing


class _Meeting:
    """Two elements whose parts a pairing brings together."""

    def __init__(
        self,
        current: Current,
        pairing: Pairing,
        as_paired: Pairing | None,
        first: Node,
        second: Node,
    ) -> None:
        self._current = current
        self._pairing = pairing
        self._as_paired = as_paired
        self._ends = first, second
        firsts = _within(current, _inside(current, first, pairing.first_within), pairing.first)
        self._first = Side(current, firsts, pairing.called_by)
        holders = _inside(current, second, pairing.within)
        self._holders = Side(current, holders if pairing.within else (), "")
        seconds = _within(current, holders, pairing.second)
        self._second = Side(current, seconds, pairing.called_by)

    @cached_property
    def declared(self) -> dict[Node, dict[Node, None]]:
        """The counterparts that are declared, on whichever side, of each first part that has
        one here.
        """
        found: dict[Node, dict[Node, None]] = {}
        if not self._pairing.named_by or not self._second.names:
            return found
        for part in self._first.names:
            near = self._second.called(self._targets(part))
            if counterparts := {other: None for other in near if self._is_within(part, other)}:
                found[part] = counterparts
        for other in self._second.names:
            for part in self._first.called(map(str, self._named(other))):
                found.setdefault(part, {}).setdefault(other)
        return found

    @cached_property
    def _silent(self) -> set[Node]:
        """The parts, on either side, that are said to have no counterpart."""
        terms = (self._pairing.named_by, self._pairing.within_named_by)
        return {
            part
            for part in (*self._first.names, *self._second.names)
            if any(self._says_none(part, term) for term in terms)
        }

    def _says_none(self, part: Node, term: str) -> bool:
        said = (part, term) in self._current.complete and not self._pairing.despite_none
        return said and not self._current.values(part, term)

    def pairs(
        self,
        placed: set[Node],
        broader: Mapping[str, frozenset[str]],
        before: Iterable[Pair],
    ) -> Iterator[Pair]:
        """The pairs of the two elements, `placed` being all parts whose declared counterpart was
        found somewhere.
        """
        if not self._first.names or not self._second.names:
            return
        also = self._also(before)
        alone: list[Node] = []
        for part in self._first.names:
            declared = self.declared.get(part, {})
            yield from (self._pair(part, other, "declared") for other in declared)
            if declared or part in self._silent or not self._pairing.by_name:
                continue
            if part not in placed and self._targets(part):
                continue
            named = list(self._by_name(part, also, broader))
            yield from named
            alone += [] if named else [part]
        if self._pairing.named_by and self._pairing.by_name:
            yield from self._guessed(alone)

    def _by_name(
        self, part: Node, also: Mapping[str, list[Pair]], broader: Mapping[str, frozenset[str]]
    ) -> Iterator[Pair]:
        keys = self._first.keys[part]
        if known := [pair for key in keys for pair in also.get(key, ())]:
            for pair in known:
                near = self._fitting(part, self._second.called(self._current.names(pair.second)))
                yield from (self._pair(part, other, pair.alignment) for other in near)
            return
        same = {o: None for name in self._first.names[part] for o in self._named_so(name)}
        if fitting := self._fitting(part, self._untold(part, same)):
            yield from (self._pair(part, other, "identical") for other in fitting)
            return
        alike = {other: None for key in keys for other in self._second.by_key.get(key, ())}
        if fitting := self._fitting(part, self._untold(part, alike)):
            others = {p for key in keys for p in self._first.by_key[key]}
            clear = self._first.is_clear(others) and self._second.is_clear(fitting)
            alignment = "aligned" if clear else "ambiguous"
            yield from (self._pair(part, other, alignment) for other in fitting)
        elif self._pairing.by_broader:
            wider = frozenset[str]().union(*(broader.get(key, ()) for key in keys))
            above = {other: None for key in wider for other in self._second.by_key.get(key, ())}
            yield from (self._pair(part, o, "broader") for o in self._fitting(part, above))

    def _guessed(self, alone: list[Node]) -> Iterator[Pair]:
        """For each part that is left alone, the other one whose name is likest; where only one is
        left on each side, it is enough that one name says more than the other.
        """
        taken = {other for others in self.declared.values() for other in others} | self._silent
        keys = {key for part in self._first.names for key in self._first.keys[part]}
        left = [o for o in self._second.names if o not in taken and not self._second.keys[o] & keys]
        if not 0 < max(len(alone), len(left)) <= _MOST_GUESSED:
            return
        for part in alone:
            likest = max(((self._likeness(part, o), o.parts, o) for o in left), default=None)
            last = len(alone) == len(left) == 1 and self._extends(part, left[0])
            if likest and (likest[0] >= LIKELY or last):
                yield self._pair(part, likest[2], "guessed")

    def _extends(self, part: Node, other: Node) -> bool:
        keys = self._first.keys[part], self._second.keys[other]
        return any(extends(one, two) for one in keys[0] for two in keys[1])

    def _likeness(self, part: Node, other: Node) -> float:
        pairs = ((a, b) for a in self._first.keys[part] for b in self._second.keys[other])
        return max((likeness(a, b) for a, b in pairs), default=0.0)

    def _also(self, before: Iterable[Pair]) -> Mapping[str, list[Pair]]:
        """The pairs of the other pairing that tell by their first part's name, aligned."""
        found: dict[str, list[Pair]] = defaultdict(list)
        if self._pairing.as_paired:
            for pair in before:
                ends = pair.first.element, pair.second.element
                if pair.pairing == self._pairing.as_paired and pair.is_sure and ends == self._ends:
                    for name in set(map(aligned, self._current.names(pair.first))):
                        found[name].append(pair)
        return found

    def _named_so(self, name: str) -> Iterable[Node]:
        return self._second.by_name.get(name, ())

    def _fitting(self, part: Node, others: Iterable[Node]) -> list[Node]:
        """Those that also agree in what counterparts must have in common, and where they stand."""
        return [
            other
            for other in others
            if other not in self._silent
            and self._is_same(part, other)
            and self._is_within(part, other)
        ]

    def _untold(self, part: Node, others: Iterable[Node]) -> list[Node]:
        """Those of which the other pairing does not tell that they are no counterparts, because it
        saw what both are about and made no pair of it.
        """
        first, second = self._about
        if self._first.keys[part].isdisjoint(first):
            return list(others)
        return [other for other in others if self._second.keys[other].isdisjoint(second)]

    @cached_property
    def _about(self) -> tuple[frozenset[str], frozenset[str]]:
        """The aligned names of the parts that the other pairing brings together, by side."""
        if not self._as_paired:
            return frozenset(), frozenset()
        ends = zip(self._ends, (self._as_paired.first, self._as_paired.second), strict=True)
        first, second = (
            frozenset(
                aligned(name)
                for part in _within(self._current, [element], attributes)
                for name in self._current.names(part)
            )
            for element, attributes in ends
        )
        return first, second

    def _is_same(self, part: Node, other: Node) -> bool:
        if not self._pairing.same_in:
            return True
        one, two = (
            {aligned(str(v)) for v in self._current.values(node, self._pairing.same_in)}
            for node in (part, other)
        )
        return bool(one & two)

    def _is_within(self, part: Node, other: Node) -> bool:
        """Whether the other is held by what the part names, if it names any."""
        if not self._pairing.within_named_by:
            return True
        if self._says_none(part, self._pairing.within_named_by):
            return False
        named = self._current.values(part, self._pairing.within_named_by)
        holder = other.parts[:-1]
        held = (node.parts for node in self._holders.called(map(str, named)))
        return not named or any(parts == holder for parts in held)

    def _targets(self, part: Node) -> list[str]:
        """The names that the part, or a mapping in the settings, gives its counterpart."""
        found = [str(name) for name in self._named(part)]
        if self._pairing.named_by == _MAPPED:
            mappings = self._current.project.settings.mappings
            found += [m.target for m in mappings if m.source in self._first.names[part]]
        return found

    def _named(self, part: Node) -> Iterable[object]:
        return self._current.values(part, self._pairing.named_by)

    def _pair(self, part: Node, other: Node, alignment: str) -> Pair:
        return Pair(part, other, alignment, self._pairing.name)


def _inside(current: Current, element: Node, attributes: Iterable[str]) -> list[Node]:
    """What holds the parts: the element itself, or those parts of it that are named."""
    return _within(current, [element], attributes) if attributes else [element]


def _within(current: Current, holders: Iterable[Node], attributes: Iterable[str]) -> list[Node]:
    return [
        part
        for holder in holders
        for attribute in attributes
        for part in current.parts(holder, attribute)
    ]
