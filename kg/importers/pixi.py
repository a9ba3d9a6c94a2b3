"""Reads `pixi.toml`: the conda and pip packages that a Pixi workspace always needs."""

from kg.importers._environments import NEEDED, PRESENT, packages_of, place, report_duplicates
from kg.importers._mappings import table
from kg.importers._tables import take_table
from kg.reading import read_toml
from kg.statements import Notes, Reading, Source

TITLE = "Pixi workspaces (pixi.toml)"
FILES = "`pixi.toml`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_REST = {
    "workspace": "what the workspace is called, and where packages come from",
    "project": "what the workspace is called, and where packages come from",
    "feature": "these come only with the feature",
    "target": "these are for one platform only",
    "build-dependencies": "only building the project needs these",
    "host-dependencies": "only building the project needs these",
    "tasks": "these are commands",
}


def claims(source: Source) -> bool:
    """Whether the file has its fixed name."""
    return source.name == "pixi.toml"


def read(source: Source) -> Reading:
    """The packages of conda and those of pip."""
    tree = read_toml(source.text())
    notes = Notes()
    packages = packages_of(source, notes)
    report_duplicates(tree, notes)
    take_table(packages, tree, ("dependencies",), "conda")
    take_table(packages, tree, ("pypi-dependencies",), "poetry")
    for name in table(tree.value):
        if name not in {"dependencies", "pypi-dependencies"}:
            because = _REST.get(name, "this says nothing about packages")
            packages.pass_over(f"[{name}]: {because}", place(tree, name))
    return notes.reading(source.path)
