"""Reads what MLflow keeps of a run in files: its metrics, parameters, tags and when it ended.

All of it is about the model that the run keeps beside it, or in the artefacts of the same store. Of
a run that keeps no model, or several, nothing is stated: whose metrics they are is not known.
"""

import math
import re
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import DescriptorInvalid
from kg.importers._environments import model, place, report_duplicates, shortened
from kg.importers._mappings import table
from kg.reading import lines, read_yaml
from kg.statements import Node, Notes, PassedOver, Reading, Source

TITLE = "MLflow runs (metrics, params, tags)"
FILES = "`meta.yaml` and the files in `metrics`, `params` and `tags` of a run that MLflow tracks"
BY_CONTENT = False

ATTRIBUTES = {
    "metric": "evaluationMetric",
    "value": "result",
    "component": "modelComponent",
    "parameter": "hyperparameter",
    "setting": "parameterValue",
    "code": "trainingCode",
    "end": "trainingDate",
}
STATES = frozenset(ATTRIBUTES.values()) | {"name"}

_PATH = re.compile(
    r"(?P<run>(?P<store>.*?)(?P<place>\d+/(?:[0-9a-f]{32}|models/m-(?:[0-9a-f]{32}))))/"
    r"(?:meta\.yaml|(?P<kind>metrics|params|tags)/(?P<name>.+))"
)
_STORES = ("mlruns/", "mlartifacts/")
_CODE = {"mlflow.source.name", "mlflow.source.git.commit", "mlflow.source.git.repoURL"}
_VALUE = re.compile(r"\d+ (?P<value>\S+)(?: -?\d+)?(?: .*)?")
_LONGEST = 6000
_MOST_FOLDERS = 200


def claims(source: Source) -> bool:
    """Whether the file lies where MLflow keeps a run; a parameter or tag may have no value."""
    found = _PATH.fullmatch(str(source.path))
    return bool(found and (source.head.strip() or found["kind"] not in {"params", "tags"}))


def read(source: Source) -> Reading:
    """The metric, parameter, tag or end of the run, as facts of its model."""
    notes = Notes()
    found = _PATH.fullmatch(str(source.path))
    if found is None:
        raise DescriptorInvalid("The file is none of a run", "Leave it where MLflow wrote it")
    models = _models(source, found)
    node, kind, text = model(next(iter(models), "")), found["kind"], source.text()
    if kind == "metrics":
        _take_metric(notes, node, found["name"], text)
    elif kind == "params":
        _take_parameter(notes, node, found, text)
    elif kind == "tags":
        _take_tag(notes, node, found["name"], text)
    else:
        _take_end(notes, node, text)
    reading = notes.reading(source.path)
    if len(models) == 1:
        return reading
    kept = "several models" if models else "no model"
    because = PassedOver(f"the run keeps {kept} here, so whose this is is not known", 1)
    return Reading(passed_over=(because,), problems=reading.problems)


def _models(source: Source, found: re.Match[str]) -> list[str]:
    """The folders of the models that the run keeps, below the project."""
    project = source.location.parents[len(source.path.parts) - 1]
    stores = {found["store"]}
    for one, other in (_STORES, _STORES[::-1]):
        if found["store"].endswith(one):
            stores.add(found["store"].removesuffix(one) + other)
    return sorted(
        folder.relative_to(project).as_posix()
        for store in stores
        for folder in _folders(project / f"{store}{found['place']}/artifacts")
        if (folder / "MLmodel").is_file()
    )


def _folders(artefacts: Path) -> list[Path]:
    """The folder of artefacts and those in it, of which at most 200 are looked at."""
    if not artefacts.is_dir():
        return []
    return [artefacts, *sorted(p for p in artefacts.iterdir() if p.is_dir())[:_MOST_FOLDERS]]


def _take_metric(notes: Notes, node: Node, name: str, text: str) -> None:
    values = [(number, line) for number, line in lines(text) if line.strip()]
    if not values:
        notes.problem("It holds no value", 1)
        return
    number, last = values[-1]
    written = _VALUE.fullmatch(last.strip())
    try:
        value = float(written["value"]) if written else None
    except ValueError:
        value = None
    if value is None:
        notes.problem(f'"{shortened(last)}" is not a time, a value and a step', number)
    elif not math.isfinite(value):
        notes.pass_over(f"{name} ended without a number", number)
    else:
        about = notes.about(node, observed=True)
        metric = about.part(ATTRIBUTES["metric"], name, line=number)
        metric.state(ATTRIBUTES["value"], value, line=number, given=str(value))
    if len(values) > 1:
        notes.pass_over(f"{len(values) - 1:,} values of {name} came before the last one", 1)


def _take_parameter(notes: Notes, node: Node, found: re.Match[str], text: str) -> None:
    if len(text) > _LONGEST:
        notes.pass_over("the parameter is too long to be compared", 1)
        return
    # All parameters of a run are those of one component, though each is a source of its own.
    run = found["run"].rpartition("/")[2].removeprefix("m-")
    component = notes.about(node).own(ATTRIBUTES["component"], f"{run[:8]}-run", line=1)
    parameter = component.part(ATTRIBUTES["parameter"], found["name"], line=1)
    parameter.state(ATTRIBUTES["setting"], text.strip(), line=1)


def _take_tag(notes: Notes, node: Node, name: str, text: str) -> None:
    if name in _CODE:
        notes.about(node).state(ATTRIBUTES["code"], text.strip()[:_LONGEST], line=1, given=name)
    else:
        notes.pass_over(
            f"the tag {shortened(name)} says how the run was kept, or was noted freely", 1
        )


def _take_end(notes: Notes, node: Node, text: str) -> None:
    tree = read_yaml(text)
    top = table(tree.value)
    if not top:
        raise DescriptorInvalid("The file is not a mapping", "Leave it as MLflow wrote it")
    report_duplicates(tree, notes)
    ended, at = top.get("end_time"), place(tree, "end_time")
    if isinstance(ended, int):
        try:
            day = datetime.fromtimestamp(ended / 1000, UTC).date().isoformat()
            about = notes.about(node, observed=True)
            about.state(ATTRIBUTES["end"], day, line=at.line, pointer=at.pointer, given=str(ended))
        except (ValueError, OverflowError, OSError):
            notes.problem("`end_time` is no time in milliseconds", at.line)
    else:
        notes.pass_over("the run has not ended", at.line)
    rest = ", ".join(key for key in top if key != "end_time")
    notes.pass_over(shortened(f"how the run is kept: {rest}"), 1)
