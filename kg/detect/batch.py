"""A batch of projects in memory: one graph of distinct triples, with the facts of the ontology that
predicates join on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import pyoxigraph as ox

from kg.demands import met
from kg.detect.arms import Arm
from kg.detect.terms import Term, text_of
from kg.errors import PredicateMalformed
from kg.namespaces import iri
from kg.vocabulary import Vocabulary
from kg.workspace import Facts
from kg.writing import literal, reference, triple

Cells: TypeAlias = list[str]
"""A solution: a cell for each variable, empty where it is unbound; else see `terms.canonical`."""
Index: TypeAlias = Mapping[tuple[Term, Term], Sequence[Term]]

_COPIED = (
    "mm:single",
    "rdfs:label",
    "rdfs:domain",
    "rdfs:range",
    "rdfs:subPropertyOf",
    "rdfs:subClassOf",
    "mm:metBy",
    "mm:suits",
    "skos:hiddenLabel",
)
_LOOSE = ("aligned", "broader", "ambiguous", "guessed")
_OURS = f"<{iri('mm:')}"
_ELEMENT, _TYPE = map(reference, ("mm:element", "rdf:type"))
_NONE: Sequence[Term] = ()
_FEW = 0.5
"""Of up to this share of its projects a batch asks by name; of more it asks all."""


@dataclass(frozen=True, slots=True)
class Loose:
    """Two parts that correspond, or may, though their names are not the same."""

    first: Term
    second: Term
    alignment: str


class Ground:
    """What every batch stands on: the facts of the ontology, written once and looked up."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.triples = ontology_facts(vocabulary)
        self.index: dict[tuple[Term, Term], list[Term]] = {}
        self.features = _taken_in(self.triples, self.index)


