"""Reads conda environment files: what conda installs, and the list that it hands to pip.

A pip list beside `dependencies` is a fault, since conda ignores it; what its author meant is stated
all the same, because others read it as what the model needs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from kg.importers._environments import (
    NEEDED,
    PRESENT,
    Packages,
    packages_of,
    place,
    shortened,
)
from kg.importers._mappings import mapping
from kg.importers._pip import require, take_line
from kg.reading import Tree, read_yaml
from kg.statements import Place, Reading, Source

TITLE = "Conda environments (conda.yaml, environment.yml)"
FILES = (
    "`conda.yaml`, `environment.yml`, `env.yml`, also with a word before or after, that list "
    "`dependencies`"
)
BY_CONTENT = False
STATES = NEEDED | PRESENT

Steps: TypeAlias = tuple[str | int, ...]
_LONGEST = 1000

_NAME = re.compile(r"(?:.+[-_.])?(?:conda|env|environment)(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_DEPENDENCIES = re.compile(rb"""^["']?dependencies["']?\s*:""", re.MULTILINE)
_OTHERS = re.compile(r"python_env\.ya?ml|.*lock.*", re.IGNORECASE)
_SPECIFICATION = re.compile(
    r"(?:[\w./:-]+(?:\[[^]]*\])?::)?(?P<name>[A-Za-z_][\w.-]*)(?P<rest>.*)", re.DOTALL
)
# `numpy[version='>=1.2', build=*mkl*]` is the long way of writing `numpy >=1.2`.
_BRACKET = re.compile(r"([^\[\]]*)\[([^\[\]]*)\]")
_VERSION = re.compile(r"""version\s*=\s*["']?([^"']+)""")
_RELEASE = re.compile(r"=\s*(\d+\.\d+\.\d+)")
_SETTINGS = {
    "channels": "where conda looks for packages",
    "name": "what the environment is called",
    "prefix": "where the environment lies on somebody's machine",
    "variables": "environment variables",
    "platforms": "which platforms the environment is meant for",
}
PIP_NAMES = {
    "dask-core": "dask",
    "matplotlib-base": "matplotlib",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
}
"""What pip calls the packages that conda gives another name."""


def claims(source: Source) -> bool:
    """Whether the file is called so, and lists dependencies as far as one can see."""
    if not _NAME.fullmatch(source.name) or _OTHERS.fullmatch(source.name):
        return False
    exact = source.name.lower() in {"conda.yaml", "conda.yml"}
    return exact or bool(_DEPENDENCIES.search(source.plain))


def read(source: Source) -> Reading:
    """The packages that conda and pip install."""
    tree = read_yaml(source.text())
    whole, notes = mapping(
        tree, "The file is not a mapping with `dependencies`", "Write them as conda expects them"
    )
    packages = packages_of(source, notes)
    _take_top(packages, tree, whole, source.folder)
    packages.list_whole(source.name)
    return notes.reading(source.path)


def take_named(packages: Packages, kind: str, text: str, at: Place) -> None:
    """Take down what a command that installs names: for conda, for pip, or Python itself."""
    if kind == "conda":
        take_specification(packages, text, at)
    elif kind == "python":
        packages.add("python", text, at=at)
    else:
        require(packages, text, at)


def take_specification(packages: Packages, text: str, at: Place) -> None:
    """Take down a package as conda is asked for it: `python=3.8`, `conda-forge::numpy >=1.2`."""
    found = _SPECIFICATION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not found:
        packages.refuse(f'"{shortened(text)}" is not a package that conda can read', at)
        return
    name, rest = found["name"], found["rest"].strip()
    if bracket := _BRACKET.fullmatch(rest):
        inside = _VERSION.search(bracket[2])
        rest = inside[1] if inside else bracket[1]
    if name == "python" and (release := _RELEASE.fullmatch(rest)):
        # A fourth part that the single `=` would leave open does not exist.
        packages.add(name, release[1], "exact", at=replace(at, given=rest))
    else:
        packages.add(name, rest, "conda", key=PIP_NAMES.get(name.lower(), name), at=at)


def _take_top(packages: Packages, tree: Tree, top: Mapping[str, object], folder: str) -> None:
    for key in top:
        at = place(tree, key)
        if key == "dependencies":
            _take_dependencies(packages, tree, folder)
        elif key == "pip":
            message = "conda ignores a `pip` list beside `dependencies`: move it into them"
            packages.refuse(message, at)
            _take_pip(packages, tree, ("pip",), top[key], folder)
        else:
            what = _SETTINGS.get(key, "nothing that conda knows")
            packages.pass_over(f"`{shortened(key)}` says {what}", at)
    if "dependencies" not in top:
        packages.refuse("The file has no `dependencies`")


def _take_dependencies(packages: Packages, tree: Tree, folder: str) -> None:
    listed = tree.value["dependencies"] if isinstance(tree.value, dict) else None
    for steps, item in _listed(packages, tree, ("dependencies",), listed):
        at = place(tree, *steps)
        if not isinstance(item, dict):
            take_specification(packages, tree.text(at.pointer or "") or str(item), at)
            continue
        for key, inner in item.items():
            if key == "pip":
                _take_pip(packages, tree, (*steps, key), inner, folder)
            else:
                packages.pass_over(f"`{shortened(key)}` is no list that conda reads", at)


def _take_pip(packages: Packages, tree: Tree, steps: Steps, value: object, folder: str) -> None:
    for inner, item in _listed(packages, tree, steps, value):
        at = place(tree, *inner)
        text = tree.text(at.pointer or "") or str(item)
        take_line(packages, text.strip(), folder, at)


def _listed(
    packages: Packages, tree: Tree, steps: Steps, value: object
) -> Iterator[tuple[Steps, object]]:
    """The items of a list with the steps to them; what is no list, though not empty, is a fault."""
    if isinstance(value, list):
        yield from (((*steps, at), item) for at, item in enumerate(value) if item is not None)
    elif value is not None:
        packages.refuse(f"`{steps[-1]}` is not a list", place(tree, *steps))
