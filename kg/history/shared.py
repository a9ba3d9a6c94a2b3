"""What projects are held against each other by, and what was found so; of now, without a past."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kg.findings import ProjectReport
from kg.history import Connection, now, records


@dataclass(frozen=True, slots=True)
class Across:
    """What was found in a project held against others: a report of these findings alone, and the
    same as lines of N-Quads.
    """

    report: ProjectReport
    graphs: str


def keep(connection: Connection, project: str, facts: bytes) -> None:
    """Keep what of a project is held against others."""
    connection.execute(
        "INSERT OR REPLACE INTO shared VALUES (?, ?)", (project, zlib.compress(facts))
    )


def kept(connection: Connection) -> Iterator[tuple[str, bool, bytes]]:
    """Of every project its id, whether it is private, and what of it is held against others."""
    rows = connection.execute(
        "SELECT id, private, facts FROM shared JOIN project ON id = project ORDER BY id"
    )
    for row in rows:
        yield row["id"], bool(row["private"]), zlib.decompress(row["facts"])


def note(connection: Connection, project: str, found: Across | None) -> None:
    """Replace what was found in a project held against others, by nothing where it is None."""
    connection.execute("DELETE FROM across WHERE project = ?", (project,))
    if found is not None:
        packed = zlib.compress(records.packed(found.report)), zlib.compress(found.graphs.encode())
        connection.execute("INSERT INTO across VALUES (?, ?, ?, ?)", (project, now(), *packed))


def across(connection: Connection, project: str) -> Across | None:
    """What was found in a project held against others."""
    asked = connection.execute("SELECT report, graphs FROM across WHERE project = ?", (project,))
    row = asked.fetchone()
    if row is None:
        return None
    report = records.unpacked(zlib.decompress(row["report"]))
    return Across(report, zlib.decompress(row["graphs"]).decode())


def found_at(connection: Connection, project: str) -> str:
    """When it was found; empty where nothing was."""
    asked = connection.execute("SELECT made FROM across WHERE project = ?", (project,))
    row = asked.fetchone()
    return row["made"] if row else ""


def those_found(connection: Connection) -> set[str]:
    """The projects in which something was found."""
    return {row["project"] for row in connection.execute("SELECT project FROM across")}


def base(connection: Connection, iri: str) -> str:
    """Below which IRI the names of what is kept were made: the given one where nothing is."""
    row = connection.execute("SELECT iri FROM base").fetchone()
    empty = connection.execute("SELECT 1 FROM project LIMIT 1").fetchone() is None
    if row is not None and not empty:
        return str(row["iri"])
    connection.execute("DELETE FROM base")
    connection.execute("INSERT INTO base VALUES (?)", (iri,))
    return iri
