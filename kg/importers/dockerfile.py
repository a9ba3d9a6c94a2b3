"""Reads Dockerfiles: the image that a container starts from, what is installed and copied into it.

Only what ends up in the last stage counts. Nothing is run and no registry is asked, so what a
script installs, or an image of one's own holds, is passed over.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import join, normpath

from kg.errors import DescriptorInvalid
from kg.importers._environments import PRESENT, Packages, shortened
from kg.importers._images import ATTRIBUTES as OF_IMAGES
from kg.importers._images import link_model, take_image
from kg.importers._installs import Install
from kg.importers._instructions import instructions
from kg.importers._stages import Stage, follow
from kg.importers.conda import take_named
from kg.statements import Node, Notes, Place, Reading, Source

TITLE = "Container images (Dockerfile)"
FILES = "`Dockerfile`, `Containerfile`, also with a word before or after"
BY_CONTENT = False
ATTRIBUTES = {"port": "exposedPort"}
STATES = PRESENT | frozenset([*ATTRIBUTES.values(), OF_IMAGES["accelerator"]])

_LARGEST = 512 * 1024
_NAME = re.compile(
    r"(?:docker|container)file(?:[-_.](?!dockerignore|md$|txt$|j2$|ya?ml$).+)?"
    r"|.+\.(?:docker|container)file",
    re.IGNORECASE,
)
_DEVELOPMENT = {".devcontainer"}


def claims(source: Source) -> bool:
    """Whether the file is called so."""
    return bool(_NAME.fullmatch(source.name))


def read(source: Source) -> Reading:
    """What the image of the last stage has; the environment is known by the file."""
    notes = Notes()
    stages = follow(instructions(source.text(_LARGEST)), notes)
    if not stages:
        raise DescriptorInvalid(
            "The file has no FROM, so no image is built", "Begin it with FROM and an image"
        )
    developing = not _DEVELOPMENT.isdisjoint(source.path.parts)
    kind = "DevelopmentEnvironment" if developing else "OperationalEnvironment"
    packages = Packages(notes, Node(kind, str(source.path), named=False))
    running = list(stages[-1].and_bases())
    for stage in stages:
        if stage not in running:
            what = f"the stage from {shortened(stage.image)} only builds what is copied out of it"
            notes.pass_over(what, stage.line)
    _take_stage(packages, source.folder, stages[-1], running[-1])
    notes.keep_last("versionRange", "a later instruction installs another version")
    return notes.reading(source.path)


def _take_stage(packages: Packages, folder: str, stage: Stage, first: Stage) -> None:
    """What a stage has, and the image that the first of its bases begins with."""
    if first.image == "scratch":
        packages.pass_over("the image is built from nothing", Place(first.line))
    elif first.image:
        take_image(packages, first.image, Place(first.line))
    for install in stage.installed:
        _take_install(packages, folder, install)
    for origin, _, line in stage.copied:
        for path in _below(folder, origin):
            link_model(packages, path, "the image gets a copy of the model", line)
    if packages.node.kind == "OperationalEnvironment":
        about = packages.notes.about(packages.node)
        for port, line in stage.exposed:
            about.state(ATTRIBUTES["port"], port, line=line, given=str(port))
    for because, line in stage.passed_over:
        packages.pass_over(because, Place(line))


def _take_install(packages: Packages, folder: str, install: Install) -> None:
    at = Place(install.line)
    if install.kind == "file":
        paths = (path for origin in install.text.split("\n") for path in _below(folder, origin))
        packages.notes.claim(dict.fromkeys(paths), packages.node, install.line)
        return
    packages.language("Python", at)
    take_named(packages, install.kind, install.text, at)
    if install.cut:
        whole = f"{install.text}{install.cut}"
        packages.refuse(f"The shell takes {install.cut} as a redirection: quote '{whole}'", at)


def _below(folder: str, path: str) -> Iterator[str]:
    """The path as seen from the Dockerfile's folder and each above: any may be the build's."""
    for here in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        found = normpath(join(here, path))
        if not found.startswith(("../", "/")) and found != "..":
            yield found
