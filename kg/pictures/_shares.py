"""What the study's pictures share: bars of shares, each beside what the paper prints."""

from collections.abc import Iterator

from kg.pictures._canvas import Box, Shape, Text, rule, wide
from kg.study import Share

SIZE, SMALL, ROW, EDGE = 9.0, 8.0, 12.0, 4.0
WIDE = 130.0
"""How long the bar of the largest share is."""


def bar(share: Share, x: float, y: float, most: float) -> Iterator[Shape]:
    """The bar of one share with its number, and a stroke where the paper has it."""
    long = WIDE * share.percent / most
    told = f"{share.count} of {share.of}"
    yield Box(x, y + 2, long, ROW - 4, "shade-3", title=f"{share.label}: {told}")
    place = x + long + 4
    if share.printed is not None:
        at = x + WIDE * share.printed / most
        yield rule((at, y + 0.5), (at, y + ROW - 0.5), "ink", 1.2)
        place = max(place, at + 4)
    words = f"{share.percent:.1f} % ({told})"
    yield Text(place, y + ROW - 3.2, words, SMALL)
    if not share.agrees:
        place += wide(words, SMALL)
        yield Text(place, y + ROW - 3.2, f"paper {share.printed} %", SMALL, tone="mark")


def key(x: float, y: float, what: str, *, differing: bool = False) -> Iterator[Shape]:
    """What bars and strokes are."""
    yield Box(x, y - 6, 12, 7, "shade-3")
    yield Text(x + 16, y, what, SMALL)
    yield rule((x + 6, y + 5), (x + 6, y + 14), "ink", 1.2)
    note = "; in red italics where it differs" if differing else ""
    yield Text(x + 16, y + 12, f"as the paper prints it, rounded{note}", SMALL)
