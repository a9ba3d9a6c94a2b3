"""Reads Croissant 0.8 to 1.1, the metadata of data sets in JSON-LD, with its terms for responsible
use.

What a file breaks of the rules is told, and the rest is read all the same. Records that stand in
the file itself, and files within archives, are not looked into.
"""

import re
from collections.abc import Iterator

from kg.errors import DescriptorInvalid
from kg.importers import _described
from kg.importers._described import LONGEST_NAME, Described, data_of, local_path, state_of
from kg.importers._linked import Linked, last_word
from kg.importers._mappings import mapping
from kg.reading import read_json
from kg.statements import Node, Notes, Place, Reading, Source, Subject

TITLE = "Croissant metadata"
BY_CONTENT = True
FILES = "`*croissant*.json`, and `*.json` and `*.jsonld` that use the terms of Croissant"

ATTRIBUTES = {
    "dataCollection": "collectionMethod",
    "dataCollectionType": "collectionMethod",
    "dataCollectionMissingData": "knownIssues",
    "dataCollectionTimeframe": "timeframe",
    "dataPreprocessingProtocol": "derivationStep",
    "dataImputationProtocol": "derivationStep",
    "dataManipulationProtocol": "derivationStep",
    "personalSensitiveInformation": "restrictions",
    "dataAnnotationProtocol": "labellingProcess",
    "dataAnnotationPlatform": "labellingProcess",
    "annotatorDemographics": "labellingProcess",
    "dataBiases": "knownIssues",
    "dataLimitations": "knownIssues",
}
STATES = frozenset(
    {*ATTRIBUTES.values(), "name"}
    | {
        _described.ATTRIBUTES[what]
        for what in (
            *("dataset", "description of the dataset", "dataset version", "licence"),
            *("file", "digest", "size", "field", "type", "type as written", "description"),
            *("unit", "least", "most"),
        )
    }
)

_SIGN = re.compile(rb'mlcommons\.org/(?:croissant|schema)[/"]')
_NAME = "croissant"
_OPAQUE = frozenset({"data", "examples"})
_DATASET = {
    "name": "dataset",
    "description": "description of the dataset",
    "version": "dataset version",
    "license": "licence",
}
_SPREAD = {"name", "distribution", "recordSet", "conformsTo", "@type", *_DATASET, *ATTRIBUTES}
_DIGESTS = ("sha256", "md5")
# `#{passengers.csv/age}`, as fields named their source before version 1.0.
_REFERENCE = re.compile(r"#\{([^{}/]+)(?:/([^{}]+))?\}")
_TYPES = {
    "AudioObject": "audio",
    "Boolean": "boolean",
    "BoundingBox": "array",
    "Date": "date",
    "DateTime": "date-time",
    "Enumeration": "string",
    "Float": "double",
    "ImageObject": "image",
    "Integer": "integer",
    "Number": "double",
    "Text": "string",
    "Time": "time",
    "URL": "string",
    "VideoObject": "video",
    "bool": "boolean",
    "float": "double",
    "int": "integer",
    "string": "string",
}
_SIZED = re.compile(
    r"(?P<whole>U?Int)(?:8|16|32|64)|(?P<broken>B?Float)(?:16|32|64)", re.IGNORECASE
)


def claims(source: Source) -> bool:
    """Whether it is JSON with the name of the format, or with its terms in the first bytes."""
    if source.suffix not in {".json", ".jsonld"}:
        return False
    return _SIGN.search(source.head) is not None or _NAME in source.path.stem.lower()


def read(source: Source) -> Reading:
    """The data set, the files that it consists of, and their fields."""
    tree = read_json(source.text())
    _, notes = mapping(tree, "The file is not a JSON object", "Describe one data set in it")
    _Reader(source, Linked(tree, "croissant", notes, _OPAQUE), notes).read()
    return notes.reading(source.path)


