"""Reads JSON Lines as they stream by: one object a line, whose keys are the columns.

A value keeps the type that JSON gives it: a text of digits is a text. What lists and objects hold
is not looked into.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from typing import Protocol, TypeAlias, cast

import orjson

from kg.errors import DescriptorInvalid
from kg.importers._columns import Columns
from kg.importers._delimited import Starts
from kg.profiles import ROOM, ColumnProfile, ColumnType
from kg.statements import Subject

Record: TypeAlias = dict[str, object]

_PIECE = 1 << 16
_BLOCK = 512
_LONGEST_RECORD = 1 << 20
_BLOCK_BYTES = 4 << 20
_MOST_KEYS = 10_000
_BEYOND = 2.0**63
# Columns that come after so many get less room for their numbers.
_ROOMY = 200
_TYPES: dict[type, ColumnType] = {
    bool: "boolean",
    int: "integer",
    float: "double",
    str: "string",
}
_NESTED: dict[type, str] = {list: "array", dict: "object"}


class Stream(Protocol):
    """Bytes that come in one after the other."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, fewer than `size` only at the end."""


def take_json_lines(stream: Stream, data: Subject) -> None:
    """State what the lines hold; raises DescriptorInvalid where most are no objects."""
    starts = Starts()
    columns = Columns(data, None, lambda record: starts.line(record, 1))
    found: dict[str, _Column] = {}
    reading = _Records(stream, starts)
    for block in reading.blocks():
        names = dict.fromkeys(chain.from_iterable(block))
        for name in names:
            if name not in found and len(found) < _MOST_KEYS:
                room = ROOM if len(found) < _ROOMY else 0
                found[name] = _Column(reading.taken - len(block), room)
        for name, column in found.items():
            if name in names:
                column.take(_values(block, name))
            else:
                column.miss(len(block))
    _judge(reading, data)
    columns.records(reading.taken)
    for place, field in columns.fields(list(found)).items():
        list(found.values())[place].state(columns, field)


class _Records:
    """The records of a stream: `taken` counts them, `broken` the lines that hold none."""

    def __init__(self, stream: Stream, starts: Starts) -> None:
        self._stream = stream
        self._starts = starts
        self.taken = self.broken = 0
        self.first_broken: int | None = None

    def blocks(self) -> Iterator[list[Record]]:
        """The records, some hundred at a time."""
        number = 1
        for lines in self._lines():
            records = _records(lines)
            if None in records:
                block = list(self._sound(records, lines, number))
            else:
                block = cast("list[Record]", records)
                self._starts.add(number, self.taken, 1)
                self.taken += len(block)
            number += len(lines)
            if block:
                yield block

    def _sound(
        self, records: list[Record | None], lines: list[bytes], number: int
    ) -> Iterator[Record]:
        """The records that are some; `number` is that of the first line."""
        for record, line in zip(records, lines, strict=True):
            if record is not None:
                self._starts.add(number, self.taken, 1)
                self.taken += 1
                yield record
            elif line.strip():
                self.broken += 1
                self.first_broken = self.first_broken or number
            number += 1

    def _lines(self) -> Iterator[list[bytes]]:
        """The lines, some hundred at a time."""
        rest, number = b"", 0
        waiting: list[bytes] = []
        size = 0
        while piece := self._stream.read(_PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            number += len(lines)
            if len(rest) > _LONGEST_RECORD:
                raise DescriptorInvalid(
                    f"A record has more than {_LONGEST_RECORD:,} bytes",
                    "Write one object a line, and keep long texts elsewhere",
                    line=number + 1,
                )
            waiting += lines
            size += len(piece)
            while len(waiting) >= _BLOCK or size > _BLOCK_BYTES:
                yield waiting[:_BLOCK]
                waiting, size = waiting[_BLOCK:], 0
        if rest:
            waiting.append(rest)
        if waiting:
            yield waiting


def _values(block: list[Record], name: str) -> list[object]:
    """What the records say under the key; None where they have it not."""
    try:
        return list(map(itemgetter(name), block))
    except KeyError:
        return [record.get(name) for record in block]


def _records(lines: list[bytes]) -> list[Record | None]:
    """The objects that stand on the lines, or None where none does."""
    try:
        found = list(map(orjson.loads, lines))
    except ValueError:
        return list(map(_record, lines))
    if set(map(type, found)) != {dict}:
        return list(map(_record, lines))
    floats = [value for record in found for value in record.values() if type(value) is float]
    return list(map(_record, lines)) if max(map(abs, floats), default=0) >= _BEYOND else found


def _record(line: bytes) -> Record | None:
    """The object that stands on the line, or None."""
    try:
        found = orjson.loads(line)
    except ValueError:
        return _any_record(line)
    if not isinstance(found, dict):
        return None
    # orjson takes whole numbers beyond 64 bits for others.
    if any(type(value) is float and abs(value) >= _BEYOND for value in found.values()):
        return _any_record(line)
    return found


def _any_record(line: bytes) -> Record | None:
    """The same of what only the standard library reads: NaN, halves of characters, a BOM."""
    try:
        found = json.loads(line.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _judge(reading: _Records, data: Subject) -> None:
    if reading.broken > reading.taken or not reading.taken:
        raise DescriptorInvalid(
            f"{reading.broken:,} of {reading.broken + reading.taken:,} lines are no JSON objects",
            "Write one object a line",
            line=reading.first_broken,
        )
    if reading.broken:
        lines = "1 line is" if reading.broken == 1 else f"{reading.broken:,} lines are"
        data.notes.problem(f"{lines} no JSON object. They are left out.", reading.first_broken)


class _Column:
    """The values of one key, in records that may lack it."""

    def __init__(self, before: int, room: int) -> None:
        self._absent = before
        self._present = 0
        self._has_plain = False
        self._nested: set[str] = set()
        self._profile: ColumnProfile | None = None
        self._room = room

    def take(self, values: list[object]) -> None:
        """Take the values of a block of records."""
        kinds = set(map(type, values))
        self._nested |= {_NESTED[kind] for kind in kinds & _NESTED.keys()}
        absent = values.count(None)
        self._present += len(values) - absent
        plain = kinds & _TYPES.keys()
        self._has_plain = self._has_plain or bool(plain)
        if plain and self._profile is None and not self._nested:
            first = next(value for value in values if value is not None)
            self._profile = ColumnProfile(_TYPES[type(first)], room=self._room)
            self._profile.feed_gaps(self._absent)
        if self._profile is not None and not self._nested:
            self._profile.feed_all(values)
        self._absent += absent

    def miss(self, number: int) -> None:
        """Take so many records that lack the key."""
        self._absent += number
        if self._profile is not None and not self._nested:
            self._profile.feed_gaps(number)

    def state(self, columns: Columns, field: Subject) -> None:
        """State the column's type and how its values are spread."""
        name = field.node.parts[-1][1]
        if self._profile is not None and not self._nested:
            columns.describe(field, self._profile.finish())
            return
        if len(self._nested) == 1 and not self._has_plain:
            columns.type(field, next(iter(self._nested)))
            columns.pass_over(name, "values of its type have no figures here")
        elif self._nested:
            columns.pass_over(name, "its values are of several kinds")
        columns.count(field, self._present, self._absent)
