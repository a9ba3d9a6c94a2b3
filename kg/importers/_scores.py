"""States the results that a tree of JSON holds, under whatever keys evaluations sort them."""

import re
from collections.abc import Mapping

from kg.importers._environments import place, shortened
from kg.importers._measures import Measure, measure_of, state_result
from kg.reading import Tree
from kg.statements import Subject

_SPLIT = re.compile(
    r"(?i)(?:train|training|test|testing|val|valid|validation|dev|holdout|eval|evaluation)"
    r"(?:[_ -](?:set|data|metrics|scores|results))?"
)
_AROUND = re.compile(
    r"(?i)(?:overall|model[_ ])?(?:metrics?|scores?|results?|performance|evaluation|summary|report)"
)
_AVERAGE = re.compile(r"(?i)(macro|micro|weighted|samples)[_ ]avg")
_VALUES = ("value", "score", "mean")
_OF_CLASSES = {"precision", "recall", "f1-score", "f1_score", "f1"}
_CASES = "support"
_MOST_CLASSES = 200
_DEEPEST = 6
_LISTED = 10


def take_scores(about: Subject, tree: Tree) -> None:
    """State the results in the tree, and pass over what is none."""
    take_scores_in(about, tree, (), tree.value)


def take_scores_in(about: Subject, tree: Tree, steps: tuple[str | int, ...], value: object) -> None:
    """State the results in the value that stands in the tree behind the steps."""
    _Scores(about, tree).take(value, steps)


class _Scores:
    """One file: what leads to a value by its keys tells which measure it is."""

    def __init__(self, about: Subject, tree: Tree) -> None:
        self._about = about
        self._tree = tree
        self._left: list[str] = []
        self._classes = 0

    def take(self, value: object, steps: tuple[str | int, ...]) -> None:
        """State everything."""
        if isinstance(value, list):
            for at, entry in enumerate(value):
                self._entry(entry, (*steps, at))
        elif isinstance(value, dict):
            self._mapping(value, steps, "")
        else:
            line = place(self._tree, *steps).line
            self._about.notes.problem("Results are no mapping and no list", line)
        if self._left:
            listed = ", ".join(map(shortened, self._left[:_LISTED]))
            self._about.notes.pass_over(f"{listed}: no measure that is known, of one model")

    def _mapping(
        self, value: Mapping[str, object], steps: tuple[str | int, ...], within: str
    ) -> None:
        """State what a mapping holds; `within` are the words of the keys that lead to it."""
        cases = self._cases(value)
        for key, inner in value.items():
            here = (*steps, key)
            if isinstance(inner, dict):
                self._inner(key, inner, here, within)
            elif isinstance(inner, list) and _AROUND.fullmatch(key):
                for at, entry in enumerate(inner):
                    self._entry(entry, (*here, at))
            elif isinstance(inner, int | float) and not isinstance(inner, bool):
                if key != _CASES:
                    self._number(f"{within} {key}".strip(), here, cases)
            elif inner is not None:
                self._left.append(key)

    def _inner(
        self, key: str, value: Mapping[str, object], steps: tuple[str | int, ...], within: str
    ) -> None:
        of_class = _CASES in value and _OF_CLASSES & value.keys()
        if len(steps) > _DEEPEST:
            self._left.append(key)
        elif average := _AVERAGE.fullmatch(key):
            self._mapping(value, steps, f"{within} {average[1]}".strip())
        elif of_class:
            self._of_class(key, value, steps)
        elif _SPLIT.fullmatch(key):
            self._mapping(value, steps, f"{within} {re.split('[_ -]', key)[0]}".strip())
        elif _AROUND.fullmatch(key):
            self._mapping(value, steps, within)
        elif measure_of(key) and (one := next((k for k in _VALUES if k in value), None)):
            self._number(f"{within} {key}".strip(), (*steps, one), None)
        else:
            self._left.append(key)

    def _of_class(
        self, name: str, value: Mapping[str, object], steps: tuple[str | int, ...]
    ) -> None:
        """State the results on one class of a classification report."""
        self._classes += 1
        if self._classes > _MOST_CLASSES:
            self._left.append(name)
            return
        cases = self._cases(value)
        for key in value:
            measure = measure_of(key)
            if measure and key != _CASES:
                named = Measure(f"{measure.name} of class {name}", measure.kind)
                self._state(named, (*steps, key), cases)

    def _entry(self, entry: object, steps: tuple[str | int, ...]) -> None:
        """State one entry of a list, where it names a measure and gives its value."""
        value = entry if isinstance(entry, dict) else {}
        name = next((value[k] for k in ("metric", "name", "measure") if k in value), None)
        one = next((k for k in _VALUES if k in value), None)
        if isinstance(name, str) and one:
            self._number(name, (*steps, one), None)
        else:
            self._left.append(str(steps[-1]))

    def _number(self, name: str, steps: tuple[str | int, ...], cases: int | None) -> None:
        if measure := measure_of(name):
            self._state(measure, steps, cases)
        else:
            self._left.append(name)

    def _state(self, measure: Measure, steps: tuple[str | int, ...], cases: int | None) -> None:
        at = place(self._tree, *steps)
        given = self._tree.text(at.pointer or "") or ""
        value = measure.value(given)
        if value is None:
            self._about.notes.problem(f"{measure.name}: {shortened(given)} is no number", at.line)
            return
        state_result(
            self._about, measure, value, line=at.line, pointer=at.pointer, given=given, cases=cases
        )

    @staticmethod
    def _cases(value: Mapping[str, object]) -> int | None:
        """On how many cases the results were measured, which reports say of their averages."""
        found = value.get(_CASES)
        for average in ("weighted avg", "macro avg"):
            inner = value.get(average)
            found = inner.get(_CASES) if found is None and isinstance(inner, dict) else found
        return int(found) if isinstance(found, int | float) and float(found).is_integer() else None
