"""Reads models that skops stored: of which classes they are made, and with which scikit-learn.

What it reads is the `schema.json` in the archive; nothing is loaded, and arrays are not opened.
"""

import zlib
from collections.abc import Mapping
from json import loads
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile

from kg.errors import DescriptorInvalid
from kg.importers._mappings import mappings
from kg.importers._objects import STATES as STATED
from kg.importers._objects import take_objects
from kg.importers._pickled import SKLEARN_VERSION
from kg.reading import decode, read_json
from kg.statements import Notes, Reading, Source

TITLE = "Models stored by skops (.skops)"
FILES = "`*.skops`"
BY_CONTENT = False
STATES = STATED

_SCHEMA = "schema.json"
_LARGEST = 8 << 20
# What zipfile raises over archives that are broken, packed otherwise, or have a password.
_FAULTS = (
    BadZipFile,
    EOFError,
    KeyError,
    LZMAError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zlib.error,
)


def claims(source: Source) -> bool:
    """Whether the file is called like one of skops."""
    return source.suffix == ".skops"


def read(source: Source) -> Reading:
    """What the stored object is made of and needs."""
    schema = read_json(decode(_schema(source))).value
    if not isinstance(schema, dict) or not _name(schema):
        raise DescriptorInvalid(f"{_SCHEMA} names no class", "Let skops store the model again")
    notes = Notes()
    nodes = list(mappings(schema))
    versions = dict.fromkeys(version for node in nodes if (version := _version(node)))
    names = dict.fromkeys(name for node in nodes if (name := _name(node)))
    take_objects(source, notes, _name(schema), names, versions)
    return notes.reading(source.path)


def _schema(source: Source) -> bytes:
    """The bytes of the schema; raises DescriptorInvalid where there is none, or too large a one."""
    try:
        with ZipFile(source.location) as archive, archive.open(_SCHEMA) as member:
            data = member.read(_LARGEST + 1)
    except _FAULTS as fault:
        message = f"The file is no archive with a {_SCHEMA}: {str(fault)[:200] or 'it is cut off'}"
        raise DescriptorInvalid(message, "Let skops store the model again") from fault
    if len(data) > _LARGEST:
        raise DescriptorInvalid(
            f"{_SCHEMA} has more than the {_LARGEST:,} bytes that are read", "Leave the file out"
        )
    return data


def _name(node: Mapping[str, object]) -> str:
    module, name = node.get("__module__"), node.get("__class__")
    known = isinstance(module, str) and isinstance(name, str) and module and name
    return f"{module}.{name}"[:200] if known else ""


def _version(node: Mapping[str, object]) -> str:
    """The release of scikit-learn that an object's state names."""
    held = node.get(SKLEARN_VERSION)
    text = held.get("content") if isinstance(held, dict) else None
    try:
        value = loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""
