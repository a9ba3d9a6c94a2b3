"""Finds the line of an RDF file on which a statement stands, which its parser does not tell.

A statement is known by its attribute, its value and its subject, all of which must show. Where that
leaves several lines, none is named: a guess would be worse than no line.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from kg.reading import lines

_WORD = re.compile(r"[\w-]+")
# A sentence of Turtle ends with a full stop, an object of JSON with a brace.
_END = re.compile(r"[.}][\s,]*$")
# Larger files are made by programs, which can point at their sources themselves.
_LARGEST = 1_000_000
_MOST = 200


class Lines:
    r"""The lines of a text by the words that stand on them.

    >>> found = Lines("mm:a mm:requiredMemory 16 .\nmm:b mm:requiredMemory 16 .")
    >>> found.of(["requiredMemory"], "16", "b"), found.of(["requiredMemory"], "16", "c")
    (2, None)
    """

    def __init__(self, text: str) -> None:
        self._on: dict[str, set[int]] = defaultdict(set)
        self._block: dict[int, int] = {}
        block = 0
        for number, line in lines(text) if len(text) <= _LARGEST else ():
            self._block[number] = block
            block += bool(_END.search(line))
            for word in _WORD.findall(line):
                self._on[word].add(number)

    def of(self, names: Iterable[str], value: str, subject: str) -> int | None:
        """The line that says, under one of the names, that the subject has the value."""
        named = {number for name in names for number in self._on.get(name, ())}
        found = self._narrowed(named, _WORD.findall(value))
        if len(found) > 1 and len(found) <= _MOST:
            about = self._narrowed({*self._block}, _WORD.findall(subject)[-1:])
            blocks = {self._block[number] for number in about}
            beside = {number for number in found if self._block[number] in blocks}
            found = beside & about if len(beside) > 1 else beside
        return found.pop() if len(found) == 1 else None

    def _narrowed(self, found: set[int], words: list[str]) -> set[int]:
        for on in sorted((self._on.get(word, set()) for word in words), key=len):
            found = on & found
        return found
