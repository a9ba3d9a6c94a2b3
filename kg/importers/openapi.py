"""Reads OpenAPI descriptions (Swagger 2, OpenAPI 3): what the interface of a service takes for the
model behind it.

Many such files are not valid; what can be read of them is. Which model is meant they do not say, so
it is only mentioned.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers._environments import place, shortened
from kg.importers._mappings import mapping, table
from kg.importers._schemas import Field, Schemas, Steps
from kg.reading import read_json, read_yaml
from kg.statements import Node, Reading, Source, Subject
from kg.vocabulary import Literal

TITLE = "OpenAPI descriptions (YAML or JSON)"
BY_CONTENT = True
FILES = "YAML and JSON files with `openapi` or `swagger` at their beginning"
STATES = frozenset(
    {
        *("servedInput", "name", "dataType", "typeName", "nullable", "minimum", "maximum"),
        *("allowedValue", "description", "interfaceVersion", "interfaceSchema"),
        *("servedInterfaceStyle", "servedPort"),
    }
)

ATTRIBUTES = {
    "item": "servedInput",
    "type": "dataType",
    "type as written": "typeName",
    "gap": "nullable",
    "lowest": "minimum",
    "highest": "maximum",
    "value": "allowedValue",
    "text": "description",
    "version": "interfaceVersion",
    "schema": "interfaceSchema",
    "style": "servedInterfaceStyle",
    "port": "servedPort",
}

_SUFFIXES = {".yaml", ".yml", ".json"}
_BEGINNING = re.compile(
    rb"""(?:^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)?|[{,])\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23](?:\.\d+)*["']?\s*(?:[,#}]|$)""",
    re.MULTILINE,
)
_VERBS = ("post", "put", "get")
_PREDICTING = re.compile(
    r"predict|infer(?!ence_?logs)|scor|classif|forecast|recommend|invocation|detect|estimat",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{1,5})(?:/.*)?")
_MOST = 500


def claims(source: Source) -> bool:
    """Whether the first bytes name a version of OpenAPI."""
    if source.suffix not in _SUFFIXES:
        return False
    # Words are found far sooner than patterns.
    named = b"openapi" in source.plain or b"swagger" in source.plain
    return named and bool(_BEGINNING.search(source.plain))


