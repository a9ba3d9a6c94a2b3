"""Describes a column of a table in one pass, whatever its length: type, gaps, spread, categories.

Memory is bounded: values go by in blocks, quantiles come from a sketch, and categories are counted
only while they are few. The result depends on the values and their order alone, not on how many
were fed at a time. It reads no files and knows no formats.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from math import fsum, isfinite, sqrt
from operator import mul
from types import NoneType
from typing import Any, Literal, TypeAlias

ColumnType: TypeAlias = Literal["", "boolean", "integer", "double", "date", "dateTime", "string"]
"""What all values of a column are; nothing where it has no value."""

LEVELS = 101
"""How many quantiles a profile states: the levels 0, 0.01, ... 1."""
ROOM = 10_000
"""How many numbers of a column are kept as they are, before quantiles become estimates."""
MOST_CATEGORIES = 1000
LONGEST_CATEGORY = 200

_BLOCK = 512
_LEAST_ROOM = 200
_LOOKED_AT = 1024
_EXACT_WHOLES = 2.0**53
LARGEST = 1e300
"""From here on sums of numbers overflow."""

GAPS = frozenset(
    [
        *("", "NA", "N/A", "n/a", "na", "#N/A", "<NA>", "NaN", "nan", "NAN", "-nan", "NaT"),
        *("null", "NULL", "Null", "?"),
    ]
)
"""What stands for no value in any column."""

SIGNS = frozenset({"?", "-", "--", "."})
"""Those of what stands for no value that most tools take for a text."""

# What does so only among numbers, dates and booleans.
_WORDS = frozenset(
    [
        *("None", "none", "NONE", "-", "--", "."),
        *("inf", "-inf", "+inf", "Inf", "-Inf", "Infinity", "-Infinity"),
    ]
)
SENTINELS = GAPS | _WORDS
"""All that may stand for no value."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a column once all its values have gone by.

    `sentinels` counts what was written for no value (`NA`, `?`, `None`); in a column of strings
    `None` is a category and no gap, and only the count tells. `counts` is empty and
    `too_many_categories` true where there are more than 1000 (fewer in less room), or longer ones
    than 200 characters.
    `quantiles` are the sorted values where there are at most 101, else the values at the levels 0,
    0.01, ... 1, whose rank is off by at most the share `rank_error`. Minimum and maximum are
    numbers, dates or times as the type says; mean, `sd` (of a sample) and quantiles are stated of
    numbers only. `typed_at` is the place, from 0, of the first value since which the
    column has its type; `minimum_at` and `maximum_at` are those of the first such numbers.
    """

    type: ColumnType
    count: int
    missing: int
    sentinels: Mapping[str, int] = field(default_factory=dict)
    minimum: float | date | None = None
    maximum: float | date | None = None
    mean: float | None = None
    sd: float | None = None
    quantiles: tuple[float, ...] = ()
    rank_error: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)
    too_many_categories: bool = False
    decimal_comma: bool = False
    typed_at: int | None = None
    minimum_at: int | None = None
    maximum_at: int | None = None

    @property
    def n(self) -> int:
        """How many values there are."""
        return self.count - self.missing


@dataclass(frozen=True, slots=True)
class Block:
    """Values of a column that were measured together: how many cells, and what stood in them.

    `labels` is None where they are too many or too long. The numbers among the values are sorted;
    `places` are those of the first smallest and the first largest in the block, `squares` the sum
    of their squared distances from the mean. `times` are the first and the last day, as texts.
    """

    cells: int
    gaps: Mapping[str, int]
    labels: Mapping[str, int] | None
    values: "array[float]" = field(default_factory=lambda: array("d"))
    extremes: tuple[float, float] = (0, 0)
    places: tuple[int, int] = (0, 0)
    mean: float = 0.0
    squares: float = 0.0
    only_wholes: bool = True
    times: Sequence[str] = ()


class ColumnProfile:
    """Takes a column's values as they go by, texts or typed, and describes them at the end.

    A type given from the start (that of a schema) is never narrowed, only widened where a value
    does not fit. With `wholes` a column of whole numbers is one of integers, however they are
    written: `63.0` says only that a tool wrote it. Less `room` than 10,000 is for one of very many
    columns: it takes less memory, its quantiles are estimates sooner, its categories fewer.

    >>> column = ColumnProfile()
    >>> column.feed_all(["3", "NA", "5.5", ""])
    >>> profile = column.finish()
    >>> profile.type, profile.n, profile.missing, profile.mean
    ('double', 2, 2, 4.25)
    """

    def __init__(
        self,
        type: ColumnType = "",  # noqa: A002 (the word of the trade)
        *,
        wholes: bool = False,
        room: int = ROOM,
    ) -> None:
        room = min(max(room, _LEAST_ROOM), ROOM)
        self._kind: _Kind = type
        self._typed_at: int | None = None
        self._only_wholes = wholes
        self._block = _BLOCK * room // ROOM
        self._most_categories = MOST_CATEGORIES * room // ROOM
        self._pending: list[Any] = []
        self._count = 0
        self._sentinels: Counter[str] = Counter()
        self._categories: dict[str, int] | None = {}
        self._numbers = _Numbers(room)
        self._times = _Times()
        self._comma_is_sure = False

    def feed(self, value: object) -> None:
        """Take one value; many at a time are faster."""
        self.feed_all((value,))

    def feed_all(self, values: Iterable[object]) -> None:
        """Take values in the order of the column: texts, numbers, booleans, dates or None."""
        source: Iterator[object] = iter(values)
        # Long texts are cut one by one, so that not even a block of them is held.
        if not (isinstance(values, list | tuple) and _are_short(values)):
            source = (
                _cut(value) if type(value) is str and len(value) > LONGEST_CATEGORY else value
                for value in source
            )
        while cells := list(islice(source, self._block - len(self._pending))):
            self._pending += cells
            if len(self._pending) == self._block:
                self._take(self._pending)
                self._pending = []

    def feed_gaps(self, number: int) -> None:
        """Take so many cells that hold nothing, at once."""
        self._take(self._pending)
        self._pending = []
        if number:
            self._sentinels[""] += number
            self._count += number

    @property
    def kind(self) -> str:
        """The type that the values have so far; `comma` is that of numbers with decimal commas."""
        return self._kind

    @property
    def most_labels(self) -> int:
        """How many categories are counted; none once there were more, or longer ones."""
        return 0 if self._categories is None else self._most_categories

    def feed_block(self, block: Block) -> None:
        """Take a block that was measured elsewhere, of values that have the column's type."""
        self._take(self._pending)
        self._pending = []
        self._sentinels.update(block.gaps)
        self._merge(block.labels)
        self._only_wholes = self._only_wholes and block.only_wholes
        if block.values:
            self._numbers.add_block(block, self._count)
        self._times.add(block.times)
        self._count += block.cells

    def finish(self) -> Profile:
        """The column's profile, once it has all gone by; nothing is to be fed after it."""
        self._take(self._pending)
        self._pending = []
        kind = self._final_type()
        words_are_gaps = kind not in {"", "string"}
        words = Counter({word: self._sentinels[word] for word in _WORDS & self._sentinels.keys()})
        missing = self._sentinels.total() - (0 if words_are_gaps else words.total())
        counts = self._final_counts(kind, Counter() if words_are_gaps else words)
        common = Profile(
            type="integer" if kind == "double" and self._are_wholes() else kind,
            count=self._count,
            missing=missing,
            sentinels=dict(sorted(self._sentinels.items())),
            counts=counts or {},
            too_many_categories=counts is None,
            decimal_comma=self._kind == "comma" and self._comma_is_sure,
            typed_at=self._typed_at,
        )
        if kind in {"integer", "double"}:
            return self._numbers.described(common)
        return self._times.described(common) if kind in {"date", "dateTime"} else common

    def _final_type(self) -> ColumnType:
        """The type as the vocabulary names it."""
        if self._kind == "comma":
            return "string"
        # A column of nothing but None is one of categories, or we could not say that it was there.
        return "string" if self._kind == "" and _WORDS & self._sentinels.keys() else self._kind

    def _are_wholes(self) -> bool:
        """Whether integers are asked for and hold all numbers without loss."""
        return self._only_wholes and self._numbers.n > 0 and self._numbers.reach < _EXACT_WHOLES

    def _final_counts(self, kind: ColumnType, words: Counter[str]) -> dict[str, int] | None:
        """The counts under one spelling each (`1` for `1.0`), most frequent first; None if many."""
        if self._categories is None:
            return None
        counts = Counter(words)
        if spelled := _SPELLINGS.get(kind):
            for text, count in self._categories.items():
                counts[spelled(text)] += count
        else:
            counts.update(self._categories)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _take(self, cells: list[Any]) -> None:
        """Take one block: gaps first, then what is left as texts."""
        kinds = set(map(type, cells))
        if kinds == {str}:
            block = list(map(str.strip, cells))
        elif kinds <= {int, float}:
            block = list(map(repr, cells))
        elif kinds <= {int, float, NoneType}:
            block = ["" if cell is None else repr(cell) for cell in cells]
            if not _are_short(block):
                block = list(map(_cut, block))
        else:
            block = [cell.strip() if type(cell) is str else _cut(_text(cell)) for cell in cells]
        texts = block
        if gaps := SENTINELS.intersection(texts):
            self._sentinels.update(text for text in texts if text in gaps)
            texts = [text for text in texts if text not in gaps]
        if texts:
            self._categorise(texts)
            before = self._kind
            self._widen(texts)
            if self._kind != before:
                self._typed_at = self._count + block.index(_turning(before, self._kind, texts))
            self._measure(texts, block)
        self._count += len(block)

    def _categorise(self, texts: list[str]) -> None:
        """Count the categories while they are few and short."""
        if self._categories is None:
            return
        if max(map(len, texts)) > LONGEST_CATEGORY:
            self._categories = None
            return
        self._merge(Counter(texts))

    def _merge(self, counts: Mapping[str, int] | None) -> None:
        """Add what was counted of categories; None says that there are too many."""
        if self._categories is None or counts is None:
            self._categories = None
            return
        known = self._categories
        if known:
            for text, count in counts.items():
                known[text] = known.get(text, 0) + count
        else:
            known.update(counts)
        if len(known) > self._most_categories:
            self._categories = None

    def _widen(self, texts: list[str]) -> None:
        """Make the type wide enough for the block."""
        if self._kind == "string":
            return
        lines = "\n".join(texts) + "\n"
        if lines.count("\n") != len(texts):
            self._kind = "string"
        elif self._kind == "" or not _PATTERNS[self._kind].fullmatch(lines):
            self._kind = _joined(self._kind, _kind_of(lines))
        if self._kind == "comma" and not self._comma_is_sure:
            self._comma_is_sure = bool(_NO_THOUSANDS.search(lines))

    def _measure(self, texts: list[str], block: list[str]) -> None:
        """Take the block's numbers or times; `block` holds the gaps between them too."""
        if self._kind == "integer":
            self._numbers.add(list(map(int, texts)), texts, block, self._count)
        elif self._kind == "double":
            values = list(map(float, texts))
            if max(map(abs, values)) >= LARGEST:
                self._sentinels["inf"] += sum(abs(value) >= LARGEST for value in values)
                texts = [text for text in texts if abs(float(text)) < LARGEST]
                values = [value for value in values if abs(value) < LARGEST]
            self._only_wholes = self._only_wholes and all(map(float.is_integer, values))
            self._numbers.add(values, texts, block, self._count)
        elif self._kind in {"date", "dateTime"} and not self._times.add(texts):
            self._kind = "string"


