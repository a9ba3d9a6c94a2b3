"""Reads JSON into plain values in one pass without recursion, lines and all.

Python's own reader knows no lines, keeps the last of two equal keys in silence, and answers deep
nesting with an error of the interpreter; this one accepts and refuses the same texts otherwise. NaN
and the infinities that Python writes are read; comments and trailing commas are not.
"""

import re
from collections.abc import Callable
from json import JSONDecodeError, decoder

from kg.errors import DescriptorInvalid
from kg.reading.building import (
    NUMBER_LENGTH,
    Builder,
    Limits,
    Lines,
    ListFrame,
    MappingFrame,
    admit,
    refuse_half_characters,
)
from kg.reading.tree import Tree

JSON_LIMITS = Limits(size=16 << 20)

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"-?[A-Za-z]+")
_WORDS = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
# Python's reader of one quoted text, in C: (text, position) -> (what it says, where it ends).
_scan_string: Callable[[str, int], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str, limits: Limits = JSON_LIMITS) -> Tree:
    r"""Reads a JSON file (RFC 8259) of one value.

    >>> tree = read_json('{"runs": [\n  1.50]}')
    >>> tree.value, tree.line("/runs/0"), tree.text("/runs/0")
    ({'runs': [1.5]}, 2, '1.50')

    Raises DescriptorInvalid.
    """
    return _Reading(admit(text, limits), limits).tree()


class _Reading:
    """One pass over a text; `_position` stands at the next sign that is no space."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._builder = Builder(limits)
        self._lines = Lines(text)
        self._halves = bool(_HALF_ESCAPE.search(text))
        self._position = 0

    def tree(self) -> Tree:
        self._skip(0)
        if not self._sign():
            raise DescriptorInvalid("The file is empty", "Fill it in, or remove it")
        self._value()
        while len(self._builder.frames) > 1:
            self._step()
        if self._sign():
            raise self._wrong("more follows after the value", "Keep one value in a file")
        return self._builder.tree()

    def _step(self) -> None:
        """Reads the next entry or item, or the end, of the innermost mapping or list."""
        frame = self._builder.frames[-1]
        end = "}" if isinstance(frame, MappingFrame) else "]"
        if self._sign() == end:
            self._builder.close()
            self._skip(1)
            return
        if frame.value:
            self._expect(",")
            if self._sign() == end:
                raise self._wrong("a comma stands before the end", "Remove the last comma")
        if isinstance(frame, MappingFrame):
            self._key(frame)
        self._value()

    def _key(self, frame: MappingFrame) -> None:
        if self._sign() != '"':
            raise self._wrong("a key in double quotes is expected", "Put the key in double quotes")
        line = self._lines.at(self._position)
        self._builder.key(frame, self._string(line), line)
        self._expect(":")

    def _value(self) -> None:
        sign = self._sign()
        line = self._lines.at(self._position)
        if sign == '"':
            text = self._string(line)
            self._builder.add(text, line, text)
        elif sign == "{":
            self._builder.open(MappingFrame(line))
            self._skip(1)
        elif sign == "[":
            self._builder.open(ListFrame(line))
            self._skip(1)
        else:
            self._plain(line)

    def _string(self, line: int) -> str:
        try:
            text, end = _scan_string(self._text, self._position + 1)
        except JSONDecodeError as problem:
            self._position = problem.pos
            what = problem.msg[0].lower() + problem.msg[1:].removesuffix(" at")
            raise self._wrong(what, "Close the quotes and write line breaks as \\n") from problem
        if self._halves:
            refuse_half_characters(text, line)
        self._skip(end - self._position)
        return text

    def _plain(self, line: int) -> None:
        """Reads a number or one of the words."""
        found = _NUMBER.match(self._text, self._position)
        if found:
            self._builder.add(self._number(found), line, found[0])
        else:
            found = _WORD.match(self._text, self._position)
            if found is None or found[0] not in _WORDS:
                raise self._wrong("a value is expected", "Put text in double quotes")
            self._builder.add(_WORDS[found[0]], line, found[0])
        self._skip(found.end() - found.start())

    def _number(self, found: re.Match[str]) -> int | float:
        text = found[0]
        if len(text) > NUMBER_LENGTH:
            what = f"a number has {len(text):,} characters, and at most {NUMBER_LENGTH:,} are read"
            raise self._wrong(what, "Put it in quotes if it is a name, or write it as 1.5e9")
        return float(text) if found[1] or found[2] else int(text)

    def _expect(self, sign: str) -> None:
        if self._sign() != sign:
            raise self._wrong(f"`{sign}` is expected", "Check commas, colons and brackets there")
        self._skip(1)

    def _sign(self) -> str:
        return self._text[self._position : self._position + 1]

    def _skip(self, length: int) -> None:
        found = _SPACE.match(self._text, self._position + length)
        self._position = found.end() if found else self._position

    def _wrong(self, what: str, hint: str) -> DescriptorInvalid:
        line = self._lines.at(self._position)
        if self._position >= len(self._text):
            what, hint = "it ends too early", "The file may be cut off: write it again"
        return DescriptorInvalid(f"The file is not valid JSON: {what}", hint, line=line)
