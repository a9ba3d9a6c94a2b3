"""YAML in our own descriptor format: a document for each element that a source describes.

Each value names its place in a comment. Where one source gives a single-valued attribute two
values, the second stands in a document or item of its own. Digests and IRIs are not written.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from math import isfinite

from kg import __version__
from kg.amounts import amount
from kg.exports._branches import NAME, Branch, Described, described
from kg.projects import Project
from kg.projects.linking import name_of
from kg.statements import NOWHERE, Place
from kg.statements import Link as StatedLink
from kg.visible import DRIVING, visible, whole
from kg.vocabulary import Attribute, Literal, Vocabulary

TITLE = "YAML"
SUFFIXES = (".yaml", ".yml")

# What needs no quotes: a word that YAML takes for nothing else.
_PLAIN = re.compile(
    r"(?!(?i:true|false|yes|no|on|off|null|none|y|n|nan|inf)$)[A-Za-z][\w./-]*", re.ASCII
)
_LONGEST_GIVEN = 60
_COUNTED = {"", "NUM"}


def write(project: Project, vocabulary: Vocabulary) -> str:
    """The project's statements, a document a source and element, and what links the elements."""
    roles = {entry.reading.stated_by for entry in project.entries}
    writer = _Writer(project, vocabulary, one_role=len(roles) == 1)
    head = f"# What mismatch {__version__} read from the project {visible(project.id)}.\n"
    documents = [
        writer.document(one, branch)
        for one in described(project, prose_apart=True)
        for branch in one.elements
    ]
    return head + "".join(f"---\n{text}" for text in chain(*documents, writer.links()))


class _Writer:
    """Writes documents line by line."""

    def __init__(self, project: Project, vocabulary: Vocabulary, *, one_role: bool) -> None:
        self._project = project
        self._vocabulary = vocabulary
        self._one_role = one_role

    def document(self, one: Described, branch: Branch) -> Iterator[str]:
        """The element as the source describes it; a second document holds what contradicts it."""
        for layer in _layers(branch, self._vocabulary):
            lines = [*self._head(one), *self._element(layer)]
            if one.observed:
                lines.append("observed: true")
            if one.prose:
                lines.append("prose: true")
            lines += self._mapping(layer, str(one.entry.path))
            yield "\n".join(lines) + "\n"

    def links(self) -> Iterator[str]:
        """A document for each element from which links start."""
        for subject in dict.fromkeys(link.subject for _, link in self._project.links):
            lines = [*self._element(Branch(subject))]
            for name in dict.fromkeys(found.name for _, found in self._project.links):
                wanted = [
                    (f, k) for f, k in self._project.links if (k.name, k.subject) == (name, subject)
                ]
                if wanted:
                    lines.append(f"{self._vocabulary.links[name].key}:")
                    lines += [self._link(file, link) for file, link in wanted]
            yield "\n".join(lines) + "\n"

    def _link(self, file: str, link: StatedLink) -> str:
        reason = f"{file}: {link.because}" if file and file not in link.because else link.because
        target = link.object.iri or name_of(link.object)
        return f"- {_scalar(target)}  # {visible(' '.join(reason.split()))}"

    def _head(self, one: Described) -> Iterator[str]:
        via = f", reached from {visible(one.entry.via)}" if one.entry.via else ""
        yield f"# {visible(str(one.entry.path))}, read by {one.entry.importer}{via}"
        role = one.entry.reading.stated_by
        if role:
            # One file speaks for one role, so several can only be told, not stated.
            yield f"stated_by: {role}" if self._one_role else f"# stated by: {role}"

    def _element(self, branch: Branch) -> Iterator[str]:
        node = branch.node
        yield f"element: {node.kind}"
        if node.iri:
            yield f'"@id": {_scalar(node.iri)}'
        if node.name:
            yield f"name: {_scalar(node.name)}"

    def _mapping(self, branch: Branch, file: str) -> Iterator[str]:
        """All that is stated of an element or part, except its name."""
        for name, values in branch.values.items():
            if name != NAME:
                yield from self._values(self._vocabulary.attribute(name), values, file)
        for name, parts in branch.parts.items():
            items = [
                line
                for part in parts.values()
                for layer in _layers(part, self._vocabulary)
                for line in self._item(layer, file)
            ]
            if any(part.held for part in parts.values()):
                yield f"{self._vocabulary.attribute(name).key}:"
            yield from items
        if branch.complete:
            keys = [self._vocabulary.attribute(name).key for name in dict.fromkeys(branch.complete)]
            yield f"complete: [{', '.join(keys)}]"

    def _values(
        self, attribute: Attribute, values: list[tuple[Literal, Place]], file: str
    ) -> Iterator[str]:
        lines = [
            _commented(written(attribute, value, place), place, file) for value, place in values
        ]
        # As an item of a list, the text `none` is a value like any other.
        if attribute.single and len(lines) == 1 and not _is_none(values[0][0]):
            yield f"{attribute.key}: {lines[0]}"
        else:
            yield f"{attribute.key}:"
            yield from (f"- {line}" for line in lines)

    def _item(self, part: Branch, file: str) -> Iterator[str]:
        names = part.values.get(NAME, [])
        if part.called and not names:
            names = [(part.called, NOWHERE)]
        lines = [
            _commented(f"name: {_scalar(str(value))}", place, file) for value, place in names[:1]
        ]
        lines += self._mapping(part, file)
        if not part.held:
            # A descriptor has no words for what holds only if the part is there.
            yield f"# {part.node.parts[-1][1]}, if it is there: {' '.join(lines)}"
            return
        for number, line in enumerate(lines or ["{}"]):
            yield f"{'  ' if number else '- '}{line}"