# -- types ----------------------------------------------------------------------------------------

# `comma` is a string that looks like a number with a decimal comma.
_Kind: TypeAlias = ColumnType | Literal["comma"]

_WHOLE = r"[+-]?(?:0|[1-9][0-9]*+)"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
# Each fits a whole block, one value a line; narrow ones first. 007 is a code and no number.
_PATTERNS: dict[_Kind, re.Pattern[str]] = {
    "integer": re.compile(r"(?:[+-]?(?:0|[1-9][0-9]{0,37})\n)*+"),
    "double": re.compile(
        rf"(?:(?:{_WHOLE}(?:\.[0-9]*+)?|[+-]?\.[0-9]++)(?:[eE][+-]?[0-9]{{1,4}})?\n)*+"
    ),
    "boolean": re.compile(r"(?:(?:true|false)\n)*+", re.IGNORECASE),
    "date": re.compile(rf"(?:{_DAY}\n)*+"),
    "dateTime": re.compile(rf"(?:{_DAY}(?:[T ]{_CLOCK})?\n)*+"),
    "comma": re.compile(r"(?:[+-]?[0-9]++(?:,[0-9]++)?\n)*+"),
}
_NO_THOUSANDS = re.compile(r"^(?![+-]?[1-9][0-9]{0,2},[0-9]{3}$)[^,\n]*,", re.MULTILINE)
_WIDER: dict[frozenset[_Kind], _Kind] = {
    frozenset(["integer", "double"]): "double",
    frozenset(["integer", "comma"]): "comma",
    frozenset(["date", "dateTime"]): "dateTime",
}


