"""CSV for spreadsheets: questions of projects, mismatches of an attribute set, or else gaps."""

from collections.abc import Iterator

from kg.gaps import Analysis
from kg.gaps.waiting import Missing
from kg.reports import Telling
from kg.reports.csv import written

TITLE = "CSV"
SUFFIX = ".csv"

_APART = "; "


def render(analysis: Analysis, telling: Telling) -> str:
    """A header row and the rows below it, of which no cell is run as a formula."""
    if analysis.projects:
        return written(_questions(analysis))
    return written(_sets(analysis) if analysis.sets else _gaps(analysis))


def _questions(analysis: Analysis) -> Iterator[tuple[str, ...]]:
    yield (
        *("project", "place", "roles", "element", "attribute", "parts", "question", "decided"),
        *("alone", "weight", "predicates", "mismatches"),
    )
    for project in analysis.projects:
        for place, one in enumerate(project.questions, 1):
            ask = one.ask
            yield (
                *(project.id, str(place), _APART.join(one.roles)),
                (ask.element or ask.kind) if isinstance(ask, Missing) else "",
                one.attribute,
                _APART.join("/".join(name for _, name in way) for way in one.parts),
                *(one.text, str(one.decided), str(one.alone), str(one.weight)),
                *(_APART.join(one.waiting), _APART.join(one.mismatches)),
            )


def _sets(analysis: Analysis) -> Iterator[tuple[str, ...]]:
    yield ("set", "mismatch", "interviews", "predicates", "able")
    for one in analysis.sets:
        for reach in one.coverage.reaches:
            yield (
                *(one.of.name, reach.mismatch.code, str(reach.mismatch.interviews or 0)),
                *(str(len(reach.predicates)), _APART.join(reach.able)),
            )


def _gaps(analysis: Analysis) -> Iterator[tuple[str, ...]]:
    yield ("kind", "term", "reader", "excuse")
    for gap in analysis.mapping.gaps:
        yield gap.kind, gap.term, gap.reader, gap.excuse
