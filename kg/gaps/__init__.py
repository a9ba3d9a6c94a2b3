"""Finds gaps: mismatches that nothing informs or detects, attributes that no predicate reads, and
what a project would have to state.

The only door to the library of graph algorithms.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.catalogue import Catalogue
from kg.gaps.coverage import Coverage, coverage
from kg.gaps.mapping import Gap, gaps
from kg.gaps.needs import needs_of
from kg.gaps.projects import ProjectGaps
from kg.gaps.relations import Relations, relations
from kg.gaps.sets import AttributeSet, SetGaps, set_gaps
from kg.gaps.trends import Trend
from kg.gaps.weakness import Redundancy, SinglePoint, redundancies, single_points, spare
from kg.vocabulary import Vocabulary

__all__ = ["Analysis", "Mapping", "Relations", "analyse", "relations"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """What there is to say of the mapping itself."""

    known: Relations
    gaps: tuple[Gap, ...]
    coverage: Coverage
    points: tuple[SinglePoint, ...]
    redundancies: tuple[Redundancy, ...]
    spare: tuple[str, ...]

    @property
    def unintended(self) -> tuple[Gap, ...]:
        """The gaps that nothing excuses."""
        return tuple(gap for gap in self.gaps if not gap.excuse)


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was asked for: the mapping, attribute sets, projects, and how these changed."""

    mapping: Mapping
    sets: tuple[SetGaps, ...] = ()
    projects: tuple[ProjectGaps, ...] = ()
    trends: tuple[Trend, ...] = ()
    role: str | None = None


def analyse(
    vocabulary: Vocabulary, catalogue: Catalogue, sets: Iterable[AttributeSet] = ()
) -> Analysis:
    """The gaps of the mapping, and of the attribute sets."""
    known = relations(vocabulary, catalogue)
    needs = needs_of(vocabulary, (one for one in known.predicates if known.compares(one.id)))
    mapping = Mapping(
        known=known,
        gaps=gaps(known),
        coverage=coverage(known, needs),
        points=single_points(known, needs),
        redundancies=redundancies(known),
        spare=spare(known, needs),
    )
    return Analysis(mapping, tuple(set_gaps(known, needs, one) for one in sets))
