"""The mapping: mismatches on the left, attributes on the right, and between them the predicates
that join them; what no predicate reads stands out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import fmean

from kg.catalogue import Predicate
from kg.matrix import Matrix, written
from kg.pictures import Shown
from kg.pictures._canvas import Dot, Shape, Text, curve, svg, wide, widest
from kg.visible import capital
from kg.vocabulary import Attribute, Vocabulary

TITLE = "mismatches and attributes, joined by predicates"

_SIZE, _SMALL, _EDGE, _TOP = 9.0, 8.0, 4.0, 8.0
_FEW = 120
"""Up to so many attributes are named; of more, only their classes are."""
_NEAR, _FAR = 10.5, 1.25
"""How far apart attributes are that are named, and that are not."""
_CLASS = 9.5
_LEFT, _RIGHT = 120.0, 150.0


def draw(shown: Shown) -> str:
    """The bipartite picture; of few attributes each with its name, else with their classes'."""
    return _Mapping(shown.matrix, shown.vocabulary).picture()


@dataclass(frozen=True)
class _Mapping:
    """What is drawn, with the places of all that is joined."""

    matrix: Matrix
    vocabulary: Vocabulary

    def picture(self) -> str:
        x1 = _EDGE + widest(self._mismatches, _SIZE) + 6
        x2 = x1 + _LEFT + (widest(self._predicates, _SMALL) if self._named else 0)
        x3 = x2 + _RIGHT
        spelled = [written(one, self.vocabulary) for one in self._attributes if self._named]
        names = widest([*map(self._label, self._classes), *spelled], _SMALL) * 1.06
        shapes = [
            *self._joins(x1, x2, x3),
            *self._left(x1),
            *self._middle(x2),
            *self._right(x3),
            *_key(self._tall + 20),
        ]
        description = (
            f"{len(self.matrix.rows)} mismatches, {len(self.matrix.predicates)} predicates that "
            f"detect them, and {len(self._attributes)} attributes, each joined to the predicates "
            "that read it."
        )
        title = "Mismatches and attributes through predicates"
        size = (x3 + 12 + names + _EDGE, self._tall + 28)
        return svg("mapping", title, description, size, shapes)

    # -- what there is -----------------------------------------------------------------------------

    @cached_property
    def _reads(self) -> Mapping[str, Sequence[Attribute]]:
        """The attributes that each predicate reads, whichever element they are stated of."""
        found: dict[str, dict[str, Attribute]] = {}
        for row in self.matrix.rows:
            for reading in row.readings:
                read = found.setdefault(reading.predicate.id, {})
                for attributes in reading.attributes.values():
                    read |= {one.name: one for one in attributes}
        return {name: list(read.values()) for name, read in found.items()}

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(one.name for read in self._reads.values() for one in read)

    @cached_property
    def _attributes(self) -> Sequence[Attribute]:
        """The attributes that are read or inform, class by class, each class as high as it can be
        with few crossings.
        """
        shown = {row.mismatch.name for row in self.matrix.rows}
        found = [
            one
            for one in self.vocabulary.attributes.values()
            if one.name in self._read or not shown.isdisjoint(one.informs)
        ]
        heights: dict[str, list[float]] = {one.domain: [] for one in found}
        for name, read in self._reads.items():
            for one in read:
                heights[one.domain].append(self._predicates[name])
        last = max(self._predicates.values(), default=0)
        mean = {domain: fmean(places) if places else last for domain, places in heights.items()}
        return sorted(found, key=lambda one: (mean[one.domain], one.domain, one.key))

    @property
    def _named(self) -> bool:
        return len(self._attributes) <= _FEW

    # -- where it stands ---------------------------------------------------------------------------

    @cached_property
    def _mismatches(self) -> Mapping[str, float]:
        return _spread([row.mismatch.code for row in self.matrix.rows], self._tall)

    @cached_property
    def _predicates(self) -> Mapping[str, float]:
        """The predicates from top to bottom, each where the mismatches are that it detects."""
        codes = [row.mismatch.code for row in self.matrix.rows]
        wanted = {
            name: fmean(codes.index(code) for code in one.detects if code in codes)
            for name, one in self.matrix.predicates.items()
        }
        return _spread(sorted(wanted, key=lambda name: (wanted[name], name)), self._tall)

    @cached_property
    def _tall(self) -> float:
        """How far down the picture goes, whatever the order of what is in it."""
        shown = {row.mismatch.name for row in self.matrix.rows}
        classes = Counter(
            one.domain
            for one in self.vocabulary.attributes.values()
            if one.name in self._read or not shown.isdisjoint(one.informs)
        )
        if sum(classes.values()) <= _FEW:
            lines = sum(classes.values()) + 1.5 * len(classes)
            right = lines * _NEAR
        else:
            right = sum(max(_FAR * number + 3, _CLASS) for number in classes.values())
        return (
            max(right, 12.0 * len(self.matrix.rows), 6.0 * len(self.matrix.predicates), 60) + _TOP
        )

    @cached_property
    def _places(self) -> Mapping[str, float]:
        """Where each attribute stands."""
        found: dict[str, float] = {}
        y = _TOP
        for _, members in groupby(self._attributes, key=lambda one: one.domain):
            listed = list(members)
            y += 1.25 * _NEAR if self._named else 1.5
            step = _NEAR if self._named else _FAR
            for number, one in enumerate(listed):
                found[one.name] = y + number * step
            used = step * len(listed)
            y += used + 0.25 * _NEAR if self._named else max(used + 1.5, _CLASS - 1.5)
        return found

    @cached_property
    def _classes(self) -> Mapping[str, tuple[float, float]]:
        """Where the attributes of each class begin and end."""
        return {
            domain: (places[0], places[-1])
            for domain, members in groupby(self._attributes, key=lambda one: one.domain)
            if (places := [self._places[one.name] for one in members])
        }

    # -- how it looks ------------------------------------------------------------------------------

    def _joins(self, x1: float, x2: float, x3: float) -> Iterator[Shape]:
        for row in self.matrix.rows:
            start = (x1, self._mismatches[row.mismatch.code])
            for reading in row.readings:
                name = reading.predicate.id
                room = wide(name, _SMALL) + 8 if self._named else 4
                yield curve(start, (x2 - room, self._predicates[name]), "shade-4", 0.6, 0.55)
        for name, read in self._reads.items():
            start = (x2 + 4, self._predicates[name])
            for y, number in self._ends(read):
                width = 0.6 if self._named else 0.25 + 0.2 * number
                yield curve(start, (x3 - 4, y), "quiet", width, 0.45)

    def _ends(self, read: Sequence[Attribute]) -> Iterator[tuple[float, int]]:
        """Where lines to attributes end, and for how many each stands: one for each class where
        attributes have no names.
        """
        if self._named:
            yield from ((self._places[one.name], 1) for one in read)
        else:
            for domain, number in Counter(one.domain for one in read).items():
                yield fmean(self._classes[domain]), number

    def _left(self, x: float) -> Iterator[Shape]:
        for row in self.matrix.rows:
            code = row.mismatch.code
            tone = "ink" if row.readings else "mark"
            y = self._mismatches[code] + 3
            label = row.mismatch.label
            yield Text(x - 4, y, code, _SIZE, anchor="end", tone=tone, title=label)

    def _middle(self, x: float) -> Iterator[Shape]:
        for name, predicate in self.matrix.predicates.items():
            y = self._predicates[name]
            yield Dot(x, y, 2.2, _fill(predicate), f"{name}: {predicate.formal}", line="ink")
            if self._named:
                yield Text(x - 5, y + 2.7, name, _SMALL, anchor="end")

    def _right(self, x: float) -> Iterator[Shape]:
        for domain, (first, last) in self._classes.items():
            # The name stands above those of its attributes, or else beside their middle.
            y = first - _NEAR if self._named else (first + last) / 2
            yield Text(x + 8, y + 2.7, self._label(domain), _SMALL, bold=self._named)
        for one in self._attributes:
            tone = "ink" if one.name in self._read else "mark"
            y, name = self._places[one.name], written(one, self.vocabulary)
            radius = 1.6 if self._named else 0.75
            yield Dot(x, y, radius, tone, title=f"{name}: {one.definition}")
            if self._named:
                yield Text(x + 8, y + 2.7, name, _SMALL, tone=tone)

    def _label(self, domain: str) -> str:
        return capital(self.vocabulary.kind(domain).label)


def _spread(names: Sequence[str], tall: float) -> dict[str, float]:
    step = (tall - _TOP) / max(len(names), 1)
    return {name: _TOP + (number + 0.5) * step for number, name in enumerate(names)}


def _fill(predicate: Predicate) -> str:
    return "paper" if predicate.kind == "completeness" else "ink"


def _key(y: float) -> Iterator[Shape]:
    x = _EDGE + 3
    for fill, line, word in (
        ("ink", "ink", "predicate"),
        ("paper", "ink", "predicate of completeness"),
        ("mark", "", "attribute that none of them reads"),
    ):
        yield Dot(x, y - 2.7, 2.2 if line else 1.6, fill, line=line)
        yield Text(x + 6, y, word, _SMALL)
        x += 6 + wide(word, _SMALL) + 12
