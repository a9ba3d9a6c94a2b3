"""Walks a project's folder: which files there are to read, and what is passed over.

All files that git tracks or would track are looked at. Of the ignored ones only those of a kind
that an importer knows by name or first bytes. Never entered: version control, virtual environments,
caches, node_modules. Symbolic links are not followed, so nothing outside the folder is read.
"""

import hashlib
import os
import stat
import subprocess
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kg.errors import DescriptorInvalid
from kg.projects.settings import FILE, Settings, matches
from kg.statements import Problem, Source

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
# Python 3.11 walks by recursion, and no project is laid out in so many levels.
_DEEPEST = 100
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Found:
    """A file below the project, and whether git ignores it."""

    path: PurePosixPath
    location: Path
    ignored: bool


def walk(folder: Path, settings: Settings, problems: list[Problem]) -> Iterator[Found]:
    """Every regular file that may be read, in the order of paths.

    What cannot be looked at is taken down among the problems.
    """
    ignored = _ignored(folder)

    def refuse(fault: OSError) -> None:
        below = Path(fault.filename).relative_to(folder).as_posix()
        message = f"It cannot be read: {fault.strerror}. Check its permissions."
        problems.append(Problem(shown(below), message))

    for root, folders, files in os.walk(folder, onerror=refuse):
        here = Path(root)
        below = PurePosixPath(here.relative_to(folder).as_posix())
        folders[:] = sorted(n for n in folders if _entered(here / n, below / n, settings))
        if folders and len(below.parts) == _DEEPEST:
            folders.clear()
            message = f"What lies more than {_DEEPEST} folders deep is not read. Move it up."
            problems.append(Problem(shown(below), message))
        for name in sorted(files):
            path, location = below / name, here / name
            if str(path) == FILE or not _is_regular(location, refuse):
                continue
            wanted = any(matches(path, glob) for glob in settings.include)
            if wanted or not _left_out(path, settings):
                yield Found(path, location, not wanted and _is_ignored(path, ignored))


def shown(path: str | PurePosixPath) -> str:
    """The path as text, whatever bytes it is made of."""
    return str(path).encode("utf-8", "replace").decode()


def require_content(given: Source) -> None:
    """Raises DescriptorInvalid where there is nothing in the file but blanks."""
    if len(given.head) < _HEAD and not given.head.removeprefix(BOM_UTF8).strip():
        raise DescriptorInvalid("The file is empty", "Fill it in, or remove it")


def source(found: Found, neighbours: frozenset[str], knowledge: tuple[Path, ...]) -> Source:
    """The file as importers are given it; raises OSError where it cannot be read."""
    with found.location.open("rb") as stream:
        head = stream.read(_HEAD)
    return Source(found.path, found.location, head, "", neighbours, knowledge)


def digest(location: Path) -> str:
    """SHA-256 of the file's bytes in hexadecimal, read in pieces."""
    with location.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_regular(location: Path, refuse: Callable[[OSError], None]) -> bool:
    """Whether it is a file, and no link, pipe or device."""
    try:
        return stat.S_ISREG(location.lstat().st_mode)
    except OSError as fault:
        refuse(fault)
        return False


def _entered(location: Path, path: PurePosixPath, settings: Settings) -> bool:
    # Path.is_symlink and Path.is_file raise where a folder may not be searched.
    if os.path.islink(location):  # noqa: PTH114
        return False
    included = any(matches(path, g) or g.startswith(f"{path}/") for g in settings.include)
    is_venv = os.path.isfile(location / "pyvenv.cfg")  # noqa: PTH113
    return included or not (_left_out(path, settings) or is_venv)


def _left_out(path: PurePosixPath, settings: Settings) -> bool:
    return bool(SKIPPED & set(path.parts)) or any(matches(path, g) for g in settings.exclude)


def _is_versioned(folder: Path) -> bool:
    """Whether git has anything to say of the folder: to start it costs more than to look."""
    at = folder.resolve()
    return "GIT_DIR" in os.environ or any((one / ".git").exists() for one in (at, *at.parents))


def _ignored(folder: Path) -> frozenset[str]:
    if not _is_versioned(folder):
        return frozenset()
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
