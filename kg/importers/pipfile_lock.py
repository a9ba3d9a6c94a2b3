"""Reads `Pipfile.lock`: every package that pipenv installs, with its version.

Those for development are passed over.
"""

from kg.errors import DescriptorInvalid
from kg.importers._environments import NEEDED, PRESENT, packages_of, place, report_duplicates
from kg.importers._mappings import table
from kg.importers.pipfile import take_interpreter
from kg.reading import Limits, read_json
from kg.statements import Notes, Reading, Source

TITLE = "Pipenv's lock file (Pipfile.lock)"
FILES = "`Pipfile.lock`"
BY_CONTENT = False
STATES = NEEDED | PRESENT

_LIMITS = Limits(size=16 << 20, nodes=500_000)


def claims(source: Source) -> bool:
    """Whether the file has its fixed name."""
    return source.name == "Pipfile.lock"


def read(source: Source) -> Reading:
    """The interpreter and the packages."""
    tree = read_json(source.text(_LIMITS.size), _LIMITS)
    if not isinstance(tree.value, dict) or not tree.value.keys() & {"default", "_meta"}:
        raise DescriptorInvalid("The file locks no packages", "Let pipenv write it again")
    notes = Notes()
    packages = packages_of(source, notes)
    report_duplicates(tree, notes)
    take_interpreter(packages, tree, "_meta", "requires")
    for name, wanted in table(tree.value, "default").items():
        at = place(tree, "default", name, "version")
        version = wanted.get("version") if isinstance(wanted, dict) else None
        written = version if isinstance(version, str) else ""
        packages.add(name, written, at=at)
        if not written:
            packages.pass_over(f"{name} has no version", at)
    packages.complete()
    for group in tree.value:
        if group not in {"default", "_meta"}:
            packages.pass_over(f"{group}: these are not for running", place(tree, group))
    return notes.reading(source.path)
