"""The questions that people saved: none of their revisions is ever forgotten."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from sqlite3 import Row

from kg.errors import NotFound
from kg.history import Connection, now

_SHOWN = """
SELECT question.*, made, author, summary, text FROM question
JOIN question_revision ON question = id AND number = revision
"""


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question: its id, whose it is, whether only they see it, and what its current revision
    says; `removed` is when it was put away, empty where it was not.
    """

    id: str
    owner: str
    private: bool
    removed: str
    revision: int
    made: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionRevision:
    """What a question was from some moment on, and who made it so."""

    number: int
    made: str
    author: str
    summary: str
    text: str
    private: bool


def create(  # noqa: PLR0913 - they are what a question is
    connection: Connection,
    *,
    wanted: str,
    taken: Collection[str],
    owner: str,
    private: bool,
    summary: str,
    text: str,
) -> KeptQuestion:
    """Save a question under the id that is wanted, or with a number behind it where that is one of
    those taken, or somebody's already.
    """
    name = next(one for one in _names(wanted) if one not in taken and not _has(connection, one))
    connection.execute("INSERT INTO question VALUES (?, ?, ?, 0, NULL)", (name, owner, private))
    return revise(connection, name, author=owner, private=private, summary=summary, text=text)


def revise(  # noqa: PLR0913 - they are what a revision is
    connection: Connection, name: str, *, author: str, private: bool, summary: str, text: str
) -> KeptQuestion:
    """Make a new revision the current one, and bring the question back if it was put away; one that
    says what the current one says is not made.
    """
    kept = _find(connection, name)
    number = 0 if kept is None else kept.revision
    if kept is None or (kept.summary, kept.text) != (summary, text):
        asked = connection.execute("SELECT revision FROM question WHERE id = ?", (name,))
        number = asked.fetchone()["revision"] + 1
        values = name, number, now(), author, summary, text, private
        connection.execute("INSERT INTO question_revision VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute(
        "UPDATE question_revision SET private = ? WHERE question = ? AND number = ?",
        (private, name, number),
    )
    connection.execute(
        "UPDATE question SET revision = ?, private = ?, removed = NULL WHERE id = ?",
        (number, private, name),
    )
    return get(connection, name)


def put_away(connection: Connection, name: str) -> None:
    """Take a question from those that can be asked; its revisions stay."""
    connection.execute("UPDATE question SET removed = ? WHERE id = ?", (now(), name))


def get(connection: Connection, name: str) -> KeptQuestion:
    """The question of that id, put away or not; raises NotFound."""
    kept = _find(connection, name)
    if kept is None:
        raise unknown(name)
    return kept


def listed(connection: Connection) -> list[KeptQuestion]:
    """All that were not put away, in alphabetical order."""
    rows = connection.execute(f"{_SHOWN} WHERE removed IS NULL ORDER BY id")
    return [_question(row) for row in rows]


def count(connection: Connection, owner: str) -> int:
    """How many somebody saved, with those that were put away."""
    asked = connection.execute("SELECT COUNT(*) FROM question WHERE owner = ?", (owner,))
    return int(asked.fetchone()[0])


def revisions(connection: Connection, name: str) -> list[QuestionRevision]:
    """All revisions of a question, the last first."""
    asked = "SELECT * FROM question_revision WHERE question = ? ORDER BY number DESC"
    return [
        QuestionRevision(
            row["number"],
            row["made"],
            row["author"],
            row["summary"],
            row["text"],
            bool(row["private"]),
        )
        for row in connection.execute(asked, (name,))
    ]


def unknown(name: str) -> NotFound:
    """What is told of a question that is not there, or not for everybody to see."""
    return NotFound(f"There is no question {name[:100]}", "GET /questions lists those there are")


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    number = 1
    while True:
        number += 1
        yield f"{wanted}-{number}"


def _has(connection: Connection, name: str) -> bool:
    asked = connection.execute("SELECT 1 FROM question WHERE id = ?", (name,))
    return asked.fetchone() is not None


def _find(connection: Connection, name: str) -> KeptQuestion | None:
    row = connection.execute(f"{_SHOWN} WHERE id = ?", (name,)).fetchone()
    return None if row is None else _question(row)


def _question(row: Row) -> KeptQuestion:
    return KeptQuestion(
        row["id"],
        row["owner"],
        bool(row["private"]),
        row["removed"] or "",
        int(row["revision"]),
        row["made"],
        row["summary"],
        row["text"],
    )
