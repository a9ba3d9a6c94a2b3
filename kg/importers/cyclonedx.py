"""Reads the models and data of CycloneDX bills of materials (JSON, 1.5 to 1.7): cards of models,
hashes, licences, data sets.

A model that a bill lists with a package URL, or with an address from which it is handed out, is
another's unless the bill is about it, and is passed over, as are software and what stands in
`properties`.
"""

import re
from collections.abc import Mapping

from kg.importers import _data_facts
from kg.importers._components import Component, components
from kg.importers._data_facts import DataFacts, data_node, recorded_path
from kg.importers._environments import shortened
from kg.importers._facts import ATTRIBUTES as FACTS
from kg.importers._facts import Facts, own_model
from kg.importers._linked_data import Steps, items
from kg.importers._mappings import mapping, table
from kg.importers._told import Told
from kg.importers._told_results import ATTRIBUTES as RESULTS
from kg.reading import read_json
from kg.statements import Node, Reading, Source

TITLE = "Bills of materials of machine learning (CycloneDX)"
FILES = "JSON files with the `bomFormat` CycloneDX in their first lines"
BY_CONTENT = True

ATTRIBUTES = {"digest": "modelHash"}
STATES = frozenset(
    {"name", *ATTRIBUTES.values(), *RESULTS.values(), *_data_facts.RECORDED}
    | {*FACTS.values()} - {FACTS["setting"], FACTS["value"]}
    | {
        _data_facts.ATTRIBUTES[kind]
        for kind in (
            "name",
            "version",
            "description",
            "licence",
            "classification",
            "restriction",
            "digest",
        )
    }
)

_BILL = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"|cyclonedx\.org/schema/bom-')
_HUB = "pkg:huggingface/"
_MODEL, _DATA = "machine-learning-model", "data"


def claims(source: Source) -> bool:
    """Whether the first bytes are those of such a bill."""
    if source.suffix not in {".json", ".cdx"}:
        return False
    head = source.plain
    # Words are found far sooner than patterns.
    named = b"CycloneDX" in head or b"cyclonedx" in head
    return named and bool(_BILL.search(head))


def read(source: Source) -> Reading:
    """The models and data that the bill lists."""
    tree = read_json(source.text())
    whole, notes = mapping(tree, "The bill is not an object", "Write it as CycloneDX asks for it")
    _Bill(source, Told(notes, tree), whole).take()
    return notes.reading(source.path)


