"""States what the front matter of a Hugging Face card says, key by key.

What says how the hub shows a card, and what has no counterpart among the attributes, is passed
over.
"""

from collections.abc import Iterator, Mapping
from math import isfinite

from kg.importers._environments import place, shortened
from kg.importers._mappings import table
from kg.importers._measures import ATTRIBUTES as MEASURED
from kg.importers._measures import Measure, measure_of, state_result
from kg.names import canonical
from kg.reading import Tree
from kg.statements import Node, Notes, Place, Subject
from kg.values import normalised
from kg.vocabulary import Vocabulary

ATTRIBUTES = {
    "licence": "licence",
    "framework": "requiredFramework",
    "software": "requiredSoftware",
    "trained on": "trainingDataIdentifier",
    "task": "problemType",
    "task as written": "problemTypeName",
    "name of data": "datasetName",
    "field": "field",
    "type": "dataType",
    "type as written": "typeName",
    "records": "numberOfInstances",
    "held back": "testPercentage",
    "made from": "derivedFromDataset",
    "labelling": "labellingProcess",
}

OF_MODELS = frozenset(["library_name", "pipeline_tag", "model-index", "base_model", "datasets"])
OF_DATA = frozenset(
    [
        *("dataset_info", "size_categories", "source_datasets", "annotations_creators"),
        *("configs", "task_categories", "pretty_name", "language_creators", "multilinguality"),
    ]
)
"""The keys that only the cards of models have, and those that only the cards of data have."""

# The hub's tasks by how their names end, and the family of problem that they belong to.
_TASKS = {
    "classification": "classification",
    "regression": "regression",
    "object-detection": "detection",
    "forecasting": "forecasting",
    "summarization": "summarization",
    "text-generation": "content-generation",
    "text-to-image": "content-generation",
}
_NO_LICENCE = {"other", "unknown", "unlicense-unknown"}
_MOST = 2000
_WHOLE = 100


def family_of(task: str) -> str:
    """The family of problem that a task of the hub belongs to; empty where none is known.

    >>> family_of("image-classification")
    'classification'
    """
    return next((family for end, family in _TASKS.items() if task.endswith(end)), "")


