"""The gaps of the mapping: what the three relations should join and do not.

Names by which parts are known are no attributes here: they state nothing of a part. Nor is it a
stray read where an attribute only leads to a part of which the predicate reads something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from kg.gaps.relations import Relations
from kg.namespaces import iri
from kg.triples import Triples
from kg.vocabulary import Attribute, Vocabulary

UNINFORMED, UNDETECTED, UNCOMPARED = (
    "uninformed-mismatch",
    "undetected-mismatch",
    "uncompared-mismatch",
)
UNMAPPED, UNREAD, STRAY, IDLE = (
    "unmapped-attribute",
    "unread-attribute",
    "stray-read",
    "idle-excuse",
)
KINDS = (UNINFORMED, UNDETECTED, UNCOMPARED, UNMAPPED, UNREAD, STRAY, IDLE)
"""The kinds of gaps, as `ontology/values/gap-kind.ttl` tells them."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not joined: a mismatch's code, an attribute's name or an excuse's; of a
    stray read the predicate is the `reader`.

    An `excuse` tells why it is meant; without one, the gap is to be closed.
    """

    kind: str
    term: str
    reader: str = ""
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why a gap is meant, as the ontology says it; of stray reads for which `readers`."""

    name: str
    kind: str
    terms: tuple[str, ...]
    readers: tuple[str, ...]
    because: str

    def covers(self, gap: Gap) -> bool:
        """Whether the gap is one that it excuses."""
        if gap.kind != self.kind or gap.term not in self.terms:
            return False
        return not self.readers or gap.reader in self.readers


def gaps(known: Relations) -> tuple[Gap, ...]:
    """Every gap of the mapping, kind by kind, with its excuse where there is one."""
    excuses = tuple(excuses_of(known))
    found = [gap for look in _LOOKS for gap in look(known)]
    excused = [replace(gap, excuse=_excuse(gap, excuses)) for gap in found]
    idle = (Gap(IDLE, name) for name in sorted(_idle(excuses, found)))
    return (*sorted(excused, key=_order), *idle)


def excuses_of(known: Relations) -> Iterator[Excuse]:
    """The excuses that the ontology states."""
    triples, codes = known.vocabulary.triples, {m.name: m.code for m in known.mismatches}
    for name in triples.subjects("rdf:type", "mm:GapExcuse"):
        yield Excuse(
            name=name,
            kind=next(iter(triples.locals(name, "mm:excusedKind")), ""),
            terms=tuple(codes.get(term, term) for term in triples.locals(name, "mm:excuses")),
            readers=tuple(_readers(triples, name)),
            because=triples.value(name, "mm:because"),
        )


def keys_of(vocabulary: Vocabulary) -> frozenset[str]:
    """The attributes by which parts are known, which state nothing of them."""
    parts = vocabulary.parts
    return frozenset(key for name in parts for key in _keys(vocabulary.triples, name))


def _keys(triples: Triples, name: str) -> Iterator[str]:
    for keys in triples.values(name, "owl:hasKey"):
        yield from (key.removeprefix(iri("mm:")) for key in triples.members(keys))


def _readers(triples: Triples, name: str) -> Iterator[str]:
    for reader in triples.values(name, "mm:excusedReader"):
        yield reader.removeprefix(iri("mms:"))


def _order(gap: Gap) -> tuple[int, str, str]:
    return KINDS.index(gap.kind), gap.reader, gap.term


def _excuse(gap: Gap, excuses: tuple[Excuse, ...]) -> str:
    return next((one.because for one in excuses if one.covers(gap)), "")


def _idle(excuses: tuple[Excuse, ...], found: list[Gap]) -> Iterator[str]:
    """The excuses of which some term, or some reader, excuses nothing."""
    for one in excuses:
        covered = list(filter(one.covers, found))
        terms, readers = {gap.term for gap in covered}, {gap.reader for gap in covered}
        if not (terms >= {*one.terms} and readers >= {*one.readers}):
            yield one.name


# -- one look a kind ------------------------------------------------------------------------------


def _uninformed(known: Relations) -> Iterator[Gap]:
    for mismatch in known.mismatches:
        if not known.informed_by(mismatch.code):
            yield Gap(UNINFORMED, mismatch.code)


def _undetected(known: Relations) -> Iterator[Gap]:
    for mismatch in known.mismatches:
        if not known.detected_by(mismatch.code):
            yield Gap(UNDETECTED, mismatch.code)


def _uncompared(known: Relations) -> Iterator[Gap]:
    for mismatch in known.mismatches:
        detectors = known.detected_by(mismatch.code)
        if detectors and not any(map(known.compares, detectors)):
            yield Gap(UNCOMPARED, mismatch.code)


def _unmapped(known: Relations) -> Iterator[Gap]:
    for attribute in _stated(known):
        if not attribute.informs:
            yield Gap(UNMAPPED, attribute.name)


def _unread(known: Relations) -> Iterator[Gap]:
    for attribute in _stated(known):
        if attribute.informs and not known.read_by(attribute.name):
            yield Gap(UNREAD, attribute.name)


def _stray(known: Relations) -> Iterator[Gap]:
    keys = keys_of(known.vocabulary)
    for predicate in known.predicates:
        read = [known.vocabulary.attributes[name] for name in known.reads(predicate.id)]
        told = [attribute for attribute in read if attribute.name not in keys]
        for attribute in told:
            informs = set(known.informs(attribute.name)) & set(predicate.detects)
            if not informs and not _leads_on(attribute, told, known.vocabulary):
                yield Gap(STRAY, attribute.name, predicate.id)


def _leads_on(attribute: Attribute, read: list[Attribute], vocabulary: Vocabulary) -> bool:
    """Whether the attribute leads to a part, and something that is stated of it is read as well."""
    part = attribute.range.name
    return attribute.range.kind == "part" and any(
        other is not attribute
        and (
            part in vocabulary.ancestors(other.domain) or other.domain in vocabulary.ancestors(part)
        )
        for other in read
    )


def _stated(known: Relations) -> list[Attribute]:
    keys = keys_of(known.vocabulary)
    told = (one for one in known.vocabulary.attributes.values() if one.name not in keys)
    return sorted(told, key=attrgetter("name"))


_LOOKS = (_uninformed, _undetected, _uncompared, _unmapped, _unread, _stray)