class _Bill:
    """One bill: its models and data, and how many other things it lists."""

    def __init__(self, source: Source, told: Told, top: Mapping[str, object]) -> None:
        self._source = source
        self._told = told
        self._root = Component(table(top, "metadata", "component"), ("metadata", "component"))
        found = list(components(told, top.get("components"), ("components",)))
        self._models = [one for one in found if one.said.get("type") == _MODEL]
        self._data = [one for one in found if one.said.get("type") == _DATA]
        self._names = {
            str(one.said["bom-ref"]): one.name for one in self._data if "bom-ref" in one.said
        }
        self._others = len(found) - len(self._models) - len(self._data)

    def take(self) -> None:
        """State each model and each set of data."""
        if self._root.said.get("type") == _MODEL:
            self._model(self._root, own_model(self._source))
        own = sum(map(self._is_own, self._models))
        for one in self._models:
            if not self._is_own(one):
                because = f"{shortened(one.name)}: a model that is taken from elsewhere"
                self._told.pass_over(because, *one.steps)
            elif own == 1 and self._root.said.get("type") != _MODEL:
                self._model(one, own_model(self._source))
            elif one.name:
                self._model(one, Node("TrainedModel", one.name))
        for one in self._data:
            self._take_data(one)
        if self._others:
            self._told.notes.pass_over(f"components that are no model and no data: {self._others}")

    def _is_own(self, one: Component) -> bool:
        """Whether a model is the project's: nobody else hands it out, or the bill is about it."""
        if self._root.name:
            return not (one.package or one.is_distributed) or one.called == self._root.called
        return not one.package and (len(self._models) == 1 or not one.is_distributed)

    # -- models ------------------------------------------------------------------------------------

    def _model(self, one: Component, node: Node) -> None:
        facts = Facts(self._told.notes.about(node), self._told, self._source.vocabulary)
        steps = one.steps
        facts.text("name", one.said.get("name"), (*steps, "name"))
        if one.package.startswith(_HUB):
            self._told.pass_over("a version on the hub is a commit, or made up", *steps, "version")
        else:
            facts.version(*steps, "version")
        facts.text("description", one.said.get("description"), (*steps, "description"))
        text, at = one.licence(self._told)
        facts.licence(text, *at)
        for algorithm, digest, at in one.hashes():
            if path := recorded_path(one.name):
                DataFacts(self._told, node, self._source).digest(path, algorithm, digest, at)
            else:
                text = f"{algorithm}:{digest.lower()}"
                where = self._told.at(*at)
                facts.about.state(
                    ATTRIBUTES["digest"], text, line=where.line, pointer=where.pointer, given=digest
                )
        self._card(facts, table(one.said, "modelCard"), (*steps, "modelCard"), named=node.named)
        facts.finish()
        self._told.left(one.properties(), *steps)

    def _card(self, facts: Facts, card: Mapping[str, object], steps: Steps, *, named: bool) -> None:
        """State what the card says; only that of the one model tells what the project is for."""
        said, at = table(card, "modelParameters"), (*steps, "modelParameters")
        if not named:
            facts.task(*at, "task")
        facts.algorithm(*at, "architectureFamily")
        facts.algorithm(*at, "modelArchitecture")
        for value, inner in items(said.get("datasets"), (*at, "datasets")):
            self._trained(facts, value, inner)
        self._told.left([key for key in ("approach", "inputs", "outputs") if key in said], *at)
        results = table(card, "quantitativeAnalysis").get("performanceMetrics")
        facts.results.take(results, (*steps, "quantitativeAnalysis", "performanceMetrics"))
        self._considerations(facts, card, (*steps, "considerations"), named=named)

    def _considerations(
        self, facts: Facts, card: Mapping[str, object], steps: Steps, *, named: bool
    ) -> None:
        said = table(card, "considerations")
        for _, at in items(said.get("technicalLimitations"), (*steps, "technicalLimitations")):
            facts.weakness(*at)
        tradeoffs = "performanceTradeoffs"
        facts.text("assumption", said.get(tradeoffs), (*steps, tradeoffs))
        for key, kind, inner in (
            ("users", "use", ()),
            ("useCases", "use", ()),
            ("ethicalConsiderations", "risk", ("name",)),
            ("fairnessAssessments", "risk", ("harms",)),
        ):
            for _, at in items(None if named else said.get(key), (*steps, key)):
                facts.purpose(kind, *at, *inner)
        self._told.left([k for k in said if k == "environmentalConsiderations"], *steps)

    def _trained(self, facts: Facts, value: object, steps: Steps) -> None:
        """State one of the data sets of a model, by its own name or that of a component."""
        said = value if isinstance(value, dict) else {}
        name = self._names.get(str(said.get("ref")), "") or said.get("name") or ""
        facts.data(name if isinstance(name, str) else "", *steps)

    # -- data --------------------------------------------------------------------------------------

    def _take_data(self, one: Component) -> None:
        node = data_node(self._source, one.name, alone=len(self._data) == 1)
        facts = DataFacts(self._told, node, self._source)
        steps = one.steps
        facts.text("name", *steps, "name")
        facts.text("version", *steps, "version")
        facts.text("description", *steps, "description")
        text, at = one.licence(self._told)
        facts.licence(text, *at)
        for algorithm, digest, at in one.hashes():
            facts.digest(recorded_path(one.name), algorithm, digest, at)
        for value, at in items(one.said.get("data"), (*steps, "data")):
            facts.classification(*at, "classification")
            sensitive = table(value).get("sensitiveData")
            for _, inner in items(sensitive, (*at, "sensitiveData")):
                facts.text("restriction", *inner)
        self._told.left(one.properties(), *steps)
