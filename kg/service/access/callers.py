"""Lets a caller to a project, or to what all may see; every route about projects begins here."""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import Request

from kg.service.access import Caller, Role, require
from kg.service.engine import Kept, caller_of, engine_of


@dataclass(frozen=True, slots=True)
class Granted:
    """What is kept, for a caller who may see it; `hidden` are the projects that it may not see."""

    kept: Kept
    caller: Caller
    hidden: Collection[str] = ()


def granted(request: Request, project: str, role: Role = Role.READER) -> Granted:
    """What the caller may do something with in a project; raises NotFound, NotAllowed."""
    engine, caller = engine_of(request), caller_of(request)
    require(engine.access, caller, project, role)
    return Granted(engine.kept, caller)


def granted_all(request: Request) -> Granted:
    """What the caller may see of all projects; raises NotAllowed."""
    engine, caller = engine_of(request), caller_of(request)
    return Granted(engine.kept, caller, engine.access.hidden(caller))
