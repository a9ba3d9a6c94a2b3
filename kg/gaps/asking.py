"""Which questions to ask first: of an order, the first few decide nearly as much as any few can.

A verdict may take several answers, so the question that decides most now may lead nowhere, and
asking greedily falls short. The first question is one of the best; the next are chosen together.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.gaps.alternatives import Alternatives

Q = TypeVar("Q", bound=Hashable)

FEW = 5
"""Of so many questions, the first ones are chosen together."""
_LOOKED_AT = 20
"""Among so many questions, the most promising, orders are looked for."""


@dataclass(frozen=True, slots=True)
class Awaited(Generic[Q]):
    """Something that is decided once all questions of one of its alternatives are answered, and how
    much it weighs where counts are equal.
    """

    needs: Alternatives[Q]
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Order(Generic[Q]):
    """Questions in the order in which to ask them, how many verdicts the first ones decide, and how
    many any so few could at best.
    """

    questions: tuple[Q, ...]
    decided: tuple[int, ...]
    best: tuple[int, ...]


def order(awaited: Iterable[Awaited[Q]]) -> Order[Q]:
    """The questions of all that is awaited, the most useful first.

    >>> either = Awaited(frozenset([frozenset("a"), frozenset("b")]))
    >>> order([either, Awaited(frozenset([frozenset("bc")])), either]).questions
    ('b', 'c')
    """
    game = _Game(tuple(awaited))
    best = tuple(game.best(number) for number in range(1, FEW + 1))
    first = game.chain(best)
    asked = game.rest(first)
    masks = [0]
    for question in asked:
        masks.append(masks[-1] | 1 << question)
    # What is left when all is decided need not be asked.
    while asked and game.count(masks[-2]) == game.count(masks[-1]):
        asked.pop()
        masks.pop()
    return Order(
        questions=tuple(game.questions[number] for number in asked),
        decided=tuple(game.count(mask) for mask in masks[1:]),
        best=tuple(game.count(mask) for mask in best),
    )


class _Game(Generic[Q]):
    """Questions as bits of numbers; a set of them is one number."""

    def __init__(self, awaited: Sequence[Awaited[Q]]) -> None:
        named = {question for one in awaited for need in one.needs for question in need}
        self.questions: list[Q] = sorted(named, key=repr)
        self._bits = {question: 1 << number for number, question in enumerate(self.questions)}
        counted: Counter[tuple[int, ...]] = Counter()
        weights: dict[tuple[int, ...], float] = defaultdict(float)
        for one in awaited:
            masks = tuple(sorted(self._mask(need) for need in one.needs))
            counted[masks] += 1
            weights[masks] += one.weight
        self._groups = [(masks, counted[masks]) for masks in counted if masks]
        whole = 1 + sum(weights.values())
        # Where counts are equal, weights decide; they never outweigh a count.
        self._values = {masks: n + weights[masks] / whole for masks, n in self._groups}
        self._known: dict[int, float] = {}

    def value(self, asked: int) -> float:
        """How much the questions decide: the count, and behind the point what it weighs."""
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = sum(
                self._values[masks]
                for masks, _ in self._groups
                if any(mask & asked == mask for mask in masks)
            )
        return found

    def count(self, asked: int) -> int:
        """How many verdicts the questions decide."""
        return sum(n for masks, n in self._groups if any(m & asked == m for m in masks))

    def best(self, number: int) -> int:
        """Some questions, at most so many, that decide as much as any so many can."""
        self._found, self._most = 0, self.value(0)
        self._search(0, 0, number)
        return self._found

    def chain(self, best: Sequence[int]) -> list[int]:
        """The first few questions: as many steps of them as can be are near to the best, and all
        are as near as they can.
        """
        targets = [self.value(mask) for mask in best]
        among = self._promising(best)
        # How many steps were near on the best way to each set, how near all were, and the way.
        ways: dict[int, tuple[int, float, list[int]]] = {0: (0, 0.0, [])}
        for number in range(1, min(FEW, len(among)) + 1):
            reached: dict[int, tuple[int, float, list[int]]] = {}
            for asked, (near, sum_, way) in ways.items():
                for question in among:
                    bit = 1 << question
                    if asked & bit:
                        continue
                    value = self.value(asked | bit)
                    if number == 1 and value < targets[0]:
                        continue
                    ratio = value / targets[number - 1] if targets[number - 1] else 1.0
                    step = near + (ratio >= _NEAR), sum_ + ratio, [*way, question]
                    if (asked | bit) not in reached or step[:2] > reached[asked | bit][:2]:
                        reached[asked | bit] = step
            ways = reached or ways
        return max(ways.values(), key=lambda way: way[:2])[2]

    def rest(self, first: list[int]) -> list[int]:
        """The first questions and all others: those next that decide most for each answer."""
        asked = list(first)
        held = sum(1 << question for question in asked)
        while True:
            wanted = {
                mask & ~held
                for masks, _ in self._groups
                if not any(mask & held == mask for mask in masks)
                for mask in masks
            }
            if not wanted:
                return asked
            now = self.value(held)
            step = max(
                wanted,
                key=lambda mask: ((self.value(held | mask) - now) / mask.bit_count(), -mask),
            )
            inside = [number for number in range(len(self.questions)) if step >> number & 1]
            asked += sorted(inside, key=lambda number: -self.value(held | 1 << number))
            held |= step

    def _mask(self, need: frozenset[Q]) -> int:
        return sum(self._bits[question] for question in need)

    def _promising(self, best: Sequence[int]) -> list[int]:
        """The questions that the best sets hold, and those that most may hang on."""
        held = 0
        for mask in best:
            held |= mask
        hopes = self._hopes(0, FEW)
        numbers = range(len(self.questions))
        ranked = sorted(numbers, key=lambda n: (not held >> n & 1, -hopes.get(n, 0.0), n))
        return ranked[:_LOOKED_AT]

    def _search(self, asked: int, barred: int, room: int) -> None:
        """Looks at all sets that hold the questions asked and none barred, unless none is better
        than what was found.
        """
        value = self.value(asked)
        if value > self._most:
            self._found, self._most = asked, value
        hopes = self._hopes(asked, room, barred)
        ranked = sorted(hopes, key=lambda number: -hopes[number])
        for place, question in enumerate(ranked):
            bound = value + sum(hopes[number] for number in ranked[place : place + room])
            if bound <= self._most + _EQUAL:
                return
            self._search(asked | 1 << question, barred, room - 1)
            barred |= 1 << question

    def _hopes(self, asked: int, room: int, barred: int = 0) -> Mapping[int, float]:
        """How much each further question may add at most: of what waits for several, its part."""
        hopes: dict[int, float] = {}
        for masks, _ in self._groups:
            if any(mask & asked == mask for mask in masks):
                continue
            parts: dict[int, float] = {}
            for mask in masks:
                left = mask & ~asked
                size = left.bit_count()
                if size > room or left & barred:
                    continue
                while left:
                    bit = left & -left
                    number = bit.bit_length() - 1
                    parts[number] = max(parts.get(number, 0.0), self._values[masks] / size)
                    left ^= bit
            for number, part in parts.items():
                hopes[number] = hopes.get(number, 0.0) + part
        return hopes


_EQUAL = 1e-9
_NEAR = 0.9
