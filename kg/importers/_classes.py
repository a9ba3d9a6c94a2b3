"""What can be said of each class, looked up once for a vocabulary."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from kg.identifiers import known_by_name
from kg.namespaces import snake
from kg.values import VERSION_RANGE, quoted
from kg.vocabulary import Attribute, Link, Vocabulary

# Finding the nearest name takes long, and who errs more often does not read each advice.
_ADVISED = 20


@dataclass(frozen=True, slots=True)
class Class:
    """An element or part class: its attributes and links by every name they may be called by.

    `named` is true for parts that are known by name, `versions` is the attribute that makes the
    part a package.
    """

    name: str
    label: str
    attributes: dict[str, Attribute]
    links: dict[str, Link]
    named: bool
    versions: Attribute | None


class Classes:
    """The classes of a vocabulary, and advice to who mistypes what can be said of them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._advised = 0

    def of(self, name: str) -> Class:
        """The class of that name."""
        return _class(name, self.vocabulary)

    def unknown(self, key: str, name: str, otherwise: str) -> str:
        """Says that the key is not stated of the class, and what may have been meant."""
        said = self.of(name)
        owners = _owners(self.vocabulary).get(key, ())
        advice = otherwise
        if owners:
            advice = (
                f"It is stated of {either([f'any {self.of(owner).label}' for owner in owners])}."
            )
        elif several := self._several(key, said):
            advice = f"Several terms have that name: write {either(several)}."
        elif near := self._near(key, said):
            advice = f"Did you mean `{near}`?"
        return f"{quoted(key)} is not stated of a {said.label}. {advice}"

    def _several(self, key: str, said: Class) -> list[str]:
        """The prefixed names of what would be called so if it were alone, of the class if it has
        any.
        """
        terms: list[Attribute | Link] = [*self.vocabulary.attributes.values()]
        terms += self.vocabulary.links.values()
        found = [one.key for one in terms if ":" in one.key and snake(one.name) == key]
        own = [one for one in found if one in said.attributes or one in said.links]
        return [f"`{one}`" for one in own or found]

    def _near(self, key: str, said: Class) -> str | None:
        self._advised += 1
        known = [*said.attributes, *said.links]
        if self._advised > _ADVISED:
            return None
        near = get_close_matches(key, known, n=1) or [k for k in known if key in k or k in key]
        return near[0] if near else None


@lru_cache(maxsize=512)
def _class(name: str, vocabulary: Vocabulary) -> Class:
    attributes, links = vocabulary.attributes_of(name), vocabulary.links_of(name)
    versions = [a for a in attributes.values() if a.name == VERSION_RANGE]
    is_part = name in vocabulary.parts
    return Class(
        name=name,
        label=vocabulary.kind(name).label,
        attributes={n: a for a in attributes.values() for n in _names(a, vocabulary)} | attributes,
        links={n: k for k in links.values() for n in _names(k, vocabulary)} | links,
        named=is_part and known_by_name(name, vocabulary),
        versions=versions[0] if versions else None,
    )


@lru_cache(maxsize=4)
def _owners(vocabulary: Vocabulary) -> Mapping[str, list[str]]:
    """The classes of which something is stated, by each name that it may be called."""
    found: dict[str, list[str]] = defaultdict(list)
    for attribute in vocabulary.attributes.values():
        for name in dict.fromkeys(_names(attribute, vocabulary)):
            found[name].append(attribute.domain)
    return dict(found)


def either(names: list[str]) -> str:
    """The names with `or` before the last, each once.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    *rest, last = dict.fromkeys(names)
    return f"{', '.join(rest)} or {last}" if rest else last


def _names(term: Attribute | Link, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What the term may be called: its key, its name, and both with a prefix."""
    written = vocabulary.curie(term.name)
    return term.key, term.name, written, f"{written.partition(':')[0]}:{snake(term.name)}"
