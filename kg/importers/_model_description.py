"""States what a description of a model in FAIR4ML says, key by key; keys count without prefix, case
and signs.
"""

from collections.abc import Callable, Mapping

from kg.importers._card_tables import ATTRIBUTES as TABLES
from kg.importers._card_tables import COMPONENT
from kg.importers._environments import Packages, place, shortened
from kg.importers._linked_data import (
    SoftwareList,
    Steps,
    items,
    licence_of,
    plain_key,
    text_of,
)
from kg.importers._scores import take_scores_in
from kg.names import canonical
from kg.reading import Tree
from kg.statements import Node, Notes, Subject
from kg.values import normalised
from kg.vocabulary import Vocabulary

ATTRIBUTES = {
    "name": "modelName",
    "version": "modelVersion",
    "description": "modelDescription",
    "licence": "licence",
    "algorithm": "algorithmName",
    "framework": "requiredFramework",
    "input": "input",
    "target": "output",
    "meaning": "description",
    "trained on": "trainingDataIdentifier",
    "name of data": "datasetName",
    "evaluated on": "evaluationDataset",
    "share held back": "holdoutPercentage",
    "use": "usageContext",
    "limitation": "limitation",
    "weakness": "limitationText",
    "task": "problemTypeName",
    "family of task": "problemType",
}
_LONGEST = 2000
_WHOLE = 100
_FILES = ("localfile", "file", "path", "contenturl")
_SHARES = {"testsize", "testsplit", "testfraction"}


