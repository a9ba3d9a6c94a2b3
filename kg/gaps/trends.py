"""How a project's gaps changed over revisions: what was answered, and what is asked anew."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DescriptorError, NotFound
from kg.findings import GAPS_SCHEMA
from kg.gaps.projects import ProjectGaps
from kg.gaps.waiting import Missing
from kg.reading import read_json


@dataclass(frozen=True, slots=True)
class Revision:
    """What an earlier report, or now this one, says of a project."""

    source: str
    undecided: int
    missing: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Trend:
    """A project's revisions, oldest first, and what changed from the first to the last: elements
    and attributes that are missing no longer, and those that are since.
    """

    project: str
    revisions: tuple[Revision, ...]

    @property
    def answered(self) -> tuple[tuple[str, str], ...]:
        """What was missing at first, and is no more."""
        return tuple(sorted(self.revisions[0].missing - self.revisions[-1].missing))

    @property
    def raised(self) -> tuple[tuple[str, str], ...]:
        """What is missing now, and was not at first."""
        return tuple(sorted(self.revisions[-1].missing - self.revisions[0].missing))


def trends(projects: Iterable[ProjectGaps], earlier: Iterable[Path]) -> Iterator[Trend]:
    """The trend of each project that some earlier report tells of; raises DescriptorError."""
    reports = [(path.name, _projects(path)) for path in earlier]
    for project in projects:
        told = [
            _revision(name, found[project.id]) for name, found in reports if project.id in found
        ]
        if told:
            yield Trend(project.id, (*told, _now(project)))


def _now(project: ProjectGaps) -> Revision:
    asks = (one.ask for one in project.questions)
    missing = frozenset(
        (ask.element or ask.kind, ask.attribute) for ask in asks if isinstance(ask, Missing)
    )
    return Revision("now", project.undecided, missing)


def _projects(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        found = read_json(path.read_text(encoding="utf-8")).value
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}", "Name a report") from error
    except (DescriptorError, UnicodeDecodeError) as error:
        raise _none(path) from error
    if not isinstance(found, dict) or found.get("schema") != GAPS_SCHEMA:
        raise _none(path)
    return {str(one["id"]): one for one in found.get("projects", ())}


def _none(path: Path) -> DescriptorError:
    return DescriptorError(
        f"{path} is no report of gaps", "Name what `mismatch gaps PATH --as json -o FILE` wrote"
    )


def _revision(source: str, found: Mapping[str, Any]) -> Revision:
    questions = found["questions"]
    missing = frozenset((one["element"], one["attribute"]) for one in questions if one["attribute"])
    return Revision(source, int(found["undecided"]), missing)
