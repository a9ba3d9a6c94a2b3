"""Runs SELECT queries over the triples of one project, in memory.

A project has a few hundred triples, and a catalogue asks a hundred and thirty long queries of it. A
store of RDF spends its time on parsing and planning each query, and on finding its way in indexes
made for millions; here each query is compiled once, and a look-up is one in a dictionary. What is
understood is SPARQL 1.1 as predicates use it, and no more: whatever else a query says is refused,
and left to a store.
"""

from collections.abc import Sequence
from typing import TypeAlias

from kg.sparql.expressions import Row
from kg.sparql.groups import Compiler
from kg.sparql.index import Index, Term
from kg.sparql.plans import Plan, planned
from kg.sparql.selects import Step

__all__ = ["Cells", "Index", "Plan", "Query", "Term", "planned"]

Cells: TypeAlias = tuple[Term, ...]
"""A solution: a term for each variable, empty where it is unbound, and behind them an empty one."""


class Query:
    """A SELECT DISTINCT query, compiled; its arms are the alternatives of the UNION that it is."""

    def __init__(self, plan: Plan) -> None:
        self.variables: tuple[str, ...] = tuple(plan["variables"])
        compiler = Compiler()
        slots = [*(compiler.slot(f"?{name}") for name in self.variables), compiler.slot("")]
        self._found = compiler.slot("?rows found")
        self._arms = [
            (needed(group), compiler.group(group, self._collector(slots, number)))
            for number, group in enumerate(arms(plan))
        ]
        self._row = compiler.row()

    def rows(self, index: Index) -> Sequence[tuple[Cells, int]]:
        """Every solution once for each arm that gives it, with the number of that arm."""
        row = self._row.copy()
        found: list[tuple[Cells, int]] = []
        row[self._found] = found
        there = index.forward.keys()
        for predicates, step in self._arms:
            if predicates <= there:
                step(row, index)
        return list(dict.fromkeys(found))

    def _collector(self, slots: list[int], number: int) -> Step:
        place = self._found

        def collect(row: Row, index: Index) -> bool:
            row[place].append((tuple([row[slot] or "" for slot in slots]), number))
            return False

        return collect


def arms(plan: Plan) -> list[Plan]:
    """The alternatives of a query that is one UNION, or the whole of any other."""
    group = plan["group"]
    is_union = len(group) == 1 and group[0][0] == "union"
    return list(group[0][1:]) if is_union else [group]


def needed(group: Plan) -> frozenset[Term]:
    """The predicates without which a group has no solution, as far as they are plain to see."""
    ways = (triple[1] for part in group if part[0] == "triples" for triple in part[1:])
    return frozenset(way for way in ways if isinstance(way, str) and not way.startswith("?"))
