"""Reads RDF terms as the values of attributes, and shows them to people.

A literal is judged by the type that its file gives it, before any store could change that.
"""

from datetime import datetime
from urllib.parse import unquote

from kg.errors import DescriptorInvalid
from kg.namespaces import iri, local
from kg.parsing import Literal as Text
from kg.parsing import NamedNode
from kg.values import normalised, quoted, storable
from kg.vocabulary import Attribute, Literal, Vocabulary

BASE = "file:///"
"""What relative IRIs are resolved against: they are relative to wherever projects are kept."""

_READABLE_AS = {
    "integer": "integer int long short byte nonNegativeInteger positiveInteger unsignedInt "
    "unsignedLong unsignedShort unsignedByte negativeInteger nonPositiveInteger",
    "boolean": "boolean",
    "string": "string normalizedString token anyURI",
    "dateTime": "dateTime dateTimeStamp",
}
_READABLE_AS["double"] = f"double float decimal {_READABLE_AS['integer']}"
# OWL 2 has no datatype for days, so ours is text; who writes RDF has xsd:date at hand.
_READABLE_AS_DAY = f"date {_READABLE_AS['string']}"

_LONGEST = 200


def value_of(attribute: Attribute, term: object, vocabulary: Vocabulary) -> Literal:
    """The term as the attribute holds it; raises DescriptorError."""
    if attribute.range.kind == "list" and isinstance(term, NamedNode | Text):
        return vocabulary.checked(attribute, local(term.value))
    wanted = attribute.range.name
    if not isinstance(term, Text):
        raise DescriptorInvalid(
            f"{attribute.label} is no value but {shown(term)}", f"Write a literal of xsd:{wanted}"
        )
    datatype = "string" if term.language else term.datatype.value.removeprefix(iri("xsd:"))
    readable = _READABLE_AS_DAY if attribute.range.is_day else _READABLE_AS[wanted]
    value = _typed(term.value, wanted) if datatype in readable.split() else None
    if value is None:
        raise DescriptorInvalid(
            f"{attribute.label} is {quoted(term.value)} of type {datatype}",
            f"Write a literal of xsd:{wanted}, such as {attribute.example}",
        )
    if isinstance(value, str):
        value = normalised(attribute, value, vocabulary)
    return vocabulary.checked(attribute, storable(attribute, value))


def last_step(name: str) -> str:
    """The last step of an IRI."""
    return unquote(name.rstrip("/#").replace("#", "/").rpartition("/")[2])


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI.

    >>> is_iri("https://example.org/model"), is_iri("https://example.org/a model")
    (True, False)
    """
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def shown(term: object) -> str:
    """A term as a person would write it."""
    if isinstance(term, NamedNode):
        name = local(term.value)
        text = f"mm:{name}" if name != term.value else f"<{name.removeprefix(BASE)}>"
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return quoted(term.value) if isinstance(term, Text) else "a node without a name"


def _typed(text: str, wanted: str) -> Literal | None:
    """The literal's value, or None where the text is none of its type."""
    try:
        if wanted in {"integer", "double"} and "_" not in text:
            return int(text) if wanted == "integer" else float(text)
        if wanted == "dateTime":
            return datetime.fromisoformat(text)
    except ValueError:
        return None
    if wanted == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text)
    return text if wanted == "string" else None
