"""CSV for spreadsheets and data frames: a row a finding, the worst first, after RFC 4180.

A finding is never split into several rows, so rows can be counted, sorted and assigned; its
evidence stands in one cell, and piece by piece in JSON. No cell is run as a formula: one that would
be begins with an apostrophe.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from kg.findings import Evidence, Finding, Participant, Priority, ProjectReport, Report
from kg.priority import order
from kg.reports import Telling
from kg.reports._amounts import meant, said
from kg.reports._words import people, place, reported, stated, waived, worth_showing
from kg.visible import flowing

TITLE = "CSV"
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
SUFFIX = ".csv"

COLUMNS = (
    "project",
    "verdict",
    "severity",
    "predicate",
    "kind",
    "mismatches",
    "subject_element",
    "subject",
    "object_element",
    "object",
    "item",
    "message",
    "evidence",
    "consequence",
    "remedy",
    "ask",
    "references",
    "raters",
    "important",
    "respondents",
    "interviews",
    "fingerprint",
    "waived",
)
"""The header row: what each cell of a row holds."""

_APART = "; "
_PLACES = 10
"""So many of a value's places are told, for a spreadsheet's cell has an end; JSON tells all."""

# A cell that begins so is a formula, in full-width signs too. Where the comma is the decimal point,
# spreadsheets divide cells at semicolons, whatever the quotes.
_FORMULA = re.compile('(^|;)(?=[\\s"]*[=+@\uff0b\uff0d\uff1d\uff20-])')


def render(report: Report, telling: Telling) -> str:
    """A header row, and a row for each finding of each project."""
    rows = (row for project in report.projects for row in _rows(project, telling))
    return written(chain([COLUMNS], rows))


def written(rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV, no cell of which a spreadsheet runs."""
    out = StringIO()
    csv.writer(out).writerows(map(harmless, row) for row in rows)
    return out.getvalue()


def _rows(project: ProjectReport, telling: Telling) -> Iterator[tuple[str, ...]]:
    found = reported(project, everything=telling.everything)
    for finding in sorted(found, key=order):
        yield project.id, *_cells(finding)


def _cells(finding: Finding) -> Iterator[str]:
    """The cells in the order of the columns that follow the project."""
    yield from (finding.verdict, finding.severity, finding.predicate, finding.kind)
    yield _APART.join(finding.mismatches)
    yield from _participant(finding.subject)
    yield from _participant(finding.object)
    yield finding.item or ""
    yield finding.message
    yield _APART.join(map(_evidence, worth_showing(finding)))
    yield from (finding.consequence, finding.remedy)
    yield _APART.join(f"{people(one.role)}: {one.question}" for one in finding.ask)
    yield _APART.join(finding.references)
    yield from _priority(finding.priority)
    yield finding.fingerprint
    yield waived(finding.waiver)


def _participant(one: Participant | None) -> tuple[str, str]:
    return (one.element, one.label) if one else ("", "")


def _priority(one: Priority | None) -> tuple[str, ...]:
    figures = (one.important, one.respondents, one.interviews) if one else ("", "", "")
    return one.raters if one else "", *map(str, figures)


def _evidence(evidence: Evidence) -> str:
    """A value with every place where it stands, such as `needs 16 GB [trained-model.yaml:8]`."""
    if not evidence.sources:
        return f"{evidence.name} {said(evidence)}"
    told = {said(evidence, origin): "" for origin in evidence.sources[:_PLACES]}
    for origin in evidence.sources[:_PLACES]:
        notes = filter(None, (place(origin), stated(evidence, origin), meant(evidence, origin)))
        told[said(evidence, origin)] += f" [{', '.join(notes)}]"
    more = len(evidence.sources) - _PLACES
    places = ", ".join(value + where for value, where in told.items())
    return f"{evidence.name} {places}{f' and {more} more' if more > 0 else ''}"


def harmless(text: str) -> str:
    """The text as one line that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("a; -b"), harmless("1-2")
    ("'=1+1", "a;' -b", '1-2')
    """
    return _FORMULA.sub(r"\1'", flowing(text))
