"""What extensions change: which mismatches become detectable, and which gaps open and close."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.gaps import Relations, relations
from kg.gaps.coverage import comparing
from kg.gaps.mapping import KINDS, Gap, gaps
from kg.workshop.extension import Knowledge


@dataclass(frozen=True, slots=True)
class State:
    """How much is known, which mismatches a comparison detects, and the gaps that nothing
    excuses.
    """

    mismatches: int
    predicates: int
    attributes: int
    detectable: tuple[str, ...]
    gaps: tuple[Gap, ...]

    def count(self, kind: str) -> int:
        """How many gaps of the kind there are."""
        return sum(gap.kind == kind for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Gain:
    """A mismatch that predicates of the extensions detect by comparing; `new` where none of those
    before does.
    """

    code: str
    label: str
    predicates: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """The gaps without the extensions and with them, and what lies between."""

    before: State
    after: State
    gains: tuple[Gain, ...]

    @property
    def opened(self) -> tuple[Gap, ...]:
        """The gaps that the extensions bring with them: what is still to be done."""
        return tuple(gap for gap in self.after.gaps if gap not in self.before.gaps)

    @property
    def closed(self) -> tuple[Gap, ...]:
        """The gaps that the extensions close."""
        return tuple(gap for gap in self.before.gaps if gap not in self.after.gaps)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of gaps that there are, without the extensions or with them."""
        found = {gap.kind for gap in (*self.before.gaps, *self.after.gaps)}
        return tuple(kind for kind in KINDS if kind in found)


def effect(before: Knowledge, after: Knowledge) -> Effect:
    """What is known after, held against what was known before."""
    first = relations(before.vocabulary, before.catalogue)
    last = relations(after.vocabulary, after.catalogue)
    return Effect(_state(first), _state(last), tuple(_gains(first, last)))


def _state(known: Relations) -> State:
    return State(
        mismatches=len(known.mismatches),
        predicates=len(known.predicates),
        attributes=len(known.attributes),
        detectable=tuple(m.code for m in known.mismatches if comparing(known, m.code)),
        gaps=tuple(gap for gap in gaps(known) if not gap.excuse),
    )


def _gains(first: Relations, last: Relations) -> Iterator[Gain]:
    for mismatch in last.mismatches:
        compared = comparing(last, mismatch.code)
        added = tuple(one for one in compared if one not in first.catalogue.predicates)
        if added:
            yield Gain(mismatch.code, mismatch.label, added, new=added == compared)
