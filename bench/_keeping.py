"""Systems in a store in a folder, made by two processes, and once only where a folder is kept."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.systems import system
from kg.stores import Answers, Row, open_store
from kg.stores.oxigraph import OxigraphStore
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY

ROOT = Path(__file__).parents[1]
MAKERS = 2

_TOGETHER = 256
# What follows from these is what a store holds.
_MADE_OF = (
    *("bench/*.py", "kg/**/*.py", "tests/judging.py"),
    *("ontology/**/*.ttl", "queries/predicates/*.rq", "tests/cases/predicates/*.trig"),
)


@contextmanager
def kept(counts: Sequence[int], folder: str | None) -> Iterator[list[Path]]:
    """A store of each number of systems, in the folder, or in one that is thrown away."""
    with TemporaryDirectory() as thrown_away:
        yield [_store(count, Path(folder or thrown_away)) for count in counts]


def opened(path: Path) -> Workspace:
    """The systems of a store."""
    return Workspace(open_store(str(path)), VOCABULARY, statistics=CATALOGUE.statistics)


def _store(count: int, folder: Path) -> Path:
    path = folder / f"systems-{count}-{_digest()}"
    if not path.is_dir():
        unfinished = path.with_suffix(".unfinished")
        # In a process of its own, so that its memory is not counted with what is measured.
        maker = get_context("spawn").Process(target=_fill, args=(unfinished, count))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit(f"The systems were not made. Remove {unfinished}, and try again.")
        unfinished.rename(path)
    return path


def _fill(path: Path, count: int) -> None:
    workspace = opened(path)
    with ProcessPoolExecutor(MAKERS, mp_context=get_context("spawn")) as pool:
        # A few at a time: those who make are faster than the one who writes.
        for at in range(0, count, _TOGETHER):
            numbers = range(at, min(at + _TOGETHER, count))
            for graphs in pool.map(_graphs, numbers, chunksize=8):
                for name, triples in graphs.items():
                    workspace.store.put(name, triples)
            print(f"\r{numbers[-1] + 1:,} of {count:,} systems made", end="", file=sys.stderr)
    print(file=sys.stderr)
    # What is measured is judging, not the tidying up after so many writes.
    assert isinstance(workspace.store, OxigraphStore)  # noqa: S101 - a folder is one
    workspace.store.optimize()


def _graphs(number: int) -> dict[str, str]:
    """All that is kept of a system, by the name of the graph."""
    taken = _Taken()
    Workspace(taken, VOCABULARY, statistics=CATALOGUE.statistics).put(system(number))
    return taken.graphs


def _digest() -> str:
    paths = sorted(chain.from_iterable(map(ROOT.glob, _MADE_OF)))
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


class _Taken:
    """A store that hands on what is put into it: another process writes it down."""

    def __init__(self) -> None:
        self.graphs: dict[str, str] = {}

    def select(self, sparql: str) -> Sequence[Row]:
        """Nothing: whoever puts for the first time finds nothing there."""
        del sparql
        return ()

    def ask(
        self,
        sparql: str,
        graphs: Collection[str],
        beside: Mapping[str, str] | None = None,  # noqa: ARG002 - as the protocol has it
    ) -> Answers:
        """Nothing, as above."""
        del sparql, graphs
        return Answers((), ())

    def construct(self, sparql: str) -> str:
        """Nothing, as above."""
        del sparql
        return ""

    def put(self, name: str, triples: str) -> None:
        """Take the graph."""
        self.graphs[name] = triples

    def drop(self, name: str) -> None:
        """Give the graph up."""
        self.graphs.pop(name, None)

    def names(self) -> Sequence[str]:
        """The names of what was taken."""
        return list(self.graphs)
