"""The dataset of a query: what the request or its FROM asks for, within what the caller may see."""

from dataclasses import dataclass

from kg.service.access import EVERYTHING, Dataset
from kg.service.requests import Fields, wrong
from kg.service.updates import checked_iri
from kg.sparql.reach import tokens


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
        return Seen(visible)
    graphs = [(is_named, name) for is_named, name in clauses if name is not None]
    if len(graphs) < len(clauses):
        raise wrong(
            "FROM names a graph by a prefix, and only some graphs are yours to see",
            "Write the IRI of the graph in full",
        )
    return Seen(
        Dataset(
            tuple(name for is_named, name in graphs if not is_named),
            tuple(name for is_named, name in graphs if is_named),
        ).within(visible)
    )


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
            plain = graph.kind == "iri" and ":" in graph.text and "\\" not in graph.text
            found.append((is_named, graph.text[1:-1] if plain else None))
    return found
