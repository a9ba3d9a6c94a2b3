"""The components of a CycloneDX bill of materials, and what all of them may have: names, licences,
digests, properties.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers._linked_data import Steps, items, licence_of
from kg.importers._mappings import table
from kg.importers._told import Told

_DEEPEST = 6
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a bill, and where it stands."""

    said: Mapping[str, object]
    steps: Steps

    @property
    def name(self) -> str:
        """What the bill calls it."""
        found = self.said.get("name")
        return found.strip() if isinstance(found, str) else ""

    @property
    def called(self) -> str:
        """Its name without that of who made it, to be compared."""
        return self.name.rpartition("/")[2].lower()

    @property
    def package(self) -> str:
        """Its package URL; empty where it has none."""
        found = self.said.get("purl")
        return found if isinstance(found, str) else ""

    @property
    def is_distributed(self) -> bool:
        """Whether it says where it is handed out."""
        listed = self.said.get("externalReferences")
        found = [table(one).get("type") for one in (listed if isinstance(listed, list) else [])]
        return "distribution" in found

    def licence(self, told: Told) -> tuple[str, Steps]:
        """The only licence, and where it stands; an empty text where there is none, or several."""
        found = list(items(self.said.get("licenses"), (*self.steps, "licenses")))
        if len(found) > 1:
            told.pass_over("how several licences go together is not said", *found[0][1])
        if len(found) != 1:
            return "", self.steps
        value, at = found[0]
        said = table(value)
        inner = table(said, "license")
        text = said.get("expression") or inner.get("id") or licence_of(inner)
        return text if isinstance(text, str) else "", at

    def hashes(self) -> Iterator[tuple[str, str, Steps]]:
        """The digests: algorithm, digest, and where it stands."""
        for value, at in items(self.said.get("hashes"), (*self.steps, "hashes")):
            said = table(value)
            algorithm, digest = said.get("alg"), said.get("content")
            if isinstance(algorithm, str) and isinstance(digest, str):
                yield algorithm.lower().replace("sha-", "sha"), digest.strip(), (*at, "content")

    def properties(self) -> list[str]:
        """The names of the properties, of its card too."""
        found: list[object] = []
        for said in (self.said, table(self.said, "modelCard")):
            listed = said.get("properties")
            found += listed if isinstance(listed, list) else []
        names = [table(one).get("name") for one in found]
        return [name for name in names if isinstance(name, str)]


def components(told: Told, value: object, steps: Steps, depth: int = 0) -> Iterator[Component]:
    """The components of a list, and those within them."""
    if value is not None and not isinstance(value, list):
        told.notes.problem("`components` are no list", told.at(*steps).line)
        return
    for number, one in enumerate((value or [])[:_MOST]):
        at = (*steps, number)
        if not isinstance(one, dict):
            told.notes.problem("A component is no object", told.at(*at).line)
            continue
        yield Component(one, at)
        if depth < _DEEPEST:
            yield from components(told, one.get("components"), (*at, "components"), depth + 1)
