"""Turns a SHACL predicate into a query of the same result contract, so that one engine runs all.

Understands SHACL core on one path: counts, datatype, ranges, `sh:in`, `sh:class` and `sh:node`;
and `sh:or` of what may be stated in place of each other. What is stated and wrong is a mismatch, or
leaves a completeness predicate undecided; a value that is not there, or one too few, leaves every
predicate undecided.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, count
from pathlib import Path

from kg.catalogue import Predicate
from kg.errors import PredicateMalformed
from kg.namespaces import iri, stem
from kg.triples import Term, triples_of, written
from kg.writing import reference

_COMPARED = {
    "sh:minInclusive": ">=",
    "sh:maxInclusive": "<=",
    "sh:minExclusive": ">",
    "sh:maxExclusive": "<",
}
_JUDGING = {"sh:datatype", "sh:in", "sh:class", "sh:node", *_COMPARED}
_COUNTING = {"sh:minCount", "sh:maxCount"}
_WORDS = {"sh:name", "sh:description", "sh:message", "sh:severity", "sh:order", "sh:group"}
_OF_A_VALUE = {"sh:path"} | _JUDGING | _COUNTING | _WORDS
_OF_A_NODE = {"sh:targetClass", "sh:property", "sh:or"} | _WORDS
_OF_A_CHOICE = {"sh:path", "sh:minCount", "sh:hasValue"} | _WORDS
_SUBJECT = "?subject"
_MOST = 20  # so many values in one pattern would take a query for ever

Arm = tuple[str, bool]
"""A graph pattern, and whether it tells of a value that is not there."""


def query_of(predicate: Predicate) -> str:
    """The query that a predicate is, or is turned into; raises PredicateMalformed."""
    return predicate.text if predicate.form == "sparql" else translate(predicate)


def translate(predicate: Predicate) -> str:
    """The query that gives the verdicts of the shape; raises PredicateMalformed for what it does
    not understand.
    """
    return _translated(predicate.id, predicate.kind, predicate.text, predicate.file)


@lru_cache(maxsize=512)
def _translated(name: str, kind: str, text: str, file: Path) -> str:
    translation = _Translation(name, text, file)
    wrong = "undecided" if kind == "completeness" else "mismatch"
    arms = [(pattern, "undecided" if absent else wrong) for pattern, absent in translation.arms()]
    union = "\n  UNION\n".join(
        f'  {{ {target} {pattern} BIND("{verdict}" AS ?verdict) }}'
        for target in translation.targets()
        for pattern, verdict in [*arms, ("", "clear")]
    )
    variables = " ".join(dict.fromkeys(translation.shown))
    return f"SELECT DISTINCT {_SUBJECT} {variables} ?verdict WHERE {{\n{union}\n}}"


class _Translation:
    """Reads one predicate's shapes, and writes the graph patterns of what they forbid."""

    def __init__(self, name: str, text: str, file: Path) -> None:
        self._file = file
        self._shape = f"mms:{name}"
        self._shapes = triples_of(text, file)
        self._numbers = count(1)
        self._elements = {_SUBJECT}
        self._paths: dict[str, str] = {}
        self.shown: list[str] = []

    def targets(self) -> Iterator[str]:
        """The pattern of each class whose members the shape is about."""
        classes = self._shapes.values(self._shape, "sh:targetClass")
        if not classes:
            raise self._malformed(
                f"{self._shape} has no sh:targetClass", "Say which element it is about"
            )
        for name in classes:
            yield f"{_SUBJECT} {reference('rdf:type')} {reference(name)} ."

    def arms(self) -> Iterator[Arm]:
        """A pattern for each way in which an element can fail the shape, or leave it open."""
        yield from self._failing(self._shape, _SUBJECT, ())
        for constraint in self._constraints(self._shape):
            counted = self._shapes.value(constraint, "sh:minCount")
            if not counted or counted == "0":
                path = self._path(constraint)
                value = self._variable(path, _SUBJECT)
                yield _unless(f"{_SUBJECT} {reference(path)} {value} ."), True

    def _failing(self, shape: str, focus: str, outer: tuple[str, ...]) -> Iterator[Arm]:
        if shape in outer:
            raise self._malformed(f"{shape} is a part of itself", "Say how deep it goes")
        for cell in self._shapes.values(shape, "sh:or"):
            bound, element = self._apart(focus)
            choices = (self._lacking(one, element) for one in self._shapes.members(cell))
            yield " ".join((bound, *choices)), True
        for constraint in self._constraints(shape):
            path = self._path(constraint)
            value = self._variable(path, focus)
            step = f"{focus} {reference(path)} {value} ."
            yield from self._counted(constraint, focus, path)
            for condition in self._conditions(constraint, value):
                yield f"{step} {condition}", False
            for node in self._shapes.values(constraint, "sh:node"):
                inner = self._failing(node, value, (*outer, shape))
                yield from ((f"{step} {pattern}", absent) for pattern, absent in inner)

    def _constraints(self, shape: str) -> list[str]:
        """What the node shape says of its properties, and nothing but that."""
        self._refuse_others(shape, _OF_A_NODE)
        found = self._shapes.values(shape, "sh:property")
        if not found and not self._shapes.values(shape, "sh:or"):
            raise self._malformed(
                f"{shape} states no sh:property in this file", "State what it asks for, here"
            )
        return found

    def _apart(self, focus: str) -> tuple[str, str]:
        """Another variable for the element: evidence then tells of this choice in its arm only."""
        if focus not in self._elements:
            return "", focus
        name = f"?element{next(self._numbers)}"
        self._elements.add(name)
        self.shown.append(name)
        return f"BIND({focus} AS {name})", name

    def _lacking(self, choice: str, focus: str) -> str:
        """That the element does not state what one of several choices asks for."""
        path = self._path(choice, _OF_A_CHOICE)
        for value in self._terms(choice, "sh:hasValue"):
            return _unless(f"{focus} {reference(path)} {written(value)} .")
        for least in filter(None, self._number(choice, "sh:minCount")):
            self._variable(path, focus)
            return _unless(self._values(focus, path, least))
        raise self._malformed(f"{choice} asks for nothing", "Say what must be stated")

    def _path(self, constraint: str, known: set[str] = _OF_A_VALUE) -> str:
        self._refuse_others(constraint, known)
        path = self._shapes.value(constraint, "sh:path")
        if not path or path.startswith("_:"):
            raise self._malformed(
                f"{constraint} has a path that is no attribute",
                "Name one attribute, or write SPARQL",
            )
        return path

    def _refuse_others(self, shape: str, known: set[str]) -> None:
        """Raise for the first word of SHACL that is not among the known ones."""
        for subject, verb, _ in self._shapes:
            name = verb.replace(iri("sh:"), "sh:")
            if subject == iri(shape) and name.startswith("sh:") and name not in known:
                raise self._malformed(
                    f"{shape} uses {name}, which cannot be turned into a query",
                    "Say it with counts, datatype, ranges, sh:in, sh:class or sh:node of values,"
                    " or with sh:or of counts and sh:hasValue, or write SPARQL",
                )

    def _malformed(self, what: str, hint: str) -> PredicateMalformed:
        return PredicateMalformed(f"{self._file}: {what}", hint)

    def _variable(self, path: str, focus: str) -> str:
        """A shown variable for the element's own attributes, a fresh one for those of its parts."""
        if focus not in self._elements:
            return f"?value{next(self._numbers)}"
        self.shown.append(self._named(path))
        return self._named(path)

    def _named(self, path: str) -> str:
        """The variable of an attribute; raises PredicateMalformed where another's is called so."""
        other = self._paths.setdefault(stem(path), path)
        if other != path:
            raise self._malformed(
                f"<{path}> and <{other}> would both be called {stem(path)}", "Write SPARQL"
            )
        return f"?{stem(path)}"

    def _counted(self, constraint: str, focus: str, path: str) -> Iterator[Arm]:
        for least in self._number(constraint, "sh:minCount"):
            if least:
                yield _unless(self._values(focus, path, least)), True
        for most in self._number(constraint, "sh:maxCount"):
            yield self._values(focus, path, most + 1), False

    def _number(self, constraint: str, name: str) -> Iterator[int]:
        for text in self._shapes.values(constraint, name):
            if not text.isdecimal() or int(text) > _MOST:
                raise self._malformed(
                    f"{constraint} counts to {text}", f"Write a whole number up to {_MOST}"
                )
            yield int(text)

    def _values(self, focus: str, path: str, times: int) -> str:
        """That there are so many values, each another."""
        names = [f"?value{next(self._numbers)}" for _ in range(times)]
        if times and focus in self._elements:
            names[0] = self._named(path)
        steps = " ".join(f"{focus} {reference(path)} {name} ." for name in names)
        others = " && ".join(f"!SAMETERM({a}, {b})" for a, b in combinations(names, 2))
        return f"{steps} FILTER({others})" if others else steps

    def _conditions(self, constraint: str, value: str) -> Iterator[str]:
        for datatype in self._shapes.values(constraint, "sh:datatype"):
            yield f"FILTER(!ISLITERAL({value}) || DATATYPE({value}) != {reference(datatype)})"
        for name, operator in _COMPARED.items():
            for limit in self._terms(constraint, name):
                yield f"FILTER(!COALESCE({value} {operator} {written(limit)}, false))"
        for cell in self._shapes.values(constraint, "sh:in"):
            # `NOT IN` compares by value, and fails where a text meets a number.
            same = (f"SAMETERM({value}, {written(member)})" for member in self._members(cell))
            yield f"FILTER(!({' || '.join(same) or 'false'}))"
        for kind in self._shapes.values(constraint, "sh:class"):
            yield _unless(f"{value} {reference('rdf:type')} {reference(kind)} .")

    def _terms(self, name: str, predicate: str) -> list[Term]:
        return [t for s, verb, t in self._shapes if (s, verb) == (iri(name), iri(predicate))]

    def _members(self, cell: str) -> Iterator[Term]:
        while cell != iri("rdf:nil"):
            yield from self._terms(cell, "rdf:first")
            cell = self._shapes.value(cell, "rdf:rest") or iri("rdf:nil")


def _unless(pattern: str) -> str:
    return f"FILTER NOT EXISTS {{ {pattern} }}"
