"""Loads the service: how many small queries it answers beside `oxigraph serve`, how many while
somebody writes, and whether fifty clients that read and write for a minute lose anything.

Both services answer the same queries over the same data in turns, so that a busy machine is as busy
for both; every query is another text, so that none is answered from memory. Where there is
no program of Oxigraph, only our own is loaded.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, cycle, islice
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from bench._clients import Tally, busy, request
from bench._targets import OXIGRAPH, Target, ours, oxigraph

CLIENTS = 50
THINGS = 2000
_TICK = 100
_AGAIN = "the same hundred again"
_FEW = 100
_ROWS = "application/sparql-results+json"
_LOOKUPS = (
    "SELECT ?p ?o {{ <x:{one}> ?p ?o }} # {number}",
    "SELECT ?v {{ <x:{one}> <x:q> ?o . ?o <x:p> ?v }} # {number}",
    "ASK {{ <x:{one}> <x:p> ?v }} # {number}",
)
_QUESTIONS = ("/predicates", "/gaps", "/findings", "/projects", "/projects/loaded/findings")


def main() -> None:
    """Prints three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oxigraph", default=OXIGRAPH, help="the program to be held against")
    parser.add_argument("--seconds", type=float, default=60, help="of the load of everything")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    throughput(given.oxigraph, given.rounds)
    everything(given.seconds)


def throughput(program: str | None, rounds: int) -> None:
    """Small queries alone, against another service, and with a write a second."""
    with ExitStack() as stack:
        targets = [stack.enter_context(ours())]
        if program is not None:
            targets.append(stack.enter_context(oxigraph(program)))
        for target in targets:
            target.put(None, _things())
            _asked(target, 1)
        rates: dict[str, list[float]] = {}
        print(f"{'':<28}{'a second':>10}{'median ms':>11}{'95 %':>8}{'processor µs':>14}")
        for _ in range(rounds):
            for target in targets:
                rates.setdefault(target.name, []).append(_shown(target, target.name))
            rates.setdefault(_AGAIN, []).append(_shown(targets[0], _AGAIN, again=True))
            with _writing(targets[0]):
                name = "with a write a second"
                rates.setdefault(name, []).append(_shown(targets[0], name))
    own = rates.pop(targets[0].name)
    for name, others in rates.items():
        ratio = statistics.median(other / one for one, other in zip(own, others, strict=True))
        print(f"{name}: {ratio:.2f} times as many as {targets[0].name}, one in {1 / ratio:.2f}")


def everything(seconds: float) -> None:
    """Fifty clients with questions, small queries and descriptors for a while."""
    with ours(serves="projects", updates="always") as target:
        target.send("PUT", "/projects/loaded", b"{}", {"Content-Type": "application/json"})
        mixed = _mixed(target)
        tally = busy(target, mixed.requests(), clients=CLIENTS, seconds=seconds)
        print(f"\n{CLIENTS} clients for {seconds:g} s: {_told(tally)}")
        print(f"statuses: {dict(sorted(tally.statuses.items()))}")
        print(f"descriptors put: {mixed.written}, lost: {mixed.lost()}")


class _mixed:  # noqa: N801 - it is what it makes
    """Requests of all kinds, and what they have written."""

    def __init__(self, target: Target) -> None:
        self.written = 0
        self._target = target

    def requests(self) -> Iterator[bytes]:
        """One write in two hundred, as many questions as queries."""
        queries = _lookups(self._target)
        for number in count():
            if number % 200 == 0:
                self.written += 1
                yield self._put(self.written)
            elif number % 2:
                yield next(queries)
            else:
                path = _QUESTIONS[number // 2 % len(_QUESTIONS)]
                yield request("GET", path, Accept="application/json")

    def lost(self) -> int:
        """How many of the descriptors are not there as they were put last."""
        lost = 0
        last = {number % CLIENTS: number for number in range(1, self.written + 1)}
        for slot, number in last.items():
            path = f"/projects/loaded/descriptors/model-{slot}"
            reply = self._target.send("GET", path, headers={"Accept": "application/yaml"})
            lost += f"model_version: v{number}\n".encode() not in reply.body
        return lost

    def _put(self, number: int) -> bytes:
        text = f"element: TrainedModel\nname: m{number % CLIENTS}\nmodel_version: v{number}\n"
        path = f"/projects/loaded/descriptors/model-{number % CLIENTS}"
        return request("PUT", path, text.encode(), Content_Type="application/yaml")


class _writing:  # noqa: N801 - it is what it does
    """One write a second, for as long as the block takes."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._over = Event()
        self._thread = Thread(target=self._write)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        for number in count():
            reply = self._target.change(f"INSERT DATA {{ <y:{number}> <y:p> {time.time()} }}")
            if reply.status >= 300:  # noqa: PLR2004 - no good status
                raise SystemExit(f"a write got {reply.status}")
            if self._over.wait(1):
                return


def _shown(target: Target, name: str, *, again: bool = False) -> float:
    """How many queries a second a service answers, once they are shown."""
    before = processor(target.pid)
    tally = _asked(target, 4, again=again)
    spent = (processor(target.pid) - before) / len(tally.seconds) * 1e6
    print(f"{name:<28}{_told(tally)}{spent:>14.0f}", flush=True)
    if set(tally.statuses) != {200}:
        raise SystemExit(f"statuses: {dict(tally.statuses)}")
    return tally.rate


def _asked(target: Target, seconds: float, *, again: bool = False) -> Tally:
    requests = _lookups(target)
    if again:
        requests = cycle(list(islice(requests, _FEW)))
    return busy(target, requests, clients=CLIENTS, seconds=seconds)


def _told(tally: Tally) -> str:
    took = sorted(tally.seconds)
    middle, high = took[len(took) // 2] * 1000, took[int(len(took) * 0.95)] * 1000
    return f"{tally.rate:>10.0f}{middle:>11.1f}{high:>8.1f}"


def _lookups(target: Target) -> Iterator[bytes]:
    for number in count(time.monotonic_ns()):
        text = _LOOKUPS[number % 3].format(one=number % THINGS, number=number)
        if number % 2:
            yield request("GET", f"{target.query}?{urlencode({'query': text})}", Accept=_ROWS)
        else:
            kind = "application/sparql-query"
            yield request("POST", target.query, text.encode(), Content_Type=kind, Accept=_ROWS)


def processor(process: int) -> float:
    """The seconds of processor that a process took, and those that it started."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(map(int, times[11:15])) / _TICK + sum(map(processor, map(int, children)))


def _things() -> str:
    return "".join(
        f'<x:{n}> <x:p> "{n}" .\n<x:{n}> <x:q> <x:{n * 7 % THINGS}> .\n' for n in range(THINGS)
    )


if __name__ == "__main__":
    main()
