"""The page of queries: a form to write one, and below it what it found. It runs no script."""

from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Template

from kg.errors import KgError
from kg.pages import environment
from kg.service.engine import caller_of, engine_of
from kg.service.pages import TEMPLATES
from kg.service.problems import status_of
from kg.service.readers import Answer, Question
from kg.service.responses import ID, TRUNCATED, while_connected

_SHOWN = 1000
_VARY = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions as they are shown: texts, and the address where a term is one."""

    names: list[str]
    rows: list[list[tuple[str, str | None]]]


async def answered(request: Request, question: Question, name: str) -> Response:
    """The page with the answer to a query, or with what was wrong."""
    engine, caller = engine_of(request), caller_of(request)
    few = replace(question.limits, rows=min(question.limits.rows, _SHOWN), size=8)
    work = engine.readers.read(replace(question, limits=few), caller, name)
    try:
        answer = await while_connected(request, work)
    except KgError as error:
        return written(question.text, error=error)
    body = b"".join([chunk async for chunk in answer.chunks()])
    found = written(question.text, answer=answer, body=body)
    found.headers[ID] = name
    if answer.cut:
        found.headers[TRUNCATED] = answer.cut
    return found


def written(
    text: str = "",
    *,
    answer: Answer | None = None,
    body: bytes = b"",
    error: KgError | None = None,
) -> Response:
    """The page as HTML."""
    kind = "" if answer is None else answer.kind
    found = orjson.loads(body) if kind in ("rows", "truth") else {}
    html = _template().render(
        asked=_lines(text),
        kind=kind,
        cut="" if answer is None else answer.cut,
        table=_table(found) if kind == "rows" else None,
        truth=found.get("boolean"),
        triples=_lines(body.decode()) if kind == "triples" else [],
        error=error,
    )
    status = HTTPStatus.OK if error is None else status_of(error)
    return HTMLResponse(html, int(status), _VARY)


def _table(found: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> Table:
    names = [str(name) for name in found["head"]["vars"]]
    return Table(
        names,
        [[_cell(row.get(name)) for name in names] for row in found["results"]["bindings"]],
    )


def _cell(term: dict[str, str] | None) -> tuple[str, str | None]:
    if term is None:
        return "", None
    value = term["value"] if term["type"] != "triple" else "<<( … )>>"
    is_address = term["type"] == "uri" and value.startswith(("http://", "https://"))
    return value, value if is_address else None


@cache
def _template() -> Template:
    return environment(TEMPLATES).get_template("query.html.jinja")


def _lines(text: str) -> list[str]:
    """The lines of a text, which the template sets apart again."""
    return text.expandtabs(4).splitlines()
