"""The embedded store: Oxigraph, in memory or in a folder."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg.disks import failed, is_full
from kg.errors import QueryFailed, QueryRefused, StoreUnreachable
from kg.stores import Answers, Row

TITLE = "Oxigraph, embedded"
_MEMORY = "memory:"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_UNWRITTEN, _SEE = "The store could not write", "See to its disk, and try again"
_PLACE = re.compile(r"^error at (\d+):(\d+): ")


def handles(url: str) -> bool:
    """Whether the URL names a store of this kind: `memory:`, or a folder's path."""
    # A drive letter of Windows reads as a scheme of one letter.
    return url == _MEMORY or _SCHEME.match(url) is None


def open_store(url: str) -> "OxigraphStore":
    """The store in memory, or in a folder that is made if it is not there; raises
    StoreUnreachable, DiskFull.
    """
    if url == _MEMORY:
        return OxigraphStore(ox.Store())
    folder = Path(url)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return OxigraphStore(ox.Store(str(folder)))
    except OSError as error:
        told = f"The store in {folder} cannot be opened"
        if is_full(error):
            raise failed(told, error, "") from error
        raise StoreUnreachable(
            f"{told}: {error}", "Close the program that holds it, or name another folder"
        ) from error


class OxigraphStore:
    """Named graphs in one Oxigraph database."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def select(self, sparql: str) -> Sequence[Row]:
        """All solutions of a SELECT query; raises QueryRefused."""
        solutions = _solutions(self._store, sparql)
        names = [variable.value for variable in solutions.variables]
        return [
            {name: term.value for name in names if (term := row[name]) is not None}
            for row in solutions
        ]

    def ask(
        self, sparql: str, graphs: Collection[str], beside: Mapping[str, str] | None = None
    ) -> Answers:
        """The answers to a SELECT query over the union of the graphs named, in which a triple that
        several of them state stands once, and of those given `beside` them as N-Triples, and no
        others; raises QueryRefused.
        """
        return answers(sparql, ((name, self._dumped(name)) for name in graphs), beside)

    def _dumped(self, name: str) -> bytes:
        graph = ox.NamedNode(name)
        return self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""

    def construct(self, sparql: str) -> str:
        """The triples of a CONSTRUCT query as N-Triples; raises QueryRefused."""
        try:
            triples = self._store.query(sparql)
        except (SyntaxError, ValueError) as error:
            raise QueryRefused(f"The query was refused: {error}", "Correct the query") from error
        if not isinstance(triples, ox.QueryTriples):
            raise QueryRefused("The query is no CONSTRUCT", "Ask with CONSTRUCT")
        return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()

    def put(self, name: str, triples: str) -> None:
        """Replace one named graph by N-Triples text, all or nothing; raises QueryRefused,
        StoreError.

        Only what differs is written: that costs far more than reading what is there.
        """
        kept = set(self._dumped(name).splitlines())
        lines = set(triples.encode().splitlines())
        gone = kept - lines
        # No update can name a blank node that is to go.
        if gone == kept or any(line.startswith(b"_:") or b" _:" in line for line in gone):
            updates = [f"DROP SILENT GRAPH <{name}>"] if kept else []
            added = checked(lines)
        else:
            updates = [data("DELETE", name, b"\n".join(gone).decode())] if gone else []
            added = checked(lines - kept)
        if added:
            updates.append(data("INSERT", name, added))
        # One update is one transaction.
        self.update(";\n".join(updates))

    def update(self, sparql: str, base: str | None = None) -> None:
        """Run an update of SPARQL 1.1, all of it or nothing; raises QueryRefused, QueryFailed,
        StoreError.
        """
        try:
            self._store.update(sparql, base_iri=base)
        except SyntaxError as error:
            raise QueryRefused(
                f"The update is no SPARQL: {placed(error.msg)}", "Correct it there"
            ) from error
        except (ValueError, RuntimeError) as error:
            raise QueryFailed(f"The update cannot be done: {error}", "Correct it") from error
        except OSError as error:
            raise failed(_UNWRITTEN, error, _SEE) from error

    def replace(self, name: str | None, texts: Iterable[str]) -> bool:
        """Replace one graph, the default graph without a name, by N-Triples texts, all or nothing;
        tells whether it was there. An empty graph is kept. Raises QueryRefused, StoreError.
        """
        there = self.has(name)
        gone = "CLEAR DEFAULT" if name is None else f"DROP SILENT GRAPH <{name}>"
        self.update(f"{gone};\n{_filling(name, texts)}")
        return there

    def add(self, name: str | None, texts: Iterable[str]) -> bool:
        """Add N-Triples texts to one graph, the default graph without a name; tells whether it was
        there. The blank nodes of each are new ones. Raises QueryRefused, StoreError.
        """
        there = self.has(name)
        self.update(_filling(name, texts))
        return there

    def remove(self, name: str | None) -> bool:
        """Remove one graph, or empty the default graph; tells whether it was there."""
        there = self.has(name)
        if there:
            self.update("CLEAR DEFAULT" if name is None else f"DROP GRAPH <{name}>")
        return there

    def has(self, name: str | None) -> bool:
        """Whether there is a graph of that name; the default graph always is."""
        return name is None or self._store.contains_named_graph(ox.NamedNode(name))

    def triples(self, name: str) -> set[str]:
        """What one named graph states, a line of N-Triples each."""
        return _lines(self._dumped(name))

    def load(self, quads: str) -> None:
        """Add lines of N-Quads; raises QueryRefused, StoreError."""
        try:
            self._store.load(quads, format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise QueryRefused(f"The text is not N-Quads: {error}", "Correct it") from error
        except OSError as error:
            raise failed(_UNWRITTEN, error, _SEE) from error

    def quads(self) -> str:
        """All named graphs as lines of N-Quads, in the order of their text."""
        dumped = self._store.dump(format=ox.RdfFormat.N_QUADS) or b""
        return "\n".join(sorted(_lines(dumped)))

    def stating(self, triples: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """Each triple, a line of N-Triples, with the named graphs that state it."""
        lines = list(triples)
        parsed = ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
        for line, one in zip(lines, parsed, strict=True):
            found = self._store.quads_for_pattern(one.subject, one.predicate, one.object)
            names = (quad.graph_name for quad in found)
            yield line, [name.value for name in names if isinstance(name, ox.NamedNode)]

    def change(
        self,
        gone: Mapping[str, Collection[str]],
        new: Mapping[str, Collection[str]],
        dropped: Iterable[str] = (),
        note: str = "",  # noqa: ARG002 - there is no first and last in what is done at once
    ) -> None:
        """Take triples, as `triples` gives them, out of named graphs and put others in, and drop
        graphs, all of it or nothing; raises StoreError.
        """
        updates = [f"DROP SILENT GRAPH <{name}>" for name in dropped]
        for verb, graphs in (("DELETE", gone), ("INSERT", new)):
            updates += [
                data(verb, name, "\n".join(lines)) for name, lines in graphs.items() if lines
            ]
        if updates:
            self.update(";\n".join(updates))

    def checkpoint(self, folder: Path) -> None:
        """Keep all that is in the store now in a new folder, by links where that can be; raises
        StoreError.
        """
        try:
            self._store.backup(str(folder))
        except OSError as error:
            raise failed("No checkpoint of the store could be made", error, _SEE) from error

    def drop(self, name: str) -> None:
        """Remove one named graph, if it is there; raises StoreError."""
        self.update(f"DROP SILENT GRAPH <{name}>")

    def close(self) -> None:
        """Let the database go, whoever still knows this store; it can be opened anew then."""
        del self._store

    def optimize(self) -> None:
        """Put in order what many writes left scattered on disk, which else happens while it is
        read.
        """
        self._store.optimize()

    def names(self) -> Sequence[str]:
        """The IRIs of all named graphs."""
        return sorted(name.value for name in self._store.named_graphs())


def answers(
    sparql: str, graphs: Iterable[tuple[str, bytes]], beside: Mapping[str, str] | None = None
) -> Answers:
    """The answers to a SELECT query over graphs, each with its N-Triples: all of them are the
    default graph, and each can be named; raises QueryRefused.
    """
    more = ((name, text.encode()) for name, text in (beside or {}).items())
    # A dataset of several default graphs would give a triple once for each, and look into all
    # of them for each pattern.
    named = "GRAPH" in sparql.upper()
    made = ox.Store()
    for name, dumped in chain(graphs, more):
        made.bulk_load(dumped, format=ox.RdfFormat.N_TRIPLES)
        if named:
            made.bulk_load(dumped, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
    solutions = _solutions(made, sparql)
    names = tuple(variable.value for variable in solutions.variables)
    return Answers(names, [tuple(map(_written, row)) for row in solutions])


def _solutions(store: ox.Store, sparql: str) -> ox.QuerySolutions:
    try:
        solutions = store.query(sparql)
    except (SyntaxError, ValueError) as error:
        raise QueryRefused(f"The query was refused: {error}", "Correct the query") from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise QueryRefused("The query is no SELECT", "Ask with SELECT")
    return solutions


def _written(term: object) -> str | None:
    return None if term is None else str(term)


def placed(message: str) -> str:
    """What Oxigraph says of a text that it cannot parse, with the place in words.

    >>> placed("error at 3:2: expected OPTIONAL")
    'line 3, column 2: expected OPTIONAL'
    """
    return _PLACE.sub(r"line \1, column \2: ", message)


def _filling(name: str | None, texts: Iterable[str]) -> str:
    """The update that adds the texts to a graph."""
    triples = "\n".join(checked(text.encode().splitlines(), apart=True) for text in texts)
    made = "" if name is None else f"CREATE SILENT GRAPH <{name}>;\n"
    return f"{made}{data('INSERT', name, triples)}"


def checked(lines: Iterable[bytes], *, apart: bool = False) -> str:
    """The triples of lines in N-Triples, so that a text can hold nothing but triples, and `apart`
    with blank nodes that no other text has; raises QueryRefused.
    """
    try:
        parsed = ox.parse(
            b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=apart
        )
        return "\n".join(f"{quad.triple} ." for quad in parsed)
    except SyntaxError as error:
        raise QueryRefused(f"The text is not N-Triples: {error}", "Correct it") from error


def _lines(dumped: bytes) -> set[str]:
    # Texts may hold other signs that Python takes for the end of a line.
    return set(dumped.decode().split("\n")) - {""}


def data(verb: str, name: str | None, triples: str) -> str:
    """The operation that puts triples into a graph, or takes them out of it."""
    if name is None:
        return f"{verb} DATA {{\n{triples}\n}}"
    return f"{verb} DATA {{ GRAPH <{name}> {{\n{triples}\n}} }}"
