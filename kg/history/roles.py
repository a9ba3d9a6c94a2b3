"""Who may do what in which project."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from kg.history import Connection, now


class Role(IntEnum):
    """What somebody may do with a project; each may do what those before it may."""

    READER = 1
    """Sees it, and all that was found in it."""
    CONTRIBUTOR = 2
    """Puts files into it, waives and comments what was found."""
    MAINTAINER = 3
    """Removes it, and says who else may do what."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's role in a project, with who granted it, and when."""

    project: str
    person: str
    role: Role
    granted: str
    granter: str


def grant(connection: Connection, project: str, person: str, role: Role, granter: str) -> None:
    """Give a person a role in a project, in place of the one that it has there."""
    connection.execute(
        "INSERT INTO role VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, person) DO UPDATE "
        "SET role = excluded.role, granted = excluded.granted, granter = excluded.granter",
        (project, person, int(role), now(), granter),
    )


def withdraw(connection: Connection, project: str, person: str) -> None:
    """Take a person's role in a project away."""
    connection.execute("DELETE FROM role WHERE project = ? AND person = ?", (project, person))


def of_project(connection: Connection, project: str) -> Sequence[Grant]:
    """All roles in a project, in the order of the people's names."""
    rows = connection.execute("SELECT * FROM role WHERE project = ? ORDER BY person", (project,))
    return [
        Grant(row["project"], row["person"], Role(row["role"]), row["granted"], row["granter"])
        for row in rows
    ]


def of_person(connection: Connection, person: str) -> dict[str, Role]:
    """The roles of a person, each by its project."""
    rows = connection.execute("SELECT project, role FROM role WHERE person = ?", (person,))
    return {row["project"]: Role(row["role"]) for row in rows}
