"""Makes the page that says what became of the study: its attributes, mismatches and predicates.

What the study's inventory is in our words stands in `ontology/alignments/study.ttl`; which of its
mismatches a predicate detects, in the predicate.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from kg.catalogue import Catalogue
from kg.derive import NOTE
from kg.derive._tables import head, page, row
from kg.namespaces import iri
from kg.vocabulary import Vocabulary

_HEAD = """# What became of the study

The study behind this project asked practitioners for mismatches and proposed, for each, the
attributes and the predicate that would detect it. This page says what each of its
{attributes} attributes, {mismatches} mismatches and {predicates} predicates is here.
"""

_ATTRIBUTES = """*The same* is one attribute here. *Shared* is one that several of the study's have
in common: a field's unit is one attribute, be the data raw, training or operational. *Split* is one
of theirs that is several here.
"""

_MATCHES = {
    "skos:exactMatch": "the same",
    "skos:broadMatch": "shared",
    "skos:narrowMatch": "split",
    "skos:closeMatch": "near",
}
_MISMATCH = re.compile(r"M[0-9]{2}-[0-9]{2}")
_ELEMENT = re.compile(r"[A-Z]{2}\.")


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """The page, in Markdown."""
    return {"docs/study-mapping.md": page(NOTE, _lines(vocabulary, catalogue))}


def _lines(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[str]:
    terms = _terms(vocabulary)
    attributes = [term for term in terms if _ELEMENT.match(term)]
    judged = [term for term in terms if _MISMATCH.fullmatch(term)]
    predicates = sorted(terms.keys() - {*attributes, *judged})
    detected = _detected(catalogue)
    yield _HEAD.format(
        attributes=len(attributes),
        mismatches=len({*detected, *judged}),
        predicates=len(predicates),
    )
    yield from ("## Mismatches", "")
    yield from head("mismatch", "detected by")
    for case in sorted({*detected, *judged}):
        told = ", ".join(f"`{name}`" for name in detected.get(case, ()))
        yield row(case, told or f"Only people can judge it: {terms[case]}")
    yield from ("", "## Predicates", "")
    yield from head("study", "here")
    for name in predicates:
        yield row(f"`{name}`", terms[name])
    yield from ("", "## Attributes", "", _ATTRIBUTES)
    yield from head("study", "here")
    for name in attributes:
        yield row(f"`{name}`", terms[name])


def _terms(vocabulary: Vocabulary) -> dict[str, str]:
    """What each of the study's terms is here, in words."""
    base = iri("study:")
    found: dict[str, None] = dict.fromkeys(s for s, _, _ in vocabulary.triples)
    names = [subject.removeprefix(base) for subject in found if subject.startswith(base)]
    return {name: " ".join(_told(vocabulary, name)) for name in names}


def _told(vocabulary: Vocabulary, name: str) -> Iterator[str]:
    for match, word in _MATCHES.items():
        ours = vocabulary.triples.locals(f"study:{name}", match)
        if ours:
            yield f"{word}: {', '.join(_shown(vocabulary, one) for one in ours)}"
    yield from vocabulary.triples.values(f"study:{name}", "skos:note")


def _shown(vocabulary: Vocabulary, name: str) -> str:
    attribute = vocabulary.attributes.get(name)
    if attribute is None:
        return f"`{name.rpartition('/')[2]}`"
    return f"`{attribute.key}` of {vocabulary.kind(attribute.domain).label}"


def _detected(catalogue: Catalogue) -> dict[str, list[str]]:
    """The predicates that detect each of the study's mismatches."""
    found: dict[str, list[str]] = defaultdict(list)
    for predicate in catalogue.predicates.values():
        for case in predicate.study:
            found[case].append(predicate.id)
    return found
