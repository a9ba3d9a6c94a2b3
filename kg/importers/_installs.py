"""What the commands of a Dockerfile install: packages by name, and the files that list others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath

from kg.importers._shell import Command, Word

PROJECT_FILE = "pyproject.toml"
_PIP = re.compile(r"pip(?:\d(?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:\d(?:\.\d+)?)?")
_SYSTEM = {"apt-get", "apt", "apk", "yum", "dnf", "microdnf", "zypper", "pacman"}
_SYSTEM_PYTHON = re.compile(r"python(\d\.\d+)")
_CONDA = {"conda", "mamba", "micromamba"}
_BEFORE = {"sudo", "exec", "time", "env", "command", "nice", "-E", "!", "if", "then", "do", "\\"}
_LOCKS = {
    ("poetry", "install"): ("poetry.lock", "pyproject.toml"),
    ("poetry", "sync"): ("poetry.lock", "pyproject.toml"),
    ("poetry", "export"): ("poetry.lock", "pyproject.toml"),
    ("uv", "sync"): ("uv.lock", "pyproject.toml"),
    ("uv", "export"): ("uv.lock", "pyproject.toml"),
    ("pdm", "install"): ("pdm.lock", "pyproject.toml"),
    ("pdm", "sync"): ("pdm.lock", "pyproject.toml"),
    ("pipenv", "install"): ("Pipfile.lock", "Pipfile"),
    ("pipenv", "sync"): ("Pipfile.lock", "Pipfile"),
    ("pixi", "install"): ("pixi.lock", "pixi.toml"),
}
# Options that take the next word as their value, which names nothing to install.
_PIP_VALUES = frozenset(
    [
        *("-i", "-f", "-t", "-C"),
        *("-w", "-d", "--index-url", "--extra-index-url"),
        *("--find-links", "--target", "--prefix", "--root"),
        *("--trusted-host", "--timeout", "--retries", "--progress-bar"),
        *("--no-binary", "--only-binary", "--platform", "--python-version"),
        *("--implementation", "--abi", "--upgrade-strategy", "--cache-dir"),
        *("--log", "--proxy", "--cert", "--src"),
        *("--config-settings", "--report", "--python", "--wheel-dir"),
        *("--dest", "--index", "--default-index", "--index-strategy"),
        *("--link-mode"),
    ]
)
_PIP_VERBS = {"install", "sync", "wheel", "download"}
_PIP_FILES = frozenset({"-r", "--requirement", "-c", "--constraint", "--requirements"})
_EDITABLE = frozenset({"-e", "--editable"})
_CONDA_VALUES = frozenset({"-n", "--name", "-p", "--prefix", "-c", "--channel", "--solver"})
_CONDA_FILES = frozenset({"-f", "--file"})
_LOCAL = re.compile(r"(\.{0,2}/[^\[\]]*|\.{1,2}|/[^\[\]]*)(?:\[[^]]*\])?")


@dataclass(frozen=True, slots=True)
class Install:
    """One thing that is installed: `kind` is `pip`, `conda`, `python` or `file`."""

    kind: str
    text: str
    line: int
    cut: str = ""


def installs(command: Command) -> Iterator[Install]:
    """What one command installs; nothing where it installs nothing that is known here."""
    words = _bare(command)
    if not words:
        return
    name, rest = words[0].text.rpartition("/")[2], words[1:]
    if _PYTHON.fullmatch(name) and len(rest) > 1 and rest[0].text == "-m":
        name, rest = rest[1].text, rest[2:]
    if name == "uv" and rest and rest[0].text == "pip":
        name, rest = "pip", rest[1:]
    verb = next((word.text for word in rest if not word.text.startswith("-")), "")
    if _PIP.fullmatch(name) and verb in _PIP_VERBS:
        yield from _pip(rest, files=verb == "sync")
    elif name == "pip-sync":
        yield from _pip(
            [words[0], *(rest or [Word("requirements.txt", words[0].line)])], files=True
        )
    elif name in _CONDA:
        yield from _conda(rest)
    elif name in _SYSTEM and verb in {"install", "add"}:
        yield from _system(rest)
    for file in _LOCKS.get((name, verb), ()):
        yield Install("file", file, words[0].line)


def _system(words: Command) -> Iterator[Install]:
    """Of the system's packages only Python tells its version in its name."""
    for word in words:
        if found := _SYSTEM_PYTHON.fullmatch(word.text):
            yield Install("python", f"=={found[1]}.*", word.line)


def _bare(command: Command) -> Command:
    """The command without settings of variables and words such as `sudo` before it."""
    at = 0
    while at < len(command) and (
        command[at].text in _BEFORE or re.match(r"[A-Za-z_]\w*=", command[at].text)
    ):
        at += 1
    return command[at:]


def _pip(words: Command, *, files: bool) -> Iterator[Install]:
    for option, word in _arguments(words, 1, _PIP_FILES | _EDITABLE, _PIP_VALUES):
        value = word.text
        local = _LOCAL.fullmatch(value)
        if option in _PIP_FILES or (files and not option):
            yield Install("file", value, word.line)
        elif local and not value.endswith((".whl", ".tar.gz", ".zip")):
            # What a wildcard stands for was gathered before.
            if "*" not in value:
                yield Install("file", normpath(join(local[1], PROJECT_FILE)), word.line)
        else:
            yield Install("pip", value, word.line, word.cut)


def _conda(words: Command) -> Iterator[Install]:
    plain = [word.text for word in words if not word.text.startswith("-")]
    verbs = plain[:2] if plain[:1] == ["env"] else plain[:1]
    if not verbs or verbs[-1] not in {"create", "install", "update"}:
        return
    seen = list(_arguments(words, len(verbs), _CONDA_FILES, _CONDA_VALUES))
    for option, word in seen:
        kind = "file" if option else "conda"
        if option or verbs[0] != "env":
            yield Install(kind, word.text, word.line, word.cut)
    if verbs[0] == "env" and not seen:
        yield Install("file", "environment.yml", words[0].line)


def _arguments(
    words: Command, skip: int, wanted: frozenset[str], valued: frozenset[str]
) -> Iterator[tuple[str, Word]]:
    """Each word after the first `skip` that is no option; with the option, each wanted value."""
    option = ""
    for word in words:
        text, short = word.text, word.text[:2]
        name, equals, value = text.partition("=")
        if option:
            if option in wanted:
                yield option, word
            option = ""
        elif not text.startswith("-"):
            if skip <= 0:
                yield "", word
            skip -= 1
        elif equals and name in wanted:
            yield name, Word(value, word.line)
        elif short in wanted and len(text) > len(short):
            yield short, Word(text[2:], word.line)
        elif text in wanted or text in valued:
            option = text
