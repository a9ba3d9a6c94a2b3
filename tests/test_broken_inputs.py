"""Whatever a project holds, it is read; what is broken becomes a problem, at little cost."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.cli import run
from kg.projects import Project, read_project
from kg.reading import read_yaml
from kg.vocabulary import Vocabulary
from tests.broken import samples
from tests.broken.formats import FORMATS, Format

ROOT = Path(__file__).parents[1]
SECONDS = 5
BYTES = 200 * 10**6
EACH = pytest.mark.parametrize("kind", FORMATS, ids=[kind.name for kind in FORMATS])

Value: TypeAlias = Any
Told: TypeAlias = dict[str, Any]
Measured: TypeAlias = Callable[[list[Path]], list[Told]]


def put(folder: Path, path: str, content: bytes, size: int = 0) -> Path:
    """Write a file below the folder, and stretch it to its size without writing more."""
    location = folder / path
    location.parent.mkdir(parents=True, exist_ok=True)
    location.write_bytes(content)
    if size:
        try:
            os.truncate(location, size)
        except OSError as fault:
            pytest.skip(f"the file system makes no sparse file of {size:,} bytes: {fault.strerror}")
    return folder


def written(kind: Format, folder: Path) -> list[Path]:
    """A project of its own for the intact file, then for each broken one."""
    intact = put(folder / "intact", kind.path, kind.intact)
    return [
        intact,
        *(put(folder / b.name, kind.path, b.make(), b.size) for b in kind.broken()),
    ]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """Tells what reading each project cost and told, in a process of its own."""
    command = [sys.executable, "-m", "tests.broken.measured"]
    errors = tmp_path_factory.mktemp("measured") / "errors"

    def of(folders: list[Path]) -> list[Told]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{json.dumps([*map(str, folders)])}\n")
        process.stdin.flush()
        *told, end = until_the_end(map(json.loads, process.stdout))
        at = folders[len(told)].name if len(told) < len(folders) else ""
        assert (end["ended"], at) == (0, ""), errors.read_text(encoding="utf-8")
        return told

    with (
        errors.open("w", encoding="utf-8") as told_wrong,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told_wrong,
            text=True,
        ) as process,
    ):
        yield of


def until_the_end(lines: Iterator[Told]) -> Iterator[Told]:
    """What is told of folders, and last how their process ended."""
    for line in lines:
        yield line
        if "ended" in line:
            return


def faults(path: str, told: Told) -> Iterator[str]:
    """What is wrong with the way in which a broken file was read."""
    if told["bytes"] > BYTES:
        yield f"took {told['bytes']:,} bytes"
    for file, message in told["problems"]:
        if file != path:
            yield f"names {file}"
        if "our fault" in message or not 10 < len(message) < 2000:
            yield f"says: {message[:300]}"


# -- files that are made to be broken -------------------------------------------------------------


def test_there_are_many_kinds_of_broken_files() -> None:
    kinds = [[broken.name for broken in kind.broken()] for kind in FORMATS]

    assert min(map(len, kinds)) >= 20
    assert sum(map(len, kinds)) >= 200
    assert all(len(names) == len(set(names)) for names in kinds)
    assert [
        k.name for k, names in zip(FORMATS, kinds, strict=True) if {*k.excused} - {*names}
    ] == []


@EACH
def test_a_broken_file_gives_a_problem_in_little_memory(
    kind: Format, measured: Measured, tmp_path: Path
) -> None:
    broken = list(kind.broken())

    intact, *told = measured(written(kind, tmp_path))

    assert intact["problems"] == []
    found = {b.name: list(faults(kind.path, one)) for b, one in zip(broken, told, strict=True)}
    silent = [b.name for b, one in zip(broken, told, strict=True) if b.told and not one["problems"]]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert silent == []


@pytest.mark.long
@EACH
def test_a_broken_file_takes_no_more_time_than_it_may(
    kind: Format, measured: Measured, tmp_path: Path
) -> None:
    folders = written(kind, tmp_path)

    slow = {
        folder.name: one["seconds"]
        for folder, one in zip(folders, measured(folders), strict=True)
        if one["seconds"] > SECONDS
    }

    assert slow == {}


def test_broken_files_cost_none_of_the_others(tmp_path: Path, known: Vocabulary) -> None:
    for kind in FORMATS:
        put(tmp_path, f"intact-{kind.name}/{kind.path}", kind.intact)
        for broken in kind.broken():
            content = broken.make()
            if len(content) < 100_000:
                put(tmp_path, f"{broken.name}-{kind.name}/{kind.path}", content, broken.size)

    project = read_project(tmp_path, known)

    read = {str(entry.path) for entry in project.entries}
    wanted = {f"intact-{k.name}/{k.path}" for k in FORMATS if k.path != "mismatch.yaml"}
    assert wanted - read == set()
    assert not any(problem.file.startswith("intact-") for problem in project.problems)
    assert len({problem.file for problem in project.problems}) > 500


# -- files that chance breaks ---------------------------------------------------------------------

CHANCES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD: list[Value] = [
    *(None, True, 0, -1, 1.5, 10**30, "", " ", "x: y", "[", "${A}", "{{ x }}", "é", "9" * 400),
    *("==", "NaN GB", "1e999 GB", "2024-02-30", "../../x", "/", "a/b#c", "@id", "mm:x", "urn:x"),
    *("https://example.org/%zz", "http://[", "\U0001f600", "a\nb", "\x1b[0m", "x" * 5000),
    *([], {}, [[]], [{}], {"": {}}, [None], ["x", ["y"]], {"name": {"name": None}}),
    *({"@id": 3}, {"@value": [1]}, {"@list": [{"@list": []}]}),
]
KEYS = ["", "x", "name", "@id", "@type", "element", "version", "<<", "a/b~1", "é", "-", "x" * 300]


def survives(kind: Format, content: bytes, folder: Path, known: Vocabulary) -> None:
    """Read the file, and look whether only the file itself is blamed for what is wrong."""
    project = read_project(put(folder, kind.path, content), known)
    for problem in project.problems:
        assert problem.file == kind.path
        assert "our fault" not in problem.message


@EACH
@CHANCES
@given(data=st.data())
def test_no_damage_makes_a_reader_fail(
    kind: Format, data: st.DataObject, tmp_path: Path, known: Vocabulary
) -> None:
    content = kind.intact
    places = st.integers(0, len(kind.intact))
    for _ in range(data.draw(st.integers(1, 4))):
        begin, end = sorted([data.draw(places), data.draw(places)])
        there = content[begin:end]
        instead = st.sampled_from([b"", there * 2, there[::-1], there[:1] * 50])
        content = content[:begin] + data.draw(instead | st.binary(max_size=8)) + content[end:]

    survives(kind, content, tmp_path, known)


@EACH
@CHANCES
@given(content=st.binary(max_size=500) | st.text(max_size=200).map(str.encode))
def test_no_content_makes_a_reader_fail(
    kind: Format, content: bytes, tmp_path: Path, known: Vocabulary
) -> None:
    survives(kind, content, tmp_path, known)


def _toml(value: Value) -> str:
    """The value as TOML writes it within a line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(k)} = {_toml(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps("" if value is None else value)


def _toml_file(value: Value) -> bytes:
    if not isinstance(value, dict):
        return _toml(value).encode()
    return "\n".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()).encode()


def _json_file(value: Value) -> bytes:
    return json.dumps(value, default=str).encode()


class Structured(NamedTuple):
    """A format that holds a tree, with the intact one and how it is written."""

    kind: Format
    tree: Value
    written: Callable[[Value], bytes]


def structured() -> list[Structured]:
    """The formats that hold trees; what is JSON is YAML too."""
    found: list[Structured] = []
    for kind in FORMATS:
        if kind.path.endswith((".toml", "Pipfile")) or kind.name in {"poetry-lock", "uv-lock"}:
            found.append(Structured(kind, tomllib.loads(kind.intact.decode()), _toml_file))
        elif kind.path.endswith((".json", ".jsonld", "Pipfile.lock")):
            found.append(Structured(kind, json.loads(kind.intact), _json_file))
        elif kind.path.endswith((".yaml", ".yml", "MLmodel")):
            found.append(Structured(kind, read_yaml(kind.intact.decode()).value, _json_file))
    return found


def _changed(value: Value, data: st.DataObject) -> Value:
    """The tree with a value in it that does not belong there, or under a key that does not."""
    if not value or not isinstance(value, dict | list) or not data.draw(st.integers(0, 4)):
        return data.draw(st.sampled_from(ODD))
    steps = list(value) if isinstance(value, dict) else list(range(len(value)))
    step = data.draw(st.sampled_from(steps))
    if isinstance(value, list):
        return [*value[:step], _changed(value[step], data), *value[step + 1 :]]
    if not data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(KEYS))
        return {key if old == step else old: inner for old, inner in value.items()}
    return {**value, step: _changed(value[step], data)}


