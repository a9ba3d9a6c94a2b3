"""Alternatives: things of which some are needed together, and one such set, all of it, is enough.

None of a collection of alternatives holds another: whoever has the smaller needs no more.
"""

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Alternatives: TypeAlias = frozenset[frozenset[T]]
"""Sets of which one is enough; where there is no set, nothing is enough."""


def smallest(needs: Iterable[frozenset[T]]) -> Alternatives[T]:
    """The sets without those that hold another.

    >>> sorted(map(sorted, smallest([frozenset("ab"), frozenset("a"), frozenset("bc")])))
    [['a'], ['b', 'c']]
    """
    kept: list[frozenset[T]] = []
    for need in sorted(frozenset(needs), key=len):
        if not any(other <= need for other in kept):
            kept.append(need)
    return frozenset(kept)


def both(first: Alternatives[T], second: Alternatives[T]) -> Alternatives[T]:
    """What it takes one set of each for."""
    if frozenset() in first:
        return second
    if frozenset() in second:
        return first
    return smallest(one | other for one in first for other in second)
