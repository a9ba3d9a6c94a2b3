"""Tells what is known, where reports tell of projects: one folder a thing, one module a format.

A teller is found by being in the folder of its thing; its name is what `--as` calls it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from kg.errors import NotFound
from kg.extensions import modules
from kg.reports import Telling

Thing_contra = TypeVar("Thing_contra", contravariant=True)


class Teller(Protocol[Thing_contra]):
    """A module with these names tells one thing in one format."""

    TITLE: str
    """What it writes, as menus show it."""

    SUFFIX: str
    """How its files end, with the full stop."""

    def render(self, thing: Thing_contra, telling: Telling) -> str:
        """The text, which ends in a line break."""


def tellers(thing: str) -> Mapping[str, Teller[Any]]:
    """Those that tell the thing, by format."""
    return cast("Mapping[str, Teller[Any]]", modules(f"{__name__}.{thing}"))


def teller(thing: str, name: str | None, file: Path | None) -> Teller[Any]:
    """The teller of that format, or whose files end as this one does, or of plain text; raises
    NotFound.
    """
    known = tellers(thing)
    if name is not None and name not in known:
        raise NotFound(f"There is no format {name}", f"Use one of {', '.join(known)}")
    by_suffix = (one for one in known.values() if file and file.suffix.lower() == one.SUFFIX)
    return known[name] if name else next(by_suffix, known["text"])