@pytest.mark.parametrize("case", structured(), ids=[case.kind.name for case in structured()])
@CHANCES
@given(data=st.data())
def test_no_value_in_the_wrong_place_makes_a_reader_fail(
    case: Structured, data: st.DataObject, tmp_path: Path, known: Vocabulary
) -> None:
    tree = case.tree
    for _ in range(data.draw(st.integers(1, 3))):
        tree = _changed(tree, data)

    survives(case.kind, case.written(tree), tmp_path, known)


# -- folders that are odd -------------------------------------------------------------------------


def read(project: Project) -> set[str]:
    return {str(entry.path) for entry in project.entries}


def test_links_that_lead_in_circles_or_out_are_not_followed(
    tmp_path: Path, known: Vocabulary
) -> None:
    outside = put(tmp_path / "outside", "requirements.txt", b"numpy==1.26.4\n")
    folder = put(tmp_path / "project", "deep/conda.yaml", samples.CONDA)
    (folder / "deep" / "loop").symlink_to("..")
    (folder / "deep" / "requirements.txt").symlink_to(outside / "requirements.txt")
    (folder / "deep" / "outside").symlink_to(outside)
    (folder / "Dockerfile").symlink_to("Dockerfile")
    (folder / "MLmodel").symlink_to("nowhere")
    (folder / "mismatch.yaml").symlink_to(outside / "requirements.txt")

    project = read_project(folder, known)

    assert read(project) == {"deep/conda.yaml"}
    assert [problem.file for problem in project.problems] == ["mismatch.yaml"]


