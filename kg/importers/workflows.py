"""Reads CI configurations: with which Python, packages and system the project is tested, and what
deploys it.

Where jobs test several versions of Python, what stands is the range that they span. All of a
project's jobs speak of one development environment.
"""

import re
from posixpath import join, normpath

from kg.importers._environments import ATTRIBUTES as OF_PACKAGES
from kg.importers._environments import Packages, shortened
from kg.importers._images import take_image
from kg.importers._jobs import Jobs, Said, walk
from kg.importers._mappings import mapping
from kg.importers.conda import take_named
from kg.reading import read_yaml
from kg.statements import Node, Place, Reading, Source

TITLE = "CI configurations (GitHub Actions, GitLab CI, Azure Pipelines)"
BY_CONTENT = False
FILES = "`.github/workflows/*.yml`, `.gitlab-ci.yml`, `azure-pipelines.yml`"
STATES = frozenset(
    {
        *(name for kind, name in OF_PACKAGES.items() if not kind.startswith("needed")),
        *("availableOperatingSystem", "deploymentMechanism", "name"),
    }
)

ATTRIBUTES = {
    "system": "availableOperatingSystem",
    "deployment": "deploymentMechanism",
}

_NAME = re.compile(
    r"(?:.*/)?(?:\.github/workflows/[^/]+|(?:[^/]*[.-])?gitlab-ci(?:[-.][^/]*)?"
    r"|\.?azure-?pipelines?(?:[-./][^/]*)?)\.ya?ml",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"(ubuntu|windows|macos|debian|centos)(?:-.*)?", re.IGNORECASE)
_PYTHON_IMAGE = re.compile(r"(?:.*/)?python:(\d+\.\d+(?:\.\d+)?)(?:-.*)?")
_RELEASE = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,2}")
_RANGE = re.compile(r"[<>=!~^*,]|\.x\b")
_PARTS = 2


def claims(source: Source) -> bool:
    """Whether the file lies where the host looks for it."""
    return bool(_NAME.fullmatch(str(source.path)))


def read(source: Source) -> Reading:
    """The development environment in which jobs run, and what deploys the operational one."""
    tree = read_yaml(source.text())
    _, notes = mapping(tree, "The file is not a mapping of jobs", "Write it as its host asks")
    jobs = walk(tree, notes)
    packages = Packages(notes, Node("DevelopmentEnvironment", named=False))
    _take_pythons(packages, jobs)
    _take_systems(packages, jobs.machines)
    _take_installs(packages, jobs)
    environment = notes.about(Node("OperationalEnvironment", mentioned=True))
    for what, at in jobs.deploying:
        environment.state(
            ATTRIBUTES["deployment"], what, line=at.line, pointer=at.pointer, given=what
        )
    return notes.reading(source.path)


def _take_pythons(packages: Packages, jobs: Jobs) -> None:
    """Take down Python in its only version, or in the range that the versions span."""
    said = list(jobs.pythons)
    for image, at in jobs.images:
        if found := _PYTHON_IMAGE.fullmatch(image):
            said.append((found[1], at))
        else:
            take_image(packages, image, at)
    known: dict[tuple[int, ...], Said] = {}
    for text, at in said:
        if _RELEASE.fullmatch(text):
            known.setdefault(tuple(map(int, text.split("."))), (text, at))
        else:
            _take_odd(packages, text, at)
    if not known:
        return
    low, high = min(known), max(known)
    text, at = known[low]
    packages.language("Python", at)
    if low == high:
        packages.add("python", text, "tag", at=at)
    elif len(low) < _PARTS or len(high) < _PARTS:
        packages.add("python", f">={text}", at=at)
    else:
        packages.add("python", f">={text},<{high[0]}.{high[1] + 1}", at=at)


def _take_odd(packages: Packages, text: str, at: Place) -> None:
    """A range of versions, or what is none at all."""
    if _RANGE.search(text):
        packages.add("python", text, "semver", at=at)
    else:
        packages.pass_over(f"{shortened(text)} is no released version of Python", at)


def _take_systems(packages: Packages, machines: list[Said]) -> None:
    """Take down the system, where all jobs run on one; its release may be another in each."""
    found: dict[str, Place] = {}
    for text, at in machines:
        if system := _SYSTEM.fullmatch(text):
            found.setdefault(system[1].lower(), at)
        else:
            packages.pass_over(f"which system {shortened(text)} has is not known", at)
    for name, at in found.items():
        if len(found) == 1:
            about = packages.notes.about(packages.node)
            about.part(ATTRIBUTES["system"], name, line=at.line, pointer=at.pointer)
        else:
            packages.pass_over(f"{name} is one of several systems that jobs run on", at)


def _take_installs(packages: Packages, jobs: Jobs) -> None:
    for path, at in jobs.files:
        packages.notes.claim((normpath(path),), packages.node, at.line)
    for install, folder in jobs.installed:
        at = Place(install.line)
        if install.kind == "file":
            path = normpath(join(folder, install.text))
            if not path.startswith(("..", "/")) and "$" not in path:
                packages.notes.claim((path,), packages.node, install.line)
        elif "$" in install.text:
            packages.pass_over(f"{shortened(install.text)} is filled in when the job runs", at)
        else:
            take_named(packages, install.kind, install.text, at)