class Description:
    """One description, key by key."""

    def __init__(self, model: Subject, tree: Tree, vocabulary: Vocabulary) -> None:
        self._tree = tree
        self._about = model
        self._notes: Notes = model.notes
        self._vocabulary = vocabulary
        self._software = SoftwareList(Packages(model.notes, model.node), tree)
        self._left: list[str] = []
        self._readers: dict[str, Callable[[object, Steps], None]] = {
            **dict.fromkeys(["name", "modelname"], self._text("name")),
            **dict.fromkeys(["version", "modelversion", "softwareversion"], self._text("version")),
            "description": self._text("description"),
            **dict.fromkeys(["task", "mltask", "problemtype"], self._task),
            "modeltype": self._kind,
            **dict.fromkeys(["algorithm", "modelcategory", "architecture"], self._algorithm),
            **dict.fromkeys(["license", "licence", "licenses"], self._licence),
            **dict.fromkeys(["software", "framework", "library"], self._library),
            "programminglanguage": self._software.languages,
            **dict.fromkeys(["softwarerequirements", "dependencies"], self._software.packages),
            **dict.fromkeys(["features", "inputs", "inputfeatures"], self._inputs),
            **dict.fromkeys(["target", "label", "targetvariable"], self._target),
            **dict.fromkeys(["hyperparameters", "hyperparameter"], self._settings),
            **dict.fromkeys(["evaluation", "metrics", "evaluationmetrics"], self._results),
            **dict.fromkeys(["evaluationresults", "performance"], self._results),
            **dict.fromkeys(["trainingdataset", "trainedon", "trainingdata"], self._data),
            "intendeduse": self._use,
            **dict.fromkeys(["limitations", "modelrisksbiaslimitations"], self._limits),
            "relatedfiles": self._files,
        }

    def take(self) -> None:
        """State what is known; the rest is passed over."""
        value = self._tree.value if isinstance(self._tree.value, dict) else {}
        for key, inner in value.items():
            reader = self._readers.get(plain_key(key))
            if reader is not None:
                reader(inner, (key,))
            elif not key.startswith("@"):
                self._left.append(key)
        if self._left:
            listed = ", ".join(map(shortened, self._left))
            self._notes.pass_over(f"{listed}: nothing that could be held against another source")

    def _text(self, kind: str) -> Callable[[object, Steps], None]:
        def take(value: object, steps: Steps) -> None:
            at = place(self._tree, *steps)
            text = text_of(value) or (self._tree.text(at.pointer or "") or "")
            if text:
                self._state(self._about, kind, text[:_LONGEST], steps)

        return take

    def _task(self, value: object, steps: Steps) -> None:
        task = self._notes.about(Node("TaskAndPurpose"))
        for item, at in items(value, steps):
            if text := text_of(item):
                self._state(task, "task", text, at)
                if known := self._vocabulary.value("ProblemType", text):
                    self._state(task, "family of task", known.name, at, given=text)

    def _kind(self, value: object, steps: Steps) -> None:
        """State what people call a model's type: a family of problem, or else an algorithm."""
        known = self._vocabulary.value("ProblemType", text_of(value))
        (self._task if known else self._algorithm)(value, steps)

    def _algorithm(self, value: object, steps: Steps) -> None:
        for item, at in items(value, steps):
            if text := text_of(item):
                where = place(self._tree, *at)
                component = self._about.own(TABLES["component"], COMPONENT, line=where.line)
                self._state(component, "algorithm", text, at)

    def _licence(self, value: object, steps: Steps) -> None:
        found = [(licence_of(item), at) for item, at in items(value, steps)]
        if len(found) == 1 and found[0][0]:
            text, at = found[0]
            attribute = self._vocabulary.attribute(ATTRIBUTES["licence"])
            value = normalised(attribute, text, self._vocabulary)
            self._state(self._about, "licence", value, at, given=text)
        else:
            self._left.append(str(steps[-1]))

    def _library(self, value: object, steps: Steps) -> None:
        """State the library that made the model, with its version."""
        for item, at in items(value, steps):
            keys = {plain_key(k): k for k in item} if isinstance(item, Mapping) else {}
            named = next((keys[k] for k in ("library", "name", "framework") if k in keys), None)
            name = text_of(item[named]) if named and isinstance(item, Mapping) else text_of(item)
            where = (*at, named) if named else at
            version = next((keys[k] for k in ("version", "softwareversion") if k in keys), None)
            if not name:
                self._left.append(str(steps[-1]))
                continue
            if self._vocabulary.value("Framework", name):
                self._state(self._about, "framework", name, where)
            at_version = place(self._tree, *at, version) if version else place(self._tree, *where)
            text = self._tree.text(at_version.pointer or "") or "" if version else ""
            packages = Packages(self._notes, self._about.node)
            packages.add(name, text, "exact", key=canonical(name), at=at_version)

    def _inputs(self, value: object, steps: Steps) -> None:
        listed = list(items(value, steps))
        for item, at in listed:
            self._item("input", item, at)
        if isinstance(value, list) and listed and all(text_of(item) for item, _ in listed):
            self._notes.complete(self._about.node, ATTRIBUTES["input"])

    def _target(self, value: object, steps: Steps) -> None:
        for item, at in items(value, steps):
            self._item("target", item, at)

    def _item(self, side: str, item: object, steps: Steps) -> None:
        """State an input or output by name, type and meaning."""
        if not (name := text_of(item)):
            self._left.append(str(steps[-1]))
            return
        where = place(self._tree, *steps)
        part = self._about.part(ATTRIBUTES[side], name, line=where.line, pointer=where.pointer)
        for key, inner in item.items() if isinstance(item, Mapping) else ():
            if plain_key(key) in {"type", "datatype", "dtype"} and isinstance(inner, str):
                at = place(self._tree, *steps, key)
                part.state(TABLES["type as written"], inner, line=at.line, pointer=at.pointer)
                if known := self._vocabulary.value("DataType", inner):
                    part.state(TABLES["type"], known.name, line=at.line, given=inner)
            elif plain_key(key) == "description" and isinstance(inner, str):
                self._state(part, "meaning", inner[:_LONGEST], (*steps, key))

    def _settings(self, value: object, steps: Steps) -> None:
        if not isinstance(value, Mapping) or not value:
            self._left.append(str(steps[-1]))
            return
        component = self._about.own(
            TABLES["component"], COMPONENT, line=place(self._tree, *steps).line
        )
        for key in value:
            at = place(self._tree, *steps, key)
            if text := self._tree.text(at.pointer or ""):
                setting = component.part(TABLES["setting"], key, line=at.line, pointer=at.pointer)
                setting.state(TABLES["value"], text, line=at.line, pointer=at.pointer)

    def _results(self, value: object, steps: Steps) -> None:
        """State the results, and the share of the data that they were measured on."""
        entries = value if isinstance(value, dict) else {}
        shares = {
            key: inner
            for key, inner in entries.items()
            if plain_key(key) in _SHARES and isinstance(inner, float) and 0 < inner < 1
        }
        results = {k: v for k, v in entries.items() if k not in shares}
        take_scores_in(self._about, self._tree, steps, results if entries else value)
        for key, inner in shares.items():
            at = place(self._tree, *steps, key)
            held = self._about.part(ATTRIBUTES["evaluated on"], "test data", line=at.line)
            given = self._tree.text(at.pointer or "")
            share = float(f"{inner * _WHOLE:.6g}")
            self._state(held, "share held back", share, (*steps, key), given=given)

    def _data(self, value: object, steps: Steps) -> None:
        """State which data the model was trained on, and take their file for these data."""
        for item, at in items(value, steps):
            text = text_of(item)
            if text:
                self._state(self._about, "trained on", text, at)
            if text and isinstance(item, Mapping):
                self._trained(item, text, at)

    def _trained(self, item: Mapping[str, object], name: str, steps: Steps) -> None:
        """State the data by name; they are those of the file that is given for them."""
        named = {plain_key(key): key for key, inner in item.items() if isinstance(inner, str)}
        key = next((named[k] for k in _FILES if k in named), None)
        file = str(item[key]) if key and "://" not in str(item[key]) else ""
        node = Node("TrainingData", file, named=False)
        self._state(self._notes.about(node), "name of data", name, steps)
        line = place(self._tree, *steps).line
        self._notes.link("trainedOn", self._about.node, node, "its description says so", line)
        if file:
            self._notes.claim((file,), node, line)

    def _use(self, value: object, steps: Steps) -> None:
        for item, at in items(value, steps):
            if text := text_of(item):
                task = self._notes.about(Node("TaskAndPurpose"))
                self._state(task, "use", text[:_LONGEST], at)

    def _limits(self, value: object, steps: Steps) -> None:
        for item, at in items(value, steps):
            if text := text_of(item):
                where = place(self._tree, *at)
                name = "-".join(map(str, at))
                limit = self._about.own(ATTRIBUTES["limitation"], name, line=where.line)
                self._state(limit, "weakness", text[:_LONGEST], at)

    def _files(self, value: object, steps: Steps) -> None:
        """Take the card that the description names for one of this model."""
        for key, inner in value.items() if isinstance(value, Mapping) else ():
            if plain_key(key) == "modelcard" and isinstance(inner, str):
                line = place(self._tree, *steps, key).line
                self._notes.claim((inner,), self._about.node, line)

    def _state(
        self, about: Subject, kind: str, value: object, steps: Steps, given: str | None = None
    ) -> None:
        at = place(self._tree, *steps)
        if isinstance(value, str | float):
            about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)
