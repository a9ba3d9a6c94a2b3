"""The pages on the matrix and the study: their commands run, and their pictures are current."""

import re
import runpy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import matrix as matrices
from kg.cli import application
from kg.pictures import Shown, names, picture
from kg.study import Study, figures
from kg.telling import tellers
from tests.judging import CATALOGUE, VOCABULARY
from tests.test_docs import ROOT, blocks

PAGES = [ROOT / "docs" / "matrix.md", ROOT / "docs" / "study.md"]
COMMANDS = [
    line.removeprefix("$ mismatch ").split()
    for page in PAGES
    for block in blocks(page, "console")
    for line in block.splitlines()
]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_runs(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(application(), arguments, catch_exceptions=False)

    assert told.exit_code == 0
    written = [arguments[place + 1] for place, one in enumerate(arguments) if one == "-o"]
    assert [path.name for path in tmp_path.iterdir()] == written
    assert told.stdout or written


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_of_the_documentation_is_current(path: Path) -> None:
    matrix = matrices.build(VOCABULARY, CATALOGUE)
    drawn = picture(path.stem).draw(Shown(matrix, Study(), VOCABULARY, CATALOGUE))

    current = path.read_text(encoding="utf-8") == drawn
    assert current, f"mismatch draw {path.stem} -o docs/pictures/{path.name}"


def test_every_picture_is_listed_and_every_format() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    listed = set(re.findall(r"`([\w-]+)`", text.partition("## Pictures")[2]))

    assert set(names()) <= listed
    for name in tellers("matrix"):
        assert re.search(rf"^\| `?{name}`? \|", text, flags=re.MULTILINE), name


def test_the_numbers_on_the_page_of_the_study_are_right() -> None:
    text = " ".join(PAGES[1].read_text(encoding="utf-8").split())
    study = Study()
    shares = [one for found in figures(study).values() for one in found]

    assert f"of the {len(shares)} shares" in text
    assert sum(not one.agrees for one in shares) == 6
    assert sum(one.where == "text" or not one.about for one in study.differences) == 3


def test_the_python_on_the_page_of_the_study_prints_figure_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = blocks(PAGES[1], "python")
    script = tmp_path / "figure.py"
    script.write_text(text, encoding="utf-8")
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(script))

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Trained model 36.2 36"
    assert len(lines) == 7
