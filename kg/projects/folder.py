"""Walks a project's folder: which files there are to read, and what is passed over.

All files that git tracks or would track are looked at. Of the ignored ones only those of a kind
that an importer knows by name or first bytes. Never entered: version control, virtual environments,
caches, node_modules. Symbolic links are not followed, so nothing outside the folder is read.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kg.projects.settings import FILE, Settings, matches
from kg.statements import Source

SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        "node_modules",
        "__pycache__",
        "site-packages",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".ipynb_checkpoints",
        ".eggs",
        ".cache",
        ".terraform",
        ".idea",
        ".vscode",
        ".hypothesis",
        ".gradle",
    ]
)
_HEAD = 4096
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Found:
    """A file below the project, and whether git ignores it."""

    path: PurePosixPath
    location: Path
    ignored: bool


def walk(folder: Path, settings: Settings) -> Iterator[Found]:
    """Every regular file that may be read, in the order of paths."""
    ignored = _ignored(folder)
    for root, folders, files in os.walk(folder):
        here = Path(root)
        below = PurePosixPath(here.relative_to(folder).as_posix())
        folders[:] = sorted(n for n in folders if _entered(here / n, below / n, settings))
        for name in sorted(files):
            path, location = below / name, here / name
            if str(path) == FILE or location.is_symlink() or not location.is_file():
                continue
            wanted = any(matches(path, glob) for glob in settings.include)
            if wanted or not _left_out(path, settings):
                yield Found(path, location, not wanted and _is_ignored(path, ignored))


def source(found: Found, neighbours: frozenset[str], knowledge: tuple[Path, ...]) -> Source:
    """The file as importers are given it; raises OSError where it cannot be read."""
    with found.location.open("rb") as stream:
        head = stream.read(_HEAD)
    return Source(found.path, found.location, head, "", neighbours, knowledge)


def digest(location: Path) -> str:
    """SHA-256 of the file's bytes in hexadecimal, read in pieces."""
    with location.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _entered(location: Path, path: PurePosixPath, settings: Settings) -> bool:
    if location.is_symlink():
        return False
    included = any(matches(path, g) or g.startswith(f"{path}/") for g in settings.include)
    return included or not (_left_out(path, settings) or (location / "pyvenv.cfg").is_file())


def _left_out(path: PurePosixPath, settings: Settings) -> bool:
    return bool(SKIPPED & set(path.parts)) or any(matches(path, g) for g in settings.exclude)


def _ignored(folder: Path) -> frozenset[str]:
    # Hooks and monitors that a foreign repository configures must not run.
    command = (
        *_GIT,
        "ls-files",
        "-z",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--directory",
    )
    try:
        done = subprocess.run(  # noqa: S603 - see above
            command, cwd=folder, capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return (
        frozenset(name.rstrip("/") for name in names if name)
        if done.returncode == 0
        else frozenset()
    )


def _is_ignored(path: PurePosixPath, ignored: frozenset[str]) -> bool:
    return bool(ignored) and any(str(part) in ignored for part in (path, *path.parents))
