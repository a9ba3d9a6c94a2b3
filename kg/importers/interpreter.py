"""Reads the small files that name a Python version for tools, such as `.python-version`."""

import re

from kg.errors import DescriptorInvalid
from kg.importers._environments import NEEDED, PRESENT, packages_of, shortened
from kg.reading import lines
from kg.statements import Notes, Place, Reading, Source

TITLE = "Python version files (.python-version, runtime.txt, .tool-versions)"
FILES = "`.python-version`, `runtime.txt`, `.tool-versions`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_NAMES = {".python-version", "runtime.txt", ".tool-versions"}
_VERSION = re.compile(
    r"(?:(?:c?python)[-\s]+)?v?(\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?)", re.IGNORECASE
)
_LONGEST = 2**16


def claims(source: Source) -> bool:
    """Whether the file has a name that pyenv, Heroku or asdf looks for."""
    return source.name in _NAMES


def read(source: Source) -> Reading:
    """The first version of Python that is named; a build that is not CPython's is passed over."""
    notes = Notes()
    packages = packages_of(source, notes)
    named = False
    text = source.text(_LONGEST)
    if not text.strip():
        raise DescriptorInvalid(
            "The file is empty", "Write a version, such as 3.11.6, or remove it"
        )
    for line, written in lines(text):
        wanted = written.split("#")[0].strip()
        found = _VERSION.fullmatch(" ".join(wanted.split()[:2]))
        if found and not named:
            packages.add("python", found[1], "tag", at=Place(line))
            named = True
        elif wanted:
            packages.pass_over(f"{shortened(wanted)} is not what runs `python`", Place(line))
    return notes.reading(source.path)
