"""Upgrades what a source states with terms that were given up since it was written.

A term that was renamed gets its new name, a value is multiplied where the unit changed, a listed
value is replaced. Each place is told as a problem, so that people mend their files before nothing
reads them any more; what nothing replaces is told, too, and not stated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from kg.errors import DescriptorError
from kg.retired import Retired, retired_terms
from kg.statements import NOWHERE, Node, Place, Problem, Reading, Source, Statement
from kg.vocabulary import Literal, Vocabulary, load


def upgraded(reading: Reading, source: Source) -> Reading:
    """The reading without retired terms, and a problem for each place that used one."""
    before, now = source.vocabulary, load(source.knowledge)
    if before is now:
        return reading
    return _Upgrade(_retired(source.knowledge), before, now, source.path).of(reading)


@cache
def _retired(knowledge: tuple[Path, ...]) -> Mapping[str, Retired]:
    return retired_terms(load(knowledge).triples)


class _Upgrade:
    """One source's upgrade: what was found in it, and the problems that tell of it."""

    def __init__(
        self,
        retired: Mapping[str, Retired],
        before: Vocabulary,
        now: Vocabulary,
        file: PurePosixPath,
    ) -> None:
        self._retired = retired
        self._before = before
        self._now = now
        self._file = str(file)
        self._problems: dict[Problem, None] = {}

    def of(self, reading: Reading) -> Reading:
        """The reading in terms that are in use."""
        return replace(
            reading,
            statements=tuple(self._statements(reading)),
            links=tuple(
                replace(
                    link,
                    name=name,
                    subject=self._node(link.subject, link.place),
                    object=self._node(link.object, link.place),
                )
                for link in reading.links
                if (name := self._name(link.name, link.place))
            ),
            claims=tuple(
                replace(claim, node=self._node(claim.node, claim.place)) for claim in reading.claims
            ),
            complete=tuple(
                (self._node(node), name)
                for node, attribute in reading.complete
                if (name := self._name(attribute))
            ),
            elements=tuple(map(self._node, reading.elements)),
            problems=(*reading.problems, *self._problems),
        )

    def _statements(self, reading: Reading) -> Iterator[Statement]:
        for one in reading.statements:
            name = self._name(one.attribute, one.place)
            node = self._node(one.node, one.place)
            if not name or not self._stays(node):
                continue
            value: Literal | Node | None = (
                self._node(one.value, one.place)
                if isinstance(one.value, Node)
                else self._value(one.attribute, name, one.value, one.place)
            )
            if value is not None:
                yield replace(one, node=node, attribute=name, value=value)

    def _stays(self, node: Node) -> bool:
        """Whether what the node is part of is still stated."""
        return bool(node.kind) and all(name for name, _ in node.parts)

    def _name(self, name: str, place: Place = NOWHERE) -> str:
        """The term that stands for the name now; empty where nothing does."""
        found = self._retired.get(name)
        if found is None:
            return name
        self._tell(found, place)
        return found.successor

    def _node(self, node: Node, place: Place = NOWHERE) -> Node:
        kind = self._name(node.kind, place)
        parts = tuple((self._name(name, place), key) for name, key in node.parts)
        return (
            node
            if (kind, parts) == (node.kind, node.parts)
            else replace(node, kind=kind, parts=parts)
        )

    def _value(self, before: str, now: str, value: Literal, place: Place) -> Literal | None:
        """The value as the attribute of now holds it; None where it cannot, which is told."""
        attribute = self._now.attribute(now) if now in self._now.attributes else None
        if attribute is None:
            return value
        if attribute.range.kind == "list":
            return self._name(str(value), place) or None
        factor = self._retired[before].factor if before in self._retired else 1.0
        if factor == 1 or isinstance(value, bool) or not isinstance(value, int | float):
            return value
        whole = attribute.range.name == "integer"
        try:
            return self._now.checked(attribute, round(value * factor) if whole else value * factor)
        except DescriptorError as error:
            self._problems[Problem(self._file, error.sentences, place.line)] = None
            return None

    def _tell(self, retired: Retired, place: Place) -> None:
        old = _called(self._before, retired.name)
        text = f"`{old}` was given up in {retired.since}: {retired.because}"
        if not retired.successor:
            text += " Nothing replaces it, so it is not stated."
        else:
            times = f", times {retired.factor:g}" if retired.factor != 1 else ""
            new = _called(self._now, retired.successor)
            text += f" It is read as `{new}`{times}; write that."
        self._problems[Problem(self._file, text, place.line)] = None


def _called(vocabulary: Vocabulary, name: str) -> str:
    """What descriptors call the term."""
    known = vocabulary.attributes.get(name) or vocabulary.links.get(name)
    return known.key if known else name