def _kind_of(lines: str) -> _Kind:
    """The narrowest type that fits all lines."""
    fitting = (kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(lines))
    return next(fitting, "string")


def _joined(one: _Kind, other: _Kind) -> _Kind:
    """The narrowest type that fits the values of both."""
    if one in {"", other}:
        return other
    return _WIDER.get(frozenset([one, other]), "string")


def _turning(kind: _Kind, last: _Kind, texts: list[str]) -> str:
    """The text with which a column of the one kind gets the last, which all the texts have."""
    turning = texts[0]
    for text in texts:
        if kind in {last, "string"}:
            break
        line = f"{text}\n"
        if kind == "" or not _PATTERNS[kind].fullmatch(line):
            wider = "string" if "\n" in text else _joined(kind, _kind_of(line))
            turning, kind = (text if wider != kind else turning), wider
    return turning


def _are_short(values: Sequence[object]) -> bool:
    """Whether none of the texts among them has to be cut."""
    texts = [value for value in values if type(value) is str]
    return max(map(len, texts), default=0) <= LONGEST_CATEGORY


def _cut(text: str) -> str:
    """The text without blanks around it; a long one ends in a sign that no number has."""
    text = text.strip()
    return text if len(text) <= LONGEST_CATEGORY else f"{text[:LONGEST_CATEGORY]}…"