class FrontMatter:
    """The front matter of one card, and where in the file each key of it stands."""

    def __init__(self, tree: Tree, notes: Notes, vocabulary: Vocabulary) -> None:
        self._tree = tree
        self._top = table(tree.value)
        self._notes = notes
        self._vocabulary = vocabulary

    def take_model(self, model: Subject) -> None:
        """State what is said of a model."""
        self._licence(model)
        for name, at in self._texts("library_name"):
            self._library(model, name, at)
        for name, at in self._texts("datasets"):
            _state(model, "trained on", name, at)
        for name, at in self._texts("pipeline_tag"):
            self._task(name, at)
        self._results(model)
        read = {"license", "library_name", "datasets", "pipeline_tag", "model-index"}
        self._pass_over_but(read)

    def take_data(self, data: Subject) -> None:
        """State what is said of data."""
        self._licence(data)
        for key, kind in {
            "pretty_name": "name of data",
            "source_datasets": "made from",
            "annotations_creators": "labelling",
        }.items():
            for text, at in self._texts(key):
                if text != "original":
                    _state(data, kind, text, at)
        self._information(data)
        read = {"license", "pretty_name", "source_datasets", "annotations_creators", "dataset_info"}
        self._pass_over_but(read)

    def _texts(self, key: str) -> Iterator[tuple[str, Place]]:
        """The texts under a key, which may hold one or a list."""
        value = self._top.get(key)
        if isinstance(value, str):
            yield value.strip(), place(self._tree, key)
            return
        listed = isinstance(value, list)
        for at, item in enumerate(value[:_MOST] if isinstance(value, list) else [value]):
            where = place(self._tree, key, at) if listed else place(self._tree, key)
            if isinstance(item, str):
                yield item.strip(), where
            elif item is not None:
                self._pass_over(f"{key}: a text is expected", where)

    def _licence(self, asset: Subject) -> None:
        found = list(self._texts("license"))
        if len(found) == 1 and found[0][0].lower() not in _NO_LICENCE:
            text, at = found[0]
            attribute = self._vocabulary.attribute(ATTRIBUTES["licence"])
            value = normalised(attribute, text, self._vocabulary)
            _state(asset, "licence", value, at, given=text)
        elif found:
            at = place(self._tree, "license")
            self._pass_over("license: which one holds for what is not said", at)

    def _library(self, model: Subject, name: str, at: Place) -> None:
        """State a framework that lists know by that, and any other library as a package."""
        if self._vocabulary.value("Framework", name):
            _state(model, "framework", name, at)
        else:
            key, line = canonical(name), at.line
            model.part(ATTRIBUTES["software"], name, key=key, line=line, pointer=at.pointer)

    def _task(self, name: str, at: Place) -> None:
        task = self._notes.about(Node("TaskAndPurpose"))
        _state(task, "task as written", name, at)
        if family := family_of(name):
            _state(task, "task", family, at, given=name)

    def _results(self, model: Subject) -> None:
        """State the results of a model index; that of which data each is stands in its name where
        there are several.
        """
        found = list(self._measured())
        several = len({data for _, _, data, _ in found}) > 1
        for measure, steps, data, version in found:
            at = place(self._tree, *steps, "value")
            given = self._tree.text(at.pointer or "") or ""
            value = measure.value(given)
            if value is None:
                self._pass_over(f"{measure.name}: {shortened(given)} is no number", at)
                continue
            name = f"{measure.name} on {data}" if several and data else measure.name
            line, where = at.line, at.pointer
            named = Measure(name, measure.kind)
            part = state_result(model, named, value, line=line, pointer=where, given=given)
            if data:
                part.state(MEASURED["data"], data, line=line, pointer=where)
            if version:
                part.state(MEASURED["version of the data"], version, line=line, pointer=where)

    def _measured(self) -> Iterator[tuple[Measure, tuple[str | int, ...], str, str]]:
        """Each result's measure, where it stands, and on which data it was measured."""
        index = self._top.get("model-index")
        for at, entry in enumerate(index if isinstance(index, list) else []):
            results = table(entry).get("results")
            for number, result in enumerate(results if isinstance(results, list) else []):
                data = table(result, "dataset")
                called = str(data.get("name") or data.get("type") or "")
                metrics = table(result).get("metrics")
                for position, metric in enumerate(metrics if isinstance(metrics, list) else []):
                    name = str(table(metric).get("type") or table(metric).get("name") or "")
                    steps = ("model-index", at, "results", number, "metrics", position)
                    if name and table(metric).get("value") is not None:
                        measure = measure_of(name) or Measure(name, name)
                        yield measure, steps, called, str(data.get("revision") or "")

    def _information(self, data: Subject) -> None:
        value = self._top.get("dataset_info")
        at = place(self._tree, "dataset_info")
        steps: tuple[str | int, ...] = ("dataset_info",)
        if isinstance(value, list):
            if len(value) != 1:
                self._pass_over("dataset_info: several configurations are several data sets", at)
                return
            value, steps = value[0], ("dataset_info", 0)
        self._fields(data, table(value), steps)
        self._splits(data, table(value), steps)

    def _fields(
        self, data: Subject, value: Mapping[str, object], steps: tuple[str | int, ...]
    ) -> None:
        features = value.get("features")
        for number, feature in enumerate(features[:_MOST] if isinstance(features, list) else []):
            at = place(self._tree, *steps, "features", number)
            name, kind = table(feature).get("name"), table(feature).get("dtype")
            if not isinstance(name, str):
                self._pass_over("a feature without a name", at)
                continue
            field = data.part(ATTRIBUTES["field"], name, line=at.line, pointer=at.pointer)
            if isinstance(kind, str):
                at = place(self._tree, *steps, "features", number, "dtype")
                _state(field, "type as written", kind, at)
                if known := self._vocabulary.value("DataType", kind):
                    _state(field, "type", known.name, at, given=kind)

    def _splits(
        self, data: Subject, value: Mapping[str, object], steps: tuple[str | int, ...]
    ) -> None:
        """State how many records there are in all, and how many of them are for tests."""
        splits = value.get("splits")
        counts = {
            (str(table(split).get("name")), number): count
            for number, split in enumerate(splits if isinstance(splits, list) else [])
            if isinstance(count := table(split).get("num_examples"), int) and count >= 0
        }
        if not counts or not (whole := sum(counts.values())):
            return
        at = place(self._tree, *steps, "splits")
        _state(data, "records", whole, at)
        for (name, number), count in counts.items():
            share = _WHOLE * count / whole
            if name == "test" and count < whole and isfinite(share):
                at = place(self._tree, *steps, "splits", number, "num_examples")
                given = f"{count} of {whole}"
                _state(data, "held back", float(f"{share:.6g}"), at, given=given)

    def _pass_over_but(self, read: set[str]) -> None:
        if left := [shortened(key) for key in self._top if key not in read]:
            because = f"{', '.join(left)}: how the hub finds and shows the card"
            self._pass_over(because, place(self._tree, next(k for k in self._top if k not in read)))

    def _pass_over(self, because: str, at: Place) -> None:
        self._notes.pass_over(because, at.line, at.pointer)


def _state(
    about: Subject, kind: str, value: str | float, at: Place, given: str | None = None
) -> None:
    about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)
