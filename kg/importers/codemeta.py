"""Reads CodeMeta files: the languages, interpreters and packages that a project's code needs.

Who wrote the code, where it lies and under which licence says nothing about a model or its data.
"""

from kg.importers._environments import ATTRIBUTES, Packages
from kg.importers._linked_data import SoftwareList, plain_key
from kg.importers._mappings import mapping
from kg.reading import read_json
from kg.statements import Node, Reading, Source

TITLE = "Descriptions of code (codemeta.json)"
FILES = "`codemeta.json`"
BY_CONTENT = False
STATES = frozenset(
    {
        "name",
        ATTRIBUTES["version"],
        *(ATTRIBUTES[f"present {kind}"] for kind in ("package", "language", "framework")),
    }
)

_LANGUAGES = {"programminglanguage", "runtimeplatform"}
_PACKAGES = {"softwarerequirements"}


def claims(source: Source) -> bool:
    """Whether the file has the name that CodeMeta prescribes."""
    return source.name == "codemeta.json"


def read(source: Source) -> Reading:
    """The software as that of the project's development environment."""
    tree = read_json(source.text())
    whole, notes = mapping(tree, "The file is not an object", "Write it as CodeMeta asks for it")
    packages = Packages(notes, Node("DevelopmentEnvironment", named=False))
    listed = SoftwareList(packages, tree)
    left = []
    for key, value in whole.items():
        if plain_key(key) in _LANGUAGES:
            listed.languages(value, (key,))
        elif plain_key(key) in _PACKAGES:
            listed.packages(value, (key,))
        elif not key.startswith("@"):
            left.append(key)
    if left:
        notes.pass_over(f"{', '.join(left)}: who made the code, and where it is found")
    return notes.reading(source.path)
