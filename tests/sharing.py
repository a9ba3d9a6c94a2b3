"""Makes projects from a seed that share data sets, models, components and feeds with a few others,
in all the ways that matter: they agree, conflict or are silent, once or in two sources.

Each name is shared by about four projects however many there are; what everybody calls alike (an
item, a setting, a version) is the same in all of them.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kg.projects import Project
from kg.projects.identity import Entry
from kg.projects.settings import Settings
from kg.statements import Link, Node, Notes, Statement
from kg.vocabulary import Literal

TOGETHER = 4
"""How many projects draw from the same names."""

_SOURCES = ("card.yaml", "probe.json")
_VERSIONS = ("1", "v1.0", "2", "3")
_ITEMS = ("text", "Text", "score")
_SETTINGS = ("north", "North", "south", "ward")
_DIMENSIONS = ("geography", "device")
_LINKS = (
    ("integratedIn", "model", "lab"),
    ("integratedIn", "second", "lab"),
    ("preparedBy", "model", "pipeline"),
    ("deployedIn", "model", "host"),
    ("appliedTo", "model", "live"),
)
_KINDS = {
    "raw": "RawData",
    "training": "TrainingData",
    "live": "OperationalData",
    "model": "TrainedModel",
    "second": "TrainedModel",
    "lab": "DevelopmentEnvironment",
    "host": "OperationalEnvironment",
    "pipeline": "DataPipeline",
    "task": "TaskAndPurpose",
}


def projects(count: int, seed: int, padding: int = 0, sharing: float = 1.0) -> Iterator[Project]:
    """That many projects, one after the other.

    `padding` is how many fields and packages each has that it shares with nobody, `sharing` how
    often a thing has one of the names that others may have too.
    """
    groups = max(1, count // TOGETHER)
    for number in range(count):
        yield _Maker(number, groups, seed, padding, sharing).project()


@dataclass(slots=True)
class _Maker:
    """Draws what one project states."""

    number: int
    groups: int
    seed: int
    padding: int
    sharing: float
    dice: random.Random = field(init=False)
    notes: tuple[Notes, Notes] = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.seed} {self.number} {self.groups}")  # noqa: S311 - no secret
        self.notes = (Notes(), Notes())

    def project(self) -> Project:
        """The project, as if its sources had been read."""
        present = [name for name in _KINDS if name != "second" or self._often(0.3)]
        for name in present:
            self.notes[0].declare(_node(name))
            if name in _MAKERS:
                _MAKERS[name](self, _node(name))
        self._pad(_node("training"), _node("model"))
        entries = (
            Entry(PurePosixPath(path), "0" * 64, "descriptor", notes.reading(path))
            for path, notes in zip(_SOURCES, self.notes, strict=True)
        )
        links = (
            ("", Link(name, _node(subject), _node(target), "it is drawn so"))
            for name, subject, target in _LINKS
            if subject in present
        )
        return Project(
            id=f"project-{self.number:05}",
            path=Path(),
            entries=tuple(entries),
            links=tuple(links),
            settings=Settings(),
            problems=(),
            unclaimed=(),
            notes=(),
        )

    def data(self, node: Node) -> None:
        """A data set that others may have too, or that was made from one."""
        self._maybe(node, "datasetIdentifier", self._names("census", "survey", "images", "records"))
        made_from = {"RawData": "derivedFromDataset", "TrainingData": "rawDataIdentifier"}
        if node.kind in made_from:
            self._maybe(
                node, made_from[node.kind], self._names("census", "survey", "images", "records")
            )
        self._maybe(node, "datasetVersion", ("1", "2"))
        self._maybe(
            node, "contentHash", ("sha256:aa", "SHA256:AA", "sha256:bb", "md5:cc", "dd", "ee")
        )
        for attribute in ("permittedEnvironmentClass", "prohibitedEnvironmentClass"):
            self._maybe(node, attribute, ("on-premises", "public-cloud", "private-cloud"))
        self._maybe(node, "assetClassification", ("personal-asset", "internal-asset"))
        self._maybe(node, "licence", ("CC-BY-4.0", "cc-by-4.0", "CC0-1.0", "MIT OR CC0-1.0"))
        self._maybe(node, "permittedPurpose", ("research", "Research", "marketing"))
        if node.kind == "OperationalData":
            for name in self._few(_SETTINGS):
                part = self._part(node, "context", name)
                self._once(part, "dimension", _DIMENSIONS)

    def model(self, node: Node) -> None:
        """A version of a model that others may serve, describe or read."""
        self._maybe(node, "modelIdentifier", self._names("speech", "topics"))
        self._maybe(node, "modelVersion", _VERSIONS)
        self._maybe(node, "modelHash", ("sha256:aa", "SHA256:AA", "sha256:bb", "md5:cc"))
        self._maybe(node, "trainingDate", ("2024-03-18", "2024-03-19", "2025-01-01"))
        self._maybe(node, "lifecycleStatus", ("retired-version", "deployed"))
        for name in self._few(_ITEMS):
            held = "output" if self._often(0.7) else "finalOutput"
            self._item(self._part(node, held, name))
        for name in self._few(_SETTINGS):
            part = self._part(node, "validatedContext", name)
            self._once(part, "dimension", _DIMENSIONS)
        if self._often(0.6):
            self.notes[0].complete(node, "validatedContext")

    def lab(self, node: Node) -> None:
        """Components in front of the model and behind it."""
        for name in self._few(("crm", "feed", "recogniser")):
            part = self._part(node, "upstreamComponent", name)
            self._component(part)
            self._maybe(part, "carriedModelVersion", _VERSIONS)
            for item in self._few(_ITEMS):
                self._item(self._part(part, "item", item))
        for name in self._few(("topics", "billing")):
            part = self._part(node, "downstreamComponent", name)
            self._component(part)
            self._maybe(part, "trainedAgainstVersion", _VERSIONS)

    def host(self, node: Node) -> None:
        """Releases of models."""
        for name in self._few(("blue", "green")):
            part = self._part(node, "deployment", name)
            self._maybe(part, "deploymentStatus", ("active", "active", "retired-release"))
            self._maybe(part, "deployedModelIdentifier", self._names("speech", "topics"))
            self._maybe(part, "deployedModelVersion", _VERSIONS)
            self._maybe(part, "deployedModelHash", ("sha256:aa", "sha256:bb", "md5:cc"))

    def pipeline(self, node: Node) -> None:
        """What the pipeline takes in."""
        for name in self._few(("text", "score")):
            self._item(self._part(node, "pipelineInput", name))

    def task(self, node: Node) -> None:
        """Words of the project, some with a broader one."""
        for name in self._few(("north", "ward")):
            part = self._part(node, "glossaryTerm", name)
            self._maybe(part, "broaderTerm", ("country",))

    def _component(self, part: Node) -> None:
        self._maybe(part, "componentIdentifier", self._names("urn:crm", "urn:feed"))
        self._maybe(part, "componentVersion", _VERSIONS)
        self._maybe(part, "itemsHash", self._names("sha256:aa", "sha256:bb", "md5:cc", "dd"))
        self._maybe(part, "carriedModelIdentifier", self._names("speech", "topics"))
        self._maybe(part, "mlComponent", (True, True, False))

    def _item(self, part: Node) -> None:
        self._maybe(part, "dataType", ("integer", "double", "string"))
        self._maybe(part, "unitOfMeasure", ("kg", "K g", "m"))
        self._maybe(part, "semanticType", ("weight", "Weight", "height"))
        self._maybe(part, "letterCase", ("lower-case", "upper-case", "any-case"))

    def _pad(self, training: Node, model: Node) -> None:
        for number in range(self.padding):
            part = self._part(training, "field", f"field {number}")
            self._state(part, "dataType", "double")
            self._state(part, "unitOfMeasure", "kg")
            part = self._part(model, "requiredSoftware", f"package-{number}")
            self._state(part, "versionRange", f"=={number}.{self.number}")

    def _names(self, *stems: str) -> tuple[str, ...]:
        """Names that the projects of the group share, and one of the next group's; or of its
        own.
        """
        if not self._often(self.sharing):
            return tuple(f"{stem}-of-{self.number:05}" for stem in stems)
        group = self.number % self.groups
        beside = (group + 1) % self.groups
        return (*(f"{stem}-{group:04}" for stem in stems), f"{stems[0]}-{beside:04}")

    def _maybe(self, node: Node, attribute: str, values: Sequence[Literal]) -> None:
        """Nothing, or a value in one source, the same in both, or one in each."""
        drawn = self.dice.random()
        if drawn < 0.25:
            return
        first = self._any(values)
        self._state(node, attribute, first)
        if drawn > 0.85:
            self._state(node, attribute, self._any((first, *values)), source=1)

    def _once(self, node: Node, attribute: str, values: Sequence[Literal]) -> None:
        if self._often(0.7):
            self._state(node, attribute, self._any(values))

    def _part(self, holder: Node, attribute: str, name: str) -> Node:
        part = holder.part(attribute, name.lower())
        self._state(holder, attribute, part)
        self._state(part, "name", name)
        return part

    def _state(self, node: Node, attribute: str, value: Literal | Node, source: int = 0) -> None:
        self.notes[source].add(Statement(node, attribute, value, observed=bool(source)))

    def _few(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if self._often(0.5)]

    def _often(self, share: float) -> bool:
        return self.dice.random() < share

    def _any(self, values: Sequence[Literal]) -> Literal:
        return self.dice.choice(values)


_MAKERS = {
    "raw": _Maker.data,
    "training": _Maker.data,
    "live": _Maker.data,
    "model": _Maker.model,
    "second": _Maker.model,
    "lab": _Maker.lab,
    "host": _Maker.host,
    "pipeline": _Maker.pipeline,
    "task": _Maker.task,
}


def _node(name: str) -> Node:
    return Node(_KINDS[name], name)
