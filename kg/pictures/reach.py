"""The reach: which mismatches predicates could detect from what each format can state alone."""

from collections.abc import Iterator, Sequence

from kg.gaps.coverage import Reach
from kg.gaps.needs import needs_of
from kg.gaps.relations import relations
from kg.gaps.sets import SetGaps, attribute_sets, set_gaps
from kg.matrix import Row
from kg.pictures import Shown
from kg.pictures._canvas import LINE, Box, Shape, Text, graded, on, paragraph, svg, widest

TITLE = "what could be detected from what each format can state"

_MOST = 12
"""So many formats are drawn, those that reach the most."""
_STEPS = (0.001, 0.25, 0.5, 0.75, 1)
_SIZE, _SMALL = 9.0, 8.0
_ROW, _CELL, _GAP, _EDGE = 12.0, 16.0, 5.0, 4.0
_NOTE = (
    "Predicates that the attributes of the format are enough for; darker is the larger part of "
    "those that compare something, of which the last column tells the number. In red italics: what "
    "none of these formats is enough for."
)


def draw(shown: Shown) -> str:
    """A heat map of mismatches by formats, the furthest reaching first."""
    sets = _furthest(shown)
    rows = shown.matrix.rows
    left = _EDGE + widest((row.mismatch.code for row in rows), _SIZE) + 6
    top = _EDGE + widest([*(one.of.name for one in sets), "predicates"], _SIZE) + 6
    width = left + _CELL * (len(sets) + 1) + 6 + _EDGE
    shapes = list(_heads(sets, left, top))
    reaches = [{one.mismatch.code: one for one in found.coverage.reaches} for found in sets]
    y = top
    for group in shown.matrix.groups():
        for row in group:
            shapes += _row(row, [found[row.mismatch.code] for found in reaches], left, y)
            y += _ROW
        y += _GAP
    y += 8
    told = paragraph(_NOTE, (_EDGE, y), _SMALL, width - 2 * _EDGE)
    shapes += told
    y += LINE * len(told)
    description = (
        f"For each of {len(rows)} mismatches and {len(sets)} formats, how many predicates could "
        "find the mismatch in what the format states: "
        + ", ".join(f"{one.of.name} reaches {len(one.coverage.detectable)}" for one in sets)
    )
    return svg("reach", "What formats are enough to detect", description, (width, y), shapes)


def _furthest(shown: Shown) -> Sequence[SetGaps]:
    known = relations(shown.vocabulary, shown.catalogue)
    needs = needs_of(shown.vocabulary, (p for p in known.predicates if known.compares(p.id)))
    sets = attribute_sets(shown.vocabulary, shown.knowledge).values()
    found = [set_gaps(known, needs, one) for one in sets]
    return sorted(found, key=lambda one: (-len(one.coverage.detectable), one.of.name))[:_MOST]


def _heads(sets: Sequence[SetGaps], left: float, top: float) -> Iterator[Shape]:
    for number, one in enumerate(sets):
        x = left + (number + 0.5) * _CELL + 3
        name = one.of.name.replace("_", " ")
        yield Text(x, top - 5, name, _SIZE, turn=-90, title=one.of.title)
    x = left + (len(sets) + 0.5) * _CELL + 6 + 3
    yield Text(x, top - 5, "Predicates", _SIZE, tone="quiet", turn=-90)


def _row(row: Row, reaches: Sequence[Reach], left: float, y: float) -> Iterator[Shape]:
    base = y + _ROW - 3.2
    one = row.mismatch
    tone = "ink" if any(reach.able for reach in reaches) else "mark"
    yield Text(left - 6, base, one.code, _SIZE, anchor="end", tone=tone, title=one.label)
    for number, reach in enumerate(reaches):
        x, shade = left + number * _CELL, graded(reach.share, _STEPS)
        told = f"{one.code}: {len(reach.able)} of {len(reach.predicates)}"
        yield Box(x + 0.5, y + 0.5, _CELL - 1, _ROW - 1, shade, title=told)
        if reach.able:
            count = str(len(reach.able))
            yield Text(x + _CELL / 2, base, count, _SMALL, anchor="middle", tone=on(shade))
    if reaches:
        x = left + (len(reaches) + 0.75) * _CELL + 6
        count = str(len(reaches[0].predicates))
        yield Text(x, base, count, _SMALL, anchor="end", tone="quiet")
