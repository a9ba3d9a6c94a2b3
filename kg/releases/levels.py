"""What a change does to whoever uses the ontology, told for each thing that is said of a term."""

from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

from kg.releases.reading import Ontology

Said: TypeAlias = frozenset[str]


class Level(IntEnum):
    """What a change does: nothing, only to readers, adds something, or breaks what was right."""

    NONE = 0
    WORDING = 1
    ADDING = 2
    BREAKING = 3


Judge: TypeAlias = Callable[[Said, Said, Ontology], Level]


def _wording(_before: Said, _after: Said, _new: Ontology) -> Level:
    return Level.WORDING


def _breaking(_before: Said, _after: Said, _new: Ontology) -> Level:
    return Level.BREAKING


def _adding(_before: Said, _after: Said, _new: Ontology) -> Level:
    return Level.ADDING


def _kept(before: Said, after: Said, _new: Ontology) -> Level:
    """More is welcome, and what goes was relied on."""
    return Level.ADDING if before <= after else Level.BREAKING


def _loosened(before: Said, after: Said, _new: Ontology) -> Level:
    """A rule that goes lets in more; one that comes, or is another, shuts out what was right."""
    return Level.ADDING if after <= before else Level.BREAKING


def _widened(before: Said, after: Said, new: Ontology) -> Level:
    """A class above the old one takes in all that the old one did."""
    wide = all(any(now in new.above(old) for now in after) for old in before)
    return Level.ADDING if before and after and wide else Level.BREAKING


def _bounded(before: Said, after: Said, _new: Ontology) -> Level:
    """Bounds that lie further out, or are gone, let in all that was right."""
    known = dict(text.rpartition(" ")[::2] for text in before)
    for facet, text in (bound.rpartition(" ")[::2] for bound in after):
        old = known.get(facet)
        wide = old == text or (
            old is not None
            and facet in _FURTHER
            and _FURTHER[facet] * float(text) >= _FURTHER[facet] * float(old)
        )
        if not wide:
            return Level.BREAKING
    return Level.ADDING


_FURTHER = {"maxInclusive": 1, "minInclusive": -1, "minLength": -1}

ASPECTS: dict[str, tuple[str, Judge]] = {
    "rdf:type": ("kind", _breaking),
    "rdfs:label": ("label", _wording),
    "skos:prefLabel": ("label", _kept),
    "skos:definition": ("definition", _wording),
    "skos:example": ("example", _wording),
    "skos:altLabel": ("other names", _kept),
    "skos:notation": ("code", _breaking),
    "skos:broader": ("category", _adding),
    "rdfs:subClassOf": ("kind of", _kept),
    "rdfs:subPropertyOf": ("kind of", _kept),
    "rdfs:domain": ("stated of", _widened),
    "rdfs:range": ("takes", _breaking),
    "owl:equivalentClass": ("bounds", _bounded),
    "mm:unit": ("unit", _breaking),
    "mm:key": ("key", _breaking),
    "mm:single": ("one value at a time", _loosened),
    "mm:informs": ("informs", _adding),
    "mm:askedOf": ("who is asked", _adding),
}
"""What is compared of a term: by predicate its name in words, and who judges a change of it."""
