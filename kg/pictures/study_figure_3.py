"""The paper's Figure 3: how the codes of each category fall into kinds of mismatch."""

from itertools import groupby

from kg.pictures import Shown
from kg.pictures._canvas import Shape, Text, svg, widest
from kg.pictures._shares import EDGE, ROW, SIZE, WIDE, bar, key

TITLE = "the paper's Figure 3: shares of mismatches within their categories"


def draw(shown: Shown) -> str:
    """A group of bars for each category, the largest first."""
    shares = shown.study.subcategories
    left = EDGE + widest((share.label for share in shares), SIZE) + 6
    most = max(share.percent for share in shares)
    shapes: list[Shape] = []
    y = EDGE
    for category, members in groupby(shares, key=lambda share: share.group):
        group = list(members)
        shapes.append(
            Text(EDGE, y + ROW - 3.2, f"{category}: {group[0].of} codes", SIZE, bold=True)
        )
        y += ROW + 1
        for share in group:
            shapes.append(Text(left - 5, y + ROW - 3.2, share.label, SIZE, anchor="end"))
            shapes += bar(share, left, y, most)
            y += ROW
        y += 5
    differing = sum(not share.agrees for share in shares)
    shapes += key(EDGE, y + 10, "share of the codes of the category", differing=differing > 0)
    description = (
        f"{len(shares)} shares, of which the paper prints {differing} otherwise than the data give "
        "them."
    )
    size = (left + WIDE + 150, y + 30)
    return svg("figure-3", "Mismatches within each category", description, size, shapes)
