"""Oxigraph as a peer of our own evaluation: the same rows of the same query and triples."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.sparql.values import term_of, text_of, value_of

Rows = set[tuple[str, ...]]


class Peers:
    """A store in a folder, or in memory, to which triples are lent while a query runs."""

    def __init__(self, folder: Path | None, triples: str = "") -> None:
        self._store = ox.Store(str(folder)) if folder else ox.Store()
        self._store.extend(parsed(triples))

    def rows(self, query: str, triples: str = "") -> Rows:
        """The rows of a query, its terms as we write them, empty where they are unbound."""
        lent = [quad for quad in parsed(triples) if quad not in self._store]
        self._store.extend(lent)
        try:
            found = self._store.query(query)
            assert isinstance(found, ox.QuerySolutions)
            names = [variable.value for variable in found.variables]
            return {tuple(written(row[name]) for name in names) for row in found}
        finally:
            for quad in lent:
                self._store.remove(quad)

    def named_rows(self, query: str) -> Iterator[dict[str, str]]:
        """The texts and IRIs of the bound variables of each row."""
        found = self._store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        for row in found:
            cells = ((name, written(row[name])) for name in names)
            yield {name: text_of(cell) for name, cell in cells if cell}


def parsed(triples: str) -> Iterator[ox.Quad]:
    """The triples of N-Triples, each in the default graph."""
    return ox.parse(input=triples, format=ox.RdfFormat.N_TRIPLES)


def written(term: object) -> str:
    """A term as we write it; numbers and moments have one form."""
    return "" if term is None else term_of(value_of(str(term)))
