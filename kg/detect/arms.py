"""Takes a query apart into its arms, the alternatives of its UNION, each a query of its own.

An arm need not be tried where what it demands is not stated, and most of it mostly is not: a batch
runs an arm for those projects alone that could give a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.demands import NOTHING, Demand, classes
from kg.patterns import Outline, outline

_TOKEN = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\s]*> | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | [{}]""",
    re.VERBOSE | re.DOTALL,
)
_BETWEEN = re.compile(r"(?:\s|\#[^\n]*)*(UNION(?:\s|\#[^\n]*)*)?", re.IGNORECASE)
_SELECT = re.compile(r"(?:\s|\#[^\n]*)*SELECT\b", re.IGNORECASE)
_SUBJECT = "?subject"


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of braces, where each stands in the text, and the pairs directly within."""

    opened: int
    closed: int
    inner: tuple["Group", ...]


@dataclass(frozen=True)
class Arm:
    """One alternative of a query: its text in pieces, between which subjects can be named."""

    pieces: tuple[str, ...]
    outline: Outline

    @property
    def demand(self) -> Demand:
        """What must be stated before the arm can give a row."""
        return self.outline.demands[0]

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of which its subject must be one, as `demands.classes` tells them."""
        return classes(self.demand)

    def query(self, subjects: Sequence[str] = ()) -> str:
        """The arm as a query; about these subjects alone, if some are named."""
        named = f" VALUES {_SUBJECT} {{ {' '.join(subjects)} }} " if subjects else ""
        return named.join(self.pieces)


def arms(query: str, *, apart: bool = True) -> tuple[Arm, ...]:
    """The arms of a query, in their order; one where it is not a UNION and nothing else. Where
    projects are not judged apart, what one lacks another may have, and nothing is demanded.

    >>> ask = "SELECT ?subject { { ?subject a <urn:a> } UNION { ?subject a <urn:b> } }"
    >>> [arm.query(["<urn:x>"]) for arm in arms(ask)][1]
    'SELECT ?subject {{ VALUES ?subject { <urn:x> }  ?subject a <urn:b> }}'
    """
    known = outline(query)
    if not apart:
        known = replace(known, demands=tuple(NOTHING for _ in known.demands))
    (whole,) = _groups(query)
    if len(known.demands) == 1:
        return (Arm(_cut(query, _leading(query, whole)), known),)
    before, after = query[: whole.opened + 1], query[whole.closed :]
    return tuple(
        Arm(_framed(before, query, group, after), known.arm(number))
        for number, group in enumerate(whole.inner, 1)
    )


def _framed(before: str, query: str, group: Group, after: str) -> tuple[str, ...]:
    places = _leading(query, group)
    first, *others = _cut(query[: group.closed + 1], places)
    kept = first[group.opened :]
    return (before + kept, *others[:-1], others[-1] + after)


def _cut(text: str, places: Sequence[int]) -> tuple[str, ...]:
    """The text in pieces that end at the places."""
    return tuple(
        text[start:end] for start, end in zip((0, *places), (*places, len(text)), strict=True)
    )


def _leading(text: str, group: Group) -> list[int]:
    """Where subjects are named in a group: at its start, or at those of the alternatives that it
    starts with.
    """
    places: list[int] = []
    at = group.opened + 1
    for inner in group.inner:
        between = _BETWEEN.fullmatch(text, at, inner.opened)
        is_next = between and bool(between[1]) is bool(places)
        if not is_next or _SELECT.match(text, inner.opened + 1):
            break
        places += _leading(text, inner)
        at = inner.closed + 1
    return places or [group.opened + 1]


def _groups(text: str) -> tuple[Group, ...]:
    """The outermost pairs of braces; those in texts, IRIs and comments are none."""
    stack: list[tuple[int, list[Group]]] = [(0, [])]
    for place, brace in _braces(text):
        if brace == "{":
            stack.append((place, []))
        else:
            opened, inner = stack.pop()
            stack[-1][1].append(Group(opened, place, tuple(inner)))
    return tuple(stack[0][1])


def _braces(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in _TOKEN.finditer(text) if found[0] in "{}")
