"""Makes a JSON Schema for each element, with which editors complete and check descriptors.

Nothing is ever required: what is not stated is a question, not a fault. A key that nobody declared
is a fault, because it is most often a slip; keys that begin with `x-` are left to their authors.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from kg.catalogue import Catalogue
from kg.comparing import ways
from kg.derive import NOTE
from kg.derive._words import sentence
from kg.errors import DescriptorError, KnowledgeError
from kg.namespaces import iri
from kg.reading import read_yaml
from kg.vocabulary import DAY, Attribute, Element, Link, Range, Vocabulary

Schema: TypeAlias = dict[str, Any]

_TYPES: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "dateTime": {
        "type": "string",
        "format": "date-time",
        "pattern": f"^{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}",
    },
}
_TEXTUAL = ("string", "dateTime")
_NUMBER_AND_UNIT = r"[0-9.,][0-9.,_' ]*([eE][+-]?[0-9]+)?\s*[A-Za-zµ°%]"
_DURATION = "P[0-9T]"
_REFERENCE: Schema = {"type": "string", "format": "iri-reference"}


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:  # noqa: ARG001
    """A schema for each element."""
    return {
        f"ontology/derived/schemas/{element.name}.json": _text(schema(vocabulary, element))
        for element in vocabulary.concrete()
    }


def schema(vocabulary: Vocabulary, element: Element) -> Schema:
    """The JSON Schema (2020-12) of a descriptor of the element."""
    attributes = vocabulary.attributes_of(element.name)
    links = vocabulary.links_of(element.name)
    properties = {
        **_own_keys(vocabulary, element, attributes.values()),
        **{key: _link(link) for key, link in sorted(links.items())},
        **_properties(attributes),
    }
    used = sorted(_used(vocabulary, element.name))
    return {
        "$comment": NOTE,
        "$schema": iri("json-schema:"),
        "$id": iri(f"mm:schemas/{element.name}.json"),
        **_described(element.label, element.definition),
        **_object(properties),
        "$defs": {name: _definition(vocabulary, name) for name in used},
    }


def _text(document: Schema) -> str:
    # YAML reads the day in the example of a part as a date; in JSON it is text.
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _described(label: str, definition: str) -> Schema:
    return {"title": sentence(label), "description": definition}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }


def _own_keys(vocabulary: Vocabulary, element: Element, attributes: Iterable[Attribute]) -> Schema:
    """The keys that say what the descriptor is, before any attribute."""
    name = f"What the {element.label} is called, where there are several."
    complete = "Keys of lists that are complete: what is not listed there is not there."
    return {
        "$schema": {"type": "string"},
        "@context": True,
        "@id": _REFERENCE,
        "element": {**_described("element", "What is described."), "const": element.name},
        "name": {**_described("name", name), "type": ["string", "null"]},
        "stated_by": {
            **_described("stated by", "The role of who states all this."),
            "enum": [*sorted(vocabulary.lists["Role"]), None],
        },
        "observed": {
            **_described("observed", "Whether the values were measured, not declared."),
            "type": ["boolean", "null"],
        },
        "prose": {
            **_described("prose", "Whether the values were found in sentences: they only warn."),
            "type": ["boolean", "null"],
        },
        "complete": {
            **_described("complete", complete),
            "type": ["array", "null"],
            "items": {"enum": sorted(a.key for a in attributes if not a.single)},
        },
    }


def _link(link: Link) -> Schema:
    return {**_described(link.label, link.definition), **_several([_REFERENCE])}


def _properties(attributes: dict[str, Attribute]) -> Schema:
    return {key: _attribute(attributes[key]) for key in sorted(attributes)}


def _attribute(attribute: Attribute) -> Schema:
    values = list(_values(attribute.range, attribute.unit))
    # A part has one name in a descriptor, though two descriptors may write it differently.
    single = attribute.single or attribute.name == "name"
    return {
        **_described(attribute.label, attribute.definition),
        "examples": [_example(attribute)],
        **(_one(values) if single else _several(values)),
        **({"x-unit": attribute.unit_name} if attribute.unit else {}),
    }


def _values(wanted: Range, unit: str) -> Iterator[Schema]:
    """What one value may look like, each way a schema."""
    if wanted.kind != "datatype":
        yield {"$ref": f"#/$defs/{wanted.name}"}
        return
    bounds = {"minimum": wanted.minimum, "maximum": wanted.maximum}
    yield {
        **_TYPES[wanted.name],
        **({"format": "date"} if wanted.is_day else {}),
        # What is compared by its meaning may be written in many ways; reading makes one of them.
        **(
            {"pattern": wanted.anchored} if wanted.pattern and wanted.datatype not in ways() else {}
        ),
        **{word: _plain(b) for word, b in bounds.items() if b is not None},
    }
    if unit:
        sign = r"[+-]?\s*" if wanted.minimum is None else ""
        yield {"type": "string", "pattern": rf"^\s*({sign}{_NUMBER_AND_UNIT}|{_DURATION})"}


def _plain(number: float) -> float:
    return int(number) if number.is_integer() else number


def _one(values: list[Schema]) -> Schema:
    if len(values) == 1 and "type" in values[0]:
        # A plain union of types makes for a clearer complaint than `anyOf`.
        return values[0] | {"type": [values[0]["type"], "null"]}
    return {"anyOf": [*values, {"type": "null"}]}


def _several(values: list[Schema]) -> Schema:
    """One value or a list: JSON-LD and people hold them for the same."""
    item = values[0] if len(values) == 1 else {"anyOf": values}
    return {"anyOf": [*values, {"type": "array", "items": item}, {"type": "null"}]}


def _definition(vocabulary: Vocabulary, name: str) -> Schema:
    if name in vocabulary.lists:
        triples = vocabulary.triples
        words = triples.value(name, "rdfs:label"), triples.value(name, "skos:definition")
        return {**_described(*words), "enum": sorted(vocabulary.lists[name])}
    part = vocabulary.parts[name]
    properties = {"@id": _REFERENCE, **_properties(vocabulary.attributes_of(name))}
    return {**_described(part.label, part.definition), **_object(properties)}


def _used(vocabulary: Vocabulary, name: str) -> list[str]:
    """Parts and lists that the class's attributes lead to, and those that theirs lead to."""
    found: list[str] = []
    pending = [name]
    for current in pending:
        for attribute in vocabulary.attributes_of(current).values():
            wanted = attribute.range
            if wanted.kind != "datatype" and wanted.name not in found:
                found.append(wanted.name)
                pending.append(wanted.name)
    return found


def _example(attribute: Attribute) -> object:
    if attribute.range.kind == "datatype" and attribute.range.name in _TEXTUAL:
        return attribute.example
    try:
        return read_yaml(attribute.example).value
    except DescriptorError as error:
        raise KnowledgeError(
            f"The example of mm:{attribute.name} is no YAML: {error}", "Write it as in a descriptor"
        ) from error
