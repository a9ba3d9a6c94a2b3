"""Parts of one side of a pairing, found by what they are called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from kg.measure.current import Current
from kg.names import aligned
from kg.statements import Node


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
