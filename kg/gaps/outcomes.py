"""What an expression of a query can come to, when only some is known of its variables.

An outcome is a term, `ANY` (some term that is not known) or `ERROR` (none). Where more is possible
than is known, more outcomes are given, never fewer: what is not among them cannot be.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import TypeAlias

from kg.sparql import Plan, Term
from kg.writing import literal

Outcomes: TypeAlias = frozenset[Term]

ANY, ERROR = "any", "error"
TRUE, FALSE = literal(value=True), literal(value=False)

UNKNOWN: Outcomes = frozenset([ANY])
_TRUTHS: Outcomes = frozenset([TRUE, FALSE])
_FAILED: Outcomes = frozenset([ERROR])
_NONE: Outcomes = frozenset([literal(0)])
_SAME = {"=": TRUE, "!=": FALSE}


def outcomes(expression: Plan, known: Mapping[str, Outcomes]) -> Outcomes:
    """All that the expression may come to; `known` has what each bound variable may be.

    >>> outcomes(["IF", ["BOUND", "?a"], '"clear"', '"undecided"'], {})
    frozenset({'"undecided"'})
    """
    if isinstance(expression, str):
        constant = frozenset([expression])
        return known.get(expression, _FAILED) if expression.startswith("?") else constant
    sign, *arguments = expression
    rule = _RULES.get(sign.lower())
    return rule(arguments, known) if rule else _computed(arguments, known)


def truth(expression: Plan, known: Mapping[str, Outcomes]) -> Outcomes:
    """Whether the expression may be true, false, or an error."""
    found: set[Term] = set()
    for one in outcomes(expression, known):
        found |= {one} if one in (TRUE, FALSE, ERROR) else {TRUE, FALSE}
    return frozenset(found)


def _bound(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    return frozenset([TRUE if arguments[0] in known else FALSE])


def _exists(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:  # noqa: ARG001 - rules are called alike
    return _TRUTHS


def _if(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    condition, then, otherwise = arguments
    found: Outcomes = frozenset()
    told = truth(condition, known)
    if TRUE in told:
        found |= outcomes(then, known)
    if FALSE in told:
        found |= outcomes(otherwise, known)
    return found | (told & _FAILED)


def _not(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    turned = {TRUE: FALSE, FALSE: TRUE, ERROR: ERROR}
    return frozenset(turned[one] for one in truth(arguments[0], known))


def _and(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    return _folded(arguments, known, decisive=FALSE)


def _or(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    return _folded(arguments, known, decisive=TRUE)


def _folded(arguments: list[Plan], known: Mapping[str, Outcomes], decisive: Term) -> Outcomes:
    """The decisive truth wherever it is met, else an error if there is one."""

    def joined(one: Term, other: Term) -> Term:
        if decisive in (one, other):
            return decisive
        return ERROR if ERROR in (one, other) else one

    found = (truth(argument, known) for argument in arguments)
    return reduce(
        lambda first, second: frozenset(joined(a, b) for a, b in product(first, second)), found
    )


def _coalesce(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    found: Outcomes = frozenset()
    for argument in arguments:
        told = outcomes(argument, known)
        found |= told - _FAILED
        if ERROR not in told:
            return found
    return found | _FAILED


def _in(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    first, *others = arguments
    return _or([["=", first, other] for other in others], known)


def _equal(sign: str) -> Callable[[list[Plan], Mapping[str, Outcomes]], Outcomes]:
    """Our own terms and texts are known to be the same or not; of others it may be either."""

    def compared(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
        found: set[Term] = set()
        for one, other in product(*(outcomes(argument, known) for argument in arguments)):
            if ERROR in (one, other):
                found.add(ERROR)
            elif ANY in (one, other) or "^^" in one + other:
                found |= _TRUTHS
            else:
                found.add(_SAME[sign] if one == other else _SAME["!=" if sign == "=" else "="])
        return frozenset(found)

    return compared


def _computed(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    """A function or comparison whose value is not worked out here; without a value it fails."""
    given = (one for one in arguments if not (isinstance(one, list) and one[0] == "flags"))
    return _some([outcomes(one, known) for one in given])


def _some(arguments: Sequence[Outcomes]) -> Outcomes:
    """Some value; values are of the datatypes that attributes take, so only absent ones fail."""
    if _FAILED in arguments:
        return _FAILED
    return UNKNOWN | _FAILED if any(ERROR in one for one in arguments) else UNKNOWN


def _cast(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    return _computed(arguments[1:], known) | _FAILED


def _added(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    """A sum, of which only that of nothing is known."""
    told = [outcomes(argument, known) for argument in arguments]
    return _NONE if all(one == _NONE for one in told) else _some(told)


def _more(arguments: list[Plan], known: Mapping[str, Outcomes]) -> Outcomes:
    """Whether an amount is more than another; 0, which stands for what is not stated, never is."""
    first, second = (outcomes(argument, known) for argument in arguments)
    return frozenset([FALSE]) if first == _NONE and second != _FAILED else _some([first, second])


_RULES: Mapping[str, Callable[[list[Plan], Mapping[str, Outcomes]], Outcomes]] = {
    "bound": _bound,
    "exists": _exists,
    "if": _if,
    "!": _not,
    "&&": _and,
    "||": _or,
    "coalesce": _coalesce,
    "in": _in,
    "=": _equal("="),
    "!=": _equal("!="),
    ">": _more,
    "+": _added,
    "cast": _cast,
    "aggregate": lambda arguments, known: UNKNOWN,  # noqa: ARG005 - rules are called alike
}
