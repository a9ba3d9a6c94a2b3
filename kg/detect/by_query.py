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

    def place(self, name: str) -> int | None:
        """Which cell of a row holds the variable, if the query gives it."""
        return self.variables.index(name) if name in self.variables else None

    def row(self, cells: Cells) -> Row:
        """A row's terms by name; cells behind those of the variables are left out."""
        pairs = zip(self.variables, cells, strict=False)
        return {name: canonical(cell) for name, cell in pairs if cell}


def query_for(predicate: Predicate) -> Query:
    """The predicate's query ready to be run; raises PredicateMalformed."""
    return read(query_of(predicate), apart=predicate.kind != _ACROSS)


def read(text: str, *, apart: bool = True) -> Query:
    """A query ready to be run, on each project apart or on all at once; raises
    PredicateMalformed.
    """
    return Query(outline(text).variables, arms(text, apart=apart))


@dataclass(frozen=True, slots=True)
class Answer:
    """A predicate's verdict on a subject, an object and an item, each empty where there is none,
    with the rows that carry it in a stable order, each with the number of its arm.
    """

    verdict: Verdict
    subject: Term
    object: Term
    item: Term
    rows: Sequence[tuple[Cells, int]]


def answers(query: Query, batch: Batch) -> Iterator[Answer]:
    """The predicate's answers on the batch, in a stable order; raises PredicateMalformed."""
    # Where the query gives no object or no item, an empty cell is put behind its own.
    last = len(query.variables)
    places = (query.place(name) for name in _KEY)
    ends = [last if place is None else place for place in places]
    told = query.variables.index("verdict")
    folded: dict[tuple[Term, Term, Term], tuple[int, list[tuple[Cells, int]]]] = {}
    for number, arm in enumerate(query.arms):
        for cells in batch.rows(arm):
            cells.append("")
            key = cells[ends[0]], cells[ends[1]], cells[ends[2]]
            rank = _rank(cells[told])
            best = folded.get(key)
            if best is None or rank < best[0]:
                folded[key] = rank, [(cells, number)]
            elif rank == best[0]:
                best[1].append((cells, number))
    for key, (rank, rows) in sorted(folded.items()):
        subject, target, item = (canonical(cell) if cell else "" for cell in key)
        yield Answer(_ORDER[rank], subject, target, item, sorted(rows) if len(rows) > 1 else rows)


def _rank(cell: str) -> int:
    try:
        return _RANKS[cell]
    except KeyError:
        raise PredicateMalformed(
            f"A row's verdict is {cell}", f"Bind one of {', '.join(_ORDER)}"
        ) from None
