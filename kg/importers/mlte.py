"""Reads the negotiation cards of MLTE: goals, task, raw data, what a model takes and gives, and the
machines of both sides.

A card that MLTE has just made is full of blanks and of resources of 0, which state nothing. What it
says in sentences of its own choice, such as which values an output has, is read where it is plain.
"""

import re
from collections.abc import Iterator, Mapping

from kg.errors import DescriptorError, DescriptorInvalid
from kg.importers._environments import place, report_duplicates, shortened
from kg.importers._mappings import table
from kg.reading import Tree, pointer, read_json
from kg.statements import Node, Notes, Reading, Source, Subject
from kg.units import quantity
from kg.vocabulary import Literal, Vocabulary

TITLE = "Negotiation cards (MLTE)"
FILES = "JSON files whose `artifact_type` is a card"
BY_CONTENT = True

ATTRIBUTES = {
    "goal": "goal",
    "measure of a goal": "goalMetric",
    "baseline": "baseline",
    "task": "task",
    "family of task": "problemType",
    "family as written": "problemTypeName",
    "use": "usageContext",
    "risk": "otherRisk",
    "false positive": "falsePositiveRisk",
    "false negative": "falseNegativeRisk",
    "criterion": "successCriterion",
    "dataset": "datasetDescription",
    "origin": "origin",
    "name of the origin": "originName",
    "access": "restrictions",
    "labelling": "labellingProcess",
    "label": "labelShare",
    "share": "share",
    "field": "field",
    "rights": "dataRights",
    "policies": "dataPolicies",
    "gaps": "missingInterpretation",
    "special values": "specialInterpretation",
    "classes": "numberOfClasses",
    "input": "input",
    "output": "output",
    "meaning": "description",
    "type": "dataType",
    "type as written": "typeName",
    "values": "expectedValues",
    "least": "minimum",
    "most": "maximum",
    "platform": "deploymentPlatform",
    "mechanism": "deploymentMechanism",
    "cpu": "availableProcessors",
    "gpu": "availableGpus",
    "gpu_memory": "availableGpuMemory",
    "main_memory": "availableMemory",
    "storage": "availableStorage",
}
STATES = frozenset({*ATTRIBUTES.values(), "name"})

Steps = tuple[str | int, ...]

_CARD = re.compile(rb'"artifact_type"\s*:\s*"(?:negotiation_)?card"')
_SIDES = {"system": dict, "data": list, "model": dict}
_UNITS = {
    "cpu": "MilliProcessor",
    "gpu": "NUM",
    "gpu_memory": "BYTE",
    "main_memory": "BYTE",
    "storage": "BYTE",
}
_OF_TASK = {"task": "task", "usage_context": "use"}
_RISKS = {"fp": "false positive", "fn": "false negative", "other": "risk"}
_OF_DATA = {
    "description": "dataset",
    "access": "access",
    "labeling_method": "labelling",
    "rights": "rights",
    "policies": "policies",
}
_OF_ITEM = {
    "description": "meaning",
    "expected_values": "values",
    "missing_values": "gaps",
    "special_values": "special values",
}
_LONGEST = 10_000
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_RANGE = re.compile(
    rf"(?i)(?:an? )?(?:values?|numbers?|integers?)?\s*(?:between|from|in)?\s*\[?{_NUMBER}"
    rf"\s*(?:and|to|-|–|,|\.{{2,3}})\s*{_NUMBER}\]?"
)
_CLASSES = re.compile(r"(?i)(?<![\w.,-])(\d{1,6})\s+(?:labels|classes|categories)\b")


def claims(source: Source) -> bool:
    """Whether the first bytes say that it is a card."""
    head = source.plain
    return source.suffix == ".json" and bool(_CARD.search(head))


def read(source: Source) -> Reading:
    """What the card says of the system, its data, its model and both machines."""
    tree = read_json(source.text())
    body: Steps = ("body",) if table(tree.value, "body") else ()
    held = table(tree.value, *map(str, body))
    if not held.keys() & _SIDES.keys():
        raise DescriptorInvalid("The card says nothing of a system", "Let MLTE save it again")
    notes = Notes()
    report_duplicates(tree, notes)
    for key, kind in _SIDES.items():
        if not isinstance(held.get(key, kind()), kind):
            notes.problem(f"`{key}` is of another kind", tree.line(pointer(*body, key)))
    card = _Card(tree, notes, source.vocabulary, str(source.path), body)
    card.take_task()
    card.take_data()
    card.take_model()
    return notes.reading(source.path)


