"""Reads the payloads by which models are registered with IBM's AI FactSheets: name, and the fields
that go in and come out.

What a platform adds to each scored record (identifiers, times, corrected predictions) is no output
of the model, and an input that is sent back is none either.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers._environments import shortened
from kg.importers._facts import Facts, own_model
from kg.importers._linked_data import Steps, items
from kg.importers._mappings import mapping, table
from kg.importers._signatures import ATTRIBUTES as COLUMNS
from kg.importers._told import Told
from kg.reading import read_json
from kg.statements import Reading, Source, Subject

TITLE = "Facts of models (IBM AI FactSheets)"
FILES = "JSON files with `schemas` of `input` or `output`, whose fields are those of such a payload"
BY_CONTENT = True

ATTRIBUTES = {
    "identifier": "modelIdentifier",
    "input": COLUMNS["inputs"],
    "output": COLUMNS["outputs"],
    "type": COLUMNS["type"],
    "type as written": COLUMNS["type as written"],
    "gaps": COLUMNS["required"],
    "name": "modelName",
    "description": "modelDescription",
}
STATES = frozenset({*ATTRIBUTES.values(), "name"})

_PAYLOAD = re.compile(rb'"schemas"\s*:\s*\{\s*"(?:input|output)"\s*:\s*\[\s*\{')
_TYPES = {
    "binary": "binary",
    "boolean": "boolean",
    "date": "date",
    "decimal": "double",
    "double": "double",
    "float": "double",
    "int": "integer",
    "integer": "integer",
    "long": "integer",
    "short": "integer",
    "string": "string",
    "timestamp": "date-time",
}
_INPUTS = {"", "feature"}
_OUTPUTS = {"prediction", "probability"}
_MOST = 5_000
_LONGEST = 300


def claims(source: Source) -> bool:
    """Whether the first bytes are those of such a payload."""
    head = source.plain
    named = b'"fields"' in head and b'"name"' in head
    return source.suffix == ".json" and named and bool(_PAYLOAD.search(head))


def read(source: Source) -> Reading:
    """The model that the payload registers."""
    tree = read_json(source.text())
    whole, notes = mapping(tree, "The payload is not an object", "Describe one model in a file")
    told = Told(notes, tree)
    about = notes.about(own_model(source))
    facts = Facts(about, told, source.vocabulary)
    for key in ("model_id", "model_identifier"):
        if text := told.said(key):
            at = told.at(key)
            about.state(ATTRIBUTES["identifier"], text, line=at.line, pointer=at.pointer)
    facts.text("name", whole.get("name"), ("name",))
    facts.text("description", whole.get("description"), ("description",))
    for side in ("input", "output"):
        _take_side(about, told, side, table(whole, "schemas").get(side))
    return notes.reading(source.path)


def _take_side(about: Subject, told: Told, side: str, value: object) -> None:
    """State the fields of one side: where several schemas are given, those of the first."""
    found = list(_fields(told, value, ("schemas", side)))
    roles = {_role(field) for field, _ in found}
    wanted = _INPUTS if side == "input" else _OUTPUTS if roles & _OUTPUTS else {""}
    left: list[str] = []
    for field, at in found:
        name = field.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST:
            told.notes.problem("A field has no name, or one too long", told.at(*at).line)
        elif _role(field) in wanted:
            where = told.at(*at, "name")
            item = about.part(ATTRIBUTES[side], name, line=where.line, pointer=where.pointer)
            _take_field(item, told, field, at)
        else:
            left.append(name)
    given = list(items(value, ("schemas", side)))
    if side == "input" and found and len(given) == 1:
        about.notes.complete(about.node, ATTRIBUTES[side])
    if left:
        listed = ", ".join(map(shortened, left[:20]))
        told.pass_over(f"{listed}: no {side} of the model itself", "schemas", side)


def _fields(
    told: Told, value: object, steps: Steps
) -> Iterator[tuple[Mapping[str, object], Steps]]:
    for number, (schema, at) in enumerate(items(value, steps)):
        if number:
            told.pass_over("another schema of the same side", *at)
            continue
        listed = table(schema).get("fields")
        if not isinstance(listed, list):
            told.notes.problem("The schema lists no fields", told.at(*at).line)
            continue
        for position, field in enumerate(listed[:_MOST]):
            where = (*at, "fields", position)
            if isinstance(field, dict):
                yield field, where
            else:
                told.notes.problem("A field is no object", told.at(*where).line)


def _role(field: Mapping[str, object]) -> str:
    role = table(field, "metadata").get("modeling_role")
    return role if isinstance(role, str) else ""


def _take_field(item: Subject, told: Told, field: Mapping[str, object], steps: Steps) -> None:
    """State type and gaps of a field; a mapping in the place of a type is one of lists."""
    kind = field.get("type")
    nested = isinstance(kind, dict) and kind.get("type")
    at = told.at(*steps, "type")
    if isinstance(kind, str):
        written, known = kind, _TYPES.get(kind.lower())
    elif isinstance(nested, str):
        written, known = nested, "array" if nested == "array" else None
    else:
        written, known = "", None
    if written:
        item.state(
            ATTRIBUTES["type as written"], written, line=at.line, pointer=at.pointer, given=written
        )
    if known:
        item.state(ATTRIBUTES["type"], known, line=at.line, pointer=at.pointer, given=written)
    elif written:
        told.pass_over(f"the type {shortened(written)} may hold anything", *steps, "type")
    # That gaps are allowed is what tools write of every field, whether or not it holds.
    if field.get("nullable") is False:
        where = told.at(*steps, "nullable")
        item.state(ATTRIBUTES["gaps"], value=False, line=where.line, pointer=where.pointer)
