"""Reads the AI and Dataset profiles of SPDX 3 (JSON-LD): models, data sets, and how they relate.

It is read as plain JSON, since no context is ever fetched. A model that is no root of the document
where others are is taken from elsewhere, and is passed over; so are software, people and files
without a digest.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers import _data_facts
from kg.importers._data_facts import DataFacts, data_node, recorded_path
from kg.importers._documents import Document, Element
from kg.importers._environments import shortened
from kg.importers._facts import ATTRIBUTES as FACTS
from kg.importers._facts import Facts, own_model
from kg.importers._linked_data import Steps, items
from kg.importers._mappings import mapping
from kg.importers._told import Told
from kg.importers._told_results import ATTRIBUTES as RESULTS
from kg.reading import read_json
from kg.statements import Node, Reading, Source

TITLE = "Bills of materials of AI and data (SPDX 3)"
FILES = "JSON files whose context is one of SPDX 3"
BY_CONTENT = True

ATTRIBUTES = {"digest": "modelHash"}
STATES = frozenset(
    {"name", *ATTRIBUTES.values(), *_data_facts.RECORDED}
    | {*FACTS.values()} - {FACTS["risk"]}
    | {*_data_facts.ATTRIBUTES.values()} - {_data_facts.ATTRIBUTES["classification"]}
    | {RESULTS["measure"], RESULTS["result"]}
)

_CONTEXT = re.compile(rb"spdx\.org/rdf/3\.\d|spdx\.github\.io/spdx-spec/v?3")
_MODEL, _DATA, _FILE = "AIPackage", "DatasetPackage", "File"
_TEXTS = {
    "informationAboutTraining": "assumption",
    "modelDataPreprocessing": "assumption",
}
_OF_DATA = {
    "packageVersion": "version",
    "description": "description",
    "intendedUse": "rights",
    "dataCollectionProcess": "collection",
    "dataPreprocessing": "step",
    "anonymizationMethodUsed": "anonymization",
    "knownBias": "issue",
    "datasetNoise": "issue",
}
_LEARNING = re.compile(
    r"(?i)(?:un|semi-?|self-?)?supervised(?: learning)?|reinforcement(?: learning)?"
)
_YES = {"yes", "true"}
_TRAFFIC_LIGHT = {"red", "amber", "green"}


def claims(source: Source) -> bool:
    """Whether the first bytes name the context of SPDX 3."""
    head = source.plain
    return source.suffix in {".json", ".jsonld"} and bool(_CONTEXT.search(head))


def read(source: Source) -> Reading:
    """The models and data of the document."""
    tree = read_json(source.text())
    whole, notes = mapping(tree, "The document is not an object", "Write it as SPDX 3 asks for it")
    told = Told(notes, tree)
    _Bill(source, told, Document(told, whole)).take()
    return notes.reading(source.path)


class _Bill:
    """The models and data of one document."""

    def __init__(self, source: Source, told: Told, document: Document) -> None:
        self._source = source
        self._told = told
        self._document = document

    def take(self) -> None:
        """State each model, each set of data, and each file whose digest is given."""
        models = self._document.of_type(_MODEL)
        roots = {one.name_of_node for one in models} & self._document.roots
        alone = len(roots or models) == 1
        for one in models:
            if roots and one.name_of_node not in roots:
                because = f"{shortened(one.called)}: a model that is taken from elsewhere"
                self._told.pass_over(because, *one.steps)
            elif alone:
                self._model(one, own_model(self._source), alone=True)
            elif one.called:
                self._model(one, Node("TrainedModel", one.called), alone=False)
        data = self._document.of_type(_DATA)
        for one in data:
            self._take_data(one, alone=len(data) == 1)
        for one in self._document.of_type(_FILE):
            self._file(one)
        self._document.tell_others({_MODEL, _DATA, _FILE})

    def _model(self, one: Element, node: Node, *, alone: bool) -> None:
        facts = Facts(self._told.notes.about(node), self._told, self._source.vocabulary)
        facts.text("name", one.get("name"), one.at("name"))
        facts.version(*one.at("packageVersion"))
        facts.text("description", one.get("description"), one.at("description"))
        self._kinds(facts, one, alone=alone)
        for key, kind in _TEXTS.items():
            facts.text(kind, one.get(key), one.at(key))
        for _, at in items(one.get("limitation"), one.at("limitation")):
            facts.weakness(*at)
        if alone:
            for _, at in items(
                one.get("informationAboutApplication"), one.at("informationAboutApplication")
            ):
                facts.purpose("use", *at)
        for name, at in _entries(one, "hyperparameter"):
            facts.setting(name, *at)
        for name, at in _entries(one, "metric"):
            facts.results.add(name, at)
        for algorithm, digest, at in one.hashes():
            where = self._told.at(*at)
            text = f"{algorithm}:{digest.lower()}"
            facts.about.state(
                ATTRIBUTES["digest"], text, line=where.line, pointer=where.pointer, given=digest
            )
        self._relations(facts, one)
        facts.finish()
        one.tell_left(self._told, {*_TEXTS, *_READ})

    def _relations(self, facts: Facts, one: Element) -> None:
        """State what data the model was made and tested with, and its licence."""
        for relation, role in (("trainedOn", "trained on"), ("testedOn", "evaluated on")):
            for other, at in self._document.related(one, relation):
                facts.data(other.called, *at, role=role)
        text, at = self._document.licence(one)
        facts.licence(text, *at)

    def _kinds(self, facts: Facts, one: Element, *, alone: bool) -> None:
        """State what kind of model it is: a family of tasks, or else of algorithms."""
        for value, at in items(one.get("typeOfModel"), one.at("typeOfModel")):
            text = value if isinstance(value, str) else ""
            if _LEARNING.fullmatch(text):
                self._told.pass_over(f"{text}: how it learnt", *at)
            elif self._source.vocabulary.value("ProblemType", text):
                if alone:
                    facts.task(*at)
            else:
                facts.algorithm(*at)

    def _take_data(self, one: Element, *, alone: bool) -> None:
        node = data_node(self._source, one.called, alone=alone)
        facts = DataFacts(self._told, node, self._source)
        facts.text("name", *one.at("name"))
        for key, kind in _OF_DATA.items():
            for _, at in items(one.get(key), one.at(key)):
                facts.text(kind, *at)
        for name, at in _entries(one, "sensor"):
            facts.put("instrument", name, at)
        level = one.get("confidentialityLevel")
        if isinstance(level, str) and level.lower() in _TRAFFIC_LIGHT:
            facts.put(
                "restriction", f"confidentiality level {level}", one.at("confidentialityLevel")
            )
        sensitive = one.get("hasSensitivePersonalInformation")
        if isinstance(sensitive, str) and sensitive.lower() in _YES:
            where = one.at("hasSensitivePersonalInformation")
            facts.put("restriction", "holds sensitive personal information", where)
        for algorithm, digest, at in one.hashes():
            facts.digest(recorded_path(one.called), algorithm, digest, at)
        text, at = self._document.licence(one)
        facts.licence(text, *at)
        one.tell_left(self._told, {*_OF_DATA, *_READ_OF_DATA})

    def _file(self, one: Element) -> None:
        """State the digest of a file that holds a model or data."""
        path, purpose = recorded_path(one.called), one.get("primaryPurpose")
        if not path or purpose not in {"data", "model"}:
            return
        node = data_node(self._source, path, alone=False)
        if purpose == "model":
            node = own_model(self._source)
        for algorithm, digest, at in one.hashes():
            DataFacts(self._told, node, self._source).digest(path, algorithm, digest, at)


def _entries(one: Element, key: str) -> Iterator[tuple[str, Steps]]:
    """The entries of a dictionary: each key with where its value stands."""
    for value, at in items(one.get(key), one.at(key)):
        name = value.get("key") if isinstance(value, Mapping) else None
        if isinstance(name, str):
            yield name, (*at, "value")


_READ = {
    *("name", "packageVersion", "description", "typeOfModel", "limitation", "verifiedUsing"),
    *("informationAboutApplication", "hyperparameter", "metric"),
}
_READ_OF_DATA = {
    *("name", "sensor", "confidentialityLevel", "hasSensitivePersonalInformation", "verifiedUsing"),
}
