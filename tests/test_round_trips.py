"""What `mismatch import` writes can be edited, committed as descriptors and checked again: the
verdicts are those of the files that it was read from.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from kg.catalogue import Catalogue
from kg.detect import check
from kg.exports.yaml import write
from kg.projects import read_project, sub_projects
from kg.projects.settings import FILE
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "example"
# Constraints do not say that a package is there, and a descriptor cannot speak of it otherwise.
UNTOLD = {"constraints"}
CASES = sorted(
    path
    for path in (ROOT / "tests/cases/importers").glob("*/*")
    if path.is_dir() and path.name not in UNTOLD
)
DESCRIPTORS = "descriptors/imported.yaml"

Verdicts: TypeAlias = dict[tuple[str, str, str, str], str]
Judge: TypeAlias = Callable[[Path], Verdicts]


@pytest.fixture
def judge(known: Vocabulary, predicates: Catalogue) -> Judge:
    """Gives the verdict on each predicate, pair of elements and item of a project, and how grave
    it is.
    """

    def judged(folder: Path) -> Verdicts:
        workspace = Workspace(open_store("memory:"), known, statistics=predicates.statistics)
        (report,) = check([read_project(folder, known)], workspace, predicates).projects
        return {
            (f.predicate, f.subject.name, f.object.name if f.object else "", f.item or ""): (
                f"{f.verdict}, {f.severity}"
            )
            for f in report.findings
        }

    return judged


def imported(folder: Path, known: Vocabulary) -> str:
    """What `mismatch import` writes of a project."""
    return write(read_project(folder, known), known)


def put(folder: Path, text: str) -> None:
    (folder / DESCRIPTORS).parent.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTORS).write_text(text, encoding="utf-8")


def alone(folder: Path, text: str, above: Path) -> Path:
    """A project of the same name that has nothing but what was written, and its settings."""
    again = above / "again" / folder.name
    put(again, text)
    if (folder / FILE).is_file():
        shutil.copy(folder / FILE, again)
    return again


def copied(folder: Path, above: Path) -> Path:
    ignored = shutil.ignore_patterns("out.ttl")
    return Path(shutil.copytree(folder, above / "copy" / folder.name, ignore=ignored))


def hold(folder: Path, tmp_path: Path, known: Vocabulary, judge: Judge) -> None:
    """Both in place of the files and beside them, what was written changes no verdict."""
    project = copied(folder, tmp_path)
    verdicts, text = judge(project), imported(project, known)
    assert judge(alone(project, text, tmp_path)) == verdicts
    put(project, text)
    assert judge(project) == verdicts


@pytest.mark.parametrize(
    "folder", [EXAMPLE, *CASES], ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_what_is_written_is_judged_as_what_was_read(
    folder: Path, tmp_path: Path, known: Vocabulary, judge: Judge
) -> None:
    hold(folder, tmp_path, known, judge)


def test_what_holds_only_if_a_package_is_there_is_told_in_comments(
    tmp_path: Path, known: Vocabulary
) -> None:
    (constraints,) = (ROOT / "tests/cases/importers").glob("*/constraints")
    text = imported(copied(constraints, tmp_path), known)
    again = read_project(alone(constraints, text, tmp_path), known)

    assert '# numpy, if it is there: version_range: "<2"' in text
    assert (again.statements, again.problems) == (0, ())


def test_public_systems_are_judged_by_what_was_written_of_them(
    reference: Path, tmp_path: Path, known: Vocabulary, judge: Judge
) -> None:
    for folder in sub_projects(reference / "artefacts" / "systems"):
        hold(folder, tmp_path, known, judge)


def test_an_edit_of_what_was_written_changes_the_verdict(
    tmp_path: Path, known: Vocabulary, judge: Judge
) -> None:
    text = imported(EXAMPLE, known)
    needed = "required_memory: 16 GB"
    assert text.count(needed) == 1
    too_much, enough = (
        judge(alone(EXAMPLE, changed, tmp_path / changed[-40:].strip().replace("/", "")))
        for changed in (text, text.replace(needed, "required_memory: 4 GB"))
    )

    differing = {key for key in too_much.keys() | enough if too_much.get(key) != enough.get(key)}
    assert {predicate for predicate, *_ in differing} == {"resources-exceed-operations"}
