"""Answers that are given again as long as nothing has changed: pages and dashboards ask the same
again and again.
"""

import re
from collections import OrderedDict

from kg.service.readers.records import Answer, Question

# With these, the same query has another answer each time. Keywords need no blank around them.
_FICKLE = re.compile(
    r"(?:now|rand|uuid|bnode)\s*[(#]|service\s*(?:silent|[<?#]|\w*:)", re.IGNORECASE
)
_BESIDE = 1000


class Remembered:
    """The answers of one epoch that were given last, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._epoch = -1
        self._answers: OrderedDict[Question, Answer] = OrderedDict()

    def find(self, question: Question, epoch: int) -> Answer | None:
        """The answer to a question in an epoch, if it was given before."""
        if epoch != self._epoch:
            return None
        found = self._answers.get(question)
        if found is not None:
            self._answers.move_to_end(question)
        return found

    def keep(self, question: Question, epoch: int, answer: Answer) -> None:
        """Remember an answer, unless it is in a file, or would be another one the next time."""
        if answer.spool is not None or question.kind == "update" or epoch < self._epoch:
            return
        if epoch > self._epoch:
            self._answers.clear()
            self._epoch, self._size = epoch, 0
        if question in self._answers or _FICKLE.search(question.text):
            return
        self._answers[question] = answer
        self._size += _cost(question, answer)
        while self._size > self._most:
            self._size -= _cost(*self._answers.popitem(last=False))


def _cost(question: Question, answer: Answer) -> int:
    names = (*(question.dataset.named or ()), *(question.dataset.default or ()))
    return answer.size + len(question.text) + sum(len(name or "") for name in names) + _BESIDE
