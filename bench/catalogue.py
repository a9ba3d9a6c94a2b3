"""Measures what it costs to judge systems: all of them, one that was changed, and some by another
engine, on one core.

COUNT systems (10,000 unless the environment says otherwise), and a tenth as many apart from them,
are made and put into stores in folders, which is not measured; KEEP names a folder where they stay
for the next time. A sweep goes from a store to findings, with the evidence of all that is not
clear, and begins when queries have been compiled. A re-check puts a system of which one descriptor
was changed, and judges it. pySHACL judges the first SHACL systems (100) by the derived constraints,
and has to find what we find. It parses the query of a constraint anew for each node; here it does
so once, and is seven times as fast as it comes. Leaves with 1 where a limit is missed.
"""

import gc
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from unittest.mock import patch

from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Query

from bench._keeping import kept, opened
from bench.systems import system
from kg.detect import Detector
from kg.projects import Project
from kg.workspace import Workspace
from tests.judging import CATALOGUE
from tests.wrapped import Data, Mismatch, by_shacl, data, ours, shapes

COUNT = int(os.environ.get("COUNT", "10000"))
SHACL = int(os.environ.get("SHACL", "100"))
KEEP = os.environ.get("KEEP")
AT_ONCE = 64
"""Systems whose findings are held at a time."""
RECHECKS = 50
SWEEP_MS, RECHECK_MS, GROWTH, RATIO = 8.0, 30.0, 1.1, 300.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What the systems of one store cost, in milliseconds of processor time, and in MB."""

    count: int
    sweep: float
    memory: float
    recheck: float
    judging: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a figure for each store, or one for both, and whether its limit is
    kept.
    """

    name: str
    figures: tuple[float, ...]
    limit: str = ""
    is_kept: bool = True

    def __str__(self) -> str:
        figures = (f"{figure:,.2f}" for figure in self.figures)
        return row(self.name, *[""] * (2 - len(self.figures)), *figures, self.limit)


def measured(work: Callable[[], object]) -> float:
    """Milliseconds of processor time that some work takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def costs(workspace: Workspace) -> Costs:
    """What it costs to judge all systems of the workspace, and one that was changed."""
    ids, detector = workspace.ids(), Detector(workspace, CATALOGUE)
    sweep = swept(detector, ids)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    both, alone = zip(*rechecks(workspace, detector, len(ids)), strict=True)
    return Costs(len(ids), sweep, memory, statistics.median(both), statistics.median(alone))


def swept(detector: Detector, ids: Sequence[str]) -> float:
    """Milliseconds a system of judging all of them."""
    detector.detect(ids[:AT_ONCE], everything=False)
    # As a service does when it has started: what stays for good is no matter for the collector.
    gc.freeze()

    def sweep() -> None:
        for at in range(0, len(ids), AT_ONCE):
            detector.detect(ids[at : at + AT_ONCE], everything=False)

    return measured(sweep) / len(ids)


def rechecks(workspace: Workspace, detector: Detector, count: int) -> Iterator[tuple[float, float]]:
    """Milliseconds of putting and judging a system of which one descriptor was changed, and of
    judging it alone; afterwards it is as it was.
    """
    for number in range(0, count, max(count // RECHECKS, 1)):
        before = system(number)
        after = changed(before)

        def put(project: Project = after) -> None:
            workspace.put(project)

        def judge(name: str = after.id) -> None:
            detector.detect([name], everything=False)

        putting, judging = measured(put), measured(judge)
        yield putting + judging, judging
        workspace.put(before)


def changed(project: Project) -> Project:
    """The system with one statement less in its longest descriptor."""
    longest = max(project.entries, key=lambda entry: len(entry.reading.statements))
    reading = replace(longest.reading, statements=longest.reading.statements[:-1])
    entry = replace(longest, reading=reading)
    return replace(project, entries=tuple(entry if e is longest else e for e in project.entries))


def by_another_engine(workspace: Workspace, ids: Sequence[str]) -> Iterator[tuple[float, bool]]:
    """Milliseconds that pySHACL takes for each system, and whether it finds what we find."""
    constraints, detector = shapes(CATALOGUE.predicates), Detector(workspace, CATALOGUE)
    for number, name in enumerate(ids, 1):
        triples = data(workspace, [name]).triples
        found: set[Mismatch] = set()

        def judge(into: set[Mismatch] = found, of: str = triples) -> None:
            into |= by_shacl(Data(of), constraints)

        with _each_query_once():
            took = measured(judge)
        yield took, found == ours(detector.detect([name])[name].findings)
        print(f"\r{number} of {len(ids)} systems judged by pySHACL", end="", file=sys.stderr)
    print(file=sys.stderr)


@contextmanager
def _each_query_once() -> Iterator[None]:
    """Makes rdflib parse and translate each query once, not for each node that it is asked of."""
    with (
        patch("rdflib.plugins.sparql.processor.parseQuery", _parsed),
        patch("rdflib.plugins.sparql.processor.translateQuery", _translated),
    ):
        yield


_parsed = cache(parseQuery)
_TRANSLATED: dict[tuple[int, str | None], Query] = {}


def _translated(parsed: ParseResults, base: str | None, prefixes: Mapping[str, str]) -> Query:
    # What was parsed is kept, so its identity stays its own.
    key = id(parsed), base
    if key not in _TRANSLATED:
        _TRANSLATED[key] = translateQuery(parsed, base, prefixes)
    return _TRANSLATED[key]


def lines(few: Costs, many: Costs, shacl: list[float], same: list[bool]) -> Iterator[Line]:
    """The lines of the table."""
    sweep, recheck = (few.sweep, many.sweep), (few.recheck, many.recheck)
    growth, quick = many.sweep / few.sweep, max(sweep) <= SWEEP_MS
    yield Line("sweep, ms a system", sweep, f"≤ {SWEEP_MS:g}", quick)
    yield Line("growth of a sweep a system", (growth,), f"< {GROWTH:g}", growth < GROWTH)
    yield Line("most memory by the end of the sweep, MB", (few.memory, many.memory))
    prompt = max(recheck) < RECHECK_MS
    yield Line("re-check, put and judged, median ms", recheck, f"< {RECHECK_MS:g}", prompt)
    yield Line("re-check, judged alone, median ms", (few.judging, many.judging))
    if shacl:
        ratio = statistics.mean(shacl) / many.sweep
        yield Line("pySHACL, ms a system", (statistics.mean(shacl),))
        yield Line("pySHACL, times our sweep", (ratio,), f"≥ {RATIO:g}", ratio >= RATIO)
        yield Line("systems with the same mismatches", (sum(same),), f"= {len(same)}", all(same))


def row(name: str, *cells: str) -> str:
    """A row of a table in Markdown."""
    return f"| {name:<40} | {' | '.join(f'{cell:>9}' for cell in cells)} |"


def main() -> int:
    """Prints the figures as a table in Markdown; gives 1 where a limit is missed."""
    with kept((COUNT // 10, COUNT), KEEP) as folders:
        few, many = (costs(opened(folder)) for folder in folders)
        workspace = opened(folders[-1])
        judged = list(by_another_engine(workspace, workspace.ids()[:SHACL]))
        del workspace
    told = list(lines(few, many, [took for took, _ in judged], [same for _, same in judged]))
    print(row("cores=1, processor time", f"{few.count:,}", f"{many.count:,}", "limit"))
    print(row("---", *["---:"] * 3))
    print(*told, sep="\n")
    return 0 if all(line.is_kept for line in told) else 1


if __name__ == "__main__":
    sys.exit(main())
