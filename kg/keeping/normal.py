"""Graphs as lines of text that can be compared."""

from collections.abc import Iterable, Mapping

from kg.stores.oxigraph import open_store


def as_kept(graphs: Mapping[str, Iterable[str]]) -> str:
    """Graphs, each lines of N-Triples, as lines of N-Quads, with the literals as a store gives them
    back, so that two of them can be compared as text.
    """
    store = open_store("memory:")
    quads = (f"{line[:-1]}<{name}> ." for name, lines in graphs.items() for line in lines)
    store.load("\n".join(quads))
    return store.quads()
