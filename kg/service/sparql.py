"""SPARQL 1.1 Protocol at `/sparql`: queries and updates; without either, what the service is."""

import asyncio
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.parsing.costs import refuse_costly_turtle
from kg.service import description
from kg.service.access import Caller
from kg.service.calls import refuse_calls
from kg.service.changing.updates import must_be_rehearsed, using
from kg.service.changing.written import written_graphs
from kg.service.datasets import seen
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.lending.grants import OFFER, Offer
from kg.service.openapi.queries import (
    EVERY_FORM,
    GRAPHS,
    LIMITS,
    answered_in,
    format_of,
    parameter,
    several,
)
from kg.service.openapi.refusals import refuses
from kg.service.pages import query
from kg.service.readers import Question
from kg.service.wire.limits import asked_limits, query_name
from kg.service.wire.negotiation import Forms
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import Fields, address_fields, body, fields, wrong
from kg.service.wire.responses import response, while_connected

router = APIRouter(tags=["SPARQL"])

# A query with one of these is none as others are.
_OWN = frozenset({"query-id", "memory"})
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


_QUERIED = answered_in(*EVERY_FORM)
_ASKED = (*GRAPHS, format_of(*EVERY_FORM), *LIMITS)
_USED = (
    several("using-graph-uri", "A graph that is part of the default graph of an update"),
    several("using-named-graph-uri", "A graph that can be named in an update"),
)
_TEXT: Mapping[str, Any] = {"schema": {"type": "string"}}
_BODY: Mapping[str, Any] = {
    _QUERY: {**_TEXT, "example": "DESCRIBE <http://localhost:8000/projects/loan-approval>"},
    _UPDATE: {**_TEXT, "example": "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }"},
    _FORM: {
        "schema": {
            "type": "object",
            "title": "SparqlForm",
            "description": "Either a query or an update; all parameters may stand here too",
            "properties": {
                name: {"type": "string", "description": words}
                for name, words in (("query", "A query"), ("update", "An update"))
            },
        }
    },
}


@router.get(
    "/sparql",
    summary="Query, or the service description",
    response_class=Response,
    responses={**_QUERIED, **refuses(HTTPStatus.FORBIDDEN)},
    openapi_extra={
        "parameters": [
            parameter("query", "The query; without one, the service is described"),
            *_ASKED,
        ]
    },
)
async def query_by_get(request: Request) -> Response:
    """The answer to `query`; without it a page to write one, or the description of the service."""
    asked = address_fields(request)
    if "update" in asked:
        raise wrong("An update is sent by POST", f"POST it as {_UPDATE} or as a form")
    if "query" not in asked:
        return description.described(request)
    return await _answered(request, asked.one("query") or "", asked)


@router.post(
    "/sparql",
    summary="Query or update",
    response_class=Response,
    responses={**_QUERIED, 204: {"description": "The update is done"}},
    openapi_extra={
        "parameters": [*_ASKED, *_USED],
        "requestBody": {"required": True, "content": _BODY},
    },
)
async def operate_by_post(request: Request) -> Response:
    """The answer to a query, or nothing after an update."""
    asked, settings = address_fields(request), engine_of(request).settings
    part = await body(request, settings.body_length, settings.body_seconds)
    if part.media_type == _FORM:
        form = fields(part.data)
        operation = _operation(form)
    elif part.media_type in (_QUERY, _UPDATE):
        operation = "query" if part.media_type == _QUERY else "update"
        form = Fields([(operation, part.text)])
    else:
        raise _unknown_type(part.media_type)
    asked = asked | form
    text = asked.one(operation) or ""
    if operation == "query":
        return await _answered(request, text, asked)
    return await _updated(request, text, asked)


async def _answered(request: Request, text: str, asked: Fields) -> Response:
    engine, caller = engine_of(request), caller_of(request)
    request.scope["query"] = text
    if len(text) > engine.settings.query_length:
        raise RequestRefused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The query has more than {engine.settings.query_length:,} characters",
            "Ask a shorter one",
        )
    refuse_calls(text, "SERVICE", engine.settings.hosts)
    forms = Forms.of(asked.one("format"), request.headers.get("accept"))
    counts = engine.lending.counts
    union = engine.settings.default_graph == "union"
    looked_at = seen(text, asked, engine.access.visible(caller), union=union)
    question = Question(
        looked_at.dataset,
        asked_limits(request, asked, engine.limits),
        forms.rows,
        forms.triples,
        text,
        looked_at.union,
        engine.settings.base,
    )
    name = query_name(request, asked)
    if forms.page:
        return await query.answered(request, question, name)
    answer = await while_connected(request, engine.readers.read(question, caller, name))
    if _OWN.isdisjoint(asked.names):
        length = engine.settings.query_length
        request.scope[OFFER] = Offer(question, caller, counts, length, answer)
    return response(request, answer, name)


async def _updated(request: Request, text: str, asked: Fields) -> Response:
    engine, caller = engine_of(request), caller_of(request)
    engine.access.may_write(caller, None)
    base, hosts = engine.settings.base, engine.settings.hosts
    refuse_calls(text, "SERVICE", hosts)
    refuse_calls(text, "LOAD", hosts)
    update = using(text, asked.all("using-graph-uri"), asked.all("using-named-graph-uri"))
    touched = await _touched(engine, caller, update)
    if must_be_rehearsed(update):
        limits = asked_limits(request, asked, engine.limits)
        await while_connected(request, engine.readers.rehearse(update, base, limits, caller))
    else:
        refuse_costly_turtle(update)
    await engine.writer.write(lambda store: store.update(update, base), touched)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _touched(engine: Engine, caller: Caller, update: str) -> Collection[str | None]:
    """The graphs that an update may change, where projects are kept; raises NotAllowed unless the
    caller may change them all.
    """
    if engine.settings.serves == "graphs":
        return ()
    graphs = await asyncio.to_thread(written_graphs, update, engine.settings.base)
    for graph in graphs:
        engine.access.may_write(caller, graph)
    return graphs


def _operation(form: Fields) -> str:
    """The one operation that a form asks for; raises RequestRefused."""
    found = [name for name in ("query", "update") if name in form]
    if len(found) != 1:
        raise wrong("A form has either `query` or `update`", "Send one of them")
    return found[0]


def _unknown_type(media_type: str) -> RequestRefused:
    said = f"is {media_type[:80]}" if media_type else "is not told"
    return RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        f"The type of the body {said}",
        f"Send {_QUERY}, {_UPDATE} or {_FORM}",
    )
