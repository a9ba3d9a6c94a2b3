"""JSON for programs: everything that was found, in the shape that scripts rely on.

A value is a plain number or text, and `unit` says in what: the unit that its source wrote, where
`value unit` read plainly is the amount that was compared, else the unit in which people read such
an amount, with all its digits. So a manifest's `8Gi` is 8.0 and `Gi`, and a Compose file's `512m`
is 536.870912 and `MB`. `value` is null where nothing is stated, `unit` where there is none,
`object` and `item` where the finding is about one element or the whole of it. `line` and `locator`
are left out where the source has none. Where a value follows from another attribute's,
`inferred_from` names that one, and the place is where it is stated. A term of an extension's own
namespace is its IRI, one of ours its local name. `ranking` says by whose ratings the findings are
ranked for a reader of a role, or of any where `role` is null; `priority` is what the study knows of
the finding's main mismatch, and null where it knows nothing. A finding that somebody waived in a
service has `waived`; `next` is the address of the findings that follow, where these are not all.
"""

from math import isfinite
from typing import Any

from kg.findings import (
    SCHEMA,
    Evidence,
    Finding,
    Origin,
    Participant,
    Priority,
    ProjectReport,
    Report,
    Waiver,
)
from kg.reports import Telling
from kg.reports._amounts import number
from kg.reports._words import reported
from kg.statements import Problem
from kg.visible import as_json

TITLE = "JSON"
MEDIA_TYPE = "application/json"
SUFFIX = ".json"


def render(report: Report, telling: Telling) -> str:
    """The report as one JSON object, indented by two spaces."""
    told = {
        "schema": SCHEMA,
        "projects": [_project(project, telling) for project in report.projects],
        "ranking": _ranking(report, telling),
    }
    return as_json(told | ({"next": report.next} if report.next else {}))


def _ranking(report: Report, telling: Telling) -> dict[str, Any] | None:
    if report.ranking is None:
        return None
    return {
        "role": telling.role,
        "raters": report.ranking.raters,
        "respondents": report.ranking.respondents,
    }


def _project(project: ProjectReport, telling: Telling) -> dict[str, Any]:
    found = reported(project, everything=telling.everything)
    return {
        "id": project.id,
        "path": project.path,
        "statements": project.statements,
        "sources": project.sources,
        "summary": dict(project.summary),
        "findings": [told(finding) for finding in found],
        "problems": [_problem(problem) for problem in project.problems],
    }


def told(finding: Finding) -> dict[str, Any]:
    """One finding as reports have it."""
    found = {
        "predicate": finding.predicate,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "mismatches": list(finding.mismatches),
        "kind": finding.kind,
        "item": finding.item,
        "subject": _participant(finding.subject),
        "object": _participant(finding.object) if finding.object else None,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "message": finding.message,
        "consequence": finding.consequence,
        "remedy": finding.remedy,
        "ask": [{"role": one.role, "question": one.question} for one in finding.ask],
        "references": list(finding.references),
        "fingerprint": finding.fingerprint,
        "priority": _priority(finding.priority) if finding.priority else None,
    }
    return found | ({"waived": _waiver(finding.waiver)} if finding.waiver else {})


def _waiver(waiver: Waiver) -> dict[str, str | None]:
    return {"reason": waiver.reason, "by": waiver.by, "at": waiver.at, "until": waiver.until}


def _priority(priority: Priority) -> dict[str, Any]:
    return {
        "mismatch": priority.mismatch,
        "raters": priority.raters,
        "important": priority.important,
        "respondents": priority.respondents,
        "interviews": priority.interviews,
    }


def _participant(one: Participant) -> dict[str, str]:
    return {"iri": one.iri, "label": one.label, "element": one.element}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    value, unit = number(evidence)
    if isinstance(value, float) and not isfinite(value):
        value = str(value)  # JSON has no infinity
    return {
        "name": evidence.name,
        "attribute": evidence.attribute,
        "value": value,
        "unit": unit,
        "status": evidence.status or None,
        "sources": [_origin(origin) for origin in evidence.sources],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    found = {"file": origin.file, "line": origin.line, "locator": origin.locator}
    found["inferred_from"] = origin.inferred_from
    return {key: value for key, value in found.items() if value is not None}


def _problem(problem: Problem) -> dict[str, Any]:
    found = {"file": problem.file, "line": problem.line, "message": problem.message}
    return {key: value for key, value in found.items() if value is not None}
