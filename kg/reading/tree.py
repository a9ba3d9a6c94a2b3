"""What a structured file says, with the line on which it says it.

A tree holds plain values; beside them stand the places they came from, reached by the same JSON
pointers. It does not know which format it was read from.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

# No list is longer than a billion; Python refuses to read a number of too many digits.
_DIGITS = 10


class Place(NamedTuple):
    """Where a value stands: its line, its scalar as written, the places of what is inside it."""

    line: int
    text: str | None = None
    inside: "dict[str, Place] | list[Place] | None" = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's values (dict, list, str, int, float, bool, None, date) and their places.

    Keys are always text, as written: `3.10: x` has the key `"3.10"`. Of a key that stands twice
    the first value is kept, and `duplicates` tells pointer and line of the others; `tags` tells
    pointer, tag and line of YAML values whose tag is none of YAML's own.
    """

    value: object
    duplicates: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, str, int], ...] = ()
    _place: Place = field(default=Place(1), repr=False, compare=False)

    def line(self, pointer: str) -> int | None:
        """Tells the line, from 1, of a mapping entry's key or of a list's item.

        The pointer is one of RFC 6901; where it leads nowhere, or the format does not tell, the
        line is None.
        """
        place = self._find(pointer)
        return place.line if place else None

    def text(self, pointer: str) -> str | None:
        """Tells a scalar as it was written, before it was taken for a number or a date.

        >>> from kg.reading import read_yaml
        >>> tree = read_yaml("python: 3.10")
        >>> tree.value, tree.text("/python"), tree.line("/python")
        ({'python': 3.1}, '3.10', 1)
        """
        place = self._find(pointer)
        return place.text if place else None

    def _find(self, pointer: str) -> Place | None:
        place: Place | None = self._place
        for token in pointer.split("/")[1:]:
            if place is None:
                return None
            place = step(place.inside, token.replace("~1", "/").replace("~0", "~"))
        return place


def pointer(*steps: str | int) -> str:
    """Joins keys and positions into a JSON pointer (RFC 6901).

    >>> pointer("flavors", "a/b", 0)
    '/flavors/a~1b/0'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def step(inside: dict[str, Place] | list[Place] | None, token: str) -> Place | None:
    """Goes from a value's inner places to the one of a key or of a position."""
    if isinstance(inside, dict):
        return inside.get(token)
    if inside and token.isascii() and token.isdigit() and len(token) < _DIGITS:
        position = int(token)
        return inside[position] if position < len(inside) else None
    return None
