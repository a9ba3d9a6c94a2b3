"""Starts the endpoints that there can be on this machine, each of another make."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from tests.endpoints import Started, ours, oxigraph, virtuoso

STORES: Mapping[str, Callable[[Path], AbstractContextManager[Started]]] = {
    "ours": ours,
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
}
