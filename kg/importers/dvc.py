"""Reads DVC's pipelines: the stages of `dvc.yaml`, the runs that `dvc.lock` recorded, and the
settings in the `params.yaml` beside them.

What a run read and wrote is stated with digest and size, so that it can be compared with the files;
which files a stage names is not. What DVC fills in (`${...}`) is passed over.
"""

from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from kg.errors import DescriptorError
from kg.importers import _dvc
from kg.importers._dvc import pipeline, records, settings, take_record
from kg.importers._environments import place, shortened
from kg.importers._mappings import mapping, table
from kg.reading import Tree, decode, read_bytes, read_yaml
from kg.statements import SIZE_LIMIT, Reading, Source, Subject

TITLE = "DVC pipelines (dvc.yaml, dvc.lock, params.yaml)"
FILES = "`dvc.yaml` and `dvc.lock`; `params.yaml` beside one of them"
BY_CONTENT = False

ATTRIBUTES = _dvc.ATTRIBUTES | {
    "stage": "pipelineStep",
    "run": "recordedStep",
    "command": "stepCommand",
    "description": "description",
    "parameter": "stepParameter",
}
STATES = frozenset(ATTRIBUTES.values()) - {"recordedFile"} | {"name"}

_STAGES, _LOCK, _SETTINGS = "dvc.yaml", "dvc.lock", "params.yaml"
_FILLED_IN = "${"


def claims(source: Source) -> bool:
    """Whether the file has the name that DVC gives it; settings need a pipeline beside them."""
    beside = bool({_STAGES, _LOCK} & source.neighbours)
    return source.name in {_STAGES, _LOCK} or (source.name == _SETTINGS and beside)


def read(source: Source) -> Reading:
    """The pipeline's steps, its recorded steps, or its settings."""
    tree = read_yaml(source.text())
    _, notes = mapping(tree, "The file is not a mapping", "Write it as DVC expects it")
    about = notes.about(pipeline(source))
    if source.name == _STAGES:
        _take_stages(about, tree)
    elif source.name == _LOCK:
        _take_runs(about, tree, source)
    else:
        _take_settings(about, tree)
    return notes.reading(source.path)


# -- dvc.yaml --------------------------------------------------------------------------------------


def _take_stages(about: Subject, tree: Tree) -> None:
    notes, top = about.notes, table(tree.value)
    notes.declare(about.node)
    for key in top:
        if key != "stages":
            at = place(tree, key)
            notes.pass_over(f"`{shortened(key)}` names no stage", at.line, at.pointer)
    whole = isinstance(top.get("stages", {}), dict | None)
    if not whole:
        notes.problem("`stages` is not a mapping", tree.line("/stages"))
    for name, stage in table(top, "stages").items():
        at = place(tree, "stages", name)
        if not isinstance(stage, dict):
            notes.problem(f"The stage {shortened(name)} is not a mapping", at.line)
            whole = False
            continue
        step = about.part(ATTRIBUTES["stage"], name, line=at.line, pointer=at.pointer)
        steps = ("stages", name, "do") if "foreach" in stage else ("stages", name)
        _take_command(step, tree, steps)
        described = place(tree, *steps, "desc")
        if text := tree.text(described.pointer or ""):
            step.state(ATTRIBUTES["description"], text, line=described.line)
        rest = [key for key in table(tree.value, *steps) if key not in {"cmd", "desc", "wdir"}]
        if rest:
            because = (
                f"{shortened(name)}: {', '.join(rest)} say what it works with, not what it did"
            )
            notes.pass_over(because, at.line, at.pointer)
    if whole:
        notes.complete(about.node, ATTRIBUTES["stage"])


def _take_command(step: Subject, tree: Tree, steps: tuple[str, ...]) -> None:
    at = place(tree, *steps, "cmd")
    written = table(tree.value, *steps).get("cmd")
    lines = written if isinstance(written, list) else [written]
    command = " && ".join(" ".join(str(line).split()) for line in lines if line is not None)
    if not command:
        step.notes.problem("The stage has no `cmd`", at.line)
    elif _FILLED_IN in command:
        step.notes.pass_over("what DVC fills in is not known here", at.line, at.pointer)
    else:
        step.state(ATTRIBUTES["command"], command, line=at.line, pointer=at.pointer)


# -- dvc.lock --------------------------------------------------------------------------------------


def _take_runs(about: Subject, tree: Tree, source: Source) -> None:
    folders = dict(_working_folders(source))
    # In its first form a lock is nothing but the stages.
    steps = () if "schema" not in table(tree.value) else ("stages",)
    if steps and not isinstance(table(tree.value).get("stages", {}), dict):
        about.notes.problem("`stages` is not a mapping", tree.line("/stages"))
    for name, run in table(tree.value, *steps).items():
        at = place(tree, *steps, name)
        if not isinstance(run, dict):
            about.notes.problem(f"The stage {shortened(name)} is not a mapping", at.line)
            continue
        step = about.part(ATTRIBUTES["run"], name, line=at.line, pointer=at.pointer)
        _take_command(step, tree, (*steps, name))
        folder = folders.get(name.partition("@")[0], source.folder)
        for kind in ("deps", "outs"):
            inner = (*steps, name, kind)
            for record, _ in records(about.notes, tree, inner) if kind in run else ():
                if folder is None:
                    because = "the folder that paths start from is filled in by DVC"
                    about.notes.pass_over(because, place(tree, *record).line)
                else:
                    take_record(step, ATTRIBUTES["step file"], folder, tree, record)
        _take_parameters(step, tree, (*steps, name, "params"))


def _take_parameters(step: Subject, tree: Tree, steps: tuple[str, ...]) -> None:
    for file in table(tree.value, *steps):
        # Names of the usual file go without it, as in dvc.yaml.
        before = "" if file == _SETTINGS else f"{file}:"
        for name, value, at in settings(tree, (*steps, file)):
            text = f"{before}{name}={value}"
            step.state(ATTRIBUTES["parameter"], text, line=at.line, pointer=at.pointer)


def _working_folders(source: Source) -> Iterator[tuple[str, str | None]]:
    """Where the paths of each stage start from, which only `dvc.yaml` says; None where DVC fills it
    in.
    """
    if _STAGES not in source.neighbours:
        return
    try:
        location = source.location.with_name(_STAGES)
        stages = table(read_yaml(decode(read_bytes(location, SIZE_LIMIT))).value, "stages")
    except DescriptorError:
        return
    for name, stage in stages.items():
        inner: Mapping[str, object] = table(stage, "do") or table(stage)
        folder = inner.get("wdir")
        if isinstance(folder, str):
            filled_in = _FILLED_IN in folder
            yield name, None if filled_in else normpath(join(source.folder, folder))


# -- params.yaml -----------------------------------------------------------------------------------


def _take_settings(about: Subject, tree: Tree) -> None:
    for name, value, at in settings(tree):
        setting = about.part(ATTRIBUTES["setting"], name, line=at.line, pointer=at.pointer)
        setting.state(ATTRIBUTES["value"], value, line=at.line, pointer=at.pointer)
