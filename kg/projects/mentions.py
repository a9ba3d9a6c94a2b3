"""Which element a source means that only mentions one: a request sample its model, a scrape target
its service.

What is said of an element that nobody describes, or that may be several, is passed over.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from kg.namespaces import kebab
from kg.projects.identity import Entry, described, elements, moved
from kg.projects.rules import Rule, Surroundings, called_alike, nearest, rules
from kg.statements import Node, PassedOver, Reading
from kg.vocabulary import Vocabulary


def resolve(entries: list[Entry], vocabulary: Vocabulary) -> tuple[list[Entry], list[str]]:
    """The entries with every mention given to the element it means; in words what was guessed."""
    around = Surroundings(entries)
    present = [node for node in elements(entries) if not node.mentioned]
    resolver = _Resolver(around, present, rules(vocabulary, "MentionRule"))
    notes: list[str] = []
    return [resolver.resolved(entry, notes) for entry in entries], notes


class _Resolver:
    """Tries the rules on the mentions of an entry."""

    def __init__(self, around: Surroundings, present: list[Node], known: list[Rule]) -> None:
        self._around = around
        self._present = present
        self._rules = known

    def resolved(self, entry: Entry, notes: list[str]) -> Entry:
        mentions = [node for node in _mentions(entry.reading) if node.mentioned]
        if not mentions:
            return entry
        meant: dict[Node, Node] = {}
        said = Surroundings([entry])
        for mention in mentions:
            found, rule = self._meant(mention, entry.path.parent, said)
            if found and rule:
                meant[mention] = found
                if rule.confidence != "certain":
                    called = found.name or kebab(found.kind)
                    about = f"{kebab(found.kind).replace('-', ' ')} {called}"
                    notes.append(f"{entry.path} is taken to speak of the {about}: {rule.reason}")
        reading = moved(entry.reading, lambda node: meant.get(node, node))
        return replace(entry, reading=_without_mentions(reading))

    def _meant(
        self, mention: Node, folder: PurePosixPath, said: Surroundings
    ) -> tuple[Node | None, Rule | None]:
        """The element that is meant, and the rule that tells; neither where none does."""
        left = [node for node in self._present if node.kind == mention.kind]
        if mention.name and not any(called_alike(mention.name, node.name) for node in left):
            # Who has a name of its own is not meant by another.
            left = [node for node in left if self._around.lies_in(node)]
        for rule in self._rules:
            if rule.resolves in {"", mention.kind}:
                sent = said.parts(mention, rule.first_parts)
                found = self._left(rule, mention.name, folder, left, sent)
                if len(found) == 1:
                    return found[0], rule
                left = found or left
        return None, None

    def _left(
        self, rule: Rule, name: str, folder: PurePosixPath, left: list[Node], sent: set[str]
    ) -> list[Node]:
        """Those of the elements left that the rule would take."""
        if rule.by == "names":
            return [node for node in left if called_alike(name, node.name)]
        if rule.by == "folders":
            return nearest({node: self._around.depth(node, folder) for node in left})
        return [n for n in left if self._around.covered(sent, n, rule.second_parts)]


def _mentions(reading: Reading) -> Iterable[Node]:
    nodes = [node.element for node in described(reading)]
    nodes += [node.element for link in reading.links for node in (link.subject, link.object)]
    return dict.fromkeys((*nodes, *(node for node, _ in reading.complete)))


def _without_mentions(reading: Reading) -> Reading:
    """The reading without what it says of elements that nobody describes."""
    kept = [s for s in reading.statements if not s.node.mentioned]
    lost = dict.fromkeys(s.node.element for s in reading.statements if s.node.mentioned)
    passed = [
        PassedOver(
            f"what is said of the {kebab(node.kind).replace('-', ' ')}"
            f"{f' {node.name}' if node.name else ''} is not stated: "
            "which one is meant, nobody says"
        )
        for node in lost
    ]
    return replace(
        reading,
        statements=tuple(kept),
        links=tuple(k for k in reading.links if not (k.subject.mentioned or k.object.mentioned)),
        complete=tuple((n, a) for n, a in reading.complete if not n.mentioned),
        passed_over=(*reading.passed_over, *passed),
    )
