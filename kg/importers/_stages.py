"""Follows the stages of a Dockerfile: what each installs, copies, and has from others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from posixpath import basename, dirname, join, normpath

from kg.errors import DescriptorInvalid
from kg.importers._environments import shortened
from kg.importers._images import substituted
from kg.importers._installs import Install, installs
from kg.importers._instructions import Instruction
from kg.statements import Notes

# Where pip, conda and virtual environments put packages: who copies such a folder has the packages.
_PACKAGES = re.compile(
    r"site-packages|dist-packages|\.local|venv|virtualenv|/env\b|wheel|conda|/install"
    r"|^/usr/local/?$|^/$"
)
_OF_RUNNING = {
    *("CMD", "ENTRYPOINT", "HEALTHCHECK", "LABEL", "MAINTAINER"),
    *("ONBUILD", "SHELL", "STOPSIGNAL", "USER", "VOLUME"),
}
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_NAMED = 3
_LIKELY = 20
_HELD = 10_000
_STAGES = 200


@dataclass(slots=True, eq=False)
class Stage:
    """What one stage of a build does, and what it has from the stage that it is built on.

    `copied` holds where a copy comes from in the build's folder, where it lands, and the line;
    `exposed` the ports that are exposed, each with its line; an
    install from a file has as its text all paths that the file may have there, one a line.
    """

    image: str
    line: int
    base: "Stage | None" = None
    folder: str = "/"
    variables: dict[str, str] = field(default_factory=dict)
    installed: list[Install] = field(default_factory=list)
    copied: list[tuple[str, str, int]] = field(default_factory=list)
    passed_over: list[tuple[str, int]] = field(default_factory=list)
    exposed: list[tuple[int, int]] = field(default_factory=list)

    def and_bases(self) -> "Iterator[Stage]":
        """The stage, the one it is built on, and so on to the one that begins with an image."""
        stage: Stage | None = self
        while stage:
            yield stage
            stage = stage.base

    def filled(self, text: str) -> str:
        """The text with the values of variables; as it is where one is not known."""
        found = substituted(text, self.variables)
        return text if found is None else found

    def origins(self, path: str) -> Iterator[str]:
        """Where in the build's folder a file of the image may come from, the likeliest first."""
        wanted = normpath(join(self.folder, path))
        folders = []
        for source, target, _ in reversed(self.copied):
            within = wanted.removeprefix(f"{target.rstrip('/')}/")
            if target == wanted:
                yield source
            elif within == wanted:
                continue
            # Docker copies a folder's content, but a file itself.
            elif "*" in source or basename(source) == within:
                yield join(dirname(source), within)
            else:
                folders.append(join(source, within))
        yield from folders
        yield path.lstrip("/")


def follow(instructions: list[Instruction], notes: Notes) -> list[Stage]:
    """The stages of a Dockerfile, in their order; what is no instruction becomes a problem."""
    build = _Build(notes)
    for instruction in instructions:
        build.take(instruction)
    return build.stages


