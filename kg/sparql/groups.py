"""Groups of a plan as functions that find solutions, each compiled once.

A step is given a row and what comes after it. It fills in slots, calls what comes after for each
way in which it can, and empties them again, so a row is never copied. A step that returns true has
seen enough: whoever only asks whether there is a solution stops at the first.
Source: SPARQL 1.1 Query Language, section 18; bindings from outside are known inside of a group, so
a group may only filter by variables that it binds itself, as tests on other engines ensure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from kg.sparql.expressions import Expression, Expressions, Row
from kg.sparql.index import NOTHING, Index, Term
from kg.sparql.paths import Path, path
from kg.sparql.plans import Plan, refused
from kg.sparql.selects import Select, Step, agree
from kg.sparql.values import term_of, truth

_FAR = 9  # a path of no length between two unknown ends starts anywhere


class Compiler:
    """Gives each variable and each constant of a query a slot, and compiles its groups."""

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._row: Row = []
        self._numbers = count()
        self._expressions = Expressions(self.slot, self._exists)

    def slot(self, term: Term) -> int:
        """Where a row holds the variable, or the constant."""
        if term not in self._slots:
            self._slots[term] = len(self._row)
            self._row.append(None if term.startswith("?") else term)
        return self._slots[term]

    def row(self) -> Row:
        """A row with the constants in their slots, and nothing else."""
        return self._row.copy()

    def expression(self, plan: Plan) -> Expression:
        """A compiled expression over the rows."""
        return self._expressions.compiled(plan)

    def group(self, plan: Plan, after: Step, bound: frozenset[str] = frozenset()) -> Step:
        """The step that finds every solution of a group; `bound` are variables known before."""
        step = after
        for known, part in reversed(list(_scheduled(plan, bound))):
            step = self._compiled(part, step, known)
        return step

    def _compiled(self, part: Plan, after: Step, bound: frozenset[str]) -> Step:
        kind, *inner = part
        if kind == "triple":
            subject, way, value = inner
            return self._triple(subject, way, value, after)
        if kind == "given":
            return _copied(self.slot(inner[1]), self.slot(inner[0]), after)
        if kind == "filter":
            return self._filter(inner[0], after)
        if kind == "bind":
            return self._bind(inner[0], self.slot(inner[1]), after)
        if kind == "optional":
            return self._optional(inner[0], after, bound)
        if kind == "union":
            return _union([self.group(one, after, bound) for one in inner])
        if kind == "select":
            return self._select(inner[0], after)
        raise refused(kind)

    def _filter(self, plan: Plan, after: Step) -> Step:
        if plan[0] == "exists":
            return _where(self._exists(plan[1]), after)
        if plan[0] == "!" and plan[1][0] == "exists":
            return _unless(self._exists(plan[1][1]), after)
        return _filter(self._expressions.compiled(plan), after)

    def _bind(self, plan: Plan, slot: int, after: Step) -> Step:
        if isinstance(plan, str):
            return _copied(self.slot(plan), slot, after)
        return _bind(self._expressions.compiled(plan), slot, after)

    def _exists(self, plan: Plan) -> Callable[[Row, Index], bool]:
        return self.group(plan, _enough, frozenset(_mentioned(plan)))

    def _optional(self, plan: Plan, after: Step, bound: frozenset[str]) -> Step:
        flag = self.slot(f"?optional {next(self._numbers)}")

        def found(row: Row, index: Index) -> bool:
            row[flag] = ""
            return after(row, index)

        inner = self.group(plan, found, bound)

        def step(row: Row, index: Index) -> bool:
            row[flag] = None
            return inner(row, index) or (row[flag] is None and after(row, index))

        attribute = _attribute(plan, bound)
        if not attribute:
            return step
        subject, predicate, value = attribute
        return _optional_value(self.slot(subject), self.slot(value), predicate, after, step)

    def _select(self, plan: Plan, after: Step) -> Step:
        select = Select(plan, Compiler())
        slots = [self.slot(one[0]) for one in plan["given"]]

        def step(row: Row, index: Index) -> bool:
            given = [row[slot] for slot in slots]
            for values in select.rows(index, given):
                for slot, old, new in zip(slots, given, values, strict=True):
                    row[slot] = new if old is None else old
                enough = after(row, index)
                for slot, old in zip(slots, given, strict=True):
                    row[slot] = old
                if enough:
                    return True
            return False

        return step

    def _triple(self, subject: Term, plan: Plan, value: Term, after: Step) -> Step:
        ends = self.slot(subject), self.slot(value)
        if isinstance(plan, str) and plan.startswith("?"):
            return _any_predicate(*ends, self.slot(plan), after)
        if isinstance(plan, str) and subject != value:
            return _predicate(*ends, plan, after)
        return _path(*ends, path(plan), after)


# -- steps ---------------------------------------------------------------------------------------


def _enough(row: Row, index: Index) -> bool:
    return True


def _predicate(subject: int, value: int, predicate: Term, after: Step) -> Step:  # noqa: C901
    """Triples with a known predicate: the step that is taken most often by far, so it says twice
    what `_tried` says.
    """

    def step(row: Row, index: Index) -> bool:
        relation = index.forward.get(predicate)
        if relation is None:
            return False
        start, end = row[subject], row[value]
        if start is not None:
            values = relation.get(start)
            if values is None:
                return False
            if end is not None:
                return end in values and after(row, index)
            for term in values:
                row[value] = term
                if after(row, index):
                    row[value] = None
                    return True
            row[value] = None
            return False
        if end is not None:
            return _tried(row, subject, index.backward(predicate).get(end, ()), after, index)
        enough = False
        for start, values in relation.items():
            row[subject] = start
            enough = _tried(row, value, values, after, index)
            if enough:
                break
        row[subject] = None
        return enough

    return step


def _tried(row: Row, slot: int, terms: Iterable[Term], after: Step, index: Index) -> bool:
    """What comes after, with each of the terms in the slot, until enough was seen."""
    enough = False
    for term in terms:
        row[slot] = term
        if after(row, index):
            enough = True
            break
    row[slot] = None
    return enough


def _path(subject: int, value: int, way: Path, after: Step) -> Step:
    def step(row: Row, index: Index) -> bool:
        start, end = row[subject], row[value]
        if start is not None and end is not None:
            return end in way.forward(index, start) and after(row, index)
        if start is not None:
            return _tried(row, value, way.forward(index, start), after, index)
        if end is not None:
            return _tried(row, subject, way.backward(index, end), after, index)
        enough = False
        for first, last in way.pairs(index):
            row[subject] = first
            if subject == value:
                enough = first == last and after(row, index)
            else:
                enough = _tried(row, value, (last,), after, index)
            if enough:
                break
        row[subject] = None
        return enough

    return step


def _any_predicate(subject: int, value: int, predicate: int, after: Step) -> Step:
    compiled: dict[Term, Step] = {}

    def step(row: Row, index: Index) -> bool:
        known, start = row[predicate], row[subject]
        if known is not None:
            if known not in compiled:
                compiled[known] = _predicate(subject, value, known, after)
            return compiled[known](row, index)
        triples = (
            ((start, *one) for one in index.about(start)) if start is not None else index.triples()
        )
        slots = subject, predicate, value
        before = [row[slot] for slot in slots]
        enough = False
        for triple in triples:
            if agree(before, triple):
                for slot, term in zip(slots, triple, strict=True):
                    row[slot] = term
                enough = after(row, index)
                for slot, old in zip(slots, before, strict=True):
                    row[slot] = old
                if enough:
                    break
        return enough

    return step


def _filter(condition: Expression, after: Step) -> Step:
    def step(row: Row, index: Index) -> bool:
        return truth(condition(row, index)) is True and after(row, index)

    return step


def _where(test: Callable[[Row, Index], bool], after: Step) -> Step:
    def step(row: Row, index: Index) -> bool:
        return test(row, index) and after(row, index)

    return step


def _unless(test: Callable[[Row, Index], bool], after: Step) -> Step:
    def step(row: Row, index: Index) -> bool:
        return not test(row, index) and after(row, index)

    return step


def _optional_value(
    subject: int, value: int, predicate: Term, after: Step, otherwise: Step
) -> Step:
    """A value of something known, if it is stated; otherwise that of whatever has one."""

    def step(row: Row, index: Index) -> bool:
        start = row[subject]
        if start is None:
            return otherwise(row, index)
        values = index.forward.get(predicate, NOTHING).get(start)
        return _tried(row, value, values, after, index) if values else after(row, index)

    return step


def _copied(source: int, slot: int, after: Step) -> Step:
    """A constant or another variable by a new name, whose text need not be read."""

    def step(row: Row, index: Index) -> bool:
        return _called(row, slot, row[source], after, index)

    return step


def _bind(value: Expression, slot: int, after: Step) -> Step:
    def step(row: Row, index: Index) -> bool:
        found = value(row, index)
        term = None if found is None else term_of(found)
        return _called(row, slot, term, after, index)

    return step


def _called(row: Row, slot: int, term: Term | None, after: Step, index: Index) -> bool:
    """What comes after, with the term in the slot; a group of its own may have bound it too, as one
    alternative among several.
    """
    before = row[slot]
    if before is not None:
        return term in {None, before} and after(row, index)
    row[slot] = term
    enough = after(row, index)
    row[slot] = None
    return enough


def _union(alternatives: Sequence[Step]) -> Step:
    def step(row: Row, index: Index) -> bool:
        return any(one(row, index) for one in alternatives)

    return step


# -- order ---------------------------------------------------------------------------------------


def _scheduled(plan: Plan, bound: frozenset[str]) -> Iterator[tuple[frozenset[str], Plan]]:
    """The parts of a group in the order in which they are best done, each with what is known
    before: triples from what is known on, and each filter as soon as nothing changes it any more.
    """
    matched = {name for part in plan if part[0] == "triples" for name in _bound_by(part)}
    given = [part[1] for part in plan if _is_given(part) and part[1][1] in matched]
    before = bound | {one[1] for one in given}
    parts = [*(["given", *one[1:]] for one in given), *_ordered(plan, set(before))]
    waiting = [part for part in plan if part[0] == "filter" and part[1] not in given]
    binding = [_bound_by(part) for part in parts]
    known = set(bound)
    for place in range(len(parts) + 1):
        later = set().union(*binding[place:])
        ready = [one for one in waiting if later.isdisjoint(_mentioned(one[1]))]
        waiting = [one for one in waiting if one not in ready]
        yield from ((frozenset(known), one) for one in ready)
        if place < len(parts):
            yield frozenset(known), parts[place]
            known |= binding[place]


def _attribute(plan: Plan, known: frozenset[str]) -> Plan | None:
    """The one triple of a group that asks for a value, which nothing binds, of a known subject."""
    if len(plan) != 1 or plan[0][0] != "triples" or len(plan[0]) != 2:  # noqa: PLR2004
        return None
    subject, way, value = plan[0][1]
    is_plain = isinstance(way, str) and way.startswith("<") and value.startswith("?")
    return plan[0][1] if is_plain and subject in known and value not in known else None


def _is_given(part: Plan) -> bool:
    """Whether a filter lets a variable be one IRI, which is the same as knowing it beforehand."""
    is_equation = part[0] == "filter" and isinstance(part[1], list) and part[1][0] == "="
    return is_equation and part[1][1][0] == "?" and part[1][2][0] == "<"


def _ordered(plan: Plan, known: set[str]) -> Iterator[Plan]:
    triples: list[Plan] = []
    for part in plan:
        if part[0] == "triples":
            triples += part[1:]
        elif part[0] != "filter":
            yield from _connected(triples, known)
            triples = []
            yield part
            known |= _bound_by(part)
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


def _bound_by(part: Plan) -> set[str]:
    """The variables that a part may bind."""
    kind, *inner = part
    if kind == "triple":
        return set(_variables(inner))
    if kind == "triples":
        return {name for triple in inner for name in _variables(triple)}
    if kind == "bind":
        return {inner[1]}
    if kind == "given":
        return {inner[0]}
    if kind == "select":
        return {one[0] for one in inner[0]["given"]}
    if kind in {"optional", "union"}:
        return {name for group in inner for one in group for name in _bound_by(one)}
    return set()


def _variables(triple: Plan) -> Iterator[str]:
    return (one for one in triple if isinstance(one, str) and one.startswith("?"))


def _mentioned(plan: Plan) -> set[str]:
    """Every variable that a plan names, wherever."""
    if isinstance(plan, str):
        return {plan} if plan.startswith("?") and len(plan) > 1 else set()
    inner = plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ()
    return {name for one in inner for name in _mentioned(one)}
