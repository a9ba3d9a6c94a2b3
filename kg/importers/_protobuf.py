"""Reads the fields of a protobuf message where it lies in a file, in little memory.

What a field means its reader knows; here only numbers, lengths and places are read. Nothing but
what is asked for is held, so weights of any size are stepped over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kg.errors import DescriptorInvalid

_MOST_FIELDS = 2_000_000
_LONGEST = 100_000
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_MORE, _SEVEN_BITS = 0x80, 0x7F
_LONGEST_VARINT = 10


@dataclass(frozen=True, slots=True)
class Message:
    """A message, or another field of bytes, between two places of a file."""

    stream: BinaryIO
    start: int
    end: int

    def fields(self) -> Iterator[tuple[int, "int | Message"]]:
        """Each field's number and value; raises DescriptorInvalid where the message makes no
        sense.
        """
        at, seen = self.start, 0
        while at < self.end:
            seen += 1
            if seen > _MOST_FIELDS:
                raise _broken(f"a message has more than {_MOST_FIELDS:,} fields")
            key, at = self._varint(at)
            number, kind = key >> 3, key & 7
            if kind == _VARINT:
                value, at = self._varint(at)
                yield number, value
            elif kind == _BYTES:
                length, start = self._varint(at)
                at = start + length
                if at <= self.end:
                    yield number, Message(self.stream, start, at)
            elif kind in {_FIXED_32, _FIXED_64}:
                at += 4 if kind == _FIXED_32 else 8
            else:
                raise _broken(f"there is no field of kind {kind}")
            if at > self.end:
                raise _broken("it is cut off")
            if not number:
                raise _broken("a field has no number")

    def all(self, *numbers: int) -> Iterator["Message"]:
        """The messages that lie in fields of the first number, in these in fields of the second,
        and so on.
        """
        first, *rest = numbers
        for number, value in self.fields():
            if number == first and isinstance(value, Message):
                yield from value.all(*rest) if rest else [value]

    def number(self, field: int) -> int | None:
        """The last number of that field, as a signed one."""
        found = [v for n, v in self.fields() if n == field and isinstance(v, int)]
        return (found[-1] ^ (1 << 63)) - (1 << 63) if found else None

    def text(self, field: int) -> str:
        """The last text of that field, or nothing; long ones are cut."""
        found = [v for n, v in self.fields() if n == field and isinstance(v, Message)]
        return found[-1].content() if found else ""

    def content(self) -> str:
        """The bytes themselves as text."""
        self.stream.seek(self.start)
        return self.stream.read(min(self.end - self.start, _LONGEST)).decode(errors="replace")

    def _varint(self, at: int) -> tuple[int, int]:
        self.stream.seek(at)
        value = 0
        for place, byte in enumerate(self.stream.read(min(_LONGEST_VARINT, self.end - at))):
            value |= (byte & _SEVEN_BITS) << (7 * place)
            if not byte & _MORE:
                return value & ((1 << 64) - 1), at + place + 1
        raise _broken("a number does not end")


def _broken(why: str) -> DescriptorInvalid:
    return DescriptorInvalid(f"The file is broken: {why}", "Write it again")
