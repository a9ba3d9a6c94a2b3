"""Plans: what a SELECT query says, as lists that are kept in JSON and compiled in no time.

Read from rdflib's syntax tree, which takes a tenth of a second a query. A term is `?name`, `<iri>`,
or a literal as `kg.writing` writes it. A path is a term, or `["/", …]`, `["|", …]`, `["^", path]`,
`["?", path]`, `["*", path]`, `["+", path]`. An expression is a term, or the name of an operator or
function before its arguments. A group is a list of parts: `["triples", [s, path, o], …]`,
`["optional", group]`, `["union", group, …]`, `["filter", expression]`, `["bind", expression,
variable]`, `["select", select]`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

from pyparsing import ParseException, ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef, Variable

from kg.errors import PredicateMalformed
from kg.namespaces import iri
from kg.writing import literal

Plan: TypeAlias = Any
"""Nested lists, texts and numbers, as JSON holds them."""

_XSD = iri("xsd:")
_EXACT = {f"{_XSD}integer": int, f"{_XSD}double": float}
_ARGUMENTS = ("arg", "arg1", "arg2", "arg3", "text", "start", "length", "pattern", "replacement")
_LONGER = {"*", "+", "?"}


def refused(what: str) -> PredicateMalformed:
    """The error of a query that says something which plans have no word for."""
    return PredicateMalformed(
        f"The query uses {what}, which no predicate can",
        "Say it with what queries/README.md lists",
    )


@cache
def planned(query: str) -> Plan:
    """The plan of a SELECT query: its variables, and its group.

    >>> planned("SELECT ?subject { ?subject a <urn:a> }")["group"]
    [['triples', ['?subject', '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', '<urn:a>']]]

    Raises PredicateMalformed where it does not parse, or says more than plans can.
    """
    try:
        prologue, tree = parseQuery(query)
    except ParseException as error:
        raise PredicateMalformed(
            f"Line {error.lineno} of the query is not SPARQL: {error.line.strip()}", "Correct it"
        ) from error
    prefixes = {str(p.prefix or ""): str(p.iri) for p in prologue if p.name == "PrefixDecl"}
    if tree.name != "SelectQuery":
        raise refused(tree.name)
    for name in ("groupby", "having", "limitoffset", "orderby"):
        if getattr(tree, name):
            raise refused(name)
    planner = _Planner(prefixes)
    variables = [str(one.var) for one in tree.projection or () if one.var]
    if not variables or len(variables) != len(tree.projection):
        raise refused("a result that is not a variable")
    return {"variables": variables, "group": planner.group(tree.where)}


class _Planner:
    """Goes down a syntax tree and writes down what it says."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._parts: Mapping[str, Callable[[CompValue], Plan]] = {
            "TriplesBlock": self._block,
            "OptionalGraphPattern": lambda node: ["optional", self.group(node.graph)],
            "GroupOrUnionGraphPattern": self._union,
            "Filter": lambda node: ["filter", self._expression(node.expr)],
            "Bind": lambda node: ["bind", self._expression(node.expr), f"?{node.var}"],
        }
        self._signs: Mapping[str, Callable[[CompValue], Plan]] = {
            "ConditionalOrExpression": partial(self._several, "||"),
            "ConditionalAndExpression": partial(self._several, "&&"),
            "RelationalExpression": self._relation,
            "AdditiveExpression": self._counted,
            "MultiplicativeExpression": self._counted,
            "UnaryNot": lambda node: ["!", self._expression(node.expr)],
            "UnaryMinus": lambda node: ["-", self._expression(node.expr)],
            "Function": self._cast,
            "Builtin_EXISTS": lambda node: ["exists", self.group(node.graph)],
            "Builtin_NOTEXISTS": lambda node: ["!", ["exists", self.group(node.graph)]],
        }

    def group(self, node: CompValue) -> Plan:
        """The parts of a group, or the select that it is."""
        if node.name == "SubSelect":
            return [["select", self._select(node)]]
        if node.name != "GroupGraphPatternSub":
            raise refused(node.name)
        return [self._part(part) for part in node.part or ()]

    def _part(self, node: CompValue) -> Plan:
        rule = self._parts.get(node.name)
        if rule is None:
            raise refused(node.name)
        return rule(node)

    def _union(self, node: CompValue) -> Plan:
        return ["union", *(self.group(one) for one in node.graph)]

    def _block(self, node: CompValue) -> Plan:
        triples = (block[at : at + 3] for block in node.triples for at in range(0, len(block), 3))
        return ["triples", *([self._term(s), self._path(p), self._term(o)] for s, p, o in triples)]

    def _select(self, node: CompValue) -> Plan:
        if node.limitoffset or node.orderby:
            raise refused("LIMIT, OFFSET or ORDER BY")
        return {
            "group": self.group(node.where),
            "by": [self._term(one) for one in (node.groupby.condition if node.groupby else ())],
            "having": [
                self._expression(one) for one in (node.having.condition if node.having else ())
            ],
            "given": [list(self._given(one)) for one in node.projection or ()],
        }

    def _given(self, node: CompValue) -> Iterator[Plan]:
        yield f"?{node.evar or node.var}"
        if node.evar:
            yield self._expression(node.expr)

    # -- paths -------------------------------------------------------------------------------------

    def _path(self, node: object) -> Plan:
        if not isinstance(node, CompValue) or node.name == "pname":
            return self._term(node)
        if node.name in {"PathAlternative", "PathSequence"}:
            steps = [self._path(one) for one in node.part]
            sign = "|" if node.name == "PathAlternative" else "/"
            return steps[0] if len(steps) == 1 else [sign, *steps]
        if node.name == "PathEltOrInverse":
            return ["^", self._path(node.part)]
        if node.name != "PathElt" or (node.mod and str(node.mod) not in _LONGER):
            raise refused(node.name)
        inner = self._path(node.part)
        return [str(node.mod), inner] if node.mod else inner

    # -- expressions -------------------------------------------------------------------------------

    def _expression(self, node: object) -> Plan:
        if not isinstance(node, CompValue) or node.name in {"pname", "literal"}:
            return self._term(node)
        rule = self._signs.get(node.name)
        if rule is not None:
            return rule(node)
        if node.name.startswith("Builtin_"):
            return [node.name.removeprefix("Builtin_").upper(), *self._arguments(node)]
        if node.name.startswith("Aggregate_"):
            return self._aggregate(node)
        raise refused(node.name)

    def _several(self, sign: str, node: CompValue) -> Plan:
        parts = [self._expression(one) for one in (node.expr, *(node.other or ()))]
        return parts[0] if len(parts) == 1 else [sign, *parts]

    def _counted(self, node: CompValue) -> Plan:
        found = self._expression(node.expr)
        for sign, other in zip(node.op or (), node.other or (), strict=True):
            found = [sign, found, self._expression(other)]
        return found

    def _cast(self, node: CompValue) -> Plan:
        (argument,) = node.expr
        return ["cast", self._term(node.iri), self._expression(argument)]

    def _relation(self, node: CompValue) -> Plan:
        left = self._expression(node.expr)
        if node.op is None:
            return left
        if node.op in {"IN", "NOT IN"}:
            told = ["in", left, *(self._expression(one) for one in node.other)]
            return told if node.op == "IN" else ["!", told]
        return [str(node.op), left, self._expression(node.other)]

    def _arguments(self, node: CompValue) -> Iterator[Plan]:
        if node.flags:
            yield ["flags", self._expression(node.flags)]
        for name in _ARGUMENTS:
            given = getattr(node, name)
            if isinstance(given, ParseResults | list):
                yield from (self._expression(one) for one in given)
            elif given is not None:
                yield self._expression(given)

    def _aggregate(self, node: CompValue) -> Plan:
        counted = "*" if str(node.vars) == "*" else self._expression(node.vars)
        name = node.name.removeprefix("Aggregate_").lower()
        return ["aggregate", name, bool(node.distinct), counted]

    # -- terms -------------------------------------------------------------------------------------

    def _space(self, prefix: str) -> str:
        if prefix not in self._prefixes:
            raise PredicateMalformed(
                f"The query declares no prefix {prefix}:", f"Begin it with PREFIX {prefix}: <…>"
            )
        return self._prefixes[prefix]

    def _term(self, node: object) -> str:
        if isinstance(node, Variable):
            return f"?{node}"
        if isinstance(node, CompValue) and node.name == "pname":
            return f"<{self._space(str(node.prefix or ''))}{node.localname}>"
        if isinstance(node, CompValue) and node.name == "literal" and not node.lang:
            kind = self._term(node.datatype)[1:-1] if node.datatype else f"{_XSD}string"
            return self._literal(str(node.string), kind)
        if isinstance(node, URIRef):
            return f"<{node}>"
        if isinstance(node, Literal) and not node.language:
            return self._literal(str(node), str(node.datatype or f"{_XSD}string"))
        raise refused("a blank node, or a text in some language")

    @staticmethod
    def _literal(text: str, kind: str) -> str:
        if kind in _EXACT:
            return literal(_EXACT[kind](text))
        if kind == f"{_XSD}boolean":
            return literal(text in {"true", "1"})
        return literal(text, kind.replace(_XSD, "xsd:"))
