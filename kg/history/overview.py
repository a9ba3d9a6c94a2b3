"""How much is kept, in a few figures."""

from collections.abc import Collection
from dataclasses import dataclass

from kg.history import Connection


@dataclass(frozen=True, slots=True)
class Overview:
    """How many projects there are, and what their current revisions show together."""

    projects: int
    statements: int
    mismatches: int
    undecided: int
    clear: int


def overview(connection: Connection, hidden: Collection[str] = ()) -> Overview:
    """The figures of all projects but those that are hidden."""
    unseen = set(hidden)
    rows = connection.execute(
        "SELECT id, statements, mismatches, undecided, clear FROM project"
        " LEFT JOIN revision ON revision.project = id AND number = project.revision"
    )
    seen = [tuple(row)[1:] for row in rows if row["id"] not in unseen]
    statements, mismatches, undecided, clear = (
        sum(figures[place] or 0 for figures in seen) for place in range(4)
    )
    return Overview(len(seen), statements, mismatches, undecided, clear)
