"""Reads the files that DVC writes in place of data and models (`*.dvc`): which file, of which
digest and size, belongs there.

A folder's digest is that of a list that only DVC makes, so nothing is stated of folders.
"""

import re

from kg.errors import DescriptorInvalid
from kg.importers import _dvc
from kg.importers._dvc import below, records, take_record
from kg.importers._environments import place, report_duplicates
from kg.importers._mappings import table
from kg.reading import read_yaml
from kg.statements import Node, Notes, Reading, Source

TITLE = "Files tracked by DVC (*.dvc)"
FILES = "`*.dvc`"
BY_CONTENT = False

ATTRIBUTES = {name: _dvc.ATTRIBUTES[name] for name in ("own file", "digest", "size")}
STATES = frozenset(ATTRIBUTES.values()) | {"name"}

_MODELS = re.compile(
    r".+\.(?:pkl|pickle|joblib|onnx|h5|hdf5|keras|pt|pth|ckpt|safetensors|skops|pb|tflite|bin|model)",
    re.IGNORECASE,
)
_KNOWN = {"outs", "wdir"}


def claims(source: Source) -> bool:
    """Whether the file's name ends as DVC ends it."""
    return source.path.suffix == ".dvc" and bool(source.path.stem)


def read(source: Source) -> Reading:
    """The tracked files as data, or as models where they are called like one."""
    tree = read_yaml(source.text())
    if not isinstance(tree.value, dict) or "outs" not in tree.value:
        raise DescriptorInvalid("The file is not a mapping with `outs`", "Let DVC write it again")
    notes = Notes()
    report_duplicates(tree, notes)
    written = table(tree.value).get("wdir")
    folder = f"{source.folder}/{written}" if isinstance(written, str) else source.folder
    for steps, record in records(notes, tree, ("outs",)):
        path = below(folder, str(record["path"]))
        if str(record.get("md5", "")).endswith(".dir"):
            at = place(tree, *steps)
            notes.pass_over("a folder's digest is that of a list of DVC's", at.line, at.pointer)
        else:
            kind = "TrainedModel" if _MODELS.fullmatch(str(record["path"])) else "Data"
            about = notes.about(Node(kind, path or "", named=False))
            take_record(about, ATTRIBUTES["own file"], folder, tree, steps)
    for key in table(tree.value):
        if key not in _KNOWN:
            at = place(tree, key)
            notes.pass_over(f"`{key[:80]}` says nothing of the file itself", at.line, at.pointer)
    return notes.reading(source.path)
