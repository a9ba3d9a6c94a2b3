"""Shapes and `mismatch check` say the same: of generated descriptors, right and wrong, and of every
constraint that a SHACL predicate may use.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node as RdfNode

from kg.catalogue import Predicate
from kg.detect import by_query, check
from kg.detect.batch import Batch, Ground
from kg.errors import PredicateMalformed
from kg.findings import Finding, ProjectReport
from kg.namespaces import iri, local
from kg.parsing import BlankNode, Literal, NamedNode, parse_rdf
from kg.projects import read_project
from kg.sparql import values
from kg.stores import open_store
from kg.translation import translate
from kg.vocabulary import Attribute, Range
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY, facts_of

ROOT = Path(__file__).parents[1]
BASE = "file:///"
PREFIXES = """@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# -- descriptors, right and wrong -----------------------------------------------------------------

DESCRIPTORS = 400
GROUND = Ground(VOCABULARY)
ELEMENTS = sorted(element.name for element in VOCABULARY.concrete())
DAY = "2024-02-{}"

Stated = tuple[str, str]
"""A subject, as its file writes it, and the attribute or link that is stated of it."""


@dataclass
class Descriptor:
    """A file in the making: one statement a line, and which statement stands where."""

    name: str
    lines: list[str] = field(default_factory=PREFIXES.splitlines)
    stands: dict[int, Stated] = field(default_factory=dict)

    def state(self, subject: str, name: str, value: str) -> None:
        self.lines.append(f"{subject} mm:{name} {value} .")
        self.stands[len(self.lines)] = (subject, name)

    def states(self, name: str, value: str) -> bool:
        return any(line.endswith(f" mm:{name} {value} .") for line in self.lines)

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
            wrong = self._wrong(attribute.range)
            # Two parts that state one value cannot be told apart in a text, so no line is named.
            free = [v for v in wrong if not made.states(attribute.name, v)]
            made.state(subject, attribute.name, self._choose.choice(free))
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
        for _ in range(4):
            self._attribute(made, part, next(self._turns[kind]))

    def _link(self, made: Descriptor, subject: str, kind: str) -> None:
        link = next(self._links[kind])
        if link is None:
            return
        fate = self._choose.choice(("right", "value", "kind"))
        if fate == "value":
            made.state(subject, link.name, f'"text {next(self._numbers)}"')
            return
        others = [n for n in ELEMENTS if link.range not in VOCABULARY.ancestors(n)]
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
        if wanted.datatype == "versionSpecifier":
            return [f'"=={number}.1"', f'"=={number}.2"']
        if wanted.datatype == "unitName":
            return ['"metre"', '"second"']
        return {
            "integer": [str(number), str(number + 50)],
            "double": [f"{number % 90}.5e0", f"{number % 90 + 7}.25e0"],
            "boolean": ["true", "false"],
            "string": [f'"text {number}"', f'"other {number}"'],
            "dateTime": [f'"2024-02-{d}T08:00:00Z"^^xsd:dateTime' for d in range(10, 29)],
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
            "dateTime": [text, str(number), '"yesterday"^^xsd:dateTime'],
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
    generator = Generator(seed=11)
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
    if term.language:
        return RdfLiteral(term.value, lang=term.language)
    # As rdflib's own parsers have it: a text without a datatype, and anything else as written.
    datatype = None if term.datatype.value == iri("xsd:string") else URIRef(term.datatype.value)
    return RdfLiteral(term.value, datatype=datatype, normalize=False)


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
        focus, severity = found.value(result, SH.focusNode), found.value(result, SH.resultSeverity)
        attribute, shape = found.value(result, SH.resultPath), found.value(result, SH.sourceShape)
        assert focus is not None
        assert severity is not None
        yield focus, local(str(attribute)), str(shape).removeprefix(iri("mms:")), severity


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
            name = finding.evidence[0].sources[0].file.removesuffix(".ttl")
            found[name] |= disputed(finding, by_name[name])

    assert found == violations
    assert 100 < len(found) < len(descriptors)


def disputed(finding: Finding, made: Descriptor) -> set[Stated]:
    """Which attribute of which subject is stated twice, by line, or else by the part's name."""
    lines = {origin.line for evidence in finding.evidence for origin in evidence.sources}
    named = f"_:{made.name}{str(finding.item).replace('part ', 'p')}"
    return {made.stands[line] for line in lines if line} or {
        (named, evidence.attribute) for evidence in finding.evidence
    }


def test_shapes_and_check_give_the_same_verdicts_on_elements(
    workspace: Workspace, report: ProjectReport
) -> None:
    shacl = {p.id for p in CATALOGUE.predicates.values() if p.form == "shacl"}
    failing = {
        (f.predicate, f.subject.iri)
        for f in report.findings
        if f.predicate in shacl and f.verdict != "clear"
    }

    told = results(current(workspace, report.id), "predicates")
    found = {
        # A choice is the element's own shape, a property has a shape of its own.
        (shape if shape in shacl else shape.rpartition("-")[0], str(focus))
        for focus, _, shape, _ in told
    }

    assert found == failing
    assert {predicate for predicate, _ in failing} == shacl


def current(workspace: Workspace, project: str) -> Graph:
    """What is kept of the project, for all its sources."""
    return Graph().parse(data=workspace.facts(project).triples, format="nt")


def test_what_check_reads_leniently_is_kept_as_the_shapes_want_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    # Who writes RDF by hand writes 1 for 1.0, and `float` for our `double`; nothing else is meant.
    text = """
        <model> a mm:TrainedModel ; mm:modelName "churn"@en ; mm:requiredGpus "1"^^xsd:int ;
            mm:trainingDate "2024-02-29"^^xsd:date ; mm:deployedIn [ a mm:OperationalEnvironment ] ;
            mm:input [ mm:name "age" ; mm:dataType "float" ; mm:minimum 0 ; mm:maximum 120.5 ] .
    """
    (tmp_path / "card.ttl").write_text(f"{PREFIXES}{text}", encoding="utf-8")
    project = read_project(tmp_path, VOCABULARY)
    workspace.put(project)

    assert project.problems == ()
    assert list(results(parsed(PREFIXES + text), "derived/values"))
    assert list(results(current(workspace, project.id), "derived/values")) == []


# -- a SHACL predicate as a query -----------------------------------------------------------------

SHAPES = """@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix mms: <https://w3id.org/ml-mismatch/shapes/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TARGET = "mms:planted a sh:NodeShape ; sh:targetClass mm:TrainedModel ; "
ONE = f"{TARGET} sh:property [ sh:path mm:needs ; {{}} ] ."

UNDERSTOOD = {
    "one at least": ONE.format("sh:minCount 1"),
    "two at least": ONE.format("sh:minCount 2"),
    "none at least": ONE.format("sh:minCount 0"),
    "none": ONE.format("sh:maxCount 0"),
    "one at most": ONE.format("sh:maxCount 1"),
    "two at most": ONE.format("sh:maxCount 2"),
    "two": ONE.format("sh:minCount 2 ; sh:maxCount 2"),
    "integers": ONE.format("sh:datatype xsd:integer"),
    "texts": ONE.format("sh:datatype xsd:string"),
    "five or more": ONE.format("sh:minInclusive 5"),
    "five or less": ONE.format("sh:maxInclusive 5"),
    "more than five": ONE.format("sh:minExclusive 5"),
    "less than five": ONE.format("sh:maxExclusive 5"),
    "between doubles": ONE.format("sh:minInclusive 4.5e0 ; sh:maxInclusive 6e0"),
    "among texts": ONE.format('sh:in ( "x" "y" )'),
    "among numbers": ONE.format("sh:in ( 5 6 )"),
    "among terms": ONE.format("sh:in ( mm:string mm:image )"),
    "among all kinds": ONE.format('sh:in ( "x" 5 mm:string )'),
    "among none": ONE.format("sh:in ()"),
    "of a class": ONE.format("sh:class mm:Field"),
    "several at once": ONE.format("sh:minCount 1 ; sh:datatype xsd:integer ; sh:maxInclusive 5"),
    "two properties": f"{TARGET} sh:property mms:one , mms:other ."
    " mms:one sh:path mm:needs ; sh:maxCount 1 ."
    " mms:other sh:path mm:called ; sh:datatype xsd:string .",
    "of a part": f"{TARGET} sh:property [ sh:path mm:needs ; sh:node mms:part ] ."
    " mms:part a sh:NodeShape ; sh:property [ sh:path mm:called ; sh:datatype xsd:string ] .",
    "stated of a part": f"{TARGET} sh:property [ sh:path mm:needs ; sh:node mms:part ] ."
    " mms:part a sh:NodeShape ; sh:property [ sh:path mm:called ; sh:minCount 1 ] .",
    "of a part of a part": f"{TARGET} sh:property [ sh:path mm:needs ; sh:node mms:part ] ."
    " mms:part a sh:NodeShape ; sh:property [ sh:path mm:holds ; sh:node mms:inner ] ."
    " mms:inner a sh:NodeShape ; sh:property [ sh:path mm:called ; sh:maxCount 1 ] .",
    "either of two": f"{TARGET} sh:or ( [ sh:path mm:needs ; sh:minCount 1 ]"
    " [ sh:path mm:called ; sh:minCount 1 ] ) .",
    "two, or one that is x": f"{TARGET} sh:or ( [ sh:path mm:needs ; sh:minCount 2 ]"
    ' [ sh:path mm:needs ; sh:hasValue "x" ] ) .',
    "two choices": f"{TARGET} sh:or ( [ sh:path mm:needs ; sh:minCount 1 ] ) ,"
    " ( [ sh:path mm:needs ; sh:hasValue 5 ] [ sh:path mm:needs ; sh:hasValue 6 ] ) .",
    "a choice and a property": f"{TARGET} sh:or ( [ sh:path mm:called ; sh:minCount 1 ]"
    ' [ sh:path mm:needs ; sh:hasValue "x" ] ) ; sh:property [ sh:path mm:needs ; sh:in ( 5 ) ] .',
    "a choice of a part": f"{TARGET} sh:property [ sh:path mm:needs ; sh:node mms:part ] ."
    " mms:part a sh:NodeShape ; sh:or ( [ sh:path mm:called ; sh:minCount 1 ]"
    " [ sh:path mm:holds ; sh:minCount 1 ] ) .",
    "with words": f'{TARGET} sh:message "Planted." ; sh:property [ sh:path mm:needs ;'
    ' sh:name "needs" ; sh:description "What it needs." ; sh:severity sh:Warning ; sh:order 1 ;'
    " sh:minCount 1 ] .",
}
MODELS = {
    "nothing": "",
    "five": "mm:needs 5",
    "four": "mm:needs 4",
    "six": "mm:needs 6",
    "five and a half": "mm:needs 5.5e0",
    "five, a double": "mm:needs 5e0",
    "five and six": "mm:needs 5 , 6",
    "three": "mm:needs 4 , 5 , 6",
    "x": 'mm:needs "x"',
    "z": 'mm:needs "z"',
    "x and five": 'mm:needs "x" , 5',
    "a term": "mm:needs mm:string",
    "another term": "mm:needs mm:boolean",
    "early": 'mm:needs "2023-12-31T23:59:59Z"^^xsd:dateTime',
    "late": 'mm:needs "2024-01-01T00:00:00Z"^^xsd:dateTime',
    "called": 'mm:needs 5 ; mm:called "a"',
    "called by a number": "mm:needs 5 ; mm:called 7",
    "a part": "mm:needs <part>",
    "a bare part": "mm:needs <bare>",
    "a part called by a number": "mm:needs <numbered>",
    "both parts": "mm:needs <part> , <numbered>",
    "a part of a part": "mm:needs <outer>",
    "a part of a good part": "mm:needs <good>",
}
PARTS = """
<part> a mm:Field ; mm:called "a" .
<bare> a mm:Field .
<numbered> a mm:Metric ; mm:called 7 .
<outer> a mm:Field ; mm:holds <twice> .
<twice> a mm:Field ; mm:called "a" , "b" .
<good> a mm:Field ; mm:holds <part> .
"""


@pytest.mark.parametrize("kind", ["comparison", "completeness"])
@pytest.mark.parametrize("shape", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_translated_shape_fails_what_pyshacl_fails(shape: str, kind: str, tmp_path: Path) -> None:
    text = text_of(MODELS)

    given = verdicts_of(planted(shape, tmp_path, kind), text)

    expected = oracle(parsed(text), shape, kind)
    assert dict(zip(MODELS, given.values(), strict=True)) == {
        name: expected[model] for name, model in zip(MODELS, given, strict=True)
    }


def test_a_moment_is_held_against_a_moment(tmp_path: Path) -> None:
    # Not by pyshacl, which takes a number for a moment: what cannot be compared meets no bound.
    shape = ONE.format('sh:minInclusive "2024-01-01T00:00:00Z"^^xsd:dateTime')
    models = {"early": "mismatch", "late": "clear", "five": "mismatch", "nothing": "undecided"}

    given = verdicts_of(planted(shape, tmp_path), text_of({name: MODELS[name] for name in models}))

    assert list(given.values()) == list(models.values())


def text_of(models: Mapping[str, str]) -> str:
    """Models, numbered, and the parts that they may hold."""
    lines = (
        f"<m{number:02}> a mm:TrainedModel {';' if stated else ''} {stated} ."
        for number, stated in enumerate(models.values())
    )
    return "\n".join((PREFIXES, PARTS, *lines))


def verdicts_of(predicate: Predicate, text: str) -> dict[str, str]:
    """What the predicate, as a query, says of each model."""
    quads = parse_rdf(text.encode(), "turtle", BASE)
    lines = (f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)
    batch = Batch([facts_of("\n".join(lines))], GROUND)
    found = by_query.answers(by_query.ready(translate(predicate)), batch)
    return {values.text_of(answer.subject): answer.verdict.value for answer in found}


def planted(shape: str, folder: Path, kind: str = "comparison") -> Predicate:
    """A SHACL predicate of that shape."""
    path = folder / "planted.ttl"
    path.write_text(SHAPES + shape, encoding="utf-8")
    some = next(p for p in CATALOGUE.predicates.values() if p.form == "shacl")
    return replace(some, id="planted", kind=kind, file=path, text=path.read_text())


def oracle(data: Graph, shape: str, kind: str) -> dict[str, str]:
    """The verdict on each model by pyshacl, by what it says of the model and of its parts."""
    shapes = Graph().parse(data=SHAPES + shape, format="turtle")
    _, told, _ = validate(data, shacl_graph=shapes)
    assert isinstance(told, Graph)
    verdicts = {}
    for model in data.subjects(RDF.type, URIRef(iri("mm:TrainedModel"))):
        failed = {
            component
            for result in told.subjects(SH.focusNode, model)
            for each in told.transitive_objects(result, SH.detail)
            for component in told.objects(each, SH.sourceConstraintComponent)
        } - {SH.NodeConstraintComponent}
        # What is not stated is no mismatch, whatever asks for it.
        wrong = failed - {SH.MinCountConstraintComponent, SH.OrConstraintComponent}
        open_ = failed or any(
            (model, path, None) not in data
            for of in shapes.objects(URIRef(iri("mms:planted")), SH.property)
            for path in shapes.objects(of, SH.path)
        )
        mismatch = "mismatch" if kind == "comparison" else "undecided"
        verdicts[str(model)] = mismatch if wrong else "undecided" if open_ else "clear"
    return verdicts


REFUSED = {
    "sh:pattern": ONE.format('sh:pattern "^a"'),
    "sh:minLength": ONE.format("sh:minLength 3"),
    "sh:maxLength": ONE.format("sh:maxLength 3"),
    "sh:nodeKind": ONE.format("sh:nodeKind sh:IRI"),
    "sh:hasValue": ONE.format("sh:hasValue 5"),
    "sh:languageIn": ONE.format('sh:languageIn ( "en" )'),
    "sh:uniqueLang": ONE.format("sh:uniqueLang true"),
    "sh:equals": ONE.format("sh:equals mm:other"),
    "sh:disjoint": ONE.format("sh:disjoint mm:other"),
    "sh:lessThan": ONE.format("sh:lessThan mm:other"),
    "sh:not": ONE.format("sh:not [ sh:datatype xsd:string ]"),
    "sh:or": ONE.format("sh:or ( [ sh:datatype xsd:string ] [ sh:datatype xsd:integer ] )"),
    "sh:and": ONE.format("sh:and ( [ sh:minInclusive 1 ] )"),
    "sh:xone": ONE.format("sh:xone ( [ sh:minInclusive 1 ] )"),
    "sh:qualifiedValueShape": ONE.format(
        "sh:qualifiedValueShape [ sh:datatype xsd:string ] ; sh:qualifiedMinCount 1"
    ),
    "sh:sparql": ONE.format('sh:sparql [ sh:select "" ]'),
    "sh:deactivated": ONE.format("sh:minCount 1 ; sh:deactivated true"),
    "sh:closed": f"{TARGET} sh:closed true ; sh:property [ sh:path mm:needs ; sh:minCount 1 ] .",
    "sh:targetNode": f"{TARGET} sh:targetNode <a> ; sh:property [ sh:path mm:needs ] .",
    "sh:class": f"{TARGET} sh:class mm:Field ; sh:property [ sh:path mm:needs ] .",
    "sh:in": f"{TARGET} sh:property [ sh:path mm:needs ; sh:node mms:part ] ."
    " mms:part a sh:NodeShape ; sh:in ( <a> ) .",
    "path that is no attribute": f"{TARGET} sh:property [ sh:path ( mm:a mm:b ) ] .",
    "a path that is no": f"{TARGET} sh:property [ sh:path [ sh:inversePath mm:a ] ] .",
    "path that is": f"{TARGET} sh:property [ sh:minCount 1 ] .",
    "no sh:targetClass": "mms:planted a sh:NodeShape ; sh:property [ sh:path mm:needs ] .",
    "mms:planted states no sh:property": f'{TARGET} sh:description "Nothing." .',
    "away states no sh:property": f"{TARGET} sh:property [ sh:path mm:a ; sh:node mms:away ] .",
    "part of itself": f"{TARGET} sh:property [ sh:path mm:a ; sh:node mms:planted ] .",
    "counts to 21": ONE.format("sh:minCount 21"),
    "counts to many": ONE.format('sh:maxCount "many"'),
    "sh:maxCount": f"{TARGET} sh:or ( [ sh:path mm:needs ; sh:maxCount 1 ] ) .",
    "asks for nothing": f"{TARGET} sh:or ( [ sh:path mm:needs ; sh:minCount 0 ] ) .",
}


@pytest.mark.parametrize(("word", "shape"), REFUSED.items(), ids=REFUSED)
def test_what_has_no_translation_is_refused_by_name(word: str, shape: str, tmp_path: Path) -> None:
    with pytest.raises(PredicateMalformed) as refused:
        translate(planted(shape, tmp_path))

    told = refused.value.what.replace(iri("mms:"), "mms:")
    assert word in told
    assert "planted.ttl" in told
    assert refused.value.hint
