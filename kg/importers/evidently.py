"""Reads reports that Evidently saved as JSON, of up to release 0.6 and from 0.7 on: how the values
of the current data are spread.

The current data are what is looked at, so they are taken for operational data. What it calls the
reference may be any other data, and whether something drifted is worked out anew from the data.
"""

import re
from collections.abc import Iterator, Mapping

from kg.errors import DescriptorInvalid
from kg.importers._columns import ATTRIBUTES as COLUMNS
from kg.importers._environments import place, report_duplicates
from kg.importers._mappings import table
from kg.reading import Tree, read_json
from kg.statements import Node, Notes, Place, Reading, Source, Subject

TITLE = "Evidently reports"
BY_CONTENT = True
FILES = "`*.json` with Evidently's metrics, as its reports are saved"
ATTRIBUTES = {
    "field": COLUMNS["column"],
    **{
        what: COLUMNS[what]
        for what in (
            *("values", "records", "present", "absent", "smallest", "largest", "mean", "spread"),
            *("quantiles", "label", "times"),
        )
    },
}
STATES = frozenset({*ATTRIBUTES.values(), "name"})

_SIGN = re.compile(rb'"metric_id"\s*:\s*"\w+\(|"metric"\s*:\s*"(?:Column|Data)\w+(?:Metric|Table)"')
_CALL = re.compile(r"(?P<metric>\w+)\((?P<arguments>.*)\)", re.DOTALL)
_ARGUMENT = re.compile(r"(\w+)=((?:[^,()\[\]]|\[[^\[\]]*\])*)")
_SUMMARY = "ColumnSummaryMetric"
# Figures by their names up to release 0.6, then from 0.7 on.
_OLD = {
    "number_of_rows": "records",
    "count": "present",
    "missing": "absent",
    "nulls": "absent",
    "min": "smallest",
    "max": "largest",
    "mean": "mean",
    "std": "spread",
}
_NEW = {
    "MinValue": "smallest",
    "MaxValue": "largest",
    "MeanValue": "mean",
    "StdValue": "spread",
    "MissingValueCount": "absent",
}
_COUNTS = frozenset({"present", "absent", "records"})
_QUARTILES = ("min", "p25", "p50", "p75", "max")
_LEVELS = {"0.25": "p25", "0.5": "p50", "0.50": "p50", "0.75": "p75"}
_MOST_LABELS = 1000
_LONGEST = 1000


def claims(source: Source) -> bool:
    """Whether it is JSON that names Evidently's metrics in its first bytes."""
    return source.suffix == ".json" and bool(_SIGN.search(source.head))


def read(source: Source) -> Reading:
    """The fields of the current data, with counts, figures and categories."""
    tree = read_json(source.text())
    metrics = table(tree.value).get("metrics")
    if not isinstance(metrics, list):
        raise DescriptorInvalid("The report lists no metrics", "Save it again as JSON")
    notes = Notes()
    report_duplicates(tree, notes)
    reader = _Reader(tree, notes, str(source.path))
    for number, metric in enumerate(metrics):
        reader.take(number, table(metric))
    reader.state()
    return notes.reading(source.path)


