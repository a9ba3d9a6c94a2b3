"""Shapes and `mismatch check` say the same: of generated descriptors, right and wrong, and of every
constraint that a SHACL predicate may use.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, XSD, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node as RdfNode

from kg.catalogue import Catalogue, Predicate
from kg.detect import check
from kg.detect.batch import Batch
from kg.detect.by_query import answers
from kg.detect.by_shape import translate
from kg.errors import PredicateMalformed
from kg.findings import ProjectReport
from kg.namespaces import iri, local
from kg.parsing import BlankNode, Literal, NamedNode, parse_rdf
from kg.projects import read_project
from kg.stores import open_store
from kg.vocabulary import Attribute, Range
from kg.workspace import Facts, Workspace
from tests.judging import CATALOGUE, VOCABULARY, worst

ROOT = Path(__file__).parents[1]
BASE = "file:///"
PREFIXES = """@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# -- descriptors, right and wrong -----------------------------------------------------------------

DESCRIPTORS = 240
ELEMENTS = sorted(element.name for element in VOCABULARY.concrete())
DAY = "2024-02-{}"

Stated = tuple[str, str]
"""A subject, as its file writes it, and the attribute or link that is stated of it."""


@dataclass
class Descriptor:
    """A file in the making: one statement a line, and which statement stands where."""

    name: str
    lines: list[str] = field(default_factory=lambda: PREFIXES.splitlines())
    stands: dict[int, Stated] = field(default_factory=dict)

    def state(self, subject: str, name: str, value: str) -> None:
        self.lines.append(f"{subject} mm:{name} {value} .")
        self.stands[len(self.lines)] = (subject, name)

    def call(self, subject: str, kind: str) -> None:
        self.lines.append(f"{subject} a mm:{kind} .")

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


class Generator:
    """Descriptors that between them state every attribute and link of every element and part."""

    def __init__(self, seed: int) -> None:
        self._choose = random.Random(seed)  # noqa: S311 - the same descriptors every time
        self._numbers = iter(range(100, 10**6))
        self._turns = {name: cycle(attributes(name)) for name in (*ELEMENTS, *VOCABULARY.parts)}
        self._links = {
            name: cycle(VOCABULARY.links_of(name).values() or [None]) for name in ELEMENTS
        }

    def descriptor(self, number: int) -> Descriptor:
        """One element with a handful of attributes, each right, wrong, or stated twice."""
        kind = ELEMENTS[number % len(ELEMENTS)]
        made = Descriptor(f"d{number}")
        subject = f"<{made.name}>"
        made.call(subject, kind)
        for _ in range(7):
            self._attribute(made, subject, next(self._turns[kind]))
        self._link(made, subject, kind)
        return made

    def _attribute(self, made: Descriptor, subject: str, attribute: Attribute) -> None:
        fate = self._choose.choices(("right", "wrong", "twice"), (6, 3, 2))[0]
        if fate == "wrong":
            made.state(subject, attribute.name, self._choose.choice(self._wrong(attribute.range)))
        elif attribute.range.kind == "part":
            self._part(made, subject, attribute)
        else:
            one, other = self._choose.sample(self._right(attribute), 2)
            made.state(subject, attribute.name, one)
            if fate == "twice" and attribute.single:
                made.state(subject, attribute.name, other)

    def _part(self, made: Descriptor, subject: str, attribute: Attribute) -> None:
        number = next(self._numbers)
        part, kind = f"_:{made.name}p{number}", attribute.range.name
        made.state(subject, attribute.name, part)
        # An engine finds the shapes of a part by its class, or else by what holds it.
        if self._choose.random() < 0.5:
            made.call(part, kind)
        if "name" in VOCABULARY.attributes_of(kind):
            made.state(part, "name", f'"part {number}"')
        for _ in range(2):
            self._attribute(made, part, next(self._turns[kind]))

    def _link(self, made: Descriptor, subject: str, kind: str) -> None:
        link = next(self._links[kind])
        if link is None:
            return
        fate = self._choose.choice(("right", "value", "kind"))
        if fate == "value":
            made.state(subject, link.name, f'"text {next(self._numbers)}"')
            return
        others = [name for name in ELEMENTS if name != link.range]
        target = f"<{made.name}-target>"
        made.state(subject, link.name, target)
        made.call(target, link.range if fate == "right" else self._choose.choice(others))

    def _right(self, attribute: Attribute) -> list[str]:
        """Values that the attribute takes, no two of which can both be true."""
        wanted, number = attribute.range, next(self._numbers)
        if wanted.kind == "list":
            # Whole numbers are numbers too: these two are neither.
            members = (
                ("string", "image") if wanted.name == "DataType" else VOCABULARY.lists[wanted.name]
            )
            return [f"mm:{name}" for name in members]
        if wanted.is_day:
            return [f'"{DAY.format(day)}"' for day in range(10, 29)]
        if attribute.name == "versionRange":
            return [f'"=={number}.1"', f'"=={number}.2"']
        return {
            "integer": [str(number), str(number + 50)],
            "double": [f"{number % 90}.5e0", f"{number % 90 + 7}.25e0"],
            "boolean": ["true", "false"],
            "string": [f'"text {number}"', f'"other {number}"'],
        }[wanted.name]

    def _wrong(self, wanted: Range) -> list[str]:
        """Values of another datatype, ill-formed ones, and those out of range."""
        number = next(self._numbers)
        text = f'"text {number}"'
        if wanted.kind in {"part", "list"}:
            unknown = [f"mm:unknown-{number}"] if wanted.kind == "list" else []
            return [text, str(number), "true", *unknown]
        found = {
            "integer": [text, f"{number}.5e0", "true", f'"x{number}"^^xsd:integer'],
            "double": [text, "true", '"NaN"^^xsd:double', f'"x{number}"^^xsd:double'],
            "boolean": [text, str(number), '"perhaps"^^xsd:boolean'],
            "string": [str(number), "true", f"<iri-{number}>"],
        }[wanted.name]
        if wanted.minimum is not None:
            found += [f"-{number}e0" if wanted.name == "double" else f"-{number}"]
        if wanted.maximum is not None:
            found += [f"{number}.5e0"]
        if wanted.is_day:
            found += [f'"{DAY.format(30)}"', '"29.02.2024"', '"2023-02-29"']
        return found


