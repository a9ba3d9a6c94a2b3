"""Puts a predicate's answer into words: elements, evidence, message, whom to ask, and a
fingerprint.
"""

import re
from collections.abc import Iterator, Mapping
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
from kg.workspace import Origins

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_EVERY_DIGIT = 20
_COUNTERPART = "counterpart"
_PARTICIPANTS = {"subject", "object", "item"}
_SLOT = re.compile(r"\{(\w+)\}")


class Teller:
    """Makes findings of one predicate's answers."""

    def __init__(
        self,
        predicate: Predicate,
        reader: Reader,
        batch: Batch,
        namer: Namer,
        origins: Mapping[str, Origins],
    ) -> None:
        self._predicate = predicate
        self._batch = batch
        self._namer = namer
        self._origins = origins
        self._witness = Witness(reader, batch)
        self._aligner = Aligner(batch)

    def finding(self, answer: Answer, *, briefly: bool = False) -> Finding:
        """The answer as reports tell it; briefly, that it is clear, and nothing of why."""
        predicate, row = self._predicate, answer.first
        subject = self._namer.participant(row["subject"])
        target = self._namer.participant(row["object"]) if "object" in row else None
        if target and self._namer.project(target) != self._namer.project(subject):
            subject, target = map(self._namer.of_project, (subject, target))
        item = self._namer.item(row["item"]) if "item" in row else None
        rows = () if briefly else answer.rows
        evidence = self._witness.evidence(rows, self._origins) if rows else ()
        loose = self._aligner.pairs(answer.verdict, [row for row, _ in rows])
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
            message=self._message(answer.verdict, subject, target, item, evidence),
            consequence=predicate.hurts,
            remedy=predicate.remedy,
            ask=(*self._questions(answer.verdict, evidence), *self._confirmations(loose)),
            references=_narrowed(predicate.references, rows),
            fingerprint=_fingerprint(predicate.id, subject, target, item),
        )

    def _message(
        self,
        verdict: Verdict,
        subject: Participant,
        target: Participant | None,
        item: str | None,
        evidence: tuple[Evidence, ...],
    ) -> str:
        words = {
            "subject": subject.label,
            "object": target.label if target else "",
            "item": item or "",
        }
        words |= _values(evidence)
        told = _filled(self._predicate.message, words)
        if verdict is Verdict.CLEAR:
            return f"Checked, and not so: {self._predicate.when}"
        if verdict is Verdict.MISMATCH:
            return told
        absent = [
            self._batch.vocabulary.attributes[e.attribute].label
            for e in evidence
            if e.value is None
        ]
        if absent:
            return f"Not stated: {', '.join(dict.fromkeys(absent))}."
        if self._predicate.kind == "completeness":
            return told
        values = set(_SLOT.findall(_OPTIONAL.sub("", self._predicate.message))) - _PARTICIPANTS
        if len(values) > 1 and all(words.get(value) for value in values):
            return f"{told} Whether these agree cannot be told."
        when = self._predicate.when
        return f"Not enough is stated to tell whether {when[0].lower()}{when[1:]}"

    def _questions(self, verdict: Verdict, evidence: tuple[Evidence, ...]) -> tuple[Question, ...]:
        """The predicate's questions; of an undecided verdict, those to whoever knows what is not
        stated.
        """
        roles = set(self._predicate.ask)
        if verdict is Verdict.UNDECIDED:
            attributes = self._batch.vocabulary.attributes
            absent = [attributes[e.attribute] for e in evidence if e.value is None]
            roles &= {role for attribute in absent for role in attribute.asked_of} or roles
            roles = roles or set(self._predicate.ask)
        return tuple(Question(r, q) for r, q in self._predicate.ask.items() if r in roles)

    def _confirmations(self, loose: list[Loose]) -> Iterator[Question]:
        """What to ask whoever knows which parts correspond: of the roles asked, if one of them
        does.
        """
        known = self._batch.vocabulary.attribute(_COUNTERPART).asked_of
        asked = list(self._predicate.ask)
        role = next((role for role in asked if role in known), asked[0])
        yield from (Question(role, question) for question in self._aligner.questions(loose))


def _narrowed(references: tuple[str, ...], rows: Rows) -> tuple[str, ...]:
    """The references; of a scheme of which the rows name some, only those."""
    named = {text_of(row["reference"]) for row, _ in rows if "reference" in row}
    schemes = {name.partition(":")[0] for name in named}
    return tuple(one for one in references if one in named or one.partition(":")[0] not in schemes)


def _values(evidence: tuple[Evidence, ...]) -> dict[str, str]:
    """What the evidence says under each name, in words."""
    found: dict[str, dict[str, None]] = {}
    stated = [one for one in evidence if one.value is not None]
    # Two amounts that differ must not read alike: one byte over the limit is over it.
    alike = len({_worded(one) for one in stated}) < len({(one.value, one.unit) for one in stated})
    for one in stated:
        found.setdefault(one.name, {})[_worded(one, _EVERY_DIGIT if alike else 3)] = None
    return {name: " and ".join(values) for name, values in found.items()}


def _filled(template: str, words: Mapping[str, str]) -> str:
    """The template with each `{slot}` filled; what stands in [brackets] falls away where its slot
    is empty.
    """

    def optional(segment: re.Match[str]) -> str:
        slots = _SLOT.findall(segment[1])
        return segment[1] if all(words.get(slot) for slot in slots) else ""

    kept = _OPTIONAL.sub(optional, template)
    return _SLOT.sub(lambda slot: words.get(slot[1]) or "nothing stated", kept)


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
