"""Parts of one side of a pairing, found by what they are called, and how like two names are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cached_property

from kg.measure.current import Current
from kg.names import aligned
from kg.statements import Node

LIKELY = 0.75
"""From here on two names are so like that it is worth asking whether they mean one thing."""

_SHORTEST = 4


class Side:
    """The parts of one side, with the names that each is known by."""

    def __init__(self, current: Current, parts: Iterable[Node], called_by: str) -> None:
        self.names = {
            part: frozenset(map(str, current.values(part, called_by)))
            if called_by
            else current.names(part)
            for part in parts
        }

    @cached_property
    def keys(self) -> dict[Node, frozenset[str]]:
        """The aligned names of each part."""
        return {part: frozenset(map(aligned, names)) for part, names in self.names.items()}

    @cached_property
    def by_name(self) -> dict[str, dict[Node, None]]:
        """The parts that are called so, letter by letter."""
        return _inverted(self.names)

    @cached_property
    def by_key(self) -> dict[str, dict[Node, None]]:
        """The parts that an aligned name stands for."""
        return _inverted(self.keys)

    def called(self, names: Iterable[str]) -> dict[Node, None]:
        """The parts that are called by one of the names; where none is, however it is written."""
        return {
            part: None
            for name in names
            for part in self.by_name.get(name) or self.by_key.get(aligned(name)) or ()
        }

    def is_clear(self, parts: Iterable[Node]) -> bool:
        """Whether all the parts have one name among theirs, letter by letter."""
        return bool(frozenset.intersection(*(self.names[part] for part in parts)))


def _inverted(names: Mapping[Node, frozenset[str]]) -> dict[str, dict[Node, None]]:
    found: dict[str, dict[Node, None]] = defaultdict(dict)
    for part, own in names.items():
        for name in own:
            found[name][part] = None
    return found


def likeness(one: str, other: str) -> float:
    """How like two aligned names are, from 0 to 1; names that differ in a number are not."""
    numbers = [[sign for sign in name if sign.isdigit()] for name in (one, other)]
    if numbers[0] != numbers[1] or min(len(one), len(other)) < _SHORTEST:
        return 0.0
    matcher = SequenceMatcher(None, min(one, other), max(one, other), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LIKELY else 0.0
