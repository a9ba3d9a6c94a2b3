"""The paper's Figure 5: how the respondents of the survey rated each mismatch."""

from collections.abc import Iterator

from kg.pictures import Shown
from kg.pictures._canvas import Box, Shape, Text, on, svg, wide, widest
from kg.pictures._shares import EDGE, ROW, SIZE, SMALL
from kg.study import LEVELS, Answers

TITLE = "the paper's Figure 5: how important respondents rated each mismatch"

_SHADES = ("shade-1", "shade-2", "shade-4", "shade-5")
_WIDE = 155.0


def draw(shown: Shown) -> str:
    """A bar of four levels for each mismatch, the most important first."""
    answers = shown.study.answers
    left = EDGE + widest((one.share.code for one in answers), SIZE) + 6
    top = EDGE + 12
    shapes: list[Shape] = [
        Text(left + _WIDE + 35, top - 4, "data", SMALL, anchor="end", tone="quiet"),
        Text(left + _WIDE + 66, top - 4, "paper", SMALL, anchor="end", tone="quiet"),
    ]
    y = top
    for one in answers:
        shapes += _bar(one, left, y)
        y += ROW
    shapes += _key(EDGE, y + 14)
    description = (
        f"For each of {len(answers)} mismatches, how many of {answers[0].share.of} respondents "
        f"answered {', '.join(LEVELS)}; and the share of the last two, as the data and the paper "
        "give it."
    )
    size = (left + _WIDE + 66 + EDGE, y + 38)
    return svg("figure-5", "Importance of sharing information", description, size, shapes)


def _bar(one: Answers, x: float, y: float) -> Iterator[Shape]:
    share, base = one.share, y + ROW - 3.2
    yield Text(x - 5, base, share.code, SIZE, anchor="end", title=share.label)
    place = x
    for level, shade, count in zip(LEVELS, _SHADES, one.levels, strict=True):
        long = _WIDE * count / share.of
        if count:
            title = f"{share.label}: {count} of {share.of} answered {level}"
            yield Box(place, y + 1, long - 0.5, ROW - 2, shade, title=title)
        if long > wide(str(count), SMALL):
            yield Text(place + long / 2, base, str(count), SMALL, anchor="middle", tone=on(shade))
        place += long
    yield Text(x + _WIDE + 35, base, f"{share.percent:.1f} %", SMALL, anchor="end")
    if share.printed is not None:
        tone = "ink" if share.agrees else "mark"
        yield Text(x + _WIDE + 66, base, f"{share.printed} %", SMALL, anchor="end", tone=tone)


def _key(x: float, y: float) -> Iterator[Shape]:
    place = x
    for level, shade in zip(LEVELS, _SHADES, strict=True):
        yield Box(place, y - 6, 9, 7, shade)
        yield Text(place + 12, y, level, SMALL)
        place += 12 + wide(level, SMALL) + 6
    told = "data, paper: important and very important together; the paper prints them in Table II"
    yield Text(x, y + 14, told, SMALL)
