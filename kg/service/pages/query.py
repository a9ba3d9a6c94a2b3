"""The page of queries: a form to write one, and below it what it found. It runs no script."""

from dataclasses import replace
from http import HTTPStatus

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from kg.errors import KgError
from kg.service.engine import caller_of, engine_of
from kg.service.pages import rendered
from kg.service.pages.tables import table, whole
from kg.service.readers import Answer, Question
from kg.service.wire.problems import status_of
from kg.service.wire.responses import ID, TRUNCATED, while_connected

_SHOWN = 1000
_VARY = {"Vary": "Accept", "Cache-Control": "no-cache"}


async def answered(request: Request, question: Question, name: str) -> Response:
    """The page with the answer to a query, or with what was wrong."""
    engine, caller = engine_of(request), caller_of(request)
    few = replace(question.limits, rows=min(question.limits.rows, _SHOWN), size=8)
    work = engine.readers.read(replace(question, limits=few), caller, name)
    try:
        answer = await while_connected(request, work)
    except KgError as error:
        return written(request, question.text, error=error)
    body = b"".join([chunk async for chunk in answer.chunks()])
    found = written(request, question.text, answer=answer, body=body)
    found.headers[ID] = name
    if answer.cut:
        found.headers[TRUNCATED] = answer.cut
    return found


def written(
    request: Request,
    text: str = "",
    *,
    answer: Answer | None = None,
    body: bytes = b"",
    error: KgError | None = None,
) -> Response:
    """The page as HTML."""
    kind = "" if answer is None else answer.kind
    found = orjson.loads(body) if kind in ("rows", "truth") else {}
    html = rendered(
        request,
        "query.html.jinja",
        title="SPARQL",
        asked=_lines(text),
        kind=kind,
        cut="" if answer is None else answer.cut,
        table=table(found, whole) if kind == "rows" else None,
        truth=found.get("boolean"),
        triples=_lines(body.decode()) if kind == "triples" else [],
        error=error,
    )
    status = HTTPStatus.OK if error is None else status_of(error)
    return HTMLResponse(html, int(status), _VARY)


def _lines(text: str) -> list[str]:
    """The lines of a text, which the template sets apart again."""
    return text.expandtabs(4).splitlines()