class _Build:
    """Follows the instructions one by one."""

    def __init__(self, notes: Notes) -> None:
        self.stages: list[Stage] = []
        self._notes = notes
        self._names: dict[str, Stage] = {}
        self._given: dict[str, str] = {}

    def take(self, instruction: Instruction) -> None:
        """Follow one instruction."""
        if instruction.name == "FROM":
            self._begin(instruction)
        elif instruction.name == "ARG" and not self.stages:
            self._given |= _assigned(instruction, self._given)
        elif self.stages:
            self._follow(instruction, self.stages[-1])
        else:
            self._notes.problem("The file does not begin with FROM", instruction.line)

    def _begin(self, instruction: Instruction) -> None:
        words = [word.text for word in instruction.words()] or [""]
        image = substituted(words[0], self._given) or ""
        stage = Stage(image, instruction.line, self._names.get(image.lower()))
        if base := stage.base:
            stage.folder, stage.variables = base.folder, dict(base.variables)
            stage.installed, stage.copied = list(base.installed), list(base.copied)
            stage.passed_over, stage.exposed = list(base.passed_over), list(base.exposed)
        elif not words[0]:
            self._notes.problem("FROM names no image", instruction.line)
        elif not image:
            because = f"which image {shortened(words[0])} means is decided when it is built"
            stage.passed_over.append((because, instruction.line))
        if len(self.stages) >= _STAGES:
            raise DescriptorInvalid(
                f"The file has more than {_STAGES} stages", "Split it", line=instruction.line
            )
        self._names[str(len(self.stages))] = stage
        self.stages.append(stage)
        if len(words) >= _NAMED and words[1].lower() == "as":
            self._names[words[2].lower()] = stage

    def _follow(self, instruction: Instruction, stage: Stage) -> None:
        name, line = instruction.name, instruction.line
        if name in {"ARG", "ENV"}:
            outer = self._given if name == "ARG" else {}
            for key, value in _assigned(instruction, stage.variables).items():
                stage.variables[key] = value or outer.get(key, "")
        elif name == "WORKDIR":
            stage.folder = normpath(join(stage.folder, stage.filled(instruction.text)))
        elif name in {"COPY", "ADD"}:
            self._copy(instruction, stage)
        elif name == "RUN":
            _run(instruction, stage)
        elif name == "EXPOSE":
            _expose(instruction, stage)
        elif name in _OF_RUNNING:
            because = f"{name} says how the image is run, not what is in it"
            stage.passed_over.append((because, line))
        else:
            what = shortened(name) or "This"
            self._notes.problem(f"{what} is no instruction of a Dockerfile", line)

    def _copy(self, instruction: Instruction, stage: Stage) -> None:
        *sources, target = [stage.filled(word.text) for word in instruction.words()] or [""]
        landed = normpath(join(stage.folder, target))
        origin = instruction.flag("from")
        other = self._names.get(origin.lower())
        if origin and (other is None or other is stage):
            because = f"what the image {shortened(origin)} holds is not known"
            stage.passed_over.append((because, instruction.line))
            return
        for source in sources:
            if other:
                _carry(other, stage, normpath(join("/", source)), landed)
                # Stages that copy from each other can double what they hold each time.
                if len(stage.copied) + len(stage.installed) > _HELD:
                    raise DescriptorInvalid(
                        f"A stage holds more than {_HELD:,} copies and packages",
                        "Split the file",
                        line=instruction.line,
                    )
            elif not re.match(r"[a-z]+://|git@", source):
                inside = normpath(source.lstrip("/") or ".")
                stage.copied.append((inside, landed, instruction.line))


def _expose(instruction: Instruction, stage: Stage) -> None:
    for word in instruction.words():
        port, _, protocol = stage.filled(word.text).partition("/")
        if _PORT.fullmatch(port) and protocol.lower() in {"", "tcp"}:
            stage.exposed.append((int(port), instruction.line))
        else:
            because = f"which ports {shortened(word.text)} means is not one number of TCP"
            stage.passed_over.append((because, instruction.line))


def _run(instruction: Instruction, stage: Stage) -> None:
    found = [install for command in instruction.commands() for install in installs(command)]
    for install in found:
        text = substituted(install.text, stage.variables)
        if install.kind == "file":
            origins = islice(stage.origins(stage.filled(install.text)), _LIKELY)
            text = "\n".join(dict.fromkeys(origins))
        elif text is None:
            text = re.split(r"[<>=!~\[$]", install.text)[0]
            because = f"the version in {shortened(install.text)} is decided when it is built"
            stage.passed_over.append((because, install.line))
        if text:
            stage.installed.append(replace(install, text=text))
    if not found:
        because = f"what this installs, if anything, is not known: {shortened(instruction.text)}"
        stage.passed_over.append((because, instruction.line))


def _carry(other: Stage, stage: Stage, source: str, landed: str) -> None:
    """Copies out of another stage: its packages where they lie there, and its own copies."""
    inside = f"{source.rstrip('/')}/"
    # Poetry and uv put their virtual environment into the folder they work in.
    local = any(install.text.partition("\n")[0].endswith(".lock") for install in other.installed)
    if _PACKAGES.search(source) or (local and f"{other.folder}/".startswith(inside)):
        stage.installed += other.installed
    for origin, target, line in other.copied:
        if f"{target}/".startswith(inside):
            stage.copied.append((origin, normpath(join(landed, target[len(inside) :])), line))


def _assigned(instruction: Instruction, variables: dict[str, str]) -> dict[str, str]:
    """The variables that an ARG or ENV sets, with their values as far as these are known."""
    words = [word.text for word in instruction.words()]
    if instruction.name == "ENV" and len(words) > 1 and "=" not in words[0]:
        words = [f"{words[0]}={' '.join(words[1:])}"]
    pairs = (word.partition("=") for word in words)
    return {name: substituted(value, variables) or "" for name, _, value in pairs}
