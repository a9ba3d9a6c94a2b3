"""What a verdict rests on: each variable of a predicate's rows, with its sources, found through the
query's patterns.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from kg.detect.batch import Batch
from kg.detect.by_query import Query, Row
from kg.detect.terms import Term, Value, is_node, plain_of, text_of, value_of
from kg.findings import Evidence
from kg.namespaces import local
from kg.patterns import Outline, Pattern
from kg.vocabulary import Attribute
from kg.workspace import Origins, Stated
from kg.writing import reference

_NAMED = frozenset({"subject", "object", "item", "reference", "verdict"})
_PART_OF = reference("mm:partOf")
Rows: TypeAlias = Sequence[tuple[Row, int]]
"""Rows of an answer, each with the number of its arm."""
Added: TypeAlias = tuple[Term, str, Term]


class Reader:
    """Knows of one query which variables are values, and which patterns of each arm they come
    from.
    """

    def __init__(self, query: Query, attributes: Mapping[str, Attribute]) -> None:
        self.outlines = [arm.outline for arm in query.arms]
        self._attributes = attributes
        self.shown = [name for name in query.variables if self._is_shown(name)]
        self.origins = [
            {name: outline.origins(name) for name in self.shown} for outline in self.outlines
        ]

    def _is_shown(self, name: str) -> bool:
        """Whether the variable is a value, not a part or attribute that leads to one."""
        variable = f"?{name}"
        leads = any(
            variable in (pattern.subject, pattern.predicate)
            for outline in self.outlines
            for pattern in outline.patterns
            if pattern.predicate.startswith("?") or local(pattern.predicate) in self._attributes
        )
        return name not in _NAMED and not leads


class Witness:
    """Gathers the evidence of one query's findings in one batch."""

    def __init__(self, reader: Reader, batch: Batch) -> None:
        self._reader = reader
        self._batch = batch
        self._attributes = batch.vocabulary.attributes

    def evidence(self, rows: Rows, origins: Mapping[str, Origins]) -> tuple[Evidence, ...]:
        """Every value that the rows show, and every variable that is unbound in all of them."""
        found: dict[tuple[str, str, str], Evidence] = {}
        for name in self._reader.shown:
            bound = [(row, arm) for row, arm in rows if name in row]
            for row, arm in bound:
                if _is_value(row[name]):
                    evidence = self._stated(name, row, arm, origins)
                    found.setdefault((name, evidence.attribute, repr(evidence.value)), evidence)
            if not bound:
                lacks = (self._absent(name, row, arm) for row, arm in rows)
                absent = next(filter(None, lacks), None)
                if absent:
                    found[name, absent.name, ""] = Evidence(
                        name, absent.name, None, absent.unit_name
                    )
        return tuple(found.values())

    def _absent(self, name: str, row: Row, arm: int) -> Attribute | None:
        """The attribute whose value the variable would be, where it is not stated at all."""
        for pattern in self._reader.origins[arm][name]:
            predicate = self._predicate(pattern.predicate, row)
            attribute = self._attributes.get(local(predicate[1:-1]))
            subject = self._term(pattern.subject, row)
            if attribute and subject is not None and not self._batch.objects(subject, predicate):
                return attribute
        return None

    def _stated(self, name: str, row: Row, arm: int, origins: Mapping[str, Origins]) -> Evidence:
        outline = self._reader.outlines[arm]
        if name in outline.sums:
            return self._sum(name, outline, row, origins)
        for pattern in self._reader.origins[arm][name]:
            subject = self._term(pattern.subject, row)
            predicate = self._predicate(pattern.predicate, row)
            if (
                subject is not None
                and predicate
                and self._batch.holds(subject, predicate, row[name])
            ):
                return self._evidence(name, subject, predicate, row[name], origins)
        return Evidence(name, "", value_of(row[name]))

    def _evidence(
        self,
        name: str,
        subject: Term,
        predicate: Term,
        value: Term,
        origins: Mapping[str, Origins],
    ) -> Evidence:
        attribute = local(predicate[1:-1])
        known = self._attributes.get(attribute)
        stated = self._sources(subject, predicate, value, origins)
        return Evidence(
            name=name,
            attribute=attribute,
            value=value_of(value),
            unit=known.unit_name if known else "",
            status=_status(stated),
            sources=tuple(dict.fromkeys(one.origin for one in stated)),
        )

    def _sources(
        self,
        subject: Term,
        predicate: Term,
        value: Term,
        origins: Mapping[str, Origins],
    ) -> list[Stated]:
        project = self._project(subject)
        known = origins.get(project) if project else None
        return known.of(text_of(subject), predicate[1:-1], plain_of(value)) if known else []

    def _project(self, subject: Term) -> str | None:
        names = map(text_of, self._batch.objects(subject, _PART_OF) or [subject])
        return next((self._batch.projects[n] for n in names if n in self._batch.projects), None)

    def _sum(
        self, name: str, outline: Outline, row: Row, origins: Mapping[str, Origins]
    ) -> Evidence:
        """A total, with the sources of everything that was added up."""
        total = value_of(row[name])
        for patterns in outline.summands(name):
            triples = [
                found
                for found in self._walk(patterns, row)
                if local(found[1][1:-1]) in self._attributes
            ]
            if _total(triples) == total:
                stated = [
                    one
                    for subject, predicate, value in triples
                    for one in self._sources(subject, predicate, value, origins)
                ]
                sources = tuple(dict.fromkeys(one.origin for one in stated))
                attribute = self._attributes[local(triples[0][1][1:-1])]
                unit = attribute.unit_name
                return Evidence(name, attribute.name, total, unit, _status(stated), sources)
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
        predicate = self._predicate(pattern.predicate, binding)
        if subject is not None and predicate:
            for term in self._batch.objects(subject, predicate):
                if value in (None, term):
                    found[subject, predicate, term] = None
                    yield {pattern.object.removeprefix("?"): term}
        elif value is not None and predicate:
            for term in self._batch.subjects(predicate, value):
                yield {pattern.subject.removeprefix("?"): term}

    @staticmethod
    def _term(end: str, row: Row) -> Term | None:
        return row.get(end[1:]) if end.startswith("?") else f"<{end}>"

    @staticmethod
    def _predicate(predicate: str, row: Row) -> Term:
        """The attribute; nothing where it is a path, or a variable that the row leaves unbound."""
        if predicate.startswith("?"):
            return row.get(predicate[1:], "")
        return f"<{predicate}>" if predicate else ""


def _is_value(term: Term) -> bool:
    """Whether a person can read the term: a literal, or one of our own terms."""
    return not is_node(term) or local(term[1:-1]) != term[1:-1]


def _total(triples: list[Added]) -> Value:
    """The largest value of each subject, added up."""
    largest: dict[str, float] = {}
    for subject, _, term in triples:
        value = value_of(term)
        if isinstance(value, int | float):
            largest[subject] = max(value, largest.get(subject, value))
    return sum(largest.values())


def _status(stated: list[Stated]) -> str:
    kinds = {"observed" if one.observed else "declared" for one in stated}
    return " and ".join(sorted(kinds))
