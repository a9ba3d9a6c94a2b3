"""What a verdict rests on: each variable of a predicate's rows, with its sources, found through the
query's patterns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from kg.detect.batch import Batch
from kg.detect.by_query import Ready, Rows
from kg.detect.terms import Value, value_of
from kg.findings import IN_PROSE, INFERRED, Evidence, Origin
from kg.namespaces import local
from kg.patterns import Outline, Pattern
from kg.sparql import Cells, Term
from kg.sparql.index import NOTHING
from kg.vocabulary import Attribute
from kg.workspace import Facts, Stated
from kg.writing import reference

_NAMED = frozenset({"subject", "object", "item", "reference", "verdict"})
_PART_OF = reference("mm:partOf")
_OURS = reference("mm:")[:-1]
Row: TypeAlias = Mapping[str, Term]
"""A solution: the terms of the variables that are bound."""
Added: TypeAlias = tuple[Term, Term, Term]


class Step(NamedTuple):
    """A pattern that may have given a variable its value: its subject and predicate, or the cells
    of a row that hold them, and the attribute that the predicate is.
    """

    subject: Term | int
    predicate: Term | int
    attribute: Attribute | None

    def ends(self, cells: Cells) -> tuple[Term, Term]:
        """The subject and the predicate in a row; each is empty where the row leaves it open."""
        subject, predicate, _ = self
        return (
            subject if isinstance(subject, str) else cells[subject],
            predicate if isinstance(predicate, str) else cells[predicate],
        )


class Shown(NamedTuple):
    """A variable that evidence shows: which cell of a row holds it, and the steps that may have
    given its value in each arm.
    """

    name: str
    place: int
    steps: Sequence[Sequence[Step]]


class Reader:
    """Knows of one query which variables are values, and which patterns of each arm they come
    from.
    """

    def __init__(self, ready: Ready, attributes: Mapping[str, Attribute]) -> None:
        self.ready = ready
        self.outlines = ready.outlines
        self._attributes = attributes
        self._places = {name: place for place, name in enumerate(ready.query.variables)}
        leading, arms = self._leading(), [one.origins() for one in self.outlines]
        self._shown = [
            Shown(name, place, [list(self._steps(arm.get(f"?{name}", ()))) for arm in arms])
            for name, place in self._places.items()
            if name not in _NAMED and f"?{name}" not in leading
        ]
        self._by_arms: dict[frozenset[int], list[Shown]] = {}

    def shown(self, rows: Rows) -> list[Shown]:
        """The variables of which the rows tell a value, or that there is none."""
        arms = frozenset([arm for _, arm in rows])
        if arms not in self._by_arms:
            bound = {name for arm in arms for name in self.ready.query.bound[arm]}
            self._by_arms[arms] = [
                one
                for one in self._shown
                if one.name in bound or any(one.steps[arm] for arm in arms)
            ]
        return self._by_arms[arms]

    def row(self, cells: Cells) -> Row:
        """A row's terms by name."""
        return {name: cells[place] for name, place in self._places.items() if cells[place]}

    def _leading(self) -> set[str]:
        """Variables that are no values, but parts or attributes which lead to some."""
        return {
            end
            for outline in self.outlines
            for pattern in outline.patterns
            if pattern.predicate.startswith("?") or local(pattern.predicate) in self._attributes
            for end in (pattern.subject, pattern.predicate)
        }

    def _steps(self, patterns: Iterable[Pattern]) -> Iterator[Step]:
        for pattern in patterns:
            subject, predicate = self._end(pattern.subject), self._end(pattern.predicate)
            if subject is not None and predicate is not None:
                attribute = self._attributes.get(local(pattern.predicate))
                yield Step(subject, predicate, attribute)

    def _end(self, end: str) -> Term | int | None:
        """A term, or the place of a result variable; none for a path and for any other variable."""
        if end.startswith("?"):
            return self._places.get(end[1:])
        return f"<{end}>" if end else None


