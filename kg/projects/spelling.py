"""Writes names that lists know in one way, and states what a package implies: `torch` means the
framework PyTorch.

The lists stand in `ontology/values/`; what was given stays with the statement's place.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from kg.projects.identity import Entry
from kg.statements import Node, Statement
from kg.vocabulary import Vocabulary


def spell(entry: Entry, vocabulary: Vocabulary) -> Entry:
    """The entry with listed names in their preferred spelling, and with what its packages imply."""
    speller = _Speller(vocabulary)
    statements = [
        each for statement in entry.reading.statements for each in speller.spelled(statement)
    ]
    return replace(entry, reading=replace(entry.reading, statements=tuple(statements)))


class _Speller:
    """Knows which list spells which attribute, and which attributes a held part can imply."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lists: dict[str, str] = {}
        self._implied: dict[str, list[str]] = defaultdict(list)
        holders = [a for a in vocabulary.attributes.values() if a.range.kind == "part"]
        for name, attribute in vocabulary.spelled():
            self._lists[attribute.name] = name
            implying = vocabulary.triples.locals(name, "mm:impliedBy")
            for holder in holders:
                if holder.domain == attribute.domain and holder.range.name in implying:
                    self._implied[holder.name].append(attribute.name)

    def spelled(self, statement: Statement) -> Iterator[Statement]:
        """The statement as it is compared, then those that it implies."""
        if statement.attribute in self._lists and isinstance(statement.value, str):
            yield self._preferred(statement)
            return
        yield statement
        if isinstance(statement.value, Node):
            for attribute in self._implied.get(statement.attribute, ()):
                known = self._vocabulary.value(self._lists[attribute], statement.value.parts[-1][1])
                if known:
                    yield replace(statement, attribute=attribute, value=known.label)

    def _preferred(self, statement: Statement) -> Statement:
        text = str(statement.value)
        known = self._vocabulary.value(self._lists[statement.attribute], text)
        place = statement.place if statement.place.given else replace(statement.place, given=text)
        return replace(statement, value=known.label if known else text.strip().lower(), place=place)
