"""Holds each statement against the vocabulary: what is not a value of its attribute becomes a
problem, never a triple.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.errors import DescriptorError
from kg.identifiers import of_source
from kg.projects.identity import Entry, once
from kg.statements import Node, Problem, Statement
from kg.vocabulary import Attribute, Vocabulary


def judge(
    entry: Entry, vocabulary: Vocabulary, types: Mapping[Node, tuple[str, ...]] | None = None
) -> Entry:
    """The entry with the statements that hold; the others stand among its problems, with their
    lines. `types` are the narrower classes that the project's sources give its elements.
    """
    known = types or {}
    kept: list[Statement] = []
    problems = list(entry.reading.problems)
    own = _own(str(entry.path), vocabulary)
    for statement in entry.reading.statements:
        try:
            marked = _marked(statement, own)
            kept.append(_judged(marked, vocabulary, known.get(marked.node, ())))
        except DescriptorError as error:
            place = statement.place
            problems.append(Problem(str(entry.path), error.sentences, place.line))
    reading = replace(entry.reading, statements=tuple(kept), problems=tuple(problems))
    return replace(entry, reading=reading)


def class_of(node: Node, vocabulary: Vocabulary) -> str:
    """The class of an element, or that of the part by the attribute that holds it."""
    return vocabulary.attribute(node.parts[-1][0]).range.name if node.parts else node.kind


def _own(path: str, vocabulary: Vocabulary) -> Callable[[Node], Node]:
    """Marks the parts of a source that no name tells apart as its own; each node is worked out
    once.
    """
    return once(lambda node: of_source(node, path, vocabulary))


def _marked(statement: Statement, own: Callable[[Node], Node]) -> Statement:
    """The statement about parts of its own source, where no name tells them apart."""
    value = statement.value
    if isinstance(value, Node):
        value = own(value)
    node = own(statement.node)
    stays = node is statement.node and value is statement.value
    return statement if stays else replace(statement, node=node, value=value)


def _judged(
    statement: Statement, vocabulary: Vocabulary, narrower: tuple[str, ...] = ()
) -> Statement:
    attribute = vocabulary.attribute(statement.attribute)
    owner = class_of(statement.node, vocabulary)
    domain = attribute.domain
    if domain not in vocabulary.ancestors(owner) and not any(
        domain in vocabulary.ancestors(kind) for kind in narrower
    ):
        raise DescriptorError(
            f"A {vocabulary.key(owner)} has no {attribute.label}",
            f"State it of a {vocabulary.key(attribute.domain)}",
        )
    if isinstance(statement.value, Node):
        return _held(statement, attribute, vocabulary)
    value = vocabulary.checked(attribute, statement.value)
    return statement if value is statement.value else replace(statement, value=value)


def _held(statement: Statement, attribute: Attribute, vocabulary: Vocabulary) -> Statement:
    if attribute.range.kind != "part":
        raise DescriptorError(
            f"{attribute.label} is given a part",
            f"Give it a {vocabulary.key(attribute.range.name)}",
        )
    return statement
