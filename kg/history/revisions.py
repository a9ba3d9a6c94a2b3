"""The revisions of a project: who made each, when, why and from what; its files, its graphs and
what was found then.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.errors import NotFound
from kg.findings import ProjectReport, Verdict
from kg.history import Connection, contents, now, records
from kg.history.projects import KeptProject


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision without its contents; `origin` is what it was made from, as a file or a commit."""

    project: str
    number: int
    made: str
    author: str
    message: str
    origin: str
    statements: int
    sources: int
    mismatches: int
    clear: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Made:
    """What is to become a revision: the digest of each file by its path, the named graphs as lines
    of N-Quads, and what was found.
    """

    author: str
    message: str
    origin: str
    files: Mapping[str, str]
    graphs: str
    report: ProjectReport


@dataclass(frozen=True, slots=True)
class File:
    """A file of a project: what it holds, and the revision that it has been so since."""

    path: str
    digest: str
    size: int
    since: int


_COLUMNS = ", ".join(Revision.__slots__)


def add(connection: Connection, project: str, made: Made) -> Revision:
    """Make the next revision of a project, which becomes its current one."""
    asked = connection.execute("SELECT revision FROM project WHERE id = ?", (project,))
    number = asked.fetchone()["revision"] + 1
    report = made.report
    counts = [report.count(verdict) for verdict in _COUNTED]
    about = project, number, now(), made.author, made.message, made.origin
    values = *about, report.statements, report.sources, *counts
    packed = zlib.compress(made.graphs.encode()), zlib.compress(records.packed(report))
    marks = ", ".join("?" * (len(values) + len(packed)))
    connection.execute(
        f"INSERT INTO revision ({_COLUMNS}, graphs, report) VALUES ({marks})",  # noqa: S608 - our own
        (*values, *packed),
    )
    _keep_files(connection, project, number, made.files)
    connection.execute("UPDATE project SET revision = ? WHERE id = ?", (number, project))
    return get(connection, project, number)


_COUNTED = (Verdict.MISMATCH, Verdict.CLEAR, Verdict.UNDECIDED)


def get(connection: Connection, project: str, number: int) -> Revision:
    """One revision; raises NotFound."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM revision WHERE project = ? AND number = ?",  # noqa: S608 - our own
        (project, number),
    )
    row = rows.fetchone()
    if row is None:
        raise NotFound(
            f"{project} has no revision {number}", f"GET /projects/{project}/revisions lists them"
        )
    return Revision(*row)


def made(connection: Connection, project: KeptProject) -> str:
    """When the current revision of a project was made; the project itself where there is none."""
    if not project.revision:
        return project.created
    return get(connection, project.id, project.revision).made


def listed(
    connection: Connection, project: str, *, before: int | None = None, most: int = -1
) -> Sequence[Revision]:
    """The revisions of a project, the newest first, those before one of them."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM revision WHERE project = ? AND number < ? "  # noqa: S608 - our own
        "ORDER BY number DESC LIMIT ?",
        (project, before if before is not None else 1 << 62, most),
    )
    return [Revision(*row) for row in rows]


def files(connection: Connection, project: str, number: int) -> dict[str, str]:
    """The files of a revision: the digest of each by its path; none of revision 0."""
    rows = connection.execute(
        "SELECT path, digest FROM file "
        "WHERE project = ? AND since <= ? AND (until IS NULL OR until > ?) ORDER BY path",
        (project, number, number),
    )
    return {row["path"]: row["digest"] for row in rows}


def current_files(
    connection: Connection, project: str, *, after: str = "", most: int = -1
) -> list[File]:
    """The files of the current revision in the order of their paths, those after one of them."""
    rows = connection.execute(
        "SELECT path, digest, size, since FROM file JOIN content USING (digest) "
        "WHERE project = ? AND until IS NULL AND path > ? ORDER BY path LIMIT ?",
        (project, after, most),
    )
    return [File(*row) for row in rows]


def graphs(connection: Connection, project: str, number: int) -> str:
    """The named graphs of a revision, as N-Quads; raises NotFound."""
    return _packed(connection, project, number, "graphs").decode()


def report(connection: Connection, project: str, number: int) -> ProjectReport:
    """What was found in a revision; raises NotFound."""
    return records.unpacked(_packed(connection, project, number, "report"))


def content(connection: Connection, project: str, number: int, path: str) -> bytes:
    """What a file of a revision holds; raises NotFound."""
    digest = files(connection, project, number).get(path)
    if digest is None:
        raise NotFound(
            f"{project} has no file {path[:200]}", f"GET /projects/{project}/artefacts lists them"
        )
    return contents.content(connection, digest)


def _packed(connection: Connection, project: str, number: int, column: str) -> bytes:
    get(connection, project, number)
    rows = connection.execute(
        f"SELECT {column} FROM revision WHERE project = ? AND number = ?",  # noqa: S608 - our own
        (project, number),
    )
    return zlib.decompress(rows.fetchone()[column])


def _keep_files(
    connection: Connection, project: str, number: int, wanted: Mapping[str, str]
) -> None:
    before = files(connection, project, number - 1)
    gone = [path for path, digest in before.items() if wanted.get(path) != digest]
    new = [(path, digest) for path, digest in wanted.items() if before.get(path) != digest]
    connection.executemany(
        "UPDATE file SET until = ? WHERE project = ? AND path = ? AND until IS NULL",
        [(number, project, path) for path in gone],
    )
    connection.executemany(
        "INSERT INTO file (project, path, since, digest) VALUES (?, ?, ?, ?)",
        [(project, path, number, digest) for path, digest in new],
    )
