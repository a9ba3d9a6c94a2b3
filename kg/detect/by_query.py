"""Runs a predicate's query over a batch and folds its rows: one answer for each subject, object and
item.

A mismatch in any row decides, else an undecided row, else it is clear; a row without a verdict is
undecided.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from kg.catalogue import Predicate
from kg.detect.batch import Batch
from kg.errors import PredicateMalformed
from kg.findings import Verdict
from kg.patterns import Outline, outlines, plan_of
from kg.sparql import Cells, Query, Term
from kg.translation import query_of
from kg.writing import literal

Rows: TypeAlias = Sequence[tuple[Cells, int]]
"""Rows of an answer, each with the number of its arm."""

_KEY = ("subject", "object", "item")
_ORDER = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)
_CLEAR = _ORDER.index(Verdict.CLEAR)
_RANKS = {"": 1} | {literal(verdict): rank for rank, verdict in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class Ready:
    """A query ready to be run, and what is read off each of its arms."""

    query: Query
    outlines: tuple[Outline, ...]
    key: Callable[[Cells], tuple[Term, ...]]
    verdict: int

    def place(self, name: str) -> int | None:
        """Which cell of a row holds the variable, if the query gives it."""
        variables = self.query.variables
        return variables.index(name) if name in variables else None


def ready_for(predicate: Predicate) -> Ready:
    """A predicate's query, ready to be run; raises PredicateMalformed with its file."""
    try:
        return ready(query_of(predicate))
    except PredicateMalformed as error:
        raise PredicateMalformed(f"{predicate.file}: {error.what}", error.hint) from error


@cache
def ready(text: str) -> Ready:
    """A query, ready to be run, compiled once; raises PredicateMalformed."""
    query = Query(plan_of(text))
    for name in ("subject", "verdict"):
        if name not in query.variables:
            raise PredicateMalformed(f"The query does not select ?{name}", "Select it")
    # What a query does not give is read from the empty cell behind those of its variables.
    places = (query.variables.index(n) if n in query.variables else -1 for n in _KEY)
    key = itemgetter(*places)
    return Ready(query, outlines(text), key, query.variables.index("verdict"))


class Answer(NamedTuple):
    """A predicate's verdict on a subject, an object and an item, each empty where there is none,
    with the rows that carry it in a stable order.
    """

    verdict: Verdict
    subject: Term
    object: Term
    item: Term
    rows: Rows


def answers(asked: Ready, batch: Batch, clear: list[Term] | None = None) -> Iterator[Answer]:
    """The predicate's answers on the batch, in a stable order; raises PredicateMalformed.

    Where `clear` is given, of clear answers only the subjects are told, into it.
    """
    key_of, told = asked.key, asked.verdict
    folded: dict[tuple[Term, ...], tuple[int, list[tuple[Cells, int]]]] = {}
    for row in asked.query.rows(batch.index):
        cells = row[0]
        rank = _RANKS.get(cells[told])
        if rank is None:
            raise PredicateMalformed(
                f"A row's verdict is {cells[told]}", f"Bind one of {', '.join(_ORDER)}"
            )
        key = key_of(cells)
        best = folded.get(key)
        if best is None or rank < best[0]:
            folded[key] = rank, [row]
        elif rank == best[0]:
            best[1].append(row)
    if clear is not None:
        clear += [key[0] for key, (rank, _) in folded.items() if rank == _CLEAR]
        folded = {key: one for key, one in folded.items() if one[0] != _CLEAR}
    for (subject, target, item), (rank, rows) in sorted(folded.items()):
        yield Answer(_ORDER[rank], subject, target, item, sorted(rows) if len(rows) > 1 else rows)
