"""What each undecided verdict of a project waits for: statements that are missing, and which are
needed together.

A verdict is undecided because of rows. A row is gone once something is stated that it says is not,
or once the optional values are there without which its verdict cannot be another. What decides has,
besides, to be stated in some way in which the predicate decides at all. Where a row lacks nothing,
as where two versions overlap, what is stated has to be stated more closely.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product
from typing import TypeAlias

from kg.catalogue import Predicate
from kg.detect.judging import Judge, Open
from kg.detect.telling import Scene
from kg.findings import Finding, Participant
from kg.gaps.alternatives import Alternatives, both, smallest
from kg.gaps.needs import Needer, Walk, Wanted
from kg.identifiers import node_of
from kg.namespaces import local
from kg.patterns import plan_of
from kg.sparql import Plan, Term, arms
from kg.sparql.values import text_of
from kg.translation import query_of
from kg.vocabulary import Attribute
from kg.workspace import Facts
from kg.writing import reference

_PART_OF = reference("mm:partOf")
Way: TypeAlias = tuple[tuple[str, str], ...]
"""The attributes that lead from an element to a part, each with the name of its part."""
_TOGETHER, _VARIANTS = 3, 24
"""So many optional values are looked at together, and so many ways through the UNIONs of an arm."""


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """An attribute that is not stated of an element, or of parts of it; `element` is its path below
    its project, or empty where the project has none of its `kind`.
    """

    kind: str
    element: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An undecided finding and the statements that decide it, of each alternative all; without any,
    nothing is missing that could be named.

    `parts` tells of what is missing from parts which they are: attributes and names on the way.
    """

    finding: Finding
    missing: Alternatives[Missing]
    parts: Mapping[Missing, frozenset[Way]]


class Waiter:
    """Tells what a project's undecided verdicts wait for."""

    def __init__(self, judge: Judge, needer: Needer, base: str) -> None:
        self._judge = judge
        self._base = base
        self._needer = needer
        self._ways: dict[str, Alternatives[str]] = {}

    def waiting(self, facts: Facts) -> list[Waiting]:
        """Every undecided verdict of the project by itself, and what it waits for."""
        scene, found = self._judge.undecided(facts)
        places = _Place(scene, self._needer, self._base)
        return [self._waiting(one, places) for one in found]

    def _waiting(self, one: Open, places: "_Place") -> Waiting:
        places.parts.clear()
        missing = smallest(self._missing(one, places))
        named = {gone for need in missing for gone in need}
        return Waiting(
            one.finding,
            missing,
            {gone: frozenset(ways) for gone, ways in places.parts.items() if gone in named},
        )

    def _missing(self, one: Open, places: "_Place") -> Iterator[frozenset[Missing]]:
        plan = arms(plan_of(query_of(one.predicate)))
        found: Alternatives[Missing] = frozenset([frozenset()])
        for cells, arm in one.answer.rows:
            row = dict(zip(one.ready.query.variables, cells, strict=False))
            needs = (
                frozenset(place for want in need for place in places.missing(want, row))
                for need in self._closing(one, plan[arm], row)
            )
            ways = frozenset(filter(None, needs))
            found = both(found, smallest(ways)) if ways else frozenset()
            if not found:
                return
        for need in found:
            yield from self._completed(one, need, places) if need else ()

    def _closing(
        self, one: Open, arm: Plan, row: Mapping[str, Term]
    ) -> Iterator[frozenset[Wanted]]:
        """What would have to be stated for the row to be gone, or to decide."""
        told = {f"?{name}": term for name, term in row.items() if self._is_attribute(term)}
        for group in _fitting(arm, row):
            walk = Walk(self._needer, one.predicate, group)
            for kind, *inner in group:
                if kind == "filter":
                    for denied in _denied(inner[0]):
                        yield from walk.taken(denied, told)
            yield from self._deciding(walk, group, row, told)

    def _deciding(
        self, walk: Walk, group: Plan, row: Mapping[str, Term], told: Mapping[str, Term]
    ) -> Iterator[frozenset[Wanted]]:
        """The optional values that are not there, and that the verdict may change with."""
        optional = [part for part in group if part[0] == "optional" and walk.tells(part[1])]
        absent = [part for part in optional if not _is_bound(part[1], row)]
        for number in range(1, _TOGETHER + 1):
            for some in combinations(absent, number):
                needed = walk.taken([inner for part in some for inner in part[1]], told)
                there = _with(group, absent, some)
                if frozenset() not in needed and walk.may_decide(there, told):
                    yield from needed

    def _completed(
        self, one: Open, need: frozenset[Missing], places: "_Place"
    ) -> Iterator[frozenset[Missing]]:
        """The need with what else the predicate has to read to decide, and nobody states."""
        ends = [end for end in (one.finding.subject, one.finding.object) if end]
        named = {missing.element for missing in need}
        elements = [end for end in ends if end.name in named] or ends
        asked = {missing.attribute for missing in need}
        lacking = [
            frozenset(place for name in way - asked for place in places.lacking(name, elements))
            for way in self._decided(one.predicate)
        ]
        for more in smallest(lacking) or [frozenset()]:
            yield need | more

    def _decided(self, predicate: Predicate) -> Alternatives[str]:
        if predicate.id not in self._ways:
            self._ways[predicate.id] = self._needer.needs(predicate).decided
        return self._ways[predicate.id]

    def _is_attribute(self, term: Term) -> bool:
        return local(term[1:-1]) in self._needer.vocabulary.attributes


