"""Finds out, before an update is run, which graphs it writes.

What an update is made of is read strictly: heads of operations word by word, and the braces of what
is added and removed. What cannot be told is refused. Patterns are passed over; where they end might
be mistaken, because `<` may begin an IRI or mean *less than*. So wherever the text, strings and
comments too, looks as if another operation began, there must be one as it is read here.
"""

import re
from collections.abc import Iterator

from kg.errors import NotAllowed
from kg.service.changing.updates import checked_iri
from kg.sparql.reach import Token, tokens

_OPERATIONS = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_NEXT = re.compile(
    rf";(?:[\s\ufeff]++|\#[^\r\n]*+)*+(?:{'|'.join((*_OPERATIONS, 'PREFIX', 'BASE', 'VERSION'))})",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"(?P<prefix>[^\W_][\w.-]*)?:(?P<local>[\w:%.-]*)")
_RELATIVE = re.compile(r"[\w~%-][\w.~%-]*(?:/[\w~%-][\w.~%-]*)*")


def written_graphs(update: str, base: str) -> frozenset[str | None]:
    """The graphs that an update may write, None for the default graph; raises NotAllowed where that
    cannot be told before it is run.

    >>> sorted(written_graphs("CREATE GRAPH <http://a.org/>; DROP GRAPH <b>", "http://c.org/"))
    ['http://a.org/', 'http://c.org/b']
    """
    reading = _Reading(update, base)
    separators = set(reading.operations())
    if any(found.start() not in separators for found in _NEXT.finditer(update)):
        raise _untold("Something in it looks like the beginning of another operation")
    return frozenset(reading.written)


