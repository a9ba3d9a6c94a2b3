"""The order in which the parts of a group are best done, and which variables each part binds."""

from collections.abc import Iterator
from typing import TypeAlias

from kg.sparql.plans import Plan

Names: TypeAlias = frozenset[str]

_FAR = 9  # a path of no length between two unknown ends starts anywhere


def scheduled(plan: Plan, known: Names) -> Iterator[Plan]:
    """The parts of a group in the order in which they are best done: triples from what is known on,
    and each filter as soon as nothing changes it any more.

    A filter that lets a variable be one IRI comes first, as `["given", variable, iri]`; one that
    lets a predicate be a few comes before the triple, as `["among", variable, iri, …]`.
    """
    matched = {name for part in plan if part[0] == "triples" for name in bound_by(part)}
    given = [part[1] for part in plan if _is_given(part) and part[1][1] in matched]
    before = set(known) | {one[1] for one in given}
    narrowed = [part for one in _ordered(plan, before) for part in _narrowed(one, plan)]
    parts = [*(["given", *one[1:]] for one in given), *narrowed]
    waiting = [part for part in plan if part[0] == "filter" and part[1] not in given]
    binding = [bound_by(part) for part in parts]
    for place in range(len(parts) + 1):
        later = set().union(*binding[place:])
        ready = [one for one in waiting if later.isdisjoint(mentioned(one[1]))]
        waiting = [one for one in waiting if one not in ready]
        yield from ready
        if place < len(parts):
            yield parts[place]


def bound_by(part: Plan) -> set[str]:
    """The variables that a part may bind."""
    kind, *inner = part
    if kind == "triple":
        return set(_variables(inner))
    if kind == "triples":
        return {name for triple in inner for name in _variables(triple)}
    if kind == "bind":
        return {inner[1]}
    if kind in {"given", "among"}:
        return {inner[0]}
    if kind == "select":
        return {one[0] for one in inner[0]["given"]}
    if kind in {"optional", "union"}:
        return {name for group in inner for one in group for name in bound_by(one)}
    return set()


def mentioned(plan: Plan) -> set[str]:
    """Every variable that a plan names, wherever."""
    if isinstance(plan, str):
        return {plan} if plan.startswith("?") and len(plan) > 1 else set()
    inner = plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ()
    return {name for one in inner for name in mentioned(one)}


def _is_given(part: Plan) -> bool:
    """Whether a filter lets a variable be one IRI, which is the same as knowing it beforehand."""
    is_equation = part[0] == "filter" and isinstance(part[1], list) and part[1][0] == "="
    return is_equation and part[1][1][0] == "?" and part[1][2][0] == "<"


def _narrowed(part: Plan, plan: Plan) -> Iterator[Plan]:
    """The part, behind what its predicate may be, if filters of its group say so."""
    if part[0] == "triple" and isinstance(part[2], str) and part[2].startswith("?"):
        conditions = (one[1] for one in plan if one[0] == "filter")
        few = next(filter(None, (_few(one, part[2]) for one in conditions)), None)
        if few:
            yield ["among", part[2], *few]
    yield part


def _few(condition: Plan, variable: str) -> list[str] | None:
    """The IRIs that a condition lets a variable be, if it leaves only a few."""
    if isinstance(condition, str):
        return None
    sign, *inner = condition
    if sign in {"=", "in"} and inner[0] == variable and all(one[0] == "<" for one in inner[1:]):
        return list(inner[1:])
    parts = [_few(one, variable) for one in inner] if sign in {"&&", "||"} else []
    told = [few for few in parts if few]
    if not told or (sign == "||" and len(told) < len(parts)):
        return None
    return told[0] if sign == "&&" else list(dict.fromkeys(one for few in told for one in few))


def _ordered(plan: Plan, known: set[str]) -> Iterator[Plan]:
    triples: list[Plan] = []
    for part in plan:
        if part[0] == "triples":
            triples += part[1:]
        elif part[0] != "filter":
            yield from _connected(triples, known)
            triples = []
            yield part
            known |= bound_by(part)
    yield from _connected(triples, known)


def _connected(triples: list[Plan], known: set[str]) -> Iterator[Plan]:
    waiting = list(triples)
    while waiting:
        best = min(waiting, key=lambda triple: _effort(triple, known))
        waiting.remove(best)
        yield ["triple", *best]
        known |= set(_variables(best))


def _effort(triple: Plan, known: set[str]) -> int:
    """How much work a triple is likely to be, given the variables that are known; of those that
    nothing leads to, whoever writes the query says where to start.
    """
    subject, way, value = triple
    start, end = subject in known, value in known
    if start and (end or not value.startswith("?")):
        return 0
    is_open = isinstance(way, str) and way.startswith("?") and way not in known
    if start or end:
        return (1 if start else 2) + 2 * is_open
    is_anywhere = not isinstance(way, str) and way[0] in {"?", "*"}
    return _FAR if is_anywhere else 5 + 2 * is_open


def _variables(triple: Plan) -> Iterator[str]:
    return (one for one in triple if isinstance(one, str) and one.startswith("?"))
