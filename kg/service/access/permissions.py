"""Who may do what where projects are kept: by tokens and roles, or by reaching the machine.

Whoever reaches a service that only this machine reaches may do everything, unless they show a
token, which then counts. Elsewhere who shows no token reads public projects, and nothing else.
"""

import asyncio
from collections.abc import Collection
from functools import cached_property

from fastapi import Request
from starlette.datastructures import Headers

from kg.errors import NotAllowed, StoreBusy
from kg.history import History, projects, roles
from kg.identifiers import kept_iri, knowledge_iri, private_iri, project_iri, public_iri
from kg.service.access import (
    Caller,
    Dataset,
    Role,
    Scope,
    ScopeLacking,
    TokenLacking,
    read_only,
    require_operator,
    shown_token,
)
from kg.service.access.bearers import Bearers
from kg.service.access.hiding import Hiding
from kg.service.changing.keeping import is_kept
from kg.service.changing.writer import Writer
from kg.service.settings import Settings


class Permissions:
    """Decides by tokens and roles. What it read is kept until the history changes."""

    def __init__(
        self, settings: Settings, history: History, writer: Writer, hiding: Hiding
    ) -> None:
        self.writable = not settings.read_only
        self._settings = settings
        self._history = history
        self._writer = writer
        self._hiding = hiding
        self._bearers = Bearers(settings, history)
        self._view = _View(history, writer.loose, frozenset())

    async def admitted(self, headers: Headers, address: str) -> Caller | None:
        """Who shows a token; raises TokenLacking."""
        shown = shown_token(headers)
        if shown is None:
            return None
        known = self._bearers.known(shown)
        return known or await asyncio.to_thread(self._bearers.recognise, shown, address)

    def caller(self, request: Request) -> Caller:
        """The machine that asks, whose every word counts where no other can ask."""
        host = request.client.host if request.client is not None else "local"
        if self._settings.loopback:
            return Caller(host, operator=True)
        # No person's name has a blank in it.
        return Caller(f"anonymous {host}", scope=Scope.READ)

    def visible(self, caller: Caller) -> Dataset:
        """The statements of all public projects and of those that are the caller's, each once, with
        the knowledge and all graphs of no project; by name, all graphs but those of others. Raises
        StoreBusy as long as the store shows what is theirs no more.
        """
        shown = self._hiding.shown(self._writer.epoch)
        view = self._current()
        if not shown.isdisjoint(view.hidden(caller)):
            raise StoreBusy(
                "A project is being made private, and the store is not done with it", "Ask again"
            )
        # Who is not known sees what all of these see, and there may be many.
        key = caller.operator, caller.name if caller.known else "", caller.project
        found = view.datasets.get(key)
        if found is None:
            found = view.datasets[key] = self._dataset(view, caller)
        return found

    def may_write(self, caller: Caller, graph: str | None) -> None:
        """Raises NotAllowed unless the caller operates the service and the graph is of no
        project.
        """
        if not self._settings.writable:
            raise read_only()
        require_operator(caller, "Graphs are changed by operators alone")
        if graph is not None and is_kept(graph, self._settings.base):
            raise NotAllowed(
                f"<{graph[:200]}> follows from the projects, and is not written by itself",
                "Put files or descriptors into the project instead",
            )

    def may_create(self, caller: Caller) -> None:
        """Raises NotAllowed unless the caller may make projects."""
        if not self.writable:
            raise read_only()
        if caller.operator:
            return
        if not caller.known:
            raise TokenLacking("This takes a token", _SEND)
        if caller.scope < Scope.WRITE:
            raise ScopeLacking(Scope.WRITE)
        if caller.project is not None:
            raise NotAllowed(f"The token is for the project {caller.project} alone", "Show another")

    def role(self, caller: Caller, project: str) -> Role | None:
        """What the caller may do with a project; None where it is not theirs to see."""
        view = self._current()
        private = view.is_private(project)
        if private is None:
            return None
        role = Role.MAINTAINER if caller.operator else view.role(caller, project)
        if role is None and private:
            return None
        if role is None or not self.writable or caller.scope < Scope.WRITE:
            return Role.READER
        return role

    def hidden(self, caller: Caller) -> Collection[str]:
        """The ids of the projects that the caller may not see."""
        return self._current().hidden(caller)

    def _current(self) -> "_View":
        """What the history says now."""
        view, loose = self._view, self._writer.loose
        if view.changes != self._history.changes or view.loose is not loose:
            view = self._view = _View(self._history, loose, view.private | view.gone)
        return view

    def _dataset(self, view: "_View", caller: Caller) -> Dataset:
        base = self._settings.base
        hidden = view.hidden(caller)
        own = sorted(view.private.difference(hidden))
        unseen = [f"{project_iri(base, project)}/" for project in sorted({*hidden, *view.gone})]
        if self._settings.default_graph == "own":
            default: tuple[str | None, ...] = (None,)
        else:
            mine = (private_iri(base, project) for project in own)
            default = (public_iri(base), knowledge_iri(base), None, *mine, *view.loose)
        return Dataset(default, None, (kept_iri(base), *unseen) if unseen else ())


class _View:
    """What the history says about access after so many changes, and which graphs are loose."""

    def __init__(self, history: History, loose: tuple[str, ...], before: frozenset[str]) -> None:
        self.changes = history.changes
        self.loose = loose
        self.datasets: dict[tuple[bool, str, str | None], Dataset] = {}
        self._history = history
        self._before = before
        self._privacy: dict[str, bool] = {}
        self._roles: dict[str, dict[str, Role]] = {}

    @cached_property
    def private(self) -> frozenset[str]:
        """The projects that not everybody may see."""
        with self._history.reading() as connection:
            return frozenset(projects.private_ones(connection))

    @cached_property
    def gone(self) -> frozenset[str]:
        """The projects that were private when they were removed: while their graphs are taken out
        of the store nobody sees them.
        """
        left = self._before - self.private
        return frozenset(project for project in left if self.is_private(project) is None)

    def is_private(self, project: str) -> bool | None:
        """Whether only some may see a project; None where there is none of that id."""
        if project in self._privacy:
            return self._privacy[project]
        with self._history.reading() as connection:
            there = projects.has(connection, project)
            private = projects.get(connection, project).private if there else None
        # Of projects that are not there anybody may ask for any number.
        if private is not None:
            self._privacy[project] = private
        return private

    def role(self, caller: Caller, project: str) -> Role | None:
        """The role that a person has in a project, as far as their token goes."""
        if not caller.known or caller.project not in (None, project):
            return None
        if caller.name not in self._roles:
            with self._history.reading() as connection:
                self._roles[caller.name] = roles.of_person(connection, caller.name)
        return self._roles[caller.name].get(project)

    def hidden(self, caller: Caller) -> Collection[str]:
        """The projects that the caller may not see."""
        if caller.operator:
            return ()
        return [one for one in self.private if self.role(caller, one) is None]


_SEND = "Send `Authorization: Bearer` and the token"
