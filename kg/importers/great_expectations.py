"""Reads suites and checkpoints of Great Expectations: what a table's columns are expected to hold.

An expectation that need hold only for most values, or that is about figures of a whole column, is
no statement about every value, and passed over. A checkpoint says to which data a suite is applied.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from kg.errors import DescriptorInvalid
from kg.importers import _described
from kg.importers._described import Described, state_of
from kg.importers._environments import place, report_duplicates
from kg.importers._mappings import table
from kg.reading import Tree, read_json, read_yaml
from kg.statements import Node, Notes, Place, Reading, Source, Subject

TITLE = "Great Expectations suites and checkpoints"
BY_CONTENT = True
FILES = (
    "`*.json` that lists expectations or lies in a folder `expectations`; YAML or JSON in a folder"
    " `checkpoints` that speaks of suites"
)
ATTRIBUTES = {"records": "numberOfInstances"}
STATES = frozenset(
    {*ATTRIBUTES.values(), "name"}
    | {
        _described.ATTRIBUTES[what]
        for what in (
            *("field", "type", "type as written", "least", "most", "gaps", "allowed", "pattern"),
        )
    }
)

Steps: TypeAlias = tuple[str | int, ...]
Kwargs: TypeAlias = Mapping[str, object]

_SUITE = re.compile(rb'"expectations"\s*:\s*\[|"expectation_suite_name"\s*:')
_SUITES, _CHECKPOINTS = "expectations", "checkpoints"
_MOST_MEMBERS = 1000
# Types as pandas, Spark and databases name them, by how the names begin.
_TYPES = {
    "bool": "boolean",
    "int": "integer",
    "uint": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "long": "integer",
    "float": "double",
    "double": "double",
    "decimal": "double",
    "number": "double",
    "numeric": "double",
    "real": "double",
    "str": "string",
    "text": "string",
    "varchar": "string",
    "char": "string",
    "datetime": "date-time",
    "timestamp": "date-time",
    "date": "date",
}


def claims(source: Source) -> bool:
    """Whether it is JSON that lists expectations, or lies where suites or checkpoints do."""
    end, parts = source.suffix, source.path.parent.parts
    if end == ".json" and (_SUITE.search(source.head) or _SUITES in parts):
        return True
    return end in {".json", ".yml", ".yaml"} and _CHECKPOINTS in parts and b"suite" in source.head


def read(source: Source) -> Reading:
    """What a suite expects of the columns, or to what a checkpoint applies its suites."""
    text = source.text()
    tree = read_json(text) if source.suffix == ".json" else read_yaml(text)
    top = tree.value
    if not isinstance(top, dict):
        raise DescriptorInvalid("The file is not a mapping", "Let the library write it again")
    notes = Notes()
    report_duplicates(tree, notes)
    if isinstance(listed := top.get("expectations"), list):
        _Suite(tree, notes, Node("Data", str(source.path), named=False)).read(listed)
    else:
        _take_checkpoint(source, tree, notes, top)
    return notes.reading(source.path)


# -- suites ----------------------------------------------------------------------------------------


class _Suite:
    """The expectations of one suite on their way into the notes."""

    def __init__(self, tree: Tree, notes: Notes, node: Node) -> None:
        self._tree = tree
        self._notes = notes
        self._described = Described(notes, node)
        self._known: Mapping[str, Callable[[Subject, Steps, Kwargs], None]] = {
            "to_exist": lambda *_: None,
            "values_to_be_of_type": self._type,
            "values_to_be_in_type_list": self._type,
            "values_to_be_between": self._between,
            "values_to_be_in_set": self._members,
            "values_to_not_be_null": self._filled,
            "values_to_match_regex": self._pattern,
        }

    def read(self, listed: list[object]) -> None:
        """State what each expectation says, one after the other."""
        if not listed:
            self._notes.problem("The suite holds no expectation.", self._tree.line("/expectations"))
        for number, one in enumerate(listed):
            steps: Steps = ("expectations", number)
            kind = table(one).get("expectation_type") or table(one).get("type")
            if not isinstance(kind, str):
                self._notes.problem("An expectation has no type", place(self._tree, *steps).line)
                continue
            self._expectation(kind, (*steps, "kwargs"), table(one, "kwargs"))

    def _expectation(self, kind: str, steps: Steps, kwargs: Kwargs) -> None:
        column = kwargs.get("column")
        state = self._known.get(kind.removeprefix("expect_column_"))
        mostly = kwargs.get("mostly")
        if kind.startswith("expect_table_"):
            self._table(kind, steps, kwargs)
        elif state is None or not isinstance(column, str):
            self._pass_over(f"{kind[:80]} says nothing about every value of a field", steps)
        elif isinstance(mostly, int | float) and mostly < 1:
            self._pass_over(f"{kind[:80]} need hold for most values only", steps)
        elif field := self._described.field(column, place(self._tree, *steps, "column")):
            state(field, steps, kwargs)

    def _table(self, kind: str, steps: Steps, kwargs: Kwargs) -> None:
        listed = kwargs.get("column_list", kwargs.get("column_set"))
        key = "column_list" if "column_list" in kwargs else "column_set"
        if isinstance(listed, list):
            for number, name in enumerate(listed):
                if isinstance(name, str):
                    self._described.field(name, place(self._tree, *steps, key, number))
            if kwargs.get("exact_match") is not False:
                node = self._described.about.node
                self._notes.complete(node, _described.ATTRIBUTES["field"])
        elif kind.endswith("row_count_to_equal") and isinstance(kwargs.get("value"), int):
            at = place(self._tree, *steps, "value")
            count = kwargs["value"]
            if isinstance(count, int):
                name = ATTRIBUTES["records"]
                self._described.about.state(name, count, line=at.line, pointer=at.pointer)
        else:
            self._pass_over(f"{kind[:80]} is not compared", steps)

    def _type(self, field: Subject, steps: Steps, kwargs: Kwargs) -> None:
        key = "type_" if "type_" in kwargs else "type_list"
        written = kwargs.get(key)
        names = [name for name in (written if isinstance(written, list) else [written]) if name]
        at = place(self._tree, *steps, key)
        kinds = {_kind(str(name)) for name in names}
        if len(names) == 1:
            state_of(field, "type as written", str(names[0]), at)
        if len(kinds) == 1 and (kind := kinds.pop()):
            state_of(field, "type", kind, Place(at.line, at.pointer, str(names[0])))
        else:
            self._pass_over("several types will do, or one that is not known", steps)

    def _between(self, field: Subject, steps: Steps, kwargs: Kwargs) -> None:
        for key, what in (("min_value", "least"), ("max_value", "most")):
            value = kwargs.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                state_of(field, what, float(value), place(self._tree, *steps, key))
            elif value is not None:
                self._pass_over(f"`{key}` is no number", steps)

    def _members(self, field: Subject, steps: Steps, kwargs: Kwargs) -> None:
        members = kwargs.get("value_set")
        listed = members if isinstance(members, list) else []
        if not 0 < len(listed) <= _MOST_MEMBERS:
            self._pass_over("the set of values is empty, or too large", steps)
            return
        for number, member in enumerate(listed):
            text = str(member).lower() if isinstance(member, bool) else str(member)
            if isinstance(member, str | int | float):
                state_of(field, "allowed", text, place(self._tree, *steps, "value_set", number))

    def _filled(self, field: Subject, steps: Steps, kwargs: Kwargs) -> None:
        at = place(self._tree, *steps, "column")
        given = f"not null: {kwargs.get('column')}"
        state_of(field, "gaps", False, Place(at.line, at.pointer, given))  # noqa: FBT003 (the value that is stated)

    def _pattern(self, field: Subject, steps: Steps, kwargs: Kwargs) -> None:
        if isinstance(regex := kwargs.get("regex"), str) and regex:
            state_of(field, "pattern", regex, place(self._tree, *steps, "regex"))

    def _pass_over(self, because: str, steps: Steps) -> None:
        at = place(self._tree, *steps)
        self._notes.pass_over(because, at.line, at.pointer)


def _kind(written: str) -> str:
    """What we call a type; nothing where its name does not tell."""
    name = written.lower().removesuffix("type")
    found = [ours for theirs, ours in _TYPES.items() if name.startswith(theirs)]
    # `datetime64` begins as `date` does too.
    return found[0] if found else ""


# -- checkpoints -----------------------------------------------------------------------------------


def _take_checkpoint(source: Source, tree: Tree, notes: Notes, top: Mapping[str, object]) -> None:
    """Take down to which data each suite is applied."""
    folder = source.path.parent
    while folder.name != _CHECKPOINTS and folder.name:
        folder = folder.parent
    found = False
    for where, one in _applications(top):
        suite = one.get("expectation_suite_name") or top.get("expectation_suite_name")
        request = table(one, "batch_request") or table(top, "batch_request")
        asset = request.get("data_asset_name")
        if isinstance(suite, str) and isinstance(asset, str) and asset.strip():
            found = True
            path = folder.parent / "expectations" / f"{suite.replace('.', '/')}.json"
            plain = folder.parent / "expectations" / f"{suite}.json"
            line = place(tree, *where).line
            notes.claim((str(plain), str(path)), Node("Data", asset), line)
    if not found:
        notes.pass_over("it does not name both a suite and the data that it is applied to", 1)


def _applications(top: Mapping[str, object]) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    validations = top.get("validations")
    listed = validations if isinstance(validations, list) else []
    if not listed:
        yield ("batch_request",), top
    for number, one in enumerate(listed):
        yield ("validations", number), table(one)