class _Card:
    """One card: its elements are known by its file, since it names none."""

    def __init__(
        self, tree: Tree, notes: Notes, vocabulary: Vocabulary, file: str, body: Steps
    ) -> None:
        self._tree = tree
        self._notes = notes
        self._vocabulary = vocabulary
        self._file = file
        self._body = body
        self._model = notes.about(self._node("TrainedModel"))

    def take_task(self) -> None:
        """State goals, task and risks, and what the system has to reach."""
        task = self._notes.about(self._node("TaskAndPurpose"))
        for steps, goal in self._listed("system", "goals"):
            if name := self._text(*steps, "description"):
                at = place(self._tree, *steps, "description")
                part = task.part(ATTRIBUTES["goal"], name, line=at.line, pointer=at.pointer)
                for inner, _ in self._inner(steps, goal, "metrics"):
                    self._state(part, "measure of a goal", *inner, "description")
                    self._state(part, "baseline", *inner, "baseline")
        for key, kind in _OF_TASK.items():
            self._state(task, kind, *self._body, "system", key)
        family = (*self._body, "system", "problem_type")
        if known := self._vocabulary.value("ProblemType", self._text(*family)):
            self._value(task, "family of task", known.name, *family)
        self._state(task, "family as written", *family)
        risks = self._held("system").get("risks")
        for key in risks if isinstance(risks, dict) else ():
            self._state(task, _RISKS.get(key, "risk"), *self._body, "system", "risks", key)
        for number in range(len(risks) if isinstance(risks, list) else 0):
            self._state(task, "risk", *self._body, "system", "risks", number)
        for steps, scenario in self._listed("system_requirements"):
            self._take_scenario(task, steps, scenario)
        self._link("pursues", task)

    def take_data(self) -> None:
        """State what is said of each data set."""
        listed = list(self._listed("data"))
        for steps, held in listed:
            name = self._text(*steps, "description") if len(listed) > 1 else ""
            node = Node("RawData", name or self._file, named=bool(name))
            data = self._notes.about(node)
            for key, kind in _OF_DATA.items():
                self._state(data, kind, *steps, key)
            if source := self._text(*steps, "source"):
                at = place(self._tree, *steps, "source")
                origin = data.own(ATTRIBUTES["origin"], "1", line=at.line, pointer=at.pointer)
                self._value(origin, "name of the origin", source, *steps, "source")
            for inner, label in self._inner(steps, held, "labels"):
                self._take_label(data, inner, label)
            for inner, _ in self._inner(steps, held, "fields"):
                self._take_item(data, "field", inner)
            counted = _CLASSES.findall(self._text(*steps, "labeling_method"))
            if len(counted) == len(listed) == 1:
                self._said(self._model, "classes", int(counted[0]), *steps, "labeling_method")

    def take_model(self) -> None:
        """State what the model takes and gives, and where it is made and served."""
        for key, kind in (("input_specification", "input"), ("output_specification", "output")):
            for steps, _ in self._listed("model", key):
                self._take_item(self._model, kind, steps)
        serving = self._notes.about(self._node("OperationalEnvironment"))
        making = self._notes.about(self._node("DevelopmentEnvironment"))
        at = (*self._body, "model")
        self._state(serving, "platform", *at, "deployment_platform")
        self._state(serving, "mechanism", *at, "capability_deployment_mechanism")
        self._take_resources(serving, "production_compute_resources")
        self._take_resources(making, "development_compute_resources")
        self._link("deployedIn", serving)
        self._link("integratedIn", making)

    # -- the pieces of a card ----------------------------------------------------------------------

    def _take_scenario(self, task: Subject, steps: Steps, scenario: Mapping[str, object]) -> None:
        said = [self._text(*steps, key) for key in ("stimulus", "response", "measure")]
        told = ", ".join(filter(None, said))
        quality = self._text(*steps, "quality")
        if told:
            key = "measure" if scenario.get("measure") else "response"
            self._value(task, "criterion", f"{quality}: {told}".lstrip(": "), *steps, key)

    def _take_label(self, data: Subject, steps: Steps, label: Mapping[str, object]) -> None:
        if name := self._text(*steps, "name"):
            at = place(self._tree, *steps, "name")
            part = data.part(ATTRIBUTES["label"], name, line=at.line, pointer=at.pointer)
            self._state(part, "meaning", *steps, "description")
            share = label.get("percentage")
            if isinstance(share, int | float) and not isinstance(share, bool) and 0 < share <= 100:  # noqa: PLR2004 - per cent
                self._value(part, "share", float(share), *steps, "percentage")

    def _take_item(self, owner: Subject, kind: str, steps: Steps) -> None:
        name = self._text(*steps, "name")
        if not name:
            return
        at = place(self._tree, *steps, "name")
        item = owner.part(ATTRIBUTES[kind], name, line=at.line, pointer=at.pointer)
        for key, what in _OF_ITEM.items():
            if kind == "field" or what not in {"gaps", "special values"}:
                self._state(item, what, *steps, key)
        written = self._text(*steps, "type")
        self._state(item, "type as written", *steps, "type")
        word = re.match(r"\w*", written)
        if word and (known := self._vocabulary.value("DataType", word[0])):
            self._value(item, "type", known.name, *steps, "type")
        if found := _RANGE.fullmatch(self._text(*steps, "expected_values").strip(" .")):
            least, most = float(found[1]), float(found[2])
            if least < most:
                self._said(item, "least", least, *steps, "expected_values")
                self._said(item, "most", most, *steps, "expected_values")

    def _take_resources(self, about: Subject, key: str) -> None:
        held = self._held("model", key)
        steps = (*self._body, "model", key)
        amounts = {name: self._amount(name, *steps, name) for name in _UNITS if name in held}
        if not any(amounts.values()):
            return
        for name, amount in amounts.items():
            # No graphics processor is something to say, no memory is a blank.
            if amount or (name == "gpu" and amount is not None):
                self._value(about, name, amount, *steps, name)

    def _amount(self, name: str, *steps: str | int) -> int | float | None:
        text = self._text(*steps)
        if not text:
            return None
        at = place(self._tree, *steps)
        if _UNITS[name] == "BYTE" and text.replace(".", "").isdigit():
            if float(text):
                self._notes.pass_over(f"{text} is in no unit", at.line, at.pointer)
            return None
        try:
            return quantity(text, _UNITS[name])
        except DescriptorError:
            because = f"{shortened(text)} is no amount that could be compared"
            self._notes.pass_over(because, at.line, at.pointer)
            return None

    # -- reading and stating -----------------------------------------------------------------------

    def _node(self, kind: str) -> Node:
        return Node(kind, self._file, named=False)

    def _link(self, name: str, other: Subject) -> None:
        self._notes.link(name, self._model.node, other.node, "the card describes both")

    def _held(self, *steps: str) -> Mapping[str, object]:
        return table(self._tree.value, *map(str, self._body), *steps)

    def _listed(self, *steps: str) -> Iterator[tuple[Steps, Mapping[str, object]]]:
        *outer, last = steps
        yield from self._inner((*self._body, *outer), self._held(*outer), last)

    def _inner(
        self, steps: Steps, held: Mapping[str, object], key: str
    ) -> Iterator[tuple[Steps, Mapping[str, object]]]:
        """The mappings of a list, each with where it stands."""
        found = held.get(key)
        for number, item in enumerate(found if isinstance(found, list) else ()):
            at = (*steps, key, number)
            if isinstance(item, dict):
                yield at, item
            else:
                self._notes.problem(
                    f"An item of `{key}` is no mapping", self._tree.line(pointer(*at))
                )

    def _text(self, *steps: str | int) -> str:
        where = pointer(*steps)
        text = (self._tree.text(where) or "").strip()
        if len(text) > _LONGEST:
            self._notes.pass_over(
                "too long for anything that people agree on", self._tree.line(where)
            )
            return ""
        return text

    def _state(self, about: Subject, kind: str, *steps: str | int) -> None:
        if text := self._text(*steps):
            self._value(about, kind, text, *steps)

    def _said(self, about: Subject, kind: str, value: Literal, *steps: str | int) -> None:
        """State what was found in a sentence."""
        self._value(self._notes.about(about.node, prose=True), kind, value, *steps)

    def _value(self, about: Subject, kind: str, value: Literal, *steps: str | int) -> None:
        at = place(self._tree, *steps)
        given = self._text(*steps)
        about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)
