"""Prepares updates: what they may call, whether they must be rehearsed, which graphs they read."""

from collections.abc import Iterator, Sequence

from kg.parsing import NamedNode
from kg.service.wire.requests import wrong
from kg.sparql.reach import Token, tokens


def must_be_rehearsed(update: str) -> bool:
    """Whether it may take long: whatever matches a pattern, or loads, has one of these words.

    >>> must_be_rehearsed("INSERT DATA { <http://a.org/> a 1 }")
    False
    >>> must_be_rehearsed("DELETE WHERE { ?s ?p ?o }")
    True
    """
    upper = update.upper()
    return "WHERE" in upper or "LOAD" in upper


def using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The update with the graphs that its patterns read written into it: `using-graph-uri` and
    `using-named-graph-uri` of the protocol. Raises RequestRefused, also where it names some itself.

    >>> using("DELETE WHERE { ?s ?p ?o }", ["http://a.org/"], [])
    'DELETE { ?s ?p ?o } USING <http://a.org/> WHERE { ?s ?p ?o }'
    """
    if not default and not named:
        return update
    clauses = "".join(
        [f"USING <{checked_iri(name)}> " for name in default]
        + [f"USING NAMED <{checked_iri(name)}> " for name in named]
    )
    pieces: list[str] = []
    position = 0
    for start, text in _insertions(update, clauses):
        pieces += [update[position:start], text]
        position = start
    return "".join([*pieces, update[position:]])


def checked_iri(name: str) -> str:
    """The name, if it is an absolute IRI that can be written down; raises RequestRefused."""
    try:
        return NamedNode(name).value
    except ValueError as error:
        raise wrong(f"<{name[:200]}> is no absolute IRI", "Name graphs by absolute IRIs") from error


def _insertions(update: str, clauses: str) -> Iterator[tuple[int, str]]:
    depth = 0
    deleting: Token | None = None
    found = list(tokens(update))
    for number, token in enumerate(found):
        if token.kind == "sign":
            depth += (token.text == "{") - (token.text == "}")
        if depth or token.kind != "run":
            continue
        if token.says("USING") or token.says("WITH"):
            raise wrong(
                "The update says itself which graphs it reads, and so does the request",
                "Leave out USING and WITH, or using-graph-uri and using-named-graph-uri",
            )
        if token.says("WHERE"):
            if deleting is not None and found[number - 1] is deleting:
                yield token.start, f"{_group(update, found[number + 1 :])} "
            yield token.start, clauses
        deleting = token if token.says("DELETE") else None


def _group(update: str, rest: Sequence[Token]) -> str:
    """The group in braces with which the rest begins."""
    depth = 0
    for token in rest:
        if token.kind == "sign":
            depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return update[rest[0].start : token.end]
    return ""
