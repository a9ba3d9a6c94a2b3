"""JUnit's XML, which CI systems show as test results: a suite a project, a case a finding.

A mismatch is a case that failed, whatever its severity, which is the failure's type; an undecided
verdict is one that was skipped, as is what somebody waived, and a clear one, where everything is
told, one that passed. What could not be read stands in the suite's `system-err`.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kg.findings import Evidence, Finding, ProjectReport, Report, Verdict
from kg.priority import order
from kg.reports import Telling
from kg.reports._amounts import meant, said
from kg.reports._files import origins, reached
from kg.reports._words import Titles, asked, place, reported, stated, waived, worth_showing
from kg.statements import Problem
from kg.visible import flowing, visible

TITLE = "JUnit"
MEDIA_TYPE = "application/xml"
SUFFIX = ".xml"

_ARROW = " -> "


def render(report: Report, telling: Telling) -> str:
    """All suites, each with its cases."""
    root = Element("testsuites", name="mismatch")
    for project in report.projects:
        _suite(root, project, telling)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", "0")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, project: ProjectReport, telling: Telling) -> None:
    told = sorted(reported(project, everything=telling.everything), key=order)
    verdicts = [finding.verdict for finding in told if not finding.waiver]
    suite = SubElement(
        root,
        "testsuite",
        name=visible(project.id),
        tests=str(len(told)),
        failures=str(verdicts.count(Verdict.MISMATCH)),
        errors="0",
        skipped=str(len(told) - len(verdicts) + verdicts.count(Verdict.UNDECIDED)),
        time="0",
    )
    titles = Titles(told)
    for finding in told:
        _case(suite, project, finding, titles)
    if project.problems:
        lines = "\n".join(_problem(project, problem) for problem in project.problems)
        SubElement(suite, "system-err").text = lines


def _case(suite: Element, project: ProjectReport, finding: Finding, titles: Titles) -> None:
    item = f": {finding.item}" if finding.item else ""
    name = visible(f"{titles.pair(finding, _ARROW)}{item}")
    case = SubElement(suite, "testcase", classname=visible(finding.predicate), name=name, time="0")
    for _, origin in origins(finding)[:1]:
        case.set("file", visible(reached(project, origin.file)))
        if origin.line is not None:
            case.set("line", str(origin.line))
    message = flowing(finding.message)
    if finding.waiver:
        SubElement(case, "skipped", message=f"{waived(finding.waiver)} ({message})")
    elif finding.verdict is Verdict.MISMATCH:
        failure = SubElement(case, "failure", type=str(finding.severity), message=message)
        failure.text = "\n".join(_told(finding))
    elif finding.verdict is Verdict.UNDECIDED:
        SubElement(case, "skipped", message=message)


def _told(finding: Finding) -> Iterator[str]:
    """What is wrong, the evidence, what follows and what to do, a line each."""
    yield flowing(finding.message)
    for evidence in worth_showing(finding):
        yield from _evidence(evidence)
    yield from (flowing(finding.consequence), flowing(finding.remedy))
    if finding.ask:
        yield f"Ask: {asked(finding)}"


def _evidence(evidence: Evidence) -> Iterator[str]:
    name = visible(evidence.name)
    if not evidence.sources:
        yield f"  {name} {said(evidence)}"
    for origin in evidence.sources:
        notes = ", ".join(filter(None, (stated(evidence, origin), meant(evidence, origin))))
        yield f"  {name} {said(evidence, origin)}  {place(origin)}{f'  ({notes})' if notes else ''}"


def _problem(project: ProjectReport, problem: Problem) -> str:
    line = f":{problem.line}" if problem.line is not None else ""
    return f"{visible(reached(project, problem.file))}{line}: {flowing(problem.message)}"
