"""Where triples are kept: one module a store, found by being in this folder. A store knows no term
of ours.

Stores are named by URL: `memory:`, a folder's path, `http://…` or `https://…` of a SPARQL endpoint,
or `<module>:…` for another store's module.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

    def ask(
        self, sparql: str, graphs: Collection[str], beside: Mapping[str, str] | None = None
    ) -> Answers:
        """The answers to a SELECT query over the union of the graphs named, in which a triple that
        several of them state stands once, and of those given `beside` them as N-Triples, and no
        others; raises QueryRefused.
        """

    def construct(self, sparql: str) -> str:
        """The triples of a CONSTRUCT query as N-Triples; raises QueryRefused."""

    def put(self, name: str, triples: str) -> None:
        """Replace one named graph by N-Triples text, all or nothing."""

    def drop(self, name: str) -> None:
        """Remove one named graph, if it is there."""

    def names(self) -> Sequence[str]:
        """The IRIs of all named graphs."""


class ServedStore(Store, Protocol):
    """A store that a service can keep projects in."""

    def triples(self, name: str) -> set[str]:
        """What one named graph states, a line of N-Triples each."""

    def stating(self, triples: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """Each triple, a line as `triples` gives them, with the named graphs that state it."""

    def change(
        self,
        gone: Mapping[str, Collection[str]],
        new: Mapping[str, Collection[str]],
        dropped: Iterable[str] = (),
        note: str = "",
    ) -> None:
        """Take triples, as `triples` gives them, out of named graphs and put others in, and drop
        graphs. A store that cannot do all of it or nothing takes out of the graph `note` what is to
        go before anything else, and puts into it what is new when all is done.
        """

    def update(self, sparql: str, base: str | None = None) -> None:
        """Run an update of SPARQL 1.1; raises QueryRefused, QueryFailed."""

    def has(self, name: str | None) -> bool:
        """Whether there is a graph of that name; the default graph always is."""

    def replace(self, name: str | None, texts: Iterable[str]) -> bool:
        """Replace one graph, the default graph without a name, by N-Triples texts; tells whether it
        was there.
        """

    def add(self, name: str | None, texts: Iterable[str]) -> bool:
        """Add N-Triples texts to one graph, the default graph without a name; tells whether it was
        there. The blank nodes of each are new ones.
        """

    def remove(self, name: str | None) -> bool:
        """Remove one graph, or empty the default graph; tells whether it was there."""


def open_store(url: str) -> Store:
    """The store that a URL names; raises NotFound for a kind of store that there is none of,
    StoreUnreachable.
    """
    known = modules(__name__)
    for module in known.values():
        if module.handles(url):
            store: Store = module.open_store(url)
            return store
    raise NotFound(f"No store is known for {url}", "Use memory:, the path of a folder, or http://…")
