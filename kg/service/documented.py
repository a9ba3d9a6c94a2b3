"""How questions are told: as records, and in the description of the API, each parameter by type."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from kg.saved import Parameter, SavedQuestion
from kg.service.asking import Askable
from kg.service.openapi.queries import LIMITS, TEXT, answered_in, format_of
from kg.service.wire.negotiation import PAGE, ROWS

_SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "text": {"type": "string"},
    "iri": {"type": "string", "format": "iri-reference"},
    "integer": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
}


class QuestionParameter(BaseModel):
    """What a question is told, and of which type; where there are values, it is one of them."""

    name: str
    label: str
    type: str
    optional: bool
    default: str | None
    values: list[str]
    example: str


class QuestionChart(BaseModel):
    """How answers may be drawn: a kind of chart, and the columns along its axes."""

    kind: str
    x: str
    y: str


class ShownQuestion(BaseModel):
    """A question; those that came with the service have no owner and no revision."""

    id: str
    address: str
    summary: str
    description: str
    tags: list[str]
    parameters: list[QuestionParameter]
    columns: list[str]
    chart: QuestionChart | None
    owner: str | None
    private: bool
    revision: int | None
    problem: str | None


def shown(one: Askable) -> ShownQuestion:
    """The question as a record."""
    question = one.question
    chart = question.chart
    return ShownQuestion(
        id=question.id,
        address=f"/questions/{question.id}",
        summary=question.summary,
        description=question.description,
        tags=list(question.tags),
        parameters=list(map(_parameter, question.parameters)),
        columns=list(question.columns),
        chart=None if chart is None else QuestionChart(kind=chart.kind, x=chart.x, y=chart.y),
        owner=one.owner or None,
        private=one.private,
        revision=one.revision or None,
        problem=one.problem or None,
    )


def parameters(question: SavedQuestion) -> dict[str, Any]:
    """The parameters of a question for the description of the API."""
    return {"parameters": [*map(_documented, question.parameters), *_ALL]}


def _parameter(one: Parameter) -> QuestionParameter:
    return QuestionParameter(
        name=one.name,
        label=one.label,
        type=one.type,
        optional=not one.required,
        default=one.default,
        values=list(one.values),
        example=one.example,
    )


def _documented(one: Parameter) -> dict[str, Any]:
    # A member of a list goes by more names than its own, so it is told, and not prescribed.
    listed = {"examples" if one.list else "enum": list(one.values)} if one.values else {}
    default = {} if one.default is None else {"default": _typed(one, one.default)}
    examples = {"examples": [_typed(one, one.example)]} if one.example else {}
    return {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "description": one.label,
        "schema": {**_SCHEMAS[one.type], **examples, **listed, **default},
    }


def _typed(one: Parameter, text: str) -> object:
    """The text as the schema of its type has it."""
    if one.type == "boolean":
        return text.lower() == "true"
    kind = {"integer": int, "double": float}.get(one.type, str)
    return kind(text)


_ALL = (format_of(ROWS, (PAGE,)), *LIMITS)
ANSWERED = answered_in(ROWS, (PAGE,))
"""What an answer to a question may be."""

QUERY: dict[int | str, dict[str, Any]] = {
    200: {"description": "SPARQL", "content": {"application/sparql-query": TEXT}}
}
"""What the text of a question is."""
