"""Selects within a query: their solutions, grouped and counted.

Source: SPARQL 1.1 Query Language, sections 11 and 18.5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from kg.sparql.expressions import Expression, Expressions, Row
from kg.sparql.index import Index, Term
from kg.sparql.ordering import mentioned
from kg.sparql.plans import Plan, refused
from kg.sparql.source import Function
from kg.sparql.values import is_number, is_ordered, term_of, truth

Solutions: TypeAlias = Callable[[Plan, Sequence[str]], tuple[Function, frozenset[str]]]
"""Makes of a group a function that adds to a list what each solution binds the variables to; and
tells which of them it always binds.
"""
Collected: TypeAlias = list[list[Any]]
"""For each aggregate the values that a group of solutions gives it, None where one is an error."""
Terms: TypeAlias = Sequence[Term | None]


def agree(known: Terms, found: Terms) -> bool:
    """Whether what is found contradicts nothing that is known."""
    pairs = zip(known, found, strict=True)
    return all(old is None or new is None or old == new for old, new in pairs)


class Select:
    """A select within a query, whose rows are found once for each index; of what it gives, `sure`
    is always bound.
    """

    def __init__(self, plan: Plan, solutions: Solutions) -> None:
        self._slots = sorted(mentioned([plan["by"], plan["having"], plan["given"]]))
        self._aggregates: list[tuple[str, Expression | None, int]] = []
        self._names = tuple(self._slots)
        self._by = [self._slot(one) for one in plan["by"]]
        self._given = [self._expression(self._without_aggregates(one[-1])) for one in plan["given"]]
        self._having = [self._expression(self._without_aggregates(one)) for one in plan["having"]]
        if not self._by and not self._aggregates:
            self._by = [self._slot(one[0]) for one in plan["given"]]
        self._find, sure = solutions(plan["group"], self._names)
        self.sure = sure & {one[0] for one in plan["given"] if len(one) == 1}

    def rows(self, index: Index, known: Terms) -> Iterator[Terms]:
        """The terms that each row gives, of those rows that contradict nothing that is known."""
        if self not in index.kept:
            index.kept[self] = self._by_first(index)
        by_first: Mapping[Term | None, list[Terms]] = index.kept[self]
        first = known[0]
        near = by_first.values() if first is None else (by_first.get(first, ()),)
        return (values for rows in near for values in rows if agree(known, values))

    def _by_first(self, index: Index) -> dict[Term | None, list[Terms]]:
        """The rows by the first term that they give, which is mostly known."""
        found: dict[Term | None, list[Terms]] = {}
        for values in self._rows(index):
            found.setdefault(values[0], []).append(values)
        return found

    def _rows(self, index: Index) -> Iterator[list[Term | None]]:
        groups = self._groups(index)
        if not groups and self._aggregates and not self._by:
            groups[()] = [[] for _ in self._aggregates]
        for key, collected in groups.items():
            row: Row = [None] * len(self._slots)
            for slot, term in zip(self._by, key, strict=True):
                row[slot] = term
            for (name, _, slot), values in zip(self._aggregates, collected, strict=True):
                value = _AGGREGATES[name](values)
                row[slot] = None if value is None else term_of(value)
            if all(truth(one(row, index)) for one in self._having):
                values = [one(row, index) for one in self._given]
                yield [None if value is None else term_of(value) for value in values]

    def _groups(self, index: Index) -> dict[tuple[Term | None, ...], Collected]:
        """What each group of solutions gives the aggregates."""
        found: list[Row] = []
        self._find(index, found)
        groups: dict[tuple[Term | None, ...], Collected] = {}
        for row in found:
            key = tuple([row[slot] for slot in self._by])
            if key not in groups:
                groups[key] = [[] for _ in self._aggregates]
            for (_, inner, _), values in zip(self._aggregates, groups[key], strict=True):
                values.append(inner(row, index) if inner else True)
        return groups

    def _slot(self, name: str) -> int:
        """Where a row holds the variable."""
        if name not in self._slots:
            self._slots.append(name)
        return self._slots.index(name)

    def _expression(self, plan: Plan) -> Expression:
        return Expressions(self._slot, _no_group).compiled(plan)

    def _without_aggregates(self, plan: Plan) -> Plan:
        """The expression with a variable in place of each aggregate, which groups will fill."""
        if not isinstance(plan, list):
            return plan
        if plan[0] != "aggregate":
            return [self._without_aggregates(one) for one in plan]
        _, name, distinct, counted = plan
        if name not in _AGGREGATES or (distinct and name != "count"):
            raise refused(name)
        variable = f"?aggregate {len(self._aggregates)}"
        inner = None if counted == "*" else self._expression(counted)
        name = "distinct" if distinct else name
        self._aggregates.append((name, inner, self._slot(variable)))
        return variable


def _count(values: list[Any]) -> int:
    return sum(value is not None for value in values)


def _distinct(values: list[Any]) -> int:
    return len({term_of(value) for value in values if value is not None})


def _sum(values: list[Any]) -> Any:
    if not all(map(is_number, values)):
        return None
    is_double = any(isinstance(value, float) for value in values)
    return sum(map(float, values)) if is_double else sum(values)


def _outermost(sign: str, values: list[Any]) -> Any:
    found = None
    for value in values:
        if value is not None and (found is None or is_ordered(sign, value, found)):
            found = value
    return found


def _mean(values: list[Any]) -> Any:
    total = _sum(values)
    if total is None or not values:
        return total
    return total / len(values) if isinstance(total, float) else Decimal(total) / len(values)


_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "count": _count,
    "distinct": _distinct,
    "sum": _sum,
    "max": partial(_outermost, ">"),
    "min": partial(_outermost, "<"),
    "avg": _mean,
}


def _no_group(_: Plan) -> Callable[[Row, Index], bool]:
    raise refused("EXISTS within what a SELECT gives")
