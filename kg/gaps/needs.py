"""What a predicate needs to be stated before it can tell anything, read off its query.

A query is walked as if every condition on values might hold: what is left are the attributes that
its patterns match, the alternatives of each UNION, and which OPTIONAL has to give a value before
the verdict can be one that decides. So a set of attributes that fails the predicate here can never
make it find anything; that one which passes can does hang on values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from kg.catalogue import Predicate, terms
from kg.detect.batch import ground_of
from kg.findings import Verdict
from kg.gaps.alternatives import Alternatives, both, smallest
from kg.gaps.mapping import keys_of
from kg.gaps.outcomes import ANY, ERROR, TRUE, UNKNOWN, Outcomes, outcomes, truth
from kg.measure.tests import made_of
from kg.namespaces import local
from kg.patterns import plan_of
from kg.sparql import Plan, Term, arms
from kg.sparql.values import text_of
from kg.translation import query_of
from kg.vocabulary import Vocabulary
from kg.writing import literal, reference


class Wanted(NamedTuple):
    """An attribute that a pattern asks of what a variable stands for; of something, where that is
    not told.
    """

    of: str
    attribute: str


Known: TypeAlias = frozenset[tuple[str, Outcomes]]
"""What each variable may be that is bound and that some condition looks at."""
Cases: TypeAlias = Mapping[Known, Alternatives[Wanted]]
"""What may be known where a group has a solution, and what it takes."""

_NAMED = frozenset(map(reference, ("mm:complete", "mm:comparedAttribute", "mm:secondAttribute")))
_METHOD, VERDICT = reference("mm:method"), "?verdict"
DECIDED = frozenset([literal(Verdict.MISMATCH), literal(Verdict.CLEAR)])
START: Cases = {frozenset(): frozenset([frozenset()])}


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes before a predicate can find a mismatch, and before it can decide either way."""

    mismatch: Alternatives[str]
    decided: Alternatives[str]

    def finds_with(self, stated: frozenset[str]) -> bool:
        """Whether the attributes are enough for a mismatch to be found."""
        return any(need <= stated for need in self.mismatch)


def needs_of(vocabulary: Vocabulary, predicates: Iterable[Predicate]) -> dict[str, Needs]:
    """What each of the predicates needs, by its id."""
    needer = needer_of(vocabulary)
    return {predicate.id: needer.needs(predicate) for predicate in predicates}


@lru_cache(maxsize=4)
def needer_of(vocabulary: Vocabulary) -> "Needer":
    """What reads needs, and keeps what it has read, made once for a vocabulary."""
    return Needer(vocabulary)


