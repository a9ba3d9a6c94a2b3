"""How much a history holds, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.history import Connection


@dataclass(frozen=True, slots=True)
class Figures:
    """How many projects and revisions there are, and how many findings of each verdict and
    severity.
    """

    projects: int
    revisions: int
    findings: Mapping[tuple[str, str], int]


def figures(connection: Connection) -> Figures:
    """The figures of now."""
    (projects,) = connection.execute("SELECT count(*) FROM project").fetchone()
    (revisions,) = connection.execute("SELECT count(*) FROM revision").fetchone()
    asked = "SELECT verdict, severity, count(*) FROM finding GROUP BY verdict, severity"
    return Figures(
        projects, revisions, {(row[0], row[1]): row[2] for row in connection.execute(asked)}
    )
