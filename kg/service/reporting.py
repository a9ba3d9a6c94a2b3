"""Findings as a reporter tells them, in the format that the client wants."""

from functools import cache
from typing import Any, get_args
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import Response

from kg.findings import Report, Severity, Verdict
from kg.history.listing import Listed
from kg.history.marks import mark
from kg.history.wanted import Order
from kg.priority import priorities, ranking
from kg.reports import Telling, names, reporter
from kg.service.asked import Asked, Kind
from kg.service.engine import Kept
from kg.service.pages import form_of, rendered, sent, with_ways
from kg.service.wire.negotiation import Form

FIRST = "json"
"""The format of who asks for none."""


def order(one: Asked, kept: Kept) -> Order:
    """How findings follow each other for who asks."""
    return Order(priorities(kept.catalogue.mismatches.values(), one.role))


def told(request: Request, listed: Listed, one: Asked, rank: Order, kept: Kept) -> Response:
    """The findings as the client wants them told; raises RequestRefused."""
    form = form_of(request, forms())
    onward = next_address(request, mark(listed.last)) if listed.last else None
    report = Report(listed.projects, ranking(rank.known.values(), one.role), onward)
    telling = Telling(Verdict.CLEAR in one.wanted.verdicts, one.role, address="/")
    text = reporter(form.name).render(report, telling)
    if form.name == "html":
        text = _with_filters(request, with_ways(request, text), kept)
    return sent(request, text.encode(errors="replace"), form, headers=link(onward))


def next_address(request: Request, after: str) -> str:
    """The address of the page that follows this one."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "after"]
    return f"{quote(request.scope['path'])}?{urlencode([*kept, ('after', after)])}"


def link(onward: str | None) -> dict[str, str]:
    """The header that leads to the page that follows, if there is one."""
    return {"Link": f'<{onward}>; rel="next"'} if onward else {}


@cache
def forms() -> tuple[Form, ...]:
    """The formats of reports, the one for programs first."""
    found = sorted(names(), key=lambda name: name != FIRST)
    others = {"html": ("application/xhtml+xml",), "junit": ("text/xml",)}
    return tuple(Form(one, reporter(one).MEDIA_TYPE, others.get(one, ())) for one in found)


_TEXT = {"schema": {"type": "string"}}
_JSON = {
    "schema": {
        "title": "Report",
        "type": "object",
        "properties": {
            "schema": {"type": "string"},
            "projects": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"], "description": "Where the findings go on"},
        },
        "required": ["schema", "projects"],
    }
}
REPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A report of findings, in the format that is asked for.",
        "content": {form.names[0]: _JSON if form.name == FIRST else _TEXT for form in forms()},
    }
}
"""How the description of the API tells of such an answer."""


def _with_filters(request: Request, page: str, kept: Kept) -> str:
    """The page of a report with a form to narrow it, and the ways to its other formats."""
    choices = {
        "verdict": ["all", *map(str, Verdict)],
        "severity": [*map(str, Severity)],
        "role": list(kept.vocabulary.lists["Role"]),
        "kind": list(get_args(Kind)),
        "mismatch": list(kept.catalogue.mismatches),
        "predicate": list(kept.catalogue.predicates),
        "waived": ["true", "false"],
    }
    whole = request.url.path.removesuffix("/findings")
    chosen = {name: request.query_params.getlist(name) for name in choices}
    form = rendered(
        request,
        "filters.html.jinja",
        choices=choices,
        chosen=chosen,
        worse="" if "number" in request.path_params else f"{whole}/worse",
        formats=[one.name for one in forms() if one.name != "html"],
    )
    style = rendered(request, "filters.css")
    page = page.replace("</style>", f"{style}</style>", 1)
    return page.replace('<main id="main"', f'{form}<main id="main"', 1)