class _Reader:
    """One file's graph on its way into the notes."""

    def __init__(self, source: Source, graph: Linked, notes: Notes) -> None:
        self._source = source
        self._graph = graph
        self._notes = notes
        self._files: dict[str, str] = {}
        self._described: dict[str, Described] = {}

    def read(self) -> None:
        """State the data set and its files, then the fields of its record sets."""
        datasets = self._graph.of_type("Dataset")
        if not datasets:
            raise DescriptorInvalid(
                "The file describes no data set", "Give its outermost object the type sc:Dataset"
            )
        self._dataset(datasets[0])
        for other in datasets[1:]:
            self._pass_over("another data set within the file", other)
        for node in self._graph.nodes(datasets[0], "distribution"):
            self._file(node)
        for records in self._graph.nodes(datasets[0], "recordSet"):
            for field in self._graph.nodes(records, "field"):
                self._field(field)

    def _dataset(self, node: str) -> None:
        graph = self._graph
        self._judge(node)
        name = graph.value(node, "name")
        whole = Described(self._notes, Node("RawData", name, named=bool(name)))
        self._described[""] = whole
        for said, what in _DATASET.items():
            for value in graph.values(node, said)[:1]:
                whole.state(what, value, self._at(node, said))
        for said, attribute in ATTRIBUTES.items():
            at = self._at(node, said)
            for value in graph.values(node, said):
                whole.about.state(attribute, value, line=at.line, pointer=at.pointer)
        rest = sorted(set(graph.names(node)) - _SPREAD)
        if rest:
            self._pass_over(f"{', '.join(rest)} say nothing that is compared", node)

    def _judge(self, node: str) -> None:
        """Tell which rules of the format the file breaks."""
        kinds = self._graph.values(node, "@type")
        if not any("schema.org" in kind for kind in kinds):
            self._problem("The data set is not of the type sc:Dataset", node, "@type")
        if not self._graph.values(node, "conformsTo") and b"/croissant/" in self._source.head:
            self._problem("It does not say to which version of Croissant it conforms", node)

    # -- files -------------------------------------------------------------------------------------

    def _file(self, node: str) -> None:
        graph = self._graph
        address = graph.value(node, "contentUrl")
        inside = bool(graph.values(node, "containedIn"))
        if len(address) > LONGEST_NAME:
            self._problem("The address of a file is too long", node, "contentUrl")
            return
        path = "" if inside else local_path(self._source, address)
        self._files[node] = path
        if not path:
            where = "in an archive" if inside else "elsewhere"
            self._pass_over(f"{self._called(node)} lies {where}", node)
            return
        described = self._of(path)
        for algorithm in _DIGESTS:
            for value in graph.values(node, algorithm):
                described.digest(path, algorithm, value, self._at(node, algorithm))
        for value in graph.values(node, "contentSize"):
            described.size(path, value, self._at(node, "contentSize"))

    def _of(self, path: str) -> Described:
        if path not in self._described:
            self._described[path] = Described(self._notes, data_of(path))
        return self._described[path]

    def _called(self, node: str) -> str:
        return self._graph.value(node, "name") or self._graph.called(node) or "a file"

    # -- fields ------------------------------------------------------------------------------------

    def _field(self, node: str) -> None:
        path, column, plain = self._origin(node)
        name = column or last_word(self._graph.value(node, "name") or self._graph.called(node))
        if not column and path:
            self._pass_over(f"{name} is read off no column", node)
            return
        if any(self._graph.nodes(node, "subField")):
            self._pass_over(f"{name} consists of others", node)
            return
        at = self._graph.place(node)
        field = self._of(path).field(name, at)
        if field is None:
            return
        self._type(field, node, plain=plain)
        for said, what in (("description", "description"), ("unitText", "unit")):
            for value in self._graph.values(node, said)[:1]:
                state_of(field, what, value, self._at(node, said))
        for said, what in (("minValue", "least"), ("maxValue", "most")):
            for number in _numbers(self._graph.values(node, said)[:1]):
                state_of(field, what, number, self._at(node, said))

    def _origin(self, node: str) -> tuple[str, str, bool]:
        """The file and the column that a field is read off, and whether it is read as it stands."""
        graph = self._graph
        for source in graph.values(node, "source"):
            if reference := _REFERENCE.fullmatch(source):
                return self._file_called(reference[1]), reference[2] or "", True
            extracts = [*graph.nodes(source, "extract"), source]
            column = next((c for one in extracts for c in graph.values(one, "column")), "")
            steps = ("transform", "applyTransform", "format", "regex", "separator", "replace")
            plain = not any(graph.values(one, step) for one in extracts for step in steps)
            held = [*graph.values(source, "fileObject"), *graph.values(source, "distribution")]
            for file in held:
                return self._files.get(file, ""), column, plain
            return "", column, plain
        return "", "", True

    def _file_called(self, name: str) -> str:
        found = (path for node, path in self._files.items() if name == self._called(node))
        return next(found, "")

    def _type(self, field: Subject, node: str, *, plain: bool) -> None:
        at = self._at(node, "dataType")
        written = self._graph.values(node, "dataType")
        for kind in written[:1]:
            given = Place(at.line, at.pointer, last_word(kind))
            state_of(field, "type as written", last_word(kind), given)
        lists = self._graph.values(node, "repeated") + self._graph.values(node, "isArray")
        if not plain or "true" in lists:
            self._notes.pass_over("its values are not those of the column", at.line, at.pointer)
            return
        for known in [kind for kind in map(_kind, written) if kind][:1]:
            state_of(field, "type", known, Place(at.line, at.pointer, last_word(written[0])))

    # -- words -------------------------------------------------------------------------------------

    def _at(self, node: str, name: str) -> Place:
        return self._graph.place(node, name)

    def _pass_over(self, because: str, node: str) -> None:
        at = self._graph.place(node)
        self._notes.pass_over(because, at.line, at.pointer)

    def _problem(self, message: str, node: str, name: str = "") -> None:
        self._notes.problem(f"{message}.", self._graph.place(node, name).line)


def _kind(written: str) -> str:
    """What we call a type; nothing where we have no word for it."""
    word = last_word(written)
    sized = _SIZED.fullmatch(word)
    if sized:
        return "integer" if sized["whole"] else "double"
    return _TYPES.get(word, "")


def _numbers(texts: list[str]) -> Iterator[float]:
    for text in texts:
        try:
            yield float(text)
        except ValueError:
            continue
