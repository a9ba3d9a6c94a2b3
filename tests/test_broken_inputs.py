"""Broken files: each gives a problem with its name and a cause, within bounds, and none ends a run.

The formats and the ways in which they break stand in `tests/broken`. Each format is read in a
process of its own, so that a crash is seen, and memory measured.
"""

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.projects import read_project
from kg.vocabulary import Vocabulary
from tests.broken.formats import FORMATS, Format

ROOT = Path(__file__).parents[1]
QUIET = {
    "compose": {"an-image-that-is-none"},
    "conda": {"cut-off"},
    "descriptor-json": {"an-element-that-is-a-list"},
    "descriptor-yaml": {
        "a-mapping-for-a-name",
        "a-text-for-parts",
        "an-unknown-element",
        "directive-too-late",
    },
    "dockerfile": {
        "an-image-that-is-none",
        "copies-that-double",
        "here-document-never-closed",
        "list-never-closed",
        "long-image",
        "no-image",
        "nothing-but-a-continuation",
        "quote-never-closed",
        "stage-of-itself",
        "variables-that-double",
    },
    "json-ld": {"context-from-a-file"},
    "kubernetes": {"an-image-that-is-none", "directive-too-late"},
    "mlmodel": {"a-version-that-is-none", "cut-off"},
    "pipfile-lock": {"too-many-values"},
    "poetry-lock": {"too-many-packages"},
    "python-env": {"no-version"},
    "requirements": {"a-star-too-many", "freeze-of-a-broken-pip"},
    "sei": {"keys-of-another", "list", "nothing", "text"},
    "settings": {"blank", "empty", "keys-twice", "only-a-byte-order-mark"},
}
"""Breakages that leave a file which reads as another good one, or as one of another kind."""
MEMORY = 200 * 2**20
SECONDS = 5
OUR_FAULT = "our fault"

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.name)


def _written(format_: Format, folder: Path) -> list[Path]:
    """A project for each broken file, the intact one first."""
    intact = folder / "intact"
    (intact / format_.path).parent.mkdir(parents=True)
    (intact / format_.path).write_bytes(format_.intact)
    projects = [intact]
    for broken in format_.broken():
        path = folder / broken.name / format_.path
        path.parent.mkdir(parents=True)
        with path.open("wb") as stream:
            stream.write(broken.make())
            if broken.size:
                stream.truncate(broken.size)
        projects.append(folder / broken.name)
    return projects


@cache
def _measured(number: int) -> dict[str, dict[str, Any]]:
    """What reading each file of the format told and cost, by the breakage's name."""
    with tempfile.TemporaryDirectory() as folder:
        projects = _written(FORMATS[number], Path(folder))
        done = subprocess.run(
            [sys.executable, "-m", "tests.broken.measured", *map(str, projects)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(projects), done.stderr[-2000:]
    names = [project.name for project in projects]
    return dict(zip(names, told, strict=True))


def _read(format_: Format) -> dict[str, dict[str, Any]]:
    return _measured(FORMATS.index(format_))


def test_there_are_broken_files_enough() -> None:
    counts = {one.name: len(list(one.broken())) for one in FORMATS}
    assert min(counts.values()) >= 20, counts
    assert sum(counts.values()) >= 200


@every_format
def test_an_intact_file_is_read_without_a_problem(format_: Format) -> None:
    assert _read(format_)["intact"]["problems"] == []


@every_format
def test_a_broken_file_is_a_problem_with_its_name_and_a_cause(format_: Format) -> None:
    read = _read(format_)
    silent = {one.name for one in format_.broken() if one.told and not read[one.name]["problems"]}
    assert silent <= QUIET.get(format_.name, set())
    for found in read.values():
        for file, message in found["problems"]:
            assert file == format_.path
            assert message.strip()


@every_format
def test_no_broken_file_meets_a_fault_of_ours(format_: Format) -> None:
    told = {name: found["problems"] for name, found in _read(format_).items()}
    assert {n: t for n, t in told.items() if any(OUR_FAULT in m for _, m in t)} == {}


@every_format
def test_no_broken_file_takes_more_memory_than_it_may(format_: Format) -> None:
    assert {n: f["bytes"] for n, f in _read(format_).items() if f["bytes"] > MEMORY} == {}


@pytest.mark.long
@every_format
def test_no_broken_file_takes_more_time_than_it_may(format_: Format) -> None:
    assert {n: f["seconds"] for n, f in _read(format_).items() if f["seconds"] > SECONDS} == {}


@every_format
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_mutation_of_a_file_ends_the_run(
    format_: Format, data: st.DataObject, known: Vocabulary
) -> None:
    intact = format_.intact
    begin = data.draw(st.integers(0, len(intact)))
    end = data.draw(st.integers(begin, min(len(intact), begin + 40)))
    mutated = intact[:begin] + data.draw(st.binary(max_size=24)) + intact[end:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / format_.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutated)
        problems = read_project(Path(folder), known).problems
    assert not [problem for problem in problems if OUR_FAULT in problem.message]
