"""Reads `pyproject.toml`: the Python that a project runs on, and the packages that it always needs.

Extras, groups for development and what only builds the project are passed over: who installs the
project as it is does not get them.
"""

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
from kg.importers._pip import require
from kg.importers._tables import take_table
from kg.reading import Tree, read_toml
from kg.statements import Notes, Reading, Source
from kg.versions import Dialect

TITLE = "Python projects (pyproject.toml)"
FILES = "`pyproject.toml`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_TABLES: tuple[tuple[tuple[str, ...], Dialect], ...] = (
    (("tool", "poetry", "dependencies"), "poetry"),
    (("tool", "pixi", "dependencies"), "conda"),
    (("tool", "pixi", "pypi-dependencies"), "poetry"),
)
_DEVELOPING = "these are for development, not for using the project"
_SOMETIMES = {
    ("build-system",): "only building the project needs these",
    ("project", "optional-dependencies"): "these come only with the extra",
    ("dependency-groups",): _DEVELOPING,
    ("tool", "poetry", "group"): _DEVELOPING,
    ("tool", "poetry", "dev-dependencies"): _DEVELOPING,
    ("tool", "poetry", "extras"): "these come only with the extra",
    ("tool", "pixi", "feature"): "these come only with the feature",
    ("tool", "pdm", "dev-dependencies"): _DEVELOPING,
    ("tool", "uv", "dev-dependencies"): _DEVELOPING,
    ("tool", "uv", "sources"): "these say where packages come from, not which",
    ("tool", "hatch", "envs"): _DEVELOPING,
}
_READ_OF_PROJECT = {"requires-python", "dependencies", "optional-dependencies"}
_NAMED = {"project", "build-system", "dependency-groups", "tool"}
_NAMED_TOOLS = {"poetry", "pixi", "pdm", "uv", "hatch"}


def claims(source: Source) -> bool:
    """Whether the file has its fixed name."""
    return source.name == "pyproject.toml"


def read(source: Source) -> Reading:
    """The interpreter and packages, in the notation of whichever tool manages the project."""
    tree = read_toml(source.text())
    notes = Notes()
    packages = packages_of(source, notes)
    claim_companions(source, notes)
    report_duplicates(tree, notes)
    _take_project(packages, tree)
    for steps, dialect in _TABLES:
        take_table(packages, tree, steps, dialect)
    _pass_over_the_rest(packages, tree)
    return notes.reading(source.path)


def _take_project(packages: Packages, tree: Tree) -> None:
    project = table(tree.value, "project")
    if isinstance(wanted := project.get("requires-python"), str):
        packages.add("python", wanted, at=place(tree, "project", "requires-python"))
    listed = project.get("dependencies")
    if isinstance(listed, list):
        for at, item in enumerate(listed):
            require(packages, str(item), place(tree, "project", "dependencies", at))
    elif listed is not None:
        at_list = place(tree, "project", "dependencies")
        packages.refuse("The `dependencies` of the project are not a list", at_list)
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and "dependencies" in dynamic:
        because = "the packages are read from elsewhere at each build"
        packages.pass_over(because, place(tree, "project", "dynamic"))


def _pass_over_the_rest(packages: Packages, tree: Tree) -> None:
    for steps, because in _SOMETIMES.items():
        for name in table(tree.value, *steps):
            packages.pass_over(f"{name}: {because}", place(tree, *steps, name))
    project = [key for key in table(tree.value, "project") if key not in _READ_OF_PROJECT]
    if project:
        because = f"this is not about packages: {', '.join(project)}"
        packages.pass_over(because, place(tree, "project"))
    others = [name for name in table(tree.value) if name not in _NAMED]
    others += [f"tool.{name}" for name in table(tree.value, "tool") if name not in _NAMED_TOOLS]
    if others:
        packages.pass_over(f"settings of other tools: {', '.join(others)}")
