"""What an extension is held against: one module a check, found by being in this folder."""

from collections.abc import Iterator, Mapping
from typing import Protocol, cast

from kg.extensions import modules
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault


class Check(Protocol):
    """A module with these names is a check; reports call it by the module's name."""

    TITLE: str
    """What holds of an extension in which it finds nothing."""

    def examine(self, extension: Extension) -> Iterator[Fault]:
        """Whatever is to be mended."""


def checks() -> Mapping[str, Check]:
    """Every check by name, with those that other distributions offer.

    They are loaded when they are asked for: some need libraries that take long to load.
    """
    return cast("Mapping[str, Check]", modules(__name__))
