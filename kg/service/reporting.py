"""What a request wants of findings, and findings as a reporter tells them."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from kg.findings import Report, Severity, Verdict
from kg.history.listing import Listed, Page
from kg.history.marks import mark
from kg.history.wanted import Order, Wanted, marked
from kg.priority import priorities, ranking
from kg.reports import Telling, names, reporter
from kg.service.engine import Kept
from kg.service.negotiation import Form
from kg.service.pages import form_of, sent, with_ways
from kg.service.problems import RequestRefused

MOST = 1000
"""So many of a list are told at once, at most."""

FIRST = "json"
"""The format of who asks for none."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str | None, Query(description="The `after` of the address in `next`.")]
Kind = Literal["comparison", "completeness", "statistical", "lineage", "cross-project", "runtime"]
Format = Annotated[
    str | None,
    Query(
        description="In which format; without it as `Accept` says.",
        json_schema_extra={"enum": [*names()]},
    ),
]

_OPEN = (Verdict.MISMATCH, Verdict.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of findings: which, the reader's role, and which page."""

    wanted: Wanted
    role: str | None
    page: Page


def asked(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    predicate: Annotated[list[str], Query(description="Of any of these predicates.")] = [],  # noqa: B006 - FastAPI copies it
    mismatch: Annotated[list[str], Query(description="With any of these codes.")] = [],  # noqa: B006 - see above
    severity: Annotated[list[Severity], Query(description="Of any of these.")] = [],  # noqa: B006 - see above
    verdict: Annotated[
        list[Literal["mismatch", "undecided", "clear", "all"]],
        Query(description="Of any of these; without it mismatch and undecided."),
    ] = [],  # noqa: B006 - see above
    role: Annotated[
        list[str], Query(description="That ask any of these roles; ranked for the first.")
    ] = [],  # noqa: B006 - see above
    kind: Annotated[list[Kind], Query(description="Of any of these kinds.")] = [],  # noqa: B006 - see above
    waived: Annotated[bool | None, Query(description="Only those waived, or only others.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Asked:
    """What is asked, as an address says it; raises NotFound where `after` says nothing."""
    everything = "all" in verdict
    verdicts = (
        tuple(Verdict) if everything else tuple(Verdict(one) for one in verdict if one != "all")
    )
    return Asked(
        Wanted(
            predicates=tuple(predicate),
            mismatches=tuple(mismatch),
            severities=tuple(severity),
            verdicts=verdicts or _OPEN,
            roles=tuple(role),
            kinds=tuple(kind),
            waived=waived,
        ),
        role[0] if role else None,
        Page(limit, marked(after) if after else None),
    )


def checked(one: Asked, kept: Kept) -> Asked:
    """The same, if all its names are known; a misspelled one would find nothing, as if there were
    nothing. Raises RequestRefused.
    """
    for what, wanted, known in (
        ("predicate", one.wanted.predicates, kept.catalogue.predicates),
        ("mismatch", one.wanted.mismatches, kept.catalogue.mismatches),
        ("role", one.wanted.roles, kept.vocabulary.lists["Role"]),
    ):
        for name in wanted:
            if name not in known:
                near = get_close_matches(name, known, 3, 0.5) or list(known)[:10]
                raise RequestRefused(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    f"There is no {what} {name[:80]}",
                    f"Use one such as {', '.join(near)}",
                )
    return one


def order(one: Asked, kept: Kept) -> Order:
    """How findings follow each other for who asks."""
    return Order(priorities(kept.catalogue.mismatches.values(), one.role))


def told(request: Request, listed: Listed, one: Asked, rank: Order) -> Response:
    """The findings as the client wants them told; raises RequestRefused."""
    form = form_of(request, forms())
    onward = next_address(request, mark(listed.last)) if listed.last else None
    report = Report(listed.projects, ranking(rank.known.values(), one.role), onward)
    telling = Telling(Verdict.CLEAR in one.wanted.verdicts, one.role, address="/")
    text = reporter(form.name).render(report, telling)
    if form.name == "html":
        text = with_ways(request, text)
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
