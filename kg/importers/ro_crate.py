"""Reads RO-Crates: of the things in a crate the software and languages with their versions.

Which files belong to it, and who made them, says nothing that could be held against another
source.
"""

from collections.abc import Mapping

from kg.errors import DescriptorInvalid
from kg.importers._environments import ATTRIBUTES, Packages, place, report_duplicates
from kg.importers._linked_data import SoftwareList, items
from kg.reading import read_json
from kg.statements import Node, Notes, Reading, Source

TITLE = "Research objects (RO-Crate)"
FILES = "`ro-crate-metadata.json`"
BY_CONTENT = False
STATES = frozenset(
    {
        "name",
        ATTRIBUTES["version"],
        *(ATTRIBUTES[f"present {kind}"] for kind in ("package", "language", "framework")),
    }
)

_SOFTWARE = {"SoftwareApplication", "ComputerLanguage"}


def claims(source: Source) -> bool:
    """Whether the file has the name that RO-Crate prescribes."""
    return source.name in {"ro-crate-metadata.json", "ro-crate-metadata.jsonld"}


def read(source: Source) -> Reading:
    """The software as that of the project's development environment."""
    tree = read_json(source.text())
    graph = tree.value.get("@graph") if isinstance(tree.value, dict) else None
    if not isinstance(graph, list):
        raise DescriptorInvalid("The crate has no `@graph`", "Write it as RO-Crate asks for it")
    notes = Notes()
    report_duplicates(tree, notes)
    packages = Packages(notes, Node("DevelopmentEnvironment", named=False))
    listed = SoftwareList(packages, tree)
    left = 0
    for entity, steps in items(graph, ("@graph",)):
        kinds = _kinds(entity)
        if not isinstance(entity, Mapping):
            notes.problem("What is in the graph is no object", place(tree, *steps).line)
        elif "File" in kinds or not _SOFTWARE & kinds:
            left += 1
        elif "ComputerLanguage" in kinds:
            listed.languages(entity, steps)
        elif entity.get("softwareVersion") or entity.get("version"):
            listed.packages(entity, steps)
        else:
            left += 1
    if left:
        notes.pass_over(f"{left} files, people and other things of the crate")
    return notes.reading(source.path)


def _kinds(entity: object) -> set[str]:
    found = entity.get("@type") if isinstance(entity, Mapping) else None
    return {
        kind for kind in (found if isinstance(found, list) else [found]) if isinstance(kind, str)
    }
