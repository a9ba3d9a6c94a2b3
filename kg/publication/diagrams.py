"""Places for two pictures: elements with their links, and the parts of one element.

Only numbers are worked out here; the template draws them.
"""

from dataclasses import dataclass

from kg.namespaces import snake
from kg.publication.references import PARTS, page_of
from kg.vocabulary import Element, Vocabulary

_WIDE, _HIGH, _ROW, _APART = 184, 40, 62, 140
_LETTER = 7.2
_LINE, _STEP, _INDENT, _MARGIN = 24, 30, 32, 10
# A part's parts are shown, and no further: theirs stand with the part.
_DEEPEST = 1


@dataclass(frozen=True, slots=True)
class Box:
    """A term in a picture, where its page is, and where it stands."""

    label: str
    address: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A curve from one box to another through some points, with its label at a place."""

    label: str
    address: str
    points: tuple[tuple[float, float], ...]
    at: tuple[float, float]
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines, with what the picture shows in words."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def overview(vocabulary: Vocabulary) -> Picture:
    """The concrete elements in columns, each right of what leads to it."""
    names = [element.name for element in vocabulary.concrete()]
    links = [
        link for link in vocabulary.links.values() if link.domain in names and link.range in names
    ]
    ranks = _ranks(names, [(link.domain, link.range) for link in links])
    # A link that passes a column takes a row of it, so that it crosses no box.
    columns: dict[int, list[str]] = {rank: [] for rank in range(max(ranks.values(), default=0) + 1)}
    for name in names:
        columns[ranks[name]].append(name)
    for link in links:
        for rank in range(ranks[link.domain] + 1, ranks[link.range]):
            columns[rank].append(f"{link.name}@{rank}")
    rows = max(map(len, columns.values()), default=0)
    places = {
        name: (rank * (_WIDE + _APART), (number + (rows - len(column)) / 2) * _ROW + _ROW / 2)
        for rank, column in columns.items()
        for number, name in enumerate(column)
    }
    boxes = tuple(
        Box(vocabulary.elements[name].label, page_of(name), left, middle - _HIGH / 2, _WIDE, _HIGH)
        for name, (left, middle) in places.items()
        if name in ranks
    )
    lines = []
    for link in links:
        passed = [
            places[f"{link.name}@{rank}"]
            for rank in range(ranks[link.domain] + 1, ranks[link.range])
        ]
        (left, start), (right, end) = places[link.domain], places[link.range]
        points = [(left + _WIDE, start)]
        for through, middle in passed:
            points += [(through, middle), (through + _WIDE, middle)]
        points.append((right, end))
        last = points[-2:] if not passed else points[:2]
        at = (last[1][0] - 8, last[1][1] - 6)
        lines.append(
            Line(link.label, f"{page_of(link.domain)}#{link.name}", tuple(points), at, "end")
        )
    width = len(columns) * (_WIDE + _APART) - _APART
    return Picture("Elements and how they are linked", width, rows * _ROW, boxes, tuple(lines))


def _ranks(names: list[str], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """The column of each element: one further than the furthest that leads to it."""
    ranks = dict.fromkeys(names, 0)
    for _ in names:
        for first, second in pairs:
            if first != second:
                ranks[second] = max(ranks[second], min(ranks[first] + 1, len(names) - 1))
    return ranks


@dataclass(frozen=True, slots=True)
class _Row:
    """A part in the tree of an element: how deep, in which row, and in which row what holds it."""

    depth: int
    number: int
    above: int
    key: str
    part: Element


def parts_of(vocabulary: Vocabulary, element: str) -> Picture | None:
    """The element with the parts that it holds, and those that they hold; None where it has
    none.
    """
    rows: list[_Row] = []
    _hold(vocabulary, element, 0, 0, rows)
    if not rows:
        return None
    label = vocabulary.elements[element].label
    boxes = [Box(label, "", 0, 0, _width(label), _LINE)]
    lines = []
    for row in rows:
        top, left = row.number * _STEP, (row.depth + 1) * _INDENT
        text = row.key if row.key in _names(row.part) else f"{row.key}: {row.part.label}"
        boxes.append(Box(text, f"{PARTS}#{row.part.name}", left, top, _width(text), _LINE))
        turn, middle = row.depth * _INDENT + _INDENT / 2, top + _LINE / 2
        points = ((turn, row.above * _STEP + _LINE), (turn, middle), (left, middle))
        lines.append(Line("", "", points, (0, 0)))
    width = max(box.left + box.width for box in boxes)
    height = rows[-1].number * _STEP + _LINE
    return Picture(f"Parts of {label}", width, height, tuple(boxes), tuple(lines))


def _hold(vocabulary: Vocabulary, name: str, depth: int, above: int, rows: list[_Row]) -> None:
    """Add the parts that the class holds, each followed by its own, which are not looked into
    further.
    """
    for key, attribute in sorted(vocabulary.attributes_of(name).items()):
        if attribute.range.kind != "part":
            continue
        number = rows[-1].number + 1 if rows else 1
        part = vocabulary.parts[attribute.range.name]
        rows.append(_Row(depth, number, above, key, part))
        if depth < _DEEPEST:
            _hold(vocabulary, part.name, depth + 1, number, rows)


def _width(text: str) -> float:
    return len(text) * _LETTER + 2 * _MARGIN


def _names(part: Element) -> tuple[str, str]:
    name = snake(part.name)
    return name, f"{name}s"
