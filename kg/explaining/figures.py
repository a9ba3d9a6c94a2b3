"""What the study found of a mismatch: examples told in interviews, ratings and ranks by role."""

from collections.abc import Collection, Iterator

from kg.catalogue import Mismatch
from kg.findings import ALL, Priority
from kg.priority import place, priorities
from kg.reports._words import people

EXAMPLES = 140
"""Examples of mismatch that were told in the study's interviews; one can be of several kinds."""

NOTE = "Ranked by share, then by examples; equals share a rank. Other roles rank as all do."
"""How to read the ranks."""


class Figures:
    """The study's figures of every mismatch, as each kind of reader ranks them."""

    def __init__(self, mismatches: Collection[Mismatch]) -> None:
        raters = dict.fromkeys([ALL, *(role for one in mismatches for role in one.ratings)])
        self._known = {role: priorities(mismatches, role) for role in raters}

    def sentence(self, mismatch: Mismatch) -> str:
        """How often the mismatch was told of, and what its rows are; nothing where the study does
        not know it.
        """
        told = f"Named in {mismatch.interviews} of the {EXAMPLES} examples from interviews."
        rated = "Important or very important to" if mismatch.ratings else ""
        return " ".join(filter(None, [told if mismatch.interviews is not None else "", rated]))

    def rows(self, mismatch: Mismatch) -> list[str]:
        """A row for each kind of raters: to how many it is important, and where it ranks."""
        rated = list(self._rated(mismatch.code))
        widest = max((len(_raters(one)) for one, _, _ in rated), default=0)
        return [
            f"{_raters(one):{widest}}  {f'{one.important} of {one.respondents}':>8}  "
            f"{round(100 * one.share):3} %  rank {rank:2} of {number}"
            for one, rank, number in rated
        ]

    def _rated(self, code: str) -> Iterator[tuple[Priority, int, int]]:
        for role, known in self._known.items():
            one = known.get(code)
            if one and one.respondents and one.raters == role:
                yield one, place(code, known), len(known)


def _raters(priority: Priority) -> str:
    return ALL if priority.raters == ALL else people(priority.raters)
