"""Turns a SHACL predicate into a query of the same result contract, so that one engine runs all
predicates.

Understands SHACL core on one path: counts of one, datatype, ranges, `sh:in`, `sh:class` and
`sh:node`. A completeness shape that is not met leaves its verdict undecided; any other makes a
mismatch. A value that is not there makes no mismatch: the verdict is undecided.
"""

from collections.abc import Iterator
from itertools import count

from kg.catalogue import Predicate
from kg.errors import PredicateMalformed
from kg.namespaces import iri, local
from kg.triples import Triples, read_triples
from kg.writing import literal, reference

_COMPARED = {
    "sh:minInclusive": ">=",
    "sh:maxInclusive": "<=",
    "sh:minExclusive": ">",
    "sh:maxExclusive": "<",
}
_KNOWN = {"sh:path", "sh:datatype", "sh:in", "sh:class", "sh:node", "sh:minCount", "sh:maxCount"}
_WORDS = {
    "rdf:type",
    "sh:name",
    "sh:description",
    "sh:message",
    "sh:severity",
    "sh:order",
    "sh:group",
}


def translate(predicate: Predicate) -> str:
    """The query that gives the verdicts of the shape; raises PredicateMalformed for what it does
    not understand.
    """
    shape = f"mms:{predicate.id}"
    translation = _Translation(predicate)
    target = f"?subject {reference('rdf:type')} {reference(translation.target(shape))} ."
    failed = "undecided" if predicate.kind == "completeness" else "mismatch"
    arms = [(violation, failed) for violation in translation.violations(shape, "?subject")]
    arms += [(absence, "undecided") for absence in translation.absences(shape)]
    arms.append(("", "clear"))
    union = "\n  UNION\n".join(
        f'  {{ {target} {pattern} BIND("{verdict}" AS ?verdict) }}' for pattern, verdict in arms
    )
    variables = " ".join(dict.fromkeys(translation.shown))
    return f"SELECT DISTINCT ?subject {variables} ?verdict WHERE {{\n{union}\n}}"


class _Translation:
    """Reads one predicate's shapes, and writes the graph patterns of what they forbid."""

    def __init__(self, predicate: Predicate) -> None:
        self._file = predicate.file
        self._shapes: Triples = read_triples([predicate.file])
        self._numbers = count(1)
        self.shown: list[str] = []

    def target(self, shape: str) -> str:
        """The class whose members the shape is about."""
        target = self._shapes.value(shape, "sh:targetClass")
        if not target:
            raise PredicateMalformed(
                f"{self._file}: {shape} has no sh:targetClass", "Say which element it is about"
            )
        return target

    def violations(self, shape: str, focus: str) -> Iterator[str]:
        """A graph pattern for each way in which `focus` can fail the shape."""
        for constraint in self._shapes.values(shape, "sh:property"):
            path = self._path(constraint)
            value = self._variable(path, focus)
            step = f"{focus} {reference(path)} {value} ."
            if self._shapes.value(constraint, "sh:minCount") not in {"", "0"}:
                yield f"FILTER NOT EXISTS {{ {step} }}"
            if self._shapes.value(constraint, "sh:maxCount"):
                other = f"?other{next(self._numbers)}"
                again = f"{focus} {reference(path)} {other} ."
                yield f"{step} {again} FILTER(!SAMETERM({value}, {other}))"
            for condition in self._conditions(constraint, value):
                yield f"{step} FILTER({condition})"
            for kind in self._shapes.values(constraint, "sh:class"):
                typed = f"{value} {reference('rdf:type')} {reference(kind)}"
                yield f"{step} FILTER NOT EXISTS {{ {typed} }}"
            for node in self._shapes.values(constraint, "sh:node"):
                yield from (f"{step} {inner}" for inner in self.violations(node, value))

    def absences(self, shape: str) -> Iterator[str]:
        """A graph pattern for each value that is judged where it is stated, and is not stated."""
        for constraint in self._shapes.values(shape, "sh:property"):
            if not self._shapes.value(constraint, "sh:minCount"):
                path = self._path(constraint)
                step = f"?subject {reference(path)} {self._variable(path, '?subject')} ."
                yield f"FILTER NOT EXISTS {{ {step} }}"

    def _path(self, constraint: str) -> str:
        path = self._shapes.value(constraint, "sh:path")
        known = {iri(name) for name in (*_KNOWN, *_COMPARED, *_WORDS)}
        odd = [
            verb
            for subject, verb, _ in self._shapes
            if subject == iri(constraint) and verb not in known
        ]
        if not path or path.startswith("_:") or odd:
            what = f"{', '.join(odd)}" if odd else "a path that is no attribute"
            raise PredicateMalformed(
                f"{self._file}: {constraint} uses {what}, which cannot be turned into a query",
                "Say it with counts, datatype, ranges, sh:in, sh:class or sh:node; or write SPARQL",
            )
        return path

    def _variable(self, path: str, focus: str) -> str:
        """A shown variable for the element's own attributes, a fresh one for those of its parts."""
        if focus != "?subject":
            return f"?value{next(self._numbers)}"
        self.shown.append(f"?{local(path)}")
        return f"?{local(path)}"

    def _conditions(self, constraint: str, value: str) -> Iterator[str]:
        for datatype in self._shapes.values(constraint, "sh:datatype"):
            yield f"!ISLITERAL({value}) || DATATYPE({value}) != {reference(datatype)}"
        for name, operator in _COMPARED.items():
            for limit in self._shapes.values(constraint, name):
                yield f"!COALESCE({value} {operator} {literal(float(limit))}, false)"
        for cell in self._shapes.values(constraint, "sh:in"):
            members = ", ".join(map(reference, self._shapes.members(cell)))
            yield f"{value} NOT IN ({members})"
