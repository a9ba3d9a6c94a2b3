"""What the files of DVC have in common: paths, records of files, and settings with their values.

A record without `hash: md5` was written by DVC 2, whose md5 of a text is that of its lines ended in
line feeds. That of a folder is one of a list that only DVC makes, and ends in `.dir`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from kg.importers._environments import place
from kg.importers._mappings import reached
from kg.reading import Tree
from kg.statements import Node, Notes, Place, Source, Subject

ATTRIBUTES = {
    "digest": "recordedDigest",
    "size": "recordedSize",
    "own file": "recordedFile",
    "step file": "stepFile",
    "setting": "pipelineParameter",
    "value": "parameterValue",
}

Steps = tuple[str | int, ...]

_DIGEST = re.compile(r"[0-9a-fA-F]{32}(?:\.dir)?")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://|/|[A-Za-z]:[\\/]")
_MOST = 20_000


def pipeline(source: Source) -> Node:
    """The pipeline whose stages stand in the folder's `dvc.yaml`."""
    return Node("DataPipeline", str(source.path.with_name("dvc.yaml")), named=False)


def below(folder: str, path: str) -> str | None:
    """The path below the project's folder; None where it leads out of it.

    >>> below("models", "../data/train.csv"), below(".", "s3://bucket/train.csv")
    ('data/train.csv', None)
    """
    if _ELSEWHERE.match(path):
        return None
    found = normpath(join(folder, path.replace("\\", "/")))
    return None if found.startswith("../") or found in {"..", "."} else found


def records(notes: Notes, tree: Tree, steps: Steps) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """The records of a list of files, each with the steps that lead to it."""
    listed = reached(tree.value, steps)
    if listed is not None and not isinstance(listed, list):
        notes.problem(f"`{steps[-1]}` is not a list", place(tree, *steps).line)
        return
    for index, item in enumerate(listed or ()):
        at = (*steps, index)
        if isinstance(item, dict) and isinstance(item.get("path"), str):
            yield at, item
        else:
            notes.problem(f"An item of `{steps[-1]}` has no `path`", place(tree, *at).line)


def take_record(
    about: Subject, attribute: str, folder: str, tree: Tree, steps: Steps
) -> Subject | None:
    """State the digest and size of one record; None for a file that is not in the project."""
    at = place(tree, *steps, "path")
    written = tree.text(at.pointer or "") or ""
    path = below(folder, written)
    if path is None:
        about.notes.pass_over(f"{written} lies outside the project", at.line, at.pointer)
        return None
    file = about.part(attribute, path, line=at.line, pointer=at.pointer)
    digest, size = place(tree, *steps, "md5"), place(tree, *steps, "size")
    text = tree.text(digest.pointer or "")
    if text is not None:
        if _DIGEST.fullmatch(text):
            algorithm = "md5" if tree.text(_pointer(tree, steps, "hash")) == "md5" else _LINE_FEEDS
            _state(file, "digest", f"{algorithm}:{text.lower()}", digest, text)
        else:
            about.notes.problem(f"{written}: `{text[:80]}` is no MD5", digest.line)
    given = tree.text(size.pointer or "")
    if given is not None:
        if given.isascii() and given.isdigit() and len(given) < len(str(2**63)):
            _state(file, "size", int(given), size, given)
        else:
            about.notes.problem(f"{written}: `{given[:80]}` is no size in bytes", size.line)
    return file


_LINE_FEEDS = "md5-dos2unix"


def settings(tree: Tree, steps: Steps = ()) -> Iterator[tuple[str, str, Place]]:
    """Each setting by its dotted name, with its value in one way of writing; at most 20,000.

    >>> from kg.reading import read_yaml
    >>> [(name, value) for name, value, _ in settings(read_yaml("{a: {b: 1e-1, c: [x]}}"))]
    [('a.b', '0.1'), ('a.c', '["x"]')]
    """
    waiting: list[tuple[Steps, str, object]] = [(steps, "", reached(tree.value, steps))]
    seen = 0
    while waiting and seen < _MOST:
        at, name, value = waiting.pop()
        if isinstance(value, dict) and (value or not name):
            inner = [((*at, k), f"{name}.{k}" if name else str(k), v) for k, v in value.items()]
            waiting += reversed(inner)
        elif name and value is not None:
            seen += 1
            yield name, _written(value), place(tree, *at)


def _written(value: object) -> str:
    if isinstance(value, str):
        # YAML 1.1 takes 1e-1 for a text, YAML 1.2 for a number; DVC reads both.
        try:
            return str(float(value)) if re.fullmatch(r"[-+]?\d+[eE][-+]?\d+", value) else value
        except (ValueError, OverflowError):
            return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return json.dumps(value, default=str, ensure_ascii=False)


def _pointer(tree: Tree, steps: Steps, key: str) -> str:
    return place(tree, *steps, key).pointer or ""


def _state(about: Subject, kind: str, value: str | int, at: Place, given: str) -> None:
    about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)
