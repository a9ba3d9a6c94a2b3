"""What a predicate says of its verdicts, and what it asks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from kg.catalogue import Predicate
from kg.detect.terms import Value
from kg.findings import Evidence, Participant, Question, Verdict
from kg.units import shown
from kg.vocabulary import Attribute, Vocabulary

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_EVERY_DIGIT = 20
_COUNTERPART = "counterpart"
_PARTICIPANTS = {"subject", "object", "item"}
_SLOT = re.compile(r"\{(\w+)\}")


class Words:
    """What a predicate says of its verdicts; what does not hang on evidence is said once."""

    def __init__(self, predicate: Predicate, vocabulary: Vocabulary) -> None:
        self.predicate = predicate
        self.references = predicate.references
        self.questions = tuple(Question(role, text) for role, text in predicate.ask.items())
        self.clear = f"Checked, and not so: {predicate.when}"
        self._asked: dict[tuple[str, ...], tuple[Question, ...]] = {}
        self._slots = set(_SLOT.findall(_OPTIONAL.sub("", predicate.message))) - _PARTICIPANTS
        self._lower = f"{predicate.when[0].lower()}{predicate.when[1:]}"
        known = vocabulary.attribute(_COUNTERPART).asked_of
        asked = list(predicate.ask)
        self._matcher = next((role for role in asked if role in known), asked[0])

    def message(
        self,
        verdict: Verdict,
        evidence: Sequence[Evidence],
        absent: Sequence[Attribute],
        about: tuple[Participant, Participant | None, str | None],
    ) -> str:
        """What the verdict is; if it is undecided, for want of what."""
        if verdict is Verdict.CLEAR:
            return self.clear
        if verdict is Verdict.UNDECIDED and absent:
            labels = dict.fromkeys([attribute.label for attribute in absent])
            return f"Not stated: {', '.join(labels)}."
        subject, target, item = about
        words = {"subject": subject.label, "object": target.label if target else ""}
        words |= {"item": item or "", **_values(evidence)}
        if verdict is Verdict.MISMATCH or self.predicate.kind == "completeness":
            return self._filled(words)
        if len(self._slots) > 1 and all(words.get(slot) for slot in self._slots):
            return f"{self._filled(words)} Whether these agree cannot be told."
        return f"Not enough is stated to tell whether {self._lower}"

    def _filled(self, words: Mapping[str, str]) -> str:
        """The message with each `{slot}` filled; what stands in [brackets] falls away where its
        slot is empty.
        """

        def optional(segment: re.Match[str]) -> str:
            slots = _SLOT.findall(segment[1])
            return segment[1] if all(words.get(slot) for slot in slots) else ""

        kept = _OPTIONAL.sub(optional, self.predicate.message)
        return _SLOT.sub(lambda slot: words.get(slot[1]) or "nothing stated", kept)

    def asked(self, absent: Sequence[Attribute]) -> tuple[Question, ...]:
        """The questions to whoever knows what is not stated; if nobody does, all."""
        names = tuple([attribute.name for attribute in absent])
        if names not in self._asked:
            knowing = {role for attribute in absent for role in attribute.asked_of}
            found = tuple(one for one in self.questions if one.role in knowing)
            self._asked[names] = found or self.questions
        return self._asked[names]

    def confirmations(self, questions: Iterator[str]) -> Iterator[Question]:
        """What to ask whoever knows which parts correspond: of the roles asked, if one of them
        does.
        """
        return (Question(self._matcher, question) for question in questions)


def _values(evidence: Iterable[Evidence]) -> dict[str, str]:
    """What the evidence says under each name, in words."""
    stated = [(one.name, one.value, one.unit) for one in evidence if one.value is not None]
    found: dict[str, dict[str, None]] = {}
    # Two amounts that differ must not read alike: one byte over the limit is over it.
    words = [worded(value, unit, 3) for _, value, unit in stated]
    if len(set(words)) < len({(value, unit) for _, value, unit in stated}):
        words = [worded(value, unit, _EVERY_DIGIT) for _, value, unit in stated]
    for (name, _, _), text in zip(stated, words, strict=True):
        found.setdefault(name, {})[text] = None
    return {name: " and ".join(values) for name, values in found.items()}


@lru_cache(1 << 14, typed=True)
def worded(value: Value, unit: str, digits: int) -> str:
    """A value as a sentence says it, an amount with so many digits.

    >>> worded(0.123456, "", 3), worded(True, "", 3)
    ('0.123', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not unit:
        return f"{value:.3g}"
    return shown(value, unit, digits)
