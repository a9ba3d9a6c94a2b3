"""What a verdict rests on: each variable of a predicate's rows, with its sources, found through the
query's patterns.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import pyoxigraph as ox

from kg.detect.batch import Batch, Solution, Term, Value, plain_of, value_of
from kg.findings import Evidence
from kg.namespaces import iri, local
from kg.patterns import Outline, Pattern, outline
from kg.vocabulary import Attribute
from kg.workspace import Origins, Stated

_NAMED = frozenset({"subject", "object", "item", "reference", "verdict"})
Added: TypeAlias = tuple[Term, str, Term]


class Witness:
    """Gathers the evidence of one query's findings in one batch."""

    def __init__(self, query: str, batch: Batch) -> None:
        self._outline: Outline = outline(query)
        self._batch = batch
        self._attributes = batch.vocabulary.attributes
        self._shown = [name for name in self._outline.variables if self._is_shown(name)]

    def evidence(
        self, rows: tuple[Solution, ...], origins: Mapping[str, Origins]
    ) -> tuple[Evidence, ...]:
        """Every value that the rows show, and every variable that is unbound in all of them."""
        found: dict[tuple[str, str, str], Evidence] = {}
        arms: list[set[int]] = []
        for name in self._shown:
            bound = [row for row in rows if name in row and _is_value(row[name])]
            for row in bound:
                for evidence in self._stated(name, row, origins):
                    found.setdefault((name, evidence.attribute, repr(evidence.value)), evidence)
            if not bound and not any(name in row for row in rows):
                arms = arms or [self._arms(row) for row in rows]
                lacks = (self._absent(name, row, own) for row, own in zip(rows, arms, strict=True))
                absent = next(filter(None, lacks), None)
                if absent:
                    found[name, absent.name, ""] = Evidence(
                        name, absent.name, None, absent.unit_name
                    )
        return tuple(found.values())

    def _is_shown(self, name: str) -> bool:
        """Whether the variable is a value, not a part or attribute that leads to one."""
        variable = f"?{name}"
        leads = any(
            variable in (pattern.subject, pattern.predicate)
            for pattern in self._outline.patterns
            if pattern.predicate.startswith("?") or local(pattern.predicate) in self._attributes
        )
        return name not in _NAMED and not leads

    def _arms(self, row: Solution) -> set[int]:
        """The alternatives of the query that may have given the row; all where none is sure to."""
        found = {arm for arm in self._outline.arms(row.keys()) if arm and self._holds(arm, row)}
        return found | {0} if found else {pattern.arm for pattern in self._outline.patterns}

    def _holds(self, arm: int, row: Solution) -> bool:
        """Whether the batch has what the alternative needs, as far as the row knows it."""
        return all(
            self._batch.holds(subject, predicate, value)
            for pattern in self._outline.patterns
            if pattern.arm == arm and pattern.needed
            for predicate in [self._predicate(pattern.predicate, row)]
            for subject in [self._term(pattern.subject, row)]
            for value in [self._known(pattern.object, row)]
            if predicate and subject is not None and value is not None
        )

    @staticmethod
    def _known(end: str, row: Solution) -> Term | None:
        """The term at the end of a pattern; none for a literal, whose datatype it leaves out."""
        if end.startswith("?"):
            return row.get(end[1:])
        return ox.NamedNode(end) if ":" in end else None

    def _absent(self, name: str, row: Solution, arms: set[int]) -> Attribute | None:
        """The attribute whose value the variable would be, where it is not stated at all."""
        for pattern in self._origins(name):
            if pattern.arm not in arms:
                continue
            predicate = self._predicate(pattern.predicate, row)
            attribute = self._attributes.get(local(predicate))
            subject = self._term(pattern.subject, row)
            if attribute and subject is not None and not self._batch.objects(subject, predicate):
                return attribute
        return None

    def _origins(self, name: str) -> list[Pattern]:
        return self._outline.origins(name)

    def _stated(
        self, name: str, row: Solution, origins: Mapping[str, Origins]
    ) -> Iterator[Evidence]:
        if name in self._outline.sums:
            yield self._sum(name, row, origins)
            return
        for pattern in self._origins(name):
            subject = self._term(pattern.subject, row)
            predicate = self._predicate(pattern.predicate, row)
            if (
                subject is not None
                and predicate
                and self._batch.holds(subject, predicate, row[name])
            ):
                yield self._evidence(name, subject, predicate, row[name], origins)
                return
        yield Evidence(name, "", value_of(row[name]))

    def _evidence(
        self,
        name: str,
        subject: Term,
        predicate: str,
        value: Term,
        origins: Mapping[str, Origins],
    ) -> Evidence:
        attribute = self._attributes.get(local(predicate))
        stated = self._sources(subject, predicate, value, origins)
        return Evidence(
            name=name,
            attribute=local(predicate),
            value=value_of(value),
            unit=attribute.unit_name if attribute else "",
            status=_status(stated),
            sources=tuple(dict.fromkeys(one.origin for one in stated)),
        )

    def _sources(
        self,
        subject: Term,
        predicate: str,
        value: Term,
        origins: Mapping[str, Origins],
    ) -> list[Stated]:
        project = self._project(subject)
        known = origins.get(project) if project else None
        return known.of(subject.value, predicate, plain_of(value)) if known else []

    def _project(self, subject: Term) -> str | None:
        elements = self._batch.objects(subject, iri("mm:partOf"))
        names = [element.value for element in elements] or [subject.value]
        return next((self._batch.projects[n] for n in names if n in self._batch.projects), None)

    def _sum(self, name: str, row: Solution, origins: Mapping[str, Origins]) -> Evidence:
        """A total, with the sources of everything that was added up."""
        total = value_of(row[name])
        for patterns in self._outline.summands(name):
            triples = [found for found in self._walk(patterns, row) if found[1] in self._attributes]
            if _total(triples) == total:
                stated = [
                    one
                    for subject, attribute, value in triples
                    for one in self._sources(subject, iri(attribute), value, origins)
                ]
                sources = tuple(dict.fromkeys(one.origin for one in stated))
                attribute = self._attributes[triples[0][1]]
                unit = attribute.unit_name
                return Evidence(name, attribute.name, total, unit, _status(stated), sources)
        return Evidence(name, "", total)

    def _walk(self, patterns: list[Pattern], row: Solution) -> list[Added]:
        """The triples that match the patterns, going from what the row binds."""
        found: dict[Added, None] = {}
        bindings: list[Solution] = [row]
        for pattern in patterns:
            bindings = [
                {**binding, **new}
                for binding in bindings
                for new in self._matches(pattern, binding, found)
            ]
        return list(found)

    def _matches(
        self, pattern: Pattern, binding: Solution, found: dict[Added, None]
    ) -> Iterator[Solution]:
        subject, value = (
            binding.get(end.removeprefix("?")) for end in (pattern.subject, pattern.object)
        )
        predicate = self._predicate(pattern.predicate, binding)
        if subject is not None and predicate:
            for term in self._batch.objects(subject, predicate):
                if value in (None, term):
                    found[subject, local(predicate), term] = None
                    yield {pattern.object.removeprefix("?"): term}
        elif value is not None and predicate:
            for term in self._batch.subjects(predicate, value):
                yield {pattern.subject.removeprefix("?"): term}

    @staticmethod
    def _term(end: str, row: Solution) -> Term | None:
        return row.get(end[1:]) if end.startswith("?") else ox.NamedNode(end)

    @staticmethod
    def _predicate(predicate: str, row: Solution) -> str:
        """The attribute's IRI; nothing where it is a variable that the row leaves unbound."""
        if not predicate.startswith("?"):
            return predicate
        term = row.get(predicate[1:])
        return term.value if term is not None else ""


def _is_value(term: Term) -> bool:
    """Whether a person can read the term: a literal, or one of our own terms."""
    return isinstance(term, ox.Literal) or local(term.value) != term.value


def _total(triples: list[Added]) -> Value:
    """The largest value of each subject, added up."""
    largest: dict[str, float] = {}
    for subject, _, term in triples:
        value = value_of(term)
        if isinstance(value, int | float):
            largest[subject.value] = max(value, largest.get(subject.value, value))
    return sum(largest.values())


def _status(stated: list[Stated]) -> str:
    kinds = {"observed" if one.observed else "declared" for one in stated}
    return " and ".join(sorted(kinds))
