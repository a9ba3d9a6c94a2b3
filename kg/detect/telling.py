"""Makes findings of answers: elements, evidence, message, and whom to ask."""

from collections.abc import Iterable, Mapping

from kg.detect.aligning import Aligner
from kg.detect.batch import Batch
from kg.detect.by_query import Answer, Rows
from kg.detect.evidence import Reader, Witness
from kg.detect.naming import Namer
from kg.detect.wording import Words
from kg.findings import IN_PROSE, Evidence, Finding, Severity, Verdict
from kg.sparql.values import text_of
from kg.workspace import Facts


class Scene:
    """What the findings of one batch are told from; what several need is looked up once."""

    def __init__(self, batch: Batch, projects: Mapping[str, Facts]) -> None:
        self.batch = batch
        self.namer = Namer(batch)
        self.aligner = Aligner(batch)
        self.witness = Witness(batch, projects)


class Teller:
    """Makes findings of one predicate's answers."""

    def __init__(self, words: Words, reader: Reader) -> None:
        self._words = words
        self._reader = reader
        self._reference = reader.ready.place("reference")

    def finding(self, answer: Answer, scene: Scene) -> Finding:
        """The answer as reports tell it."""
        words, predicate = self._words, self._words.predicate
        attributes = scene.batch.vocabulary.attributes
        evidence = scene.witness.evidence(self._reader, answer.rows)
        absent = [attributes[one.attribute] for one in evidence if one.value is None]
        asked = words.asked(absent) if answer.verdict is Verdict.UNDECIDED else words.questions
        loose = scene.aligner.pairs(answer)
        if loose:
            evidence += scene.aligner.evidence(loose)
            asked += tuple(words.confirmations(scene.aligner.questions(loose)))
        subject, target = scene.namer.participants(answer.subject, answer.object)
        item = scene.namer.item(answer.item) if answer.item else None
        return Finding(
            predicate=predicate.id,
            verdict=answer.verdict,
            severity=_severity(predicate.severity, evidence),
            kind=predicate.kind,
            mismatches=predicate.detects,
            subject=subject,
            object=target,
            item=item,
            evidence=tuple(evidence),
            message=words.message(answer.verdict, evidence, absent, (subject, target, item)),
            consequence=predicate.hurts,
            remedy=predicate.remedy,
            ask=asked,
            references=self._references(answer.rows),
        )

    def _references(self, rows: Rows) -> tuple[str, ...]:
        """The references; of a scheme of which the rows name some, only those."""
        if self._reference is None:
            return self._words.references
        named = {text_of(cells[self._reference]) for cells, _ in rows if cells[self._reference]}
        schemes = {name.partition(":")[0] for name in named}
        return tuple(
            one
            for one in self._words.references
            if one in named or one.partition(":")[0] not in schemes
        )


def _severity(given: Severity, evidence: Iterable[Evidence]) -> Severity:
    """The severity, at most that of a warning where the verdict rests on what only prose says.

    Where one thing is stated in several ways, two that are no prose contradict each other without
    it.
    """
    if given is not Severity.VIOLATION or not any(one.status == IN_PROSE for one in evidence):
        return given
    stated = [one for one in evidence if one.sources]
    firm = [one for one in stated if one.status != IN_PROSE]
    without_prose = len({one.name for one in stated}) == 1 and len(firm) > 1
    return given if without_prose or len(firm) == len(stated) else Severity.WARNING