class Batch:
    """Projects' current triples, ready to be asked."""

    def __init__(self, projects: Iterable[Facts], ground: Ground) -> None:
        self.vocabulary = ground.vocabulary
        self._ground = ground
        self._facts = tuple(projects)
        self._index: dict[tuple[Term, Term], list[Term]] = {}
        self._members: dict[frozenset[str], list[list[Term]]] = {}
        marks: dict[str, bytearray] = defaultdict(lambda: bytearray(len(self._facts) // 8 + 1))
        for place, facts in enumerate(self._facts):
            for feature in _taken_in(facts.triples, self._index):
                marks[feature][place // 8] |= 1 << place % 8
        self._having = {feature: int.from_bytes(mask, "little") for feature, mask in marks.items()}
        self._having |= dict.fromkeys(ground.features, self._everybody)
        self._store = ox.Store()
        for text in (*(facts.triples for facts in self._facts), ground.triples):
            # Each was parsed when it was written, so nobody needs to look at each IRI again.
            self._store.bulk_load(input=text, format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def rows(self, arm: Arm) -> Iterator[Cells]:
        """The rows of an arm, asked only of those projects that have what it demands; raises
        PredicateMalformed.
        """
        mask = met(arm.demand, self._having, self._everybody)
        if not mask:
            return iter(())
        few = mask.bit_count() <= len(self._facts) * _FEW
        return self.table(arm.query(self._subjects(mask, arm.classes) if few else ()))

    def table(self, query: str) -> Iterator[Cells]:
        """The rows of a SELECT query, a cell for each variable; raises PredicateMalformed."""
        try:
            found = self._store.query(query)
        except (SyntaxError, ValueError) as error:
            raise PredicateMalformed(
                f"The query is refused: {error}", "Correct the query"
            ) from error
        if not isinstance(found, ox.QuerySolutions):
            raise PredicateMalformed("The query is no SELECT", "Write a SELECT")
        # As text in one go: a Python object for each term takes longer than the query.
        text = (found.serialize(format=ox.QueryResultsFormat.TSV) or b"").decode()
        return (line.split("\t") for line in text.split("\n")[1:-1])

    def holds(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Whether the triple is in the batch."""
        return value in self.objects(subject, predicate)

    def objects(self, subject: Term, predicate: Term) -> Sequence[Term]:
        """The objects that the subject has for the predicate."""
        key = subject, predicate
        return self._index.get(key) or self._ground.index.get(key, _NONE)

    def subjects(self, predicate: Term, value: Term) -> Sequence[Term]:
        """The subjects that have the object for the predicate."""
        return self._inverse.get((value, predicate), ())

    @property
    def _everybody(self) -> int:
        return (1 << len(self._facts)) - 1

    def _subjects(self, mask: int, classes: frozenset[str]) -> list[Term]:
        """What the projects in the mask hold of these classes; all, and the project itself, if none
        is named.
        """
        if classes not in self._members:
            self._members[classes] = [self._of(classes, facts) for facts in self._facts]
        held = self._members[classes]
        return [one for place in range(len(held)) if mask >> place & 1 for one in held[place]]

    def _of(self, classes: frozenset[str], facts: Facts) -> list[Term]:
        project = reference(facts.iri)
        held = [project, *self.objects(project, _ELEMENT)]
        if not classes:
            return held
        return [
            one
            for one in held
            if any(f"{_TYPE} {kind}" in classes for kind in self.objects(one, _TYPE))
        ]

    @cached_property
    def _inverse(self) -> Index:
        found: dict[tuple[Term, Term], list[Term]] = defaultdict(list)
        for (subject, predicate), values in self._index.items():
            for value in values:
                found[value, predicate].append(subject)
        return found

    @cached_property
    def loose(self) -> Mapping[Term, list[Loose]]:
        """The pairs of parts that not one name makes, by each of the two."""
        stated, first, second = map(reference, ("mm:alignment", "mm:firstPart", "mm:secondPart"))
        found: dict[Term, list[Loose]] = defaultdict(list)
        for alignment in _LOOSE:
            for pair in self.subjects(stated, literal(alignment)):
                one, other = (self.objects(pair, end)[0] for end in (first, second))
                for end in (one, other):
                    found[end].append(Loose(one, other, alignment))
        return found

    @cached_property
    def projects(self) -> Mapping[str, str]:
        """The project's IRI of every element's IRI, and of its own."""
        found = {facts.iri: facts.iri for facts in self._facts}
        for facts in self._facts:
            elements = self.objects(reference(facts.iri), _ELEMENT)
            found |= {text_of(one): facts.iri for one in elements}
        return found

    def project(self, element: Term) -> str:
        """The IRI of the project that an element belongs to, if there is one."""
        return self.projects.get(text_of(element), "")


def ontology_facts(vocabulary: Vocabulary) -> str:
    """What predicates join on, as N-Triples: labels, domains, which attribute is single, which type
    reads as which.
    """
    copied = {iri(name) for name in _COPIED}
    lines = [
        triple(subject, predicate, _written(term.value, term.datatype))
        for subject, predicate, term in vocabulary.triples
        if predicate in copied and not subject.startswith("_:") and not term.value.startswith("_:")
    ]
    lines += [
        triple(name, "mm:readableAs", reference(wider))
        for name in vocabulary.lists.get("DataType", {})
        for wider in _readable(name, vocabulary)
    ]
    return "\n".join(lines)


def _taken_in(triples: str, index: dict[tuple[Term, Term], list[Term]]) -> set[str]:
    """Add N-Triples, as we write them, to an index by subject and predicate; gives the features
    that they have.
    """
    found: set[str] = set()
    for line in triples.split("\n") if triples else ():
        subject, predicate, value = line[:-2].split(" ", 2)
        index.setdefault((subject, predicate), []).append(value)
        found.add(predicate)
        if value[0] == "<" and value.startswith(_OURS):
            found.add(f"{predicate} {value}")
    return found


def _readable(name: str, vocabulary: Vocabulary) -> list[str]:
    """The type itself and all that it can be read as, step by step."""
    found = [name]
    for current in found:
        steps = vocabulary.triples.locals(current, "mm:readableAs")
        found += [step for step in steps if step not in found]
    return found


def _written(value: str, datatype: str) -> str:
    return literal(value, datatype) if datatype else reference(value)
