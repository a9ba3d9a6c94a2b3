"""Tells which parts a verdict takes for counterparts though their names differ, and asks of those
that may be some.

Declared counterparts and those of one name need no word; what is only guessed is used by no
predicate.
"""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.detect.batch import Batch, Loose, Solution, Term
from kg.findings import Evidence, Verdict
from kg.namespaces import iri, local
from kg.vocabulary import Element

_SIGNS = {"aligned": "~", "broader": "<", "ambiguous": "?", "guessed": "?"}
_STATUS = {
    "aligned": "aligned by name",
    "broader": "by a broader term",
    "ambiguous": "several are alike",
    "guessed": "a guess, not used",
}
_QUESTIONABLE = {"ambiguous", "guessed"}
_ENDS = ("subject", "object")


class Aligner:
    """Finds the pairs that a finding's rows lean on, and words them."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def pairs(self, verdict: Verdict, rows: tuple[Solution, ...]) -> list[Loose]:
        """The pairs between parts of the two elements, of which a row binds one; what may be a pair
        is of interest until the verdict is clear.
        """
        found: dict[Loose, None] = {}
        for row in rows:
            elements = {row[end].value for end in _ENDS if end in row}
            for name, term in row.items():
                if name not in _ENDS and isinstance(term, ox.NamedNode):
                    for pair in self._batch.loose.get(term.value, ()):
                        asks = pair.alignment in _QUESTIONABLE
                        if self._between(pair, elements) and not (
                            asks and verdict is Verdict.CLEAR
                        ):
                            found[pair] = None
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

    def _between(self, pair: Loose, elements: set[str]) -> bool:
        owners = {owner for end in (pair.first, pair.second) for owner in self._owners(end)}
        return owners <= elements

    def _owners(self, part: Term) -> list[str]:
        return [owner.value for owner in self._batch.objects(part, iri("mm:partOf"))]

    def _owner(self, part: Term) -> str:
        owner = ox.NamedNode(self._owners(part)[0])
        return self._label(owner, self._batch.vocabulary.elements)

    def _kind(self, part: Term) -> str:
        return self._label(part, self._batch.vocabulary.parts)

    def _label(self, term: Term, known: Mapping[str, Element]) -> str:
        """What people call the most special of the term's classes."""
        vocabulary = self._batch.vocabulary
        kinds = [local(kind.value) for kind in self._batch.objects(term, iri("rdf:type"))]
        kind = max(
            (name for name in kinds if name in known),
            key=lambda name: (len(vocabulary.ancestors(name)), name),
        )
        return known[kind].label

    def _name(self, part: Term) -> str:
        """The first of the part's names, if it has one."""
        names = (name.value for name in self._batch.objects(part, iri("mm:name")))
        return min(names, default="")
