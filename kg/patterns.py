"""The triple patterns of a SPARQL query: which terms a predicate reads, and where each of its
values comes from.

Read from the syntax tree, not from the algebra, which loses terms in paths.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pyparsing import ParseException, ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

from kg.errors import PredicateMalformed


@dataclass(frozen=True, slots=True)
class Pattern:
    """One triple pattern; `?name` for a variable, else an IRI or a literal's text; no predicate for
    a path.

    `within` numbers the outermost sub-select that the pattern stands in; it is 0 outside of all.
    """

    subject: str
    predicate: str
    object: str
    within: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """What is read off a query: its patterns, every IRI, its result variables, and what each sum
    adds up.
    """

    patterns: tuple[Pattern, ...]
    terms: frozenset[str]
    variables: tuple[str, ...]
    sums: Mapping[str, tuple[int, ...]]

    def origins(self, variable: str) -> list[Pattern]:
        """Patterns outside sub-selects whose object is the variable."""
        return [p for p in self.patterns if p.object == f"?{variable}" and not p.within]

    def summands(self, variable: str) -> list[list[Pattern]]:
        """The patterns of each sub-select that gives the variable a total."""
        return [
            [p for p in self.patterns if p.within == number]
            for number in self.sums.get(variable, ())
        ]


@cache
def outline(query: str) -> Outline:
    """The outline of a SELECT query; raises PredicateMalformed where it does not parse.

    >>> found = outline("PREFIX mm: <urn:x:> SELECT ?subject ?needs { ?subject mm:needs ?needs }")
    >>> found.variables, found.patterns[0].predicate
    (('subject', 'needs'), 'urn:x:needs')
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
    )


class _Walker:
    """Collects patterns, terms and totals while it goes down a syntax tree."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._last = 0
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
        for child in node.values():
            self.walk(child, within)

    def _triples(self, blocks: ParseResults, within: int) -> Iterator[Pattern]:
        for block in blocks:
            for at in range(0, len(block), 3):
                subject, predicate, value = block[at : at + 3]
                yield Pattern(self._text(subject), self._path(predicate), self._text(value), within)

    def _path(self, node: object) -> str:
        steps = [step for step in _leaves(node) if isinstance(step, CompValue | URIRef | Variable)]
        return self._text(steps[0]) if len(steps) == 1 else ""

    def _text(self, node: object) -> str:
        if isinstance(node, Variable):
            return f"?{node}"
        if isinstance(node, CompValue) and node.name == "pname":
            return self._prefixes[str(node.prefix or "")] + str(node.localname)
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
