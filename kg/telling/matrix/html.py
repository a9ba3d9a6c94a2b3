"""The matrix as a page to sort and filter, without a script: choices are buttons that CSS obeys."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from kg.catalogue import KINDS
from kg.matrix import Row, written
from kg.matrix.narrowing import MEASURES, Order
from kg.pages import renderer
from kg.pictures import Shown
from kg.pictures._canvas import graded
from kg.pictures.matrix import STEPS
from kg.reports import Telling
from kg.visible import capital

TITLE = "HTML"
SUFFIX = ".html"

_ORDERS = {
    Order.STUDY: "as the study has them",
    Order.TOLD: "most often told of",
    Order.IMPORTANT: "most important",
    Order.PREDICATES: "most predicates",
    Order.ATTRIBUTES: "most attributes read",
}


def render(shown: Shown, _telling: Telling) -> str:
    """The table of numbers, and below it each mismatch with its predicates in full."""
    matrix = shown.matrix
    categories = {row.category: row.mismatch.category for row in matrix.rows}
    found = {kind for row in matrix.rows for kind in row.kinds()}
    return _render()(
        matrix=matrix,
        categories=list(categories.items()),
        kinds=[kind for kind in KINDS if kind in found],
        orders=list(_ORDERS.items()),
        spelled=lambda attribute: written(attribute, shown.vocabulary),
        places=_places(matrix.rows),
        total=len(matrix.rows),
    )


def _places(rows: tuple[Row, ...]) -> dict[str, dict[str, int]]:
    """Where each mismatch stands in each order, for CSS to obey."""
    found: dict[str, dict[str, int]] = {row.mismatch.code: {} for row in rows}
    for order, measure in MEASURES.items():
        for place, row in enumerate(sorted(rows, key=measure, reverse=True)):
            found[row.mismatch.code][order.value] = place
    return found


def _shade(count: int) -> str:
    return graded(count, STEPS)


@cache
def _render() -> Callable[..., str]:
    template = Path(__file__).parent / "templates" / "matrix.html.jinja"
    return renderer(template, capital=capital, shade=_shade)
