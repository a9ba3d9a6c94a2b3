"""The rules of `ontology/linking.ttl`, and what tells that two elements belong together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kg.names import canonical
from kg.projects.identity import Entry, elements
from kg.statements import Node
from kg.vocabulary import Vocabulary

# Two columns of one name say little; an identifier and a date are in many tables.
_FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `makes` a link or `resolves` mentions of a class, `by` what, with which reason."""

    by: str
    reason: str
    confidence: str
    makes: str = ""
    resolves: str = ""
    first_parts: tuple[str, ...] = ()
    second_parts: tuple[str, ...] = ()
    several: bool = False


def rules(vocabulary: Vocabulary, kind: str) -> list[Rule]:
    """The rules of a kind (`LinkingRule`, `MentionRule`), in the order in which they are tried."""
    triples = vocabulary.triples
    names = triples.subjects("rdf:type", f"mm:{kind}")
    ranked = sorted(names, key=lambda name: (int(triples.value(name, "mm:turn")), name))
    return [
        Rule(
            by=triples.value(name, "mm:by"),
            reason=triples.value(name, "rdfs:label"),
            confidence=triples.value(name, "mm:confidence"),
            makes=next(iter(triples.locals(name, "mm:makes")), ""),
            resolves=next(iter(triples.locals(name, "mm:resolves")), ""),
            first_parts=triples.locals(name, "mm:firstParts"),
            second_parts=triples.locals(name, "mm:secondParts"),
            several=triples.value(name, "mm:severalObjects") == "true",
        )
        for name in ranked
    ]


class Surroundings:
    """Where the elements of a project are spoken of, and what their parts are called."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._folders: dict[Node, set[PurePosixPath]] = defaultdict(set)
        self._parts: dict[tuple[Node, str], set[str]] = defaultdict(set)
        for entry in entries:
            folder = entry.path.parent
            for element in elements([entry]):
                self._folders[element].add(folder)
            for statement in entry.reading.current:
                node = statement.node
                if isinstance(statement.value, Node) and not node.parts:
                    name = canonical(statement.value.parts[-1][1])
                    self._parts[node, statement.attribute].add(name)

    def lies_in(self, element: Node) -> bool:
        """Whether the element is only called after the place of a source of it."""
        places = {str(folder) for folder in self._folders[element]}
        return not element.named or element.name in places | {"model"}

    def shared(self, first: Node, second: Node) -> int:
        """How many folders the nearest sources of the two have in common."""
        return max(
            (_shared(a, b) for a in self._folders[first] for b in self._folders[second]), default=0
        )

    def depth(self, element: Node, folder: PurePosixPath) -> int:
        """How many folders the element's nearest source has in common with a folder."""
        return max((_shared(folder, own) for own in self._folders[element]), default=0)

    def parts(self, element: Node, attributes: Iterable[str]) -> set[str]:
        """What the parts that the attributes hold are called."""
        return {name for a in attributes for name in self._parts.get((element, a), ())}

    def covered(self, first: set[str], second: Node, attributes: Iterable[str]) -> bool:
        """Whether the second element has a part for each of the names, which must be several."""
        return len(first) >= _FEWEST_PARTS and first <= self.parts(second, attributes)


def called_alike(first: str, second: str) -> bool:
    """Whether two names, or the last steps of two paths, are one but for their writing.

    >>> called_alike("models/churn_api", "churn-api"), called_alike("", "")
    (True, False)
    """
    ends = [canonical(name.rpartition("/")[2]) for name in (first, second)]
    return bool(ends[0]) and ends[0] == ends[1]


def nearest(depths: Mapping[Node, int]) -> list[Node]:
    """The elements that lie nearest."""
    deepest = max(depths.values(), default=0)
    return [node for node, depth in depths.items() if depth == deepest]


def _shared(first: PurePosixPath, second: PurePosixPath) -> int:
    count = 0
    for a, b in zip(first.parts, second.parts, strict=False):
        if a != b:
            break
        count += 1
    return count
