"""Builds a tree from the outside in, and refuses it as soon as it grows past its limits.

Nothing here recurses, so no nesting can exhaust the stack; what a file costs is known while it is
read, not afterwards.
"""

import re
from dataclasses import dataclass

from kg.errors import DescriptorInvalid
from kg.reading.tree import Place, Tree, pointer

# A longer number is no measurement, and turning it into one takes quadratic time.
NUMBER_LENGTH = 1000
_KEY_LENGTH = 4096
# Pointers of duplicates and tags repeat their keys, so their total length is bounded as well.
_LISTED_LENGTH = 2_000_000
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters, nested levels and nodes a reader accepts before it refuses the file.

    A node is a value or a key; a long text counts one more for every hundred characters, and an
    alias counts as much as what it stands for.
    """

    size: int
    depth: int = 100
    nodes: int = 300_000


class Lines:
    r"""Counts lines as an editor does, quickly where positions are asked for in rising order.

    >>> found = Lines("a\r\nb\u2028\nc")
    >>> found.at(6), found.at(3)
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._returns = "\r" in text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        """Tells the line, from 1, on which a position of the text stands."""
        start, text = self._position, self._text
        if position < start:
            start, self._line = 0, 1
        self._line += text.count("\n", start, position)
        if self._returns:
            self._line += text.count("\r", start, position) - text.count("\r\n", start, position)
        self._position = position
        return self._line


def admit(text: str, limits: Limits) -> str:
    """Lets a text pass to its reader, without byte order mark, unless it is too large or broken."""
    if len(text) > limits.size:
        raise DescriptorInvalid(
            f"The file has {len(text):,} characters, and at most {limits.size:,} are read",
            "Leave it out, or give a smaller file that says the same",
        )
    text = text.removeprefix("\ufeff")
    half = _HALF_CHARACTER.search(text)
    if half:
        refuse_half_characters(half[0], Lines(text).at(half.start()))
    return text


def refuse_half_characters(text: str, line: int) -> None:
    """Raises where a text holds a lone surrogate: it could never be written to a file again."""
    if _HALF_CHARACTER.search(text):
        raise DescriptorInvalid(
            "Half of a character stands alone (a lone surrogate)",
            "Write the whole character, and save the file as UTF-8",
            line=line,
        )


class ListFrame:
    """A list that is being filled."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.value: list[object] = []
        self.inside: list[Place] = []

    @property
    def step(self) -> int:
        """Tells the position at which the next item will stand."""
        return len(self.value)

    def take(self, value: object, place: Place) -> None:
        """Appends an item."""
        self.value.append(value)
        self.inside.append(place)

    def finish(self) -> None:
        """Nothing is left to do once the last item is in."""


class MappingFrame:
    """A mapping that is being filled; `key` waits for its value."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.value: dict[str, object] = {}
        self.inside: dict[str, Place] = {}
        self.key: str | None = None
        self.key_line = line

    @property
    def step(self) -> str:
        """Tells the key that waits for its value."""
        return self.key or ""

    def take(self, value: object, place: Place) -> None:
        """Gives the waiting key its value, unless the key has one already."""
        key = self.step
        if key not in self.value:
            self.value[key] = value
            self.inside[key] = Place(self.key_line, place.text, place.inside)
        self.key = None

    def finish(self) -> None:
        """Nothing is left to do once the last value is in."""


Frame = ListFrame | MappingFrame


class Builder:
    """Takes a file's values in the order in which they stand, and hands out the tree."""

    def __init__(self, limits: Limits) -> None:
        self.nodes = 0
        self._limits = limits
        self._listed = 0
        self._clear()

    def _clear(self) -> None:
        # The outermost frame holds the whole file as its only item.
        self._file = ListFrame(1)
        self.frames: list[Frame] = [self._file]
        self._duplicates: list[tuple[str, int]] = []
        self._tags: list[tuple[str, str, int]] = []

    def open(self, frame: Frame) -> None:
        """Begins a list or a mapping."""
        if len(self.frames) > self._limits.depth:
            raise DescriptorInvalid(
                f"Values are nested more than {self._limits.depth} levels deep",
                "Flatten the file, or leave it out",
                line=frame.line,
            )
        self.count(1, frame.line)
        self.frames.append(frame)

    def close(self) -> tuple[object, Place]:
        """Ends the innermost list or mapping and tells its value and place."""
        frame = self.frames.pop()
        frame.finish()
        place = Place(frame.line, None, frame.inside)
        self.frames[-1].take(frame.value, place)
        return frame.value, place

    @property
    def waiting(self) -> MappingFrame | None:
        """Tells the mapping whose next key is to come, if that is what comes next."""
        frame = self.frames[-1]
        return frame if isinstance(frame, MappingFrame) and frame.key is None else None

    def key(self, frame: MappingFrame, key: str, line: int) -> None:
        """Names the value that comes next, and notes it where the name was used before."""
        if len(key) > _KEY_LENGTH:
            raise DescriptorInvalid(
                f"A key has {len(key):,} characters, and at most {_KEY_LENGTH:,} are read",
                "Look for a missing quote or colon before it",
                line=line,
            )
        self.count(1, line)
        frame.key, frame.key_line = key, line
        if key in frame.value:
            self._duplicates.append((self._list(self.pointer(), line), line))

    def add(self, value: object, line: int, text: str | None) -> None:
        """Adds a scalar."""
        self.count(1 + len(text or "") // 100, line)
        self.frames[-1].take(value, Place(line, text))

    def repeat(self, value: object, line: int, place: Place, nodes: int) -> None:
        """Adds once more a value that stands elsewhere, at the cost of all its nodes."""
        self.count(nodes, line)
        self.frames[-1].take(value, Place(line, place.text, place.inside))

    def tag(self, tag: str, line: int) -> None:
        """Notes that the value that comes next has a tag."""
        self._tags.append((self._list(self.pointer(), line), tag[:_KEY_LENGTH], line))
        self._listed += len(tag)

    def pointer(self) -> str:
        """Tells where the value that comes next will stand."""
        return pointer(*(frame.step for frame in self.frames[1:]))

    def count(self, nodes: int, line: int) -> None:
        """Counts nodes, and raises when they become too many."""
        self.nodes += nodes
        if self.nodes > self._limits.nodes:
            raise DescriptorInvalid(
                f"The file says more than {self._limits.nodes:,} things, counting what is repeated",
                "Leave it out, or give a smaller file that says the same",
                line=line,
            )

    def tree(self) -> Tree:
        """Hands out what was built, and begins anew with the nodes that are left."""
        value, place = self._file.value[0], self._file.inside[0]
        tree = Tree(value, tuple(self._duplicates), tuple(self._tags), place)
        self._clear()
        return tree

    def _list(self, where: str, line: int) -> str:
        self._listed += len(where)
        if self._listed > _LISTED_LENGTH:
            raise DescriptorInvalid(
                "The file has too many repeated keys or unknown tags to list",
                "Remove the repeated keys",
                line=line,
            )
        return where
