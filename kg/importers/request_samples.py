"""Reads samples of requests to a model: the names and types of what is sent.

The shapes are those that model servers take: records, columns with rows, named tensors. Which model
is called the file does not say, so it only mentions one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.errors import DescriptorInvalid
from kg.importers._environments import report_duplicates, shortened
from kg.reading import Tree, pointer, read_json
from kg.statements import Node, Notes, Reading, Source

TITLE = "Samples of requests to a model (JSON)"
BY_CONTENT = True
FILES = (
    "`input_example.json`, `serving_input_example.json`, and JSON files with `dataframe_split`, "
    "`dataframe_records`, `input_data`, `instances` or `inputs` at their beginning"
)
STATES = frozenset({"sampleInput", "name", "dataType", "typeName", "nullable"})

ATTRIBUTES = {
    "item": "sampleInput",
    "type": "dataType",
    "type as written": "typeName",
    "gap": "nullable",
}

Steps: TypeAlias = tuple[str | int, ...]

_NAMED = re.compile(
    r"(?:.*[-_.])?(?:request|input|example|payload|sample)s?(?:[-_.].*)?\.json", re.IGNORECASE
)
_MLFLOW = {"input_example.json", "serving_input_example.json", "serving_input_payload.json"}
_BEGINNING = re.compile(
    rb"""\s*\{\s*"(?:(dataframe_split|dataframe_records|input_data|instances)|inputs|columns)"\s*:"""
)
_ENVELOPES = ("dataframe_split", "dataframe_records", "input_data", "instances", "inputs")
_COLUMNS = {"columns", "data"}
_ROWS = 1000
_MOST = 500
_LONGEST_NAME = 500
# The types of the Open Inference Protocol, by how their names begin.
_TENSORS = {
    "BOOL": "boolean",
    "BYTES": "",
    "FP": "double",
    "BF": "double",
    "INT": "integer",
    "UINT": "integer",
}


def claims(source: Source) -> bool:
    """Whether the file begins as a request does; what many files begin with needs a name, too."""
    if source.suffix != ".json":
        return False
    if source.name in _MLFLOW:
        return True
    found = _BEGINNING.match(source.head)
    return found is not None and bool(found[1] or _NAMED.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The items that the sample sends, as those of the model that it is for."""
    tree = read_json(source.text())
    notes = Notes()
    report_duplicates(tree, notes)
    sample = _Sample(tree, notes, Node("TrainedModel", mentioned=True))
    sample.take(*_content(tree.value))
    return notes.reading(source.path)


def _content(value: object) -> tuple[object, Steps]:
    """What is sent, without the envelope that the server asks for, and the steps to it."""
    if isinstance(value, dict):
        for key in _ENVELOPES:
            if key in value:
                return value[key], (key,)
    return value, ()


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of an item, and the steps to it."""

    value: object
    steps: Steps


class _Sample:
    """One sample, with what is needed to say where in the file something of it stands."""

    def __init__(self, tree: Tree, notes: Notes, model: Node) -> None:
        self._tree = tree
        self._notes = notes
        self._model = model
        self._about = notes.about(model)

    def take(self, sent: object, steps: Steps) -> None:
        """Take down what is sent, whatever its shape."""
        if isinstance(sent, dict) and sent.keys() >= _COLUMNS:
            self._take_items(self._columns(sent, steps))
        elif isinstance(sent, dict):
            self._take_items(self._tensors(sent, steps))
        elif not isinstance(sent, list) or not sent:
            raise DescriptorInvalid(
                "The file is no request to a model", "Send records, or columns with rows"
            )
        elif _is_protocol(sent):
            self._take_protocol(sent, steps)
        elif all(isinstance(record, dict) for record in sent):
            self._take_items(self._records(sent, steps))
        else:
            because = "what is sent has no names, so it cannot be held against the model's inputs"
            self._notes.pass_over(because, self._line(steps), pointer(*steps))

    def _take_items(self, items: Iterator[tuple[str, Steps, list[_Value]]]) -> None:
        count = 0
        for name, steps, values in items:
            count += 1
            if len(name) > _LONGEST_NAME:
                message = f"An item's name has {len(name):,} characters; it is not described"
                self._notes.problem(message, self._line(steps))
                continue
            if count > _MOST:
                because = f"more than {_MOST} items are sent, and no more are stated"
                self._notes.pass_over(because, self._line(steps), pointer(*steps))
                return
            self._take_item(name, steps, values)
        if count:
            self._notes.complete(self._model, ATTRIBUTES["item"])

    def _take_item(self, name: str, steps: Steps, values: list[_Value]) -> None:
        where = pointer(*steps)
        item = self._about.part(ATTRIBUTES["item"], name, line=self._line(steps), pointer=where)
        kinds = {_kind(one.value): one for one in reversed(values)}
        if gap := kinds.pop("null", None):
            at = pointer(*gap.steps)
            item.state(ATTRIBUTES["gap"], True, line=self._line(gap.steps), pointer=at)  # noqa: FBT003 (the value that is stated)
        if set(kinds) == {"integer", "double"}:
            kinds.pop("integer")
        if len(kinds) > 1:
            because = f"{shortened(name)}: its values are of several types"
            self._notes.pass_over(because, self._line(steps), where)
        for kind, one in kinds.items() if len(kinds) == 1 else ():
            at = pointer(*one.steps)
            given = self._tree.text(at)
            item.state(
                ATTRIBUTES["type"], kind, line=self._line(one.steps), pointer=at, given=given
            )

    def _columns(
        self, sent: Mapping[str, object], steps: Steps
    ) -> Iterator[tuple[str, Steps, list[_Value]]]:
        """Columns, each with its value in every row."""
        columns, rows = sent["columns"], sent["data"]
        if not isinstance(columns, list) or not isinstance(rows, list):
            self._notes.problem("The columns and the data are not both lists", self._line(steps))
            return
        for number, row in enumerate(rows):
            if isinstance(row, list) and len(row) != len(columns):
                message = f"The row has {len(row)} values for {len(columns)} columns"
                self._notes.problem(message, self._line((*steps, "data", number)))
        for at, name in enumerate(columns):
            values = [
                _Value(row[at], (*steps, "data", number, at))
                for number, row in enumerate(rows[:_ROWS])
                if isinstance(row, list) and at < len(row)
            ]
            yield str(name), (*steps, "columns", at), values

    def _records(
        self, sent: Sequence[object], steps: Steps
    ) -> Iterator[tuple[str, Steps, list[_Value]]]:
        """The keys of records, each with its value in every record that has it."""
        found: dict[str, list[_Value]] = {}
        for number, record in enumerate(sent[:_ROWS]):
            for key, value in record.items() if isinstance(record, dict) else ():
                found.setdefault(key, []).append(_Value(value, (*steps, number, key)))
        for name, values in found.items():
            yield name, values[0].steps, values

    def _tensors(
        self, sent: Mapping[str, object], steps: Steps
    ) -> Iterator[tuple[str, Steps, list[_Value]]]:
        """Names with one value or a list of them each."""
        for name, value in sent.items():
            at = (*steps, name)
            several = value if isinstance(value, list) else [value]
            nested = isinstance(value, list)
            yield (
                name,
                at,
                [
                    _Value(one, (*at, number) if nested else at)
                    for number, one in enumerate(several[:_ROWS])
                ],
            )

    def _take_protocol(self, sent: Sequence[object], steps: Steps) -> None:
        """Tensors of the Open Inference Protocol; their shape is that of this sample alone."""
        for number, tensor in enumerate(sent[:_MOST]):
            at = (*steps, number)
            if not isinstance(tensor, dict):
                continue
            line, where = self._line((*at, "name")), pointer(*at)
            item = self._about.part(
                ATTRIBUTES["item"], str(tensor["name"]), line=line, pointer=where
            )
            written = str(tensor["datatype"])
            line, where = self._line((*at, "datatype")), pointer(*at, "datatype")
            item.state(
                ATTRIBUTES["type as written"], written, line=line, pointer=where, given=written
            )
            kind = next((k for start, k in _TENSORS.items() if written.startswith(start)), "")
            if kind:
                item.state(ATTRIBUTES["type"], kind, line=line, pointer=where, given=written)
        self._notes.complete(self._model, ATTRIBUTES["item"])

    def _line(self, steps: Steps) -> int | None:
        return self._tree.line(pointer(*steps))


def _is_protocol(sent: Sequence[object]) -> bool:
    return all(isinstance(one, dict) and one.keys() >= {"name", "datatype"} for one in sent)


def _kind(value: object) -> str:
    """The type of a value of JSON as the ontology names it.

    A number without a fraction may be meant as a whole one, however it is written.

    >>> _kind(2.0), _kind(2.5), _kind("2"), _kind(None)
    ('integer', 'double', 'string', 'null')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    kinds = {float: "double", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]
