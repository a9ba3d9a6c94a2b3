"""Runs a SPARQL predicate over a batch and folds its rows: one answer for each subject, object and
item.

A mismatch in any row decides, else an undecided row, else it is clear; a row without a verdict is
undecided.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.catalogue import Predicate
from kg.detect.arms import Arm, arms
from kg.detect.batch import Batch, Cells
from kg.detect.terms import Term, canonical
from kg.errors import PredicateMalformed
from kg.findings import Verdict
from kg.patterns import outline
from kg.translation import query_of
from kg.writing import literal

Row: TypeAlias = Mapping[str, Term]
"""A solution: the terms of the variables that are bound."""

_ACROSS = "cross-project"
_KEY = ("subject", "object", "item")
_ORDER = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)
_RANKS = {"": 1} | {literal(verdict): rank for rank, verdict in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT query taken apart: what it gives, and its arms."""

    variables: tuple[str, ...]
    arms: tuple[Arm, ...]
    places: tuple[int, ...]
    verdict: int


def query_for(predicate: Predicate) -> Query:
    """The predicate's query ready to be run; raises PredicateMalformed."""
    return read(query_of(predicate), apart=predicate.kind != _ACROSS)


def read(text: str, *, apart: bool = True) -> Query:
    """A query ready to be run, on each project apart or on all at once; raises
    PredicateMalformed.
    """
    variables = outline(text).variables
    places = tuple(variables.index(name) for name in _KEY if name in variables)
    return Query(variables, arms(text, apart=apart), places, variables.index("verdict"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A predicate's verdict on one key, with the rows that carry it, in a stable order, each with
    the number of its arm.
    """

    verdict: Verdict
    variables: Sequence[str]
    cells: Sequence[tuple[Cells, int]]

    @property
    def first(self) -> Row:
        """The first of the rows; all agree on subject, object and item."""
        return self._row(self.cells[0][0])

    @property
    def rows(self) -> tuple[tuple[Row, int], ...]:
        """All rows."""
        return tuple((self._row(cells), arm) for cells, arm in self.cells)

    def _row(self, cells: Cells) -> Row:
        pairs = zip(self.variables, cells, strict=True)
        return {name: canonical(cell) for name, cell in pairs if cell}


def answers(query: Query, batch: Batch) -> Iterator[Answer]:
    """The predicate's answers on the batch, in a stable order; raises PredicateMalformed."""
    folded: dict[tuple[str, ...], tuple[int, list[tuple[Cells, int]]]] = {}
    for arm, one in enumerate(query.arms):
        for cells in batch.rows(one):
            key = tuple([cells[place] for place in query.places])
            rank = _rank(cells[query.verdict])
            best = folded.get(key)
            if best is None or rank < best[0]:
                folded[key] = rank, [(cells, arm)]
            elif rank == best[0]:
                best[1].append((cells, arm))
    for _, (rank, rows) in sorted(folded.items()):
        yield Answer(_ORDER[rank], query.variables, sorted(rows))


def _rank(cell: str) -> int:
    try:
        return _RANKS[cell]
    except KeyError:
        raise PredicateMalformed(
            f"A row's verdict is {cell}", f"Bind one of {', '.join(_ORDER)}"
        ) from None
