"""Reads the lock files of conda-lock and Pixi: every package of conda and pip with its version."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from kg.errors import DescriptorInvalid
from kg.importers._environments import NEEDED, PRESENT, packages_of, place, report_duplicates
from kg.importers._locks import Lock, Locked
from kg.reading import Limits, Tree, read_yaml
from kg.statements import Notes, Reading, Source

TITLE = "Lock files of conda (conda-lock.yml, pixi.lock)"
FILES = "`conda-lock.yml`, also with a word before it, and `pixi.lock`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_LIMITS = Limits(size=16 << 20, nodes=500_000)
_NAME = re.compile(r"(?:.+[-_.])?conda-lock\.ya?ml|pixi\.lock")
_FILE = re.compile(r"([^/]+)-([^-/]+)-[^-/]+(?:\.conda|\.tar\.bz2)")


def claims(source: Source) -> bool:
    """Whether the file has the name that one of the programs gives it."""
    return bool(_NAME.fullmatch(source.name))


def read(source: Source) -> Reading:
    """Each package with its version, if all platforms have the same."""
    tree = read_yaml(source.text(_LIMITS.size), _LIMITS)
    listed = tree.value if isinstance(tree.value, dict) else {}
    key = next((key for key in ("package", "packages") if isinstance(listed.get(key), list)), None)
    if key is None:
        raise DescriptorInvalid("The file locks no packages", "Let its program write it again")
    notes = Notes()
    packages = packages_of(source, notes)
    report_duplicates(tree, notes)
    lock = Lock()
    for package in _packages(tree, key, listed[key]):
        if package.name:
            lock.add(package)
        else:
            packages.refuse("A package has no name", package.at)
    lock.state(packages)
    return notes.reading(source.path)


def _packages(tree: Tree, key: str, listed: list[object]) -> Iterator[Locked]:
    for index, entry in enumerate(listed):
        at = place(tree, key, index, "version")
        package = Locked(at=at)
        if isinstance(entry, Mapping):
            _fill(package, entry, tree.text(at.pointer or ""))
        yield package


def _fill(package: Locked, entry: Mapping[str, object], version: str | None) -> None:
    """Name and version; newer Pixi files give those of conda's packages only in the address."""
    address = unquote(str(entry.get("conda") or ""))
    kind = entry.get("manager", entry.get("kind", "conda" if address else "pypi"))
    package.conda = kind == "conda"
    found = _FILE.search(address)
    package.name = str(entry.get("name") or (found[1] if found else ""))
    package.version = version or (found[2] if found else "")
    if entry.get("optional") is True or entry.get("category", "main") != "main":
        package.unless = f"it comes only with `{entry.get('category', 'an extra')}`"