class _Reading:
    """An update, and how far it is read."""

    def __init__(self, update: str, base: str) -> None:
        self.written: set[str | None] = set()
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._rebased = False
        self._rest: Iterator[Token] = tokens(update)
        self._now = next(self._rest, None)

    def operations(self) -> Iterator[int]:
        """Takes all operations, and tells where the next begins after each."""
        self._prologue()
        while self._now is not None:
            self._operation()
            if self._now is not None:
                yield self._take(";").start

    def _prologue(self) -> None:
        """Takes what the prefixes stand for."""
        while self._sees("PREFIX", "BASE"):
            if self._step().says("BASE"):
                self._step()
                self._rebased = True
                continue
            name, iri = self._step(), self._step()
            if name.kind != "run" or not name.text.endswith(":") or iri.kind != "iri":
                raise _untold("A prefix is not told as `PREFIX name: <IRI>`")
            if self._prefixes.setdefault(name.text[:-1], iri.text) != iri.text:
                raise _untold(f"The prefix {name.text[:100]} stands for two IRIs")

    def _operation(self) -> None:
        """Takes one operation, and keeps what it writes."""
        word = self._word(*_OPERATIONS)
        if word in ("CLEAR", "DROP"):
            self._cleared(word)
        elif word == "CREATE":
            self._word("SILENT", needed=False)
            self._word("GRAPH")
            self._writes(self._graph())
        elif word == "LOAD":
            self._loaded()
        elif word in ("ADD", "MOVE", "COPY"):
            self._copied(word)
        else:
            self._modified(word)

    def _take(self, sign: str) -> Token:
        """Takes a sign that must be there."""
        token = self._step()
        if token.kind != "sign" or token.text != sign:
            raise _untold(f"There is {token.text[:100]} where {sign} should be")
        return token

    def _cleared(self, word: str) -> None:
        self._word("SILENT", needed=False)
        what = self._word("GRAPH", "DEFAULT", "NAMED", "ALL")
        if what == "GRAPH":
            self._writes(self._graph())
        elif what == "DEFAULT":
            self._writes(None)
        else:
            raise NotAllowed(
                f"{word} {what} would also take the graphs of projects",
                f"{word} each graph by its name, and remove projects at /projects",
            )

    def _loaded(self) -> None:
        self._word("SILENT", needed=False)
        self._step()
        if self._sees("INTO"):
            self._step()
            self._word("GRAPH")
            self._writes(self._graph())
        else:
            self._writes(None)

    def _copied(self, word: str) -> None:
        self._word("SILENT", needed=False)
        source = self._graph_or_default()
        self._word("TO")
        self._writes(self._graph_or_default())
        if word == "MOVE":
            self._writes(source)

    def _graph_or_default(self) -> str | None:
        if self._sees("DEFAULT"):
            self._step()
            return None
        self._word("GRAPH", needed=False)
        return self._graph()

    def _modified(self, word: str) -> None:
        """Takes INSERT DATA, DELETE DATA, DELETE WHERE, or what has templates and a pattern."""
        graph = None
        if word == "WITH":
            graph = self._graph()
            word = self._word("INSERT", "DELETE")
        elif self._word("DATA", "WHERE", needed=False):
            self._quads(None)
            return
        self._quads(graph)
        if word == "DELETE" and self._sees("INSERT"):
            self._step()
            self._quads(graph)
        while self._sees("USING"):
            self._step()
            self._word("NAMED", needed=False)
            self._step()
        self._word("WHERE")
        self._pattern()

    def _quads(self, graph: str | None) -> None:
        """Takes what is added or removed: triples, and triples in graphs."""
        self._take("{")
        before: list[Token] = []
        inside = False
        while True:
            token = self._step()
            opens, closes = (token.kind == "sign" and token.text == sign for sign in "{}")
            if closes and not inside:
                return
            if closes:
                inside = False
            elif opens:
                if inside or len(before) < 2 or not before[-2].says("GRAPH"):  # noqa: PLR2004
                    raise _untold("A brace in it does not follow `GRAPH <IRI>`")
                self._writes(self._iri(before[-1]))
                inside = True
            elif not inside:
                self._writes(graph)
            before = [*before[-1:], token]

    def _pattern(self) -> None:
        """Passes over a group in braces."""
        self._take("{")
        depth = 1
        while depth:
            token = self._step()
            if token.kind == "sign":
                depth += (token.text == "{") - (token.text == "}")

    def _writes(self, graph: str | None) -> None:
        self.written.add(graph)

    def _graph(self) -> str:
        return self._iri(self._step())

    def _iri(self, token: Token) -> str:
        """The IRI that a token stands for."""
        if token.kind == "iri":
            return self._resolved(token.text[1:-1])
        found = _PREFIXED.fullmatch(token.text) if token.kind == "run" else None
        prefix = None if found is None else self._prefixes.get(found["prefix"] or "")
        if found is None or prefix is None or token.text.endswith("."):
            raise _untold(f"Which graph {token.text[:100]} is cannot be told")
        return self._resolved(prefix[1:-1] + found["local"])

    def _resolved(self, iri: str) -> str:
        if "\\" in iri or {".", ".."} & set(re.split("[/?#]", iri)):
            raise _untold(f"<{iri[:200]}> is not written in full")
        if ":" in iri:
            return checked_iri(iri)
        if self._rebased or not _RELATIVE.fullmatch(iri):
            raise _untold(f"<{iri[:200]}> is relative")
        return f"{self._base}{iri}"

    def _sees(self, *words: str) -> bool:
        return self._now is not None and any(self._now.says(word) for word in words)

    def _word(self, *words: str, needed: bool = True) -> str:
        """Takes one of some words; an empty string where none is there, and none needed."""
        if self._sees(*words):
            return self._step().text.upper()
        if needed:
            there = "the end" if self._now is None else self._now.text[:100]
            raise _untold(f"There is {there} where {' or '.join(words)} should be")
        return ""

    def _step(self) -> Token:
        """Takes whatever comes next."""
        found = self._now
        if found is None:
            raise _untold("It ends too early")
        self._now = next(self._rest, None)
        return found


def _untold(why: str) -> NotAllowed:
    return NotAllowed(
        f"Which graphs the update writes cannot be told: {why}",
        "Write each graph in full, as in GRAPH <http://host/name>, words apart, and prefixes once",
    )
