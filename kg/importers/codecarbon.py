"""Reads the `emissions.csv` of CodeCarbon: on which machine, and with which Python, runs were made.

Each row is a run that was measured, so all is observed. The last run counts; that others were made
elsewhere is passed over, and so is what the runs emitted.
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
    "processors": "availableProcessors",
    "memory": "availableMemory",
    "graphics": "availableGpus",
    "class": "environmentClass",
}
STATES = frozenset(ATTRIBUTES.values()) | {"name"}

_HEADER = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?timestamp,(?:project_name|experiment_id),.*\bemissions\b"
)
_MILLI = 1000
_GIBI = 1 << 30
# What platform.platform() begins with, and what the system is called.
_SYSTEMS = {"linux": "linux", "windows": "windows", "macos": "macos", "darwin": "macos"}
_PLACES = ("os", "python_version", "cpu_count", "cpu_model", "gpu_model", "ram_total_size")


def claims(source: Source) -> bool:
    """Whether the first line has the columns that CodeCarbon writes."""
    named = source.path.suffix.lower() == ".csv"
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
    _take_machine(about, last, line)
    notes.pass_over("what the runs emitted, took and used is not stated", rows[0][0])
    return notes.reading(source.path)


def _take_software(about: Subject, run: Mapping[str, str], line: int) -> None:
    for key, package in (("python_version", "python"), ("codecarbon_version", "codecarbon")):
        release = run.get(key, "").strip()
        try:
            text = normalise_range(release, "exact") if release else ""
        except DescriptorInvalid as error:
            about.notes.problem(f"{key}: {error.sentences}", line)
            continue
        if text:
            part = about.part(ATTRIBUTES["software"], package, line=line, pointer=key)
            part.state(ATTRIBUTES["version"], text, line=line, pointer=key, given=release)
            if package == "python":
                about.state(ATTRIBUTES["language"], "Python", line=line, pointer=key)
    system = run.get("os", "").strip()
    if name := _SYSTEMS.get(system.partition("-")[0].lower()):
        about.part(ATTRIBUTES["system"], name, line=line, pointer="os")


def _take_machine(about: Subject, run: Mapping[str, str], line: int) -> None:
    for key, kind, scale in (
        ("cpu_count", "processors", _MILLI),
        ("ram_total_size", "memory", _GIBI),
        ("gpu_count", "graphics", 1),
    ):
        given = run.get(key, "").strip()
        try:
            amount = round(float(given) * scale) if given else 0
        except (ValueError, OverflowError):
            about.notes.problem(f'{key} is "{given[:80]}", which is no number', line)
            continue
        if amount > 0:
            about.state(ATTRIBUTES[kind], amount, line=line, pointer=key, given=given)
    if run.get("on_cloud", "").strip() == "Y":
        about.state(ATTRIBUTES["class"], "public-cloud", line=line, pointer="on_cloud")
