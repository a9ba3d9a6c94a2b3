"""The paper's Table II: to how many of each role each mismatch is important."""

from kg.findings import ALL
from kg.pictures import Shown
from kg.pictures._canvas import LINE, Box, Shape, Text, graded, on, paragraph, svg, widest
from kg.pictures._shares import EDGE, ROW, SIZE, SMALL
from kg.study import Share
from kg.visible import capital

TITLE = "the paper's Table II: importance by role"

_STEPS = (0, 60, 70, 80, 90)
_CELL = 34.0


def draw(shown: Shown) -> str:
    """A cell for each mismatch and role, with its share in percent."""
    roles, shares = shown.study.by_role()
    left = EDGE + widest(shares, SIZE) + 6
    heads = [_head(role, shown) for role in roles]
    top = EDGE + widest((f"{head} (00)" for head in heads), SIZE) + 6
    shapes: list[Shape] = []
    for number, head in enumerate(heads):
        asked = max(cells[number].of for cells in shares.values())
        shapes.append(
            Text(left + (number + 0.5) * _CELL + 3, top - 5, f"{head} ({asked})", SIZE, turn=-90)
        )
    y = top
    for group in shown.matrix.groups():
        for row in (one for one in group if one.mismatch.code in shares):
            code = row.mismatch.code
            shapes.append(Text(left - 6, y + ROW - 3.2, code, SIZE, anchor="end"))
            for number, share in enumerate(shares[code]):
                shapes += _cell(share, left + number * _CELL, y)
            y += ROW
        y += 5
    width = left + _CELL * len(roles) + EDGE
    y += 8
    differing = sum(not one.agrees for cells in shares.values() for one in cells)
    paper = f"differs in {differing}, in red italics" if differing else "has the same"
    note = (
        "Percent of respondents to whom it is important or very important; darker is more. "
        f"The paper's table {paper}."
    )
    told = paragraph(note, (EDGE, y), SMALL, width - 2 * EDGE)
    shapes += told
    y += LINE * len(told)
    description = f"Shares of respondents for {len(shares)} mismatches and {len(roles)} groups."
    return svg("table-2", "Importance by role", description, (width, y), shapes)


def _cell(share: Share, x: float, y: float) -> list[Shape]:
    shade = graded(share.percent, _STEPS)
    told = f"{share.count} of {share.of}; the paper prints {share.printed} %"
    tone = on(shade) if share.agrees else "mark"
    return [
        Box(x + 0.5, y + 0.5, _CELL - 1, ROW - 1, shade, title=told),
        Text(
            x + _CELL / 2, y + ROW - 3.2, f"{share.percent:.0f}", SMALL, anchor="middle", tone=tone
        ),
    ]


def _head(name: str, shown: Shown) -> str:
    label = "all" if name == ALL else shown.vocabulary.lists["Role"][name].label
    return capital(label)
