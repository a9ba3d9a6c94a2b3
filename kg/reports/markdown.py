"""Markdown for a comment on a change, or a wiki: what is wrong, the evidence, the questions.

Nothing that comes from a project is read as Markdown, HTML, a link or a mention: what has a meaning
there is written as an entity, and file names and values stand in code.
"""

import re
from collections.abc import Iterable, Iterator

from kg.findings import Evidence, Finding, ProjectReport, Report, Verdict
from kg.reports import Telling
from kg.reports._amounts import meant, said
from kg.reports._words import (
    Group,
    Titles,
    asked,
    asking,
    count,
    people,
    place,
    ranking,
    sections,
    stated,
    total,
    waived,
    worth_showing,
)
from kg.visible import flowing, visible

TITLE = "Markdown"
MEDIA_TYPE = "text/markdown; charset=utf-8"
SUFFIX = ".md"

_ARROW = " → "
_MEANS_SOMETHING = re.compile(r"[&<>|\\`*_~\[\]$^{}!#]|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
# Nobody sees a difference, but GitHub no longer sees a mention, an issue or an address.
_LINKS = re.compile(r"(?i)(?<=@)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\bgh)(?=-\d)|(?<=&#35;)(?=\d)")
_NOTHING = "&#8203;"


def render(report: Report, telling: Telling) -> str:
    """The report under one heading, a section a project."""
    blocks = ["# Mismatch report"]
    ranked = ranking(report, telling.role)
    if ranked:
        blocks.append(_text(ranked))
    if len(report.projects) > 1:
        rows = [[_text(one.id), *map(str, one.summary.values())] for one in report.projects]
        totals = ["all", *map(str, total(report).values())]
        blocks.append(_table(["project", *map(str, Verdict)], [*rows, totals]))
    for project in report.projects:
        blocks += _project(project, telling)
    if report.next:
        blocks.append(f"There are more: {_code(report.next)}")
    return "\n\n".join(blocks) + "\n"


def _project(project: ProjectReport, telling: Telling) -> Iterator[str]:
    summary = project.summary
    yield f"## {_text(project.id)}"
    yield (
        f"**{count(summary['mismatch'], 'mismatch', 'mismatches')}**, {summary['clear']:,} clear, "
        f"{summary['undecided']:,} undecided. Read: {count(project.sources, 'source')}, "
        f"{count(project.statements, 'statement')}; "
        f"{count(project.passed_over, 'file')} passed over."
    )
    titles = Titles(project.findings)
    wrong = list(sections(f for f in project.findings if f.verdict is Verdict.MISMATCH))
    if wrong:
        yield _overview(wrong, titles)
        for groups in wrong:
            yield from _pair(groups, titles)
    else:
        yield "No mismatch was found. What nobody stated was not judged."
    yield from _undecided(project, telling)
    if telling.everything:
        yield from _others(project, titles)
    yield from _list(
        "Problems in what was read",
        (
            f"{_code(_at(problem.file, problem.line))}: {_text(problem.message)}"
            for problem in project.problems
        ),
    )
    yield from _list("Notes", map(_text, project.notes))


def _overview(wrong: Iterable[list[Group]], titles: Titles) -> str:
    rows = [
        [
            str(f.severity),
            _code(f.predicate),
            _text(titles.pair(f, _ARROW)),
            _item(f),
            _text(f"{f.message} {waived(f.waiver)}".rstrip()),
        ]
        for groups in wrong
        for group in groups
        for f in group.findings
    ]
    return _table(["severity", "predicate", "between", "item", "what is wrong"], rows)


def _pair(groups: list[Group], titles: Titles) -> Iterator[str]:
    yield f"### {_text(titles.pair(groups[0].first, _ARROW))}"
    for group in groups:
        yield f"#### {_code(group.predicate)}"
        rows = [row for finding in group.findings for row in _evidence(finding)]
        if rows:
            yield _table(["item", "side", "value", "where", "standing"], rows)
        yield _text(group.first.consequence)
        whom = f" Ask: {_text(asked(group.first))}." if group.first.ask else ""
        yield f"**Remedy:** {_text(group.first.remedy)}{whom}"


def _evidence(finding: Finding) -> Iterator[list[str]]:
    for evidence in worth_showing(finding):
        yield from ([_item(finding), *row] for row in _origins(evidence))


def _origins(evidence: Evidence) -> Iterator[list[str]]:
    name = _text(evidence.name)
    if not evidence.sources:
        yield [name, _text(said(evidence)), "", _text(evidence.status)]
    for origin in evidence.sources:
        conversion = meant(evidence, origin)
        parts = stated(evidence, origin), f"({conversion})" if conversion else ""
        standing = _text(" ".join(filter(None, parts)))
        yield [name, _code(said(evidence, origin)), _code(place(origin)), standing]


def _undecided(project: ProjectReport, telling: Telling) -> Iterator[str]:
    number = project.count(Verdict.UNDECIDED)
    if not number:
        return
    yield f"### {count(number, 'verdict is', 'verdicts are')} undecided"
    before, ranked, after = asking(project, telling.role)
    if before:
        yield _text(before)
    if ranked:
        rows = [
            [_text(people(q.role)), _text(q.question), _text(", ".join(q.items)), str(q.decides)]
            for q in ranked
        ]
        yield _table(["ask", "question", "about", "decides"], rows)
    if after:
        yield after


def _others(project: ProjectReport, titles: Titles) -> Iterator[str]:
    others = list(sections(f for f in project.findings if f.verdict is not Verdict.MISMATCH))
    rows = [
        [
            str(f.verdict),
            _code(f.predicate),
            _text(titles.pair(f, _ARROW)),
            _item(f),
            _text(asked(f)),
        ]
        for groups in others
        for group in groups
        for f in group.findings
    ]
    if rows:
        yield "### All other verdicts"
        yield _table(["verdict", "predicate", "between", "item", "ask"], rows)


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    entries = [f"- {line}" for line in lines]
    if entries:
        yield f"### {title}"
        yield "\n".join(entries)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _item(finding: Finding) -> str:
    return _code(finding.item) if finding.item else ""


def _at(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _text(text: str) -> str:
    """The text as prose that has no other meaning."""
    harmless = _MEANS_SOMETHING.sub(lambda found: f"&#{ord(found[0])};", flowing(text))
    return _LINKS.sub(_NOTHING, harmless)


def _code(text: str) -> str:
    """The text as code; where a fence or a table would read it otherwise, in HTML and entities."""
    text = visible(text)
    if text.strip() and not set(text) & set("|`"):
        return f"`{text}`"
    return f"<code>{''.join(c if c.isalnum() else f'&#{ord(c)};' for c in text)}</code>"
