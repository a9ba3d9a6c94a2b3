"""Saved questions: each is a path that answers, with its parameters."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from kg.errors import KgError
from kg.service import asking, documented
from kg.service.asking import Askable
from kg.service.engine import caller_of, engine_of
from kg.service.pages import form_of, page_or_json, sent
from kg.service.pages import questions as pages
from kg.service.settings import Settings
from kg.service.wire.limits import query_name
from kg.service.wire.negotiation import PAGE, ROWS, Form
from kg.service.wire.requests import address_fields
from kg.service.wire.responses import response, while_connected

router = APIRouter(tags=["Questions"])

_QUERY = Form("rq", "application/sparql-query; charset=utf-8", ("text/plain",))
Name = Annotated[str, Path(description="The id of a question")]


@router.get(
    "/questions", summary="The saved questions", response_model=list[documented.ShownQuestion]
)
def saved_questions(
    request: Request,
    tag: Annotated[str | None, Query(description="Only those with this tag")] = None,
) -> Response:
    """All that you may ask, each with its parameters; `tag` keeps those that have it."""
    found = asking.every(engine_of(request), caller_of(request))
    kept = [one for one in found if tag is None or tag in one.question.tags]
    record = [documented.shown(one) for one in kept]
    return page_or_json(request, record, "questions.html.jinja", title="Questions", found=kept)


@router.get(
    "/questions/{name}",
    summary="Ask a question that somebody saved",
    responses=documented.ANSWERED,
    response_class=Response,
)
async def ask_question(request: Request, name: Name) -> Response:
    """The answer, with the question's parameters in the address; a page to fill in for browsers."""
    engine, caller = engine_of(request), caller_of(request)
    one = await asking.found(engine, caller, name)
    form, told = form_of(request, (*ROWS, PAGE)), asking.given(request)
    if form is PAGE:
        return await _page(request, one, told)
    asked = asking.put(request, one, told, form.name)
    number = query_name(request, address_fields(request))
    answer = await while_connected(request, engine.readers.read(asked, caller, number))
    return response(request, answer, number)


@router.get(
    "/questions/{name}/query",
    summary="A question as SPARQL",
    responses=documented.QUERY,
    response_class=Response,
)
async def question_as_sparql(request: Request, name: Name) -> Response:
    """Its text, with front matter, as it can be saved again."""
    one = await asking.found(engine_of(request), caller_of(request), name)
    return sent(request, one.question.text.encode(), form_of(request, (_QUERY,)))


def router_for(settings: Settings) -> APIRouter:
    """A path for each question that comes with the knowledge, with its own parameters."""
    made = APIRouter(tags=["Questions"])
    if settings.serves == "graphs":
        return made
    for name, one in asking.ours(settings.knowledge).items():
        made.add_api_route(
            f"/questions/{name}",
            _asks(name),
            methods=["GET"],
            name=f"ask_{name.replace('-', '_')}",
            summary=one.question.summary,
            description=one.question.description,
            response_class=Response,
            responses=documented.ANSWERED,
            openapi_extra=documented.parameters(one.question),
        )
    return made


def _asks(name: str) -> Callable[[Request], Awaitable[Response]]:
    """The route of one question; it takes the request alone, so nothing in it can be the id."""

    async def ask(request: Request) -> Response:
        return await ask_question(request, name)

    return ask


async def _page(request: Request, one: Askable, told: dict[str, str]) -> Response:
    """The form, and below it the answer, once all is told that must be."""
    engine, caller = engine_of(request), caller_of(request)
    lacking = [p for p in one.question.parameters if p.required and p.name not in told]
    if lacking and not told:
        return pages.written(request, one, told)
    try:
        asked = asking.put(request, one, told, "json")
        number = query_name(request, address_fields(request))
        few = replace(asked.limits, rows=min(asked.limits.rows, pages.SHOWN), size=8)
        work = engine.readers.read(replace(asked, limits=few), caller, number)
        answer = await while_connected(request, work)
    except KgError as error:
        return pages.written(request, one, told, error=error)
    body = b"".join([chunk async for chunk in answer.chunks()])
    return pages.written(request, one, told, body=body, cut=answer.cut)
