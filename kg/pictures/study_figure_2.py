"""The paper's Figure 2: how the codes of the examples fall into categories."""

from kg.pictures import Shown
from kg.pictures._canvas import Shape, Text, svg, widest
from kg.pictures._shares import EDGE, ROW, SIZE, WIDE, bar, key

TITLE = "the paper's Figure 2: shares of categories"


def draw(shown: Shown) -> str:
    """A bar for each category, the largest first."""
    shares = shown.study.categories
    left = EDGE + widest((share.label for share in shares), SIZE) + 6
    most = max(share.percent for share in shares)
    shapes: list[Shape] = []
    y = EDGE
    for share in shares:
        shapes.append(Text(left - 5, y + ROW - 3.2, share.label, SIZE, anchor="end"))
        shapes += bar(share, left, y, most)
        y += ROW + 3
    differing = not all(share.agrees for share in shares)
    what = f"share of the {shown.study.totals['codes']} codes"
    shapes += key(EDGE, y + 10, what, differing=differing)
    description = "; ".join(
        f"{one.label}: {one.percent:.1f} percent, in the paper {one.printed}" for one in shares
    )
    size = (left + WIDE + 98, y + 30)
    return svg("figure-2", "Mismatches by category", description, size, shapes)
