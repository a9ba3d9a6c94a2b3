"""The cases of the predicates as topics that a system can be about.

A case of `tests/cases/predicates/` is a small system for which one predicate gives the verdict in
its name. Whoever adds a predicate adds its cases, and the systems of the bench are about them too.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from kg.identifiers import known_by_name
from kg.importers import rdf
from kg.projects.identity import Entry, elements
from kg.projects.linking import link
from kg.projects.settings import Settings
from kg.statements import SIZE_LIMIT, Link, Node, Reading, Statement
from kg.statements import Source as File
from kg.workshop.cases import Case, Source
from tests.judging import CATALOGUE, VOCABULARY, cases

NOTHING_STATED = Settings()


@dataclass(frozen=True, slots=True)
class Topic:
    """What the sources of one project of a case state, and how its elements are linked."""

    readings: tuple[Reading, ...]
    links: tuple[Link, ...]
    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(File):
    """A file that is held in memory."""

    content: bytes

    def data(self, limit: int = SIZE_LIMIT) -> bytes:  # noqa: ARG002 - as any file's
        """All bytes."""
        return self.content


@cache
def cases_of(predicate: str) -> dict[str, list[Case]]:
    """The predicate's cases by the verdict that they are named for."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in _cases()[predicate]:
        found[case.expected].append(case)
    return found


@cache
def topics(case: Case) -> tuple[Topic, ...]:
    """A topic for each project of the case: one, unless the predicate is about several."""
    sources: dict[str, list[Source]] = defaultdict(list)
    for source in case.sources:
        sources[source.project].append(source)
    return tuple(_topic(case.predicate, each) for each in sources.values())


@cache
def _cases() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {name: [] for name in CATALOGUE.predicates}
    for case in cases():
        found[case.predicate].append(case)
    return found


def _topic(predicate: str, sources: list[Source]) -> Topic:
    readings = [
        _told_apart(_read(source), f"{predicate}-{number}")
        for number, source in enumerate(sources, start=1)
    ]
    entries = [Entry(PurePosixPath(), "", "", reading) for reading in readings]
    linked, _ = link(entries, NOTHING_STATED, VOCABULARY)
    return Topic(tuple(readings), tuple(one for _, one in linked), tuple(elements(entries)))


def _read(source: Source) -> Reading:
    """What our importer reads from the source's file, which need not be written for that."""
    file = f"{source.name}{source.suffix}"
    return rdf.read(_Held(PurePosixPath(file), Path(file), b"", "", content=source.text(file)))


def _told_apart(reading: Reading, mark: str) -> Reading:
    """The reading with `mark` in the names of parts that are one a source: a system's source may
    hold several topics.
    """

    def marked(node: Node) -> Node:
        parts = ((held, name if _is_named(held) else f"{name}-{mark}") for held, name in node.parts)
        return replace(node, parts=tuple(parts))

    def statement(found: Statement) -> Statement:
        value = marked(found.value) if isinstance(found.value, Node) else found.value
        return replace(found, node=marked(found.node), value=value)

    return replace(
        reading,
        statements=tuple(map(statement, reading.statements)),
        complete=tuple((marked(node), attribute) for node, attribute in reading.complete),
    )


def _is_named(attribute: str) -> bool:
    return known_by_name(VOCABULARY.attribute(attribute).range.name, VOCABULARY)
