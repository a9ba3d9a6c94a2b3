"""How much memory a process may take."""

import resource
from pathlib import Path

_PAGE = resource.getpagesize()


def limit(memory: int | None) -> None:
    """Lets the process take that many bytes more than it has now and no more, or any."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if memory is None:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        return
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # pragma: no cover - there is no /proc beside Linux, nor a limit that works
        return
    resource.setrlimit(resource.RLIMIT_AS, (pages * _PAGE + memory, hard))
