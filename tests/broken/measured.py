"""Reads projects in a process of its own, one after the other, and tells what each one cost.

`python -m tests.broken.measured FOLDER...` writes one line of JSON a folder, at once, so that what
was told before a crash is not lost. The first folder sets the baseline of the memory.
"""

import faulthandler
import json
import sys
import time
from pathlib import Path

from kg.projects import read_project
from kg.vocabulary import load

HANGS = 60
"""After so many seconds with one project the process ends itself, and says where it was."""


def peak() -> int:
    """The most memory, in bytes, that this process ever held."""
    # The figure of getrusage begins with that of the process which started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main(folders: list[str]) -> None:
    """Read each folder and tell its seconds, its memory beyond the first one's, its problems."""
    vocabulary, baseline = load(), 0
    for folder in folders:
        faulthandler.dump_traceback_later(HANGS, exit=True)
        # Other work on the machine is not the project's cost.
        begun = time.process_time()
        project = read_project(Path(folder), vocabulary)
        seconds = time.process_time() - begun
        baseline = baseline or peak()
        told = {
            "seconds": seconds,
            "bytes": peak() - baseline,
            "problems": [(found.file, found.message) for found in project.problems],
            "read": len(project.entries),
        }
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
