"""Where triples are kept: one module a store, found by being in this folder. A store knows no term
of ours.

Stores are named by URL: `memory:`, a folder's path, or `<module>:…` for another store's module.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.errors import NotFound
from kg.extensions import modules

Row = Mapping[str, str]
"""A solution: the texts and IRIs of the bound variables by name."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a SELECT query found: its variables, and for each solution their terms in N-Triples, in
    the same order; None where one is unbound.
    """

    variables: tuple[str, ...]
    rows: Sequence[tuple[str | None, ...]]


class Store(Protocol):
    """Named graphs that can be replaced whole and asked in SPARQL 1.1."""

    def select(self, sparql: str) -> Sequence[Row]:
        """All solutions of a SELECT query; raises QueryRefused."""

    def ask(self, sparql: str, graphs: Collection[str]) -> Answers:
        """The answers to a SELECT query over the union of the graphs named, in which a triple that
        several of them state stands once, and no others; raises QueryRefused.
        """

    def construct(self, sparql: str) -> str:
        """The triples of a CONSTRUCT query as N-Triples; raises QueryRefused."""

    def put(self, name: str, triples: str) -> None:
        """Replace one named graph by N-Triples text, all or nothing."""

    def drop(self, name: str) -> None:
        """Remove one named graph, if it is there."""

    def names(self) -> Sequence[str]:
        """The IRIs of all named graphs."""


def open_store(url: str) -> Store:
    """The store that a URL names; raises NotFound for a kind of store that there is none of,
    StoreUnreachable.
    """
    known = modules(__name__)
    for module in known.values():
        if module.handles(url):
            store: Store = module.open_store(url)
            return store
    raise NotFound(f"No store is known for {url}", "Use memory: or the path of a folder")