def _text(value: object) -> str:
    """A typed value as it would stand in a text file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _whole(text: str) -> str:
    return str(int(text))


def _number(text: str) -> str:
    number = float(text)
    return f"{number:.0f}" if number.is_integer() and abs(number) < _EXACT_WHOLES else repr(number)


# Categories are counted under the one spelling that two files would share.
_SPELLINGS: dict[ColumnType, Callable[[str], str]] = {
    "boolean": str.lower,
    "integer": _whole,
    "double": _number,
}


# -- numbers --------------------------------------------------------------------------------------


class _Numbers:
    """Mean, spread, extremes and quantiles of numbers that go by in blocks.

    Blocks are joined as in Chan, Golub and LeVeque, The American Statistician 37 (1983), 242-247.
    """

    def __init__(self, room: int) -> None:
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0
        self._minimum: float = 0
        self._maximum: float = 0
        self._minimum_at: int | None = None
        self._maximum_at: int | None = None
        self._sketch = _Sketch(room)

    @property
    def reach(self) -> float:
        """How far from nought the numbers go."""
        return max(-self._minimum, self._maximum)

    def add(self, values: Sequence[float], texts: list[str], block: list[str], start: int) -> None:
        """Take a block's numbers and their texts; the block itself begins at `start`."""
        if not values:
            return
        low, high, size = min(values), max(values), len(values)
        if not self.n or low < self._minimum:
            self._minimum, self._minimum_at = low, start + block.index(texts[values.index(low)])
        if not self.n or high > self._maximum:
            self._maximum, self._maximum_at = high, start + block.index(texts[values.index(high)])
        mean = fsum(values) / size
        apart = [value - mean for value in values]
        self._join(size, mean, sum(map(mul, apart, apart)))
        self._sketch.add(values)

    def add_block(self, block: Block, start: int) -> None:
        """Take numbers that were measured elsewhere."""
        (low, high), (low_at, high_at) = block.extremes, block.places
        if not self.n or low < self._minimum:
            self._minimum, self._minimum_at = low, start + low_at
        if not self.n or high > self._maximum:
            self._maximum, self._maximum_at = high, start + high_at
        self._join(len(block.values), block.mean, block.squares)
        self._sketch.add_sorted(block.values)

    def _join(self, size: int, mean: float, squares: float) -> None:
        step, total = mean - self._mean, self.n + size
        self._squares += squares + step * step * self.n * size / total
        self._mean += step * size / total
        self.n = total

    def described(self, common: Profile) -> Profile:
        """The profile with the numbers' figures."""
        if not self.n:
            return common
        whole = common.type == "integer"
        spread = sqrt(self._squares / (self.n - 1)) if self.n > 1 else None
        low, high = float(self._minimum), float(self._maximum)
        return replace(
            common,
            minimum=int(self._minimum) if whole else low,
            maximum=int(self._maximum) if whole else high,
            minimum_at=self._minimum_at,
            maximum_at=self._maximum_at,
            mean=min(max(self._mean, low), high),
            sd=spread if spread is not None and isfinite(spread) else None,
            quantiles=self._sketch.quantiles(low, high),
            rank_error=self._sketch.rank_error,
        )


