"""Attribute sets: what a format, or an importer of ours, can state, and what could be detected from
it alone.

An importer says what it states; an alignment names the attributes that another vocabulary has terms
for. Both are found by their files, so whoever adds one has its set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from kg.alignments import read_alignment
from kg.errors import NotFound
from kg.extensions import knowledge_files, modules
from kg.gaps.coverage import Coverage, coverage
from kg.gaps.mapping import keys_of
from kg.gaps.needs import Needs
from kg.gaps.relations import Relations
from kg.importers import Importer
from kg.namespaces import iri, local
from kg.paths import knowledge_roots
from kg.triples import read_triples
from kg.vocabulary import Vocabulary

_SEI = "sei"
_ALIGNMENTS = "ontology/alignments"
# What the study proposes is no format, and the SEI's keys are read as their importer reads them.
_NO_SETS = frozenset({"study", "sei-descriptors"})
_MATCHES = tuple(f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow"))


@dataclass(frozen=True, slots=True)
class AttributeSet:
    """The attributes that can be stated in some way."""

    name: str
    title: str
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetGaps:
    """What could be detected from a set alone, and which of its attributes no predicate reads."""

    of: AttributeSet
    coverage: Coverage
    unread: tuple[str, ...]


def set_gaps(known: Relations, needs: Mapping[str, Needs], held: AttributeSet) -> SetGaps:
    """The gaps of one set."""
    keys = keys_of(known.vocabulary)
    unread = sorted(name for name in held.attributes - keys if not known.read_by(name))
    return SetGaps(held, coverage(known, needs, held.attributes), tuple(unread))


def attribute_sets(
    vocabulary: Vocabulary, knowledge: Iterable[Path] = ()
) -> Mapping[str, AttributeSet]:
    """Every set by its name, in alphabetical order; an importer and an alignment of one name are
    one.
    """
    found = {one.name: one for one in _of_importers(vocabulary)}
    for one in _of_alignments(vocabulary, tuple(knowledge)):
        other = found.get(one.name)
        found[one.name] = (
            AttributeSet(one.name, other.title, one.attributes | other.attributes) if other else one
        )
    return dict(sorted(found.items()))


def attribute_set(
    name: str, vocabulary: Vocabulary, knowledge: Iterable[Path] = ()
) -> AttributeSet:
    """The set of that name; raises NotFound with those that there are."""
    found = attribute_sets(vocabulary, knowledge)
    try:
        return found[name.lower()]
    except KeyError:
        raise NotFound(
            f"There is no attribute set {name}", f"Use one of {', '.join(found)}"
        ) from None


def _of_importers(vocabulary: Vocabulary) -> Iterable[AttributeSet]:
    """What each importer states; one that states whatever stands in its file has no set."""
    for name, module in modules("kg.importers").items():
        importer = cast("Importer", module)
        if name == _SEI:
            yield AttributeSet(name, importer.TITLE, _of_sei(vocabulary))
        elif importer.STATES:
            yield AttributeSet(name, importer.TITLE, importer.STATES)


def _of_sei(vocabulary: Vocabulary) -> frozenset[str]:
    """What the newest version of the SEI's descriptors has keys for."""
    keys = read_alignment(vocabulary).keys.values()
    return frozenset(a.name for key in keys if not key.is_older for a in key.attributes)


def _of_alignments(vocabulary: Vocabulary, knowledge: tuple[Path, ...]) -> Iterable[AttributeSet]:
    for path in knowledge_files(tuple(knowledge_roots(knowledge)), _ALIGNMENTS, "ttl"):
        if path.stem not in _NO_SETS:
            attributes = frozenset(_aligned(path)) & vocabulary.attributes.keys()
            if attributes:
                yield AttributeSet(path.stem, f"Terms of {path.stem}", frozenset(attributes))


@cache
def _aligned(path: Path) -> tuple[str, ...]:
    """Our terms that the file matches with others', whichever stands first."""
    matches = frozenset(map(iri, _MATCHES))
    triples = [one for one in read_triples([path]) if one[1] in matches]
    return tuple(local(end) for subject, _, term in triples for end in (subject, term.value))