class _Place:
    """Where in a project something is missing."""

    def __init__(self, scene: Scene, needer: Needer, base: str) -> None:
        self.parts: dict[Missing, set[Way]] = {}
        self._scene = scene
        self._base = base
        self._vocabulary = needer.vocabulary
        self._holding: dict[str, frozenset[str]] = {}

    def missing(self, want: Wanted, row: Mapping[str, Term]) -> list[Missing]:
        """What a pattern wants of what a row has for its variable."""
        term = row.get(want.of.removeprefix("?"), "")
        if term.startswith("<"):
            stated = self._scene.batch.objects(term, reference(f"mm:{want.attribute}"))
            return [] if stated else [self._of_node(term, want.attribute)]
        ends = [self._participant(row[name]) for name in ("subject", "object") if row.get(name)]
        able = self._able(want.attribute, ends)
        # What a test is made of is wanted of all that are compared.
        return able[:1] if want.of else able

    def _of_node(self, term: Term, attribute: str) -> Missing:
        owner = self._participant(self._owner(term))
        found = Missing(owner.element, owner.name, attribute)
        node = node_of(text_of(term), self._base, self._vocabulary)
        if node and node.parts:
            self.parts.setdefault(found, set()).add(node.parts)
        return found

    def lacking(self, attribute: str, ends: Iterable[Participant]) -> list[Missing]:
        """The attribute, of each of the elements that could state it, where none does."""
        able = self._able(attribute, ends)
        stated = any(attribute in self._stated.get(one.element, ()) for one in able)
        return [] if stated else able

    def _able(self, attribute: str, ends: Iterable[Participant]) -> list[Missing]:
        holders = self._holders(self._vocabulary.attributes[attribute])
        found = [(e.element, e.name) for e in ends if self._can(e.element, holders)]
        if not found:
            kinds = [e.name for e in self._vocabulary.concrete() if self._can(e.name, holders)]
            present = [(kind, name) for kind in kinds for name in self._present.get(kind, ())]
            found = present or [(kind, "") for kind in kinds[:1]]
        return [Missing(kind, name, attribute) for kind, name in found]

    def _can(self, kind: str, holders: frozenset[str]) -> bool:
        return not holders.isdisjoint(self._vocabulary.ancestors(kind))

    @cached_property
    def _stated(self) -> Mapping[str, set[str]]:
        """The attributes that are stated of each element or its parts."""
        found: dict[str, set[str]] = {}
        for predicate, relation in self._scene.batch.index.forward.items():
            name = local(text_of(predicate))
            if name in self._vocabulary.attributes:
                for subject in relation:
                    found.setdefault(self._name(self._owner(subject)), set()).add(name)
        return found

    @cached_property
    def _present(self) -> Mapping[str, list[str]]:
        """The project's elements, by their classes."""
        found: dict[str, list[str]] = {}
        for iri_ in self._scene.batch.projects:
            end = self._participant(reference(iri_))
            found.setdefault(end.element, []).append(end.name)
        return found

    def _holders(self, attribute: Attribute) -> frozenset[str]:
        """The classes of which it can be stated, or of a part that they have."""
        if attribute.domain not in self._holding:
            found = [attribute.domain]
            for part in found:
                found += [kind for kind in self._having(part) if kind not in found]
            self._holding[attribute.domain] = frozenset(found) & self._vocabulary.elements.keys()
        return self._holding[attribute.domain]

    def _having(self, part: str) -> Iterator[str]:
        """The classes that have parts of the class, or of one below or above it."""
        for other in self._vocabulary.attributes.values():
            kind = other.range.name
            if other.range.kind == "part" and (
                part in self._vocabulary.ancestors(kind) or kind in self._vocabulary.ancestors(part)
            ):
                yield other.domain

    def _owner(self, term: Term) -> Term:
        owners = self._scene.batch.objects(term, _PART_OF)
        return min(owners) if owners else term

    def _participant(self, term: Term) -> Participant:
        return self._scene.namer.participants(term, "")[0]

    def _name(self, term: Term) -> str:
        return self._participant(term).name


# -- ways through an arm --------------------------------------------------------------------------


def _fitting(arm: Plan, row: Mapping[str, Term]) -> Iterator[Plan]:
    """The arm without its inner UNIONs, in each way that fits the row."""
    choices = [part[1:] if part[0] == "union" else [[part]] for part in arm]
    ways = [list(chain.from_iterable(way)) for _, way in zip(range(_VARIANTS), product(*choices))]  # noqa: B905 - the first few
    fitting = [way for way in ways if _fits(way, row)]
    yield from fitting or ways


def _fits(group: Plan, row: Mapping[str, Term]) -> bool:
    for kind, *inner in group:
        if kind == "bind" and isinstance(inner[0], str) and not inner[0].startswith("?"):
            held = row.get(inner[1].removeprefix("?"))
            if held is not None and held != inner[0]:
                return False
        if kind == "triples":
            ends = {end[1:] for s, _, o in inner for end in (s, o) if end.startswith("?")}
            if any(row.get(end) == "" for end in ends):
                return False
    return True


def _denied(condition: Plan) -> Iterator[Plan]:
    """The groups that a condition says have no solution."""
    if isinstance(condition, list) and condition[0] == "!" and condition[1][0] == "exists":
        yield condition[1][1]
    elif isinstance(condition, list) and condition[0] == "&&":
        for one in condition[1:]:
            yield from _denied(one)


def _is_bound(group: Plan, row: Mapping[str, Term]) -> bool:
    """Whether the row shows a value that only the group can have given it."""
    bound = {end[1:] for kind, *inner in group if kind == "triples" for _, _, end in inner}
    return any(row.get(name) for name in bound)


def _with(group: Plan, absent: list[Plan], some: Iterable[Plan]) -> Plan:
    """The group in which some of the optional values that are absent are there, and no others."""
    there = list(some)
    found: Plan = []
    for part in group:
        if part in there or (part[0] == "optional" and part not in absent):
            found += part[1]
        elif part not in absent:
            found.append(part)
    return found
