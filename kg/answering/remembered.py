"""Answers that are given again as long as nothing has changed: pages and dashboards ask the same
again and again.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

Answered = TypeVar("Answered")

# With these, the same query has another answer each time. Keywords need no blank around them.
_FICKLE = re.compile(
    r"(?:now|rand|uuid|bnode)\s*[(#]|service\s*(?:silent|[<?#]|\w*:)", re.IGNORECASE
)
_BESIDE = 1000


class Remembered(Generic[Answered]):
    """The answers of one epoch that were given last, up to a number of bytes.

    An epoch is whatever tells which of two is the later one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._epoch: Any = None
        self._answers: OrderedDict[Hashable, tuple[Answered, int]] = OrderedDict()

    def find(self, question: Hashable, epoch: object) -> Answered | None:
        """The answer to a question in an epoch, if it was given before."""
        if epoch != self._epoch:
            return None
        found = self._answers.get(question)
        if found is None:
            return None
        self._answers.move_to_end(question)
        return found[0]

    def keep(
        self, question: Hashable, epoch: object, text: str, answer: Answered, size: int
    ) -> None:
        """Remember an answer of that many bytes, unless the text of the question has another answer
        the next time, or the epoch is over.
        """
        if self._epoch is None or epoch > self._epoch:
            self._answers.clear()
            self._epoch, self._size = epoch, 0
        if epoch != self._epoch or question in self._answers or _FICKLE.search(text):
            return
        cost = size + len(text) + _BESIDE
        self._answers[question] = answer, cost
        self._size += cost
        while self._size > self._most:
            self._size -= self._answers.popitem(last=False)[1][1]
