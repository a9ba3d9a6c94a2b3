"""Text for people: what is wrong first, by pairs of elements, then whom to ask about the rest.

Plain without colours, so that it reads the same in a pipe, a log and a mail. Long lists are cut
short here, and only here.
"""

import shlex
from collections.abc import Iterator, Mapping

from kg.findings import Evidence, Finding, Origin, ProjectReport, Report, Verdict
from kg.reports import Telling
from kg.reports._amounts import meant, said
from kg.reports._page import Page, Part, cut, padded, widest
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
    worst,
    worth_showing,
)
from kg.visible import flowing, visible

TITLE = "Text"
MEDIA_TYPE = "text/plain; charset=utf-8"
SUFFIX = ".txt"

# How much of a long list is told; the other formats tell all.
_ITEMS, _NAMES, _EVIDENCE, _ORIGINS, _QUESTIONS, _PROBLEMS, _NOTES = 4, 8, 8, 3, 5, 10, 5
_WIDEST_VALUE = 44
_APART = 2
_MARKS = {Verdict.MISMATCH: "x", Verdict.UNDECIDED: "?", Verdict.CLEAR: "+"}
_STYLES = {
    "violation": "bold red",
    "warning": "yellow",
    "info": "blue",
    "clear": "green",
    "undecided": "magenta",
}


def render(report: Report, telling: Telling) -> str:
    """The report, project by project, and a line of totals where there are several."""
    page = Page(telling.width, colour=telling.colour)
    for number, project in enumerate(report.projects):
        page.gap(2 if number else 0)
        _project(page, project, telling)
    if len(report.projects) != 1:
        page.gap(2 if report.projects else 0)
        page.between(count(len(report.projects), "project"), right=_counts(total(report)))
    if report.next:
        page.gap()
        page.row(f"There are more: {visible(report.next)}")
    ranked = ranking(report, telling.role)
    if ranked:
        page.gap()
        page.paragraph(ranked)
    finding = worst(report)
    if finding:
        page.gap()
        page.row(
            f"`mismatch explain {visible(finding.predicate)}` tells why and where it comes from."
        )
    return page.text()


def _project(page: Page, project: ProjectReport, telling: Telling) -> None:
    _heading(page, project)
    absence = no_mismatch(project)
    if absence:
        page.gap()
        page.paragraph(absence)
    titles = Titles(project.findings)
    told = [f for f in project.findings if telling.everything or f.verdict is Verdict.MISMATCH]
    for groups in sections(told):
        page.gap()
        page.row((titles.pair(groups[0].first, "  ->  "), "bold"))
        for group in groups:
            _group(page, group)
    _undecided(page, project, telling)
    _problems(page, project)
    _notes(page, project)


def _heading(page: Page, project: ProjectReport) -> None:
    read = f"{count(project.sources, 'source')}, {count(project.statements, 'statement')}"
    page.between((visible(project.id), "bold"), f"   {read}", right=_counts(project.summary))


def _counts(summary: Mapping[str, int]) -> Part:
    wrong = count(summary["mismatch"], "mismatch", "mismatches")
    style = "bold red" if summary["mismatch"] else "bold"
    return f"{wrong}   {summary['clear']:,} clear   {summary['undecided']:,} undecided", style


def _group(page: Page, group: Group) -> None:
    """One predicate's findings about one pair; what is the same for all is said once."""
    wrong = group.verdict is Verdict.MISMATCH
    right = group.severity if wrong else group.verdict
    style = _STYLES[right]
    head = f"  {_MARKS[group.verdict]} {visible(group.predicate)}"
    room = page.width - widest([head]) - len(right) - 2 * _APART
    page.between((head, style), f"  {cut(_items(group), room)}", right=(str(right), style))
    if group.verdict is Verdict.CLEAR:
        return
    findings = group.findings if _differ(group) else group.findings[:1]
    for finding in findings[:_ITEMS]:
        _finding(page, finding, several=len(findings) > 1)
    if len(findings) > _ITEMS:
        page.paragraph(
            f"and {len(findings) - _ITEMS} more: {_names(findings[_ITEMS:])}", indent=4, hanging=4
        )
    if wrong:
        page.paragraph(flowing(group.first.consequence), indent=4)
        whom = f"ask: {asked(group.first)}" if group.first.ask else ""
        page.closing(flowing(group.first.remedy), right=(whom, "dim"), indent=4)
    else:
        for question in dict.fromkeys(q for finding in findings for q in finding.ask):
            asking = f"ask {people(question.role)}: {flowing(question.question)}"
            page.paragraph(asking, indent=4, hanging=4)


def _differ(group: Group) -> bool:
    """Whether the group's findings have more to say than what they are about."""
    return any(f.waiver or f.evidence or f.message != group.first.message for f in group.findings)


def _items(group: Group) -> str:
    if len(group.findings) == 1:
        return visible(group.first.item or "")
    told_below = group.verdict is not Verdict.CLEAR and _differ(group)
    return count(len(group.findings), "item") if told_below else _names(group.findings)


