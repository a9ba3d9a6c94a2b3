"""What a project says of itself in `mismatch.yaml`: its id, roles of files, names of elements,
mappings, links.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from kg.errors import DescriptorError
from kg.reading import Tree, decode, pointer, read_bytes, read_yaml
from kg.statements import SIZE_LIMIT, Problem
from kg.vocabulary import Vocabulary

FILE = "mismatch.yaml"
IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Mapping:
    """That a field of the training data and a field of the operational data correspond."""

    source: str
    target: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class StatedLink:
    """That two elements, called by name, relate."""

    name: str
    source: str
    target: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of `mismatch.yaml`; all of it may be absent."""

    id: str | None = None
    roles: tuple[tuple[str, str, int | None], ...] = ()
    elements: tuple[tuple[str, str, int | None], ...] = ()
    mappings: tuple[Mapping, ...] = ()
    links: tuple[StatedLink, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def role(self, path: PurePosixPath) -> tuple[str, int | None] | None:
        """The element class that the file, or a folder above it, is said to describe, with the
        line.
        """
        return next(((r, n) for glob, r, n in self.roles if matches(path, glob)), None)

    def element(self, path: PurePosixPath) -> tuple[str, int | None] | None:
        """The name of the element that the file is said to describe, with the line."""
        return next(((e, n) for glob, e, n in self.elements if matches(path, glob)), None)


def matches(path: PurePosixPath, glob: str) -> bool:
    """Whether a path below the project is named by a glob, or lies in a folder that is.

    >>> matches(PurePosixPath("data/live/a.csv"), "data/live")
    True
    """
    glob = glob.strip("/")
    return any(fnmatchcase(str(part), glob) for part in (path, *path.parents[:-1]))


def read_settings(folder: Path, vocabulary: Vocabulary) -> Settings:
    """The project's settings, or empty ones; what is wrong in the file is among `problems`."""
    path = folder / FILE
    if not path.is_file():
        return Settings()
    try:
        tree = read_yaml(decode(read_bytes(path, SIZE_LIMIT)))
    except DescriptorError as error:
        return Settings(problems=(Problem(FILE, error.sentences, error.line),))
    if tree.value is None:
        return Settings(problems=(Problem(FILE, "The file is empty. Fill it in, or remove it."),))
    if not isinstance(tree.value, dict):
        wanted = "A mapping is wanted, with keys such as `id:` and `roles:`"
        return Settings(problems=(Problem(FILE, wanted, 1),))
    return _Reader(tree, tree.value, vocabulary).settings()


class _Reader:
    """Reads one settings file key by key, and takes down what it cannot use."""

    def __init__(self, tree: Tree, stated: dict[str, Any], vocabulary: Vocabulary) -> None:
        self._tree = tree
        self._stated = stated
        self._vocabulary = vocabulary
        self._problems: list[Problem] = []

    def settings(self) -> Settings:
        known = {"id", "roles", "elements", "mappings", "links", "include", "exclude"}
        for key in self._stated:
            if key not in known:
                self._wrong(
                    f"`{key}` is not a known key; there are {', '.join(sorted(known))}", key
                )
        for where, line in self._tree.duplicates:
            message = f"{where} stands twice, and only the first is read"
            self._problems.append(Problem(FILE, message, line))
        name = self._tree.text("/id") or self._stated.get("id")
        return Settings(
            id=str(name) if name else None,
            roles=tuple(self._roles()),
            elements=tuple(self._pairs("elements")),
            mappings=tuple(self._mappings()),
            links=tuple(self._links()),
            include=self._globs("include"),
            exclude=self._globs("exclude"),
            problems=tuple(self._problems),
        )

    def _wrong(self, message: str, *steps: str | int) -> None:
        self._problems.append(Problem(FILE, message, self._tree.line(pointer(*steps))))

    def _pairs(self, key: str) -> list[tuple[str, str, int | None]]:
        found = self._stated.get(key) or {}
        if not isinstance(found, dict):
            self._wrong(f"`{key}` wants a mapping of paths", key)
            return []
        return [(str(k), str(v), self._tree.line(pointer(key, k))) for k, v in found.items()]

    def _roles(self) -> list[tuple[str, str, int | None]]:
        named = {element.key: element.name for element in self._vocabulary.concrete()}
        known = {*named, IGNORE}
        found = self._pairs("roles")
        for path, role, _ in found:
            if role not in known:
                choices = ", ".join(sorted(known))
                self._wrong(f"`{role}` is no element; use one of {choices}", "roles", path)
        return [(path, named.get(role, role), n) for path, role, n in found if role in known]

    def _entries(
        self, key: str, wanted: tuple[str, ...]
    ) -> list[tuple[dict[str, Any], int | None]]:
        found = self._stated.get(key) or []
        entries = []
        for at, entry in enumerate(found if isinstance(found, list) else [found]):
            if isinstance(entry, dict) and set(entry) == set(wanted):
                entries.append((entry, self._tree.line(pointer(key, at))))
            else:
                self._wrong(f"each of `{key}` wants the keys {', '.join(wanted)}", key, at)
        return entries

    def _mappings(self) -> list[Mapping]:
        entries = self._entries("mappings", ("from", "to"))
        return [Mapping(str(e["from"]), str(e["to"]), line) for e, line in entries]

    def _links(self) -> list[StatedLink]:
        by_key = {link.key: name for name, link in self._vocabulary.links.items()}
        prefixed = {self._vocabulary.curie(name): name for name in self._vocabulary.links}
        found = []
        for at, (entry, line) in enumerate(self._entries("links", ("link", "from", "to"))):
            key = str(entry["link"])
            name = by_key.get(key) or prefixed.get(key, key)
            if name in self._vocabulary.links:
                found.append(StatedLink(name, str(entry["from"]), str(entry["to"]), line))
            else:
                self._wrong(f"`{key}` is no link; use one of {', '.join(by_key)}", "links", at)
        return found

    def _globs(self, key: str) -> tuple[str, ...]:
        found = self._stated.get(key) or []
        return tuple(map(str, found if isinstance(found, list) else [found]))
