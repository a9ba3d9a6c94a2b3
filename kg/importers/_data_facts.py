"""What descriptions of data sets in bills of materials have in common: names, rights, origin, and
the digests of their files.
"""

import re
from posixpath import normpath

from kg.importers import _described
from kg.importers._described import Described, data_of
from kg.importers._facts import state_licence
from kg.importers._linked_data import Steps
from kg.importers._told import Told
from kg.statements import Node, Source

ATTRIBUTES = {
    "name": "datasetName",
    "version": "datasetVersion",
    "description": "datasetDescription",
    "licence": "licence",
    "digest": "contentHash",
    "classification": "assetClassification",
    "restriction": "restrictions",
    "rights": "dataRights",
    "anonymization": "anonymization",
    "collection": "collectionMethod",
    "instrument": "collectionInstrument",
    "step": "derivationStep",
    "issue": "knownIssues",
}
RECORDED = frozenset({_described.ATTRIBUTES["file"], _described.ATTRIBUTES["digest"]})
"""What is stated of a file whose digest is given."""

_FILE = re.compile(
    r"(?ix) (?:\.?/)? (?:[\w.@+\ -]+/)* [\w@+\ -][\w.@+\ -]* \."
    r"(?:arrow|avro|bin|cbm|ckpt|csv|data|feather|ftz|gguf|gz|h5|hdf5|joblib|jsonl?|keras|mlmodel"
    r"|model|ndjson|npy|npz|onnx|orc|parquet|pb|pickle|pkl|ptl?|pth|safetensors|skops|tflite|tar|tsv"
    r"|txt|ubj|xlsx?|zip)"
)
_LONGEST = 300


def recorded_path(name: str) -> str:
    """The path of a file below the project that a name is; empty where it is none.

    >>> recorded_path("./data/train.csv"), recorded_path("Llama-2 7b"), recorded_path("../a.csv")
    ('data/train.csv', '', '')
    """
    if len(name) > _LONGEST or not _FILE.fullmatch(name):
        return ""
    path = normpath(name.removeprefix("/"))
    return "" if path.startswith("..") else path


def data_node(source: Source, name: str, *, alone: bool) -> Node:
    """The data that go by the name: a file of the project, the only ones of a bill, or others."""
    if path := recorded_path(name):
        return data_of(path)
    if alone or not name:
        return Node("RawData", str(source.path), named=False)
    return Node("RawData", name)


class DataFacts:
    """States what a bill says of one set of data, or of a file."""

    def __init__(self, told: Told, node: Node, source: Source) -> None:
        self._told = told
        self._about = told.notes.about(node)
        self._files = Described(told.notes, node)
        self._vocabulary = source.vocabulary

    def text(self, kind: str, *steps: str | int) -> None:
        """State a text; what only raw data have is said of no others."""
        text = self._told.said(*steps)
        attribute = self._vocabulary.attribute(ATTRIBUTES[kind])
        if not text:
            return
        if self._about.node.kind != "RawData" and attribute.domain == "RawData":
            self._told.pass_over("what it says of raw data", *steps)
            return
        self.put(kind, text, steps)

    def licence(self, text: str, *steps: str | int) -> None:
        """State the licence that the text names."""
        state_licence(self._about, text, self._told.at(*steps), self._vocabulary)

    def classification(self, *steps: str | int) -> None:
        """State how sensitive the data are as a whole, in a word that is known."""
        text = self._told.said(*steps)
        if known := self._vocabulary.value("Classification", text):
            self.put("classification", known.name, steps)
        elif text:
            self._told.pass_over(f"{text[:80]}: no such classification is known", *steps)

    def digest(self, path: str, algorithm: str, digest: str, steps: Steps) -> None:
        """State the digest of the file at the path, or of data that are no file of the project."""
        if path:
            self._files.digest(path, algorithm, digest, self._told.at(*steps))
        else:
            self.put("digest", f"{algorithm}:{digest.lower()}", steps)

    def put(self, kind: str, value: str, steps: Steps) -> None:
        """State something that stands at the steps."""
        at = self._told.at(*steps)
        self._about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer)
