"""Looks at the files of which sources recorded a digest or a size, and states what they are.

A source is read by itself and cannot see the others; here the whole project is at hand. Only files
that something speaks of are read, and nothing is stated of one that is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from kg.projects.contents import Contents
from kg.projects.folder import digest
from kg.projects.identity import Entry
from kg.statements import Node, Notes, Reading
from kg.vocabulary import Vocabulary

ATTRIBUTES = {
    "name": "name",
    "recorded digest": "recordedDigest",
    "recorded size": "recordedSize",
    "found digest": "observedDigest",
    "found size": "observedSize",
}

_IMPORTER = "contents"


@dataclass(slots=True)
class _Recorded:
    """What sources recorded of one file, as one part of an element."""

    paths: dict[str, None] = field(default_factory=dict)
    digests: dict[str, None] = field(default_factory=dict)
    sizes: dict[int, None] = field(default_factory=dict)


def observe(entries: Iterable[Entry], folder: Path, vocabulary: Vocabulary) -> list[Entry]:
    """The entries, with what recorded files were found to be, each as a source of its own."""
    known = list(entries)
    seen: dict[str, Notes] = {}
    for node, recorded in _recorded(known, vocabulary).items():
        for path in recorded.paths:
            location = _file(folder, path)
            if location:
                _state(seen.setdefault(path, Notes()), node, recorded, location)
    at = {str(entry.path): place for place, entry in enumerate(known)}
    for path, notes in seen.items():
        reading = notes.reading(path)
        if path in at:
            own = known[at[path]]
            known[at[path]] = replace(own, reading=_joined(own.reading, reading))
        elif reading.statements:
            location = folder / path
            known.append(Entry(PurePosixPath(path), digest(location), _IMPORTER, reading))
    return known


def _recorded(entries: Iterable[Entry], vocabulary: Vocabulary) -> dict[Node, _Recorded]:
    holders = {a.name for a in vocabulary.attributes.values() if a.range.name == "RecordedFile"}
    found: dict[Node, _Recorded] = {}
    for entry in entries:
        for statement in entry.reading.statements:
            node, value = statement.node, statement.value
            if node.parts and node.parts[-1][0] in holders:
                recorded = found.setdefault(node, _Recorded())
                if statement.attribute == ATTRIBUTES["name"]:
                    recorded.paths[str(value)] = None
                elif statement.attribute == ATTRIBUTES["recorded digest"]:
                    recorded.digests[str(value)] = None
                elif statement.attribute == ATTRIBUTES["recorded size"] and isinstance(value, int):
                    recorded.sizes[value] = None
    return found


def _file(folder: Path, path: str) -> Path | None:
    """Where the file lies, if there is such a one inside the folder that no link leads to."""
    location = folder / path
    try:
        inside = location.is_file() and location.resolve() == location
        return location if inside and location.is_relative_to(folder) else None
    except (OSError, ValueError, RuntimeError):
        return None


def _state(notes: Notes, node: Node, recorded: _Recorded, location: Path) -> None:
    about = notes.about(node.element, observed=True)
    for attribute, name in node.parts:
        about = about.part(attribute, name)
    try:
        contents = Contents(location)
        for found in contents.digests(recorded.digests):
            about.state(ATTRIBUTES["found digest"], found)
        if recorded.sizes:
            about.state(ATTRIBUTES["found size"], contents.size(recorded.sizes))
    except OSError as fault:
        notes.problem(f"It cannot be read: {fault.strerror}. Check its permissions.")


def _joined(own: Reading, further: Reading) -> Reading:
    return replace(
        own,
        statements=own.statements + further.statements,
        problems=own.problems + further.problems,
    )
