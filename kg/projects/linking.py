"""How a project's elements relate: as sources and `mismatch.yaml` say, else by the rules of
`ontology/linking.ttl`, else by being the only ones of their kinds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.namespaces import kebab
from kg.projects.identity import Entry, elements, types
from kg.projects.inferring import inferred_links
from kg.projects.rules import Rule, Surroundings, called_alike, nearest, rules
from kg.projects.settings import FILE, Settings, StatedLink
from kg.projects.sharing import LINK, sharing
from kg.statements import Link, Node, Place, Problem
from kg.vocabulary import Vocabulary


def link(
    entries: list[Entry], settings: Settings, vocabulary: Vocabulary
) -> tuple[list[tuple[str, Link]], list[Problem]]:
    """The links with the file that states each (empty where none does), and what could not be
    linked.
    """
    present = elements(entries)
    problems: list[Problem] = []
    stated = [
        *_from_sources(entries, present, vocabulary),
        *_from_settings(settings, present, problems),
    ]
    stated += inferred_links(stated, vocabulary)
    taken = {found.name for _, found in stated}
    by_kind = _by_kind(present, types(entries), vocabulary)
    only = list(_only_ones(by_kind, vocabulary, taken))
    decided = {one.name for one in settings.links} | {one.name for one in only}
    around = Surroundings(entries)
    ruled = _Ruler(around, by_kind, vocabulary, decided, [k for _, k in stated])
    found = [*stated, *(("", one) for one in (*ruled.links(), *only))]
    if LINK not in taken:
        linked = {frozenset((one.subject, one.object)) for _, one in found}
        shared = sharing(entries, vocabulary)
        found += [("", k) for k in shared if frozenset((k.subject, k.object)) not in linked]
    found += inferred_links(found, vocabulary)
    unique = {(one.name, one.subject, one.object): (file, one) for file, one in reversed(found)}
    return list(reversed(unique.values())), problems


def _from_sources(
    entries: list[Entry], present: dict[Node, None], vocabulary: Vocabulary
) -> Iterator[tuple[str, Link]]:
    for entry in entries:
        for found in entry.reading.links:
            for subject in _meant(found.subject, present):
                for end in _ends(found.object, present, vocabulary):
                    yield str(entry.path), replace(found, subject=subject, object=end)


def _ends(end: Node, present: Iterable[Node], vocabulary: Vocabulary) -> list[Node]:
    """The element itself, or those of its name where only a wider class is said, such as data."""
    if end in present:
        return [end]
    return [
        one
        for one in present
        if end.name == one.name and end.kind in vocabulary.ancestors(one.kind)[1:]
    ]


def _meant(subject: Node, present: Iterable[Node]) -> list[Node]:
    """The element itself, or those in the folder that it is named by."""
    below = f"{subject.name}/"
    inside = [n for n in present if n.kind == subject.kind and n.name.startswith(below)]
    return [subject] if subject in present else inside


def _from_settings(
    settings: Settings, present: Iterable[Node], problems: list[Problem]
) -> Iterator[tuple[str, Link]]:
    for stated in settings.links:
        subject = _called(stated.source, present)
        target = _called(stated.target, present)
        for name, node in ((stated.source, subject), (stated.target, target)):
            if node is None:
                known = ", ".join(sorted({name_of(n) for n in present}))
                message = f"`{name}` is not the name of one element; there are {known}"
                problems.append(Problem(FILE, message, stated.line))
        if subject and target:
            yield FILE, _stated(stated, subject, target)


def _stated(stated: StatedLink, subject: Node, target: Node) -> Link:
    return Link(stated.name, subject, target, f"{FILE} says so", Place(stated.line))


def _called(name: str, present: Iterable[Node]) -> Node | None:
    found = [
        node for node in present if name in (name_of(node), f"{kebab(node.kind)}/{name_of(node)}")
    ]
    return found[0] if len(found) == 1 else None


def name_of(node: Node) -> str:
    """What people call the element: its name, or its kind where it has none."""
    return node.name or kebab(node.kind)


def _by_kind(
    present: Iterable[Node], narrower: Mapping[Node, tuple[str, ...]], vocabulary: Vocabulary
) -> Mapping[str, list[Node]]:
    """The elements of each concrete class; those of a narrower one are of both."""
    found: dict[str, list[Node]] = defaultdict(list)
    concrete = {element.name for element in vocabulary.concrete()}
    for node in present:
        above = (c for kind in narrower.get(node, ()) for c in vocabulary.ancestors(kind))
        for kind in dict.fromkeys((node.kind, *(c for c in above if c in concrete))):
            found[kind].append(node)
    return found


def _only_ones(
    by_kind: Mapping[str, list[Node]], vocabulary: Vocabulary, taken: set[str]
) -> Iterator[Link]:
    for name, declared in vocabulary.links.items():
        subjects, objects = by_kind[declared.domain], by_kind[declared.range]
        # A narrower link says more than that two elements belong together: nobody guesses it.
        if name in taken or len(objects) != 1 or declared.above:
            continue
        if len(subjects) == 1 and subjects != objects:
            because = "they are the only ones of their kinds in the project"
            yield Link(name, subjects[0], objects[0], because)
        elif vocabulary.triples.value(name, "mm:oneForAll") == "true":
            because = "it is the only one of its kind in the project, and holds for all"
            yield from (Link(name, subject, objects[0], because) for subject in subjects)


class _Ruler:
    """Links by the rules those elements from which no link of the name starts yet."""

    def __init__(
        self,
        around: Surroundings,
        by_kind: Mapping[str, list[Node]],
        vocabulary: Vocabulary,
        decided: set[str],
        stated: list[Link],
    ) -> None:
        self._around = around
        self._vocabulary = vocabulary
        self._decided = decided
        self._linked = {(link.name, link.subject) for link in stated}
        self._by_kind = by_kind

    def links(self) -> Iterator[Link]:
        """What the rules make, in their order."""
        for rule in rules(self._vocabulary, "LinkingRule"):
            declared = self._vocabulary.links[rule.makes]
            if rule.makes in self._decided:
                continue
            for subject in self._by_kind[declared.domain]:
                if (rule.makes, subject) in self._linked:
                    continue
                found = self._found(rule, subject, self._by_kind[declared.range])
                if len(found) == 1 or (found and rule.several):
                    self._linked.add((rule.makes, subject))
                    for target in found:
                        yield Link(
                            rule.makes, subject, target, rule.reason, confidence=rule.confidence
                        )

    def _found(self, rule: Rule, subject: Node, targets: list[Node]) -> list[Node]:
        """The elements that the rule would link the subject with."""
        if rule.by == "names":
            return self._namesakes(subject, targets)
        if rule.by == "folders":
            return self._neighbours(subject, targets)
        names = self._around.parts(subject, rule.first_parts)
        return [n for n in targets if self._around.covered(names, n, rule.second_parts)]

    def _namesakes(self, subject: Node, targets: list[Node]) -> list[Node]:
        """The targets that are called alike, unless others are, too: many folders are `model`."""
        alike = [n for n in self._by_kind[subject.kind] if called_alike(n.name, subject.name)]
        if alike != [subject]:
            return []
        return [node for node in targets if called_alike(subject.name, node.name)]

    def _neighbours(self, subject: Node, targets: list[Node]) -> list[Node]:
        """The target that lies nearest, if to it no other such subject lies as near."""
        near = nearest({node: self._around.shared(subject, node) for node in targets})
        if len(near) != 1 or not self._around.shared(subject, near[0]):
            return []
        others = {n: self._around.shared(n, near[0]) for n in self._by_kind[subject.kind]}
        return near if nearest(others) == [subject] else []
