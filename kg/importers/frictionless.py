"""Reads data packages, data resources and table schemas of Frictionless Data, in JSON or YAML.

What a schema says of a field is stated of the file that its resource names. Packages that name
others by address, and rows that stand in the file itself, are not looked into.
"""

from collections.abc import Iterator, Mapping, Sequence

from kg.errors import DescriptorInvalid
from kg.importers import _described
from kg.importers._described import LONGEST_NAME, Described, data_of, local_path, state_of
from kg.importers._environments import place
from kg.importers._mappings import mapping
from kg.reading import Tree, pointer, read_json, read_yaml
from kg.statements import Node, Notes, Place, Reading, Source, Subject
from kg.values import normalised
from kg.vocabulary import Literal

TITLE = "Frictionless data packages and table schemas"
BY_CONTENT = False
FILES = (
    "`datapackage.json`, `dataresource.json`, `tableschema.json`, `*.schema.json` that is a table"
    " schema, and the same in YAML"
)
STATES = frozenset(
    {"name"}
    | {
        _described.ATTRIBUTES[what]
        for what in (
            *("dataset", "description of the dataset", "dataset version", "licence"),
            *("file", "digest", "size", "field", "type", "type as written", "description"),
            *("least", "most", "gaps", "gap as written", "allowed", "pattern", "decimal mark"),
        )
    }
)

_STEMS = frozenset({"datapackage", "dataresource", "tableschema", "table-schema"})
_ENDS = frozenset({".json", ".yaml", ".yml"})
_TYPES = {
    "array": "array",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date-time",
    "duration": "duration",
    "geojson": "object",
    "integer": "integer",
    "list": "array",
    "number": "double",
    "object": "object",
    "string": "string",
    "time": "time",
    "year": "integer",
}
_LIMITS = {"minimum": "least", "maximum": "most"}
# With these a number is written in a way of its own.
_SPELLINGS = ("bareNumber", "groupChar", "trueValues", "falseValues")


def claims(source: Source) -> bool:
    """Whether the file has a name that the specifications give."""
    stem, end = source.path.stem.lower(), source.suffix
    return end in _ENDS and (stem in _STEMS or stem.endswith((".datapackage", ".tableschema")))


def read(source: Source) -> Reading:
    """The package, its resources, and the fields of their schemas."""
    text = source.text()
    tree = read_json(text) if source.suffix == ".json" else read_yaml(text)
    whole, notes = mapping(tree, "The file is not a mapping", "Describe one package in it")
    _Reader(source, tree, whole, notes).read()
    return notes.reading(source.path)


