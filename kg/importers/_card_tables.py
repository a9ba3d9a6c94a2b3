"""States what the tables of a card say: results, settings of training, and fields.

A table counts by its header alone: what compares several models, or logs the epochs of training,
speaks about no one thing and is passed over.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from kg.importers._environments import shortened
from kg.importers._markdown import Row, Table
from kg.importers._measures import Measure, measure_of, state_result
from kg.statements import Subject
from kg.vocabulary import Vocabulary

ATTRIBUTES = {
    "component": "modelComponent",
    "setting": "hyperparameter",
    "value": "parameterValue",
    "type": "dataType",
    "type as written": "typeName",
    "unit": "unitOfMeasure",
}
COMPONENT = "model"
"""What the only component of a model is called where nothing names it."""

_MEASURES = {"metric", "metrics", "measure", "score", "evaluation metric", "performance metric"}
_VALUES = {"value", "values", "score", "result", "results", "test", "test set", "test value"}
_SETTINGS = {"hyperparameter", "hyperparameters", "hyper-parameter", "parameter", "setting"}
_FIELDS = {
    *("feature", "features", "feature name", "field", "field name", "fields", "column"),
    *("column name", "columns", "variable", "variable name", "input feature", "attribute"),
}
_BESIDE_FIELDS = {"description", "type", "data type", "datatype", "dtype", "unit", "units"}
_TYPES = {"type", "data type", "datatype", "dtype"}
_UNITS = {"unit", "units"}
_NO_UNIT = {"", "-", "–", "—", "n/a", "na", "none", "unitless", "categorical"}
# What people write in cards; the other names of types may mean something else there.
_PLAIN_TYPES = {
    *("float", "integer", "int", "string", "str", "text", "boolean", "bool", "date", "datetime"),
    *("double", "float64", "float32", "int64", "int32"),
}
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?")
_MOST = 500


Values = dict[Measure, dict[float, tuple[int, str]]]


class Results:
    """The results that one card gives of one model, in tables or else in sentences.

    Where two of them give one measure two values, nobody says which holds for what, and neither is
    stated.
    """

    def __init__(self, model: Subject) -> None:
        self._model = model
        self._found: Values = {}
        self._said: Values = {}

    def take(self, found: Table) -> bool:
        """Take down the results of a table of measures; tell whether it is one."""
        header = [cell.lower() for cell in found.header.cells]
        down = header[0] in _MEASURES and len(header) > 1
        if down and header[1] in _VALUES:
            for row in found.rows[:_MOST]:
                self._take(measure_of(row.cells[0]), row, row.cells[1])
            return True
        measures = [measure_of(cell) for cell in found.header.cells]
        if all(measures) and len(found.rows) == 1:
            for measure, cell in zip(measures, found.rows[0].cells, strict=True):
                self._take(measure, found.rows[0], cell)
            return True
        if down or sum(map(bool, measures)) > 1:
            because = "a table of results of several models, or of several steps of training"
            self._model.notes.pass_over(because, found.header.line)
            return True
        return False

    def say(self, measure: Measure, given: str, line: int) -> None:
        """Take down a result that a sentence gives."""
        value = measure.value(given)
        if value is not None:
            self._said.setdefault(measure, {}).setdefault(value, (line, given))

    def state(self) -> None:
        """State every measure that has one value; what tables give needs no sentences."""
        said = {measure: v for measure, v in self._said.items() if measure not in self._found}
        self._state(self._found, self._model)
        self._state(said, replace(self._model, prose=True))

    @staticmethod
    def _state(found: Values, model: Subject) -> None:
        for measure, values in found.items():
            for value, (line, given) in values.items():
                if len(values) == 1:
                    state_result(model, measure, value, line=line, given=given)
                else:
                    because = f"{measure.name}: {given} is one of several values in the card"
                    model.notes.pass_over(because, line)

    def _take(self, measure: Measure | None, row: Row, cell: str) -> None:
        value = measure.value(cell) if measure else None
        if measure is None or value is None:
            because = f"{shortened(' '.join(row.cells))}: no measure that is known, with its value"
            self._model.notes.pass_over(because, row.line)
        else:
            self._found.setdefault(measure, {}).setdefault(value, (row.line, cell))


def take_settings(model: Subject, found: Table) -> bool:
    """State the settings that a table of hyperparameters lists; tell whether it is one."""
    header = [cell.lower() for cell in found.header.cells]
    if header[0] not in _SETTINGS or len(header) < 2 or header[1] not in _VALUES:  # noqa: PLR2004
        return False
    component = model.own(ATTRIBUTES["component"], COMPONENT, line=found.header.line)
    for row in found.rows[:_MOST]:
        if row.cells[0] and row.cells[1]:
            setting = component.part(ATTRIBUTES["setting"], row.cells[0], line=row.line)
            setting.state(ATTRIBUTES["value"], row.cells[1], line=row.line)
    return True


def take_fields(held: Callable[[str, int], Subject], found: Table, vocabulary: Vocabulary) -> bool:
    """State the fields that a table describes, by name, type and unit; tell whether it is one."""
    header = [cell.lower() for cell in found.header.cells]
    if header[0] not in _FIELDS or not _BESIDE_FIELDS & set(header[1:]):
        return False
    for row in found.rows[:_MOST]:
        if not row.cells[0]:
            continue
        field = held(row.cells[0], row.line)
        for cell in _under(_TYPES, header, row):
            field.state(ATTRIBUTES["type as written"], cell, line=row.line)
            known = vocabulary.value("DataType", cell) if cell.lower() in _PLAIN_TYPES else None
            if known:
                field.state(ATTRIBUTES["type"], known.name, line=row.line, given=cell)
        for cell in _under(_UNITS, header, row):
            if cell.lower() not in _NO_UNIT:
                field.state(ATTRIBUTES["unit"], cell, line=row.line)
    return True


def take_sample(held: Callable[[str, int], Subject], found: Table) -> bool:
    """State the fields of a table that shows some records, all numbers; tell whether it is one."""
    names = found.header.cells
    numbers = [cell for row in found.rows for cell in row.cells]
    shows = len(found.rows) > 1 and all(_is_number(cell) for cell in numbers)
    if not shows or not all(names) or any(_is_number(name) for name in names):
        return False
    for name in names:
        held(name, found.header.line)
    return True


def pairs(found: Table) -> Iterator[tuple[str, str, int]]:
    """What a table says of one thing: under each heading of its only row, or row by row where it
    has two columns.
    """
    if len(found.rows) == 1:
        row = found.rows[0]
        yield from (
            (name, cell, row.line) for name, cell in zip(found.header.cells, row.cells, strict=True)
        )
    elif len(found.header.cells) == 2:  # noqa: PLR2004 - a name and what it has
        for row in (found.header, *found.rows[:_MOST]):
            yield row.cells[0], row.cells[1], row.line


def _under(headings: set[str], header: list[str], row: Row) -> Iterator[str]:
    for name, cell in zip(header, row.cells, strict=True):
        if name in headings and cell:
            yield cell


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell))
