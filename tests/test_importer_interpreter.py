"""Files that name a Python version for tools."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import interpreter
from tests.importing import lines, read_case, read_text, reasons, software, values

CASE = "three-files"


@pytest.mark.parametrize(
    ("file", "version", "line"),
    [
        (".python-version", "==3.11.6", 1),
        ("runtime.txt", "==3.11.6", 1),
        (".tool-versions", "==3.11.*", 2),
    ],
)
def test_the_version_is_read(file: str, version: str, line: int) -> None:
    reading = read_case(interpreter, CASE, file)

    assert software(reading) == {"python": [version]}
    assert lines(reading, "versionRange") == [line]
    assert values(reading, "availableLanguage") == ["Python"]


def test_only_the_first_version_is_what_runs() -> None:
    said = reasons(read_case(interpreter, CASE, ".python-version"))

    assert said == "2: 3.10 is not what runs `python`"


@pytest.mark.parametrize("text", ["pypy3.9-7.3.9", "my-environment", "# none yet"])
def test_what_names_no_cpython_states_nothing(text: str, tmp_path: Path) -> None:
    assert read_text(interpreter, tmp_path, ".python-version", text).statements == ()


@pytest.mark.parametrize("data", [b"", b" \n", b"\x80\x04\x00\x01"])
def test_what_is_empty_or_no_text_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(interpreter, tmp_path, ".python-version", data)
