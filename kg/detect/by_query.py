"""Runs a SPARQL predicate over a batch and folds its rows: one answer for each subject, object and
item.

A mismatch in any row decides, else an undecided row, else it is clear; a row without a verdict is
undecided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.detect.batch import Batch, Solution
from kg.findings import Verdict

_KEY = ("subject", "object", "item")
_ORDER = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)


@dataclass(frozen=True, slots=True)
class Answer:
    """A predicate's verdict on one key, with the rows that carry it."""

    verdict: Verdict
    rows: tuple[Solution, ...]

    @property
    def first(self) -> Solution:
        """The first of the rows; all agree on subject, object and item."""
        return self.rows[0]


def answers(query: str, batch: Batch) -> Iterator[Answer]:
    """The predicate's answers on the batch, in a stable order."""
    folded: dict[tuple[str, ...], dict[Verdict, list[Solution]]] = {}
    for row in batch.solutions(query):
        by_verdict = folded.setdefault(_key(row), {})
        by_verdict.setdefault(_verdict(row), []).append(row)
    for _, by_verdict in sorted(folded.items()):
        verdict = next(verdict for verdict in _ORDER if verdict in by_verdict)
        rows = sorted(
            by_verdict[verdict], key=lambda row: sorted((n, str(t)) for n, t in row.items())
        )
        yield Answer(verdict, tuple(rows))


def _key(row: Solution) -> tuple[str, ...]:
    return tuple(row[name].value if name in row else "" for name in _KEY)


def _verdict(row: Solution) -> Verdict:
    return Verdict(row["verdict"].value) if "verdict" in row else Verdict.UNDECIDED