def _names(findings: tuple[Finding, ...]) -> str:
    names = [visible(f.item or f.subject.label) for f in findings]
    return ", ".join([*names[:_NAMES], *["…"] * (len(names) > _NAMES)])


def _finding(page: Page, finding: Finding, *, several: bool) -> None:
    page.paragraph(*_message(finding, several=several), indent=4, hanging=2 * several)
    if finding.waiver:
        page.paragraph((waived(finding.waiver), "dim"), indent=6, hanging=2)
    shown = worth_showing(finding)
    rows = [row for evidence in shown[:_EVIDENCE] for row in _rows(evidence)]
    _columns(page, rows)
    if len(shown) > _EVIDENCE:
        page.row(f"and {len(shown) - _EVIDENCE} more", indent=6)


def _columns(page: Page, rows: list[tuple[str, str, str, str]]) -> None:
    """Rows in columns; a standing that has no room at the end of its row is put below its place."""
    names, values, places = (widest(row[column] for row in rows) for column in range(3))
    for name, value, where, standing in rows:
        left = f"      {padded(name, names)}  {padded(value, values)}  "
        file = padded(where, places)
        fits = widest([f"{left}{file}  {standing}"]) <= page.width
        page.row(left, (file, "cyan"), (f"  {standing}" if fits else "", "dim"))
        if standing and not fits:
            page.row((standing, "dim"), indent=widest([left]))


def _message(finding: Finding, *, several: bool) -> list[Part]:
    """The message, which begins with what it is about where there are several like it."""
    message, item = flowing(finding.message), visible(finding.item or "")
    if not (several and item):
        return [message]
    rest = message.removeprefix(item)
    return [(item, "bold"), rest if rest != message else f": {message}"]


def _rows(evidence: Evidence) -> Iterator[tuple[str, str, str, str]]:
    """Name, value, place and standing of each source; what repeats the line above is left out."""
    name, before = visible(evidence.name), ""
    if not evidence.sources:
        yield name, cut(said(evidence), _WIDEST_VALUE), "", visible(evidence.status)
    for origin in evidence.sources[:_ORIGINS]:
        value = cut(said(evidence, origin), _WIDEST_VALUE)
        yield name, "" if value == before else value, place(origin), _standing(evidence, origin)
        name, before = "", value
    if len(evidence.sources) > _ORIGINS:
        yield "", "", f"and {len(evidence.sources) - _ORIGINS} more", ""


def _standing(evidence: Evidence, origin: Origin) -> str:
    conversion = cut(meant(evidence, origin), _WIDEST_VALUE)
    parts = stated(evidence, origin), f"({conversion})" if conversion else ""
    return " ".join(filter(None, parts))


def _undecided(page: Page, project: ProjectReport, telling: Telling) -> None:
    number = project.count(Verdict.UNDECIDED)
    if not number:
        return
    page.gap()
    before, ranked, after = asking(project, telling.role)
    verdicts = f"{count(number, 'verdict is', 'verdicts are')} undecided"
    if not (ranked or after):
        page.row(f"{verdicts}, and nobody is known to ask; `--verdicts all` shows why.")
        return
    page.paragraph((f"{verdicts}. {before}", "bold"))
    column = widest(people(one.role) for one in ranked[:_QUESTIONS])
    for rank, one in enumerate(ranked[:_QUESTIONS], 1):
        head = f"  {rank}  {padded(people(one.role), column)}  "
        decides = f"decides {one.decides}", _STYLES["undecided"]
        names = [*one.items[:_NAMES], *["…"] * (len(one.items) > _NAMES)]
        about = f" ({visible(', '.join(names))})" if names else ""
        page.entry(head, flowing(one.question), (about, "dim"), right=decides)
    if len(ranked) > _QUESTIONS:
        more = count(len(ranked) - _QUESTIONS, "more question", "more questions")
        page.row(f"  and {more}; `--verdicts all` shows what each verdict waits for.")
    if after:
        page.row(after)


def _problems(page: Page, project: ProjectReport) -> None:
    if not project.problems:
        return
    page.gap()
    page.row((f"{count(len(project.problems), 'problem')} in what was read:", "bold"))
    for problem in project.problems[:_PROBLEMS]:
        line = f":{problem.line}" if problem.line is not None else ""
        where = f"{visible(problem.file)}{line}"
        page.paragraph((where, "cyan"), f"  {flowing(problem.message)}", indent=2, hanging=4)
    if len(project.problems) > _PROBLEMS:
        page.row(f"  and {len(project.problems) - _PROBLEMS} more; `--as json` holds them all.")


def _notes(page: Page, project: ProjectReport) -> None:
    passed = project.passed_over
    if not project.notes and not passed:
        return
    page.gap()
    for note in project.notes[:_NOTES]:
        page.paragraph(f"Note: {flowing(note)}", hanging=6)
    if len(project.notes) > _NOTES:
        page.row(f"and {count(len(project.notes) - _NOTES, 'more note')}.")
    if passed:
        files = count(passed, "file was", "files were")
        path = shlex.quote(visible(project.path))
        page.row(f"{files} passed over; `mismatch import {path} --report` lists them.")
