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
    """A SELECT DISTINCT query as a Python function, which is written at once and compiled when it
    is first run; its arms are the alternatives of the UNION that it is.

    Of each arm, `bound` has the variables that it may bind.
    """

    def __init__(self, plan: Plan) -> None:
        self.variables: tuple[str, ...] = tuple(plan["variables"])
        self.bound: list[frozenset[str]] = []
        writer = Writer(["found"])
        for number, group in enumerate(arms(plan)):
            with writer.source.block(f"if {writer.all_there(needed(group))}"):
                self.bound.append(self._arm(group, number, writer))
        self._source = writer.source

    def rows(self, index: Index) -> Sequence[tuple[Cells, int]]:
        """Every solution once for each arm that gives it, with the number of that arm."""
        found: list[tuple[Cells, int]] = []
        self._find(index, found)
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    @cached_property
    def _find(self) -> Function:
        return self._source.function()

    def _arm(self, group: Plan, number: int, writer: Writer) -> frozenset[str]:
        """Writes an arm, which adds its rows to what is found; gives the variables that it may
        bind.
        """
        bound: set[str] = set()

        def end(known: Known) -> None:
            bound.update(name for name in self.variables if f"?{name}" in known)
            cells = "".join(f"{_cell(known.get(f'?{name}'))}, " for name in self.variables)
            writer.source.line(f"found.append((({cells}''), {number}))")

        writer.group(group, {}, end)
        return frozenset(bound)


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
