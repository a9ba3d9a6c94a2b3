"""The values of answers as Python has them, and as people read them."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from kg.namespaces import local
from kg.stores import Answers
from kg.visible import whole

Cell: TypeAlias = str | int | float | bool | None


def cells(answers: Answers) -> Iterator[list[Cell]]:
    """The answers with Python's values: numbers, truths and texts; an IRI of ours by its name."""
    for row in answers.rows:
        yield [None if term is None else value(term) for term in row]


def value(term: str) -> Cell:
    """The value of a term in N-Triples.

    >>> value('"8"^^<http://www.w3.org/2001/XMLSchema#integer>'), value('<urn:x>')
    (8, 'urn:x')
    """
    if not term.startswith('"'):
        return local(term[1:-1]) if term.startswith("<") else term
    text, _, kind = term.rpartition('"')
    plain: str = json.loads(f'{text}"', strict=False)
    made = _KINDS.get(kind.rpartition("#")[2].rstrip(">"), str)
    return made(plain)


def text_of(cell: Cell) -> str:
    """The cell as a text."""
    return str(cell).lower() if isinstance(cell, bool) else whole(str(cell))


def _truth(text: str) -> bool:
    return text in {"true", "1"}


_KINDS: Mapping[str, Callable[[str], Cell]] = MappingProxyType(
    {"integer": int, "double": float, "decimal": float, "boolean": _truth}
)
