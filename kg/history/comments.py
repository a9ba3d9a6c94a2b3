"""Comments on findings: who said what, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.history import Connection, now


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a finding."""

    number: int
    author: str
    made: str
    text: str


def add(connection: Connection, project: str, fingerprint: str, author: str, text: str) -> Comment:
    """Keep a comment."""
    made = now()
    added = connection.execute(
        "INSERT INTO comment (project, fingerprint, author, made, text) VALUES (?, ?, ?, ?, ?)",
        (project, fingerprint, author, made, text),
    )
    return Comment(added.lastrowid or 0, author, made, text)


def listed(
    connection: Connection, project: str, fingerprint: str, *, after: int = 0, most: int = -1
) -> Sequence[Comment]:
    """Comments on a finding as they were made, those after one of them."""
    rows = connection.execute(
        "SELECT number, author, made, text FROM comment "
        "WHERE project = ? AND fingerprint = ? AND number > ? ORDER BY number LIMIT ?",
        (project, fingerprint, after, most),
    )
    return [Comment(*row) for row in rows]
