"""How much of the study a set of attributes could detect: by subcategory, weighted by how often
interviews told of it and by how many of each role found it important.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.catalogue import Mismatch
from kg.findings import ALL
from kg.gaps.alternatives import Alternatives
from kg.gaps.needs import Needs
from kg.gaps.relations import Relations


@dataclass(frozen=True, slots=True)
class Reach:
    """What could be detected of one mismatch: those of its predicates that compare something, and
    those of them that the attributes are enough for.
    """

    mismatch: Mismatch
    informed: int
    predicates: tuple[str, ...]
    able: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part of the predicates that the attributes are enough for, from 0 to 1."""
        return len(self.able) / len(self.predicates) if self.predicates else 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much of a whole is reached; `raters` is a role, or `all`, and empty for interviews."""

    raters: str
    reached: float
    whole: float

    @property
    def share(self) -> float:
        """The part that is reached, from 0 to 1."""
        return self.reached / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set of attributes reaches of every mismatch, in the ontology's order."""

    reaches: tuple[Reach, ...]

    @property
    def detectable(self) -> tuple[str, ...]:
        """The codes of the mismatches that some comparing predicate can detect."""
        return tuple(one.mismatch.code for one in self.reaches if one.able)

    @property
    def undetectable(self) -> tuple[str, ...]:
        """The codes of those that none can."""
        return tuple(one.mismatch.code for one in self.reaches if not one.able)

    @property
    def interviews(self) -> Weighed:
        """The mentions in interviews of what can be detected, of all."""
        told = [(one.mismatch.interviews or 0, bool(one.able)) for one in self.reaches]
        return Weighed("", sum(n for n, able in told if able), sum(n for n, _ in told))

    @property
    def ratings(self) -> tuple[Weighed, ...]:
        """For each role, and for all, the shares that found important what can be detected."""
        raters = dict.fromkeys([ALL, *(r for one in self.reaches for r in one.mismatch.ratings)])
        return tuple(self._rated(role) for role in raters)

    def _rated(self, role: str) -> Weighed:
        shares = [(_share(one.mismatch, role), bool(one.able)) for one in self.reaches]
        return Weighed(role, sum(s for s, able in shares if able), sum(s for s, _ in shares))


def coverage(
    known: Relations, needs: Mapping[str, Needs], stated: Iterable[str] | None = None
) -> Coverage:
    """What attributes reach, or all that there are, given the needs of comparing predicates."""
    held = frozenset(known.vocabulary.attributes if stated is None else stated)
    return Coverage(tuple(_reach(known, needs, mismatch, held) for mismatch in known.mismatches))


def comparing(known: Relations, code: str) -> tuple[str, ...]:
    """The predicates that detect the mismatch and compare something."""
    return tuple(filter(known.compares, known.detected_by(code)))


def ways(
    known: Relations, needs: Mapping[str, Needs], predicate: str, code: str
) -> Alternatives[str]:
    """What is enough for the predicate to find the one mismatch: of all that is, what holds an
    attribute that informs it, if any does.

    A predicate over all attributes, such as one on contradictions, finds of each what it informs.
    """
    informing = frozenset(known.informed_by(code))
    found = needs[predicate].mismatch
    return frozenset(need for need in found if need & informing) or found


def _reach(
    known: Relations, needs: Mapping[str, Needs], mismatch: Mismatch, held: frozenset[str]
) -> Reach:
    code, detectors = mismatch.code, comparing(known, mismatch.code)
    return Reach(
        mismatch=mismatch,
        informed=len(known.informed_by(code)),
        predicates=detectors,
        able=tuple(
            name
            for name in detectors
            if any(need <= held for need in ways(known, needs, name, code))
        ),
    )


def _share(mismatch: Mismatch, role: str) -> float:
    important, respondents = mismatch.ratings.get(role, (0, 0))
    return important / respondents if respondents else 0.0
