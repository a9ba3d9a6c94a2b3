"""Puts a predicate's answer into words: elements, evidence, message, whom to ask, and a
fingerprint.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from kg.catalogue import Predicate
from kg.detect.aligning import Aligner
from kg.detect.batch import Batch, Loose
from kg.detect.by_query import Answer
from kg.detect.evidence import Reader, Rows, Witness
from kg.detect.naming import Namer
from kg.detect.terms import text_of
from kg.findings import SCHEMA, Evidence, Finding, Participant, Question, Verdict
from kg.units import shown
from kg.vocabulary import Attribute, Vocabulary
from kg.workspace import Origins

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
        self._attributes = vocabulary.attributes
        self._slots = set(_SLOT.findall(_OPTIONAL.sub("", predicate.message))) - _PARTICIPANTS
        self._lower = f"{predicate.when[0].lower()}{predicate.when[1:]}"
        known = vocabulary.attribute(_COUNTERPART).asked_of
        asked = list(predicate.ask)
        self._matcher = next((role for role in asked if role in known), asked[0])

    def message(
        self,
        verdict: Verdict,
        words: dict[str, str],
        evidence: Sequence[Evidence],
        absent: Sequence[Attribute],
    ) -> str:
        """What the verdict is, given the words for what it is about; if it is undecided, for want
        of what.
        """
        if verdict is Verdict.CLEAR:
            return f"Checked, and not so: {self.predicate.when}"
        if verdict is Verdict.UNDECIDED and absent:
            labels = dict.fromkeys(attribute.label for attribute in absent)
            return f"Not stated: {', '.join(labels)}."
        words |= _values(evidence)
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
        knowing = {role for attribute in absent for role in attribute.asked_of}
        found = tuple(one for one in self.questions if one.role in knowing)
        return found or self.questions

    def confirmations(self, questions: Iterator[str]) -> Iterator[Question]:
        """What to ask whoever knows which parts correspond: of the roles asked, if one of them
        does.
        """
        return (Question(self._matcher, question) for question in questions)


class Teller:
    """Makes findings of one predicate's answers."""

    def __init__(
        self,
        words: Words,
        reader: Reader,
        batch: Batch,
        namer: Namer,
        origins: Mapping[str, Origins],
    ) -> None:
        self._words = words
        self._namer = namer
        self._reference = reader.query.place("reference")
        self._attributes = batch.vocabulary.attributes
        self._witness = Witness(reader, batch, origins)
        self._aligner = Aligner(batch)

    def finding(self, answer: Answer) -> Finding:
        """The answer as reports tell it."""
        evidence = self._witness.evidence(answer.rows)
        loose = self._aligner.pairs(answer)
        absent = [self._attributes[one.attribute] for one in evidence if one.value is None]
        asked = self._words.questions
        if answer.verdict is Verdict.UNDECIDED:
            asked = self._words.asked(absent)
        if loose:
            asked += tuple(self._words.confirmations(self._aligner.questions(loose)))
        return self._finding(answer, evidence, absent, loose, asked)

    def briefly(self, answer: Answer) -> Finding:
        """That the answer is clear, and nothing of why."""
        return self._finding(answer, [], [], [], self._words.questions)

    def _finding(
        self,
        answer: Answer,
        evidence: list[Evidence],
        absent: list[Attribute],
        loose: list[Loose],
        asked: tuple[Question, ...],
    ) -> Finding:
        predicate = self._words.predicate
        subject, target = self._namer.participants(answer.subject, answer.object)
        item = self._namer.item(answer.item) if answer.item else None
        words = {"subject": subject.label, "object": target.label if target else ""}
        words["item"] = item or ""
        return Finding(
            predicate=predicate.id,
            verdict=answer.verdict,
            severity=predicate.severity,
            kind=predicate.kind,
            mismatches=predicate.detects,
            subject=subject,
            object=target,
            item=item,
            evidence=(*evidence, *self._aligner.evidence(loose)),
            message=self._words.message(answer.verdict, words, evidence, absent),
            consequence=predicate.hurts,
            remedy=predicate.remedy,
            ask=asked,
            references=self._references(answer.rows),
            fingerprint=_fingerprint(predicate.id, subject, target, item),
        )

    def _references(self, rows: Rows) -> tuple[str, ...]:
        """The references; of a scheme of which the rows name some, only those."""
        if self._reference is None:
            return self._words.references
        cells = {cells[self._reference] for cells, _ in rows}
        named = {text_of(cell) for cell in cells if cell}
        schemes = {name.partition(":")[0] for name in named}
        return tuple(
            one
            for one in self._words.references
            if one in named or one.partition(":")[0] not in schemes
        )


def _values(evidence: Iterable[Evidence]) -> dict[str, str]:
    """What the evidence says under each name, in words."""
    found: dict[str, dict[str, None]] = {}
    stated = [one for one in evidence if one.value is not None]
    # Two amounts that differ must not read alike: one byte over the limit is over it.
    alike = len({_worded(one) for one in stated}) < len({(one.value, one.unit) for one in stated})
    for one in stated:
        found.setdefault(one.name, {})[_worded(one, _EVERY_DIGIT if alike else 3)] = None
    return {name: " and ".join(values) for name, values in found.items()}


def _worded(evidence: Evidence, digits: int = 3) -> str:
    value = evidence.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, float) and not evidence.unit:
        return f"{value:.3g}"
    return shown(value, evidence.unit, digits)


def _fingerprint(
    predicate: str, subject: Participant, target: Participant | None, item: str | None
) -> str:
    parts = (SCHEMA, predicate, subject.name, target.name if target else "", item or "")
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
