"""What a format has no place for, gathered while it is written: nothing is left out in silence."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """What of an element is not written as it is stated, why, and the places that state it."""

    element: str
    what: str
    because: str
    places: tuple[str, ...]


class Untold:
    """Knows what has been accounted for, be it written or remarked upon."""

    def __init__(self) -> None:
        self._accounted: set[Hashable] = set()
        self._remarks: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)

    def account(self, *stated: Hashable) -> None:
        """Take down that these are written, or remarked upon."""
        self._accounted.update(stated)

    def lacks(self, stated: Hashable) -> bool:
        """Whether nothing was said of it yet."""
        return stated not in self._accounted

    def remark(self, element: str, what: str, because: str, *places: str) -> None:
        """Take down what is not written as it is stated, and why; equal remarks become one."""
        self._remarks[element, what, because].update(dict.fromkeys(places))

    def remarks(self) -> tuple[Remark, ...]:
        """All remarks, those on one element together."""
        found = [Remark(*about, tuple(places)) for about, places in self._remarks.items()]
        order = list(dict.fromkeys(remark.element for remark in found))
        return tuple(sorted(found, key=lambda remark: order.index(remark.element)))
