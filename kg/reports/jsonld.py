"""JSON-LD: SHACL's validation report with terms of our own, for whatever reads RDF.

Only a mismatch is a `sh:result`. A finding that is undecided or clear is no violation, and would be
taken for one by every tool that reads results: it stands under a property of ours, and says how
grave it would be in a term of ours too. So `sh:conforms` is true where no mismatch was found,
however much is undecided.

The context stands in the file, so nothing has to be fetched. Reports, findings and evidence are
blank nodes: they belong to one run, and two reports in one store must not become one. What is the
same from run to run is the fingerprint.
"""

import re
from collections.abc import Iterable
from math import isnan
from typing import Any, TypeAlias
from urllib.parse import quote

from kg.findings import Evidence, Finding, Origin, Participant, ProjectReport, Report, Verdict
from kg.namespaces import iri, local, snake
from kg.parsing import parse_rdf
from kg.priority import order
from kg.reports import Telling
from kg.reports._amounts import Value, is_node, number
from kg.reports._words import reported
from kg.statements import Problem
from kg.visible import as_json, whole

TITLE = "JSON-LD"
MEDIA_TYPE = "application/ld+json"
SUFFIX = ".jsonld"

Object: TypeAlias = dict[str, Any]

_PLAIN = (
    *("sh:conforms", "sh:result", "sh:resultMessage", "dcterms:identifier", "rdfs:label"),
    *("undecidedFinding", "clearFinding", "projectReport", "checkedPath", "statementsRead"),
    *("sourcesRead", "filesPassedOver", "mismatchesFound", "verdictsClear", "verdictsUndecided"),
    *("note", "problem", "problemMessage", "verdict", "kind", "concerns", "mismatchCode"),
    *(
        "mainMismatchCode",
        "rank",
        "hurts",
        "remedy",
        "fingerprint",
        "reference",
        "question",
        "wording",
    ),
    *("evidence", "variable", "statedValue", "statedUnit", "standing", "statedAt", "inFile"),
    *("atLine", "atLocator"),
)
_NAMING = (
    *("sh:focusNode", "sh:value", "sh:sourceShape"),
    *("reportedFor", "putTo", "ofAttribute"),
)
_CHOOSING = ("sh:resultSeverity", "sh:sourceConstraintComponent", "severityIfSo")
_KINDS = (
    *("sh:ValidationReport", "sh:ValidationResult", "sh:SPARQLConstraintComponent"),
    *("sh:Violation", "sh:Warning", "sh:Info"),
    *("Finding", "ProjectReport", "Problem", "Question", "Evidence", "Place"),
)
_LISTS = {
    Verdict.MISMATCH: "result",
    Verdict.UNDECIDED: "undecided_finding",
    Verdict.CLEAR: "clear_finding",
}
_NO_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f]')


def render(report: Report, telling: Telling) -> str:
    """One validation report of all projects, and the elements that it names."""
    keys = {id(project): f"_:p{number}" for number, project in enumerate(report.projects, 1)}
    listed: dict[Verdict, list[Object]] = {verdict: [] for verdict in Verdict}
    elements: dict[str, Object] = {}
    for project in report.projects:
        found = sorted(reported(project, everything=telling.everything), key=order)
        for rank, finding in enumerate(found, 1):
            told = _finding(finding) | {"rank": rank, "reported_for": keys[id(project)]}
            listed[finding.verdict].append(told)
            elements |= _elements(finding)
    head: Object = {
        "@type": "ValidationReport",
        "conforms": not listed[Verdict.MISMATCH],
        "project_report": [_project(one, keys[id(one)]) for one in report.projects],
    }
    lists = {_LISTS[verdict]: told for verdict, told in listed.items() if told}
    return as_json({"@context": _context(), "@graph": [head | lists, *elements.values()]})


def triples(project: ProjectReport) -> str:
    """The same of one project as N-Triples, for a store that is asked about findings."""
    text = render(Report((project,)), Telling())
    quads = parse_rdf(text.encode(), "jsonld", "urn:ml-mismatch:report")
    return "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)


def _context() -> Object:
    """What each name stands for; every IRI in full, so that no value is read as prefix and name."""
    plain: Object = {_key(name): iri(name) for name in _PLAIN}
    naming = {_key(name): {"@id": iri(name), "@type": "@id"} for name in _NAMING}
    choosing = {_key(name): {"@id": iri(name), "@type": "@vocab"} for name in _CHOOSING}
    return plain | naming | choosing | {_name(kind): iri(kind) for kind in _KINDS}


