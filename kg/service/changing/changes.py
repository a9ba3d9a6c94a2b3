"""What is to become of a project, who wants it, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

from kg.findings import ProjectReport
from kg.history.projects import KeptProject
from kg.history.revisions import Revision


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a project's files: new ones by their path, those that go, those that go
    if they are there, or, where it is `whole`, all that are not new.
    """

    new: Mapping[str, Path] = field(default_factory=dict)
    gone: Sequence[str] = ()
    instead_of: Sequence[str] = ()
    whole: bool = False

    def paths(self, before: Mapping[str, str]) -> dict[str, str]:
        """The digest of each file after it, by path."""
        gone = {*self.gone, *self.instead_of}
        kept = {} if self.whole else {p: d for p, d in before.items() if p not in gone}
        return {**kept, **{path: _digest(file) for path, file in self.new.items()}}


@dataclass(frozen=True, slots=True)
class About:
    """Who makes a change, why, from what, and which state of the project must be there before."""

    author: str
    message: str = ""
    origin: str = ""
    condition: Callable[[KeptProject, str, Mapping[str, str]], None] | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """The revision that a project has after a change, whether it is a new one, and its report."""

    revision: Revision
    changed: bool
    report: ProjectReport


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
