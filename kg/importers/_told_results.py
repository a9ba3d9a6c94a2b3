"""States the results that a description of a model lists: measure, value, slice, interval.

A measure that is given two values is passed over, since nobody says which of them holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers._environments import shortened
from kg.importers._linked_data import Steps, items, plain_key
from kg.importers._measures import ATTRIBUTES as MEASURED
from kg.importers._measures import Measure, measure_of, state_result
from kg.importers._told import Told
from kg.statements import Place, Subject

ATTRIBUTES = {
    "measure": MEASURED["measure"],
    "result": MEASURED["result"],
    "least": "confidenceLow",
    "most": "confidenceHigh",
    "slice": "slice",
    "result of a slice": "sliceResult",
}

_WHOLE = {"", "all", "overall", "total", "full", "entire", "whole", "default"}
_BOUNDS = {"lowerbound": "least", "upperbound": "most"}
_MOST = 500


@dataclass(frozen=True, slots=True)
class _Result:
    """A value that is given for a measure, and the bounds of the interval around it."""

    value: float
    at: Place
    bounds: tuple[tuple[str, float, Place], ...]


class ToldResults:
    """The results that one description gives of one model."""

    def __init__(self, about: Subject, told: Told) -> None:
        self._about = about
        self._told = told
        self._found: dict[tuple[Measure, str], list[_Result]] = {}

    def take(self, value: object, steps: Steps) -> None:
        """Take down each result of a list."""
        for item, at in list(items(value, steps))[:_MOST]:
            keys = {plain_key(k): k for k in item} if isinstance(item, Mapping) else {}
            if "type" not in keys or "value" not in keys or not isinstance(item, Mapping):
                self._told.notes.problem(
                    "A result has no type or no value", self._told.at(*at).line
                )
                continue
            within = self._told.said(*at, keys["slice"]) if "slice" in keys else ""
            name = self._told.said(*at, keys["type"])
            interval = keys.get("confidenceinterval", "")
            bounds = dict(_bounds(item.get(interval), (*at, interval)))
            self.add(name, (*at, keys["value"]), within, bounds)

    def add(
        self, name: str, steps: Steps, within: str = "", bounds: Mapping[str, Steps] | None = None
    ) -> None:
        """Take down one result; what its slice is called may tell which measure it is."""
        within = "" if within.lower() in _WHOLE else within
        of_slice = measure_of(f"{within} {name}") if within else None
        measure = of_slice or measure_of(name)
        at, given = self._told.at(*steps), self._told.given(*steps)
        value = measure.value(given) if measure else None
        if measure is None or value is None:
            self._told.pass_over(f"{shortened(name or given)}: no measure with a number", *steps)
            return
        found = [
            (kind, number, self._told.at(*inner))
            for kind, inner in (bounds or {}).items()
            if (number := measure.value(self._told.given(*inner))) is not None
        ]
        result = _Result(value, Place(at.line, at.pointer, given), tuple(found))
        self._found.setdefault((measure, "" if of_slice else within), []).append(result)

    def state(self) -> None:
        """State every result that has one value."""
        for (measure, within), found in self._found.items():
            first = found[0]
            if len({one.value for one in found}) > 1:
                called = f"{measure.name} {within}".strip()
                because = f"{shortened(called)} has several values, and none is said to hold"
                self._about.notes.pass_over(because, first.at.line, first.at.pointer)
            elif within:
                at = first.at
                part = self._about.part(ATTRIBUTES["measure"], measure.name, line=at.line)
                part = part.part(ATTRIBUTES["slice"], within, line=at.line)
                _put(part, "result of a slice", first.value, at)
            else:
                self._whole(measure, first)

    def _whole(self, measure: Measure, found: _Result) -> None:
        line, where, given = found.at.line, found.at.pointer, found.at.given
        part = state_result(
            self._about, measure, found.value, line=line, pointer=where, given=given
        )
        for kind, number, at in found.bounds:
            _put(part, kind, number, at)


def _bounds(interval: object, steps: Steps) -> Iterator[tuple[str, Steps]]:
    """The ends of an interval, each with where it stands."""
    for name in interval if isinstance(interval, Mapping) else ():
        if kind := _BOUNDS.get(plain_key(name)):
            yield kind, (*steps, name)


def _put(about: Subject, kind: str, value: float, at: Place) -> None:
    about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=at.given)
