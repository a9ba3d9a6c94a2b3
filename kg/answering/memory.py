"""How much memory a process may take."""

import os
from resource import RLIMIT_AS, getpagesize, getrlimit, setrlimit

_PAGE = getpagesize()


def limit(memory: int | None) -> None:
    """Lets the process take that many bytes more than it has now and no more, or any."""
    hard = getrlimit(RLIMIT_AS)[1]
    if memory is None:
        setrlimit(RLIMIT_AS, (hard, hard))
    elif (pages := _pages()) is not None:
        setrlimit(RLIMIT_AS, (pages * _PAGE + memory, hard))


def _pages() -> int | None:
    """How many pages of memory the process has; None where that cannot be told."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:  # pragma: no cover - there is no /proc beside Linux, nor a limit that works
        return None
    try:
        return int(os.read(file, 40).split()[0])
    finally:
        os.close(file)
