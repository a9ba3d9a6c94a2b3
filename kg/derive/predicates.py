"""Makes SHACL constraints of the predicates, so that any engine of SHACL can run them.

Each is the predicate's own query, asked of one focus node at a time: its subject is the focus node,
its object the value, and a row that is no mismatch is no result. Completeness predicates are left
out, because what is missing is no mismatch.
"""

import re
from collections.abc import Iterator
from itertools import chain, count
from typing import TypeAlias

from kg.catalogue import Catalogue, Predicate
from kg.derive import NOTE
from kg.derive._turtle import Block, Statements, document, english, lines, plain
from kg.namespaces import local, prefixes
from kg.patterns import plan_of
from kg.sparql import Plan, arms
from kg.sparql.values import text_of
from kg.translation import query_of
from kg.vocabulary import Vocabulary
from kg.writing import reference

_FILE = "shapes/derived/predicates.ttl"
_NOTE = f"""{NOTE}
The queries are those of queries/predicates/: edit them there.

A result is a mismatch, and every mismatch is a result: its source shape has the predicate's name,
its focus node is the predicate's subject, its value the object (the subject again, where there is
none), and its message ends in the item. Predicates of the kind cross-project compare all projects
that stand in the data graph. Completeness predicates are not here, because they never give a
mismatch. shapes/README.md tells what the data graph has to hold.
"""

Target: TypeAlias = tuple[str, str]
"""How an engine finds focus nodes, and the class or property by which it does."""

_PREFIXES = "mms:predicates"
_GIVEN = {"subject": "$this", "object": "?value", "item": "?item"}
# Names that engines give a meaning, and that of the item, which is bound anew.
_RESERVED = ("this", "value", "PATH", "shapesGraph", "currentShape", "item")
# Whatever a predicate is about is one of these.
_EVERYTHING = [("sh:targetClass", "mm:Project"), ("sh:targetClass", "mm:SystemElement")]
_SUBJECT = "?subject"
_TYPE = reference("rdf:type")
_OURS = re.compile(r"[\w-]+")
_PREFIX = re.compile(r"\bPREFIX\s+([\w-]*):\s*<([^<>]*)>", re.IGNORECASE)
# What stands in a comment, an IRI or a text is no variable, name or brace.
_TOKEN = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\s]*> | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
    | [?$](?P<variable>\w+) | (?P<prefix>[\w-]*):(?P<name>[\w-]+) | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)
# In front of a space pySHACL takes the end of such a name for a keyword that no constraint may use.
_KEYWORD = re.compile(r"(?i)(service|minus)$")


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """One file, in which each predicate has a shape, in the order of the predicates' names."""
    del vocabulary
    wrapped = [_Wrapped(p) for p in catalogue.predicates.values() if p.kind != "completeness"]
    declared = sorted({prefix for one in wrapped for prefix in one.declared})
    blocks = [*_declarations(declared), *(block for one in wrapped for block in one.blocks())]
    return {_FILE: document(_NOTE, blocks)}


def _declarations(declared: list[str]) -> Iterator[Block]:
    """The prefixes that all queries share."""
    names = [f"mms:prefix-{prefix}" for prefix in declared]
    yield _PREFIXES, [("a", ["owl:Ontology"]), ("sh:declare", names)]
    for name, prefix in zip(names, declared, strict=True):
        namespace = f"{plain(prefixes()[prefix])}^^xsd:anyURI"
        yield name, [("sh:prefix", [plain(prefix)]), ("sh:namespace", [namespace])]


