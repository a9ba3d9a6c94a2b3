"""What descriptions of data sets have in common: which file holds the data, its digest and size,
and what is said of its fields.

A file of the project is known by its path, so that what a description declares and what the file is
found to be stand side by side; where the data lie elsewhere, they are the description's own.
"""

import re
from pathlib import PurePosixPath
from posixpath import normpath

from kg.errors import DescriptorError
from kg.importers._environments import shortened
from kg.statements import Node, Notes, Place, Source, Subject
from kg.units import quantity
from kg.vocabulary import Literal

ATTRIBUTES = {
    "dataset": "datasetName",
    "description of the dataset": "datasetDescription",
    "dataset version": "datasetVersion",
    "licence": "licence",
    "file": "recordedFile",
    "digest": "recordedDigest",
    "size": "recordedSize",
    "field": "field",
    "type": "dataType",
    "type as written": "typeName",
    "description": "description",
    "unit": "unitOfMeasure",
    "least": "minimum",
    "most": "maximum",
    "gaps": "nullable",
    "gap as written": "nullSentinel",
    "allowed": "allowedValue",
    "pattern": "pattern",
    "decimal mark": "decimalMark",
}

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|\\|~")
_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
_MOST_FIELDS = 20_000

LONGEST_NAME = 500
"""How many characters the name of a field or file may have."""


def local_path(source: Source, address: str) -> str:
    """The path below the project that an address in a description leads to; nothing where it leads
    elsewhere.

    >>> from pathlib import Path
    >>> given = Source(PurePosixPath("meta/croissant.json"), Path(), b"", "")
    >>> local_path(given, "../data/train.csv"), local_path(given, "https://example.org/a.csv")
    ('data/train.csv', '')
    """
    if not address.strip() or _ELSEWHERE.match(address) or "\0" in address:
        return ""
    path = normpath(PurePosixPath(source.folder, address.split("#", maxsplit=1)[0]))
    return "" if path.startswith("..") or path == "." else path


def data_of(path: str) -> Node:
    """The data that a file of the project holds, whatever their role."""
    return Node("Data", path, named=False)


class Described:
    """States what a description says of one data set, or of one file of it."""

    def __init__(self, notes: Notes, node: Node) -> None:
        self.notes = notes
        self.about = notes.about(node)
        self._fields = 0

    def state(self, what: str, value: Literal, at: Place) -> None:
        """State something of the data as a whole."""
        _state(self.about, what, value, at)

    def digest(self, path: str, algorithm: str, digest: str, at: Place) -> None:
        """State the digest that the file at the path should have."""
        text = digest.strip().lower()
        if not re.fullmatch(rf"[0-9a-f]{{{_LENGTHS.get(algorithm, 1)}}}", text):
            self.notes.pass_over(f"{shortened(digest)} is no {algorithm}", at.line, at.pointer)
            return
        _state(self._file(path, at), "digest", f"{algorithm}:{text}", at)

    def size(self, path: str, size: str | float, at: Place) -> None:
        """State the size that the file at the path should have."""
        try:
            amount = quantity(size, "BYTE", default="B")
        except DescriptorError as error:
            self.notes.problem(error.sentences, at.line)
            return
        given = Place(at.line, at.pointer, str(size))
        # A size in whole kB or more was rounded: nobody can hold a file to it.
        if isinstance(size, str) and not re.search(
            r"[0-9]\s*(?:B|bytes?)?\s*$", size, re.IGNORECASE
        ):
            self.notes.pass_over(f"the size {size} is rounded", at.line, at.pointer)
            return
        _state(self._file(path, at), "size", amount, given)

    def field(self, name: str, at: Place) -> Subject | None:
        """A field of the data; None where it has no name, or there are too many."""
        self._fields += 1
        fault = _fault(name) or ("Fields are too many" if self._fields > _MOST_FIELDS else "")
        if fault:
            self.notes.problem(f"{fault}.", at.line)
            return None
        return self.about.part(ATTRIBUTES["field"], name, line=at.line, pointer=at.pointer)

    def _file(self, path: str, at: Place) -> Subject:
        return self.about.part(ATTRIBUTES["file"], path, line=at.line, pointer=at.pointer)


def _fault(name: str) -> str:
    """Why something cannot be called so, or nothing."""
    if not name.strip():
        return "A field has no name"
    long = len(name) > LONGEST_NAME
    return f"A name has {len(name):,} characters, more than are read" if long else ""


def state_of(field: Subject, what: str, value: Literal, at: Place) -> None:
    """State something of a field."""
    _state(field, what, value, at)


def _state(about: Subject, what: str, value: Literal, at: Place) -> None:
    name = ATTRIBUTES[what]
    about.state(name, value, line=at.line, pointer=at.pointer, given=at.given)
