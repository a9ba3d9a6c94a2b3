"""Follows the schemas of an OpenAPI description: references, parts that are put together, lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kg.importers._mappings import reached, table
from kg.reading import Tree

Steps: TypeAlias = tuple[str | int, ...]

_DEEPEST = 12
_ENVELOPES = {"dataframe_records", "inputs", "instances", "records"}
_TYPES = {
    "array": "array",
    "boolean": "boolean",
    "file": "binary",
    "integer": "integer",
    "number": "double",
    "object": "object",
    "string": "string",
}
_FORMATS = {"binary": "binary", "byte": "binary", "date": "date", "date-time": "date-time"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object with its schema, the steps to it, and whether it must be sent."""

    name: str
    schema: Mapping[str, object]
    steps: Steps
    needed: bool

    @property
    def kind(self) -> str:
        """The type as the ontology names it; empty where it is not said, or is one of several."""
        kind = self.schema.get("type")
        if isinstance(kind, list):
            # OpenAPI 3.1 writes what may be null so.
            several = [one for one in kind if one != "null"]
            kind = several[0] if len(several) == 1 else None
        if kind == "string":
            return _FORMATS.get(str(self.schema.get("format")), "string")
        return _TYPES.get(str(kind), "")


class Schemas:
    """The schemas of a file, by where they stand."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def fields(self, steps: Steps, depth: int = 0) -> Iterator[Field]:
        """The fields of the records that the schema at the steps describes.

        A list is looked into, and an object that wraps a list of objects.
        """
        steps, schema = self._followed(steps)
        if depth > _DEEPEST:
            return
        for number in range(_length(schema.get("allOf"))):
            yield from self.fields((*steps, "allOf", number), depth + 1)
        if isinstance(schema.get("items"), dict):
            yield from self.fields((*steps, "items"), depth + 1)
            return
        properties = schema.get("properties")
        names = list(properties) if isinstance(properties, dict) else []
        wrapping = names if len(names) == 1 else [name for name in names if name in _ENVELOPES]
        for name in wrapping:
            if self._lists_objects((*steps, "properties", name)):
                yield from self.fields((*steps, "properties", name), depth + 1)
                return
        required = schema.get("required")
        needed = required if isinstance(required, list) else []
        for name in names:
            at, inner = self._followed((*steps, "properties", name))
            must = name in needed and inner.get("nullable") is not True
            yield Field(name, inner, at, needed=must)

    def _lists_objects(self, steps: Steps) -> bool:
        at, schema = self._followed(steps)
        inner = self._followed((*at, "items"))[1] if "items" in schema else {}
        return "properties" in inner or "allOf" in inner

    def _followed(self, steps: Steps) -> tuple[Steps, Mapping[str, object]]:
        """The schema at the steps, or where its references lead; empty where that is nowhere."""
        for _ in range(_DEEPEST):
            schema = self._at(steps)
            reference = schema.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                return steps, schema
            steps = tuple(
                step.replace("~1", "/").replace("~0", "~") for step in reference[2:].split("/")
            )
        return steps, {}

    def _at(self, steps: Steps) -> Mapping[str, object]:
        return table(reached(self.tree.value, steps))


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
