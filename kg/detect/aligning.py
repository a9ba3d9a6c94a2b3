"""Tells which parts a verdict takes for counterparts though their names differ, and asks of those
that may be some.

Declared counterparts and those of one name need no word; what is only guessed is used by no
predicate.
"""

from collections.abc import Collection, Iterator, Mapping

from kg.detect.batch import Batch, Loose
from kg.detect.by_query import Answer
from kg.findings import Evidence, Verdict
from kg.namespaces import local
from kg.sparql import Term
from kg.sparql.values import text_of
from kg.vocabulary import Element
from kg.writing import reference

_SIGNS = {"aligned": "~", "broader": "<", "ambiguous": "?", "guessed": "?"}
_STATUS = {
    "aligned": "aligned by name",
    "broader": "by a broader term",
    "ambiguous": "several are alike",
    "guessed": "a guess, not used",
}
_QUESTIONABLE = {"ambiguous", "guessed"}
_PART_OF, _TYPE, _NAME = map(reference, ("mm:partOf", "rdf:type", "mm:name"))


class Aligner:
    """Finds the pairs that a finding's rows lean on, and words them."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def pairs(self, answer: Answer) -> list[Loose]:
        """The pairs between parts of the two elements, of which a row binds one; what may be a pair
        is of interest until the verdict is clear.
        """
        loose = self._batch.loose
        if not loose:
            return []
        ends = {answer.subject, answer.object}
        found = {
            pair: None
            for cells, _ in answer.rows
            for cell in cells
            if cell in loose and cell not in ends
            for pair in loose[cell]
            if self._between(pair, ends)
        }
        if answer.verdict is Verdict.CLEAR:
            return [pair for pair in found if pair.alignment not in _QUESTIONABLE]
        return list(found)

    def evidence(self, pairs: list[Loose]) -> Iterator[Evidence]:
        """The names of each pair, and what joins them."""
        for pair in pairs:
            first, second = self._name(pair.first), self._name(pair.second)
            if first and second:
                yield Evidence(
                    name=self._kind(pair.first),
                    attribute="alignment",
                    value=f"{first} {_SIGNS[pair.alignment]} {second}",
                    status=_STATUS[pair.alignment],
                )

    def questions(self, pairs: list[Loose]) -> Iterator[str]:
        """What to ask of each pair that may be one."""
        for pair in pairs:
            first, second = self._name(pair.first), self._name(pair.second)
            if pair.alignment in _QUESTIONABLE and first and second:
                yield (
                    f"Is `{second}` of the {self._owner(pair.second)} the {self._kind(pair.first)} "
                    f"`{first}` of the {self._owner(pair.first)}?"
                )

    def _between(self, pair: Loose, elements: set[Term]) -> bool:
        owners = {owner for end in (pair.first, pair.second) for owner in self._owners(end)}
        return owners <= elements

    def _owners(self, part: Term) -> Collection[Term]:
        return self._batch.objects(part, _PART_OF)

    def _owner(self, part: Term) -> str:
        return self._label(min(self._owners(part)), self._batch.vocabulary.elements)

    def _kind(self, part: Term) -> str:
        return self._label(part, self._batch.vocabulary.parts)

    def _label(self, term: Term, known: Mapping[str, Element]) -> str:
        """What people call the most special of the term's classes."""
        vocabulary = self._batch.vocabulary
        kinds = [local(text_of(kind)) for kind in self._batch.objects(term, _TYPE)]
        kind = max(
            (name for name in kinds if name in known),
            key=lambda name: (len(vocabulary.ancestors(name)), name),
        )
        return known[kind].label

    def _name(self, part: Term) -> str:
        """The first of the part's names, if it has one."""
        return min(map(text_of, self._batch.objects(part, _NAME)), default="")
