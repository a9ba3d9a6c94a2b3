"""Who asks, what they may see, and what they may change.

`Access` is all that the rest of the service knows of it: `Open` where it serves graphs alone, and
`Permissions` in `permissions.py` where it keeps projects. What a query sees is decided by the
dataset that it is given, never by changing its text.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fastapi import Request
from starlette.datastructures import Headers

from kg.errors import NotAllowed, NotFound
from kg.history.roles import Role
from kg.history.tokens import Scope
from kg.service.settings import Settings

__all__ = [
    "ADMITTED",
    "EVERYTHING",
    "Access",
    "Caller",
    "Dataset",
    "Open",
    "Role",
    "Scope",
    "ScopeLacking",
    "TokenLacking",
    "read_only",
    "require",
    "require_operator",
    "shown_token",
]

Name = TypeVar("Name", str, str | None)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,8000}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: queries are shared out fairly between callers, and each may cancel their own.

    `known` is who showed a token. A token may be good for reading alone, or for one `project`.
    """

    name: str
    operator: bool = False
    known: bool = False
    scope: Scope = Scope.OPERATE
    project: str | None = None


class TokenLacking(NotAllowed):
    """Nobody may do this who does not show a token, or who shows one that does not count."""

    def __init__(self, what: str, hint: str, *, shown: bool = False) -> None:
        super().__init__(what, hint)
        self.challenge = 'Bearer realm="ml-mismatch"'
        if shown:
            self.challenge += f', error="invalid_token", error_description="{what}"'


class ScopeLacking(NotAllowed):
    """The token is not good for this, though its owner may be."""

    def __init__(self, scope: Scope) -> None:
        name = scope.name.lower()
        super().__init__(
            f"This takes a token with the scope {name}", "Show another, or ask for one"
        )
        self.challenge = f'Bearer realm="ml-mismatch", error="insufficient_scope", scope="{name}"'


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query sees; None stands for all there are, or for the default graph.

    Of all there are, those that are `unseen` are left out: graphs by their IRI, or what stands
    below an IRI that ends in a slash.
    """

    default: tuple[str | None, ...] | None
    named: tuple[str, ...] | None
    unseen: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many letters the names of its graphs have."""
        return sum(len(name or "") for name in (*(self.default or ()), *(self.named or ())))

    def within(self, visible: "Dataset") -> "Dataset":
        """What of this dataset is visible in another."""
        return Dataset(
            _common(self.default, visible, visible.default),
            _common(self.named, visible, visible.named),
            visible.unseen,
        )

    def shows(self, name: str | None) -> bool:
        """Whether a graph is part of it, by its name or of the default graph."""
        if self.default is not None and name in self.default:
            return True
        if name is None:
            return self.default is None
        if self.named is not None:
            return name in self.named
        return not any(
            name.startswith(one) if one.endswith("/") else name == one for one in self.unseen
        )


EVERYTHING = Dataset(None, None)

ADMITTED = "kg.caller"
"""Where a request says who shows a token with it."""


class Access(Protocol):
    """Decides for each request."""

    @property
    def writable(self) -> bool:
        """Whether anybody may change anything."""

    async def admitted(self, headers: Headers, address: str) -> Caller | None:
        """Who shows a token, from the address of a machine; None where nobody does, or where tokens
        count for nothing. It is asked first, for each request; raises TokenLacking.
        """

    def caller(self, request: Request) -> Caller:
        """Who asks without a token."""

    def visible(self, caller: Caller) -> Dataset:
        """What the caller's queries may see; raises StoreBusy while that changes."""

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
        self.writable = settings.writable
        self._operators = settings.loopback

    async def admitted(
        self,
        headers: Headers,  # noqa: ARG002 - follows the protocol
        address: str,  # noqa: ARG002 - see above
    ) -> Caller | None:
        """Nobody: there are no tokens."""
        return None

    def caller(self, request: Request) -> Caller:
        """The machine that asks."""
        client = request.client
        return Caller(client.host if client is not None else "local", operator=self._operators)

    def visible(self, caller: Caller) -> Dataset:  # noqa: ARG002 - follows the protocol
        """Everything."""
        return EVERYTHING

    def may_write(self, caller: Caller, graph: str | None) -> None:  # noqa: ARG002 - see above
        """Raises NotAllowed where settings allow no updates."""
        if not self.writable:
            raise read_only()

    def may_create(self, caller: Caller) -> None:
        """Raises NotAllowed where settings allow no updates."""
        self.may_write(caller, None)

    def role(self, caller: Caller, project: str) -> Role | None:  # noqa: ARG002 - see above
        """Everything, where settings allow writing."""
        return Role.MAINTAINER if self.writable else Role.READER

    def hidden(self, caller: Caller) -> Collection[str]:  # noqa: ARG002 - see above
        """None."""
        return ()


def require_operator(caller: Caller, what: str) -> None:
    """Raises TokenLacking or ScopeLacking unless the caller operates the service; `what` says in a
    sentence that only operators may.
    """
    if caller.operator:
        return
    if caller.known:
        raise ScopeLacking(Scope.OPERATE)
    raise TokenLacking(what, "Send `Authorization: Bearer` and the token of an operator")


def shown_token(headers: Headers) -> str | None:
    """The token that a request shows; raises TokenLacking where it shows something else."""
    found = headers.getlist("authorization")
    if not found:
        return None
    scheme, _, token = found[0].strip().partition(" ")
    if len(found) > 1 or scheme.lower() != "bearer" or not _TOKEN.fullmatch(token.strip()):
        raise TokenLacking(
            "What the request shows is no bearer token",
            "Send one header, `Authorization: Bearer` and the token",
        )
    return token.strip()


def read_only() -> NotAllowed:
    """What is told where nobody may change anything."""
    return NotAllowed(
        "This service takes no updates", "Ask its operator, who may set MISMATCH_UPDATES"
    )


def require(access: Access, caller: Caller, project: str, role: Role) -> None:
    """Raises NotFound where the caller may not see a project, as if it were not there, and where
    its role there is a lower one TokenLacking, ScopeLacking or NotAllowed.
    """
    has = access.role(caller, project)
    if has is None:
        raise NotFound(
            f"There is no project {project[:100]}", "GET /projects lists those there are"
        )
    if has >= role:
        return
    if not access.writable:
        raise read_only()
    if not caller.known and not caller.operator:
        raise TokenLacking(
            f"This takes the role {role.name.lower()} in {project[:100]}, and so a token",
            "Send `Authorization: Bearer` and the token",
        )
    if caller.scope < Scope.WRITE:
        raise ScopeLacking(Scope.WRITE)
    raise NotAllowed(
        f"This takes the role {role.name.lower()} in {project[:100]}", "Ask one of its maintainers"
    )


def _common(
    asked: tuple[Name, ...] | None, visible: Dataset, otherwise: tuple[Name, ...] | None
) -> tuple[Name, ...] | None:
    if asked is None:
        return otherwise
    return tuple(name for name in asked if visible.shows(name))
