"""Pages: what a browser gets where a program gets JSON, of the same record and at the same path.

A route makes a record and hands it to `page_or_json`. A template shows it; where none is named the
record is told as it is, members as headings and lists as tables. Every page leads to all others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import orjson
from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment
from pydantic import BaseModel
from starlette.routing import Match

from kg.pages import environment
from kg.service.wire.negotiation import PAGE, Form, chosen
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import address_fields
from kg.service.wire.responses import matches
from kg.visible import capital

JSON = Form("json", "application/json")
TEMPLATES = Path(__file__).parents[1] / "templates"

_PLACES = (
    ("/projects", "Projects"),
    ("/findings", "Findings"),
    ("/questions", "Questions"),
    ("/gaps", "Gaps"),
    ("/matrix", "Matrix"),
    ("/predicates", "Predicates"),
    ("/mismatches", "Mismatches"),
    ("/vocabulary", "Vocabulary"),
    ("/study", "Study"),
    ("/sparql", "SPARQL"),
)
_TITLES = {
    "jsonld": "JSON-LD",
    "markdown": "Markdown",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "rdfxml": "RDF/XML",
    "text": "text",
    "trig": "TriG",
    "turtle": "Turtle",
    "rq": "SPARQL",
}
_JOINT = re.compile("(?<=[a-z])[A-Z]")
_HEADERS = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Way:
    """A step to another page; the address is empty where nothing is to be seen."""

    text: str
    address: str


def page_or_json(  # noqa: PLR0913 - each is a word about the same answer
    request: Request,
    record: Any,  # noqa: ANN401 - whatever JSON can hold, or a record of it
    template: str = "record.html.jinja",
    *,
    title: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - what the template names
) -> Response:
    """The record as JSON, or for a browser as the page of a template, which gets it as `record`
    with whatever `more` says; raises RequestRefused where the client takes neither.

    It has a validator, so whoever has it already is told so.
    """
    if form_of(request, (JSON, PAGE)) is PAGE:
        # A validator that a route gives is one of its record, of which a page tells more.
        headers = {name: value for name, value in (headers or {}).items() if name != "ETag"}
        text = rendered(request, template, title=title, record=record, data=_plain(record), **more)
        return sent(request, text.encode(), PAGE, status=status, headers=headers)
    return sent(request, orjson.dumps(_plain(record)), JSON, status=status, headers=headers)


def form_of(request: Request, forms: Sequence[Form]) -> Form:
    """The format that `format` in the address names, or else the one that the client likes best;
    raises RequestRefused.
    """
    name = address_fields(request).one("format")
    if name is None:
        return chosen(request.headers.get("accept"), forms)
    found = next((form for form in forms if name in (form.name, *form.names)), None)
    if found is None:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST,
            f"{name[:80]} is no format of this resource",
            f"Use one of {', '.join(form.name for form in forms)}",
        )
    return found


def sent(
    request: Request,
    body: bytes,
    form: Form,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response that brings a body; 304 where the client has it already."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    said = {**_HEADERS, "ETag": tag, **(headers or {})}
    if status is HTTPStatus.OK and request.method == "GET" and matches(request, said["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=said)
    return Response(body, int(status), said, media_type=form.media_type)


def rendered(request: Request, template: str, *, title: str = "", **values: Any) -> str:  # noqa: ANN401 - see above
    """The page as text: a template of this service's, filled."""
    crumbs = _crumbs(request)
    return (
        _templates()
        .get_template(template)
        .render(
            title=title or (capital(crumbs[-1].text) if crumbs else "ml-mismatch"),
            places=_places(request),
            crumbs=crumbs,
            here=request.url.path,
            address=_address(request),
            **{"forms": (JSON, PAGE), **values},
        )
    )


def with_ways(request: Request, page: str, forms: Sequence[Form] = ()) -> str:
    """A page that is complete by itself, such as a reporter's, with the ways to all others, and
    with its formats.
    """
    before, style, rest = page.partition("</style>")
    head, header, rest = rest.partition("<header>")
    main, end, rest = rest.rpartition("</main>")
    parts = (
        before,
        rendered(request, "ways.css"),
        style,
        head,
        rendered(request, "ways.html.jinja"),
        header,
        main,
        rendered(request, "formats.html.jinja", forms=forms) if forms else "",
        end,
        rest,
    )
    return "".join(parts)


def _plain(record: Any) -> Any:  # noqa: ANN401 - see above
    """The record as JSON has it."""
    return orjson.loads(orjson.dumps(record, default=_models))


def _models(record: object) -> object:
    if isinstance(record, BaseModel):
        return record.model_dump(mode="json")
    if isinstance(record, set | frozenset):
        return sorted(record)
    raise TypeError(type(record))


def _places(request: Request) -> list[Way]:
    """Where one can go from each page; a service of graphs alone has one place."""
    keeps = request.app.state.engine.settings.serves == "projects"
    return [Way(text, path) for path, text in _PLACES if keeps or path == "/sparql"]


def _crumbs(request: Request) -> list[Way]:
    """The steps from the first page to this one, of which those that can be read have addresses."""
    steps = [step for step in request.scope["path"].split("/") if step]
    found = []
    for number, step in enumerate(steps, 1):
        path = "/" + "/".join(quote(one, safe="") for one in steps[:number])
        readable = number < len(steps) and _is_read(request, unquote(path))
        found.append(Way(step, path if readable else ""))
    return found


def _is_read(request: Request, path: str) -> bool:
    """Whether there is a resource; of what takes a path for a name nobody knows which there are."""
    scope = {**request.scope, "path": path, "method": "GET"}
    return any(
        route.matches(scope)[0] is Match.FULL
        for route in request.app.routes
        if not str(getattr(route, "path", "")).endswith(":path}")
    )


def _address(request: Request) -> str:
    """The address of this page, to which a format can be added."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "format"]
    words = "".join(f"{quote(key)}={quote(value, safe='')}&" for key, value in kept)
    return f"{quote(request.scope['path'])}?{words}"


@cache
def _templates() -> Environment:
    return environment(TEMPLATES, capital=capital, day=_day, named=_named, titled=_titled)


def _named(name: str) -> str:
    """A member's name as a heading.

    >>> _named("made_by"), _named("trainingData"), _named("SPARQL")
    ('Made by', 'Training data', 'SPARQL')
    """
    words = _JOINT.sub(lambda found: f" {found[0].lower()}", name)
    return capital(words.replace("_", " ").replace("-", " "))


def _titled(name: str) -> str:
    """A format as people call it."""
    return _TITLES.get(name, name.upper())


def _day(moment: str) -> str:
    """A moment in UTC as people write it.

    >>> _day("2026-11-30T15:10:23.466+00:00")
    '2026-11-30 15:10 UTC'
    """
    return f"{moment[:10]} {moment[11:16]} UTC"
