"""The matrix as JSON, for programs."""

from typing import Any

from kg.matrix import ByElement, Reading, Row, written
from kg.namespaces import iri
from kg.pictures import Shown
from kg.reports import Telling
from kg.visible import as_json
from kg.vocabulary import Vocabulary

TITLE = "JSON"
SUFFIX = ".json"


def render(shown: Shown, _telling: Telling) -> str:
    """One object: the elements, and each mismatch with its predicates and what they read."""
    matrix = shown.matrix
    return as_json(
        {
            "schema": iri("matrix/1"),
            "elements": [
                {"element": one.name, "code": one.code, "label": one.label}
                for one in matrix.columns
            ],
            "mismatches": [_mismatch(row, shown.vocabulary) for row in matrix.rows],
        }
    )


def _mismatch(row: Row, vocabulary: Vocabulary) -> dict[str, Any]:
    one = row.mismatch
    important, respondents = row.importance
    return {
        "code": one.code,
        "iri": iri(one.name),
        "label": one.label,
        "category": one.category,
        "definition": one.definition,
        "told": one.interviews,
        "important": important if one.ratings else None,
        "respondents": respondents if one.ratings else None,
        "predicates": [_predicate(reading, vocabulary) for reading in row.readings],
        "unread": _listed(row.unread, vocabulary),
    }


def _predicate(reading: Reading, vocabulary: Vocabulary) -> dict[str, Any]:
    one = reading.predicate
    return {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "severity": one.severity.value,
        "formal": one.formal,
        "reads": _listed(reading.attributes, vocabulary),
    }


def _listed(attributes: ByElement, vocabulary: Vocabulary) -> dict[str, list[str]]:
    return {name: [written(one, vocabulary) for one in found] for name, found in attributes.items()}
