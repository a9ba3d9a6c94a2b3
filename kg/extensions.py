"""Finds what was added: the modules in a package, those behind an entry point, the files in
knowledge folders.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType


@cache
def modules(package: str) -> Mapping[str, ModuleType]:
    """The extension modules of a package by name, with those that other distributions offer for it.

    Others offer theirs through the entry-point group of the package's name, such as `kg.importers`;
    a module of ours is never replaced by one of theirs.
    """
    ours = {name: import_module(f"{package}.{name}") for name in names(package)}
    theirs = {point.name: point.load() for point in entry_points(group=package)}
    return MappingProxyType(dict(sorted({**theirs, **ours}.items())))


def names(package: str) -> list[str]:
    """What the extension modules of a package of ours are called, without loading any."""
    found = iter_modules(import_module(package).__path__)
    return sorted(info.name for info in found if not info.name.startswith("_"))


def knowledge_files(roots: Iterable[Path], folder: str, suffix: str) -> Iterator[Path]:
    """Every file with the suffix below `folder` of each root, root by root, in the order of their
    names.
    """
    for root in roots:
        yield from sorted((root / folder).rglob(f"*.{suffix}"))
