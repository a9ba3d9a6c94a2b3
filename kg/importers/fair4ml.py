"""Reads descriptions of models in FAIR4ML, as JSON-LD or as the plain JSON that people make of it:
name, version, software, inputs, target, settings, results, licence.

Files that it names as the model's card or its training data are taken for what it says they are.
"""

from kg.importers._card_tables import ATTRIBUTES as TABLES
from kg.importers._environments import ATTRIBUTES as SOFTWARE
from kg.importers._environments import model
from kg.importers._mappings import mapping
from kg.importers._measures import ATTRIBUTES as MEASURED
from kg.importers._model_description import ATTRIBUTES, Description
from kg.reading import read_json
from kg.statements import Node, Reading, Source

TITLE = "Descriptions of models (FAIR4ML)"
FILES = "JSON files with `fair4ml` in their name or first lines"
BY_CONTENT = True

STATES = frozenset(
    [
        *ATTRIBUTES.values(),
        *(TABLES[kind] for kind in ("component", "setting", "value", "type", "type as written")),
        *(MEASURED[kind] for kind in ("measure", "result")),
        *(SOFTWARE[kind] for kind in ("needed package", "needed language", "version")),
        "name",
    ]
)

_NAME = b"fair4ml"


def claims(source: Source) -> bool:
    """Whether the file's name or its first bytes name FAIR4ML."""
    if source.suffix not in {".json", ".jsonld"}:
        return False
    crate = b"ro/crate" in source.head
    return "fair4ml" in source.name.lower() or (_NAME in source.head.lower() and not crate)


def read(source: Source) -> Reading:
    """The model as the file describes it."""
    tree = read_json(source.text())
    _, notes = mapping(tree, "The file is not an object", "Describe one model in a file")
    Description(notes.about(_node(source)), tree, source.vocabulary).take()
    return notes.reading(source.path)


def _node(source: Source) -> Node:
    """The model in whose folder the file lies, the project's own, or one that only it names."""
    if "MLmodel" in source.neighbours:
        return model(source.folder)
    beside = [name for name in source.neighbours if "fair4ml" in name.lower()]
    top = source.folder == "." and len(beside) == 1
    return Node("TrainedModel", "" if top else str(source.path), named=False)
