"""A canvas: shapes and texts at places, and the SVG that shows them.

Lengths are points where the picture is as wide as it says. Tones are names, so that a page can
give each another colour; what stands here is for white paper, and keeps its order in grey.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.pages import renderer

TONES = {
    "ink": "#1d1b18",
    "quiet": "#5a554d",
    "rule": "#cfc8bd",
    "paper": "#ffffff",
    "shade-0": "#f5f2ec",
    "shade-1": "#d9e3ee",
    "shade-2": "#b0c6dd",
    "shade-3": "#7ba0c6",
    "shade-4": "#3f6fa3",
    "shade-5": "#1b406f",
    "mark": "#9c1c1f",
}
"""What each tone is on paper; shades go from light to dark."""

_DARK_SHADE = 4

# How wide signs of Helvetica and faces made to its measure are, in parts of their size. Those of
# formulas come from other faces, of which the widest counts; the rest are as wide as digits.
_WIDTHS = {
    0.3: " '!,./:;I[]fijlt|·\\",
    0.4: '"()*-`r{}',
    0.53: "J^cksvxyz∃",
    0.7: "&ABEFKPSTVXYZΣ",
    0.76: "CDHNRUw∩",
    0.82: "GOQ",
    0.9: "%Mm",
    1.0: "W",
}
_EMS = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_DIGIT, _WIDEST = 0.6, 1.05


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `turn` is clockwise, in degrees, around its place."""

    x: float
    y: float
    text: str
    size: float = 8
    anchor: str = "start"
    tone: str = "ink"
    bold: bool = False
    turn: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `title` is what it is, for those who point at it or cannot see it."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle, hollow where it has a line and paper's tone."""

    x: float
    y: float
    radius: float
    tone: str = "ink"
    title: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """An open path of SVG."""

    path: str
    tone: str = "rule"
    width: float = 0.5
    opacity: float = 1


Shape = Text | Box | Dot | Stroke
Point = tuple[float, float]
LINE = 9.0
"""How far apart the lines of a paragraph stand."""


def rule(start: Point, end: Point, tone: str = "rule", width: float = 0.5) -> Stroke:
    """A straight line."""
    return Stroke(f"M{_pair(start)}L{_pair(end)}", tone, width)


def paragraph(text: str, place: Point, size: float, width: float) -> list[Text]:
    """A text in lines of at most that width, `LINE` apart, from the place downwards."""
    x, y = place
    return [Text(x, y + LINE * n, line, size) for n, line in enumerate(wrapped(text, size, width))]


def curve(start: Point, end: Point, tone: str, width: float, opacity: float) -> Stroke:
    """A line from left to right that leaves and arrives level."""
    middle = (start[0] + end[0]) / 2
    turns = f"{_pair((middle, start[1]))} {_pair((middle, end[1]))}"
    return Stroke(f"M{_pair(start)}C{turns} {_pair(end)}", tone, width, opacity)


def svg(
    name: str, title: str, description: str, size: tuple[float, float], shapes: Iterable[Shape]
) -> str:
    """The picture; `name` makes the names in it its own, where a page shows several."""
    listed = [(type(shape).__name__, shape) for shape in shapes]
    width, height = (-(-side // 1) for side in size)
    return _render()(
        name=name,
        title=title,
        description=description,
        width=width,
        height=height,
        shapes=listed,
        tones=TONES,
    )


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, as Helvetica and its like set it.

    >>> wide("mm", 10) > wide("ii", 10)
    True
    """
    plain = (_DIGIT if sign.isascii() and sign != "@" else _WIDEST for sign in text)
    ems = sum(_EMS.get(sign, other) for sign, other in zip(text, plain, strict=True))
    return ems * size * (1.06 if bold else 1)


def widest(texts: Iterable[str], size: float) -> float:
    """The width of the widest text, 0 if there is none."""
    return max((wide(text, size) for text in texts), default=0)


def wrapped(text: str, size: float, room: float) -> Sequence[str]:
    """The text in lines that are no wider than the room, or have one word."""
    return list(_lines(text.split(), size, room))


def on(tone: str) -> str:
    """The tone of a text that stands on another.

    >>> on("shade-1"), on("shade-5")
    ('ink', 'paper')
    """
    dark = tone.startswith("shade-") and int(tone.removeprefix("shade-")) >= _DARK_SHADE
    return "paper" if dark else "ink"


def graded(value: float, steps: Sequence[float]) -> str:
    """The shade of a value: the number of the last step that it reaches.

    >>> graded(0, (1, 5, 10)), graded(7, (1, 5, 10)), graded(10, (1, 5, 10))
    ('shade-0', 'shade-2', 'shade-3')
    """
    return f"shade-{sum(value >= step for step in steps)}"


def _lines(words: Iterable[str], size: float, room: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and wide(longer, size) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _pair(point: Point) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


@cache
def _render() -> Callable[..., str]:
    return renderer(Path(__file__).parent / "templates" / "picture.svg.jinja", short=_short)
