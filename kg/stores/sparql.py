"""Any SPARQL 1.1 endpoint, such as Oxigraph's or Fuseki's server, Virtuoso, or a service of ours.

What is asked of some graphs is asked here, of copies of them: endpoints differ in how they take
several graphs for one, and in more. All else runs there, in SPARQL that all of them know.

A change is one request where its size allows, and done or not as a whole. Virtuoso, and what is
larger, takes several.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kg.errors import StoreError
from kg.queries import query
from kg.stores import Answers, Row
from kg.stores._endpoint import ROWS, TRIPLES, Endpoint
from kg.stores._parts import cut, has_blank, operations, requests
from kg.stores._results import lines as written
from kg.stores._results import rows
from kg.stores.oxigraph import answers, checked, data
from kg.stores.oxigraph import open_store as embedded

TITLE = "Any SPARQL 1.1 endpoint"
_AT_ONCE = 200
# From here on it is worth a question whether all came.
_MANY = 1000
_TERMS = ("subject", "predicate", "object")


def handles(url: str) -> bool:
    """Whether the URL names a store of this kind: an address of the web."""
    return url.lower().startswith(("http://", "https://"))


def open_store(url: str) -> "SparqlStore":
    """The store at an endpoint; raises StoreUnreachable."""
    return SparqlStore(Endpoint(url))


class SparqlStore:
    """Named graphs behind a SPARQL endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        # What is no SPARQL, or of another kind, is refused here: endpoints add to the language.
        self._empty = embedded("memory:")

    def select(self, sparql: str) -> Sequence[Row]:
        """All solutions of a SELECT query; raises QueryRefused, StoreError."""
        self._empty.select(sparql)
        return rows(self.endpoint.rows(sparql))

    def ask(
        self, sparql: str, graphs: Collection[str], beside: Mapping[str, str] | None = None
    ) -> Answers:
        """The answers to a SELECT query over the union of the graphs named, in which a triple that
        several of them state stands once, and of those given `beside` them as N-Triples, and no
        others; raises QueryRefused, StoreError.
        """
        self._empty.select(sparql)
        return answers(sparql, ((name, self._text(name).encode()) for name in graphs), beside)

    def construct(self, sparql: str) -> str:
        """The triples of a CONSTRUCT query as N-Triples; raises QueryRefused, StoreError."""
        self._empty.construct(sparql)
        return _normal(self.endpoint.triples(sparql))

    def put(self, name: str, triples: str) -> None:
        """Replace one named graph by N-Triples text; raises QueryRefused, StoreError."""
        self._replace(name, checked(triples.encode().splitlines()))

    def replace(self, name: str | None, texts: Iterable[str]) -> bool:
        """Replace one graph, the default graph without a name, by N-Triples texts; tells whether it
        was there. Raises QueryRefused, StoreError.
        """
        triples, there = _joined(texts), self.has(name)
        self._replace(name, triples)
        return there

    def add(self, name: str | None, texts: Iterable[str]) -> bool:
        """Add N-Triples texts to one graph, the default graph without a name; tells whether it was
        there. The blank nodes of each are new ones. Raises QueryRefused, StoreError.
        """
        triples, there = _joined(texts), self.has(name)
        self._send(list(self._insertions(name, triples)))
        return there

    def remove(self, name: str | None) -> bool:
        """Remove one graph, or empty the default graph; tells whether it was there."""
        there = self.has(name)
        if there:
            self.update(_emptying(name))
        return there

    def drop(self, name: str) -> None:
        """Remove one named graph, if it is there; raises StoreError."""
        self.update(_emptying(name))

    def has(self, name: str | None) -> bool:
        """Whether a graph of that name states anything; the default graph always is there."""
        if name is None:
            return True
        return bool(rows(self.endpoint.rows(query("endpoint", "some", graph=name))))

    def names(self) -> Sequence[str]:
        """The IRIs of all named graphs; of empty ones, if the endpoint keeps them."""
        for asked in ("names",) if self.endpoint.is_virtuoso else ("listed", "names"):
            found = rows(self.endpoint.rows(query("endpoint", asked)))
            # Where none has a name, the endpoint cannot be asked this way.
            if names := sorted({row["graph"] for row in found if "graph" in row}):
                return names
        return []

    def triples(self, name: str) -> set[str]:
        """What one named graph states, a line of N-Triples each; raises StoreError."""
        local = embedded("memory:")
        local.put(name, self._text(name))
        return local.triples(name)

    def stating(self, triples: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """Each triple, a line as `triples` gives them, with the named graphs that state it."""
        lines = list(triples)
        for start in range(0, len(lines), _AT_ONCE):
            some = lines[start : start + _AT_ONCE]
            # Terms are compared here: stores write numbers and the like each in their own way.
            named = [line.split(" ", 2) for line in some if not line.startswith("_:")]
            local = embedded("memory:")
            if named:
                subjects, predicates = (
                    sorted({terms[at][1:-1] for terms in named}) for at in (0, 1)
                )
                asked = query("endpoint", "stating", subjects=subjects, predicates=predicates)
                found = self.endpoint.rows(asked)
                local.load("\n".join(written(found, *_TERMS, "graph")))
            yield from local.stating(some)

    def change(
        self,
        gone: Mapping[str, Collection[str]],
        new: Mapping[str, Collection[str]],
        dropped: Iterable[str] = (),
        note: str = "",
    ) -> None:
        """Take triples, as `triples` gives them, out of named graphs and put others in, and drop
        graphs. Where that takes several requests, what is to go from the graph `note` goes first,
        and what comes into it comes last. Raises StoreError.
        """
        small = self.endpoint.is_virtuoso
        ordered = [
            *operations("DELETE", {note: gone.get(note, ())}, small=small),
            *map(_emptying, dropped),
            *operations("DELETE", _but(note, gone), small=small),
        ]
        for name, lines in [*_but(note, new).items(), (note, new.get(note, ()))]:
            ordered += self._insertions(name, "\n".join(sorted(lines)))
        self._send(ordered)

    def update(self, sparql: str, base: str | None = None) -> None:
        """Run an update of SPARQL 1.1; raises QueryRefused, QueryFailed, StoreError. After
        QueryTimedOut it may still be done.
        """
        self.endpoint.update(sparql if base is None else f"BASE <{base}> {sparql}")

    async def tell(
        self,
        sparql: str,
        parameters: Sequence[tuple[str, str]],
        take: Callable[[bytes], object],
        *,
        triples: bool,
    ) -> None:
        """Have the answer to somebody's query handed over piece by piece, as N-Triples or as the
        JSON of SPARQL; raises StoreError.
        """
        await self.endpoint.tell(sparql, TRIPLES if triples else ROWS, parameters, take)

    def _replace(self, name: str | None, triples: str) -> None:
        if name is not None and triples and self.endpoint.graphs_url:
            self.endpoint.fill("PUT", name, triples)
        else:
            self._send([_emptying(name), *self._insertions(name, triples)])

    def _insertions(self, name: str | None, triples: str) -> Iterator[str]:
        """The operations that add triples; Virtuoso takes no blank node in one, so those go before
        all of them, another way.
        """
        lines = [line for line in triples.split("\n") if line]
        small = self.endpoint.is_virtuoso
        if small and name is not None and any(map(has_blank, lines)):
            self.endpoint.fill("POST", name, "\n".join(filter(has_blank, lines)))
            lines = [line for line in lines if not has_blank(line)]
        for piece in cut(lines, small=small):
            yield data("INSERT", name, "\n".join(piece))

    def _send(self, operations_: Sequence[str]) -> None:
        """Runs operations, in as few requests as the endpoint takes."""
        each = operations_ if self.endpoint.is_virtuoso else requests(operations_)
        for request in each:
            self.endpoint.update(request)

    def _text(self, name: str) -> str:
        """What a graph states, as N-Triples; raises StoreError where the endpoint keeps some of it
        to itself.
        """
        if self.endpoint.is_virtuoso:
            found = self.endpoint.rows(query("endpoint", "exactly", graph=name))
            text = _normal("\n".join(written(found, *_TERMS)))
        else:
            text = _normal(self.endpoint.triples(query("endpoint", "graph", graph=name)))
        come = text.count("\n") + 1
        if come < _MANY:
            return text
        (row,) = rows(self.endpoint.rows(query("endpoint", "size", graph=name)))
        if int(row["count"]) > come:
            raise StoreError(
                f"The endpoint gives {come:,} of the {row['count']} triples of <{name}>, no more",
                "Let it give more at once, as by ResultSetMaxRows in Virtuoso",
            )
        return text


def _normal(triples: str) -> str:
    """N-Triples as we write them: endpoints differ in blanks and escapes."""
    return checked(triples.encode().splitlines())


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(checked(text.encode().splitlines(), apart=True) for text in texts)


def _emptying(name: str | None) -> str:
    return "CLEAR DEFAULT" if name is None else f"DROP SILENT GRAPH <{name}>"


def _but(note: str, graphs: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    return {name: lines for name, lines in graphs.items() if name != note}