class _Reader:
    """One file on its way into the notes."""

    def __init__(self, source: Source, tree: Tree, top: Mapping[str, object], notes: Notes) -> None:
        self._source = source
        self._tree = tree
        self._top = top
        self._notes = notes

    def read(self) -> None:
        """State the package and its resources, or the one resource or schema that the file is."""
        resources = self._top.get("resources")
        if isinstance(self._top.get("fields"), list):
            self._schema(Described(self._notes, Node("Data", named=False)), (), self._top)
        elif isinstance(resources, list):
            name = self._top.get("title") or self._top.get("name")
            called = name if isinstance(name, str) else ""
            whole = Described(self._notes, Node("RawData", called, named=bool(called)))
            self._whole(whole, (), self._top)
            for number, resource in enumerate(resources):
                self._resource(("resources", number), resource)
        elif "path" in self._top or "schema" in self._top:
            self._resource((), self._top)
        else:
            raise DescriptorInvalid(
                "The file describes no data", "Give it `resources`, a `path` or `fields`"
            )

    def _whole(
        self, described: Described, steps: tuple[str | int, ...], said: Mapping[str, object]
    ) -> None:
        """State what is said of the data as a whole."""
        texts = {
            "title": "dataset",
            "name": "dataset",
            "description": "description of the dataset",
            "version": "dataset version",
        }
        for key, what in texts.items():
            if isinstance(value := said.get(key), str | int | float) and str(value).strip():
                at = self._at(*steps, key)
                described.state(what, self._tree.text(at.pointer or "") or str(value), at)
        licences = said.get("licenses")
        listed = licences if isinstance(licences, list) else []
        for number, licence in enumerate(listed[:1]):
            name = licence.get("name") if isinstance(licence, dict) else licence
            if isinstance(name, str):
                vocabulary = self._source.vocabulary
                value = normalised(
                    vocabulary.attribute(_described.ATTRIBUTES["licence"]), name, vocabulary
                )
                described.state("licence", value, self._at(*steps, "licenses", number, "name"))
        if len(listed) > 1:
            self._pass_over("how several licences go together is not said", *steps, "licenses")

    def _resource(self, steps: tuple[str | int, ...], resource: object) -> None:
        if not isinstance(resource, dict):
            self._notes.problem("A resource is not a mapping", self._at(*steps).line)
            return
        path = resource.get("path")
        if isinstance(path, str) and len(path) > LONGEST_NAME:
            self._notes.problem("The path of a resource is too long.", self._at(*steps).line)
            return
        local = local_path(self._source, path) if isinstance(path, str) else ""
        if not local:
            self._pass_over("the resource is no single file of the project", *steps)
            return
        described = Described(self._notes, data_of(local))
        self._whole(described, steps, {k: v for k, v in resource.items() if k != "name"})
        self._file(described, local, steps, resource)
        schema = resource.get("schema")
        if isinstance(schema, dict):
            self._schema(described, (*steps, "schema"), schema, _mark(resource.get("dialect")))
        elif schema is not None:
            self._pass_over("its schema stands elsewhere", *steps, "schema")

    def _file(
        self,
        described: Described,
        path: str,
        steps: tuple[str | int, ...],
        resource: Mapping[str, object],
    ) -> None:
        if isinstance(digest := resource.get("hash"), str):
            name, mark, value = digest.partition(":")
            at = self._at(*steps, "hash")
            described.digest(path, *((name.lower(), value) if mark else ("md5", name)), at)
        if isinstance(size := resource.get("bytes"), int):
            described.size(path, size, self._at(*steps, "bytes"))

    # -- fields ------------------------------------------------------------------------------------

    def _schema(
        self,
        described: Described,
        steps: tuple[str | int, ...],
        schema: Mapping[str, object],
        mark: str = "",
    ) -> None:
        fields = schema.get("fields")
        if not isinstance(fields, list):
            self._notes.problem("The schema lists no fields", self._at(*steps).line)
            return
        gaps = list(_texts(schema.get("missingValues")))
        for number, field in enumerate(fields):
            inner = (*steps, "fields", number)
            if not isinstance(field, dict) or not isinstance(field.get("name"), str):
                self._notes.problem("A field has no name", self._at(*inner).line)
                continue
            about = described.field(field["name"], self._at(*inner, "name"))
            if about is not None:
                self._field(about, inner, field, mark)
                for gap in (*gaps, *_texts(field.get("missingValues"))):
                    state_of(about, "gap as written", gap, self._at(*steps, "missingValues"))

    def _field(
        self, about: Subject, steps: tuple[str | int, ...], field: Mapping[str, object], mark: str
    ) -> None:
        kind = field.get("type")
        if isinstance(kind, str):
            at = self._at(*steps, "type")
            state_of(about, "type as written", kind, at)
            spelled = [key for key in _SPELLINGS if field.get(key) not in (None, True)]
            mark = str(field.get("decimalChar") or mark)
            if mark and mark != ".":
                state_of(about, "decimal mark", mark, self._at(*steps, "decimalChar"))
            elif spelled:
                self._pass_over(f"{', '.join(spelled)} spell values in a way of its own", *steps)
            elif kind in _TYPES:
                state_of(about, "type", _TYPES[kind], Place(at.line, at.pointer, kind))
        if isinstance(text := field.get("description"), str) and text.strip():
            state_of(about, "description", text, self._at(*steps, "description"))
        constraints = field.get("constraints")
        if isinstance(constraints, dict):
            self._constraints(about, (*steps, "constraints"), constraints)

    def _constraints(
        self, about: Subject, steps: tuple[str | int, ...], said: Mapping[str, object]
    ) -> None:
        for key, value in said.items():
            at = self._at(*steps, key)
            if key in _LIMITS and (number := _number(value)) is not None:
                state_of(about, _LIMITS[key], number, at)
            elif key == "required" and isinstance(value, bool):
                state_of(about, "gaps", not value, Place(at.line, at.pointer, f"required: {value}"))
            elif key == "pattern" and isinstance(value, str) and value:
                state_of(about, "pattern", value, at)
            elif key == "enum" and isinstance(value, list):
                for number, member in enumerate(value):
                    if isinstance(member, str | int | float):
                        state_of(about, "allowed", _spelled(member), self._at(*steps, key, number))
            else:
                self._pass_over(f"the constraint `{key}` is not compared", *steps, key)

    # -- words -------------------------------------------------------------------------------------

    def _at(self, *steps: str | int) -> Place:
        return place(self._tree, *steps) if steps else Place(1, pointer())

    def _pass_over(self, because: str, *steps: str | int) -> None:
        at = self._at(*steps)
        self._notes.pass_over(because, at.line, at.pointer)


def _texts(value: object) -> Iterator[str]:
    """The texts that stand for no value: strings, or mappings with a `value`."""
    for one in value if isinstance(value, Sequence) and not isinstance(value, str) else ():
        text = one.get("value") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text


def _mark(dialect: object) -> str:
    found = dialect.get("decimalChar") if isinstance(dialect, dict) else None
    return found if isinstance(found, str) else ""


def _number(value: Literal | object) -> float | None:
    """The number that a limit is; None where it is a day, or something else."""
    try:
        return None if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None


def _spelled(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
