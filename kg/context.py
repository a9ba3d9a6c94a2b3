"""The JSON-LD context: what the short names of descriptors stand for.

Only doubles and moments get their datatype here. Text, whole numbers and truth values have the
right one by themselves, and forcing it would turn the text "5" into a number that the schemas
refuse.
"""

from collections.abc import Iterator
from typing import TypeAlias

from kg.errors import KnowledgeError
from kg.namespaces import iri
from kg.vocabulary import Attribute, Vocabulary

Meaning: TypeAlias = str | dict[str, str]
"""What a short name stands for: an IRI, or an IRI and how its values are read."""

_TYPED = ("double", "dateTime")
_OWN_KEYS: dict[str, Meaning] = {
    "element": "@type",
    "stated_by": {"@id": "mm:statedBy", "@type": "@vocab"},
    "complete": {"@id": "mm:complete", "@type": "@vocab", "@container": "@set"},
}


def context(vocabulary: Vocabulary) -> dict[str, object]:
    """The one context of all descriptors."""
    head = {"@version": 1.1, "@vocab": iri("mm:"), "mm": iri("mm:"), "xsd": iri("xsd:")}
    return head | prefix_terms(vocabulary) | terms(vocabulary)


def prefix_terms(vocabulary: Vocabulary) -> dict[str, str]:
    """The prefixes of namespaces that are not ours."""
    return dict(sorted(vocabulary.prefixes.items()))


def terms(vocabulary: Vocabulary) -> dict[str, Meaning]:
    """Short names and their meanings; raises KnowledgeError where one name would have two.

    What has no short name is read as one of our terms all the same, so that a mistyped key is
    seen, not lost.
    """
    found = dict(_OWN_KEYS)
    for name, meaning in _terms(vocabulary):
        known = found.setdefault(name, meaning)
        if known != meaning:
            raise KnowledgeError(
                f"`{name}` would stand for {_meant(known)} and for {_meant(meaning)}",
                "Give one of them another name, or an attribute another mm:key",
            )
    return dict(sorted(found.items()))


def _terms(vocabulary: Vocabulary) -> Iterator[tuple[str, Meaning]]:
    for attribute in vocabulary.attributes.values():
        yield attribute.key, _attribute(attribute, vocabulary)
    for link in vocabulary.links.values():
        name = vocabulary.curie(link.name)
        yield link.key, {"@id": name, "@type": "@id", "@container": "@set"}
    listed = (name for members in vocabulary.lists.values() for name in members)
    for name in (*vocabulary.elements, *vocabulary.parts, *listed):
        yield vocabulary.key(name), vocabulary.curie(name)


def _attribute(attribute: Attribute, vocabulary: Vocabulary) -> dict[str, str]:
    term = {"@id": vocabulary.curie(attribute.name)}
    if attribute.range.kind == "list":
        term["@type"] = "@vocab"
    elif attribute.range.name in _TYPED:
        term["@type"] = f"xsd:{attribute.range.name}"
    if not attribute.single:
        term["@container"] = "@set"
    return term


def _meant(meaning: Meaning) -> str:
    return meaning if isinstance(meaning, str) else meaning["@id"]
