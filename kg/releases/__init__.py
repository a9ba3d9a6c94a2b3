"""Compares two states of an ontology: what was added, given up, removed or changed, what that does
to whoever uses it, and which version number follows.

A change breaks if descriptors, queries or programs that were right can be wrong now. A term that
was given up before it is removed is no surprise: that was announced, and it was read meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.releases.levels import ASPECTS, Level
from kg.releases.reading import Entry, Ontology, read_ontology

__all__ = ["Change", "Level", "Ontology", "Release", "compared", "read_ontology"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a term: added, renamed, given up, taken back, removed, or one aspect changed;
    `announced` is true where a version before said that it would come.
    """

    term: str
    kind: str
    what: str
    level: Level
    before: str = ""
    after: str = ""
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """All changes from one version to another, in the order of terms."""

    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def level(self) -> Level:
        """The most that any change does."""
        return max((change.level for change in self.changes), default=Level.NONE)

    @property
    def surprises(self) -> tuple[Change, ...]:
        """Changes that break what was right, and were not announced."""
        return tuple(c for c in self.changes if c.level is Level.BREAKING and not c.announced)

    @property
    def due(self) -> str:
        """The version that has to follow the first; empty where that is none that can be counted
        on.
        """
        return next_version(self.before, self.level)


def compared(old: Ontology, new: Ontology) -> Release:
    """What changed from the old ontology to the new one."""
    names = sorted({*old.terms, *new.terms})
    changes = (change for name in names for change in _changes(name, old, new))
    return Release(old.version, new.version, tuple(changes))


def next_version(version: str, level: Level) -> str:
    """The version that follows after changes of that level, by Semantic Versioning.

    Before 1.0.0 what breaks raises the second number, and all else the third.

    >>> next_version("1.4.2", Level.BREAKING), next_version("0.4.2", Level.BREAKING)
    ('2.0.0', '0.5.0')
    >>> next_version("1.4.2", Level.ADDING), next_version("1.4.2", Level.WORDING)
    ('1.5.0', '1.4.3')
    """
    numbers = version.split(".")
    if len(numbers) != len(("major", "minor", "patch")) or not all(map(str.isdigit, numbers)):
        return ""
    major, minor, patch = map(int, numbers)
    if level is Level.NONE:
        return version
    step = level if major else level - 1
    if step >= Level.BREAKING:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == Level.ADDING else f"{major}.{minor}.{patch + 1}"


def _changes(name: str, old: Ontology, new: Ontology) -> Iterator[Change]:
    before, after = old.terms.get(name), new.terms.get(name)
    if before is None:
        if after is not None:
            level = Level.WORDING if after.retired else Level.ADDING
            yield Change(name, after.kind, "added", level, after=after.label)
    elif after is None:
        announced = before.retired
        yield Change(
            name, before.kind, "removed", Level.BREAKING, before.label, announced=announced
        )
    elif after.retired and not before.retired:
        yield _given_up(before, after)
    else:
        if before.retired and not after.retired:
            yield Change(name, after.kind, "taken back", Level.ADDING)
        yield from _aspects(before, after, new)


def _given_up(before: Entry, after: Entry) -> Change:
    successor = ", ".join(after.of("dcterms:isReplacedBy"))
    factor = ", ".join(after.of("mm:multipliedBy"))
    because = " ".join(after.of("mm:because"))
    return Change(
        after.name,
        before.kind,
        "renamed" if successor else "given up",
        Level.ADDING,
        before.name,
        f"{successor}{f', times {factor}' if factor else ''}" if successor else because,
        announced=True,
    )


def _aspects(before: Entry, after: Entry, new: Ontology) -> Iterator[Change]:
    for predicate, (name, judge) in ASPECTS.items():
        was, now = before.of(predicate), after.of(predicate)
        if was != now:
            gone, come = ", ".join(sorted(was - now)), ", ".join(sorted(now - was))
            yield Change(after.name, after.kind, name, judge(was, now, new), gone, come)
