"""Who asks, what they may see, and what they may change.

`Access` is all that the rest of the service knows of it. Here stands the one for a service that
only this machine reaches: whoever is on it may do everything. What a query sees is decided by the
dataset that it is given, never by changing its text.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from fastapi import Request

from kg.errors import NotAllowed
from kg.service.settings import Settings

Name = TypeVar("Name", str, str | None)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: queries are shared out fairly between callers, and each may cancel their own."""

    name: str
    operator: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query sees; None stands for all there are, or for the default graph."""

    default: tuple[str | None, ...] | None
    named: tuple[str, ...] | None

    def within(self, visible: "Dataset") -> "Dataset":
        """What of this dataset is visible in another."""
        return Dataset(_common(self.default, visible.default), _common(self.named, visible.named))


EVERYTHING = Dataset(None, None)


class Access(Protocol):
    """Decides for each request."""

    def caller(self, request: Request) -> Caller:
        """Who asks; raises NotAllowed."""

    def visible(self, caller: Caller) -> Dataset:
        """What the caller's queries may see."""

    def may_write(self, caller: Caller, graph: str | None) -> None:
        """Raises NotAllowed unless the caller may change a graph, or without a name any graph."""


class Open:
    """Everybody who reaches the service sees everything, and writes where settings allow it."""

    def __init__(self, settings: Settings) -> None:
        self._writable = settings.writable
        self._operators = settings.loopback

    def caller(self, request: Request) -> Caller:
        """The machine that asks."""
        client = request.client
        return Caller(client.host if client is not None else "local", operator=self._operators)

    def visible(self, caller: Caller) -> Dataset:  # noqa: ARG002 - follows the protocol
        """Everything."""
        return EVERYTHING

    def may_write(self, caller: Caller, graph: str | None) -> None:  # noqa: ARG002 - see above
        """Raises NotAllowed where settings allow no updates."""
        if not self._writable:
            raise NotAllowed(
                "This service takes no updates",
                "Ask its operator, who may set MISMATCH_UPDATES",
            )


def _common(
    asked: tuple[Name, ...] | None, visible: tuple[Name, ...] | None
) -> tuple[Name, ...] | None:
    if asked is None or visible is None:
        return visible if asked is None else asked
    return tuple(name for name in asked if name in set(visible))
