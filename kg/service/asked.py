"""What an address asks of findings, and of the pages of any list."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BeforeValidator

from kg.findings import Severity, Verdict
from kg.history.listing import Page
from kg.history.wanted import Wanted, marked
from kg.reports import names
from kg.service.engine import Kept
from kg.service.wire.problems import RequestRefused

MOST = 1000
"""So many of a list are told at once, at most."""

LARGEST = (1 << 31) - 1
"""No revision or comment has a larger number."""

_OPEN = (Verdict.MISMATCH, Verdict.UNDECIDED)
_NEAR = 0.5
_SOME = 10


def _given(value: object) -> object:
    """What a form sends, without what was left empty in it."""
    if isinstance(value, list):
        return [one for one in value if one != ""]
    return None if value == "" else value


def _several(description: str) -> Any:  # noqa: ANN401 - FastAPI does not say either
    return Query(default_factory=list, description=description)


GIVEN = BeforeValidator(_given)
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[
    str | None, GIVEN, Query(description="After which, as the address in `next` says.")
]
Number = Annotated[int, Path(ge=0, le=LARGEST, description="The number of a revision.")]
Kind = Literal["comparison", "completeness", "statistical", "lineage", "cross-project", "runtime"]
Format = Annotated[
    str | None,
    Query(
        description="In which format; without it as `Accept` says.",
        json_schema_extra={"enum": [*names()]},
    ),
]
Projects = Annotated[list[str], GIVEN, _several("In any of these projects.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of findings: which, the reader's role, and which page."""

    wanted: Wanted
    role: str | None
    page: Page


def asked(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    predicate: Annotated[list[str], GIVEN, _several("Of any of these predicates.")],
    mismatch: Annotated[list[str], GIVEN, _several("With any of these codes, or of a category.")],
    severity: Annotated[list[Severity], GIVEN, _several("Of any of these.")],
    verdict: Annotated[
        list[Literal["mismatch", "undecided", "clear", "all"]],
        GIVEN,
        _several("Of any of these; without it mismatch and undecided."),
    ],
    role: Annotated[
        list[str], GIVEN, _several("That ask any of these roles; ranked for the first.")
    ],
    kind: Annotated[list[Kind], GIVEN, _several("Of any of these kinds.")],
    waived: Annotated[
        bool | None, GIVEN, Query(description="Only those waived, or only others.")
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Asked:
    """What is asked, as an address says it; raises NotFound where `after` says nothing."""
    everything = "all" in verdict
    verdicts = tuple(one for one in Verdict if everything or one in verdict)
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
    nothing. A category stands for its mismatches, and a role goes by any of its names. Raises
    RequestRefused.
    """
    mismatches, roles = kept.catalogue.mismatches, kept.vocabulary.lists["Role"]
    wanted = replace(
        one.wanted,
        predicates=_known("predicate", one.wanted.predicates, kept.catalogue.predicates),
        mismatches=_known(
            "mismatch",
            chain.from_iterable(_of_category(name, mismatches) for name in one.wanted.mismatches),
            mismatches,
        ),
        roles=_known("role", (_role(name, kept) for name in one.wanted.roles), roles),
    )
    return replace(one, wanted=wanted, role=wanted.roles[0] if wanted.roles else None)


def _of_category(name: str, mismatches: Iterable[str]) -> list[str]:
    return [code for code in mismatches if code.startswith(f"{name}.")] or [name]


def _role(name: str, kept: Kept) -> str:
    found = kept.vocabulary.value("Role", name)
    return found.name if found else name


def _known(what: str, wanted: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    there, found = list(known), tuple(wanted)
    for name in found:
        if name not in there:
            near = get_close_matches(name, there, 3, _NEAR) or there[:_SOME]
            raise RequestRefused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"There is no {what} {name[:80]}",
                f"Use one such as {', '.join(near)}",
            )
    return found