def attributes(name: str) -> list[Attribute]:
    """What can be stated of the class; a part's name is always stated."""
    return [a for a in VOCABULARY.attributes_of(name).values() if a.name != "name"]


@pytest.fixture(scope="module")
def descriptors() -> list[Descriptor]:
    generator = Generator(seed=1)
    return [generator.descriptor(number) for number in range(DESCRIPTORS)]


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(open_store("memory:"), VOCABULARY)


@pytest.fixture(scope="module")
def report(
    descriptors: list[Descriptor], workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> ProjectReport:
    """What `mismatch check` says of a project of all descriptors."""
    folder = tmp_path_factory.mktemp("generated")
    for made in descriptors:
        (folder / f"{made.name}.ttl").write_text(made.text, encoding="utf-8")
    return check([read_project(folder, VOCABULARY)], workspace, CATALOGUE).projects[0]


@pytest.fixture(scope="module")
def stated(descriptors: list[Descriptor]) -> dict[str, Graph]:
    """The descriptors as they were parsed, before anything is judged."""
    return {made.name: parsed(made.text) for made in descriptors}


def parsed(text: str) -> Graph:
    found = Graph()
    for quad in parse_rdf(text.encode(), "turtle", BASE):
        found.add((peer(quad.subject), URIRef(quad.predicate.value), peer(quad.object)))
    return found


def peer(term: object) -> RdfNode:
    """A parsed term as rdflib has it, a blank node under its label."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, Literal)
    # The text as written: rdflib would make another of it.
    return RdfLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def results(data: Graph, *folders: str) -> Iterator[tuple[RdfNode, str, str, RdfNode]]:
    """Subject, attribute and shape of every result, those inside of parts too, and its severity."""
    shapes = Graph()
    for folder in folders:
        for path in sorted((ROOT / "shapes" / folder).glob("*.ttl")):
            shapes.parse(path)
    _, found, _ = validate(data, shacl_graph=shapes, allow_infos=True)
    assert isinstance(found, Graph)
    for result in found.subjects(RDF.type, SH.ValidationResult):
        # That a part is wrong is said of whatever is wrong in it.
        if found.value(result, SH.sourceConstraintComponent) == SH.NodeConstraintComponent:
            continue
        focus, path = found.value(result, SH.focusNode), found.value(result, SH.resultPath)
        shape, severity = (
            found.value(result, SH.sourceShape),
            found.value(result, SH.resultSeverity),
        )
        assert focus is not None
        assert severity is not None
        yield focus, local(str(path)), str(shape).removeprefix(iri("mms:")), severity


@pytest.fixture(scope="module")
def violations(stated: dict[str, Graph]) -> dict[str, set[Stated]]:
    """What pyshacl finds wrong in each descriptor: which attribute of which subject."""
    together = Graph()
    owner: dict[RdfNode, str] = {}
    for name, graph in stated.items():
        together += graph
        owner |= dict.fromkeys(graph.subjects(), name)
    found: dict[str, set[Stated]] = defaultdict(set)
    for focus, path, _, severity in results(together, "derived/values", "derived/stated"):
        if severity == SH.Violation:
            found[owner[focus]].add((written(focus), path))
    return found


def written(term: RdfNode) -> str:
    """A subject as its file writes it."""
    return f"_:{term}" if isinstance(term, BNode) else f"<{str(term).removeprefix(BASE)}>"


def test_the_generated_descriptors_state_everything(descriptors: list[Descriptor]) -> None:
    known = {*VOCABULARY.attributes, *VOCABULARY.links}

    assert {name for made in descriptors for _, name in made.stands.values()} == known


def test_shapes_and_check_find_the_same_wrong_statements(
    descriptors: list[Descriptor],
    violations: dict[str, set[Stated]],
    report: ProjectReport,
) -> None:
    by_name = {made.name: made for made in descriptors}
    found: dict[str, set[Stated]] = defaultdict(set)
    for problem in report.problems:
        assert problem.line is not None, problem
        name = problem.file.removesuffix(".ttl")
        found[name].add(by_name[name].stands[problem.line])
    for finding in report.findings:
        if finding.predicate == "conflicting-statements" and finding.verdict == "mismatch":
            for origin in (origin for e in finding.evidence for origin in e.sources):
                name = origin.file.removesuffix(".ttl")
                assert origin.line is not None, finding
                found[name].add(by_name[name].stands[origin.line])

    assert found == violations
    assert 100 < len(found) < len(descriptors)


def test_shapes_and_check_give_the_same_verdicts_on_elements(
    workspace: Workspace, report: ProjectReport
) -> None:
    shacl = {p.id for p in CATALOGUE.predicates.values() if p.form == "shacl"}
    current = Graph().parse(data=workspace.facts(report.id).triples, format="nt")
    failing = {
        (f.predicate, f.subject.iri)
        for f in report.findings
        if f.predicate in shacl and f.verdict != "clear"
    }

    found = {
        (shape.rpartition("-")[0], str(focus))
        for focus, _, shape, _ in results(current, "predicates")
    }

    assert found == failing
    assert {predicate for predicate, _ in failing} == shacl
