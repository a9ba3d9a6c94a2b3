"""The projects that are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.errors import NotFound
from kg.history import Connection, now


@dataclass(frozen=True, slots=True)
class KeptProject:
    """A project: its id, what it is called, who may see it, when and by whom it was made, and the
    number of its current revision, 0 where there is none.
    """

    id: str
    title: str
    private: bool
    created: str
    creator: str
    revision: int


def create(
    connection: Connection, name: str, *, title: str, private: bool, creator: str
) -> KeptProject:
    """Make a project that has nothing in it; its id must be free."""
    values = name, title, private, now(), creator
    connection.execute(
        "INSERT INTO project (id, title, private, created, creator) VALUES (?, ?, ?, ?, ?)", values
    )
    return get(connection, name)


def describe(connection: Connection, name: str, *, title: str, private: bool) -> None:
    """Change what a project is called, and who may see it."""
    connection.execute(
        "UPDATE project SET title = ?, private = ? WHERE id = ?", (title, private, name)
    )


def remove(connection: Connection, name: str) -> None:
    """Forget a project and all its revisions."""
    connection.execute("DELETE FROM project WHERE id = ?", (name,))


def get(connection: Connection, name: str) -> KeptProject:
    """The project of that id; raises NotFound."""
    row = connection.execute("SELECT * FROM project WHERE id = ?", (name,)).fetchone()
    if row is None:
        raise NotFound(f"There is no project {name[:100]}", "GET /projects lists those there are")
    return KeptProject(
        row["id"],
        row["title"],
        bool(row["private"]),
        row["created"],
        row["creator"],
        row["revision"],
    )


def has(connection: Connection, name: str) -> bool:
    """Whether there is a project of that id."""
    asked = connection.execute("SELECT 1 FROM project WHERE id = ?", (name,))
    return asked.fetchone() is not None


def private_ones(connection: Connection) -> Sequence[str]:
    """The ids of the projects that not everybody may see."""
    return [row["id"] for row in connection.execute("SELECT id FROM project WHERE private")]


def listed(
    connection: Connection, *, after: str = "", most: int, hidden: Collection[str] = ()
) -> list[KeptProject]:
    """Projects in the order of their ids, those after one of them, without the hidden ones."""
    return [
        get(connection, name) for name in ids(connection, after=after, most=most, hidden=hidden)
    ]


def ids(
    connection: Connection, *, after: str = "", most: int = -1, hidden: Collection[str] = ()
) -> list[str]:
    """Ids in alphabetical order, those after one of them, without those that are hidden."""
    unseen = set(hidden)
    rows = connection.execute("SELECT id FROM project WHERE id > ? ORDER BY id", (after,))
    found: list[str] = []
    for row in rows:
        if len(found) == most:
            break
        if row["id"] not in unseen:
            found.append(row["id"])
    return found
