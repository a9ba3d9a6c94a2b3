"""An example of each element: a descriptor as a person writes it, and what it states as RDF.

Made of the ontology's own examples and read as any descriptor is, so it cannot say what is not so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import Graph

from kg.catalogue import Catalogue, terms
from kg.exports import exporter_for
from kg.namespaces import kebab, prefixes
from kg.parsing import parse_rdf
from kg.projects import read_project
from kg.values import example
from kg.vocabulary import Attribute, Element, Vocabulary

_FEW = 5
_BASE = "http://localhost:8000/"


@dataclass(frozen=True, slots=True)
class Example:
    """A descriptor of one element in YAML, and what it states in Turtle, both line by line."""

    descriptor: tuple[str, ...]
    turtle: tuple[str, ...]


def examples(
    vocabulary: Vocabulary, catalogue: Catalogue, knowledge: Iterable[Path] = ()
) -> dict[str, Example]:
    """An example of each concrete element, by the name of its class."""
    read = Counter(term for one in catalogue.predicates.values() for term in terms(one))
    found = {}
    for element in vocabulary.concrete():
        lines = tuple(_descriptor(vocabulary, element, read))
        found[element.name] = Example(lines, _turtle(lines, element, vocabulary, tuple(knowledge)))
    return found


def _descriptor(vocabulary: Vocabulary, element: Element, read: Counter[str]) -> Iterator[str]:
    """Attributes of one line, those first that most predicates read."""
    known = vocabulary.attributes_of(element.name).values()
    plain = [a for a in known if a.range.kind != "part" and _is_line(a)]
    plain.sort(key=lambda one: (-read[one.name], one.key))
    yield f"element: {element.name}"
    yield f"name: {kebab(element.name)}-1"
    for attribute in plain[:_FEW]:
        yield f"{attribute.key}: {_written(attribute)}"


def _is_line(attribute: Attribute) -> bool:
    return bool(attribute.example) and "\n" not in attribute.example


def _written(attribute: Attribute) -> str:
    text = example(attribute)
    plain = attribute.range.name != "string" and not attribute.range.pattern
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return text if plain else f'"{quoted}"'


def _turtle(
    lines: Iterable[str], element: Element, vocabulary: Vocabulary, knowledge: tuple[Path, ...]
) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "example")
        path.mkdir()
        text = "\n".join(lines) + "\n"
        (path / f"{kebab(element.name)}.yaml").write_text(text, encoding="utf-8")
        project = read_project(path, vocabulary, knowledge)
    written = exporter_for(".trig").write(project, vocabulary)
    quads = parse_rdf(written.encode(), "trig", base=_BASE)
    stated = (quad for quad in quads if "/descriptors/" in str(quad.graph_name))
    graph = Graph(bind_namespaces="none")
    graph.bind("mm", prefixes()["mm"])
    graph.bind("xsd", prefixes()["xsd"])
    graph.parse(
        data="\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in stated),
        format="nt",
    )
    return tuple(graph.serialize(format="turtle").strip().splitlines())