class Witness:
    """Gathers the evidence of the findings in one batch."""

    def __init__(self, batch: Batch, projects: Mapping[str, Facts]) -> None:
        self._batch = batch
        self._triples = batch.index.forward
        self._attributes = batch.vocabulary.attributes
        self._keys = batch.vocabulary.keys
        self._projects = projects
        self._told: dict[tuple[str, Term, Term, Term], Evidence] = {}
        self._facts: dict[Term, Facts | None] = {}

    def evidence(self, reader: Reader, rows: Rows) -> list[Evidence]:
        """Every value that the rows show, and every variable that is unbound in all of them."""
        found: list[Evidence] = []
        for shown in reader.shown(rows):
            bound = [row for row in rows if row[0][shown.place]]
            if len(bound) == 1:
                ((cells, arm),) = bound
                if self._is_value(cells[shown.place]):
                    found.append(self._stated(reader, shown, cells, arm))
            elif bound:
                found += self._values(reader, shown, bound)
            else:
                absent = self._absent(shown, rows)
                if absent:
                    found.append(_not_stated(shown.name, absent.name, absent.unit_name))
        return found

    def _values(self, reader: Reader, shown: Shown, rows: Rows) -> Iterable[Evidence]:
        """What the rows show of a variable, each value of an attribute once."""
        found: dict[tuple[str, str], Evidence] = {}
        for cells, arm in rows:
            if self._is_value(cells[shown.place]):
                evidence = self._stated(reader, shown, cells, arm)
                found.setdefault((evidence.attribute, repr(evidence.value)), evidence)
        return found.values()

    def _absent(self, shown: Shown, rows: Rows) -> Attribute | None:
        """The attribute whose value a variable would be, where it is not stated at all."""
        for cells, arm in rows:
            for step in shown.steps[arm]:
                subject, predicate = step.ends(cells)
                attribute = step.attribute or self._attributes.get(local(predicate[1:-1]))
                values = self._triples.get(predicate, NOTHING).get(subject)
                if attribute and subject and not values:
                    return attribute
        return None

    def _stated(self, reader: Reader, shown: Shown, cells: Cells, arm: int) -> Evidence:
        outline, value = reader.outlines[arm], cells[shown.place]
        if shown.name in outline.sums:
            return self._sum(shown.name, outline, reader.row(cells))
        for step in shown.steps[arm]:
            subject, predicate = step.ends(cells)
            if value in self._triples.get(predicate, NOTHING).get(subject, ()):
                return self._evidence(shown.name, subject, predicate, value)
        return Evidence(shown.name, "", self._value(value))

    def _evidence(self, name: str, subject: Term, predicate: Term, value: Term) -> Evidence:
        key = name, subject, predicate, value
        if key not in self._told:
            self._told[key] = self._tell(*key)
        return self._told[key]

    def _tell(self, name: str, subject: Term, predicate: Term, value: Term) -> Evidence:
        attribute = local(predicate[1:-1])
        known = self._attributes.get(attribute)
        stated = self._sources(subject, predicate, value)
        unit = known.unit_name if known else ""
        kept = self._value(value)
        return Evidence(name, attribute, kept, unit, _status(stated), _origins(stated))

    def _is_value(self, term: Term) -> bool:
        """Whether a person can read the term: a literal, or a term of ours or of an extension."""
        return term[0] != "<" or term.startswith(_OURS) or term[1:-1] in self._keys

    def _value(self, term: Term) -> Value:
        """The term as a report holds it; a listed value as people call it."""
        value = value_of(term)
        return self._keys.get(str(value), value) if term[0] == "<" else value

    def _sources(self, subject: Term, predicate: Term, value: Term) -> list[Stated]:
        if subject not in self._facts:
            self._facts[subject] = self._projects.get(self._project(subject))
        known = self._facts[subject]
        return known.stated(subject, predicate, value) if known else []

    def _project(self, subject: Term) -> str:
        for owner in self._batch.objects(subject, _PART_OF) or [subject]:
            project = self._batch.project(owner)
            if project:
                return project
        return ""

    def _sum(self, name: str, outline: Outline, row: Row) -> Evidence:
        """A total, with the sources of everything that was added up."""
        total = value_of(row[name])
        for patterns in outline.summands(name):
            triples = [
                found
                for found in self._walk(patterns, row)
                if local(found[1][1:-1]) in self._attributes
            ]
            if _total(triples) == total:
                stated = [one for added in triples for one in self._sources(*added)]
                attribute = self._attributes[local(triples[0][1][1:-1])]
                unit = attribute.unit_name
                status = IN_PROSE if any(one.prose for one in stated) else _status(stated)
                return Evidence(name, attribute.name, total, unit, status, _origins(stated))
        return Evidence(name, "", total)

    def _walk(self, patterns: list[Pattern], row: Row) -> list[Added]:
        """The triples that match the patterns, going from what the row binds."""
        found: dict[Added, None] = {}
        bindings: list[Row] = [row]
        for pattern in patterns:
            bindings = [
                {**binding, **new}
                for binding in bindings
                for new in self._matches(pattern, binding, found)
            ]
        return list(found)

    def _matches(self, pattern: Pattern, binding: Row, found: dict[Added, None]) -> Iterator[Row]:
        subject, value = (
            binding.get(end.removeprefix("?")) for end in (pattern.subject, pattern.object)
        )
        predicate = _predicate(pattern.predicate, binding)
        if subject is not None and predicate:
            for term in self._batch.objects(subject, predicate):
                if value in (None, term):
                    found[subject, predicate, term] = None
                    yield {pattern.object.removeprefix("?"): term}
        elif value is not None and predicate:
            for term in self._batch.subjects(predicate, value):
                yield {pattern.subject.removeprefix("?"): term}


@lru_cache(1 << 12)
def _not_stated(name: str, attribute: str, unit: str) -> Evidence:
    return Evidence(name, attribute, None, unit)


def _predicate(predicate: str, row: Row) -> Term:
    """The predicate; nothing where it is a path, or a variable that the row leaves unbound."""
    if predicate.startswith("?"):
        return row.get(predicate[1:], "")
    return f"<{predicate}>" if predicate else ""


def _total(triples: list[Added]) -> Value:
    """The largest value of each subject, added up."""
    largest: dict[str, float] = {}
    for subject, _, term in triples:
        value = value_of(term)
        if isinstance(value, int | float):
            largest[subject] = max(value, largest.get(subject, value))
    return sum(largest.values())


def _origins(stated: list[Stated]) -> tuple[Origin, ...]:
    """Where statements stand, each place once."""
    if len(stated) == 1:
        return (stated[0].origin,)
    return tuple(dict.fromkeys(one.origin for one in stated))


def _status(stated: list[Stated]) -> str:
    """How the statements came about; what a file states besides is not known from prose alone."""
    kinds = {_kind(one) for one in stated if not one.prose}
    return " and ".join(sorted(kinds)) or (IN_PROSE if stated else "")


def _kind(stated: Stated) -> str:
    if stated.origin.inferred_from:
        return INFERRED
    return "observed" if stated.observed else "declared"
