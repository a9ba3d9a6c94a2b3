"""Expressions of a plan as the text of Python expressions: conditions, values and terms.

A filter asks only whether its expression is true, and what negates it whether it is false; so the
three values of SPARQL's logic come down to two wherever a condition is written.
Source: SPARQL 1.1 Query Language, section 17.2.
"""

from collections.abc import Callable
from typing import Protocol

from kg.sparql.expressions import Expressions, Row
from kg.sparql.index import Index, Term
from kg.sparql.ordering import mentioned
from kg.sparql.plans import Plan
from kg.sparql.source import Known, Source
from kg.sparql.values import Value, is_equal, is_ordered, term_of, truth, value_of

_ORDERS = ("<", "<=", ">", ">=")


class Exists(Protocol):
    """Whether a group has a solution, given what is known: as text, and as a function of a row that
    holds the variables named.
    """

    def condition(self, plan: Plan, known: Known) -> str:
        """The text of a condition."""

    def test(self, plan: Plan, names: list[str]) -> Callable[[Row, Index], bool]:
        """A function of a row and an index."""


class Conditions:
    """Writes the expressions of one function."""

    def __init__(self, source: Source, exists: Exists) -> None:
        self._source = source
        self._exists = exists
        self._equal = source.held(is_equal)
        self._ordered = source.held(is_ordered)
        self._truth = source.held(truth)
        self._value_of = source.held(value_of)
        self._term_of = source.held(_term_of)

    def true(self, plan: Plan, known: Known) -> str:
        """Whether the expression is true; an error is not."""
        sign, inner = _taken_apart(plan)
        if sign == "!":
            return self.false(inner[0], known)
        if sign in {"&&", "||"}:
            return self._joined("and" if sign == "&&" else "or", self.true, inner, known)
        if sign == "exists":
            return self._exists.condition(inner[0], known)
        if sign == "BOUND":
            return self._is_bound(inner[0], known)
        if sign == "in" and _are_iris(inner):
            return f"{self._name(inner[0], known)} in {self._among(inner)}"
        if sign == "=" and _is_iri(inner[1]) and _is_variable(inner[0]):
            return f"{self._name(inner[0], known)} == {self._source.term(inner[1])}"
        return self._told(plan, known, "True")

    def false(self, plan: Plan, known: Known) -> str:
        """Whether the expression is false; an error is not."""
        sign, inner = _taken_apart(plan)
        if sign == "!":
            return self.true(inner[0], known)
        if sign in {"&&", "||"}:
            return self._joined("or" if sign == "&&" else "and", self.false, inner, known)
        if sign in {"exists", "BOUND"}:
            return f"not ({self.true(plan, known)})"
        if sign == "in" and _are_iris(inner):
            name = self._name(inner[0], known)
            return f"({name} is not None and {name} not in {self._among(inner)})"
        return self._told(plan, known, "False")

    def term(self, plan: Plan, known: Known) -> str:
        """The term that an expression gives, None where it is an error."""
        if isinstance(plan, str):
            return self._name(plan, known)
        sign, inner = _taken_apart(plan)
        if sign == "IF":
            return self._chosen(self.term, inner, known)
        return f"{self._term_of}({self.value(plan, known)})"

    def value(self, plan: Plan, known: Known) -> str:
        """The value that an expression gives, None where it is an error."""
        sign, inner = _taken_apart(plan)
        if sign == "IF":
            return self._chosen(self.value, inner, known)
        if sign == "=":
            return f"{self._equal}({self.value(inner[0], known)}, {self.value(inner[1], known)})"
        if sign in _ORDERS:
            pair = f"{self.value(inner[0], known)}, {self.value(inner[1], known)}"
            return f"{self._ordered}({sign!r}, {pair})"
        if sign:
            return self._called(plan, known)
        if not plan.startswith("?"):
            return self._source.held(value_of(plan))
        if plan not in known:
            return "None"
        name = known[plan]
        value = f"{self._value_of}({name.text})"
        return value if name.is_sure else f"({value} if {name.text} is not None else None)"

    def _called(self, plan: Plan, known: Known) -> str:
        """A call of the expression, compiled apart, with a row of what it names."""
        names = sorted(mentioned(plan))
        expressions = Expressions(names.index, lambda group: self._exists.test(group, names))
        row = "".join(f"{self._name(name, known)}, " for name in names)
        return f"{self._source.held(expressions.compiled(plan))}(({row}), index)"

    def _told(self, plan: Plan, known: Known, answer: str) -> str:
        sign, inner = _taken_apart(plan)
        if sign == "!=":
            return self._told(["=", *inner], known, "False" if answer == "True" else "True")
        value = self.value(plan, known)
        if sign in {"=", *_ORDERS}:
            return f"{value} is {answer}"
        return f"{self._truth}({value}) is {answer}"

    def _joined(
        self, word: str, how: Callable[[Plan, Known], str], inner: list[Plan], known: Known
    ) -> str:
        return "(" + f" {word} ".join(how(one, known) for one in inner) + ")"

    def _chosen(self, how: Callable[[Plan, Known], str], inner: list[Plan], known: Known) -> str:
        condition, then, otherwise = inner
        return (
            f"({how(then, known)} if {self.true(condition, known)} "
            f"else {how(otherwise, known)} if {self.false(condition, known)} else None)"
        )

    def _is_bound(self, variable: str, known: Known) -> str:
        if variable not in known:
            return "False"
        name = known[variable]
        return "True" if name.is_sure else f"{name.text} is not None"

    def _name(self, term: Term, known: Known) -> str:
        if not term.startswith("?"):
            return self._source.term(term)
        return known[term].text if term in known else "None"

    def _among(self, inner: list[Plan]) -> str:
        return self._source.held(frozenset(inner[1:]))


def _term_of(value: Value | None) -> Term | None:
    return None if value is None else term_of(value)


def _taken_apart(plan: Plan) -> tuple[str, list[Plan]]:
    """The operator or function, and what it is of; a term has none."""
    return ("", [plan]) if isinstance(plan, str) else (plan[0], plan[1:])


def _is_variable(plan: Plan) -> bool:
    return isinstance(plan, str) and plan.startswith("?")


def _is_iri(plan: Plan) -> bool:
    return isinstance(plan, str) and plan.startswith("<")


def _are_iris(inner: list[Plan]) -> bool:
    """Whether it is a variable, and what follows are IRIs."""
    return _is_variable(inner[0]) and all(map(_is_iri, inner[1:]))