class _Reader:
    """Collects the figures of each column, which several metrics may give."""

    def __init__(self, tree: Tree, notes: Notes, path: str) -> None:
        self._tree = tree
        self._notes = notes
        self._data = notes.about(Node("OperationalData", path, named=False), observed=True)
        self._figures: dict[str, dict[str, tuple[float, Place]]] = {}
        self._labels: dict[str, tuple[Mapping[str, int], Place]] = {}
        self._records: tuple[int, Place] | None = None
        self._left: dict[str, Place] = {}

    def take(self, number: int, metric: Mapping[str, object]) -> None:
        """Take down one metric, of whichever release."""
        at = place(self._tree, "metrics", number)
        if len(str(metric.get("metric_id") or metric.get("metric") or "")) > _LONGEST:
            self._notes.problem("The name of a metric is too long.", at.line)
            return
        call = _CALL.fullmatch(str(metric.get("metric_id") or ""))
        if call:
            self._new(call["metric"], call["arguments"], metric.get("value"), at)
            return
        name, result = str(metric.get("metric") or "a metric"), table(metric, "result")
        current = table(result, "current_characteristics")
        column = result.get("column_name")
        if name == _SUMMARY and isinstance(column, str):
            self._old(column, current, at)
            self._counted(column, _histogram(result), at)
        elif name == "DatasetSummaryMetric":
            rows = table(result, "current").get("number_of_rows")
            if isinstance(rows, int):
                self._records = rows, at
        else:
            self._left.setdefault(name, at)

    def _old(self, column: str, said: Mapping[str, object], at: Place) -> None:
        for name, value in said.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                what = _OLD.get(name, name if name in _QUARTILES else "")
                if what == "records":
                    self._records = int(value), at
                elif what:
                    self._figure(column, what, value, at)

    def _new(self, name: str, arguments: str, value: object, at: Place) -> None:
        said = {key: text.strip() for key, text in _ARGUMENT.findall(arguments)}
        column = said.get("column")
        number = table(value).get("count") if isinstance(value, dict) else value
        level = _LEVELS.get(said.get("quantile", ""))
        if name == "RowCount" and isinstance(number, int | float):
            self._records = int(number), at
        elif column and name == "UniqueValueCount" and isinstance(value, dict):
            counts = table(value, "counts") or table(value, "values")
            self._counted(column, {k: n for k, n in counts.items() if isinstance(n, int)}, at)
        elif column and name in _NEW and isinstance(number, int | float):
            self._figure(column, _NEW[name], number, at)
        elif column and level and isinstance(number, int | float):
            self._figure(column, level, number, at)
        else:
            self._left.setdefault(name, at)

    def _figure(self, column: str, what: str, value: float, at: Place) -> None:
        self._figures.setdefault(column, {})[what] = value, at

    def _counted(self, column: str, counts: Mapping[str, int], at: Place) -> None:
        if 0 < len(counts) <= _MOST_LABELS:
            self._labels[column] = counts, at

    def state(self) -> None:
        """State what was collected, column by column."""
        if self._records:
            self._state(self._data, "records", *self._records)
        for column in dict.fromkeys((*self._figures, *self._labels)):
            self._column(column)
        for name, at in self._left.items():
            because = f"{name} says nothing of how the values of a field are spread"
            self._notes.pass_over(because, at.line, at.pointer)

    def _column(self, column: str) -> None:
        figures = self._figures.get(column, {})
        counts, at = self._labels.get(column, ({}, Place()))
        at = next(iter(figures.values()))[1] if figures else at
        field = self._data.part(ATTRIBUTES["field"], column, line=at.line, pointer=at.pointer)
        spread = field.own(ATTRIBUTES["values"], "report", line=at.line, pointer=at.pointer)
        if "absent" in figures and "present" not in figures and self._records:
            figures["present"] = self._records[0] - figures["absent"][0], figures["absent"][1]
        for what, (value, where) in figures.items():
            if what in ATTRIBUTES:
                self._state(spread, what, int(value) if what in _COUNTS else float(value), where)
        ends = {"min": figures.get("smallest"), "max": figures.get("largest")}
        found = [ends.get(name) or figures.get(name) for name in _QUARTILES]
        known = [one[0] for one in found if one]
        if len(known) == len(_QUARTILES):
            self._state(spread, "quantiles", " ".join(f"{float(one):g}" for one in known), at)
        for label, times in counts.items():
            part = spread.part(ATTRIBUTES["label"], label, line=at.line, pointer=at.pointer)
            self._state(part, "times", times, at)

    def _state(self, about: Subject, what: str, value: float | str, at: Place) -> None:
        about.state(ATTRIBUTES[what], value, line=at.line, pointer=at.pointer)


def _histogram(result: Mapping[str, object]) -> dict[str, int]:
    """The counts of a column's categories, where it has any."""
    if result.get("column_type") not in {"cat", "bool"}:
        return {}
    counts = table(result, "plot_data", "counts_of_values").get("current")
    pairs = _pairs(counts)
    return dict(pairs)


def _pairs(counts: object) -> Iterator[tuple[str, int]]:
    for one in counts if isinstance(counts, list) else ():
        label, times = table(one).get("x"), table(one).get("count")
        if isinstance(times, int) and isinstance(label, str | int | float):
            yield str(label), times
