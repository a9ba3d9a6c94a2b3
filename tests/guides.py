"""How a page of the documentation is followed: its files are written, its commands run, in its
order.

A block in a language of files begins with a comment that names its file. Of what a command is shown
to print, `...` stands for lines that are left out.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (\S+)\n")
_LEFT_OUT = "..."
_FOUND = 1
"""The exit code of a command that found something."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page, and what the page shows it to print."""

    text: str
    shown: tuple[str, ...]

    def run(self, folder: Path) -> None:
        """Run it in the folder, and hold what it prints against what is shown."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", self.text],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == "", self.text
        assert done.returncode in {0, _FOUND}, self.text
        pattern = "".join(".*" if line == _LEFT_OUT else _whole(line) for line in self.shown)
        assert re.fullmatch(pattern, done.stdout, re.DOTALL), f"{self.text}\n{done.stdout}"


def _whole(line: str) -> str:
    return f"{re.escape(line)}\n"


def follow(page: Path, folder: Path) -> Iterator[str]:
    """Write and run what the page says; gives each block that is neither a file nor commands."""
    for language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        named = _FILE.match(text)
        if language == "console":
            for command in _commands(text):
                command.run(folder)
        elif named:
            path = folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        else:
            yield text


def _commands(text: str) -> Iterator[Command]:
    for told in text.removeprefix("$ ").split("\n$ "):
        command, *shown = told.rstrip("\n").split("\n")
        yield Command(command, tuple(shown))
