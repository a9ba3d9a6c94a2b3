"""Runs SELECT queries over the triples of one project, in memory.

A project has a few hundred triples, and a catalogue asks a hundred and thirty long queries of it. A
store of RDF spends its time on parsing and planning each query, and on finding its way in indexes
made for millions; here each query is compiled once, and a look-up is one in a dictionary. What is
understood is SPARQL 1.1 as predicates use it, and no more: whatever else a query says is refused,
and left to a store.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

from kg.sparql.groups import Writer
from kg.sparql.index import Index, Relations, Term, relations, together
from kg.sparql.plans import Plan, planned
from kg.sparql.source import Function, Known, Name

__all__ = [
    "Cells",
    "Index",
    "Plan",
    "Query",
    "Relations",
    "Term",
    "planned",
    "relations",
    "together",
]

Cells: TypeAlias = tuple[Term, ...]
"""A solution: a term for each variable, empty where it is unbound, and behind them an empty one."""


class Query:
    """A SELECT DISTINCT query, compiled; its arms are the alternatives of the UNION that it is."""

    def __init__(self, plan: Plan) -> None:
        self.variables: tuple[str, ...] = tuple(plan["variables"])
        self._arms = [_Arm(group, self.variables, at) for at, group in enumerate(arms(plan))]

    @property
    def bound(self) -> Sequence[frozenset[str]]:
        """Of each arm, which of the variables it may bind."""
        return [arm.bound for arm in self._arms]

    def rows(self, index: Index) -> Sequence[tuple[Cells, int]]:
        """Every solution once for each arm that gives it, with the number of that arm."""
        found: list[tuple[Cells, int]] = []
        there = index.forward.keys()
        for arm in self._arms:
            if arm.needed <= there:
                arm.find(index, found)
        return list(dict.fromkeys(found))


class _Arm:
    """One alternative of a query; its function is written at once, and compiled when it is first
    needed.
    """

    def __init__(self, group: Plan, variables: Sequence[str], number: int) -> None:
        self.needed = needed(group)
        self.bound = frozenset[str]()
        writer = Writer(["found"])

        def end(known: Known) -> None:
            self.bound |= {name for name in variables if f"?{name}" in known}
            cells = "".join(f"{_cell(known.get(f'?{name}'))}, " for name in variables)
            writer.source.line(f"found.append((({cells}''), {number}))")

        writer.group(group, {}, end)
        self._source = writer.source

    @cached_property
    def find(self) -> Function:
        """Adds the arm's rows, each with its number, to a list."""
        return self._source.function()


def _cell(name: Name | None) -> str:
    """The text of a variable's cell, which is empty where it is unbound."""
    if name is None:
        return "''"
    return name.text if name.is_sure else f"{name.text} or ''"


def arms(plan: Plan) -> list[Plan]:
    """The alternatives of a query that is one UNION, or the whole of any other."""
    group = plan["group"]
    is_union = len(group) == 1 and group[0][0] == "union"
    return list(group[0][1:]) if is_union else [group]


def needed(group: Plan) -> frozenset[Term]:
    """The predicates without which a group has no solution, as far as they are plain to see."""
    ways = (triple[1] for part in group if part[0] == "triples" for triple in part[1:])
    return frozenset(way for way in ways if isinstance(way, str) and not way.startswith("?"))
