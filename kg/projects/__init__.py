"""Reads a project: a folder of descriptors and artefacts, or a repository as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from kg.errors import DescriptorError, NotFound
from kg.importers import importer_for
from kg.projects.folder import Found, digest, require_content, shown, source, walk
from kg.projects.identity import Entry, settle, types
from kg.projects.inferring import infer
from kg.projects.judging import judge
from kg.projects.linking import link
from kg.projects.mentions import resolve
from kg.projects.observing import observe
from kg.projects.settings import IGNORE, Settings, read_settings
from kg.projects.spelling import spell
from kg.projects.upgrading import upgraded
from kg.statements import Link, Node, Problem
from kg.vocabulary import Vocabulary

__all__ = ["Follow", "Project", "Take", "assemble", "read_project", "sub_projects"]

Follow: TypeAlias = Callable[[Sequence[Found]], Iterable[Found]]
"""Hands on the files of a project as they are read, and may tell of it."""

Take: TypeAlias = Callable[[Entry], Entry]
"""What of a source is taken, where that is not all."""

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its folder states it: sources with their readings, links, and what could not be
    read.
    """

    id: str
    path: Path
    entries: tuple[Entry, ...]
    links: tuple[tuple[str, Link], ...]
    settings: Settings
    problems: tuple[Problem, ...]
    unclaimed: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def passed_over(self) -> int:
        """How many files were not given to an importer."""
        return len(self.unclaimed)

    @property
    def types(self) -> dict[Node, tuple[str, ...]]:
        """The narrower classes that its sources give its elements."""
        return types(self.entries)

    @property
    def stated_links(self) -> list[tuple[str, Link]]:
        """Its links without those that only follow from others."""
        return [(file, one) for file, one in self.links if not one.inferred_from]

    @property
    def statements(self) -> int:
        """How many statements its sources make."""
        return sum(len(entry.reading.statements) for entry in self.entries)


def sub_projects(folder: Path) -> list[Path]:
    """Every direct sub-folder, hidden ones left out; raises NotFound where there is no such
    folder.
    """
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder", "Name a folder that holds projects")
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _whole(entry: Entry) -> Entry:
    return entry


def read_project(
    folder: Path,
    vocabulary: Vocabulary,
    knowledge: Iterable[Path] = (),
    follow: Follow = iter,
    take: Take = _whole,
) -> Project:
    """All that the project's files state; single broken files are among its problems.

    `follow` is given the files before they are read, and hands them on as they are taken; `take` is
    given what each of them states, before anything is made of it. Raises NotFound where there is no
    such folder.
    """
    if not folder.is_dir():
        raise NotFound(f"{folder} does not exist, or is no folder", "Name a project's folder")
    folder = folder.resolve()
    settings = read_settings(folder, vocabulary)
    reader = _Reader(folder, settings, tuple(knowledge), follow)
    name = settings.id or shown(folder.name)
    project = assemble(name, folder, map(take, reader.entries()), settings, vocabulary)
    problems = map(_cut, (*project.problems, *reader.problems))
    return replace(
        project,
        problems=tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.message))),
        unclaimed=tuple(reader.unclaimed),
    )


def assemble(
    name: str, path: Path, read: Iterable[Entry], settings: Settings, vocabulary: Vocabulary
) -> Project:
    """The project that its sources make together, wherever they were read: elements settled,
    recorded files looked at, values judged and spelled, what follows stated, elements linked.
    """
    entries, notes = settle(read, settings, vocabulary)
    entries = observe(entries, path, vocabulary)
    entries, guessed = resolve(entries, vocabulary)
    narrower = types(entries)
    entries = [spell(judge(entry, vocabulary, narrower), vocabulary) for entry in entries]
    entries = [infer(entry, vocabulary) for entry in entries]
    links, unlinked = link(entries, settings, vocabulary)
    problems = [*settings.problems, *unlinked]
    problems += [problem for entry in entries for problem in entry.reading.problems]
    return Project(
        id=name,
        path=path,
        entries=tuple(entries),
        links=tuple(links),
        settings=settings,
        problems=tuple(problems),
        unclaimed=(),
        notes=(*notes, *guessed),
    )


def _cut(problem: Problem) -> Problem:
    """The problem in words that can be read: files quote themselves at any length."""
    if len(problem.message) <= _LONGEST:
        return problem
    return replace(problem, message=f"{problem.message[:_LONGEST]}…")


class _Reader:
    """Gives each file of a folder to the importer that claims it."""

    def __init__(
        self, folder: Path, settings: Settings, knowledge: tuple[Path, ...], follow: Follow
    ) -> None:
        self._folder = folder
        self._follow = follow
        self._settings = settings
        self._knowledge = knowledge
        self.problems: list[Problem] = []
        self.unclaimed: list[str] = []

    def entries(self) -> list[Entry]:
        """What every claimed file states."""
        walked = walk(self._folder, self._settings, self.problems)
        found = [file for file in walked if self._is_named(file)]
        neighbours: dict[str, set[str]] = {}
        for file in found:
            neighbours.setdefault(str(file.path.parent), set()).add(file.path.name)
        beside = {folder: frozenset(names) for folder, names in neighbours.items()}
        files = self._follow(found)
        read = (self._entry(file, beside[str(file.path.parent)]) for file in files)
        return [entry for entry in read if entry]

    def _is_named(self, file: Found) -> bool:
        """Whether the file's name is text; one that is none can stand in no graph and no report."""
        try:
            str(file.path).encode()
        except UnicodeEncodeError:
            message = "Its name is not UTF-8, so it was not read. Rename it."
            self.problems.append(Problem(shown(file.path), message))
            return False
        return True

    def _entry(self, file: Found, neighbours: frozenset[str]) -> Entry | None:
        role = self._settings.role(file.path)
        try:
            given = source(file, neighbours, self._knowledge)
            claimed = importer_for(given, ignored=file.ignored)
            if claimed is None or (role and role[0] == IGNORE):
                self.unclaimed.append(str(file.path))
                return None
            name, importer = claimed
            require_content(given)
            # Read first: what is refused for its size is not worth a pass over all of it.
            reading = upgraded(importer.read(given), given)
            return Entry(file.path, reading.digest or digest(file.location), name, reading)
        except DescriptorError as error:
            self._broken(file, error.sentences, error.line)
        except OSError as error:
            self._broken(file, f"It cannot be read: {error.strerror or error}.")
        except MemoryError:
            # What is short of memory is no importer's fault, and the next file has no more.
            raise
        except Exception as error:  # noqa: BLE001 - one importer's fault must not cost the other files
            fault = f"{type(error).__name__}: {error}"
            self._broken(file, f"Reading it failed, which is our fault, not the file's ({fault}).")
        return None

    def _broken(self, file: Found, message: str, line: int | None = None) -> None:
        self.problems.append(Problem(str(file.path), message, line))
