"""Kills the service 200 times while three clients write as fast as they can; or `KILLS` times.

Every revision that was acknowledged must be there when it starts again; in the end the store holds
what the history says, and the graph of all projects each of their triples once.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from tests.starting import started, stopped
from tests.test_service_kill import CHANCE, CLIENTS, Writers, held

KILLS = int(os.environ.get("KILLS", "200"))
_SHOWN = 20


def main() -> int:
    """Prints what was lost, and fails where something was."""
    acknowledged: dict[str, tuple[int, int]] = {}
    lost = 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "store"
        for kill in range(KILLS):
            with started(folder) as (process, address):
                for number in range(CLIENTS if kill == 0 else 0):
                    httpx2.put(f"{address}/projects/p{number}", json={}).raise_for_status()
                for project, (revision, _) in acknowledged.items():
                    found = httpx2.get(f"{address}/projects/{project}").json()["revision"]
                    lost += found < revision
                writers = Writers(address)
                writers.start()
                writers.begun.wait(60)
                time.sleep(CHANCE.uniform(0, 0.5))
                process.kill()
                writers.wait()
                acknowledged |= writers.acknowledged
            if (kill + 1) % _SHOWN == 0:
                put = sum(revision for revision, _ in acknowledged.values())
                print(f"{kill + 1} kills, {put} revisions, {lost} lost", flush=True)
        with started(folder) as (process, _):
            stopped(process)
        wrong = held(folder)
    print(f"{KILLS} kills: {lost} revisions were lost; wrong in the store: {wrong or 'nothing'}")
    return 1 if lost or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
