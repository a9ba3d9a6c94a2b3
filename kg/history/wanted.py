"""Which findings are wanted, and how they follow each other: by project, then as in a report."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kg.findings import Finding, Priority, Severity, Verdict
from kg.history.marks import position
from kg.priority import main, names, place

Position: TypeAlias = tuple[str, int, int, int, str]
"""Where a finding stands: its project, the places of its verdict and severity, its rank, names."""

Condition: TypeAlias = tuple[str, tuple[str, ...]]
"""A condition in SQL, and its values."""

VERDICTS = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)
"""The verdicts as reports order them."""

# A mark reaches the next page in an address, so names that are longer are compared as far.
_NAMES = 300
_APART = "\x1f"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are wanted: those with any of the values of each kind, where there are some.

    `mismatches` are codes, main ones or not; `roles` are asked; `waived` is whether somebody waived
    it, or either.
    """

    projects: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    mismatches: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    verdicts: tuple[Verdict, ...] = (Verdict.MISMATCH, Verdict.UNDECIDED)
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    waived: bool | None = None
    hidden: Collection[str] = ()

    def holds(self, finding: Finding) -> bool:
        """Whether a finding of a project that is wanted is wanted itself."""
        asked = {question.role for question in finding.ask}
        return (
            _any(self.predicates, {finding.predicate})
            and _any(self.mismatches, set(finding.mismatches))
            and _any(self.severities, {finding.severity})
            and _any(self.verdicts, {finding.verdict})
            and _any(self.roles, asked)
            and _any(self.kinds, {finding.kind})
            and self.waived in (None, finding.waiver is not None)
        )

    def conditions(self, now: str) -> Iterator[Condition]:
        """The same in SQL, about rows of `finding`."""
        columns: Mapping[str, Iterable[str]] = {
            "finding.project": self.projects,
            "predicate": self.predicates,
            "severity": self.severities,
            "verdict": self.verdicts,
            "kind": self.kinds,
        }
        for column, values in columns.items():
            if found := tuple(map(str, values)):
                yield f"{column} {_among(found)}", found
        for column, listed in {"mismatches": self.mismatches, "roles": self.roles}.items():
            if listed:
                inner = f"SELECT 1 FROM json_each({column}) WHERE value {_among(listed)}"  # noqa: S608 - our own
                yield f"EXISTS ({inner})", listed
        if self.waived is not None:
            pair = "(finding.project, fingerprint)"
            negated = "" if self.waived else "NOT "
            active = f"SELECT project, fingerprint FROM waiver WHERE {ACTIVE}"  # noqa: S608 - our own
            yield f"{pair} {negated}IN ({active})", (now,)
        if self.hidden:
            inner = "SELECT value FROM json_each(?)"
            yield f"finding.project NOT IN ({inner})", (json.dumps(list(self.hidden)),)


ACTIVE = "ended IS NULL AND (expires IS NULL OR expires > ?)"
"""What holds of a waiver at a time, in SQL."""


class Order:
    """How findings of one project follow each other, for readers whose ratings are known."""

    def __init__(self, known: Mapping[str, Priority]) -> None:
        self.known = known
        self._places: dict[str, int] = {}

    def priority(self, finding: Finding) -> Priority | None:
        """What the study knows of a finding's main mismatch."""
        return main(finding.mismatches, self.known)

    def place(self, mismatches: str) -> int:
        """The place of the main one of some mismatches, a list in JSON."""
        found = self._places.get(mismatches)
        if found is None:
            first = main(json.loads(mismatches), self.known)
            found = place(first.mismatch if first else "", self.known)
            self._places[mismatches] = found
        return found

    def position(self, project: str, finding: Finding) -> Position:
        """Where a finding stands among all."""
        return (
            project,
            VERDICTS.index(finding.verdict),
            SEVERITIES.index(finding.severity),
            self.place(listed(finding.mismatches)),
            sorted_by(finding),
        )


SEVERITIES = tuple(Severity)
"""The severities as reports order them."""


def listed(values: Iterable[str]) -> str:
    """Several texts in one column."""
    return json.dumps(list(values), ensure_ascii=False)


def sorted_by(finding: Finding) -> str:
    """What findings of one rank are sorted by, as one text."""
    return f"{_APART.join(names(finding))[:_NAMES]}{_APART}{finding.fingerprint}"


def marked(text: str) -> Position:
    """The position of a mark; raises NotFound where it is none.

    >>> from kg.history.marks import mark
    >>> marked(mark(("loan", 0, 1, 7, "model")))
    ('loan', 0, 1, 7, 'model')
    """
    project, verdict, severity, rank, name = position(text, str, int, int, int, str)
    return str(project), int(verdict), int(severity), int(rank), str(name)


def _any(wanted: Collection[str], there: Collection[str]) -> bool:
    return not wanted or any(one in there for one in wanted)


def _among(values: tuple[str, ...]) -> str:
    # With one value an index goes on in the order of its next column.
    return "= ?" if len(values) == 1 else f"IN ({', '.join('?' * len(values))})"
