"""The page of a question: a form of its parameters, and below it what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from kg.errors import KgError
from kg.saved import Parameter
from kg.service.asking import Askable
from kg.service.engine import engine_of
from kg.service.pages import Way, rendered
from kg.service.pages.tables import short, table
from kg.service.wire.problems import status_of

SHOWN = 1000
"""How many rows stand on a page."""

_VARY = {"Vary": "Accept", "Cache-Control": "no-cache"}
_INPUTS = {"integer": "number", "double": "number", "date": "date", "dateTime": "text"}


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter in the form, with what it was told."""

    parameter: Parameter
    kind: str
    value: str

    @property
    def values(self) -> tuple[str, ...]:
        """What may be chosen; whoever may leave it out may choose nothing."""
        known = self.parameter.values or (
            ("true", "false") if self.parameter.type == "boolean" else ()
        )
        return (
            known
            if self.parameter.required or not known or self.parameter.default
            else ("", *known)
        )


def written(  # noqa: PLR0913 - each is what stands on the page
    request: Request,
    one: Askable,
    told: Mapping[str, str],
    *,
    body: bytes = b"",
    cut: str = "",
    error: KgError | None = None,
) -> Response:
    """The page, with the answer in the body if there is one, or with what was wrong."""
    found = orjson.loads(body) if body else None
    base = engine_of(request).settings.base
    path = f"/questions/{quote(one.question.id)}"
    words = f"{urlencode(told)}&" if told else ""
    html = rendered(
        request,
        "question.html.jinja",
        title=one.question.summary,
        one=one,
        inputs=[_input(parameter, told) for parameter in one.question.parameters],
        table=None if found is None else table(found, partial(short, base=base)),
        cut=cut,
        error=error,
        formats=[
            Way(text, f"{path}?{words}format={name}")
            for name, text in (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML"))
        ],
        query=f"{path}/query",
    )
    status = HTTPStatus.OK if error is None else status_of(error)
    return HTMLResponse(html, int(status), _VARY)


def _input(parameter: Parameter, told: Mapping[str, str]) -> Input:
    kind = _INPUTS.get(parameter.type, "text")
    value = told.get(parameter.name, parameter.default or "")
    return Input(parameter, kind, value)
