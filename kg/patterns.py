"""The triple patterns of a SPARQL query: which terms a predicate reads, and where each of its
values comes from.

Read from the syntax tree, not from the algebra, which loses terms in paths.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any

from pyparsing import ParseException, ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

from kg.demands import NOTHING, Demand, demanded
from kg.errors import PredicateMalformed
from kg.namespaces import iri
from kg.paths import knowledge_roots

KEPT = "queries/derived/outlines.json"
"""Where the outlines of our own predicates are kept, below the knowledge folder."""

_OURS = iri("mm:")


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

    @property
    def three(self) -> tuple[str, str, str]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object


@dataclass(frozen=True, slots=True)
class Outline:
    """What is read off a query: its patterns, every IRI, its result variables, what each sum adds
    up, and what each alternative demands.

    A query that is one UNION has as many `demands` as alternatives, any other query one.
    """

    patterns: tuple[Pattern, ...]
    terms: frozenset[str]
    variables: tuple[str, ...]
    sums: Mapping[str, tuple[int, ...]]
    demands: tuple[Demand, ...] = (NOTHING,)

    def origins(self, variable: str) -> list[Pattern]:
        """Patterns outside sub-selects whose object is the variable."""
        return [p for p in self.patterns if p.object == f"?{variable}" and not p.within]

    def arm(self, number: int) -> "Outline":
        """The outline of one alternative, from 1; of the whole query where it is not one UNION."""
        if len(self.demands) == 1:
            return self
        own = tuple(pattern for pattern in self.patterns if pattern.arm == number)
        return replace(self, patterns=own, demands=(self.demands[number - 1],))

    def summands(self, variable: str) -> list[list[Pattern]]:
        """The patterns of each sub-select that gives the variable a total."""
        return [
            [p for p in self.patterns if p.within == number]
            for number in self.sums.get(variable, ())
        ]


@cache
def outline(query: str) -> Outline:
    """The outline of a SELECT query, from where it was kept if it was; else the query is parsed.

    Raises PredicateMalformed where it does not parse.
    """
    kept = _kept().get(digest(query))
    return _unpacked(kept) if kept else parsed(query)


def digest(query: str) -> str:
    """What the outline of a query is kept by: 16 hexadecimal digits of SHA-256 of its text."""
    return sha256(query.encode()).hexdigest()[:16]


def packed(found: Outline) -> dict[str, object]:
    """The outline as it is kept in JSON, with the names of our terms shortened."""
    return {
        "patterns": [[*map(_short, p.three), p.within, p.arm] for p in found.patterns],
        "terms": sorted(map(_short, found.terms)),
        "variables": found.variables,
        "sums": found.sums,
        "demands": found.demands,
    }


def _unpacked(kept: Mapping[str, Any]) -> Outline:
    return Outline(
        patterns=tuple(
            Pattern(_long(subject), _long(predicate), _long(value), within, arm)
            for subject, predicate, value, within, arm in kept["patterns"]
        ),
        terms=frozenset(map(_long, kept["terms"])),
        variables=tuple(kept["variables"]),
        sums={name: tuple(numbers) for name, numbers in kept["sums"].items()},
        demands=tuple(kept["demands"]),
    )


@cache
def _kept() -> Mapping[str, Mapping[str, Any]]:
    """The outlines of our own predicates: parsing a query takes a tenth of a second."""
    path = knowledge_roots()[0] / KEPT
    if not path.is_file():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _short(name: str) -> str:
    return f"mm:{name.removeprefix(_OURS)}" if name.startswith(_OURS) else name


def _long(name: str) -> str:
    return f"{_OURS}{name.removeprefix('mm:')}" if name.startswith("mm:") else name


@cache
def parsed(query: str) -> Outline:
    """The outline of a SELECT query, read from its syntax tree.

    >>> found = parsed("PREFIX mm: <urn:x:> SELECT ?subject ?needs { ?subject mm:needs ?needs }")
    >>> found.variables, found.patterns[0].predicate
    (('subject', 'needs'), 'urn:x:needs')

    Raises PredicateMalformed where it does not parse.
    """
    try:
        prologue, tree = parseQuery(query)
    except ParseException as error:
        raise PredicateMalformed(
            f"Line {error.lineno} of the query is not SPARQL: {error.line.strip()}", "Correct it"
        ) from error
    prefixes = {str(p.prefix or ""): str(p.iri) for p in prologue if p.name == "PrefixDecl"}
    walker = _Walker(prefixes)
    walker.walk(tree.where, 0)
    return Outline(
        patterns=tuple(walker.patterns),
        terms=frozenset(walker.terms),
        variables=tuple(str(v.var or v.evar) for v in tree.projection or ()),
        sums={name: tuple(numbers) for name, numbers in walker.sums.items()},
        demands=tuple(demanded(arm, walker.name) for arm in _arms(tree.where)),
    )


def _arms(where: CompValue) -> list[object]:
    """The alternatives of a query that is one UNION, or the whole of any other."""
    parts = where.part or []
    if len(parts) == 1 and parts[0].name == "GroupOrUnionGraphPattern":
        return list(parts[0].graph)
    return [where]


class _Walker:
    """Collects patterns, terms and totals while it goes down a syntax tree."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._last = 0
        self._arms = 0
        self._arm = 0
        self.patterns: list[Pattern] = []
        self.terms: dict[str, None] = {}
        self.sums: dict[str, list[int]] = defaultdict(list)

    def walk(self, node: object, within: int) -> None:
        """Take in a node of the tree and all below it; `within` as in Pattern."""
        if isinstance(node, CompValue):
            self._enter(node, within)
        elif isinstance(node, URIRef):
            self.terms[str(node)] = None
        elif isinstance(node, ParseResults | list | tuple):
            for child in node:
                self.walk(child, within)

    def _enter(self, node: CompValue, within: int) -> None:
        if node.name == "pname":
            self.terms[self._text(node)] = None
            return
        if node.name == "TriplesBlock":
            self.patterns += self._triples(node.triples, within)
        if node.name == "SubSelect" and not within:
            self._last += 1
            within = self._last
            for part in node.projection or ():
                if part.evar:
                    self.sums[str(part.evar)].append(within)
        if node.name == "GroupOrUnionGraphPattern" and not self._arm and len(node.graph) > 1:
            for child in node.graph:
                self._arms += 1
                self._arm = self._arms
                self.walk(child, within)
            self._arm = 0
            return
        for child in node.values():
            self.walk(child, within)

    def _triples(self, blocks: ParseResults, within: int) -> Iterator[Pattern]:
        for block in blocks:
            for at in range(0, len(block), 3):
                subject, predicate, value = block[at : at + 3]
                three = self._text(subject), self._path(predicate), self._text(value)
                yield Pattern(*three, within, self._arm)

    def _path(self, node: object) -> str:
        steps = [step for step in _leaves(node) if isinstance(step, CompValue | URIRef | Variable)]
        return self._text(steps[0]) if len(steps) == 1 else ""

    def name(self, node: object) -> str:
        """The IRI that a node of the tree is, written out or with a prefix."""
        if isinstance(node, CompValue):
            return self._prefixes[str(node.prefix or "")] + str(node.localname)
        return str(node)

    def _text(self, node: object) -> str:
        if isinstance(node, Variable):
            return f"?{node}"
        if isinstance(node, CompValue) and node.name == "pname":
            return self.name(node)
        if isinstance(node, CompValue) and node.name == "literal":
            return str(node.string)
        return str(node)


def _leaves(node: object) -> Iterator[object]:
    if isinstance(node, CompValue) and node.name != "pname":
        for child in node.values():
            yield from _leaves(child)
    elif isinstance(node, ParseResults | list | tuple):
        for child in node:
            yield from _leaves(child)
    else:
        yield node
