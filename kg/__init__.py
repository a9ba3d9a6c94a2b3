"""Finds mismatches between the parts of a machine-learning-enabled system.

In a notebook, `kg.Workspace` is all that is needed.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {"Workspace": "kg.notebook"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module exports has no type of its own
    # Commands, and the processes that answer queries, would wait for what only notebooks use.
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
