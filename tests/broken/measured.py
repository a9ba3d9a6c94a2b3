"""Reads projects in processes of their own, and tells what each one cost.

`python -m tests.broken.measured` takes lines of JSON, each a list of folders. For each list it
makes a process, which reads one folder after the other and writes a line of JSON for each, at once,
so that what was told before a crash is not lost; then it tells how that process ended. The first
folder of a list sets the baseline of the memory.
"""

import faulthandler
import json
import os
import sys
import time
from pathlib import Path

from kg.projects import read_project
from kg.vocabulary import Vocabulary, load

HANGS = 60
"""After so many seconds with one project the process ends itself, and says where it was."""


def peak() -> int:
    """The most memory, in bytes, that this process ever held."""
    # The figure of getrusage begins with that of the process which started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def read(folders: list[str], vocabulary: Vocabulary) -> None:
    """Read each folder and tell its seconds, its memory beyond the first one's, its problems."""
    baseline = 0
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
        tell(told)


def tell(told: object) -> None:
    """Write a line of JSON at once."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def main() -> None:
    """Read what is asked for, each list in a process that knows the vocabulary already."""
    vocabulary = load()
    # To read anything loads every importer.
    read_project(Path(__file__).parent, vocabulary)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            read(json.loads(line), vocabulary)
            sys.exit()
        _, status = os.waitpid(process, 0)
        tell({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
