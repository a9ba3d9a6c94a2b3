"""Reads the files into which evaluations write their results: metrics in JSON, tables of measures
and values, and scikit-learn's classification reports.

A program wrote what it measured, so all is observed. Which model it was is for the folder to say,
or for the project where it has only one; a table of several models is of those tried for its task.
"""

import re

from kg.importers._environments import model, report_duplicates, shortened
from kg.importers._measures import ATTRIBUTES, Measure, measure_of, state_result
from kg.importers._results import Cells, is_results, split_cells
from kg.importers._scores import take_scores
from kg.reading import lines, read_json
from kg.statements import Node, Notes, Reading, Source, Subject

TITLE = "Results of evaluations (metrics in JSON, CSV and text, scikit-learn's reports)"
FILES = (
    "JSON and text files with `metric`, `score`, `result`, `report` or `eval` in their name and a "
    "known measure in them; CSV files of measures and values, or of models and measures; "
    "scikit-learn's classification reports"
)
BY_CONTENT = True
STATES = frozenset(
    {
        "name",
        *(ATTRIBUTES[kind] for kind in ("measure", "result", "measured", "cases")),
        *(ATTRIBUTES[kind] for kind in ("tried", "measure of a tried one")),
    }
)

_NAMED = re.compile(r"(?i).*(?:metric|score|result|report|eval).*\.(json|txt)", re.DOTALL)
_KEY = re.compile(r'"([^"\\\n]{1,60})"\s*:\s*[-\d{]')
_LINE = re.compile(
    r"(?m)^[ \t*>-]*([A-Za-z][\w ()²/-]{0,40}?)[ \t]*[:=][ \t]*([-+]?[\d.,]+[ ]?%?)[ \t]*$"
)
_REPORT = re.compile(r"(?m)^\s*precision\s+recall\s+f1-score\s+support\s*$")
_ROW = re.compile(r"\s*(\S.*?)\s{2,}([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+(\d+)\s*")
_WHOLE = re.compile(r"\s*accuracy\s+([\d.]+)\s+(\d+)\s*")
_AVERAGE = re.compile(r"(macro|micro|weighted|samples) avg")
_COLUMNS = ("precision", "recall", "F1")
_MOST = 500


def claims(source: Source) -> bool:
    """Whether the first bytes name a measure as such files do."""
    if is_results(source):
        return True
    suffix = source.suffix
    if suffix not in {".json", ".txt"}:
        return False
    head = source.plain.decode("utf-8", "replace")
    if suffix == ".txt" and "f1-score" in head and _REPORT.search(head):
        return True
    if not _NAMED.fullmatch(source.name):
        return False
    names = _KEY.findall(head) if suffix == ".json" else [name for name, _ in _LINE.findall(head)]
    return any(measure_of(name) for name in names)


def read(source: Source) -> Reading:
    """The measures with their values, and on how many cases they were measured."""
    notes = Notes()
    beside = "MLmodel" in source.neighbours
    node = model(source.folder) if beside else Node("TrainedModel", named=False)
    about = notes.about(node, observed=True)
    suffix = source.suffix
    if suffix == ".json":
        tree = read_json(source.text())
        report_duplicates(tree, notes)
        take_scores(about, tree)
    elif suffix == ".txt":
        _read_text(about, source.text())
    else:
        for cells in split_cells(source):
            _take_cells(about, cells)
    return notes.reading(source.path)


def _take_cells(about: Subject, cells: Cells) -> None:
    measure = measure_of(cells.name)
    value = measure.value(cells.value) if measure else None
    if measure and value is not None and cells.model:
        task = about.notes.about(Node("TaskAndPurpose"), observed=True)
        tried = task.part(ATTRIBUTES["tried"], cells.model, line=cells.line)
        kind = "measure of a tried one"
        state_result(tried, measure, value, line=cells.line, given=cells.value, kind=kind)
    elif measure and value is not None:
        state_result(about, measure, value, line=cells.line, given=cells.value)
    else:
        because = f"{shortened(cells.name)}: no measure that is known, with its value"
        about.notes.pass_over(because, cells.line)


def _read_text(about: Subject, text: str) -> None:
    """State what a report says row by row, and what other lines say as `name: value`."""
    reports = bool(_REPORT.search(text))
    taken = 0
    for number, line in lines(text):
        if taken >= _MOST:
            about.notes.pass_over(f"what follows {_MOST} results", number)
            break
        if reports and (row := _WHOLE.fullmatch(line)):
            _take(about, Measure("accuracy", "accuracy"), row[1], number, int(row[2]))
        elif reports and (row := _ROW.fullmatch(line)):
            _take_row(about, row, number)
        elif found := _LINE.fullmatch(line):
            measure = measure_of(found[1])
            if not measure:
                continue
            _take(about, measure, found[2], number, None)
        else:
            continue
        taken += 1
    if not taken:
        about.notes.problem("The report has a header and no results", 1)


def _take_row(about: Subject, row: re.Match[str], line: int) -> None:
    """State precision, recall and F1 of a class, or of all classes by a way of averaging."""
    average = _AVERAGE.fullmatch(row[1])
    for kind, value in zip(_COLUMNS, row.groups()[1:4], strict=True):
        name = f"{average[1]} {kind}" if average else f"{kind} of class {row[1]}"
        _take(about, Measure(name, kind), value, line, int(row[5]))


def _take(about: Subject, measure: Measure, given: str, line: int, cases: int | None) -> None:
    value = measure.value(given)
    if value is None:
        about.notes.problem(f"{measure.name}: {shortened(given)} is no number", line)
    else:
        state_result(about, measure, value, line=line, given=given, cases=cases)
