"""TriG: a named graph a source, one for links, and one that says where each source comes from.

IRIs are relative, so that the file can be loaded under any base.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import isfinite

from kg.exports._branches import Branch, Described, Names, described, infinity, provenance
from kg.namespaces import prefixes
from kg.projects import Project
from kg.visible import DRIVING, whole
from kg.vocabulary import Literal, Vocabulary
from kg.writing import literal

TITLE = "TriG"
SUFFIXES = (".trig",)

_PREFIXES = ("mm", "dcterms", "rdf", "xsd")


def write(project: Project, vocabulary: Vocabulary) -> str:
    """The project's named graphs, as a workspace holds them."""
    writer = _Writer(Names(project, vocabulary), vocabulary)
    found = list(described(project))
    graphs = [(writer.names.graph(one), list(writer.source(one))) for one in found]
    graphs.append((f"{writer.names.project}/links", list(writer.links(project))))
    graphs.append((f"{writer.names.project}/provenance", list(writer.origins(project, found))))
    known = {name: prefixes()[name] for name in _PREFIXES} | dict(vocabulary.prefixes)
    head = [f"@prefix {name}: <{space}> ." for name, space in known.items()]
    blocks = [_block(name, subjects) for name, subjects in graphs if subjects]
    return "\n\n".join(["\n".join(head), *blocks]) + "\n"


def _block(graph: str, subjects: list[str]) -> str:
    return f"<{graph}> {{\n" + "\n".join(subjects) + "\n}"


class _Writer:
    """Writes subjects with all that is said of them."""

    def __init__(self, names: Names, vocabulary: Vocabulary) -> None:
        self.names = names
        self._vocabulary = vocabulary

    def source(self, one: Described) -> Iterator[str]:
        """All elements and parts of a source."""
        for element in one.elements:
            yield from self._branch(element, one)

    def links(self, project: Project) -> Iterator[str]:
        """Each link, whoever states it."""
        for _, link in project.stated_links:
            target = f"<{self.names.of(link.object)}>"
            yield _subject(self.names.of(link.subject), [f"{self._curie(link.name)} {target}"])

    def origins(self, project: Project, found: list[Described]) -> Iterator[str]:
        """What is known of the project and of each source."""
        known = ["a mm:Project", f"dcterms:identifier {_text(project.id)}"]
        yield _subject(self.names.project, known)
        for one in found:
            stated = provenance(one)
            role = stated.pop("statedBy", None)
            said = ["a mm:Descriptor", f"mm:describes <{self.names.project}>"]
            said += [f"mm:{name} {_text(value)}" for name, value in stated.items()]
            said += [f"mm:statedBy mm:{role}"] if role else []
            said.append(f"mm:places {_text(self.names.places(one))}^^rdf:JSON")
            yield _subject(self.names.graph(one), said)

    def _branch(self, branch: Branch, one: Described) -> Iterator[str]:
        entry = one.entry
        said = [f"a {self._curie(self.names.class_of(branch.node, one))}"]
        for name, values in branch.values.items():
            listed = self._vocabulary.attribute(name).range.kind == "list"
            texts = [self._curie(str(v)) if listed else _text(v) for v, _ in values]
            said.append(f"{self._curie(name)} {_listed(dict.fromkeys(texts))}")
        for name, parts in branch.parts.items():
            held = [f"<{self.names.of(part, entry)}>" for part in parts]
            said.append(f"{self._curie(name)} {_listed(held)}")
        said += [f"mm:complete {self._curie(name)}" for name in dict.fromkeys(branch.complete)]
        yield _subject(self.names.of(branch.node, entry), said)
        for parts in branch.parts.values():
            for part in parts.values():
                yield from self._branch(part, one)

    def _curie(self, name: str) -> str:
        return self._vocabulary.curie(name)


def _subject(name: str, said: list[str]) -> str:
    return f"  <{name}> " + " ;\n    ".join(said) + " ."


def _listed(texts: Iterable[str]) -> str:
    return ",\n      ".join(texts)


def _text(value: Literal) -> str:
    """A literal as Turtle writes it, with what a terminal would obey written as escapes."""
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, float):
        # Without an exponent Turtle would take it for a decimal.
        number = repr(value) if "e" in repr(value) else f"{value!r}e0"
        return number if isfinite(value) else f'"{infinity(value)}"^^xsd:double'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"^^xsd:dateTime'
    return DRIVING.sub(lambda found: f"\\U{ord(found[0]):08X}", literal(whole(str(value))))
