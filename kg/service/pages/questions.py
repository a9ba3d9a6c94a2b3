"""The page of a question: a form of its parameters, and below it what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, unquote, urlencode

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from kg.errors import KgError
from kg.namespaces import iri, local
from kg.prefixes import curie
from kg.saved import Parameter
from kg.service.asking import Askable
from kg.service.engine import engine_of
from kg.service.pages import Way, rendered
from kg.service.problems import status_of

SHOWN = 1000
"""How many rows stand on a page."""

_ABOUT = "/questions/what-is-stated-about-this"
_VARY = {"Vary": "Accept", "Cache-Control": "no-cache"}
_INPUTS = {"integer": "number", "double": "number", "date": "date", "dateTime": "text"}


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter in the form, with what it was told."""

    parameter: Parameter
    kind: str
    value: str
    needed: bool

    @property
    def values(self) -> tuple[str, ...]:
        """What may be chosen; whoever may leave it out may choose nothing."""
        known = self.parameter.values or (
            ("true", "false") if self.parameter.type == "boolean" else ()
        )
        return known if self.needed or not known or self.parameter.default else ("", *known)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown, with an address where it leads somewhere."""

    text: str
    address: str = ""
    number: bool = False


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
    rows = [] if found is None else found["results"]["bindings"]
    names = [] if found is None else found["head"]["vars"]
    path = f"/questions/{quote(one.question.id)}"
    words = f"{urlencode(told)}&" if told else ""
    html = rendered(
        request,
        "question.html.jinja",
        title=one.question.summary,
        one=one,
        inputs=[_input(parameter, told) for parameter in one.question.parameters],
        answered=found is not None,
        names=names,
        rows=[[_cell(row.get(name), base) for name in names] for row in rows],
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
    needed = not parameter.optional and parameter.default is None
    return Input(parameter, kind, value, needed)


def _cell(term: Mapping[str, str] | None, base: str) -> Cell:
    """A term in short: names of ours without their namespace, those of projects without its base.

    >>> _cell({"type": "uri", "value": iri("mm:TrainedModel")}, "http://a.org/")
    Cell(text='TrainedModel', address='/vocabulary/TrainedModel', number=False)
    """
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        if local(value) != value:
            return Cell(local(value), f"/vocabulary/{quote(local(value), safe='')}")
        if value.startswith(f"{base}projects/"):
            name = value.removeprefix(f"{base}projects/")
            return Cell(unquote(name), f"{_ABOUT}?{urlencode({'thing': value})}")
        short = curie(value, {})
        text = value if short.startswith("<") else short
        return Cell(text, value if value.startswith(("http://", "https://")) else "")
    if term["type"] == "triple":
        return Cell("<<( … )>>")
    datatype = term.get("datatype", "")
    number = datatype in {iri(f"xsd:{name}") for name in ("integer", "double", "decimal")}
    return Cell(_amount(value) if number else value, number=number)


def _amount(text: str) -> str:
    """A number as people write it.

    >>> _amount("8.5E0"), _amount("1.6E10"), _amount("12")
    ('8.5', '16000000000', '12')
    """
    try:
        return f"{float(text):.10g}" if "E" in text.upper() else text
    except ValueError:
        return text
