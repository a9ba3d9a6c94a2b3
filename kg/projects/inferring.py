"""States what follows from a project's statements: a value of a narrower attribute counts for the
wider one, and a narrower link is a wider one too.

The rules are prp-spo1, prp-eqp and, between elements, prp-inv of OWL 2 RL; which attributes and
links stand above which was worked out when the vocabulary was loaded. Nothing follows from what is
inferred that does not follow from what is stated, so one step is enough.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.errors import KgError
from kg.projects.identity import Entry
from kg.statements import Link, Node, Problem, Statement
from kg.units import quantity
from kg.vocabulary import Attribute, Literal, Vocabulary

INFERRED = "inferred"
"""How sure a link is that follows from another."""


def infer(entry: Entry, vocabulary: Vocabulary) -> Entry:
    """The entry with what follows from its statements; a value that cannot count for the wider
    attribute is among its problems.
    """
    found: list[Statement] = []
    problems: list[Problem] = []
    for statement in entry.reading.statements:
        attribute = vocabulary.attribute(statement.attribute)
        for name in attribute.above:
            wider = vocabulary.attribute(name)
            try:
                value = _counted(statement.value, attribute, wider, vocabulary)
            except KgError as error:
                message = f"It cannot count as {wider.label}: {error}"
                problems.append(Problem(str(entry.path), message, statement.place.line))
            else:
                inferred = replace(statement, attribute=name, value=value)
                found.append(replace(inferred, inferred_from=attribute.name))
    if not found and not problems:
        return entry
    reading = replace(
        entry.reading, inferred=tuple(found), problems=(*entry.reading.problems, *problems)
    )
    return replace(entry, reading=reading)


def inferred_links(
    links: Iterable[tuple[str, Link]], vocabulary: Vocabulary
) -> Iterator[tuple[str, Link]]:
    """The links that follow from others, each with the file that states what it follows from."""
    waiting = list(links)
    seen = {(one.name, one.subject, one.object) for _, one in waiting}
    for file, one in waiting:
        for name, subject, target in _entailed(one, vocabulary):
            if (name, subject, target) not in seen:
                seen.add((name, subject, target))
                narrower = vocabulary.links[one.name].label
                found = Link(
                    *(name, subject, target, f"it is {narrower}"),
                    place=one.place,
                    confidence=INFERRED,
                    inferred_from=one.name,
                )
                waiting.append((file, found))
                yield file, found


def _entailed(one: Link, vocabulary: Vocabulary) -> Iterator[tuple[str, Node, Node]]:
    declared = vocabulary.links[one.name]
    yield from ((name, one.subject, one.object) for name in declared.above)
    yield from ((name, one.object, one.subject) for name in declared.inverse)


def _counted(
    value: Literal | Node, narrower: Attribute, wider: Attribute, vocabulary: Vocabulary
) -> Literal | Node:
    """The value as the wider attribute holds it, in its unit; raises KgError."""
    if isinstance(value, Node):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return vocabulary.checked(wider, value)
    number: int | float = value
    if wider.unit_name and narrower.unit_name not in {"", wider.unit_name}:
        number = quantity(value, wider.unit_name, default=narrower.unit_name)
    whole = wider.range.name == "integer" and isinstance(number, float) and number.is_integer()
    return vocabulary.checked(wider, int(number) if whole else number)
