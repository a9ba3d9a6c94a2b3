"""Where answers go: a file or standard output, with colours and bars only on a terminal."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from threading import Lock, Timer
from types import TracebackType
from typing import Self, TextIO, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from kg.disks import whole, writing
from kg.errors import DiskFull
from kg.visible import visible

T = TypeVar("T")

_WIDTH, _NARROW, _WIDE = 100, 60, 120
_HUNG_UP = 141
_PATIENCE = 1.0
"""Seconds that pass before a bar is shown: what is done sooner needs none."""


def write(text: str, output: Path | None) -> None:
    """Write all of it to the file, or nothing, or to standard output; raises BadParameter where it
    cannot be written, and DiskFull.
    """
    if output is None:
        _print(text)
        return
    try:
        with writing(f"{output} cannot be written"), whole(output) as target:
            target.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise typer.BadParameter(
            f"{output} cannot be written: {reason}.", param_hint="-o"
        ) from error


def write_folder(files: Mapping[str, str], folder: Path) -> None:
    """Write the files into the folder, which is made where there is none; raises BadParameter."""
    try:
        with writing(f"{folder} cannot be made"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise typer.BadParameter(f"{folder} is no folder: {reason}.", param_hint="-o") from error
    for name, text in files.items():
        write(text, folder / name)


def write_new(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write those of the files that are not there into the folder; tells which, and which were
    kept. Raises BadParameter.
    """
    kept = [name for name in files if (folder / name).exists()]
    for name, text in files.items():
        if name not in kept:
            _write_new(folder / name, text)
    return [
        f"{'kept   ' if name in kept else 'wrote  '}{visible(str(folder / name))}" for name in files
    ]


def _write_new(path: Path, text: str) -> None:
    try:
        with writing(f"{path} cannot be written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Whoever makes the file between our look and our writing keeps theirs.
            with path.open("x", encoding="utf-8") as stream:
                _fill(stream, text, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise typer.BadParameter(
            f"{path} cannot be written: {reason}.", param_hint="DIR"
        ) from error


def _fill(stream: TextIO, text: str, path: Path) -> None:
    """Writes all of the text into a file that is ours, or removes it."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        path.unlink()
        raise


def _print(text: str) -> None:
    try:
        with writing("Standard output cannot be written"):
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader has left, as `head` does.
        _let_go()
        raise typer.Exit(_HUNG_UP) from None
    except DiskFull:
        _let_go()
        raise


def _let_go() -> None:
    """Write no more to standard output: what is still buffered must not raise at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def colours(output: Path | None) -> bool:
    """Whether a terminal shows the answer with colours, or FORCE_COLOR asks for them."""
    if output is not None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width(output: Path | None) -> int:
    """How many columns wide the answer is: 100, or as the terminal, within reason."""
    if output is not None or not sys.stdout.isatty():
        return _WIDTH
    return min(max(get_terminal_size((_WIDTH, 24)).columns, _NARROW), _WIDE)


def counted(items: Iterable[T], total: int, doing: str) -> Iterator[T]:
    """The items, with a bar on a terminal that says how many were taken."""
    with _Bar(total, doing) as bar:
        for item in items:
            yield item
            bar.advance()


def following(files: Sequence[T]) -> Iterator[T]:
    """The files of a project, with a bar on a terminal that says how many were read."""
    return counted(files, len(files), "Reading files")


class _Bar:
    """A bar on standard error that appears only when patience is over, and leaves no trace."""

    def __init__(self, total: int, doing: str) -> None:
        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
        if total > 1:
            columns += [BarColumn(), MofNCompleteColumn()]
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(doing, total=total)
        self._timer = Timer(_PATIENCE, self._show)
        self._timer.daemon = True
        self._lock = Lock()
        self._over = self._shown = False

    def advance(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._over = True
            self._timer.cancel()
            if self._shown:
                self._progress.stop()

    def _show(self) -> None:
        with self._lock:
            if not self._over:
                self._shown = True
                self._progress.start()
