"""Who asks, what they may see, and what they may change.

`Access` is all that the rest of the service knows of it. Here stands the one for a service that
only this machine reaches: whoever is on it may do everything. What a query sees is decided by the
dataset that it is given, never by changing its text.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeVar

from fastapi import Request

from kg.errors import NotAllowed, NotFound
from kg.service.settings import Settings

Name = TypeVar("Name", str, str | None)


class Role(IntEnum):
    """What somebody may do with a project; each may do what those before it may."""

    READER = 1
    """Sees it, and all that was found in it."""
    CONTRIBUTOR = 2
    """Puts files into it, waives and comments what was found."""
    MAINTAINER = 3
    """Removes it, and says who else may do what."""


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

    def may_create(self, caller: Caller) -> None:
        """Raises NotAllowed unless the caller may make projects."""

    def role(self, caller: Caller, project: str) -> Role | None:
        """What the caller may do with a project; None where it is not theirs to see."""

    def hidden(self, caller: Caller) -> Collection[str]:
        """The ids of the projects that the caller may not see."""


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

    def may_create(self, caller: Caller) -> None:
        """Raises NotAllowed where settings allow no updates."""
        self.may_write(caller, None)

    def role(self, caller: Caller, project: str) -> Role | None:  # noqa: ARG002 - see above
        """Everything, where settings allow writing."""
        return Role.MAINTAINER if self._writable else Role.READER

    def hidden(self, caller: Caller) -> Collection[str]:  # noqa: ARG002 - see above
        """None."""
        return ()


def require(access: Access, caller: Caller, project: str, role: Role) -> None:
    """Raises NotFound where the caller may not see a project, as if it were not there, and
    NotAllowed where its role there is a lower one.
    """
    has = access.role(caller, project)
    if has is None:
        raise NotFound(
            f"There is no project {project[:100]}", "GET /projects lists those there are"
        )
    if has < role:
        raise NotAllowed(
            f"This takes the role {role.name.lower()} in {project[:100]}",
            "Ask one of its maintainers",
        )


def _common(
    asked: tuple[Name, ...] | None, visible: tuple[Name, ...] | None
) -> tuple[Name, ...] | None:
    if asked is None or visible is None:
        return visible if asked is None else asked
    return tuple(name for name in asked if name in set(visible))
