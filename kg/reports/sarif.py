"""SARIF 2.1.0 for code hosts and editors, which show each mismatch at its line.

A mismatch is a result that fails, at the first line that it rests on; the other lines are related
locations, and the message links to them. Undecided verdicts are no faults, so they are told only
when everything is: as results of the kind `open`, and clear ones as `pass`. What could not be read
is a notification.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from kg import __version__
from kg.findings import (
    Finding,
    Origin,
    ProjectReport,
    Report,
    Severity,
    Verdict,
    Waiver,
)
from kg.namespaces import iri
from kg.priority import order
from kg.reports import Telling
from kg.reports._amounts import said
from kg.reports._files import Place, origins, reached, uri
from kg.reports._words import asked, count, waived
from kg.statements import Problem
from kg.visible import as_json, flowing, visible

TITLE = "SARIF"
MEDIA_TYPE = "application/sarif+json"
SUFFIX = ".sarif"

Object: TypeAlias = dict[str, Any]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KINDS = {Verdict.MISMATCH: "fail", Verdict.UNDECIDED: "open", Verdict.CLEAR: "pass"}
_FINGERPRINT = "mismatchFinding/v1"
# A host shows so many related places at most, and more helps nobody.
_RELATED = 20


def render(report: Report, telling: Telling) -> str:
    """One run with the results of all projects."""
    told = [
        (project, finding)
        for project in report.projects
        for finding in sorted(project.findings, key=order)
        if telling.everything or finding.verdict is Verdict.MISMATCH
    ]
    rules = _rules(finding for _, finding in told)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "mismatch",
                "semanticVersion": __version__,
                "informationUri": iri("mm:"),
                "rules": rules,
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    one for project in report.projects for one in _notifications(project)
                ],
            }
        ],
        "results": [
            _result(project, finding, numbers[visible(finding.predicate)])
            for project, finding in told
        ],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(findings: Iterable[Finding]) -> list[Object]:
    """A rule for each predicate, in the order of their names."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(visible(finding.predicate), finding)
    return [_rule(name, first[name]) for name in sorted(first)]


def _rule(name: str, finding: Finding) -> Object:
    words = name.replace("-", " ")
    consequence, remedy = flowing(finding.consequence), flowing(finding.remedy)
    whom = f" Ask {asked(finding)}." if finding.ask else ""
    more = f"`mismatch explain {name}` tells why and where it comes from."
    return {
        "id": name,
        "shortDescription": {"text": words[:1].upper() + words[1:]},
        "fullDescription": {"text": consequence},
        "help": {"text": f"{consequence} {remedy}{whom} {more}"},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"tags": [*map(visible, finding.mismatches)]},
    }


def _result(project: ProjectReport, finding: Finding, number: int) -> Object:
    wrong = finding.verdict is Verdict.MISMATCH
    places = origins(finding)[: _RELATED + 1]
    locations = [_location(project, origin) for _, origin in places]
    related = [
        location | {"id": number, "message": {"text": _plain(f"{one.name} {said(one, origin)}")}}
        for number, (location, (one, origin)) in enumerate(zip(locations, places, strict=True))
    ]
    told = {
        "ruleId": visible(finding.predicate),
        "ruleIndex": number,
        "kind": _KINDS[finding.verdict],
        "level": _LEVELS[finding.severity] if wrong else "none",
        "message": {"text": _message(finding, places)},
        "locations": locations[:1] or [_project(project)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": _properties(project, finding),
    }
    if finding.waiver:
        told["suppressions"] = [_suppression(finding.waiver)]
    return told | ({"relatedLocations": related[1:]} if related[1:] else {})


def _suppression(waiver: Waiver) -> Object:
    return {"kind": "external", "status": "accepted", "justification": waived(waiver)}


def _message(finding: Finding, places: list[Place]) -> str:
    """What is wrong, with a link to each further place."""
    links = [
        f"{_plain(evidence.name)} [{_plain(said(evidence, origin))}]({number})"
        for number, (evidence, origin) in enumerate(places)
        if number
    ]
    message = _plain(flowing(finding.message))
    return f"{message} See also: {', '.join(links)}." if links else message


def _plain(text: str) -> str:
    r"""The text with what would be a link in a message written so that it is none.

    >>> _plain("see [here](1)")
    'see \\[here\\](1)'
    """
    return visible(text).replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]")


def _location(project: ProjectReport, origin: Origin) -> Object:
    physical: Object = {"artifactLocation": {"uri": uri(reached(project, origin.file))}}
    if origin.line is not None:
        physical["region"] = {"startLine": origin.line}
    named = {"logicalLocations": [{"fullyQualifiedName": origin.locator}]} if origin.locator else {}
    return {"physicalLocation": physical} | named


def _project(project: ProjectReport) -> Object:
    """The project's folder, for what stands in no file; hosts want a place for each result."""
    return {"physicalLocation": {"artifactLocation": {"uri": uri(reached(project, "."))}}}


def _properties(project: ProjectReport, finding: Finding) -> Object:
    return {
        "project": project.id,
        "verdict": str(finding.verdict),
        "item": finding.item,
        "subject": finding.subject.label,
        "object": finding.object.label if finding.object else None,
        "mismatches": list(finding.mismatches),
        "ask": [{"role": one.role, "question": one.question} for one in finding.ask],
    }


def _notifications(project: ProjectReport) -> Iterator[Object]:
    yield from (_problem(project, problem) for problem in project.problems)
    yield from ({"level": "note", "message": {"text": flowing(note)}} for note in project.notes)
    if undecided := project.count(Verdict.UNDECIDED):
        verdicts = count(undecided, "verdict is", "verdicts are")
        text = f"{visible(project.id)}: {verdicts} undecided; the report in HTML says what to ask."
        yield {"level": "note", "message": {"text": text}}


def _problem(project: ProjectReport, problem: Problem) -> Object:
    return {
        "level": "warning",
        "message": {"text": flowing(problem.message)},
        "locations": [_location(project, Origin(problem.file, problem.line))],
    }