class Needer:
    """Reads the needs of predicates; what the ontology says is looked up once for all."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ground = ground_of(vocabulary).index.forward
        self._read: dict[str, tuple[Predicate, Needs]] = {}

    def needs(self, predicate: Predicate) -> Needs:
        """What the predicate needs; names by which parts are known are always there."""
        before = self._read.get(predicate.id)
        if before is None or before[0] != predicate:
            before = self._read[predicate.id] = predicate, self._needs(predicate)
        return before[1]

    def _needs(self, predicate: Predicate) -> Needs:
        keys = keys_of(self.vocabulary)
        cases = [
            (dict(known), needed)
            for group in arms(plan_of(query_of(predicate)))
            for known, needed in Walk(self, predicate, group).cases.items()
        ]
        found, decided = (
            smallest(
                frozenset(want.attribute for want in need) - keys
                for known, needed in cases
                if known.get(VERDICT, frozenset()) & wanted
                for need in needed
            )
            for wanted in (frozenset([literal(Verdict.MISMATCH)]), DECIDED)
        )
        return Needs(found, decided)


class Walk:
    """Goes down one arm of a query."""

    def __init__(self, needer: Needer, predicate: Predicate, group: Plan) -> None:
        self._needer = needer
        self._attributes = needer.vocabulary.attributes
        self._predicate = predicate
        self._group = group
        self._looked_at = frozenset([VERDICT, *_looked_at(group)])
        # Where a pattern leaves open which attribute is meant, conditions name those that may be.
        self._named = frozenset(self._names(group)) or UNKNOWN

    @cached_property
    def cases(self) -> Cases:
        """What may be known where the arm has a solution, and what each takes."""
        return self.after(self._group, START, frozenset([VERDICT]))

    def after(self, group: Plan, cases: Cases, later: frozenset[str]) -> Cases:
        """The cases in which the group, too, has a solution.

        Of variables that no condition in the group and none `later` looks at, nothing is kept.
        """
        group = _early(group)
        for number, (kind, *inner) in enumerate(group, 1):
            ahead = later.union(_looked_at(group[number:]))
            if kind == "triples":
                for triple in sorted(inner, key=self._is_open):
                    cases = _merged(self._matched(triple, cases))
            elif kind == "optional":
                if self.tells(inner[0]):
                    found = self.after(inner[0], cases, ahead)
                    cases = _merged([*cases.items(), *found.items()])
            elif kind == "union":
                cases = _merged(c for one in inner for c in self.after(one, cases, ahead).items())
            elif kind == "select":
                cases = self._selected(inner[0], cases)
            elif kind == "filter":
                cases = self._filtered(inner[0], cases)
            else:
                cases = _merged(self._told(inner[0], inner[1], cases))
            cases = _merged(
                (frozenset(one for one in known if one[0] in ahead), need)
                for known, need in cases.items()
            )
        return cases

    def _names(self, group: Plan) -> Iterator[Term]:
        for kind, *inner in group:
            if kind == "filter":
                yield from (t for t in _terms(inner[0]) if local(text_of(t)) in self._attributes)

    def taken(self, group: Plan, told: Mapping[str, Term]) -> Alternatives[Wanted]:
        """What has to be stated for the group to have a solution, where the variables are these
        attributes.
        """
        cases = self.after(group, self._from(told), frozenset())
        return smallest(need for needed in cases.values() for need in needed)

    def may_decide(self, group: Plan, told: Mapping[str, Term]) -> bool:
        """Whether there would be no row, or one whose verdict may be another than undecided."""
        cases = self.after(group, self._from(told), frozenset([VERDICT]))
        return not cases or any(
            found & DECIDED for known in cases for name, found in known if name == VERDICT
        )

    def _from(self, told: Mapping[str, Term]) -> Cases:
        known = frozenset((name, frozenset([term])) for name, term in told.items())
        return {known: frozenset([frozenset()])}

    # -- patterns ----------------------------------------------------------------------------------

    def _is_open(self, triple: Plan) -> bool:
        """Whether projects match the pattern, not the ontology, whose facts come first."""
        return not (isinstance(triple[1], str) and triple[1] in self._needer.ground)

    def _matched(self, triple: Plan, cases: Cases) -> Iterator[tuple[Known, Alternatives[Wanted]]]:
        subject, way, value = triple
        for known, needed in cases.items():
            told = dict(known)
            if isinstance(way, str) and way in self._needer.ground:
                yield from self._grounded(subject, way, value, told, needed)
                continue
            for named, more in self._ways(subject, way, value, told):
                bound = {**told, **named}
                for end in (subject, value):
                    if end in self._looked_at and end not in bound:
                        bound[end] = UNKNOWN
                yield frozenset(bound.items()), both(needed, frozenset([more]))

    def _grounded(
        self,
        subject: str,
        way: Term,
        value: str,
        told: dict[str, Outcomes],
        needed: Alternatives[Wanted],
    ) -> Iterator[tuple[Known, Alternatives[Wanted]]]:
        """What the ontology has for the pattern; only our attributes are told apart."""
        open_ended = False
        facts, may_be = self._needer.ground[way], told.get(subject, UNKNOWN)
        starts: Iterable[Term] = [subject]
        if subject.startswith("?"):
            starts = facts if may_be == UNKNOWN else may_be
        for one in starts:
            for other in facts.get(one, ()):
                ends = {subject: one, value: other}
                if not all(_may_be(end, term, told) for end, term in ends.items()):
                    continue
                named = {
                    end: frozenset([term])
                    for end, term in ends.items()
                    if end in self._looked_at and local(text_of(term)) in self._attributes
                }
                if named:
                    rest = {e: UNKNOWN for e in ends if e in self._looked_at}
                    yield frozenset({**rest, **told, **named}.items()), needed
                else:
                    open_ended = True
        if open_ended:
            rest = {end: UNKNOWN for end in (subject, value) if end in self._looked_at}
            yield frozenset({**rest, **told}.items()), needed

    def _ways(
        self, subject: str, way: Plan, value: str, told: Mapping[str, Outcomes]
    ) -> Iterator[tuple[dict[str, Outcomes], frozenset[Wanted]]]:
        """What each way along the pattern makes known, and takes."""
        if isinstance(way, list):
            for names in _steps(way):
                known = [local(text_of(name)) for name in names]
                yield {}, frozenset(Wanted(subject, n) for n in known if n in self._attributes)
        elif way.startswith("?"):
            for term in told.get(way, UNKNOWN):
                yield {way: frozenset([term])}, self._wanted(subject, term)
        elif way in _NAMED:
            of = subject if local(text_of(way)) == "complete" else ""
            may_be = told.get(value, UNKNOWN) if value.startswith("?") else frozenset([value])
            for term in self._named if may_be == UNKNOWN else may_be:
                named = {value: frozenset([term])} if value.startswith("?") else {}
                yield named, self._wanted(of, term)
        elif way == _METHOD:
            methods = self._predicate.statistics if value.startswith("?") else [text_of(value)]
            for need in self._tested(methods):
                yield {}, frozenset(Wanted("", name) for name in need)
        else:
            yield {}, self._wanted(subject, way)

    def _wanted(self, of: str, term: Term) -> frozenset[Wanted]:
        name = local(text_of(term)) if term.startswith("<") else ""
        return frozenset([Wanted(of, name)] if name in self._attributes else [])

    def _tested(self, methods: Iterable[str]) -> Sequence[frozenset[str]]:
        """What a test by one of the methods is made of, as far as the predicate says that it reads
        it.
        """
        read = terms(self._predicate)
        made = [way for method in methods for way in made_of(method) if way <= read]
        return made or [frozenset()]

    # -- conditions --------------------------------------------------------------------------------

    def tells(self, group: Plan) -> bool:
        """Whether some condition looks at what the group binds."""
        return bool(_bound_in(group) & self._looked_at)

    def _filtered(self, condition: Plan, cases: Cases) -> Cases:
        if condition[0] == "&&":
            for one in condition[1:]:
                cases = self._filtered(one, cases)
            return cases
        if condition[0] == "exists":
            found: list[tuple[Known, Alternatives[Wanted]]] = []
            for known, needed in cases.items():
                inner = self.after(condition[1], {known: needed}, frozenset())
                found += ((known, more) for more in inner.values())
            return _merged(found)
        return {
            known: need for known, need in cases.items() if TRUE in truth(condition, dict(known))
        }

    def _told(
        self, expression: Plan, variable: str, cases: Cases
    ) -> Iterator[tuple[Known, Alternatives[Wanted]]]:
        for known, needed in cases.items():
            if variable not in self._looked_at:
                yield known, needed
                continue
            found = outcomes(expression, dict(known))
            if found - {ERROR}:
                yield known | {(variable, found - {ERROR})}, needed
            if ERROR in found:
                yield known, needed

    def _selected(self, select: Plan, cases: Cases) -> Cases:
        """A sub-select: the variables that it gives back go in and come out."""
        given = {name for name, *_ in select["given"]}
        found: list[tuple[Known, Alternatives[Wanted]]] = []
        for known, needed in cases.items():
            told = dict(known)
            start = frozenset((name, told[name]) for name in told.keys() & given)
            for inner, more in self.after(
                select["group"], {start: needed}, frozenset(given)
            ).items():
                inside = {name: one for name, one in inner if name in given}
                fresh = dict.fromkeys(given & self._looked_at, UNKNOWN)
                found.append((frozenset({**fresh, **told, **inside}.items()), more))
        return _merged(found)


def _merged(cases: Iterable[tuple[Known, Alternatives[Wanted]]]) -> Cases:
    """Cases in which the same is known, as one."""
    found: dict[Known, set[frozenset[Wanted]]] = {}
    for known, needed in cases:
        found.setdefault(known, set()).update(needed)
    return {
        known: smallest(needs) if len(needs) > 1 else frozenset(needs)
        for known, needs in found.items()
    }


def _may_be(end: str, term: Term, told: Mapping[str, Outcomes]) -> bool:
    if not end.startswith("?"):
        return end == term
    return end not in told or ANY in told[end] or term in told[end]


def _steps(path: Plan) -> Iterator[tuple[Term, ...]]:
    """The predicates on each way along a path; what may be repeated or left out takes none."""
    if isinstance(path, str):
        yield (path,)
        return
    sign, *inner = path
    if sign == "|":
        for one in inner:
            yield from _steps(one)
    elif sign == "/":
        first, *others = inner
        rest = _steps(["/", *others]) if others else iter([()])
        tails = list(rest)
        for head in _steps(first):
            for tail in tails:
                yield (*head, *tail)
    elif sign in {"?", "*"}:
        yield ()
    else:
        yield from _steps(inner[0])


def _early(group: Plan) -> Plan:
    """The group with each condition as soon as it can be told, so that there are fewer cases."""
    found: Plan = []
    for part in group:
        place = len(found)
        if part[0] in {"bind", "filter"}:
            wanted = {*_looked_at([part])} | ({part[2]} if part[0] == "bind" else set())
            while place and not wanted & (
                _bound_in([found[place - 1]]) | _named_in(found[place - 1])
            ):
                place -= 1
        found.insert(place, part)
    return found


def _named_in(part: Plan) -> set[str]:
    """The variables that a condition names, which must not be bound before it."""
    return {*_looked_at([part])} if part[0] in {"bind", "filter"} else set()


def _bound_in(group: Plan) -> set[str]:
    """The variables that a group may bind."""
    found: set[str] = set()
    for kind, *inner in group:
        if kind == "triples":
            found |= {end for s, p, o in inner for end in (s, p, o) if isinstance(end, str)}
        elif kind == "bind":
            found.add(inner[1])
        elif kind == "select":
            found |= {name for name, *_ in inner[0]["given"]}
        elif kind in {"optional", "union"}:
            for one in inner:
                found |= _bound_in(one)
    return {name for name in found if name.startswith("?")}


def _looked_at(plan: Plan) -> Iterator[str]:
    """The variables that conditions look at, or that stand where a predicate or an attribute's name
    does.
    """
    for kind, *inner in plan:
        if kind == "triples":
            for _, way, value in inner:
                yield from (way for way in [way] if isinstance(way, str) and way.startswith("?"))
                if isinstance(way, str) and way in _NAMED and value.startswith("?"):
                    yield value
        elif kind in {"bind", "filter"}:
            yield from _variables(inner[0])
        elif kind == "select":
            yield from _looked_at(inner[0]["group"])
        else:
            for one in inner:
                yield from _looked_at(one)


def _terms(expression: Plan) -> Iterator[Term]:
    """The IRIs that a condition names outside of any EXISTS."""
    if isinstance(expression, str):
        yield from [expression] if expression.startswith("<") else []
    elif expression[0] != "exists":
        for inner in expression[1:]:
            if isinstance(inner, str | list):
                yield from _terms(inner)


def _variables(expression: Plan) -> Iterator[str]:
    if isinstance(expression, str):
        yield from [expression] if expression.startswith("?") else []
    elif expression[0] == "exists":
        yield from _looked_at(expression[1])
    else:
        for inner in expression[1:]:
            if isinstance(inner, str | list):
                yield from _variables(inner)