class _Sketch:
    """Quantiles of any number of values: exact while there is room, then to a stated rank error.

    A level that overflows is sorted and every second value moves up, where it counts twice; which
    of the two alternates, so the result is the same every time. Each such step moves the rank of a
    value by at most what one value of the level counts, and these are added up. With room for
    10,000 the bound at a million values is 0.2 % of the ranks, at a billion 0.5 %; the error found
    is far smaller.
    Source: Manku, Rajagopalan and Lindsay, SIGMOD Record 27 (1998), 426-435.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._buffer = room * 4096 // ROOM
        self._levels = [array("d")]
        self._odd = [False]
        self._n = 0
        self._error = 0

    @property
    def rank_error(self) -> float:
        """By what share of all values a rank may be off."""
        return self._error / self._n if self._n else 0.0

    def add(self, values: Sequence[float]) -> None:
        """Take a block."""
        self._n += len(values)
        self._extend(0, values)

    def add_sorted(self, values: "array[float]") -> None:
        """Take a block whose values rise; of a large one only every so many-th is looked at."""
        height = 0
        if len(self._levels[0]) + len(values) > self._room:
            height = max((len(values) - 1) // _LOOKED_AT, 1).bit_length() - 1
        self._n += len(values)
        step = 2**height
        while height >= len(self._levels):
            self._levels.append(array("d"))
            self._odd.append(False)
        # What is left over at the end, and counts for less than the others, stays below.
        whole = len(values) - len(values) % step
        self._extend(height, values[step // 2 : whole : step])
        self._error += step - 1
        self._extend(0, values[whole:])

    def _extend(self, height: int, values: Sequence[float]) -> None:
        self._levels[height].extend(values)
        while len(self._levels[height]) > (self._buffer if height else self._room):
            self._compact(height)
            height += 1

    def _compact(self, height: int) -> None:
        """Move every second value of a level up; an odd one out stays."""
        ordered = sorted(self._levels[height])
        if height + 1 == len(self._levels):
            self._levels.append(array("d"))
            self._odd.append(False)
        stay = ordered.pop() if len(ordered) % 2 else None
        self._levels[height + 1].extend(ordered[self._odd[height] :: 2])
        self._levels[height] = array("d", [] if stay is None else [stay])
        self._odd[height] = not self._odd[height]
        self._error += 2**height

    def quantiles(self, low: float, high: float) -> tuple[float, ...]:
        """The values at 101 levels, the first and last exact; of fewer values all of them."""
        if self._n <= LEVELS:
            return tuple(sorted(self._levels[0]))
        places = [level * (self._n - 1) / (LEVELS - 1) for level in range(1, LEVELS - 1)]
        if len(self._levels) == 1:
            ordered = sorted(self._levels[0])
            inner = [_between(ordered, place) for place in places]
        else:
            inner = self._at_ranks(places)
        return (low, *(min(max(value, low), high) for value in inner), high)

    def _at_ranks(self, ranks: list[float]) -> list[float]:
        """The values that stand at the ranks, each counting for as many as it stands for."""
        import numpy as np  # noqa: PLC0415 (it takes a while to load, and short tables do without)

        sizes = list(map(len, self._levels))
        values = np.concatenate([np.asarray(level) for level in self._levels])
        weights = np.repeat(2 ** np.arange(len(sizes)), sizes)
        order = values.argsort()
        covered = weights[order].cumsum()
        found: list[float] = values[order][covered.searchsorted(ranks, "right")].tolist()
        return found


def _between(ordered: list[float], place: float) -> float:
    """The value at a place between two of the sorted values, interpolated."""
    under = int(place)
    low, high = ordered[under], ordered[min(under + 1, len(ordered) - 1)]
    return low + (place - under) * (high - low)


# -- dates and times ------------------------------------------------------------------------------


class _Times:
    """The first and last of dates and times that go by in blocks; without a zone UTC is assumed."""

    def __init__(self) -> None:
        self._first: datetime | None = None
        self._last: datetime | None = None

    def add(self, texts: Sequence[str]) -> bool:
        """Take a block; false if one of the texts is no date (`2023-02-30`)."""
        try:
            times = list(map(datetime.fromisoformat, dict.fromkeys(texts)))
        except ValueError:
            return False
        if times:
            times += [time for time in (self._first, self._last) if time]
            key = _in_utc if any(time.tzinfo for time in times) else None
            self._first, self._last = min(times, key=key), max(times, key=key)
        return True

    def described(self, common: Profile) -> Profile:
        """The profile with the first and the last."""
        if self._first is None or self._last is None:
            return common
        if common.type == "date":
            return replace(common, minimum=self._first.date(), maximum=self._last.date())
        return replace(common, minimum=self._first, maximum=self._last)


def _in_utc(time: datetime) -> datetime:
    """The time with a zone, so that all times compare."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
