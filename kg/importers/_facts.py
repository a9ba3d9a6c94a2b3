"""What descriptions of models in JSON have in common: names and versions, licence, task, settings,
data and weaknesses.
"""

import re

from kg.importers._card_tables import ATTRIBUTES as TABLES
from kg.importers._card_tables import COMPONENT
from kg.importers._environments import model, shortened
from kg.importers._front_matter import family_of
from kg.importers._linked_data import Steps, items
from kg.importers._model_description import ATTRIBUTES as DESCRIBED
from kg.importers._told import Told, is_filled
from kg.importers._told_results import ToldResults
from kg.statements import Node, Place, Source, Subject
from kg.values import normalised
from kg.vocabulary import Literal, Vocabulary

ATTRIBUTES = {
    **{kind: DESCRIBED[kind] for kind in ("name", "version", "description", "licence")},
    **{kind: DESCRIBED[kind] for kind in ("task", "family of task", "use")},
    **{kind: DESCRIBED[kind] for kind in ("limitation", "weakness", "algorithm")},
    **{kind: DESCRIBED[kind] for kind in ("trained on", "evaluated on")},
    **{kind: TABLES[kind] for kind in ("component", "setting", "value")},
    "risk": "otherRisk",
    "assumption": "decisionOrAssumption",
}

_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,3}(?:[.+-]?[A-Za-z][\w.+-]{0,20})?)")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_EVALUATED = {"test", "testing", "eval", "evaluation", "val", "valid", "validation"}
_ROLES = _EVALUATED | {"train", "training", "data", "dataset", "set", "split", "sets", "the"}
_LONGEST_NAME = 300


def own_model(source: Source) -> Node:
    """The model in whose folder the file lies, or else the only one of the project."""
    if "MLmodel" in source.neighbours:
        return model(source.folder)
    return Node("TrainedModel", str(source.path), named=False)


class Facts:
    """States what one description says of one model; `finish` states its results."""

    def __init__(self, about: Subject, told: Told, vocabulary: Vocabulary) -> None:
        self.about = about
        self.told = told
        self.results = ToldResults(about, told)
        self._vocabulary = vocabulary

    def text(self, kind: str, value: object, steps: Steps) -> None:
        """State the text at the steps, or each of a list there, of the model."""
        for _, at in items(value, steps):
            if text := self.told.said(*at):
                self._state(self.about, kind, text, at)

    def version(self, *steps: str | int) -> None:
        """State the version, where the text is one; a commit or a branch is no release."""
        text = self.told.said(*steps)
        found = _VERSION.fullmatch(text)
        if found and (text.isdigit() or not _COMMIT.fullmatch(text)):
            self._state(self.about, "version", found[1], steps, given=text)
        elif text:
            self.told.pass_over(f"{shortened(text)} is no version of a release", *steps)

    def licence(self, text: str, *steps: str | int) -> None:
        """State the licence that the text names."""
        state_licence(self.about, text, self.told.at(*steps), self._vocabulary)

    def task(self, *steps: str | int) -> None:
        """State what the model is for, and the family of such tasks."""
        if text := self.told.said(*steps):
            self._state(self._task(), "task", text, steps)
            known = self._vocabulary.value("ProblemType", text)
            if family := known.name if known else family_of(text.lower()):
                self._state(self._task(), "family of task", family, steps, given=text)

    def purpose(self, kind: str, *steps: str | int) -> None:
        """State a use, or a risk, of what the model is for."""
        if text := self.told.said(*steps):
            self._state(self._task(), kind, text, steps)

    def weakness(self, *steps: str | int) -> None:
        """State a limitation."""
        if text := self.told.said(*steps):
            at, name = self.told.at(*steps), "-".join(map(str, steps))
            part = self.about.own(ATTRIBUTES["limitation"], name, line=at.line, pointer=at.pointer)
            self._state(part, "weakness", text, steps)

    def algorithm(self, *steps: str | int) -> None:
        """State the family of algorithms."""
        if text := self.told.said(*steps):
            self._state(self._component(steps), "algorithm", text, steps)

    def setting(self, name: str, *steps: str | int) -> None:
        """State a hyperparameter, whose value stands at the steps."""
        at, text = self.told.at(*steps), self.told.given(*steps)
        if text and name.strip() and len(name) <= _LONGEST_NAME:
            component, attribute = self._component(steps), ATTRIBUTES["setting"]
            part = component.part(attribute, name, line=at.line, pointer=at.pointer)
            self._state(part, "value", text, steps)

    def data(self, name: str, *steps: str | int, role: str = "") -> None:
        """State on which data the model was trained, or evaluated, as the role or the name says."""
        words = set(re.findall(r"[a-z]+", name.lower()))
        if not name.strip() or len(name) > _LONGEST_NAME or not is_filled(name, "name"):
            self.told.pass_over("the data have no name", *steps)
        elif words and words <= _ROLES:
            self.told.pass_over(f"{name}: which data these are is not said", *steps)
        elif role == "evaluated on" or (not role and words & _EVALUATED):
            at = self.told.at(*steps)
            self.about.part(ATTRIBUTES["evaluated on"], name, line=at.line, pointer=at.pointer)
        else:
            self._state(self.about, "trained on", name, steps)

    def finish(self) -> None:
        """State the results that were taken down."""
        self.results.state()

    def _task(self) -> Subject:
        return self.about.notes.about(Node("TaskAndPurpose"))

    def _component(self, steps: Steps) -> Subject:
        line = self.told.at(*steps).line
        return self.about.own(ATTRIBUTES["component"], COMPONENT, line=line)

    def _state(
        self, about: Subject, kind: str, value: Literal, steps: Steps, given: str | None = None
    ) -> None:
        at = self.told.at(*steps)
        about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)


def state_licence(about: Subject, text: str, at: Place, vocabulary: Vocabulary) -> None:
    """State the licence that the text names, of a model or of data."""
    if not is_filled(text, "license"):
        return
    attribute = vocabulary.attribute(ATTRIBUTES["licence"])
    value = normalised(attribute, text, vocabulary)
    about.state(attribute.name, value, line=at.line, pointer=at.pointer, given=text)
