"""JSON for programs: every gap, figure and question, whole."""

from typing import Any

from kg.findings import GAPS_SCHEMA
from kg.gaps import Analysis, Mapping
from kg.gaps.coverage import Coverage
from kg.gaps.projects import Asked, ProjectGaps
from kg.gaps.sets import SetGaps
from kg.gaps.trends import Trend
from kg.gaps.waiting import Missing
from kg.reports import Telling
from kg.visible import as_json

TITLE = "JSON"
SUFFIX = ".json"


def render(analysis: Analysis, telling: Telling) -> str:
    """The analysis as one JSON object, indented by two spaces."""
    return as_json(
        {
            "schema": GAPS_SCHEMA,
            "role": analysis.role,
            "mapping": _mapping(analysis.mapping),
            "sets": [_set(one) for one in analysis.sets],
            "projects": [_project(one) for one in analysis.projects],
            "trends": [_trend(one) for one in analysis.trends],
        }
    )


def _mapping(mapping: Mapping) -> dict[str, Any]:
    return {
        "gaps": [
            {"kind": g.kind, "term": g.term, "reader": g.reader or None, "excuse": g.excuse or None}
            for g in mapping.gaps
        ],
        "coverage": _coverage(mapping.coverage),
        "single_points": [
            {
                "attribute": one.attribute,
                "weight": one.weight,
                "predicates": list(one.predicates),
                "mismatches": list(one.mismatches),
            }
            for one in mapping.points
        ],
        "redundancy": [
            {"mismatch": one.mismatch, "predicates": list(one.predicates)}
            for one in mapping.redundancies
        ],
        "spare": list(mapping.spare),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    weighed = (coverage.interviews, *coverage.ratings)
    return {
        "detectable": list(coverage.detectable),
        "undetectable": list(coverage.undetectable),
        "weighed": [
            {
                "raters": one.raters or None,
                "reached": one.reached,
                "whole": one.whole,
                "share": one.share,
            }
            for one in weighed
        ],
        "mismatches": [
            {
                "mismatch": one.mismatch.code,
                "interviews": one.mismatch.interviews,
                "informed": one.informed,
                "predicates": list(one.predicates),
                "able": list(one.able),
            }
            for one in coverage.reaches
        ],
    }


def _set(one: SetGaps) -> dict[str, Any]:
    return {
        "name": one.of.name,
        "title": one.of.title,
        "attributes": sorted(one.of.attributes),
        "unread": list(one.unread),
        "coverage": _coverage(one.coverage),
    }


def _project(one: ProjectGaps) -> dict[str, Any]:
    return {
        "id": one.id,
        "path": one.path,
        "undecided": one.undecided,
        "decidable": one.decidable,
        "unasked": one.unasked,
        "best": list(one.best),
        "questions": [_question(asked) for asked in one.questions],
    }


def _question(one: Asked) -> dict[str, Any]:
    ask = one.ask
    return {
        "element": (ask.element or ask.kind) if isinstance(ask, Missing) else None,
        "attribute": one.attribute or None,
        "parts": [[name for _, name in way] for way in one.parts],
        "items": list(one.items),
        "question": one.text,
        "roles": list(one.roles),
        "decided": one.decided,
        "alone": one.alone,
        "predicates": list(one.waiting),
        "mismatches": list(one.mismatches),
        "weight": one.weight,
    }


def _trend(one: Trend) -> dict[str, Any]:
    return {
        "project": one.project,
        "revisions": [
            {"source": r.source, "undecided": r.undecided, "missing": len(r.missing)}
            for r in one.revisions
        ],
        "answered": [list(pair) for pair in one.answered],
        "raised": [list(pair) for pair in one.raised],
    }
