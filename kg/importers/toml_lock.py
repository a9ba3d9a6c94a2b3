"""Reads the lock files of Poetry, uv, PDM and PEP 751: every package with its version.

Programs write these files, one key a line, so they are read line by line: with their hashes they
are far longer than anything a person writes.
"""

import re
from collections.abc import Iterator

from kg.errors import DescriptorInvalid
from kg.importers._environments import NEEDED, PRESENT, Packages, packages_of, shortened
from kg.importers._locks import Lock, Locked
from kg.reading import lines
from kg.statements import Notes, Place, Reading, Source

TITLE = "Lock files in TOML (poetry.lock, uv.lock, pdm.lock, pylock.toml)"
FILES = "`poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_LARGEST = 32 * 2**20
_NAMES = {"poetry.lock", "uv.lock", "pdm.lock"}
_PYLOCK = re.compile(r"pylock(?:\.[^.]+)?\.toml")
_PACKAGE = re.compile(r"\[\[packages?\]\]\s*")
_ENTRY = re.compile(r"""([A-Za-z_-]+) = (?:"([^"]*)"|(.*))""")
_LIST = re.compile(r"[A-Za-z_-]+ = \[[^\]]*")
_ANYTHING = re.compile(r"""(?:\s.*|["'\[\]#A-Za-z0-9_].*|)""", re.DOTALL)
_PYTHON = {"python-versions", "requires-python", "requires_python"}
_LOCKED = {
    *_PYTHON,
    "lock-version",
    "lock_version",
    "content-hash",
    "version",
    "package",
    "packages",
}
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")


def claims(source: Source) -> bool:
    """Whether the file has the name that one of the programs gives it."""
    return source.name in _NAMES or bool(_PYLOCK.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The interpreter's versions, and each package with its own."""
    notes = Notes()
    packages = packages_of(source, notes)
    walk = _Walk(packages)
    for line, text in lines(source.text(_LARGEST)):
        walk.take(line, text)
    walk.finish()
    walk.lock.state(packages)
    return notes.reading(source.path)


class _Walk:
    """One pass over the lines: which table they stand in, and whether a list is open."""

    def __init__(self, packages: Packages) -> None:
        self.lock = Lock()
        self._packages = packages
        self._package: Locked | None = None
        self._entries: dict[str, str] = {}
        self._opened: int | None = None
        self._is_lock = self._python = False

    def take(self, line: int, text: str) -> None:
        """Take one line."""
        if text.startswith("["):
            self._enter(line, text)
        elif text.startswith("]"):
            self._opened = None
        elif text.startswith(_CONFLICT) or not _ANYTHING.fullmatch(text):
            self._packages.refuse(
                f"This line belongs to no lock file: {shortened(text)}", Place(line)
            )
        elif found := _ENTRY.fullmatch(text):
            self._entries[found[1]] = found[2] if found[2] is not None else found[3]
            self._opened = line if _LIST.fullmatch(text) else None
            if found[1] == "version" and self._package:
                self._package.at = Place(line)
            if found[1] in _LOCKED:
                self._note(found[1], found[2] or "", line)

    def finish(self) -> None:
        """Close the last package; raises DescriptorInvalid where the file is no lock file."""
        self._close()
        if not self._is_lock:
            raise DescriptorInvalid("The file locks no packages", "Let its program write it again")
        if self._opened is not None:
            self._packages.refuse(
                "The file ends inside a list that begins here", Place(self._opened)
            )

    def _note(self, key: str, value: str, line: int) -> None:
        if self._package is None:
            self._is_lock = True
        if key in _PYTHON and self._package is None and not self._python:
            self._python = True
            self._packages.add("python", value, "poetry", at=Place(line))

    def _enter(self, line: int, text: str) -> None:
        """Begin a table; one within a package ends what is of interest in it."""
        self._close()
        self._opened = None
        if _PACKAGE.fullmatch(text):
            self._is_lock = True
            self._package = Locked(at=Place(line))

    def _close(self) -> None:
        package, entries = self._package, self._entries
        self._package, self._entries = None, {}
        if package is None:
            return
        package.name, package.version = entries.get("name", ""), entries.get("version", "")
        package.unless = next(_reasons(entries), "")
        if package.name:
            self.lock.add(package)
        else:
            self._packages.refuse("A package has no name", package.at)


def _reasons(entries: dict[str, str]) -> Iterator[str]:
    """Why the package may not be there, if the lock file says so."""
    if re.search(r"\b(?:virtual|editable)\b.*=.*\"\.\"", entries.get("source", "")):
        yield "this is the project itself"
    if entries.get("optional") == "true":
        yield "it comes only with an extra"
    if entries.get("category", "main") not in {"main", "default"}:
        yield "it is for development, not for using the project"
    groups = entries.get("groups", "")
    if groups and not re.search(r'"(?:main|default)"', groups):
        yield f"it comes only with {groups}"