def read(source: Source) -> Reading:
    """The items that the operations which predict take."""
    text = source.text()
    tree = read_json(text) if source.suffix == ".json" else read_yaml(text)
    whole, notes = mapping(tree, "The file is not a mapping", "Write it as OpenAPI asks")
    schemas = Schemas(tree)
    about = notes.about(Node("TrainedModel", mentioned=True))
    operations = list(_operations(whole))
    chosen = [one for one in operations if _PREDICTING.search(one.said)]
    if not chosen and len(operations) == 1:
        chosen = operations
    for one in operations:
        if one not in chosen:
            because = f"{one.verb} {shortened(one.path)} does not look like a call of a model"
            notes.pass_over(because, place(tree, *one.steps).line)
    taken = sum(_take_operation(about, schemas, one) for one in chosen)
    if taken:
        notes.complete(about.node, ATTRIBUTES["item"])
        _take_interface(about, schemas, str(source.path))
    if not isinstance(whole.get("paths"), dict):
        notes.problem("The file has no `paths`, so nothing can be called")
    return notes.reading(source.path)


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation that takes something, and the steps to it."""

    path: str
    verb: str
    said: str
    settings: Mapping[str, object]

    @property
    def steps(self) -> Steps:
        """Where the operation stands."""
        return ("paths", self.path, self.verb)


def _operations(top: Mapping[str, object]) -> Iterator[_Operation]:
    for path in table(top, "paths"):
        for verb in _VERBS:
            settings = table(top, "paths", path, verb)
            if settings.keys() & {"requestBody", "parameters"}:
                said = [path, settings.get("operationId"), settings.get("summary")]
                yield _Operation(path, verb, " ".join(map(str, filter(None, said))), settings)


def _take_operation(about: Subject, schemas: Schemas, one: _Operation) -> int:
    """Take down what an operation takes; gives how many items these are."""
    fields = list(_fields(schemas, one))
    if {field.name for field in fields} >= {"name", "datatype"}:
        because = f"{shortened(one.path)} takes any tensors, by name and type"
        about.notes.pass_over(because, place(schemas.tree, *one.steps).line)
        return 0
    for field in fields[:_MOST]:
        _take_field(about, schemas, field)
    if not fields:
        because = f"what {shortened(one.path)} takes is not described field by field"
        about.notes.pass_over(because, place(schemas.tree, *one.steps).line)
    return len(fields)


def _fields(schemas: Schemas, one: _Operation) -> Iterator[Field]:
    """The fields of the body, then the parameters of a query."""
    for media in table(one.settings, "requestBody", "content"):
        if "json" in media or "form" in media:
            yield from schemas.fields((*one.steps, "requestBody", "content", media, "schema"))
            break
    parameters = one.settings.get("parameters")
    for number, parameter in enumerate(parameters if isinstance(parameters, list) else []):
        at: Steps = (*one.steps, "parameters", number)
        if isinstance(parameter, dict) and parameter.get("in") == "body":
            yield from schemas.fields((*at, "schema"))
        elif isinstance(parameter, dict) and parameter.get("in") in {"query", "formData"}:
            inner = parameter.get("schema")
            schema, steps = (inner, (*at, "schema")) if isinstance(inner, dict) else (parameter, at)
            needed = parameter.get("required") is True
            yield Field(str(parameter.get("name")), schema, steps, needed=needed)


def _take_field(about: Subject, schemas: Schemas, field: Field) -> None:
    at = place(schemas.tree, *field.steps)
    item = about.part(ATTRIBUTES["item"], field.name, line=at.line, pointer=at.pointer)

    def state(kind: str, value: Literal, key: str) -> None:
        where = place(schemas.tree, *field.steps, key) if key in field.schema else at
        given = schemas.tree.text(where.pointer or "")
        item.state(ATTRIBUTES[kind], value, line=where.line, pointer=where.pointer, given=given)

    if field.kind:
        state("type", field.kind, "type")
    if isinstance(field.schema.get("type"), str):
        state("type as written", str(field.schema["type"]), "type")
    if not field.needed:
        state("gap", True, "nullable")  # noqa: FBT003 (the value that is stated)
    for kind, key in (("lowest", "minimum"), ("highest", "maximum")):
        bound = field.schema.get(key)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            state(kind, float(bound), key)
    listed = field.schema.get("enum")
    for value in listed if isinstance(listed, list) else []:
        if isinstance(value, str | int | float):
            state("value", str(value), "enum")
    if isinstance(field.schema.get("description"), str):
        state("text", str(field.schema["description"]), "description")


def _take_interface(about: Subject, schemas: Schemas, path: str) -> None:
    """Take down where the interface is described, its version, and where it is reached."""
    tree = schemas.tree
    about.state(ATTRIBUTES["schema"], path, line=1)
    about.state(ATTRIBUTES["style"], "rest", line=1)
    version = tree.text("/info/version")
    if version:
        line = tree.line("/info/version")
        about.state(ATTRIBUTES["version"], version, line=line, pointer="/info/version")
    servers = tree.value.get("servers") if isinstance(tree.value, dict) else None
    environment = about.notes.about(Node("OperationalEnvironment", mentioned=True))
    for number, _ in enumerate(servers if isinstance(servers, list) else []):
        at = place(tree, "servers", number, "url")
        if found := _LOCAL.fullmatch(tree.text(at.pointer or "") or ""):
            environment.state(ATTRIBUTES["port"], int(found[1]), line=at.line, pointer=at.pointer)
