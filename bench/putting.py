"""Puts a descriptor into each of 300 projects, one after the other: the last must not take much
longer than the first. `PROJECTS` says how many.
"""

import os
import statistics
import sys
import time
from pathlib import Path

import httpx2

from tests.serving import served
from tests.test_service_projects import HOST, MODEL, put

PROJECTS = int(os.environ.get("PROJECTS", "300"))
_PART = 6
MOST = 1.5
"""How many times the time of the first puts the last may take."""


def main() -> int:
    """Prints the median milliseconds of the first and the last puts, and the memory."""
    with served(serves="projects") as client:
        taken = [_put(client, f"/projects/p{number}") for number in range(PROJECTS)]
    part = PROJECTS // _PART
    first, last = statistics.median(taken[:part]), statistics.median(taken[-part:])
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") >> 20
    print(f"first {part}: {first * 1000:.0f} ms a put; last {part}: {last * 1000:.0f} ms")
    print(f"{memory} MB in the process that serves and asks")
    return 1 if last > first * MOST else 0


def _put(client: httpx2.Client, project: str) -> float:
    client.put(project, json={}).raise_for_status()
    put(client, project, "host", HOST.format(8)).raise_for_status()
    began = time.perf_counter()
    put(client, project, "model", MODEL).raise_for_status()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
