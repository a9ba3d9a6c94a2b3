"""States what is known of a table's columns: name, type, gaps, and how the values are spread.

A column that cannot be told from another, or has no name, is not described; what else is left
unsaid is passed over with its reason.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from kg.profiles import GAPS, ROOM, SIGNS, Profile
from kg.statements import Subject
from kg.vocabulary import Literal

ATTRIBUTES = {
    "column": "field",
    "type": "dataType",
    "type as written": "typeName",
    "gaps": "nullable",
    "sentinel": "nullSentinel",
    "mark": "decimalMark",
    "values": "distribution",
    "type of values": "valueType",
    "present": "valueCount",
    "absent": "missingCount",
    "smallest": "smallest",
    "largest": "largest",
    "mean": "mean",
    "spread": "standardDeviation",
    "quantiles": "quantiles",
    "label": "category",
    "times": "occurrences",
    "records": "numberOfInstances",
    "digest": "contentHash",
}

LineOf: TypeAlias = Callable[[int | None], int | None]

_MOST_COLUMNS = 2000
_LONGEST_NAME = 500
_INDEX = re.compile(r"Unnamed: 0(?:\.[0-9]+)*|__index_level_[0-9]+__")
# Together the columns of a table have room for so many numbers, and so many labels are stated.
_ROOM = 2_000_000
_MOST_LABELS = 10_000
# A column of which every second value is another holds texts or keys, unless it is very short.
_FEW_LABELS = 20
_TYPES = {"dateTime": "date-time"}


class Columns:
    """The columns of a table, and what is stated of them.

    `line` is that of the header; `line_of` tells the line of a record, counted from 0.

    >>> from kg.statements import Node, Notes
    >>> notes = Notes()
    >>> columns = Columns(notes.about(Node("Data", "a.csv", named=False)), line=1)
    >>> fields = columns.fields(["", "age", "age", "city"])
    >>> fields[3].node.parts, [notice.because for notice in notes.reading("a.csv").passed_over]
    ((('field', 'city'),), ['first column: the index that a tool wrote is no field'])
    """

    def __init__(
        self, data: Subject, line: int | None = None, line_of: LineOf = lambda _: None
    ) -> None:
        self._data = data
        self._line = line
        self.line_of = line_of
        self._labels = 0
        self.room = ROOM

    def records(self, count: int) -> None:
        """State how many records the table has."""
        self._data.state(ATTRIBUTES["records"], count)

    def problem(self, message: str) -> None:
        """Take down what is broken about the columns."""
        self._data.notes.problem(message, self._line)

    def pass_over(self, name: str, because: str) -> None:
        """Take down what is not stated of a column, and why."""
        self._data.notes.pass_over(f"{name}: {because}", self._line, name)

    def fields(self, names: Sequence[str]) -> dict[int, Subject]:
        """State all columns that have a name; those that no other shares, by their place."""
        if len(names) > _MOST_COLUMNS:
            self.problem(
                f"The table has {len(names):,} columns, and at most {_MOST_COLUMNS:,} are read. "
                "Leave it out, or give a narrower one."
            )
            return {}
        counts = Counter(names)
        found = {place: name for place, name in enumerate(names) if self._is_field(place, name)}
        fields = {name: self._field(name) for name in dict.fromkeys(found.values())}
        self._refuse(names, counts)
        self.room = _ROOM // max(len(fields), 1)
        return {place: fields[name] for place, name in found.items() if counts[name] == 1}

    def _is_field(self, place: int, name: str) -> bool:
        if _INDEX.fullmatch(name) or not (name or place):
            self.pass_over(name or "first column", "the index that a tool wrote is no field")
            return False
        return 0 < len(name) <= _LONGEST_NAME

    def _field(self, name: str) -> Subject:
        return self._data.part(ATTRIBUTES["column"], name, line=self._line, pointer=name)

    def _refuse(self, names: Sequence[str], counts: Mapping[str, int]) -> None:
        """Say which names tell no columns apart; where all have one, the fields are complete."""
        unnamed = [place for place, name in enumerate(names) if place and not name]
        if unnamed:
            others = f", nor have {len(unnamed) - 1:,} more" if len(unnamed) > 1 else ""
            self.problem(f"Column {unnamed[0] + 1} has no name{others}. Name it in the header.")
        long = [name for name in names if len(name) > _LONGEST_NAME]
        if long:
            self.problem(f"A column's name has {len(long[0]):,} characters. Is this the header?")
        for name, count in counts.items():
            if name and count > 1:
                self.problem(
                    f"{count} columns are called {name[:60]}. Name them apart: none is described."
                )
        if not unnamed and not long:
            self._data.notes.complete(self._data.node, ATTRIBUTES["column"])

    def type(self, field: Subject, kind: str, written: str = "", record: int | None = None) -> None:
        """State a column's type as the ontology names it, and as the file writes it; `record` is
        the first by which it has the type.
        """
        if kind:
            self._state(field, field, "type", _TYPES.get(kind, kind), record)
        if written:
            self._state(field, field, "type as written", written)

    def describe(self, field: Subject, profile: Profile, *, typed: bool = False) -> None:
        """State what a column's profile says; its type too unless the file has `typed` it."""
        if not typed:
            self.type(field, profile.type, record=profile.typed_at)
        self._explain(called(field), profile)
        self._mark(field, profile)
        spread = self.count(field, profile.n, profile.missing)
        if spread and profile.type:
            kind = _TYPES.get(profile.type, profile.type)
            self._state(field, spread, "type of values", kind, profile.typed_at)
        if spread and profile.quantiles:
            self._measure(field, spread, profile)
        elif spread and profile.type in {"string", "boolean"} and not profile.decimal_comma:
            self._label(field, spread, profile)

    def count(self, field: Subject, present: int, absent: int) -> Subject | None:
        """State how many values a column has and lacks; None where there are no records."""
        if not present + absent:
            return None
        if absent:
            self._state(field, field, "gaps", True)  # noqa: FBT003 (the value that is stated)
        spread = field.own(ATTRIBUTES["values"], "profile", line=self._line, pointer=called(field))
        self._state(field, spread, "present", present)
        self._state(field, spread, "absent", absent)
        return spread

    def _mark(self, field: Subject, profile: Profile) -> None:
        """State how the column writes what other tools may not read as it is meant."""
        if profile.decimal_comma:
            self._state(field, field, "mark", ",", profile.typed_at)
        for sign in sorted(SIGNS & profile.sentinels.keys()):
            if sign in GAPS or profile.type not in {"", "string"}:
                self._state(field, field, "sentinel", sign)

    def _state(
        self, field: Subject, about: Subject, what: str, value: Literal, record: int | None = None
    ) -> None:
        line = self.line_of(record) or self._line
        about.state(ATTRIBUTES[what], value, line=line, pointer=called(field))

    def _explain(self, name: str, profile: Profile) -> None:
        """Take down what a reader of the figures has to know."""
        text = profile.type in {"", "string"}
        words = {word: count for word, count in profile.sentinels.items() if word}
        kept = {word: count for word, count in words.items() if text and word not in GAPS}
        gaps = {word: count for word, count in words.items() if word not in kept}
        if gaps:
            self.pass_over(name, f"{_listed(gaps)} taken for no value")
        if kept:
            self.pass_over(name, f"{_listed(kept)} taken for a value, as other tools may not")
        if profile.decimal_comma:
            self.pass_over(name, "numbers with decimal commas are text, and have no figures")
        if profile.type in {"date", "dateTime"}:
            self.pass_over(name, "the first and the last of its dates are not stated")
        if profile.count and not profile.type:
            self.pass_over(name, "it has no value in any record, so nothing tells its type")

    def _measure(self, field: Subject, spread: Subject, profile: Profile) -> None:
        figures = {
            "smallest": (profile.minimum, profile.minimum_at),
            "largest": (profile.maximum, profile.maximum_at),
            "mean": (profile.mean, None),
            "spread": (profile.sd, None),
        }
        for what, (figure, record) in figures.items():
            if isinstance(figure, int | float):
                self._state(field, spread, what, float(figure), record)
        quantiles = (repr(value).removesuffix(".0") for value in profile.quantiles)
        self._state(field, spread, "quantiles", " ".join(quantiles))

    def _label(self, field: Subject, spread: Subject, profile: Profile) -> None:
        if reason := self._unlabelled(profile):
            self.pass_over(called(field), f"its labels are not stated: {reason}")
            return
        self._labels += len(profile.counts)
        for label, times in profile.counts.items():
            at = spread.part(ATTRIBUTES["label"], label, line=self._line, pointer=called(field))
            self._state(field, at, "times", times)

    def _unlabelled(self, profile: Profile) -> str:
        """Why the labels are not stated, or nothing."""
        if profile.too_many_categories:
            return "they are too many, or too long"
        if len(profile.counts) > max(_FEW_LABELS, profile.n // 2):
            return "most occur only once"
        if self._labels + len(profile.counts) > _MOST_LABELS:
            return f"the table has more than {_MOST_LABELS:,} in all"
        return ""


def called(field: Subject) -> str:
    """The column's name."""
    return field.node.parts[-1][1]


def _listed(words: Mapping[str, int]) -> str:
    return ", ".join(f"`{word}` ({count:,} times)" for word, count in words.items())
