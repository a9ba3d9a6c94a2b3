"""A document of SPDX 3 as plain JSON: its elements, and how they relate.

A profile may stand before a key (`ai_metric`) or be left out; keys count by their last word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.errors import DescriptorInvalid
from kg.importers._linked_data import Steps, items, licence_of
from kg.importers._told import Told

_LAST = re.compile(r"[A-Za-z]+\Z")
_PLAIN = {"type", "id", "spdxId", "creationInfo", "comment", "summary", "copyrightText"}


def _word(text: object) -> str:
    found = _LAST.search(text) if isinstance(text, str) else None
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a document, its keys without profiles, and where it stands."""

    said: Mapping[str, object]
    steps: Steps
    keys: Mapping[str, str] = field(repr=False)

    @property
    def name_of_node(self) -> str:
        """What the document's relationships call it."""
        found = next((self.said[k] for k in ("spdxId", "@id") if self.said.get(k)), "")
        return found if isinstance(found, str) else ""

    @property
    def kind(self) -> str:
        """Its type."""
        return _word(self.said.get("type") or self.said.get("@type"))

    @property
    def called(self) -> str:
        """Its name, for people."""
        found = self.get("name")
        return found.strip() if isinstance(found, str) else ""

    def get(self, key: str) -> object:
        """What stands under the key."""
        return self.said.get(self.keys.get(key, key))

    def at(self, key: str) -> Steps:
        """Where it stands."""
        return (*self.steps, self.keys.get(key, key))

    def hashes(self) -> Iterator[tuple[str, str, Steps]]:
        """The digests: algorithm, digest, and where it stands."""
        for value, at in items(self.get("verifiedUsing"), self.at("verifiedUsing")):
            said = value if isinstance(value, Mapping) else {}
            algorithm, digest = said.get("algorithm"), said.get("hashValue")
            if isinstance(algorithm, str) and isinstance(digest, str):
                yield algorithm.lower(), digest.strip(), (*at, "hashValue")

    def tell_left(self, told: Told, read: set[str]) -> None:
        """Take down which keys were not looked into."""
        left = [k for k, v in self.said.items() if v and _word(k) not in read | _PLAIN]
        told.left([key for key in left if not key.startswith("@")], *self.steps)


class Document:
    """The elements of a document by their names; raises DescriptorInvalid where it has none."""

    def __init__(self, told: Told, top: Mapping[str, object]) -> None:
        graph = top.get("@graph")
        if not isinstance(graph, list):
            raise DescriptorInvalid(
                "The document has no `@graph`", "Write it as SPDX 3 asks for it"
            )
        self._told = told
        self._elements: list[Element] = []
        for number, one in enumerate(graph):
            if isinstance(one, dict):
                keys = {_word(key): key for key in one if _word(key)}
                self._elements.append(Element(one, ("@graph", number), keys))
            else:
                told.notes.problem("An element is no object", told.at("@graph", number).line)
        self._named = {one.name_of_node: one for one in self._elements if one.name_of_node}
        self._relations: dict[tuple[str, str], list[Element]] = {}
        for one in self._elements:
            way = one.get("from"), one.get("relationshipType")
            if isinstance(way[0], str) and isinstance(way[1], str):
                self._relations.setdefault((way[0], way[1]), []).append(one)
        self.roots = {
            name
            for one in self._elements
            for name, _ in items(one.get("rootElement"), one.at("rootElement"))
            if isinstance(name, str)
        }

    def of_type(self, kind: str) -> list[Element]:
        """The elements of a type, in the order of the file."""
        return [one for one in self._elements if one.kind == kind]

    def related(self, one: Element, relation: str) -> Iterator[tuple[Element, Steps]]:
        """The elements that an element relates to, each with where the relationship says so."""
        for name, at in self._targets(one, relation):
            if name in self._named:
                yield self._named[name], at
            else:
                self._told.pass_over(f"{relation} leads to nothing in the document", *at)

    def licence(self, one: Element) -> tuple[str, Steps]:
        """The licence that is declared of an element, else the one concluded, and where it stands;
        an empty text where there is none, or several.
        """
        for relation in ("hasDeclaredLicense", "hasConcludedLicense"):
            found = list(self._targets(one, relation))
            if len(found) > 1:
                self._told.pass_over("how several licences go together is not said", *found[0][1])
            elif found:
                return self._licence(*found[0])
        return "", one.steps

    def _licence(self, name: str, steps: Steps) -> tuple[str, Steps]:
        """The licence that a relationship leads to: an expression, or one known by its address."""
        other = self._named.get(name)
        expression = other.get("licenseExpression") if other else None
        if other and isinstance(expression, str):
            return expression, other.at("licenseExpression")
        text = licence_of(name) or (other.called if other else "")
        return ("" if ":" in text else text), steps

    def tell_others(self, kinds: set[str]) -> None:
        """Take down how many elements are of other types."""
        left = Counter(one.kind for one in self._elements if one.kind not in kinds)
        told = sum(left.values()) - sum(map(len, self._relations.values()))
        if told:
            self._told.notes.pass_over(f"{told} people, packages and other things of the document")

    def _targets(self, one: Element, relation: str) -> Iterator[tuple[str, Steps]]:
        for found in self._relations.get((one.name_of_node, relation), ()):
            for name, at in items(found.get("to"), found.at("to")):
                if isinstance(name, str):
                    yield name, at
