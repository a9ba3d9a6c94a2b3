"""The dataset of a query: what the request or its FROM asks for, within what the caller may see."""

from dataclasses import dataclass, replace
from itertools import pairwise

from kg.service.access import EVERYTHING, Dataset
from kg.service.changing.updates import checked_iri
from kg.service.wire.requests import Fields, wrong
from kg.sparql.reach import Token, tokens


@dataclass(frozen=True, slots=True)
class Seen:
    """A dataset, and whether its default graph is all graphs together."""

    dataset: Dataset
    union: bool = False


def seen(text: str, asked: Fields, visible: Dataset, *, union: bool) -> Seen:
    """What a query sees; raises RequestRefused.

    What the request names counts before what FROM names, and without either all that is visible.
    """
    default, named = asked.all("default-graph-uri"), asked.all("named-graph-uri")
    if default or named:
        checked = Dataset(tuple(map(checked_iri, default)), tuple(map(checked_iri, named)))
        return Seen(checked.within(visible))
    clauses = from_clauses(text)
    if visible == EVERYTHING:
        return Seen(EVERYTHING, union=union and not clauses)
    if not clauses:
        return Seen(_needed(text, visible))
    graphs = [(is_named, name) for is_named, name in clauses if name is not None]
    if len(graphs) < len(clauses):
        raise wrong(
            "FROM names a graph by a prefix, or with an escape, and is not looked up",
            "Write the IRI of the graph in full",
        )
    return Seen(
        Dataset(
            tuple(name for is_named, name in graphs if not is_named),
            tuple(name for is_named, name in graphs if is_named),
        ).within(visible)
    )


def _needed(text: str, visible: Dataset) -> Dataset:
    """What of the graphs by name the text can look into, where not all may be seen: each of them
    costs time, and most queries name none. What is overlooked here is not seen, so nothing is shown
    that may not be.
    """
    if visible.named is not None or not visible.unseen:
        return visible
    found = named_graphs(text)
    if found is None:
        return visible
    return replace(visible, named=tuple(name for name in found if visible.shows(name)))


def named_graphs(text: str) -> tuple[str, ...] | None:
    """The graphs that a query names behind GRAPH; None where it may name any.

    >>> named_graphs("SELECT * { ?s ?p ?o GRAPH <http://a.org/> { ?s ?q ?r } }")
    ('http://a.org/',)
    >>> named_graphs("SELECT * { GRAPH ?g {} }") is None
    True
    """
    if "GRAPH" not in text.upper():
        return ()
    found: set[str] = set()
    pieces = list(tokens(text))
    for token, after in pairwise(pieces):
        if token.kind == "iri" and "GRAPH" in token.text.upper() and _may_be_compared(token):
            return None
        if token.kind != "run" or "GRAPH" not in token.text.upper():
            continue
        if not token.says("GRAPH") or after.kind != "iri" or not _is_plain(after):
            return None
        found.add(after.text[1:-1])
    return tuple(sorted(found))


def _is_plain(iri: Token) -> bool:
    return ":" in iri.text and "\\" not in iri.text


def _may_be_compared(iri: Token) -> bool:
    """Whether what looks like an IRI may be a comparison, and something behind it."""
    return "'" in iri.text or "#" in iri.text


def from_clauses(text: str) -> list[tuple[bool, str | None]]:
    """The graphs of FROM, each with whether it is NAMED; None stands for one that has a prefix.

    >>> from_clauses("SELECT * FROM <http://a.org/> FROM NAMED x:b { ?s ?p ?o }")
    [(False, 'http://a.org/'), (True, None)]
    """
    if "FROM" not in text.upper():
        return []
    found: list[tuple[bool, str | None]] = []
    pieces = tokens(text)
    for token in pieces:
        if token.text == "{":
            break
        if token.says("FROM"):
            after = next(pieces, token)
            is_named = after.says("NAMED")
            graph = next(pieces, token) if is_named else after
            plain = graph.kind == "iri" and _is_plain(graph)
            found.append((is_named, graph.text[1:-1] if plain else None))
    return found
