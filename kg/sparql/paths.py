"""Property paths: what can be reached from a term, what leads to one, and all pairs.

Source: SPARQL 1.1 Query Language, section 9.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from kg.sparql.index import NOTHING, Index, Term
from kg.sparql.plans import Plan

Walk: TypeAlias = Callable[[Index, Term], Iterable[Term]]


class Path(NamedTuple):
    """A path, walked from either end or from nowhere."""

    forward: Walk
    backward: Walk
    pairs: Callable[[Index], Iterator[tuple[Term, Term]]]


def path(plan: Plan) -> Path:
    """The path of a plan; a single predicate is one."""
    if isinstance(plan, str):
        return _step(plan)
    sign, *inner = plan
    parts = [path(one) for one in inner]
    return _RULES[sign](parts)


def _step(predicate: Term) -> Path:
    return Path(
        lambda index, term: index.forward.get(predicate, NOTHING).get(term, ()),
        lambda index, term: index.backward(predicate).get(term, ()),
        lambda index: (
            (subject, value)
            for subject, values in index.forward.get(predicate, NOTHING).items()
            for value in values
        ),
    )


def _sequence(parts: list[Path]) -> Path:
    first, *others = parts
    if not others:
        return first
    rest = _sequence(others)
    return Path(
        lambda index, term: _each(rest.forward, index, first.forward(index, term)),
        lambda index, term: _each(first.backward, index, rest.backward(index, term)),
        lambda index: (
            (start, end)
            for start, middle in first.pairs(index)
            for end in rest.forward(index, middle)
        ),
    )


def _alternative(parts: list[Path]) -> Path:
    return Path(
        lambda index, term: dict.fromkeys(e for one in parts for e in one.forward(index, term)),
        lambda index, term: dict.fromkeys(e for one in parts for e in one.backward(index, term)),
        lambda index: (pair for one in parts for pair in one.pairs(index)),
    )


def _inverse(parts: list[Path]) -> Path:
    (one,) = parts
    return Path(
        one.backward,
        one.forward,
        lambda index: ((end, start) for start, end in one.pairs(index)),
    )


def _optional(parts: list[Path]) -> Path:
    (one,) = parts
    return Path(
        lambda index, term: dict.fromkeys((term, *one.forward(index, term))),
        lambda index, term: dict.fromkeys((term, *one.backward(index, term))),
        lambda index: iter(
            dict.fromkeys((*((node, node) for node in _nodes(index)), *one.pairs(index)))
        ),
    )


def _repeated(parts: list[Path]) -> Path:
    (one,) = parts

    def forward(index: Index, term: Term) -> Iterable[Term]:
        return _reached(one.forward, index, one.forward(index, term))

    return Path(
        forward,
        lambda index, term: _reached(one.backward, index, one.backward(index, term)),
        lambda index: (
            (start, end)
            for start in dict.fromkeys(start for start, _ in one.pairs(index))
            for end in forward(index, start)
        ),
    )


def _any_length(parts: list[Path]) -> Path:
    return _optional([_repeated(parts)])


_RULES: Mapping[str, Callable[[list[Path]], Path]] = {
    "/": _sequence,
    "|": _alternative,
    "^": _inverse,
    "?": _optional,
    "+": _repeated,
    "*": _any_length,
}


def _reached(walk: Walk, index: Index, starts: Iterable[Term]) -> Iterable[Term]:
    """All that steps lead to; a circle of them is walked once."""
    found = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        further = [term for term in walk(index, waiting.pop()) if term not in found]
        found |= dict.fromkeys(further)
        waiting += further
    return found


def _each(walk: Walk, index: Index, terms: Iterable[Term]) -> Iterable[Term]:
    return dict.fromkeys(end for term in terms for end in walk(index, term))


def _nodes(index: Index) -> Iterable[Term]:
    return dict.fromkeys(term for subject, _, value in index.triples() for term in (subject, value))
