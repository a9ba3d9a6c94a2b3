"""Extensions are begun, examined, and found wanting exactly where they are."""

import re
import shutil
from pathlib import Path

import pytest

from kg.extensions import modules
from kg.workshop.examination import Examined, examine
from kg.workshop.scaffold import scaffold

CASES = Path(__file__).parent / "cases" / "extensions"
BAD = sorted(CASES.glob("bad-*"))
NAME = "lamp"
FOUND_BY = re.compile(r"^# Found by (\w+)(?: on line (\d+))?: (.+)$", re.MULTILINE)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """An extension as it begins."""
    return begun(tmp_path / NAME)


def begun(folder: Path) -> Path:
    for name, text in scaffold(folder.name).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def examined(folder: Path) -> Examined:
    (one,) = examine([folder]).extensions
    return one


def spoilt(fresh: Path, case: Path) -> tuple[str, str, int | None, str]:
    """Lays a case over a fresh extension; tells by what, where and in which words it is found."""
    shutil.copytree(case, fresh, dirs_exist_ok=True)
    for path in sorted(case.rglob("*.*")):
        if found := FOUND_BY.search(path.read_text(encoding="utf-8")):
            check, line, words = found.groups()
            return check, path.relative_to(case).as_posix(), line and int(line), words
    raise AssertionError(case)


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_a_fault_is_found_by_its_check_alone(case: Path, fresh: Path) -> None:
    check, file, line, words = spoilt(fresh, case)

    ((name, fault),) = examined(fresh).faults

    assert (name, fault.line) == (check, line)
    assert file.startswith(fault.file)
    assert words in fault.what
    assert fault.hint


def test_every_check_was_seen_to_find_a_fault() -> None:
    texts = (path.read_text(encoding="utf-8") for path in CASES.rglob("*.*"))
    found = {match[0] for text in texts for match in FOUND_BY.findall(text)}

    assert found == set(modules("kg.workshop.checks"))
