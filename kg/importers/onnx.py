"""Reads ONNX models: what they take and give, and their version; weights are stepped over.

All of it is read off the model itself. Which releases of a runtime know its operators is not
stated, since that is for the runtime to say.
"""

from collections.abc import Iterator

from kg.errors import DescriptorInvalid
from kg.importers._environments import model, shortened
from kg.importers._protobuf import Message
from kg.importers._signatures import ATTRIBUTES as SIGNATURE
from kg.importers._signatures import take_tensor
from kg.statements import Node, Notes, Reading, Source, Subject

TITLE = "ONNX models (.onnx)"
FILES = "`*.onnx`"
BY_CONTENT = False

ATTRIBUTES = {
    "runtime": "modelRuntime",
    "version": "modelVersion",
    "description": "modelDescription",
    "buffering": "bufferingRequirements",
}
STATES = frozenset({*ATTRIBUTES.values(), *SIGNATURE.values(), "name"}) - {"nullable"}

_POINTER = b"version https://git-lfs"
# Fields of ONNX's messages by their numbers.
_IR, _PRODUCER, _RELEASE, _VERSION, _DOCUMENTATION, _GRAPH, _OPSETS = 1, 2, 3, 5, 6, 7, 8
_METADATA = 14
_INITIALIZERS, _INPUTS, _OUTPUTS = 5, 11, 12
_TENSOR_NAME = 8
_VALUE_NAME, _VALUE_TYPE = 1, 2
_TENSOR_TYPE, _ELEMENT, _SHAPE, _DIMENSION, _DIMENSION_VALUE = 1, 1, 2, 1, 1
# Types of tensors by their numbers, as NumPy calls them.
_TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    8: "str",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    14: "complex64",
    15: "complex128",
    16: "bfloat16",
}
_MOST_ITEMS = 10_000


def claims(source: Source) -> bool:
    """Whether the file is called like one of ONNX."""
    return source.suffix == ".onnx"


def read(source: Source) -> Reading:
    """The model's inputs and outputs, version and description."""
    notes = Notes()
    if source.head.startswith(_POINTER):
        notes.problem("The model is not here but in Git LFS. Fetch it with `git lfs pull`.", 1)
        return notes.reading(source.path)
    beside = "MLmodel" in source.neighbours
    path = str(source.path)
    node = model(source.folder) if beside else Node("TrainedModel", path, named=False)
    with source.location.open("rb") as stream:
        whole = Message(stream, 0, source.location.stat().st_size)
        graph = next(whole.all(_GRAPH), None)
        if graph is None or whole.number(_IR) is None:
            raise DescriptorInvalid("The file holds no graph of ONNX", "Export the model again")
        about = notes.about(node, observed=True)
        about.state(ATTRIBUTES["runtime"], "onnx-engine")
        _take_head(about, whole)
        weights = {tensor.text(_TENSOR_NAME) for tensor in graph.all(_INITIALIZERS)}
        for side, field in (("inputs", _INPUTS), ("outputs", _OUTPUTS)):
            values = [(value.text(_VALUE_NAME), value) for value in graph.all(field)]
            _take_side(about, side, [(n, value) for n, value in values if n not in weights])
    return notes.reading(source.path)


def _take_head(about: Subject, whole: Message) -> None:
    if version := whole.number(_VERSION):
        about.state(ATTRIBUTES["version"], str(version))
    if description := whole.text(_DOCUMENTATION).strip():
        about.state(ATTRIBUTES["description"], description)
    producer = f"{whole.text(_PRODUCER)} {whole.text(_RELEASE)}".strip()
    if producer:
        about.notes.pass_over(
            f"{shortened(producer)} made the file, and need not be there to run it"
        )
    opsets = ", ".join(f"{one.text(1) or 'ai.onnx'} {one.number(2)}" for one in whole.all(_OPSETS))
    about.notes.pass_over(f"it is made of operators of {shortened(opsets) or 'no release'}")
    if keys := [entry.text(1) for entry in whole.all(_METADATA)]:
        about.notes.pass_over(f"what was noted freely: {shortened(', '.join(keys))}")


def _take_side(about: Subject, side: str, values: list[tuple[str, Message]]) -> None:
    if len(values) > _MOST_ITEMS:
        raise DescriptorInvalid(f"The graph has {len(values):,} {side}", "Leave the file out")
    batches = set()
    for name, value in values:
        if not name:
            about.notes.problem(f"One of the {side} has no name")
            continue
        item = about.part(SIGNATURE[side], name)
        tensor = next(value.all(_VALUE_TYPE, _TENSOR_TYPE), None)
        written = _TYPES.get(tensor.number(_ELEMENT) or 0) if tensor else None
        if tensor is None or written is None:
            about.notes.pass_over(f"{shortened(name)} is no tensor, so its type is not stated")
            continue
        shape = list(_shape(tensor))
        take_tensor(item, {"dtype": written, "shape": shape})
        if len(shape) > 1:
            batches.add(shape[0])
    about.notes.complete(about.node, SIGNATURE[side])
    if side == "inputs" and len(batches) == 1 and (fixed := batches.pop()) > 0:
        records = "1 record" if fixed == 1 else f"{fixed:,} records"
        about.state(ATTRIBUTES["buffering"], f"Each call takes exactly {records}.")


def _shape(tensor: Message) -> Iterator[int]:
    """The dimensions of a tensor; -1 is one that is left open."""
    for dimension in tensor.all(_SHAPE, _DIMENSION):
        value = dimension.number(_DIMENSION_VALUE)
        yield value if value is not None and value >= 0 else -1
