"""States which steps a pipeline of Azure Machine Learning puts before the model that it serves.

A component that a step runs lies in a file of its own; what its settings are by default is stated
of the step of that name in the nearest pipeline.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from kg.importers._azureml_deployments import registered
from kg.importers._environments import model, shortened
from kg.importers._manifests import Manifest
from kg.importers._mappings import table
from kg.statements import Node

ATTRIBUTES = {
    "step": "pipelineStep",
    "kind": "stepKind",
    "setting": "stepParameter",
    "order": "stepPosition",
    "result": "stepOutput",
    "text": "pipelineDescription",
}

_RESULT = re.compile(r"\$\{\{\s*parent\.jobs\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}")
_MODELS = {"mlflow_model", "triton_model"}
# What the name of a setting tells of what its step does.
_KINDS = {
    "encod": "encode",
    "imput": "impute",
    "normali": "normalise",
    "scal": "normalise",
    "standardi": "normalise",
}
_OFF = {"", "none", "no", "false", "off", "0", "null"}


def take_pipeline(manifest: Manifest, folder: str) -> None:
    """Take down the steps before the one that is given a model; a pipeline that trains has none."""
    jobs = table(manifest.value, "jobs")
    serving = next((name for name in jobs if _model_key(table(jobs, name))), "")
    if not serving:
        manifest.pass_over("no step of the pipeline is given a model", manifest.at("jobs"))
        return
    pipeline = Node(
        "DataPipeline", manifest.text("name") or manifest.file, named=bool(manifest.text("name"))
    )
    about = manifest.notes.about(pipeline)
    if text := manifest.text("description"):
        manifest.state(pipeline, ATTRIBUTES["text"], text, manifest.at("description"), text[:80])
    before = list(dict.fromkeys(_before(jobs, serving)))
    for position, name in enumerate(reversed(before), 1):
        at = manifest.at("jobs", name)
        called = _called(manifest, name)
        step = about.part(ATTRIBUTES["step"], called, line=at.line, pointer=at.pointer)
        step.state(ATTRIBUTES["order"], position, line=at.line, pointer=at.pointer)
        for result in table(jobs, name, "outputs"):
            at = manifest.at("jobs", name, "outputs", result)
            step.state(ATTRIBUTES["result"], result, line=at.line, pointer=at.pointer)
        _take_settings(manifest, step.node, ("jobs", name, "inputs"), "")
    _link(manifest, pipeline, folder, serving)


def take_component(manifest: Manifest, folder: str) -> None:
    """Take down the settings that a component's step has by default."""
    del folder
    name = manifest.text("name")
    if not name:
        manifest.notes.problem("The component has no name, so no step can run it")
        return
    step = Node("DataPipeline", mentioned=True).part(ATTRIBUTES["step"], name)
    _take_settings(manifest, step, ("inputs",), "default")


def _take_settings(manifest: Manifest, step: Node, steps: tuple[str, ...], key: str) -> None:
    """Take down the settings that are given as plain values, and what they tell of the step."""
    for name, value in table(manifest.value, *steps).items():
        held = value.get(key) if key and isinstance(value, dict) else value
        if not isinstance(held, str | int | float) or "${{" in str(held):
            continue
        at = manifest.at(*steps, name, key) if key else manifest.at(*steps, name)
        about = manifest.notes.about(step)
        line, where = at.line, at.pointer
        text = manifest.tree.text(where or "") or str(held)
        about.state(ATTRIBUTES["setting"], f"{name}={text}", line=line, pointer=where)
        kind = next((kind for sign, kind in _KINDS.items() if sign in name.lower()), "")
        if kind and str(held).strip().lower() not in _OFF:
            about.state(ATTRIBUTES["kind"], kind, line=line, pointer=where, given=f"{name}={text}")


def _model_key(job: Mapping[str, object]) -> str:
    """The input of a job that is a model; empty where none is."""
    for name, value in table(job, "inputs").items():
        kind = value.get("type") if isinstance(value, dict) else ""
        if kind in _MODELS or re.search(r"(?:^|_)model(?:_|$)", name.lower()):
            return name
    return ""


def _before(jobs: Mapping[str, object], name: str) -> Iterator[str]:
    """The jobs whose results a job is given, directly or through others, the last first."""
    waiting, seen = [name], {name}
    while waiting:
        for value in table(jobs, waiting.pop(0), "inputs").values():
            text = value.get("path") if isinstance(value, dict) else value
            for found in _RESULT.finditer(str(text)):
                if found[1] in jobs and found[1] not in seen:
                    seen.add(found[1])
                    waiting.append(found[1])
                    yield found[1]


def _called(manifest: Manifest, job: str) -> str:
    """What the component of a step is called: as it is registered, or as its file."""
    component = manifest.text("jobs", job, "component")
    return registered(component) or PurePosixPath(component.removeprefix("file:")).stem or job


def _link(manifest: Manifest, pipeline: Node, folder: str, serving: str) -> None:
    key = _model_key(table(manifest.value, "jobs", serving))
    steps = ("jobs", serving, "inputs", key)
    path = manifest.text(*steps, "path") or manifest.text(*steps)
    because, line = "the pipeline hands its results to the model", manifest.at(*steps).line
    if path and not path.startswith(("azureml:", "$")) and "://" not in path:
        named = model(str(PurePosixPath(folder, path)))
    else:
        named = Node("TrainedModel", registered(path), mentioned=True)
        if not path:
            manifest.pass_over(
                f"which model {shortened(serving)} takes is not said", manifest.at(*steps)
            )
    manifest.notes.link("preparedBy", named, pipeline, because, line)
