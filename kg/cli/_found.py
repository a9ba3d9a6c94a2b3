"""What files state already of a project's elements, for templates that ask only for the rest."""

from collections import defaultdict

from kg.exports.yaml import written
from kg.projects import Project
from kg.projects.linking import name_of
from kg.statements import Node, Place, Statement
from kg.templates import Found, Known
from kg.vocabulary import Vocabulary


def known_of(project: Project, vocabulary: Vocabulary) -> dict[str, Known]:
    """By the elements' classes: each attribute and link that is stated of them, with its values.

    A value that several files state is told once, with the first of them; of parts the names.
    """
    found: dict[str, dict[str, dict[tuple[str, str], Found]]] = defaultdict(
        lambda: defaultdict(dict)
    )

    narrower = project.types

    def take(node: Node, name: str, text: str, file: str, place: Place) -> None:
        line = f":{place.line}" if place.line is not None else ""
        element = name_of(node.element)
        one = Found(text, f"{file}{line}", element)
        for kind in (node.kind, *narrower.get(node.element, ())):
            found[kind][name].setdefault((element, text), one)

    for entry in project.entries:
        for statement in entry.reading.statements:
            if text := _text(statement, vocabulary):
                take(statement.node, statement.attribute, text, str(entry.path), statement.place)
    for file, link in project.stated_links:
        take(link.subject, link.name, name_of(link.object), file or link.because, link.place)
    return {
        kind: {name: tuple(values.values()) for name, values in attributes.items()}
        for kind, attributes in found.items()
    }


def _text(statement: Statement, vocabulary: Vocabulary) -> str:
    """What is stated of an element itself; nothing of what is stated of a part."""
    if statement.node.parts or statement.attribute not in vocabulary.attributes:
        return ""
    attribute = vocabulary.attribute(statement.attribute)
    if not isinstance(statement.value, Node):
        return written(attribute, statement.value, statement.place)
    _, name = statement.value.parts[-1]
    return written(attribute, name, statement.place)
