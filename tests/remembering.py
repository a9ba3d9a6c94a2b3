"""Puts reports into a history as a service does, and makes reports that differ in known ways."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from kg.findings import (
    Evidence,
    Finding,
    Origin,
    Participant,
    ProjectReport,
    Question,
    Severity,
    Verdict,
)
from kg.history import FILE, Connection, History, contents, findings, projects, revisions
from kg.history.revisions import Made, Revision

MODEL = Participant("http://x.org/model", "model", "TrainedModel", "trained-model/model")
HOST = Participant("http://x.org/host", "host", "OperationalEnvironment", "environment/host")


@contextmanager
def emptied(store: Path) -> Iterator[History]:
    """The history of a service that was started, without the projects that it had."""
    with closing(History(store / FILE)) as made:
        with made.writing() as connection:
            connection.execute("DELETE FROM project")
        yield made


def finding(
    predicate: str = "resources-exceed-operations",
    verdict: Verdict = Verdict.MISMATCH,
    severity: Severity = Severity.VIOLATION,
    item: str | None = None,
    value: float = 16.0,
) -> Finding:
    """A finding about a model and its host."""
    places = (Origin("model.yaml", 3, "/memory", f"{value:g} GB"),)
    return Finding(
        predicate=predicate,
        verdict=verdict,
        severity=severity,
        kind="comparison",
        mismatches=("OE.ComputingResources",),
        subject=MODEL,
        object=HOST,
        item=item,
        evidence=(Evidence("needs", "requiredMemory", value * 1e9, "BYTE", "declared", places),),
        message=f"The model needs {value:g} GB.",
        consequence="It is killed.",
        remedy="Raise the limit.",
        ask=(Question("operations", "How much memory is there?"),),
        references=("tec:7",),
    )


def report(*found: Finding, project: str = "loan") -> ProjectReport:
    """A report of one source with these findings."""
    return ProjectReport(project, project, 1, 1, 0, found)


def put(  # noqa: PLR0913 - each is a part of a revision
    connection: Connection,
    made: ProjectReport,
    *,
    author: str = "ada",
    message: str = "because",
    files: dict[str, bytes] | None = None,
    graphs: str = "",
    private: bool = False,
) -> Revision:
    """Make the next revision of the report's project, and the project if it is not there."""
    if not projects.has(connection, made.id):
        projects.create(connection, made.id, title=made.id, private=private, creator=author)
    digests = {path: contents.keep(connection, data) for path, data in (files or {}).items()}
    there = replace(made, path=made.id)
    revision = revisions.add(
        connection, made.id, Made(author, message, "by hand", digests, graphs, there)
    )
    findings.replace(connection, made.id, there)
    return revision