class _Wrapped:
    """A predicate, and its query taken apart."""

    def __init__(self, predicate: Predicate) -> None:
        self._predicate = predicate
        query = query_of(predicate)
        self._plan = plan_of(query)
        braces = [token.start() for token in _TOKEN.finditer(query) if token["brace"]]
        self._body = query[braces[0] + 1 : braces[-1]].rstrip()
        self._namespaces = dict(_PREFIX.findall(query[: braces[0]]))
        self._names = _names(self._body)
        self._has_item = "item" in self._plan["variables"]

    @property
    def declared(self) -> list[str]:
        """The query's prefixes that mean what they mean everywhere."""
        return [p for p, namespace in self._namespaces.items() if prefixes().get(p) == namespace]

    def blocks(self) -> Iterator[Block]:
        """The shape, and its constraint."""
        predicate, name = self._predicate, f"mms:{self._predicate.id}"
        shape: Statements = [
            ("a", ["sh:NodeShape"]),
            ("rdfs:label", [english(predicate.label)]),
            ("mm:detects", list(map(plain, predicate.detects))),
            *_targets(self._plan),
            ("sh:severity", [f"sh:{predicate.severity.capitalize()}"]),
            ("sh:sparql", [f"{name}-query"]),
        ]
        message = f"{predicate.label}: {{?item}}" if self._has_item else predicate.label
        constraint: Statements = [
            ("a", ["sh:SPARQLConstraint"]),
            ("sh:message", [english(message)]),
            ("sh:prefixes", [_PREFIXES]),
            ("sh:select", [lines(self._select())]),
        ]
        yield name, shape
        yield f"{name}-query", constraint

    def _select(self) -> str:
        """The query, asked of one subject, for mismatches alone."""
        own = self._namespaces.keys() - self.declared
        prologue = "".join(f"PREFIX {p}: <{self._namespaces[p]}>\n" for p in sorted(own))
        given = " ".join(new for name, new in _GIVEN.items() if name in self._plan["variables"])
        body = _TOKEN.sub(self._written, self._body)
        end = '  FILTER(?verdict = "mismatch")\n'
        if self._has_item:
            # An item is not always bound, and a message shows the name of what is not.
            end += f'  BIND(COALESCE({self._names["item"]}, "") AS ?item)\n'
        return f"{prologue}SELECT DISTINCT {given} WHERE {{{body}\n{end}}}\n"

    def _written(self, token: re.Match[str]) -> str:
        if token["name"] and _KEYWORD.search(token["name"]):
            return f"<{self._namespaces[token['prefix']]}{token['name']}>"
        return self._names.get(token["variable"], token[0])


def _names(body: str) -> dict[str, str]:
    """What variables are called in a constraint, if not as in the query: nothing but subject and
    object has a name that engines know.
    """
    known = {token["variable"] for token in _TOKEN.finditer(body) if token["variable"]}
    names = {name: new for name, new in _GIVEN.items() if name != "item"}
    for name in ("item", *known):
        if name in _RESERVED or _KEYWORD.search(name):
            others = (f"{name}{number}" for number in count(2))
            names[name] = f"?{next(one for one in others if one not in known)}"
    return names


# -- targets --------------------------------------------------------------------------------------


def _targets(plan: Plan) -> Statements:
    """Targets that reach every subject that the query can give."""
    reached = [_reached(arm) for arm in arms(plan)]
    found = [target for targets in reached for target in targets] if all(reached) else _EVERYTHING
    kinds = sorted({kind for kind, _ in found})
    return [(kind, sorted({name for of, name in found if of == kind})) for kind in kinds]


def _reached(group: Plan) -> list[Target]:
    """Targets that reach every subject that the group can give, or none: by classes, if that can
    be.
    """
    choices = [[target] for part in group for target in _of_part(part)]
    for kind, *groups in group:
        if kind == "union":
            alternatives = [_reached(one) for one in groups]
            choices += [list(chain(*alternatives))] if all(alternatives) else []
    return min(choices, key=_by_properties, default=[])


def _of_part(part: Plan) -> Iterator[Target]:
    for subject, way, value in part[1:] if part[0] == "triples" else ():
        if not isinstance(way, str) or way.startswith("?"):
            continue
        if subject == _SUBJECT and way == _TYPE and not value.startswith("?"):
            yield "sh:targetClass", _written(value)
        elif subject == _SUBJECT:
            yield "sh:targetSubjectsOf", _written(way)
        elif value == _SUBJECT:
            yield "sh:targetObjectsOf", _written(way)


def _by_properties(targets: list[Target]) -> bool:
    return any(kind != "sh:targetClass" for kind, _ in targets)


def _written(term: str) -> str:
    """A class or property of ours by its short name, another by its IRI."""
    name = local(text_of(term))
    return f"mm:{name}" if _OURS.fullmatch(name) else reference(name)
