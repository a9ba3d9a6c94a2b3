"""Asks the service what nobody should ask, one by one and fifty at once, and small queries beside.

Each must end within its time and a second with an error or an answer; small queries must not wait.
At last the fifty come on connections that are kept, each behind a query that is quick, while the
small ones come on another that is kept, from another address.
"""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

from bench._clients import Client, request
from bench._targets import Target, ours

SECONDS = 4
AT_ONCE = 50
THINGS = 2000
_THREE = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_ANY = "(<x:p>|!<x:p>)*"


def hostile() -> dict[str, str]:
    """The queries, by what is wrong with them."""
    lists = " ".join(f"VALUES ?x{n} {{ {' '.join(map(str, range(3000)))} }}" for n in range(4))
    doubling = (
        'BIND("'
        + "x" * 1000
        + '" AS ?s0) '
        + " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
    )
    backtracking = f'REPLACE("{"a" * 100_000}", ".*?.*?.*?.*?.*?b", "x")'
    return {
        "a sorting cross join": f"SELECT * {{ {_THREE} }} ORDER BY ?a ?d ?g",
        "a counting cross join": f"SELECT (COUNT(*) AS ?n) {{ {_THREE} FILTER(?c < ?i) }}",
        "a distinct cross join": f"SELECT DISTINCT ?a ?d ?g {{ {_THREE} }}",
        "deep paths": f"SELECT (COUNT(*) AS ?n) {{ ?a {_ANY} ?b . ?b {_ANY} ?c . ?c {_ANY} ?d }}",
        "huge VALUES": f"SELECT * {{ {lists} }}",
        "a long text, replaced": f"SELECT (STRLEN({backtracking}) AS ?n) {{ {_THREE} }}",
        "one long text": f"SELECT (GROUP_CONCAT(CONCAT(?c, ?f)) AS ?n) {{ {_THREE} }}",
        "a doubling text": f"SELECT * {{ {doubling} }}",
        "ten megabytes": "ASK {} #" + "x" * 10_000_000,
        "a hundred thousand braces": "ASK {" + "{" * 100_000 + "}" * 100_000 + "}",
    }


def main() -> None:
    """Prints a row for each query, and what became of all of them at once."""
    with ours() as target, ThreadPoolExecutor(AT_ONCE) as pool:
        target.put(None, _things())
        print(f"{'query':<28}{'status':>8}{'s':>8}    {SECONDS} s allowed")
        for name, text in hostile().items():
            print(f"{name:<28}{'{:>8}{:>8.2f}'.format(*asked(target, text))}")
        texts = islice(cycle(hostile().values()), AT_ONCE)
        running = [pool.submit(asked, target, text) for text in texts]
        small, memory = _meanwhile(target)
        longest = max(seconds for _, seconds in (one.result() for one in running))
        print(
            f"{AT_ONCE} at once: the longest took {longest:.2f} s; at most {memory:.0f} MB in all"
        )
        _told(small)
        until = time.perf_counter() + SECONDS
        primed = [
            pool.submit(_primed, target, text, until)
            for text in islice(cycle(hostile().values()), AT_ONCE)
        ]
        kept = _kept(target, until)
        print(f"{sum(one.result() for one in primed)} more on connections that are kept")
        _told(kept)


def asked(target: Target, text: str) -> tuple[int, float]:
    """The status that a query gets, and after how many seconds."""
    started = time.perf_counter()
    reply = target.ask(text, "*/*", f"?timeout={SECONDS}")
    return reply.status, time.perf_counter() - started


def _told(small: list[float]) -> None:
    small.sort()
    middle, high = statistics.median(small) * 1000, small[int(len(small) * 0.95)] * 1000
    print(
        f"{len(small)} small queries meanwhile: median {middle:.0f} ms, 95th percentile "
        f"{high:.0f} ms, most {small[-1] * 1000:.0f} ms"
    )


def _primed(target: Target, text: str, until: float) -> int:
    """How often a query was asked until then, each time behind a quick one."""
    asked = 0
    while time.perf_counter() < until:
        # Where it sends more than is taken, the connection is closed.
        with suppress(SystemExit, OSError):
            client = Client(target)
            while time.perf_counter() < until:
                client.ask(_posted("ASK {}"))
                asked += 1
                client.ask(_posted(f"{text} #{asked}"))
        client.socket.close()
    return asked


def _kept(target: Target, until: float) -> list[float]:
    """How long small queries take on a connection that is kept."""
    took: list[float] = []
    client = Client(target, "127.0.0.2")
    while time.perf_counter() < until:
        started = time.perf_counter()
        status = client.ask(_posted(f"SELECT * {{ <x:{len(took)}> ?p ?o }}"))
        if status != 200:  # noqa: PLR2004 - the only good status
            raise SystemExit(f"a small query got {status}")
        took.append(time.perf_counter() - started)
        time.sleep(0.02)
    client.socket.close()
    return took


def _posted(text: str) -> bytes:
    headers = {"Content_Type": "application/sparql-query", "Accept": "*/*"}
    return request("POST", f"/sparql?timeout={SECONDS}", text.encode(), **headers)


def _meanwhile(target: Target) -> tuple[list[float], float]:
    """How long small queries take for as long as the others may, and the memory that is taken."""
    took: list[float] = []
    memory = 0.0
    started = time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        status, seconds = asked(target, f"SELECT * {{ <x:{len(took)}> ?p ?o }}")
        if status != 200:  # noqa: PLR2004 - the only good status
            raise SystemExit(f"a small query got {status}")
        took.append(seconds)
        memory = max(memory, _memory(target.pid))
        time.sleep(0.02)
    return took, memory


def _memory(process: int) -> float:
    """The MB that a process and those that it started have for themselves."""
    folder = Path(f"/proc/{process}")
    try:
        children = (folder / "task" / str(process) / "children").read_text().split()
        resident, shared = (folder / "statm").read_text().split()[1:3]
    except OSError:
        return 0.0
    own = (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return own + sum(_memory(int(child)) for child in children)


def _things() -> str:
    return "".join(
        f'<x:{n}> <x:p> "{n}" .\n<x:{n}> <x:q> <x:{n * 7 % THINGS}> .\n' for n in range(THINGS)
    )


if __name__ == "__main__":
    main()
