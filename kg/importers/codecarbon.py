"""Reads what CodeCarbon recorded of runs: on which system, and with which Python, they were made.

Each row is a run that was measured, so all is observed, and the last run counts. Of the Python its
release without the third part is stated, since runs of one project differ in that. Whose machine
it was a record does not tell, so processors and memory are passed over.
"""

import csv
import re
from collections.abc import Mapping

from kg.errors import DescriptorInvalid
from kg.reading import lines
from kg.statements import Node, Notes, Reading, Source, Subject
from kg.versions import normalise_range

TITLE = "CodeCarbon runs (emissions.csv)"
FILES = "CSV files with the columns that CodeCarbon writes, mostly `emissions.csv`"
BY_CONTENT = False

ATTRIBUTES = {
    "software": "availableSoftware",
    "language": "availableLanguage",
    "version": "versionRange",
    "system": "availableOperatingSystem",
    "class": "environmentClass",
}
STATES = frozenset(ATTRIBUTES.values()) | {"name"}

_HEADER = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?timestamp,(?:project_name|experiment_id),.*\bemissions\b"
)
# What platform.platform() begins with, and what the system is called.
_SYSTEMS = {"linux": "linux", "windows": "windows", "macos": "macos", "darwin": "macos"}
_RELEASE = re.compile(r"\d{1,3}\.\d{1,3}(?![^.+])")
_PLACES = ("os", "python_version", "cpu_count", "cpu_model", "gpu_model", "ram_total_size")


def claims(source: Source) -> bool:
    """Whether the first line has the columns that CodeCarbon writes."""
    named = source.suffix == ".csv"
    return named and bool(_HEADER.match(source.head.partition(b"\n")[0]))


def read(source: Source) -> Reading:
    """The machine and the Python of the last run."""
    rows = [(number, line) for number, line in lines(source.text()) if line.strip()]
    header, *records = (next(csv.reader([line]), []) for _, line in rows)
    runs = [dict(zip(header, record, strict=False)) for record in records]
    notes = Notes()
    if not runs:
        raise DescriptorInvalid("The file has no run", "Leave it out until there is one")
    broken = next((at for at, record in enumerate(records) if len(record) != len(header)), None)
    if broken is not None:
        cells = f"the {len(header)} cells of the header"
        notes.problem(f"A row does not have {cells}. Let CodeCarbon write it.", rows[broken + 1][0])
    last, line = runs[-1], rows[-1][0]
    others = [run for run in runs if any(run.get(key) != last.get(key) for key in _PLACES)]
    if others:
        because = f"{len(others)} earlier runs were made on another machine, or with another Python"
        notes.pass_over(because, line)
    about = notes.about(Node("DevelopmentEnvironment", named=False), observed=True)
    _take_software(about, last, line)
    notes.pass_over("what the runs emitted, took and used is not stated", rows[0][0])
    notes.pass_over("whose processors and memory these are is not known", line)
    return notes.reading(source.path)


def _take_software(about: Subject, run: Mapping[str, str], line: int) -> None:
    release = run.get("python_version", "").strip()
    if release and not _RELEASE.match(release):
        about.notes.problem(f'python_version is "{release[:80]}", which is no release', line)
    elif found := _RELEASE.match(release):
        text = normalise_range(found[0], "tag")
        part = about.part(ATTRIBUTES["software"], "python", line=line, pointer="python_version")
        part.state(ATTRIBUTES["version"], text, line=line, given=release)
        about.state(ATTRIBUTES["language"], "Python", line=line, given=release)
    system = run.get("os", "").strip()
    if name := _SYSTEMS.get(system.partition("-")[0].lower()):
        about.part(ATTRIBUTES["system"], name, line=line, pointer="os")
    if run.get("on_cloud", "").strip() == "Y":
        about.state(ATTRIBUTES["class"], "public-cloud", line=line, pointer="on_cloud")
