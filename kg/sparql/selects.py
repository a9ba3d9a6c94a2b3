"""Selects within a query: their solutions, grouped and counted.

Source: SPARQL 1.1 Query Language, sections 11 and 18.5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Protocol, TypeAlias

from kg.sparql.expressions import Expression, Row
from kg.sparql.index import Index, Term
from kg.sparql.plans import Plan, refused
from kg.sparql.values import is_number, is_ordered, term_of, truth

Step: TypeAlias = Callable[[Row, Index], bool]
"""Goes on from a row; true if enough was seen."""
Collected: TypeAlias = list[list[Any]]
"""For each aggregate the values that a group of solutions gives it, None where one is an error."""
Terms: TypeAlias = Sequence[Term | None]


def agree(known: Terms, found: Terms) -> bool:
    """Whether what is found contradicts nothing that is known."""
    pairs = zip(known, found, strict=True)
    return all(old is None or new is None or old == new for old, new in pairs)


class Compiling(Protocol):
    """What a select needs of whoever compiles its inside."""

    def slot(self, term: Term) -> int:
        """Where a row holds the variable, or the constant."""

    def row(self) -> Row:
        """A row with the constants in their slots, and nothing else."""

    def expression(self, plan: Plan) -> Expression:
        """A compiled expression over the rows."""

    def group(self, plan: Plan, after: Step) -> Step:
        """The step that finds every solution of a group."""


class Select:
    """A select within a query, whose rows are found once for each index."""

    def __init__(self, plan: Plan, compiler: Compiling) -> None:
        self._compiler = compiler
        self._aggregates: list[tuple[str, Expression | None, int]] = []
        self._by = [compiler.slot(one) for one in plan["by"]]
        self._given = [
            compiler.expression(self._without_aggregates(one[-1])) for one in plan["given"]
        ]
        self._having = [
            compiler.expression(self._without_aggregates(one)) for one in plan["having"]
        ]
        self._found = compiler.slot("?groups found")
        if not self._by and not self._aggregates:
            self._by = [compiler.slot(one[0]) for one in plan["given"]]
        self._step = compiler.group(plan["group"], self._collect)

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
        row = self._compiler.row()
        groups: dict[tuple[Term | None, ...], Collected] = {}
        row[self._found] = groups
        self._step(row, index)
        if not groups and self._aggregates and not self._by:
            groups[()] = [[] for _ in self._aggregates]
        for key, collected in groups.items():
            row = self._compiler.row()
            for slot, term in zip(self._by, key, strict=True):
                row[slot] = term
            for (name, _, slot), values in zip(self._aggregates, collected, strict=True):
                value = _AGGREGATES[name](values)
                row[slot] = None if value is None else term_of(value)
            if all(truth(one(row, index)) for one in self._having):
                values = [one(row, index) for one in self._given]
                yield [None if value is None else term_of(value) for value in values]

    def _collect(self, row: Row, index: Index) -> bool:
        key = tuple([row[slot] for slot in self._by])
        groups: dict[tuple[Term | None, ...], Collected] = row[self._found]
        if key not in groups:
            groups[key] = [[] for _ in self._aggregates]
        for (_, inner, _), values in zip(self._aggregates, groups[key], strict=True):
            values.append(inner(row, index) if inner else True)
        return False

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
        inner = None if counted == "*" else self._compiler.expression(counted)
        name = "distinct" if distinct else name
        self._aggregates.append((name, inner, self._compiler.slot(variable)))
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
