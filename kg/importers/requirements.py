"""Reads the requirements files that pip installs from, and the constraints beside them.

A line that only some machines heed is passed over, since the file does not say which machine is
meant.
"""

import re
from collections.abc import Iterator

from kg.importers._environments import NEEDED, PRESENT, claim_companions, packages_of
from kg.importers._pip import take_line
from kg.reading import lines
from kg.statements import Notes, Place, Reading, Source

TITLE = "Requirements and constraints for pip"
FILES = (
    "`requirements.txt`, `constraints.txt`, `requirements.in`, also with a word before or "
    "after, and what lies in a folder `requirements`"
)
BY_CONTENT = False
STATES = NEEDED | PRESENT

_NAME = re.compile(
    r"(?:.*[-_.])?(?:requirements?|constraints?)(?:[-_.0-9].*)?\.(?:txt|in|pip)", re.IGNORECASE
)
_PROJECTS = frozenset({"pyproject.toml", "Pipfile"})
_COMMENT = re.compile(r"(?:^|\s)#.*")
_LIMIT = re.compile(r"([\w.-]+)\s*([<>=!~][^;]*)")


def claims(source: Source) -> bool:
    """Whether the file is called so, or lies in a folder called `requirements`."""
    in_folder = source.path.parent.name == "requirements" and source.path.suffix in {".txt", ".in"}
    return in_folder or bool(_NAME.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The packages asked for; of a constraints file only the versions they may have."""
    notes = Notes()
    packages = packages_of(source, notes)
    # A project's own file comes before requirements, and several of those cannot share a lock.
    if source.name == "requirements.txt" and not _PROJECTS & source.neighbours:
        claim_companions(source, notes)
    limiting = "constraint" in source.name.lower()
    for line, text in _logical_lines(source.text()):
        if limiting and (limit := _LIMIT.fullmatch(text)):
            packages.limit(limit[1], limit[2], Place(line))
        else:
            take_line(packages, text, source.folder, Place(line))
    if source.name == "requirements.txt":
        packages.list_whole(source.name)
    return notes.reading(source.path)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each requirement with the line on which it begins; continued lines are joined."""
    begun, parts = 0, list[str]()
    for number, line in lines(text):
        begun = begun if parts else number
        continued = line.endswith("\\") and not line.lstrip().startswith("#")
        parts.append(_COMMENT.sub("", line.removesuffix("\\") if continued else line))
        if continued:
            continue
        if joined := "".join(parts).strip():
            yield begun, joined
        parts = []
    if joined := "".join(parts).strip():
        yield begun, joined
