"""Looks at the files of which sources recorded a digest or a size, and states what they are.

A source is read by itself and cannot see the others; here the whole project is at hand. Only files
that something speaks of are read. Where a pointer of DVC stands in a file's place, what it says of
the file is what the file is; of one that is not there at all, nothing is stated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from kg.projects.contents import Contents
from kg.projects.folder import digest
from kg.projects.identity import Entry
from kg.statements import Node, Notes, Statement
from kg.vocabulary import Literal, Vocabulary

ATTRIBUTES = {
    "name": "name",
    "recorded digest": "recordedDigest",
    "recorded size": "recordedSize",
    "found digest": "observedDigest",
    "found size": "observedSize",
}

_IMPORTER = "contents"
_POINTER = ".dvc"


@dataclass(slots=True)
class _Recorded:
    """What sources recorded of one file, as one part of an element."""

    path: str = ""
    digests: dict[str, None] = field(default_factory=dict)
    sizes: dict[int, None] = field(default_factory=dict)
    pointer: str = ""
    """The pointer that recorded it, if one did."""

    def take(self, statement: Statement, source: str) -> None:
        """Take down what a source says of it."""
        value = statement.value
        if statement.attribute == ATTRIBUTES["name"]:
            self.path = str(value)
            self.pointer = source if source == f"{value}{_POINTER}" else self.pointer
        elif statement.attribute == ATTRIBUTES["recorded digest"]:
            self.digests[str(value)] = None
        elif statement.attribute == ATTRIBUTES["recorded size"] and isinstance(value, int):
            self.sizes[value] = None


def observe(entries: Iterable[Entry], folder: Path, vocabulary: Vocabulary) -> list[Entry]:
    """The entries, with what recorded files were found to be, each as a source of its own."""
    known = list(entries)
    recorded = _recorded(known, vocabulary)
    pointed = {one.path: (node.element.name, one) for node, one in recorded.items() if one.pointer}
    seen: dict[str, Notes] = {}
    for node, one in recorded.items():
        if location := _file(folder, one.path):
            _look(seen.setdefault(one.path, Notes()), node, one, location)
        elif one.path in pointed:
            name, pointer = pointed[one.path]
            # What a pointer says of its own file is nothing to hold against itself.
            if name != node.element.name:
                _point(seen.setdefault(pointer.pointer, Notes()), node, one, pointer)
    at = {str(entry.path): place for place, entry in enumerate(known)}
    for path, notes in seen.items():
        reading = notes.reading(path)
        if path in at:
            own = known[at[path]]
            statements = own.reading.statements + reading.statements
            known[at[path]] = replace(own, reading=replace(own.reading, statements=statements))
        elif reading.statements:
            location = folder / path
            known.append(Entry(PurePosixPath(path), digest(location), _IMPORTER, reading))
    return known


def _recorded(entries: Iterable[Entry], vocabulary: Vocabulary) -> dict[Node, _Recorded]:
    holders = {a.name for a in vocabulary.attributes.values() if a.range.name == "RecordedFile"}
    found: dict[Node, _Recorded] = {}
    for entry in entries:
        for statement in entry.reading.statements:
            node = statement.node
            if node.parts and node.parts[-1][0] in holders:
                found.setdefault(node, _Recorded()).take(statement, str(entry.path))
    return found


def _file(folder: Path, path: str) -> Path | None:
    """Where the file lies, if there is such a one inside the folder that no link leads to."""
    location = folder / path
    try:
        inside = location.is_file() and location.resolve() == location
        return location if inside and location.is_relative_to(folder) else None
    except (OSError, ValueError, RuntimeError):
        return None


def _look(notes: Notes, node: Node, recorded: _Recorded, location: Path) -> None:
    """State what the file at that place is; that it cannot be read, the walk has told."""
    try:
        contents = Contents(location)
        found: dict[str, list[Literal]] = {
            "found digest": [*contents.digests(recorded.digests)],
            "found size": [contents.size(recorded.sizes)] if recorded.sizes else [],
        }
    except OSError:
        return
    _state(notes, node, found, observed=True)


def _point(notes: Notes, node: Node, recorded: _Recorded, pointer: _Recorded) -> None:
    """State what the file is by its pointer, as far as the record is of the same kind."""
    kinds = {text.partition(":")[0] for text in recorded.digests}
    digests = [text for text in pointer.digests if text.partition(":")[0] in kinds]
    found: dict[str, list[Literal]] = {"found digest": [*digests]}
    # Sizes of texts depend on their line ends, and are compared where digests are, too.
    if digests and recorded.sizes:
        same = set(digests) & set(recorded.digests)
        found["found size"] = [*(recorded.sizes if same else pointer.sizes)]
    _state(notes, node, found, observed=False)


def _state(
    notes: Notes, node: Node, found: Mapping[str, Iterable[Literal]], *, observed: bool
) -> None:
    about = notes.about(node.element, observed=observed)
    *within, (attribute, name) = node.parts
    for holder, part in within:
        about = about.own(holder, part)
    about = about.part(attribute, name)
    for kind, values in found.items():
        for value in values:
            about.state(ATTRIBUTES[kind], value)
