"""Measures what it costs to judge systems: all of them, and one that was changed, on one core.

COUNT systems (1,000 unless the environment says otherwise; a tenth of them is measured first) are
made and put into a folder store, which takes 30 ms a system and is not measured. A sweep goes from
that store to findings, with the evidence of all that is not clear. A re-check puts a system of
which one descriptor was changed, and judges it. Leaves with 1 where a limit is missed.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.systems import system
from kg.detect import Detector
from kg.projects import Project
from kg.stores import open_store
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY

COUNT = int(os.environ.get("COUNT", "1000"))
AT_ONCE = 64
"""Systems whose findings are held at a time."""
RECHECKS = 50
SWEEP_MS, RECHECK_MS, GROWTH = 8.0, 30.0, 1.1


def measured(work: Callable[[], object]) -> float:
    """Milliseconds of processor time that some work takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def swept(detector: Detector, ids: Sequence[str]) -> float:
    """Milliseconds a system of judging all of them."""

    def sweep() -> None:
        for at in range(0, len(ids), AT_ONCE):
            detector.detect(ids[at : at + AT_ONCE], everything=False)

    return measured(sweep) / len(ids)


def changed(project: Project) -> Project:
    """The system with one statement less in its longest descriptor."""
    longest = max(project.entries, key=lambda entry: len(entry.reading.statements))
    reading = replace(longest.reading, statements=longest.reading.statements[:-1])
    entry = replace(longest, reading=reading)
    return replace(project, entries=tuple(entry if e is longest else e for e in project.entries))


def rechecks(workspace: Workspace, detector: Detector, ids: Sequence[str]) -> Iterator[float]:
    """Milliseconds of putting and judging systems of which one descriptor was changed."""
    for number in range(0, len(ids), max(len(ids) // RECHECKS, 1)):
        project = changed(system(number))

        def recheck(project: Project = project) -> None:
            workspace.put(project)
            detector.detect([project.id], everything=False)

        yield measured(recheck)


def row(name: str, figures: Iterable[float], limit: float) -> bool:
    """Prints what was measured; gives whether the last figure keeps within the limit."""
    told = list(figures)
    print(f"{name:<44}", *(f"{figure:>9.2f}" for figure in told), f"{limit:>9.2f}")
    return told[-1] <= limit


def main() -> int:
    """Prints the figures at both sizes; gives 1 where one is above its limit."""
    sweeps, again = [], []
    with TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "store"))
        workspace = Workspace(store, VOCABULARY, statistics=CATALOGUE.statistics)
        detector = Detector(workspace, CATALOGUE)
        ids: list[str] = []
        sizes = (COUNT // 10, COUNT)
        for size in sizes:
            for number in range(len(ids), size):
                project = system(number)
                workspace.put(project)
                ids.append(project.id)
            sweeps.append(swept(detector, ids))
            again.append(statistics.median(rechecks(workspace, detector, ids)))
    print(f"{'one core, processor time':<44}", *(f"{size:>9,}" for size in sizes), f"{'limit':>9}")
    kept = [
        row("sweep, ms a system", sweeps, SWEEP_MS),
        row("growth of a sweep a system", [sweeps[1] / sweeps[0]], GROWTH),
        row("re-check, put and judged, median ms", again, RECHECK_MS),
    ]
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
