"""The matrix from near: every attribute that a few predicates read, element by element, and below
what each predicate says formally.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.catalogue import Predicate
from kg.matrix import Column, Matrix, written
from kg.pictures._canvas import Dot, Shape, Text, rule, svg, wide, widest, wrapped
from kg.visible import capital
from kg.vocabulary import Attribute, Vocabulary

_SIZE, _SMALL, _EDGE = 9.0, 8.0, 4.0
_LINE, _COLUMN, _RADIUS = 10.5, 13.0, 2.7
_TALL = 66
"""So many lines stand below each other; more go on beside them, as far as there is room."""
_NARROWEST, _WIDEST = 340.0, 1000.0
_NEAR = 5
"""So many lines later or earlier a column may end, to end with an element."""

Line = tuple[Column, Attribute | None]
"""An element's heading, or one of its attributes."""


def close(matrix: Matrix, vocabulary: Vocabulary) -> str:
    """The picture of a matrix with few predicates."""
    return _Close(matrix, vocabulary).picture()


@dataclass(frozen=True)
class _Close:
    """What is drawn, with what each part of the picture asks of it."""

    matrix: Matrix
    vocabulary: Vocabulary

    def picture(self) -> str:
        panels = list(self._panels())
        tall = max(map(len, panels), default=0)
        width = max(_EDGE * 2 + self._across * len(panels), _NARROWEST)
        codes = ", ".join(row.mismatch.code for row in self.matrix.rows)
        shapes: list[Shape] = []
        y = _EDGE + 8
        for line in wrapped(codes, _SIZE * 1.1, width - 2 * _EDGE):
            shapes.append(Text(_EDGE, y, line, _SIZE, bold=True))
            y += _SIZE + 2
        y += _LINE
        for number, lines in enumerate(panels):
            shapes += self._panel(lines, _EDGE + number * self._across, y)
        shapes += _key(y + tall * _LINE + 14)
        formulas, bottom = self._formulas(y + tall * _LINE + 40, width)
        description = (
            f"Which of {len({one.name for one in self._attributes})} attributes each of "
            f"{len(self._predicates)} predicates reads, by element, and what it says formally."
        )
        return svg(
            "matrix", f"Matrix of {codes}", description, (width, bottom), [*shapes, *formulas]
        )

    @cached_property
    def _predicates(self) -> Sequence[Predicate]:
        return list(self.matrix.predicates.values())

    @cached_property
    def _lines(self) -> Sequence[Line]:
        return list(self._listed())

    @property
    def _attributes(self) -> Sequence[Attribute]:
        return [attribute for _, attribute in self._lines if attribute]

    @property
    def _labels(self) -> float:
        """How wide the names at the left of a panel are."""
        names = widest((written(one, self.vocabulary) for one in self._attributes), _SMALL) + 8
        heads = widest((f"{one.label} (continued)" for one in self.matrix.columns), _SIZE * 1.06)
        return max(names, heads) + 4

    @property
    def _across(self) -> float:
        return self._labels + _COLUMN * len(self._predicates) + 10

    @cached_property
    def _reads(self) -> frozenset[tuple[str, str, str]]:
        """Which predicate reads of which element which attribute."""
        return frozenset(
            (reading.predicate.id, element, attribute.name)
            for row in self.matrix.rows
            for reading in row.readings
            for element, attributes in reading.attributes.items()
            for attribute in attributes
        )

    def _listed(self) -> Iterator[Line]:
        for column in self.matrix.columns:
            read = [one for row in self.matrix.rows for one in row.read(column.name)]
            left = [one for row in self.matrix.rows for one in row.unread.get(column.name, ())]
            found = {one.name: one for one in (*read, *left)}
            if found:
                yield column, None
                for attribute in sorted(found.values(), key=self._order):
                    yield column, attribute

    def _order(self, attribute: Attribute) -> tuple[bool, str]:
        """An element's own attributes first, then those of its parts."""
        return attribute.domain in self.vocabulary.parts, written(attribute, self.vocabulary)

    def _panels(self) -> Iterator[Sequence[Line]]:
        """The lines in columns of equal height; what goes on begins with its heading again."""
        number = min(-(-len(self._lines) // _TALL), int(_WIDEST / self._across)) or 1
        tall = -(-len(self._lines) // number)
        starts = [0, *(self._break(panel * tall) for panel in range(1, number))]
        for start, end in pairwise([*starts, len(self._lines)]):
            lines = self._lines[start:end]
            headed = lines and lines[0][1] is None
            yield lines if headed or not lines else [(lines[0][0], None), *lines]

    def _break(self, place: int) -> int:
        """Where to begin anew: where an element does, if one does near the place."""
        heads = [
            number
            for number, (_, attribute) in enumerate(self._lines)
            if attribute is None and abs(number - place) <= _NEAR
        ]
        return min(heads, key=lambda number: abs(number - place), default=place)

    def _panel(self, lines: Sequence[Line], x: float, y: float) -> Iterator[Shape]:
        first = x + self._labels
        end = first + _COLUMN * len(self._predicates)
        for number in range(len(self._predicates)):
            middle = first + (number + 0.5) * _COLUMN
            yield Text(middle, y - 3, str(number + 1), _SMALL, anchor="middle", tone="quiet")
        for place, (column, attribute) in enumerate(lines):
            base = y + (place + 1) * _LINE
            if attribute is None:
                goes_on = place == 0 and self._continues(lines)
                head = capital(column.label) + (" (continued)" if goes_on else "")
                yield Text(x, base - 2.6, head, _SIZE, bold=True)
            else:
                yield rule((x + 8, base - 0.3), (end, base - 0.3))
                yield from self._line(column, attribute, (x + 8, base), first)

    def _continues(self, lines: Sequence[Line]) -> bool:
        _, following = lines[1]
        column, _ = lines[0]
        whole = [attribute for one, attribute in self._lines if one is column and attribute]
        return bool(whole) and following is not whole[0]

    def _line(
        self, column: Column, attribute: Attribute, place: tuple[float, float], first: float
    ) -> Iterator[Shape]:
        x, base = place
        reading = [
            number
            for number, predicate in enumerate(self._predicates)
            if (predicate.id, column.name, attribute.name) in self._reads
        ]
        name = written(attribute, self.vocabulary)
        tone = "ink" if reading else "mark"
        yield Text(x, base - 2.6, name, _SMALL, tone=tone, title=attribute.definition)
        shown = {row.mismatch.name for row in self.matrix.rows}
        fill = "paper" if shown.isdisjoint(attribute.informs) else "ink"
        for number in reading:
            middle = first + (number + 0.5) * _COLUMN
            told = f"{self._predicates[number].id} reads {name}"
            yield Dot(middle, base - _LINE / 2, _RADIUS, fill, told, line="ink")

    def _formulas(self, y: float, width: float) -> tuple[list[Shape], float]:
        shapes: list[Shape] = []
        for number, predicate in enumerate(self._predicates, 1):
            head = f"{predicate.id} ({predicate.kind})"
            shapes += [
                Text(_EDGE + 11, y, str(number), _SMALL, anchor="end", tone="quiet"),
                Text(_EDGE + 16, y, head, _SMALL, bold=True),
            ]
            for line in wrapped(predicate.formal, _SMALL, width - 2 * _EDGE - 16):
                y += 10
                shapes.append(Text(_EDGE + 16, y, line, _SMALL))
            y += 14
        return shapes, y - 14 + _EDGE


def _key(y: float) -> Iterator[Shape]:
    x = _EDGE
    for fill, word in (("ink", "read, and informs the mismatch"), ("paper", "read as well")):
        yield Dot(x + 3, y - 2.7, _RADIUS, fill, line="ink")
        yield Text(x + 9, y, word, _SMALL)
        x += 9 + wide(word, _SMALL) + 12
    yield Text(x, y, "informs, and is not read", _SMALL, tone="mark")
