"""The triple patterns of a SPARQL query: which terms a predicate reads, and where each of its
values comes from.

Read from the query's plan, which is kept for our own predicates.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from kg.paths import knowledge_roots
from kg.sparql import Plan, arms, planned
from kg.sparql.values import text_of

KEPT = "queries/derived/plans.json"
"""Where the plans of our own predicates are kept, below the knowledge folder."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One triple pattern; `?name` for a variable, else an IRI or a literal's text; no predicate for
    a path.

    `within` numbers the outermost sub-select that the pattern stands in, `arm` the outermost
    alternative of a UNION; each is 0 outside of all.
    """

    subject: str
    predicate: str
    object: str
    within: int = 0
    arm: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """What is read off a query: its patterns, every IRI, its result variables, and what each sum
    adds up.
    """

    patterns: tuple[Pattern, ...]
    terms: frozenset[str]
    variables: tuple[str, ...]
    sums: Mapping[str, tuple[int, ...]]

    def origins(self) -> Mapping[str, Sequence[Pattern]]:
        """Patterns outside sub-selects by their objects, which may be the variables they give."""
        found: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            if not pattern.within:
                found.setdefault(pattern.object, []).append(pattern)
        return found

    def summands(self, variable: str) -> list[list[Pattern]]:
        """The patterns of each sub-select that gives the variable a total."""
        return [
            [p for p in self.patterns if p.within == number]
            for number in self.sums.get(variable, ())
        ]


@cache
def outline(query: str) -> Outline:
    """The outline of a SELECT query.

    >>> found = outline("PREFIX mm: <urn:x:> SELECT ?subject ?needs { ?subject mm:needs ?needs }")
    >>> found.variables, found.patterns[0].predicate
    (('subject', 'needs'), 'urn:x:needs')

    Raises PredicateMalformed where it does not parse.
    """
    return _read(plan_of(query))


def outlines(query: str) -> tuple[Outline, ...]:
    """The outline of each arm of a query, in their order."""
    whole, number = outline(query), len(arms(plan_of(query)))
    if number == 1:
        return (whole,)
    return tuple(
        replace(whole, patterns=tuple(p for p in whole.patterns if p.arm == arm))
        for arm in range(1, number + 1)
    )


def plan_of(query: str) -> Plan:
    """The plan of a SELECT query, from where it was kept if it was; else the query is parsed.

    Raises PredicateMalformed where it does not parse.
    """
    kept = kept_plans().get(digest(query))
    return kept or planned(query)


def digest(query: str) -> str:
    """What the plan of a query is kept by: 16 hexadecimal digits of SHA-256 of its text."""
    return sha256(query.encode()).hexdigest()[:16]


@cache
def kept_plans() -> Mapping[str, Plan]:
    """The plans of our own predicates by digest: to parse a query takes a tenth of a second."""
    path = knowledge_roots()[0] / KEPT
    if not path.is_file():
        return {}
    found: dict[str, Plan] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _read(plan: Plan) -> Outline:
    reader = _Reader()
    reader.read(plan["group"], 0)
    return Outline(
        patterns=tuple(reader.patterns),
        terms=frozenset(text_of(term) for term in _texts(plan["group"]) if term.startswith("<")),
        variables=tuple(plan["variables"]),
        sums={name: tuple(numbers) for name, numbers in reader.sums.items()},
    )


class _Reader:
    """Collects patterns and totals while it goes down a plan."""

    def __init__(self) -> None:
        self._last = 0
        self._arms = 0
        self._arm = 0
        self.patterns: list[Pattern] = []
        self.sums: dict[str, list[int]] = defaultdict(list)

    def read(self, group: Plan, within: int) -> None:
        """Take in a group and all below it; `within` as in Pattern."""
        for kind, *inner in group:
            if kind == "triples":
                self.patterns += (self._pattern(triple, within) for triple in inner)
            elif kind == "optional":
                self.read(inner[0], within)
            elif kind == "union":
                self._union(inner, within)
            elif kind == "select":
                self._select(inner[0], within)
            else:
                for inside in _groups(inner[0]):
                    self.read(inside, within)

    def _union(self, groups: list[Plan], within: int) -> None:
        is_outermost = not self._arm and len(groups) > 1
        for group in groups:
            if is_outermost:
                self._arms += 1
                self._arm = self._arms
            self.read(group, within)
        if is_outermost:
            self._arm = 0

    def _select(self, select: Plan, within: int) -> None:
        if not within:
            self._last += 1
            within = self._last
            for name, *expression in select["given"]:
                if expression:
                    self.sums[name[1:]].append(within)
        self.read(select["group"], within)

    def _pattern(self, triple: Plan, within: int) -> Pattern:
        subject, way, value = triple
        predicate = _text(way) if isinstance(way, str) else ""
        return Pattern(_text(subject), predicate, _text(value), within, self._arm)


def _text(term: str) -> str:
    return term if term.startswith("?") else text_of(term)


def _groups(expression: Plan) -> Iterator[Plan]:
    """The groups that an expression asks for solutions of."""
    if isinstance(expression, list):
        if expression[0] == "exists":
            yield expression[1]
        else:
            for inner in expression[1:]:
                yield from _groups(inner)


def _texts(plan: Plan) -> Iterator[str]:
    """Every text of a plan, terms among them."""
    if isinstance(plan, str):
        yield plan
    elif isinstance(plan, list | dict):
        for inner in plan.values() if isinstance(plan, dict) else plan:
            yield from _texts(inner)