def _key(name: str) -> str:
    return snake(_name(name))


def _name(name: str) -> str:
    return name.rpartition(":")[2]


def _project(project: ProjectReport, key: str) -> Object:
    return {
        "@id": key,
        "@type": "ProjectReport",
        "identifier": whole(project.id),
        "checked_path": whole(project.path),
        "statements_read": project.statements,
        "sources_read": project.sources,
        "files_passed_over": project.passed_over,
        "mismatches_found": project.count(Verdict.MISMATCH),
        "verdicts_clear": project.count(Verdict.CLEAR),
        "verdicts_undecided": project.count(Verdict.UNDECIDED),
        "note": _texts(project.notes),
        "problem": [_problem(problem) for problem in project.problems],
    }


def _problem(problem: Problem) -> Object:
    place = _place(Origin(problem.file, problem.line))
    return {**place, "@type": "Problem", "problem_message": whole(problem.message)}


def _finding(finding: Finding) -> Object:
    wrong = finding.verdict is Verdict.MISMATCH
    severity = finding.severity.capitalize()
    told: Object = {
        "@type": ["ValidationResult", "Finding"] if wrong else "Finding",
        "verdict": str(finding.verdict),
        "focus_node": _reference(finding.subject.iri),
        "value": _reference(finding.object.iri) if finding.object else None,
        "result_message": whole(finding.message),
        "result_severity": severity if wrong else None,
        "severity_if_so": None if wrong else severity,
        "source_shape": _term("mms", finding.predicate),
        "source_constraint_component": "SPARQLConstraintComponent" if wrong else None,
        "kind": finding.kind,
        "main_mismatch_code": next(iter(_texts(finding.mismatches)), None),
        "mismatch_code": _texts(finding.mismatches),
        "concerns": whole(finding.item) if finding.item else None,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "hurts": whole(finding.consequence),
        "remedy": whole(finding.remedy),
        "question": [_question(one.role, one.question) for one in finding.ask],
        "reference": _texts(finding.references),
        "fingerprint": whole(finding.fingerprint),
    }
    return {key: value for key, value in told.items() if value is not None}


def _question(role: str, wording: str) -> Object:
    return {"@type": "Question", "put_to": _term("mm", role), "wording": whole(wording)}


def _evidence(evidence: Evidence) -> Object:
    value, unit = number(evidence)
    told: Object = {
        "@type": "Evidence",
        "variable": whole(evidence.name),
        "of_attribute": _term("mm", evidence.attribute) if evidence.attribute else None,
        "stated_value": _value(value, node=is_node(evidence)),
        "stated_unit": whole(unit) if unit else None,
        "standing": whole(evidence.status) if evidence.status else None,
        "stated_at": [_place(origin) for origin in evidence.sources],
    }
    return {key: value for key, value in told.items() if value is not None}


def _value(value: Value, *, node: bool) -> object:
    """The value; a number with its datatype, which tools would else guess, each in its way."""
    if isinstance(value, str):
        return {"@id": _reference(value)} if node else whole(value)
    if isinstance(value, bool) or value is None:
        return value
    text = "NaN" if isnan(value) else str(value).upper().replace("+", "")
    datatype = "xsd:double" if isinstance(value, float) else "xsd:integer"
    return {"@value": text, "@type": iri(datatype)}


def _place(origin: Origin) -> Object:
    locator = whole(origin.locator) if origin.locator is not None else None
    told = {"@type": "Place", "in_file": whole(origin.file), "at_line": origin.line}
    return {k: v for k, v in {**told, "at_locator": locator}.items() if v is not None}


def _elements(finding: Finding) -> dict[str, Object]:
    """What is known of the elements that a finding is about, by IRI."""
    pair = (one for one in (finding.subject, finding.object) if one)
    return {one.iri: _element(one) for one in pair}


def _element(one: Participant) -> Object:
    told: Object = {"@id": _reference(one.iri)}
    if one.element:
        told["@type"] = _term("mm", one.element)
    return told | {"label": whole(one.label)}


def _texts(texts: Iterable[str]) -> list[str]:
    return list(map(whole, texts))


def _term(prefix: str, name: str) -> str:
    return iri(f"{prefix}:{quote(local(name), safe='-._~', errors='replace')}")


def _reference(name: str) -> str:
    """The IRI, with what none may hold percent-encoded."""
    return _NO_IRI.sub(lambda found: f"%{ord(found[0]):02X}", whole(name))
