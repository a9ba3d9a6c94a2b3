"""A batch of projects in memory: one graph of distinct triples, with the facts of the ontology that
predicates join on.

Mostly a batch is one project; several are together where a predicate compares them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg.namespaces import iri
from kg.sparql import Index, Term, relations, together
from kg.sparql.values import text_of
from kg.vocabulary import Vocabulary
from kg.workspace import Facts
from kg.writing import literal, reference, triple

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
_ELEMENT, _ALIGNMENT, _FIRST, _SECOND = map(
    reference, ("mm:element", "mm:alignment", "mm:firstPart", "mm:secondPart")
)


@dataclass(frozen=True, slots=True)
class Loose:
    """Two parts that correspond, or may, though their names are not the same."""

    first: Term
    second: Term
    alignment: str


class Ground:
    """What every batch stands on: the facts of the ontology, read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.index = Index(relations(ontology_facts(vocabulary)))


@lru_cache(maxsize=4)
def ground_of(vocabulary: Vocabulary) -> Ground:
    """What every batch stands on, made once for a vocabulary."""
    return Ground(vocabulary)


class Batch:
    """Projects' current triples, ready to be asked."""

    def __init__(self, projects: Iterable[Facts], ground: Ground) -> None:
        self.vocabulary = ground.vocabulary
        self._facts = tuple(projects)
        own = [facts.relations for facts in self._facts]
        self.index = Index(own[0] if len(own) == 1 else together(own), ground.index)

    def objects(self, subject: Term, predicate: Term) -> Collection[Term]:
        """The objects that the subject has for the predicate."""
        return self.index.objects(subject, predicate)

    def subjects(self, predicate: Term, value: Term) -> Collection[Term]:
        """The subjects that have the object for the predicate."""
        return self.index.subjects(predicate, value)

    @cached_property
    def loose(self) -> Mapping[Term, list[Loose]]:
        """The pairs of parts that not one name makes, by each of the two."""
        found: dict[Term, list[Loose]] = defaultdict(list)
        for alignment in _LOOSE:
            for pair in self.subjects(_ALIGNMENT, literal(alignment)):
                first, second = (min(self.objects(pair, end)) for end in (_FIRST, _SECOND))
                for end in (first, second):
                    found[end].append(Loose(first, second, alignment))
        return found

    @cached_property
    def projects(self) -> Mapping[str, str]:
        """The project's IRI of every element's IRI, and of its own."""
        found = {facts.iri: facts.iri for facts in self._facts}
        for facts in self._facts:
            elements = self.objects(reference(facts.iri), _ELEMENT)
            found |= {text_of(one): facts.iri for one in elements}
        return found

    @cached_property
    def owners(self) -> Mapping[Term, str]:
        """The same by the terms of the elements and of the projects."""
        return {f"<{name}>": project for name, project in self.projects.items()}

    def project(self, element: Term) -> str:
        """The IRI of the project that an element belongs to, if there is one."""
        return self.owners.get(element, "")


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


def _readable(name: str, vocabulary: Vocabulary) -> list[str]:
    """The type itself and all that it can be read as, step by step."""
    found = [name]
    for current in found:
        steps = vocabulary.triples.locals(current, "mm:readableAs")
        found += [step for step in steps if step not in found]
    return found


def _written(value: str, datatype: str) -> str:
    if not datatype:
        return reference(value)
    return literal(value, datatype.replace(iri("xsd:"), "xsd:"))
