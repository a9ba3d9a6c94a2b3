"""Groups of a plan as Python functions, which are written for them.

A triple becomes a loop over what an index holds, a filter a condition, and what comes after stands
inside: Python itself goes through the solutions, and a variable is a variable. Whether it is sure
to be bound at some place is known when the function is written.
Source: SPARQL 1.1 Query Language, section 18; bindings from outside are known inside of a group, so
a group may only filter by variables that it binds itself, as tests on other engines ensure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from kg.sparql.conditions import Conditions
from kg.sparql.expressions import Row
from kg.sparql.index import NOTHING, Index, Term
from kg.sparql.ordering import bound_by, mentioned, scheduled
from kg.sparql.paths import Path, path
from kg.sparql.plans import Plan, refused
from kg.sparql.selects import Select
from kg.sparql.source import Function, Known, Name, Source

Then: TypeAlias = Callable[[Known], None]
"""Writes what is done with each solution, given what is known of it."""
Triple: TypeAlias = tuple[Term, Term, Term]

_NO_TRIPLE: list[Plan] = ["?", "?", "?"]


class Writer:
    """Writes one function: what is done with the solutions of a group."""

    def __init__(self, parameters: Sequence[str] = ()) -> None:
        self.source = Source(parameters)
        self._conditions = Conditions(self.source, self)
        self._kinds: dict[str, Callable[[list[Plan], Known, Then], None]] = {
            "triple": self._triple,
            "given": self._given,
            "among": self._among,
            "filter": self._filter,
            "bind": self._bind,
            "optional": self._optional,
            "union": self._union,
            "select": self._select,
        }

    def group(self, plan: Plan, known: Known, end: Then) -> None:
        """All solutions of a group, and at the end of each what is done with it."""
        self._series(list(scheduled(plan, frozenset(known))), known, end)

    def all_there(self, predicates: Iterable[Term]) -> str:
        """The text of whether each of the predicates relates anything."""
        return " and ".join(map(self.source.relation, sorted(predicates))) or "True"

    def condition(self, plan: Plan, known: Known) -> str:
        """The text of whether a group has a solution."""
        simple = self._looked_up(plan, known)
        if simple:
            return simple
        names = sorted(mentioned(plan) & known.keys())
        test = self.source.held(_exists(plan, [(name, known[name].is_sure) for name in names]))
        return f"{test}({', '.join(('index', *(known[name].text for name in names)))})"

    def test(self, plan: Plan, names: list[str]) -> Callable[[Row, Index], bool]:
        """Whether a group has a solution, given a row that holds the variables named first, or
        None.
        """
        function = _exists(plan, [(name, False) for name in names])
        return lambda row, index: function(index, *row[: len(names)]) is True

    def _series(self, parts: Sequence[Plan], known: Known, end: Then) -> None:
        if not parts:
            end(known)
            return
        (kind, *inner), *rest = parts
        if kind not in self._kinds:
            raise refused(kind)
        if kind == "union" and not rest:
            for one in inner:
                self.group(one, known, end)
        else:
            self._kinds[kind](inner, known, lambda further: self._series(rest, further, end))

    # -- triples -----------------------------------------------------------------------------------

    def _triple(self, inner: list[Plan], known: Known, then: Then) -> None:
        subject, way, value = inner
        start, end = self._name(subject, known), self._name(value, known)
        relation = self._relation(way, known) if subject != value else ""
        if not isinstance(way, str) or (subject == value and way.startswith("<")):
            self._along(inner, known, then)
        elif relation and start and start.is_sure:
            self._members(value, f"{relation}.get({start.text}, ())", known, then)
        elif relation and start is None and end and end.is_sure:
            self._members(subject, f"{self._turned(way, known)}.get({end.text}, ())", known, then)
        elif relation and start is None and end is None:
            first, values = self.source.fresh(), self.source.fresh()
            with self.source.loop(f"for {first}, {values} in {relation}.items()"):
                self._members(value, values, {**known, subject: Name(first, is_sure=True)}, then)
        else:
            self._each([subject, way, value], self.source.held(_triples), known, then)

    def _along(self, inner: list[Plan], known: Known, then: Then) -> None:
        """Pairs that a path joins."""
        subject, way, value = inner
        walk = path(way)
        start, end = self._name(subject, known), self._name(value, known)
        if start and start.is_sure:
            place = f"{self.source.held(walk.forward)}(index, {start.text})"
            self._members(value, place, known, then)
        elif start is None and end and end.is_sure:
            place = f"{self.source.held(walk.backward)}(index, {end.text})"
            self._members(subject, place, known, then)
        else:
            self._each([subject, value], self.source.held(_pairs(walk)), known, then)

    def _members(self, term: Term, members: str, known: Known, then: Then) -> None:
        """What comes after for each of the members that the term may be."""
        name = self._name(term, known)
        if name and name.is_sure:
            with self.source.block(f"if {name.text} in {members}"):
                then(known)
            return
        fresh = self.source.fresh()
        if name:
            members = f"{self.source.held(_possible)}({name.text}, {members})"
        with self.source.loop(f"for {fresh} in {members}"):
            then({**known, term: Name(fresh, is_sure=True)})

    def _each(self, terms: list[Term], found: str, known: Known, then: Then) -> None:
        """What comes after for all that a function finds, given what is known of it or None."""
        names = [self._name(term, known) for term in terms]
        given = ", ".join(name.text if name else "None" for name in names)
        fresh = [self.source.fresh() for _ in terms]
        sure = {
            t: Name(n, is_sure=True) for t, n in zip(terms, fresh, strict=True) if t.startswith("?")
        }
        with self.source.loop(f"for {', '.join(fresh)} in {found}(index, {given})"):
            same = [
                f"{name} == {sure[term].text}"
                for term, name in zip(terms, fresh, strict=True)
                if term in sure and sure[term].text != name
            ]
            with self.source.block(f"if {' and '.join(same) or True}"):
                then({**known, **sure})

    # -- what filters, binds and joins -------------------------------------------------------------

    def _filter(self, inner: list[Plan], known: Known, then: Then) -> None:
        with self.source.block(f"if {self._conditions.true(inner[0], known)}"):
            then(known)

    def _given(self, inner: list[Plan], known: Known, then: Then) -> None:
        variable, term = inner
        self._called(variable, Name(self.source.term(term), is_sure=True), known, then)

    def _among(self, inner: list[Plan], known: Known, then: Then) -> None:
        variable, *terms = inner
        self._members(variable, self.source.held(tuple(terms)), known, then)

    def _bind(self, inner: list[Plan], known: Known, then: Then) -> None:
        plan, variable = inner
        if isinstance(plan, str):
            name = self._name(plan, known)
        else:
            name = Name(self.source.fresh(), is_sure=False)
            self.source.line(f"{name.text} = {self._conditions.term(plan, known)}")
        if name is None:
            then(known)
        else:
            self._called(variable, name, known, then)

    def _called(self, variable: str, name: Name, known: Known, then: Then) -> None:
        """What comes after, with a term by a new name; a group of its own may have bound it too, as
        one alternative among several.
        """
        before = known.get(variable)
        if before is None:
            then({**known, variable: name})
        elif before.is_sure:
            with self.source.block(f"if {name.text} in (None, {before.text})"):
                then(known)
        else:
            fresh, agreed = self.source.fresh(), self.source.held(_agreed)
            with self.source.loop(f"for {fresh} in {agreed}({before.text}, {name.text})"):
                then({**known, variable: Name(fresh, name.is_sure)})

    def _optional(self, inner: list[Plan], known: Known, then: Then) -> None:
        (plan,) = inner
        stated = self._stated(plan, known)
        if stated:
            variable, values = stated
            fresh = self.source.fresh()
            with self.source.loop(f"for {fresh} in {values} or (None,)"):
                then({**known, variable: Name(fresh, is_sure=False)})
            return
        gained = _gained([plan], known)
        found, _ = self._collected([plan], gained, known)
        absent = ", ".join(known[name].text if name in known else "None" for name in gained)
        self._taken(gained, f"{found} or (({absent},),)", known, then, frozenset())

    def _union(self, inner: list[Plan], known: Known, then: Then) -> None:
        gained = _gained(inner, known)
        terms = _constants(inner)
        if terms and gained == [terms[0]] and gained[0] not in known:
            self._among(terms, known, then)
            return
        found, sure = self._collected(inner, gained, known)
        self._taken(gained, found, known, then, sure)

    def _collected(
        self, groups: list[Plan], gained: list[str], known: Known
    ) -> tuple[str, frozenset[str]]:
        """A list of what all solutions of the groups bind, and which of it is always bound."""
        found, sure = self.source.fresh(), set(gained)

        def end(further: Known) -> None:
            nonlocal sure
            sure &= {name for name in gained if name in further and further[name].is_sure}
            terms = "".join(f"{self._text(name, further)}, " for name in gained)
            self.source.line(f"{found}.append(({terms}))")

        self.source.line(f"{found} = []")
        for plan in groups:
            self.group(plan, known, end)
        return found, frozenset(sure)

    def _taken(
        self, gained: list[str], found: str, known: Known, then: Then, sure: frozenset[str]
    ) -> None:
        """What comes after for each of the rows found."""
        fresh = {name: Name(self.source.fresh(), name in sure) for name in gained}
        head = "".join(f"{name.text}, " for name in fresh.values()) or self.source.fresh()
        with self.source.loop(f"for {head} in {found}"):
            then({**known, **fresh})

    def _select(self, inner: list[Plan], known: Known, then: Then) -> None:
        (plan,) = inner
        select = Select(plan, solutions)
        variables = [one[0] for one in plan["given"]]
        fresh = {name: self.source.fresh() for name in variables}
        given = "".join(f"{self._text(name, known)}, " for name in variables)
        rows = f"{self.source.held(select.rows)}(index, ({given}))"
        with self.source.loop(f"for {''.join(f'{name}, ' for name in fresh.values())} in {rows}"):
            further = dict(known)
            for variable, name in fresh.items():
                before = known.get(variable)
                if before is None:
                    further[variable] = Name(name, variable in select.sure)
                elif not before.is_sure:
                    self.source.line(f"if {name} is None: {name} = {before.text}")
                    further[variable] = Name(name, variable in select.sure)
            then(further)

    # -- what is known -----------------------------------------------------------------------------

    def _name(self, term: Term, known: Known) -> Name | None:
        if term.startswith("?"):
            return known.get(term)
        return Name(self.source.term(term), is_sure=True, term=term)

    def _text(self, variable: str, known: Known) -> str:
        return known[variable].text if variable in known else "None"

    def _relation(self, way: Plan, known: Known) -> str:
        """The text of what a predicate relates, if it is known which one it is."""
        name = self._name(way, known) if isinstance(way, str) else None
        if name is None or not name.is_sure:
            return ""
        is_one = name.term.startswith("<")
        return self.source.relation(name.term) if is_one else f"forward.get({name.text}, nothing)"

    def _turned(self, way: Term, known: Known) -> str:
        """The text of what a predicate that is known relates, turned round."""
        return (
            f"backward({self._text(way, known) if way.startswith('?') else self.source.term(way)})"
        )

    def _stated(self, plan: Plan, known: Known) -> tuple[str, str] | None:
        """Of a group that only asks for a value of something known: the variable, and where its
        values are.
        """
        subject, way, value = _only_triple(plan)
        start, relation = self._name(subject, known), self._relation(way, known)
        if not relation or not value.startswith("?") or value in known:
            return None
        return (value, f"{relation}.get({start.text})") if start and start.is_sure else None

    def _looked_up(self, plan: Plan, known: Known) -> str:
        """Whether a group has a solution, if one look-up tells."""
        subject, way, value = _only_triple(plan)
        start, end = self._name(subject, known), self._name(value, known)
        relation = self._relation(way, known)
        if not relation or (start and not start.is_sure) or (end and not end.is_sure):
            return ""
        if start and end:
            return f"{end.text} in {relation}.get({start.text}, ())"
        if start:
            return f"{start.text} in {relation}"
        return f"{end.text} in {self._turned(way, known)}" if end else relation


def solutions(plan: Plan, names: Sequence[str]) -> tuple[Function, frozenset[str]]:
    """A function of an index and a list that adds to it what each solution of a group binds the
    variables to, and which of them it always binds.
    """
    writer, sure = Writer(["found"]), set(names)

    def end(known: Known) -> None:
        nonlocal sure
        sure &= {name for name in names if name in known and known[name].is_sure}
        terms = "".join(f"{known[name].text if name in known else None}, " for name in names)
        writer.source.line(f"found.append(({terms}))")

    writer.group(plan, {}, end)
    return writer.source.function(), frozenset(sure)


def _exists(plan: Plan, given: Sequence[tuple[str, bool]]) -> Function:
    """A function of an index and of variables, which are sure to be bound or not, that returns true
    if the group has a solution.
    """
    known = {name: Name(f"p{number}", sure) for number, (name, sure) in enumerate(given)}
    writer = Writer([name.text for name in known.values()])
    writer.group(plan, known, lambda _: writer.source.line("return True"))
    return writer.source.function()


def _gained(groups: Iterable[Plan], known: Known) -> list[str]:
    """What the groups may bind and is not sure to be bound before."""
    names = {name for group in groups for part in group for name in bound_by(part)}
    return sorted(name for name in names if name not in known or not known[name].is_sure)


def _constants(groups: list[Plan]) -> list[Plan]:
    """The variable, and the terms that it is bound to, of groups that do nothing else."""
    if any(len(plan) != 1 or plan[0][0] != "bind" for plan in groups):
        return []
    binds = [plan[0] for plan in groups]
    variables = {variable for _, _, variable in binds}
    is_constant = all(isinstance(term, str) and not term.startswith("?") for _, term, _ in binds)
    return (
        [*variables, *(term for _, term, _ in binds)] if is_constant and len(variables) == 1 else []
    )


def _only_triple(plan: Plan) -> list[Plan]:
    """The one triple of a group, if its ends differ; else one of which nothing is known."""
    is_one = len(plan) == 1 and plan[0][0] == "triples" and len(plan[0]) == 2  # noqa: PLR2004
    triple: list[Plan] = plan[0][1] if is_one else _NO_TRIPLE
    return _NO_TRIPLE if triple[0] == triple[2] else triple


# -- what written functions call -------------------------------------------------------------------


def _possible(known: Term | None, members: Iterable[Term]) -> Iterable[Term]:
    """The members that a term may be, which is not known if it is None."""
    if known is None:
        return members
    return (known,) if known in members else ()


def _agreed(known: Term | None, term: Term | None) -> tuple[Term | None, ...]:
    """The one of two terms that is bound, if they do not differ."""
    if known is None:
        return (term,)
    return (known,) if term in {None, known} else ()


def _triples(
    index: Index, subject: Term | None, predicate: Term | None, value: Term | None
) -> Iterator[Triple]:
    """The triples that have what is known in its place."""
    ways = index.forward if predicate is None else (predicate,)
    for way in ways:
        relation = index.forward.get(way, NOTHING)
        if subject is not None:
            starts: Iterable[Term] = (subject,)
        else:
            starts = relation if value is None else index.backward(way).get(value, ())
        for start in starts:
            for end in _possible(value, relation.get(start, ())):
                yield start, way, end


def _pairs(walk: Path) -> Callable[[Index, Term | None, Term | None], Iterator[tuple[Term, Term]]]:
    def pairs(index: Index, start: Term | None, end: Term | None) -> Iterator[tuple[Term, Term]]:
        if start is not None:
            return ((start, last) for last in _possible(end, walk.forward(index, start)))
        if end is not None:
            return ((first, end) for first in walk.backward(index, end))
        return walk.pairs(index)

    return pairs
