"""Finds the line of an RDF file on which a statement stands, which its parser does not tell.

A statement is known by its attribute, its value and its subject, all of which must show. Where that
leaves several lines, none is named: a guess would be worse than no line.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

_WORD = re.compile(r"[\w-]+")
_BREAK = re.compile(r"\r\n|\r|\n")
# A sentence of Turtle ends with a full stop, an object of JSON with a brace.
_END = re.compile(r"[.}][\s,]*$")
# Larger files are made by programs, which can point at their sources themselves.
_LARGEST = 1_000_000
_MOST = 100
_NONE: frozenset[int] = frozenset()


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
        for number, line in enumerate(_BREAK.split(text) if len(text) <= _LARGEST else (), 1):
            self._block[number] = block
            block += bool(_END.search(line))
            for word in _WORD.findall(line):
                self._on[word].add(number)

    def of(self, names: Iterable[str], value: str, subject: str) -> int | None:
        """The line that says, under one of the names, that the subject has the value."""
        words = [self._on.get(word, _NONE) for word in _WORD.findall(value)]
        named = [self._on.get(name, _NONE) for name in names]
        found = _common([min(named, key=len), *words]) | _common([max(named, key=len), *words])
        if len(found) > 1:
            about = self._on.get(_WORD.findall(f"_ {subject}")[-1], _NONE)
            blocks = self._blocks(about)
            beside = {number for number in found if self._block[number] in blocks}
            found = beside & about if len(beside) > 1 else beside
        return found.pop() if len(found) == 1 else None

    def _blocks(self, numbers: AbstractSet[int]) -> set[int]:
        return {self._block[number] for number in numbers} if len(numbers) <= _MOST else set()


def _common(lines_of_words: list[AbstractSet[int]]) -> set[int]:
    """The lines on which all words stand; none where that would take long to find out."""
    few, *more = sorted(lines_of_words, key=len)
    return (
        {number for number in few if all(number in on for on in more)}
        if len(few) <= _MOST
        else set()
    )