def test_a_project_of_pipes_is_read_without_waiting(tmp_path: Path, known: Vocabulary) -> None:
    for name in ("requirements.txt", "mismatch.yaml", "train.csv", "model.ttl"):
        os.mkfifo(tmp_path / name)
    put(tmp_path, "conda.yaml", samples.CONDA)

    assert read(read_project(tmp_path, known)) == {"conda.yaml"}


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path, known: Vocabulary) -> None:
    # Below the metrics of a run everything is a metric, whatever it is called.
    paths = {f"{kind.path}/requirements.txt" for kind in FORMATS if "/metrics/" not in kind.path}
    for path in paths:
        put(tmp_path, path, samples.REQUIREMENTS)

    project = read_project(tmp_path, known)

    assert read(project) == paths
    assert project.problems == ()


NAMES = [
    "a\nb",
    "a'\"`$(x)",
    "<{|}>",
    " ",
    "-rf",
    "%41",
    "a\\b",
    "*",
    "\x1b[31mred",
    "\u202etxt",
    "x" * 250,
]
NO_TEXT = [b"\xff\xfe", b"caf\xe9"]


def name_oddly(folder: Path) -> Path:
    """A project of which each file's name, or that of its folder, is another trap."""
    for name in [*NAMES, *map(os.fsdecode, NO_TEXT)]:
        put(folder, f"{name}.csv", samples.CSV)
        put(folder, f"{name[:200]}.d/train.csv", b"\0")
    return folder


def test_files_of_odd_names_are_read_or_reported(tmp_path: Path, known: Vocabulary) -> None:
    project = read_project(name_oddly(tmp_path), known)

    assert read(project) == {f"{name}.csv" for name in NAMES}
    assert len(project.problems) == len(NAMES) + 2 * len(NO_TEXT)
    assert all(problem.file.encode() for problem in project.problems)


def test_a_report_names_files_of_odd_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = name_oddly(tmp_path / os.fsdecode(b"caf\xe9\n"))

    for form in ("text", "markdown", "json"):
        assert run(["check", "--as", form, "--fail-on", "never", str(project)]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        assert "%41.d/train.csv" in told.out
        assert "\x1b" not in told.out


def test_folders_within_folders_without_end_are_left_in_time(
    tmp_path: Path, known: Vocabulary
) -> None:
    put(tmp_path, "conda.yaml", samples.CONDA)
    deepest = str(tmp_path)
    # Neither pathlib nor shutil can make or remove as many.
    for _ in range(1100):
        deepest += "/a"
        Path(deepest).mkdir()
    try:
        project = read_project(tmp_path, known)
    finally:
        while deepest != str(tmp_path):
            Path(deepest).rmdir()
            deepest = deepest.removesuffix("/a")

    assert read(project) == {"conda.yaml"}
    assert ["folders deep" in problem.message for problem in project.problems] == [True]


def test_ten_thousand_files_are_looked_at_in_time(measured: Measured, tmp_path: Path) -> None:
    for number in range(10_000):
        suffix = ("yaml", "json", "txt", "csv.gz", "ttl")[number % 5]
        (tmp_path / f"x{number}.{suffix}").write_bytes(b"a: 1\n")
    put(tmp_path, "conda.yaml", samples.CONDA)

    (told,) = measured([tmp_path])

    assert told["seconds"] < 20
    assert told["read"] == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_may_not_be_read_is_a_problem(tmp_path: Path, known: Vocabulary) -> None:
    put(tmp_path, "closed/requirements.txt", samples.REQUIREMENTS)
    put(tmp_path, "listed/requirements.txt", samples.REQUIREMENTS)
    put(tmp_path, "requirements.txt", samples.REQUIREMENTS)
    put(tmp_path, "conda.yaml", samples.CONDA)
    modes = {"closed": 0, "listed": 0o444, "requirements.txt": 0}
    for name, mode in modes.items():
        (tmp_path / name).chmod(mode)
    try:
        project = read_project(tmp_path, known)
    finally:
        for name in modes:
            (tmp_path / name).chmod(0o700)

    assert read(project) == {"conda.yaml"}
    assert [problem.file for problem in project.problems] == [
        "closed",
        "listed/requirements.txt",
        "requirements.txt",
    ]
