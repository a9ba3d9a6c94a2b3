"""The SEI's descriptors as `ontology/alignments/` tells them: what each key of theirs is in our
words, how it holds its values, and which values their form holds before anybody types.

Reading and writing go along the same table, so that the one understands what the other says.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kg.namespaces import iri
from kg.vocabulary import Attribute, Vocabulary

VERSIONS = ("1.0", "1.1", "1.2")
"""The versions of their format that are read; the last is the one that is written."""

CONVERTED = frozenset({"BYTE", "MicroSEC", "MilliProcessor"})
"""Units that their numbers are converted to; other numbers stand as they are."""

NEVER_ZERO = frozenset(
    {
        *("availableGpus", "availableProcessors", "availableMemory", "availableStorage"),
        *("observedInferenceTime", "requiredInferenceTime", "numberOfInstances"),
        *("imageWidth", "imageHeight", "imageChannels", "maximumLength"),
    }
)
"""Attributes of which their form's 0 says nothing: an environment without a processor, a picture
without pixels and data without records describe nothing. In what a model requires, 0 says that none
is needed.
"""

WHOLE = frozenset(
    {
        *("field", "labelShare", "goal", "pipelineInput", "output", "finalOutput", "item"),
        *("upstreamComponent", "downstreamComponent", "requiredLanguage", "requiredFramework"),
        *("availableLanguage", "availableFramework", "algorithmMetric", "businessMetric"),
        *("evaluationMetric", "testMetric", "requiredLog", "requiredFeedback"),
        *("collectedAlgorithmMetric", "collectedBusinessMetric", "otherCollectedMetric"),
        *("collectedLog", "otherCollectedLog", "collectedFeedback"),
    }
)
"""Lists that name all there is once they name anything; the others give what came to mind."""

NONE_WHEN_BLANK = frozenset({"connectedComponent", "connectedItem", "counterpart", "measuredGoal"})
"""Attributes that a part, once anything else is typed of it, is said not to have where they are
blank: what is mapped to nothing has no other way to say so.
"""

# Their form writes all keys of a group at once.
_GROUPS = tuple(
    frozenset(group.split())
    for group in (
        "min_value max_value",
        "resolution_x resolution_y channels image_format",
        "min_length max_length empty numeric slashes spaces special",
        "error_type error_code_value",
    )
)


@dataclass(frozen=True, slots=True)
class Key:
    """One of their keys; one without attributes is an object that only groups others.

    Of two attributes the first holds what the key says, and the second is a listed value.
    `choices` are all that it may say in 1.2, `unit` is that of plain numbers.
    """

    path: str
    attributes: tuple[Attribute, ...] = ()
    unit: str = ""
    constant: str = ""
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_whole: bool = False
    is_older: bool = False

    @property
    def name(self) -> str:
        """The key itself, the last step of its path."""
        return self.path.rpartition("/")[2]

    @property
    def attribute(self) -> Attribute:
        """What the key says, where it is no mere group."""
        return self.attributes[0]

    @property
    def listed(self) -> Attribute | None:
        """The listed value that a text may name, where it is stated beside the text."""
        return self.attributes[1] if len(self.attributes) > 1 else None

    @property
    def is_part(self) -> bool:
        """Whether it holds parts, each an object of keys."""
        return bool(self.attributes) and self.attribute.range.kind == "part"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Kinds of descriptors, each with the element that it describes, and all keys by their path."""

    kinds: Mapping[str, str]
    keys: Mapping[str, Key]
    _below: Mapping[str, tuple[Key, ...]]

    def below(self, path: str) -> tuple[Key, ...]:
        """The keys that stand in the object at the path, in their order."""
        return self._below.get(path, ())

    def is_time(self, key: Key) -> bool:
        """Whether it holds a time, which is a number and beside it a unit."""
        return {inner.name for inner in self.below(key.path)} == {"time", "unit"}


def read_alignment(vocabulary: Vocabulary) -> Alignment:
    """The alignment that stands in the vocabulary's ontology."""
    base = iri("sei:")
    subjects = dict.fromkeys(subject for subject, _, _ in vocabulary.triples)
    paths = [subject.removeprefix(base) for subject in subjects if subject.startswith(base)]
    kinds = {path: _matches(vocabulary, path)[0] for path in paths if "/" not in path}
    keys: dict[str, Key] = {}
    for path in paths:
        for step in re.finditer("/", path.partition("/")[2]):
            group = path[: step.start() + path.index("/") + 1]
            keys.setdefault(group, Key(group))
        if "/" in path:
            keys[path] = _key(vocabulary, path)
    below: dict[str, list[Key]] = defaultdict(list)
    for path, key in keys.items():
        below[path.rpartition("/")[0]].append(key)
    return Alignment(kinds, keys, {path: tuple(inner) for path, inner in below.items()})


def _matches(vocabulary: Vocabulary, path: str) -> tuple[str, ...]:
    triples = vocabulary.triples
    exact = triples.locals(f"sei:{path}", "skos:exactMatch")
    return exact + triples.locals(f"sei:{path}", "skos:closeMatch")


def _key(vocabulary: Vocabulary, path: str) -> Key:
    triples, name = vocabulary.triples, f"sei:{path}"
    attributes = tuple(map(vocabulary.attribute, _matches(vocabulary, path)))
    schemas = triples.values(name, "rdf:type")
    usual = "js:ArraySchema" if attributes[0].range.kind == "part" else "js:StringSchema"
    return Key(
        path=path,
        attributes=attributes,
        unit=triples.value(name, "qudt:hasUnit").removeprefix(iri("unit:")),
        constant=triples.value(name, "js:const"),
        choices=tuple(triples.values(name, "js:enum")),
        is_list=iri("js:ArraySchema") in (schemas or [iri(usual)]),
        is_whole=iri("js:IntegerSchema") in schemas,
        is_older=triples.value(name, "owl:deprecated") == "true",
    )


def untouched(value: object) -> bool:
    """Whether the value is one that a form holds at first: empty, 0, false, or only such values."""
    if isinstance(value, dict):
        return all(map(untouched, value.values()))
    if isinstance(value, list):
        return all(map(untouched, value))
    return blank(value) or value is False or zero(value)


def blank(value: object) -> bool:
    """Whether nothing was typed."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def zero(value: object) -> bool:
    """Whether it is the number 0, be it written as a text."""
    try:
        return not isinstance(value, bool) and float(str(value)) == 0
    except ValueError:
        return False


def untouched_groups(found: Mapping[str, object]) -> list[frozenset[str]]:
    """The groups of keys that their form wrote and nobody changed."""
    return [
        group
        for group in _GROUPS
        if group <= found.keys() and all(untouched(found[key]) for key in group)
    ]


def says_nothing(row: Mapping[str, object], key: Key) -> bool:
    """Whether nobody typed anything into the part; the form itself numbers goals."""
    numbered = {"id"} if key.attribute.name == "goal" else set()
    return untouched({name: value for name, value in row.items() if name not in numbered})
