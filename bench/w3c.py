"""Runs the W3C's tests of SPARQL 1.1 against the service, and against `oxigraph serve` beside it.

`python -m bench.w3c --suites DIR [--oxigraph PROGRAM]`: DIR is a checkout of w3c/rdf-tests on
GitHub. Without it, as in `make bench`, nothing is run.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bench import _w3c_answers as answers
from bench import _w3c_protocol as protocols
from bench._targets import OXIGRAPH, Target, ours, oxigraph
from bench._w3c_protocol import Outcome

SUITES: dict[str, Callable[[Path, Target], Iterator[Outcome]]] = {
    "protocol": protocols.protocol,
    "graph store, direct": lambda folder, target: protocols.graph_store(folder, "direct", target),
    "graph store, indirect": lambda folder, target: protocols.graph_store(
        folder, "indirect", target
    ),
    "service description": lambda _, target: protocols.description(target),
    "query": answers.queries,
    "update": answers.updates,
    "syntax": answers.syntax,
}
_EVALUATED = ("query", "update", "syntax")


def main() -> None:
    """Prints a row for each suite, and with --failures what failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--suites", type=Path, help="a checkout of rdf-tests")
    options.add_argument(
        "--oxigraph", default=OXIGRAPH, help="the program of `oxigraph serve` to compare with"
    )
    options.add_argument("--failures", action="store_true", help="tell what failed")
    given = options.parse_args()
    if given.suites is None:
        print("W3C tests: not run; --suites names a checkout of rdf-tests")
        return
    folder = given.suites.resolve() / "sparql" / "sparql11"
    print(f"{'suite':<24}{'service':<18}{'passed':>10}{'s':>8}")
    for name in SUITES:
        _run(name, folder, _ours(name), failures=given.failures)
        if given.oxigraph:
            _run(name, folder, oxigraph(given.oxigraph), failures=given.failures)


def _ours(name: str) -> AbstractContextManager[Target]:
    """Ours as it comes; what queries come to is tested on the default graph itself."""
    return ours(default_graph="own") if name in _EVALUATED else ours()


def _run(
    name: str, folder: Path, service: AbstractContextManager[Target], *, failures: bool
) -> None:
    with service as target:
        started = time.perf_counter()
        found = list(SUITES[name](folder, target))
        seconds = time.perf_counter() - started
    passed = sum(not wrong for _, wrong in found)
    print(f"{name:<24}{target.name:<18}{passed:>5}/{len(found):<4}{seconds:>8.1f}")
    for test, wrong in found if failures else ():
        if wrong:
            print(f"    {test}: {wrong}")


if __name__ == "__main__":
    main()
