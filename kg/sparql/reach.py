"""Finds out, before a query is run, which addresses it would make the store call.

Oxigraph takes `SERVICE` and `LOAD` for what they are wherever its grammar lets them stand, glued to
what is before and behind them too: `1SERVICEex:x{…}` calls. So every run of letters that holds the
word is looked at, whatever it looks like, and what cannot be told apart is refused. An opening `<`
may begin an IRI or mean *less than*; where that changes what follows, both ways are gone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|\#[^\r\n]*+)
    |(?P<iri><[^<>"{}|^`\x00-\x20]*+>)
    |(?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
        |"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    |(?P<variable>[?$](?:[A-Za-z0-9_]|[^\x00-\x7f])++)
    |(?P<run>(?:[A-Za-z0-9_.:%@-]|[^\x00-\x7f]|\\.)++)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: `kind` is iri, string, variable, run (of letters) or sign."""

    kind: str
    text: str
    start: int
    end: int

    def says(self, word: str) -> bool:
        """Whether it is that keyword."""
        return self.kind == "run" and self.text.upper() == word


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a query in their order, without blanks and comments.

    >>> [token.text for token in tokens("ASK { <a#b> ?p 'c d' } # e")]
    ['ASK', '{', '<a#b>', '?p', "'c d'", '}']
    """
    position = 0
    while (token := _next(text, position)) is not None:
        yield token
        position = token.end


def addresses(text: str, word: str) -> list[str | None]:
    """The addresses that a keyword, SERVICE or LOAD, makes the store call; None stands for one that
    cannot be told before the query is run.

    >>> addresses("SELECT * { SERVICE SILENT <http://a.org/> { ?s ?p ?o } }", "SERVICE")
    ['http://a.org/']
    >>> addresses("SELECT * { ?s ?p 1SERVICEex:x{ ?s ?p ?o } }", "SERVICE")
    [None]
    """
    if word not in text.upper():
        return []
    found = {
        (token.start, _address(text, token, word))
        for token in _every_token(text)
        if token.kind == "run" and _is_call(text, token, word)
    }
    return [address for _, address in sorted(found, key=lambda one: one[0])]


def _every_token(text: str) -> Iterator[Token]:
    """Every piece that any reading of the text has, each once."""
    seen: set[tuple[int, int]] = set()
    told: set[int] = set()
    todo = [(0, 0)]
    while todo:
        position, depth = todo.pop()
        while (position, depth) not in seen and (token := _next(text, position)) is not None:
            seen.add((position, depth))
            if token.start not in told:
                told.add(token.start)
                yield token
            # Only inside brackets can `<` mean *less than*. Then a quotation mark or a comment may
            # begin inside of what looks like an IRI.
            if depth and token.kind == "iri" and ("'" in token.text or "#" in token.text):
                todo.append((token.start + 1, depth))
            depth = max(depth + (token.text == "(") - (token.text == ")"), 0)
            position = token.end


def _is_call(text: str, token: Token, word: str) -> bool:
    """Whether the run of letters may hold the keyword, not merely letters of a name."""
    upper = token.text.upper()
    if word not in upper:
        return False
    before = upper[: upper.index(word)]
    # A name is read to its end, but it ends before a full stop.
    if ":" in before:
        return "." in before
    after = _next(text, token.end)
    if ":" not in upper:
        return after is not None and _begins_address(after)
    # In front of a colon: SERVICE has a brace behind the name, and before LOAD anything may stand.
    return word == "LOAD" or (after is not None and after.text == "{")


def _begins_address(token: Token) -> bool:
    if token.kind == "run":
        return ":" in token.text or token.text.upper().startswith("SILENT")
    return token.kind in ("iri", "variable")


def _address(text: str, token: Token, word: str) -> str | None:
    if not token.text.upper().endswith((word, f"{word}SILENT")):
        return None
    after = _next(text, token.end)
    if after is not None and after.says("SILENT"):
        after = _next(text, after.end)
    if after is None or after.kind != "iri" or "\\" in after.text:
        return None
    return after.text[1:-1]


def _next(text: str, position: int) -> Token | None:
    while (found := _TOKEN.match(text, position)) is not None:
        if found.lastgroup != "blank":
            return Token(str(found.lastgroup), found[0], found.start(), found.end())
        position = found.end()
    return None
