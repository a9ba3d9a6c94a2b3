"""Where a file of a project lies for whoever ran the check, as code hosts want to know it."""

from os import fsencode
from pathlib import PurePath
from posixpath import isabs, join, normpath
from typing import TypeAlias
from urllib.parse import quote

from kg.findings import Evidence, Finding, Origin, ProjectReport

Place: TypeAlias = tuple[Evidence, Origin]
"""A value and one place where it stands."""


def reached(project: ProjectReport, file: str) -> str:
    """The file's path from where the check was started, or the whole path where PATH was whole.

    >>> project = ProjectReport("loan", "services/loan", 0, 0, 0, ())
    >>> reached(project, "model/conda.yaml")
    'services/loan/model/conda.yaml'
    """
    return normpath(join(PurePath(project.path).as_posix(), file))


def uri(path: str) -> str:
    """The path as a reference: relative, or of the scheme `file`.

    >>> uri("a b/größe.csv"), uri("/srv/a")
    ('a%20b/gr%C3%B6%C3%9Fe.csv', 'file:///srv/a')
    """
    # A first step with a colon would be taken for a scheme.
    quoted = quote(fsencode(path), safe="/")
    return f"file://{quoted}" if isabs(path) else quoted


def origins(finding: Finding) -> list[Place]:
    """Every place that a finding rests on with the evidence that stands there, those with lines
    first.
    """
    found = [(evidence, origin) for evidence in finding.evidence for origin in evidence.sources]
    return sorted(found, key=lambda place: place[1].line is None)
