"""What must be stated before a graph pattern can hold at all, and so where it need not be tried.

A demand is read off a query's syntax tree, and met by bit masks: bit n of a feature's mask says
that project n has it. A feature is a predicate, or a predicate with an IRI as its object.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

from pyparsing import ParseResults
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef

from kg.namespaces import iri

Demand: TypeAlias = str | list["Demand"]
"""A feature, or `["all", …]` or `["any", …]` of demands; `["all"]` demands nothing. A class that is
demanded of the subject stands behind `?subject `.
"""
Named: TypeAlias = Callable[[object], str]
"""Gives the IRI of a node of the tree."""

NOTHING: Demand = ["all"]
_OPTIONAL = {"?", "*"}
_SUBJECT = "?subject "


def feature(predicate: str, value: str = "") -> str:
    """A predicate, or a predicate and its object, as the end of a line of N-Triples has them.

    >>> feature("urn:a", "urn:b")
    '<urn:a> <urn:b>'
    """
    return f"<{predicate}> <{value}>" if value else f"<{predicate}>"


def met(demand: Demand, having: Mapping[str, int], everybody: int) -> int:
    """The mask of those who have all that is demanded.

    >>> met(["all", "a", ["any", "b", "c"]], {"a": 0b110, "b": 0b010, "c": 0b001}, 0b111)
    2
    """
    if isinstance(demand, str):
        return having.get(demand.removeprefix(_SUBJECT), 0)
    kind, *inner = demand
    masks = (met(one, having, everybody) for one in inner)
    return reduce(and_, masks, everybody) if kind == "all" else reduce(or_, masks, 0)


def classes(demand: Demand) -> frozenset[str]:
    """The classes of which the subject must be one, each as a feature; none if it can be of any.

    >>> sorted(classes(["any", "?subject <a> <b>", ["all", "<p>", "?subject <a> <c>"]]))
    ['<a> <b>', '<a> <c>']
    """
    if isinstance(demand, str):
        of_subject = demand.startswith(_SUBJECT)
        return frozenset([demand.removeprefix(_SUBJECT)] if of_subject else [])
    kind, *inner = demand
    found = [classes(one) for one in inner]
    if kind == "all":
        return min(filter(None, found), key=len, default=frozenset())
    return frozenset().union(*found) if all(found) else frozenset()


def demanded(node: object, named: Named) -> Demand:
    """What a group of patterns demands, alternatives and all; nothing of what is optional, negated
    or counted.
    """
    if isinstance(node, CompValue):
        rule = _RULES.get(node.name)
        return rule(node, named) if rule else NOTHING
    if isinstance(node, ParseResults | list | tuple):
        return _all(demanded(child, named) for child in node)
    return NOTHING


def _group(node: CompValue, named: Named) -> Demand:
    return demanded(node.part, named)


def _union(node: CompValue, named: Named) -> Demand:
    return _any(demanded(child, named) for child in node.graph)


def _filter(node: CompValue, named: Named) -> Demand:
    expression = node.expr
    is_there = isinstance(expression, CompValue) and expression.name == "Builtin_EXISTS"
    return demanded(expression.graph, named) if is_there else NOTHING


def _block(node: CompValue, named: Named) -> Demand:
    triples = (block[at : at + 3] for block in node.triples for at in range(0, len(block), 3))
    return _all(_of_triple(subject, verb, value, named) for subject, verb, value in triples)


def _of_triple(subject: object, verb: object, value: object, named: Named) -> Demand:
    only = _only(verb)
    if only is None or not _is_iri(value):
        return _of_path(verb, named)
    is_class = named(only) == iri("rdf:type") and f"?{subject} " == _SUBJECT
    return f"{_SUBJECT if is_class else ''}{feature(named(only), named(value))}"


def _only(verb: object) -> object | None:
    """The one predicate that a path consists of, if it goes forward and nowhere else."""
    while isinstance(verb, CompValue) and verb.name.startswith("Path"):
        parts = verb.part if isinstance(verb.part, ParseResults | list) else [verb.part]
        if len(parts) > 1 or verb.mod or verb.name == "PathEltOrInverse":
            return None
        (verb,) = parts
    return verb if _is_iri(verb) else None


def _of_path(node: object, named: Named) -> Demand:
    if _is_iri(node):
        return feature(named(node))
    if not isinstance(node, CompValue):
        return NOTHING
    if node.name == "PathAlternative":
        return _any(_of_path(part, named) for part in node.part)
    if node.name == "PathSequence":
        return _all(_of_path(part, named) for part in node.part)
    if node.name in {"PathElt", "PathEltOrInverse"}:
        return NOTHING if str(node.mod or "") in _OPTIONAL else _of_path(node.part, named)
    return NOTHING


def _is_iri(node: object) -> bool:
    return isinstance(node, URIRef) or (isinstance(node, CompValue) and node.name == "pname")


def _all(demands: Iterable[Demand]) -> Demand:
    flat: list[Demand] = []
    for demand in demands:
        inner = demand[1:] if isinstance(demand, list) and demand[0] == "all" else [demand]
        flat += [one for one in inner if one not in flat]
    return flat[0] if len(flat) == 1 else ["all", *flat]


def _any(demands: Iterable[Demand]) -> Demand:
    choices: list[Demand] = []
    for demand in demands:
        if demand == NOTHING:
            return NOTHING
        choices += [demand] if demand not in choices else []
    return choices[0] if len(choices) == 1 else ["any", *choices]


_RULES: Mapping[str, Callable[[CompValue, Named], Demand]] = {
    "GroupGraphPatternSub": _group,
    "GroupOrUnionGraphPattern": _union,
    "Filter": _filter,
    "TriplesBlock": _block,
}
