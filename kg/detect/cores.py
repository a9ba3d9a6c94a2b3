"""Judges many projects by themselves on several cores.

Processes are started anew, not forked: a store in a folder is no good on the other side of a fork.
They are given the text that is kept of each project, and never see a store.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeAlias

from kg.catalogue import Predicate
from kg.detect.batch import ground_of
from kg.detect.judging import Found, Judge, undisturbed
from kg.vocabulary import Vocabulary
from kg.workspace import Facts, Kept

_AHEAD = 3
"""How many pieces of work wait for each process, so that none waits for the store."""

_Judged: TypeAlias = Future[list[Found]]

_JUDGES: list[Judge] = []
"""The judge of a process that was started here."""


def judged(
    some: Iterable[Sequence[Kept]], judge: Judge, cores: int, *, everything: bool
) -> Iterator[tuple[Facts, Found]]:
    """What is found in each project, in the order in which they are given."""
    waiting: deque[tuple[Sequence[Kept], _Judged]] = deque()
    knowledge = judge.vocabulary, judge.predicates
    with ProcessPoolExecutor(cores, get_context("spawn"), _begin, knowledge) as pool:
        for few in some:
            waiting.append((few, pool.submit(_found, few, everything)))
            if len(waiting) > cores * _AHEAD:
                yield from _told(*waiting.popleft())
        while waiting:
            yield from _told(*waiting.popleft())


def _told(few: Sequence[Kept], found: _Judged) -> Iterator[tuple[Facts, Found]]:
    return zip((kept.facts for kept in few), found.result(), strict=True)


def _begin(vocabulary: Vocabulary, predicates: tuple[Predicate, ...]) -> None:
    _JUDGES.append(Judge(ground_of(vocabulary), predicates))


def _found(few: Sequence[Kept], everything: bool) -> list[Found]:  # noqa: FBT001 - a pool names nothing
    with undisturbed():
        return [_JUDGES[0].judged(kept.facts, everything=everything) for kept in few]
