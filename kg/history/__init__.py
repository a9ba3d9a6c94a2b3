"""What a service remembers beside its store: projects with their files and revisions, what was
found, who may do what. One SQLite file, which is what the service relies on: the store's graphs
follow from it, and are put again where they differ.

One module a subject; each is given a connection. The tables stand in `schema/`, a script for each
step, run once in the order of their names.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from kg.disks import failed, is_full
from kg.errors import StoreUnreachable

__all__ = ["FILE", "Connection", "History", "now"]

Connection = sqlite3.Connection

FILE = "history.sqlite"
"""What the file is called, in the folder of the store."""

_SCRIPTS = Path(__file__).parent / "schema"
_WAIT = 30
_SEE = "See to its folder and its disk"
_MADE = "CREATE TABLE IF NOT EXISTS step (name TEXT PRIMARY KEY, made TEXT NOT NULL) STRICT"


def now() -> str:
    """The time in UTC, as ISO 8601 to the millisecond, which sorts as text."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class History:
    """The file, open. Whoever writes waits for the others who do; readers wait for nobody."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it, and take the steps that it lacks; raises StoreUnreachable."""
        self.file = file
        self.changes = 0
        """How often it was changed since it was opened: what was read before is as it was."""
        self._watching: list[Callable[[int], None]] = []
        self._turn = Lock()
        self._idle: list[Connection] = []
        try:
            with closing(_opened(file)) as connection:
                _upgrade(connection, file)
        except (sqlite3.Error, OSError) as error:
            told = f"The history in {file} cannot be opened"
            if is_full(error):
                raise failed(told, error, _SEE) from error
            raise StoreUnreachable(
                f"{told}: {error}", "See to its folder and its disk, or restore it from a backup"
            ) from error

    def watch(self, told: Callable[[int], None]) -> None:
        """Have the number of changes told after each, before whoever made it goes on."""
        self._watching.append(told)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the file for as long as it is held; raises StoreError
        where the file cannot be read.
        """
        with self._connection() as connection:
            try:
                connection.execute("BEGIN")
                yield connection
            except sqlite3.OperationalError as error:
                raise failed(f"The history in {self.file} cannot be read", error, _SEE) from error
            finally:
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are kept together when it is given back, or none of them;
        raises StoreError where they cannot be kept.
        """
        with self._turn, self._connection() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.commit()
                self.changes += 1
                for told in self._watching:
                    told(self.changes)
            except sqlite3.OperationalError as error:
                what = f"The history in {self.file} cannot be written, so nothing was changed"
                raise failed(what, error, _SEE) from error
            finally:
                if connection.in_transaction:
                    connection.rollback()

    def copy(self, file: Path) -> None:
        """Write all of it, as it is at one moment, into a new file; raises StoreError."""
        try:
            with self._connection() as source, closing(sqlite3.connect(file)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise failed("The history cannot be copied", error, _SEE) from error

    def close(self) -> None:
        """Let the file go."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        # Taking from a list and adding to it need no lock.
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._another()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def _another(self) -> Connection:
        try:
            return _opened(self.file)
        except sqlite3.Error as error:
            raise failed(f"The history in {self.file} cannot be opened", error, _SEE) from error


def _opened(file: Path) -> Connection:
    # Connections go from thread to thread, never two at a time; transactions are begun by name.
    connection = sqlite3.connect(file, _WAIT, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    # What is acknowledged is on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _upgrade(connection: Connection, file: Path) -> None:
    """Takes the steps that were not taken yet, each whole or not at all."""
    connection.execute(_MADE)
    taken = {row["name"] for row in connection.execute("SELECT name FROM step")}
    steps = {script.stem: script for script in sorted(_SCRIPTS.glob("*.sql"))}
    if unknown := sorted(taken - steps.keys()):
        raise StoreUnreachable(
            f"The history in {file} was written by a newer version ({unknown[-1]})",
            "Install that version, or a newer one",
        )
    for name, script in steps.items():
        if name not in taken:
            text = script.read_text(encoding="utf-8")
            # A script would commit what was begun before it, so it begins by itself.
            connection.executescript(f"BEGIN IMMEDIATE;\n{text}")
            connection.execute("INSERT INTO step VALUES (?, ?)", (name, now()))
            connection.commit()
