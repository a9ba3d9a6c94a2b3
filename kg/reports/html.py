"""HTML to read, show and print: one file that runs no script and fetches nothing.

The page is filled by `kg.pages`, which escapes what comes from a project wherever it stands.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from kg.findings import ALL, Priority, ProjectReport, Report, Verdict
from kg.pages import environment
from kg.priority import order
from kg.questions import RankedQuestion
from kg.reports import Telling
from kg.reports._amounts import meant, said
from kg.reports._words import (
    Group,
    Titles,
    asked,
    asking,
    count,
    no_mismatch,
    people,
    place,
    ranking,
    sections,
    stated,
    total,
    waived,
    worth_showing,
)

TITLE = "HTML"
MEDIA_TYPE = "text/html; charset=utf-8"
SUFFIX = ".html"

_TEMPLATES = Path(__file__).parent / "templates"
_ARROW = " → "
_REFERENCES = {"tec": "TEC rule", "study": "study example"}


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is told of one element, or of two: each predicate with the name of its place."""

    title: str
    groups: tuple[tuple[str, Group], ...]


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A project as the page tells it; `key` begins the names of places in it."""

    key: str
    project: ProjectReport
    absence: str
    mismatches: tuple[_Pair, ...]
    undecided: tuple[_Pair, ...]
    clear: tuple[_Pair, ...]
    asking: tuple[str, tuple[RankedQuestion, ...], str]

    @property
    def glance(self) -> list[tuple[str, Group, str]]:
        """The mismatches of all pairs, the first to read first, each with its place and pair."""
        found = [(key, group, pair.title) for pair in self.mismatches for key, group in pair.groups]
        return sorted(found, key=lambda row: order(row[1].first))


def render(report: Report, telling: Telling) -> str:
    """The report as one page: a chapter a project, and a table of them where there are several."""
    chapters = [
        _chapter(f"p{number}", project, telling)
        for number, project in enumerate(report.projects, 1)
    ]
    ranked = ranking(report, telling.role)
    return _template().render(
        chapters=chapters,
        total=total(report),
        ranking=ranked,
        more=report.next,
        address=telling.address,
    )


def _chapter(key: str, project: ProjectReport, telling: Telling) -> _Chapter:
    return _Chapter(
        key=key,
        project=project,
        absence=no_mismatch(project),
        mismatches=_pairs(project, Verdict.MISMATCH, key),
        undecided=_pairs(project, Verdict.UNDECIDED, key),
        clear=_pairs(project, Verdict.CLEAR, key) if telling.everything else (),
        asking=asking(project, telling.role),
    )


def _pairs(project: ProjectReport, verdict: Verdict, key: str) -> tuple[_Pair, ...]:
    titles = Titles(project.findings)
    listed = sections(f for f in project.findings if f.verdict is verdict)
    return tuple(
        _Pair(
            titles.pair(groups[0].first, _ARROW),
            tuple((f"{key}-{pair}-{number}", group) for number, group in enumerate(groups, 1)),
        )
        for pair, groups in enumerate(listed, 1)
    )


@cache
def _template() -> Template:
    words = (asked, count, meant, place, said, stated, waived, worth_showing)
    pages = environment(
        _TEMPLATES,
        *words,
        fault=_fault,
        importance=_importance,
        people=people,
        references=_references,
    )
    return pages.get_template("report.html.jinja")


def _fault(predicate: str) -> str:
    """What a predicate's id says, as a heading.

    >>> _fault("resources-exceed-operations")
    'Resources exceed operations'
    """
    words = predicate.replace("-", " ")
    return words[:1].upper() + words[1:]


def _importance(priority: Priority) -> str:
    """What the study knows of a finding's main mismatch.

    >>> _importance(Priority("OE.ComputingResources", "operations", 4, 5, 13))
    'important to 4 of 5 respondents (operations), 13 examples'
    """
    found = f"important to {priority.important} of {count(priority.respondents, 'respondent')}"
    raters = "" if priority.raters == ALL else f" ({people(priority.raters)})"
    return f"{found}{raters}, {count(priority.interviews, 'example')}"


def _references(names: Iterable[str]) -> str:
    """References in words, by their kind; those of a kind of others are left as they are.

    >>> _references(["tec:7", "study:M14-04", "study:M15-06", "ours"])
    'TEC rule 7; study examples M14-04, M15-06; ours'
    """
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in names:
        kind, _, which = name.partition(":")
        if kind in _REFERENCES:
            kinds[_REFERENCES[kind]].append(which)
        else:
            kinds[name] = []
    return "; ".join(
        f"{kind}{'s' * (len(which) > 1)} {', '.join(which)}".rstrip()
        for kind, which in kinds.items()
    )
