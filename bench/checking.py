"""Measures how long a check takes: of the example, and of the public systems where they are there.

Each check is a process of its own, as a user starts it; the median of five is told, with the least
and the most, and the largest memory that a check took.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 5


def checks() -> Iterator[tuple[str, list[str]]]:
    """What is checked, and the arguments for it."""
    yield "docs/example", [str(ROOT / "docs" / "example")]
    reference = os.environ.get("MISMATCH_REFERENCE")
    if reference:
        yield "public systems", ["--each", str(Path(reference) / "artefacts" / "systems")]


def measured(arguments: list[str]) -> tuple[float, float]:
    """Seconds and MB of one check; its report is thrown away."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "check", *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--as", "json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Prints a row for each check."""
    print(f"{'check':<20}{'median s':>10}{'least':>8}{'most':>8}{'MB':>8}")
    for name, arguments in checks():
        runs = [measured(arguments) for _ in range(RUNS)]
        seconds = [seconds for seconds, _ in runs]
        figures = (
            statistics.median(seconds),
            min(seconds),
            max(seconds),
            max(mb for _, mb in runs),
        )
        print(
            f"{name:<20}{figures[0]:>10.2f}{figures[1]:>8.2f}{figures[2]:>8.2f}{figures[3]:>8.0f}"
        )


if __name__ == "__main__":
    main()
