"""Reads `Pipfile`: what pipenv is asked to install, without what is for development only."""

from kg.importers._environments import (
    NEEDED,
    PRESENT,
    Packages,
    claim_companions,
    packages_of,
    place,
    report_duplicates,
)
from kg.importers._mappings import table
from kg.importers._tables import take_table
from kg.reading import Tree, read_toml
from kg.statements import Notes, Reading, Source

TITLE = "Pipenv's wishes (Pipfile)"
FILES = "`Pipfile`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_REST = {
    "dev-packages": "these are for development, not for running",
    "source": "these say where packages come from, not which",
    "scripts": "these are commands",
    "pipenv": "these are settings of pipenv",
}


def claims(source: Source) -> bool:
    """Whether the file has its fixed name."""
    return source.name == "Pipfile"


def read(source: Source) -> Reading:
    """The interpreter and the packages."""
    tree = read_toml(source.text())
    notes = Notes()
    packages = packages_of(source, notes)
    claim_companions(source, notes)
    report_duplicates(tree, notes)
    take_interpreter(packages, tree, "requires")
    take_table(packages, tree, ("packages",), "poetry")
    for name in table(tree.value):
        if name not in {"packages", "requires"}:
            because = _REST.get(name, "these are for the group of that name only")
            packages.pass_over(f"[{name}]: {because}", place(tree, name))
    return notes.reading(source.path)


def take_interpreter(packages: Packages, tree: Tree, *steps: str) -> None:
    """Take down the version of Python at `steps`: all of its releases, or one of them."""
    for key in ("python_full_version", "python_version"):
        wanted = table(tree.value, *steps).get(key)
        if isinstance(wanted, str):
            packages.add("python", wanted, "tag", at=place(tree, *steps, key))