def _layers(branch: Branch, vocabulary: Vocabulary) -> list[Branch]:
    """The branch, and what must stand apart: second names, second values of what has only one."""
    single = [n for n in branch.values if n == NAME or vocabulary.attribute(n).single]
    depth = max((len(branch.values[name]) for name in single), default=1)
    layers = []
    for level in range(depth):
        values = {
            n: branch.values[n][level : level + 1] for n in single if branch.values[n][level:]
        }
        names = branch.values.get(NAME, [])
        if names:
            values[NAME] = names[level : level + 1] or names[:1]
        if not level:
            many = {n: v for n, v in branch.values.items() if n not in single}
            layers.append(replace(branch, values=values | many))
        else:
            layers.append(Branch(branch.node, branch.place, values, held=branch.held))
    return layers


def written(attribute: Attribute, value: Literal, place: Place) -> str:
    """A value as it stands in a descriptor, in the unit that its source wrote."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(attribute, value, place)
    return _scalar(value.isoformat() if isinstance(value, date) else value)


def _number(attribute: Attribute, value: float, place: Place) -> str:
    if attribute.unit_name not in _COUNTED and isfinite(value):
        number, unit = amount(value, attribute.unit_name, [place.given])
        return f"{_digits(number)} {unit}"
    return _digits(value)


def _digits(value: float) -> str:
    """The number as YAML 1.1 takes it for one: with a full stop before an exponent."""
    if not isfinite(value):
        return f"{'-' if value < 0 else ''}.inf"
    text = str(value).removesuffix(".0") if abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _scalar(text: str) -> str:
    """The text as it is, where YAML takes it for nothing else, or else in double quotes."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = whole(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + DRIVING.sub(lambda found: f"\\U{ord(found[0]):08x}", escaped) + '"'


def _commented(text: str, place: Place, file: str) -> str:
    line = f":{place.line}" if place.line is not None else ""
    where = f"{text}  # {visible(file)}{line}"
    given = visible(" ".join((place.given or "").split()))
    if not given or given in text or text.strip('"') in given or len(given) > _LONGEST_GIVEN:
        return where
    return f"{where}, written {given}"


def _is_none(value: Literal) -> bool:
    return isinstance(value, str) and value.strip().lower() in {"none", "not applicable", "n/a"}
