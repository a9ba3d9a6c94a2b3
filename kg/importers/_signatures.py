"""What the signature of an MLflow model says about its inputs and outputs, column by column.

A signature is JSON written into a YAML text, mostly over several lines; a column's line is found by
counting words, since folding a text changes nothing but the spaces between them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TypeAlias

from kg.errors import DescriptorInvalid
from kg.reading import Limits, Tree, pointer, read_json
from kg.statements import NOWHERE, Place, Subject
from kg.vocabulary import Literal

ATTRIBUTES = {
    "inputs": "input",
    "outputs": "output",
    "type": "dataType",
    "type as written": "typeName",
    "required": "nullable",
    "shape": "shape",
}
COLUMNS = frozenset({*ATTRIBUTES.values(), "name"})
"""What can be stated of the columns that a model takes and gives."""

Column: TypeAlias = Mapping[str, object]

_LIMITS = Limits(size=8 << 20, nodes=200_000)
# The types of MLflow's columns; `any` says nothing.
_TYPES = {
    "array": "array",
    "binary": "binary",
    "boolean": "boolean",
    "datetime": "date-time",
    "double": "double",
    "float": "double",
    "integer": "integer",
    "long": "integer",
    "map": "object",
    "object": "object",
    "sparse_vector": "array",
    "string": "string",
}
# NumPy's types by how their names begin; its `object` may be anything.
_NUMPY = {
    "bool": "boolean",
    "bytes": "binary",
    "datetime64": "date-time",
    "float": "double",
    "int": "integer",
    "str": "string",
    "uint": "integer",
    "S": "binary",
    "U": "string",
    "<U": "string",
    "<M8": "date-time",
    "|S": "binary",
}
_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
_NAME = re.compile(r'"name"\s*:\s*')
_LINE_END = re.compile(r"\r\n|\r|\n")


def take_signature(model: Subject, tree: Tree, text: str) -> None:
    """Take down the columns of a model's signature; a broken side is a problem of its own."""
    notes = model.notes
    signature = tree.value["signature"] if isinstance(tree.value, dict) else None
    if not isinstance(signature, dict):
        notes.problem("The signature is not a mapping", tree.line("/signature"))
        return
    for side, value in signature.items():
        where = pointer("signature", side)
        line = tree.line(where)
        if side not in {"inputs", "outputs"} and value is not None:
            notes.pass_over(f"{side} belong to a call, not to the data it is given", line, where)
        elif value is not None:
            try:
                _take_side(model, side, _columns(tree, where, value, text))
            except DescriptorInvalid as error:
                notes.problem(f"The {side} of the signature: {error.sentences}", line)


def _take_side(model: Subject, side: str, columns: list[tuple[Column, int]]) -> None:
    for index, (column, line) in enumerate(columns):
        at = Place(line, pointer("signature", side, index))
        name = column.get("name")
        # Tensors, and the only column of an output, mostly have no name.
        called = f"{ATTRIBUTES[side]}_{index + 1}" if name is None else str(name)
        item = model.part(ATTRIBUTES[side], called, line=line, pointer=at.pointer)
        _take_column(item, column, at)
    model.notes.complete(model.node, ATTRIBUTES[side])


def _columns(tree: Tree, where: str, value: object, text: str) -> list[tuple[Column, int]]:
    """The columns of one side with their lines."""
    listed = read_json(value, _LIMITS).value if isinstance(value, str) else value
    columns = (
        [column for column in listed if isinstance(column, dict)]
        if isinstance(listed, list)
        else []
    )
    if not isinstance(listed, list) or len(columns) != len(listed):
        raise DescriptorInvalid("It is not a list of columns", "Let MLflow save the model again")
    if isinstance(value, str):
        lines = _lines(text, tree.line(where) or 1, value)
    else:
        lines = [tree.line(f"{where}/{index}") or 1 for index in range(len(columns))]
    return list(zip(columns, lines, strict=True))


def _take_column(item: Subject, column: Column, at: Place) -> None:
    tensor = column.get("tensor-spec")
    if isinstance(tensor, dict):
        take_tensor(item, tensor, at)
    elif isinstance(written := column.get("type"), str):
        _state_type(item, written, _TYPES.get(written), at)
    optional = column.get("optional")
    required = column.get("required", None if optional is None else not optional)
    if isinstance(required, bool):
        given = f"required: {str(required).lower()}"
        _state(item, "required", not required, given, at)


def take_tensor(item: Subject, tensor: Column, at: Place = NOWHERE) -> None:
    """State type and shape of a tensor: one with a value a record is a column, else an array."""
    dtype, shape = str(tensor.get("dtype") or ""), tensor.get("shape")
    sizes = shape if isinstance(shape, list) else []
    kinds = (ours for theirs, ours in _NUMPY.items() if dtype.startswith(theirs))
    kind = "array" if any(size != 1 for size in sizes[1:]) else next(kinds, None)
    _state_type(item, f"tensor({dtype})", kind, at)
    if sizes:
        text = f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})"
        _state(item, "shape", text, text, at)


def _state_type(item: Subject, written: str, known: str | None, at: Place) -> None:
    _state(item, "type as written", written, written, at)
    if known:
        _state(item, "type", known, written, at)
    else:
        because = f"the type {written} may hold anything"
        item.notes.pass_over(because, at.line, at.pointer)


def _state(item: Subject, kind: str, value: Literal, given: str, at: Place) -> None:
    item.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)


# -- the lines of columns -------------------------------------------------------------------------


def _lines(text: str, line: int, value: str) -> list[int]:
    """The line of each column: where its name stands, else where it begins."""
    starts = list(_starts(value))
    total = len(value.split())
    ends = list(accumulate(_words_by_line(text, line, total)))
    if not ends or ends[-1] != total:
        return [line] * len(starts)
    found, words, before, within = list[int](), 0, 0, False
    for start in starts:
        words += len(value[before:start].split()) - within
        # A column that begins within a word (`{"name":"age"`) belongs to that word.
        within = start > 0 and not value[start - 1].isspace()
        found.append(line + bisect_right(ends, words - within))
        before = start
    return found


def _starts(value: str) -> Iterator[int]:
    """Where in the JSON each column's name stands, or the column itself."""
    depth = 0
    for part in _PART.finditer(value):
        if part[0] == "{" and depth <= 1:
            name = _NAME.search(value, part.end(), value.find("}", part.end()) + 1 or len(value))
            yield name.end() if name else part.start()
        depth += (part[0] in "[{") - (part[0] in "]}")


def _words_by_line(text: str, line: int, wanted: int) -> Iterator[int]:
    """How many words of a folded text stand on each of its lines, until all are found."""
    seen = 0
    for at, written in enumerate(_LINE_END.split(text)[line - 1 :]):
        content = written.partition(":")[2].strip() if at == 0 else written.strip()
        if at == 0 and content[:1] in "|>":
            content = ""
        # In double quotes a line may end in a backslash, and the next one begin with one.
        words = len([word for word in content.strip("'\"\\").split() if word != "\\"])
        seen += words
        yield words
        if seen >= wanted:
            return
