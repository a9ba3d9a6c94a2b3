"""Reads the `python_env.yaml` in MLflow model folders: the interpreter and the packages."""

from kg.importers._environments import (
    NEEDED,
    PRESENT,
    Packages,
    packages_of,
    place,
    shortened,
)
from kg.importers._mappings import mapping
from kg.importers._pip import take_line
from kg.reading import Tree, read_yaml
from kg.statements import Reading, Source

TITLE = "MLflow's Python environments (python_env.yaml)"
FILES = "`python_env.yaml`"
BY_CONTENT = False
STATES = NEEDED | PRESENT


def claims(source: Source) -> bool:
    """Whether the file has the name that MLflow gives it."""
    return source.name in {"python_env.yaml", "python_env.yml"}


def read(source: Source) -> Reading:
    """The version of Python and the packages; those that only building needs are passed over."""
    tree = read_yaml(source.text())
    whole, notes = mapping(
        tree,
        "The file is not a mapping with `python` and `dependencies`",
        "Let MLflow write it again",
    )
    packages = packages_of(source, notes)
    for key, value in whole.items():
        at = place(tree, key)
        if key == "python" and value is not None:
            packages.add("python", tree.text(at.pointer or "") or "", "tag", at=at)
        elif key == "dependencies" and isinstance(value, list):
            _take_list(packages, tree, value, source.folder)
        elif key == "build_dependencies":
            packages.pass_over("only building the environment needs these", at)
        else:
            packages.pass_over(f"`{shortened(key)}` is nothing that MLflow knows", at)
    return notes.reading(source.path)


def _take_list(packages: Packages, tree: Tree, listed: list[object], folder: str) -> None:
    for index, item in enumerate(listed):
        at = place(tree, "dependencies", index)
        take_line(packages, tree.text(at.pointer or "") or str(item), folder, at)
