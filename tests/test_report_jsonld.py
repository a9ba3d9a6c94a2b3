"""The report as JSON-LD is a SHACL validation report to every tool that reads one."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize
from pyshacl import validate
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.catalogue import Catalogue
from kg.findings import Evidence, Participant, Report, Verdict
from kg.namespaces import iri, local
from kg.reports import Telling
from tests.conftest import Check
from tests.test_reports import HOSTILE, LATENCY, MEMORY, REPORT, finding, one, said, told

ROOT = Path(__file__).parents[1]
MM = Namespace(iri("mm:"))
BASE = "http://localhost:8000/"
EVERYTHING = Telling(everything=True)
DATATYPES: dict[object, tuple[URIRef | None, ...]] = {
    XSD.string: (None, XSD.string),
    MM["count"]: (XSD.integer,),
}


def by_rdflib(text: str) -> Graph:
    return Graph().parse(data=text, format="json-ld", publicID=BASE)


def by_oxigraph(text: str) -> Graph:
    quads = parse(text, RdfFormat.JSON_LD, base_iri=BASE)
    lines = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    return Graph().parse(data=lines, format="nt")


def is_same(one_graph: Graph, other: Graph) -> bool:
    """Whether two graphs differ in the names of blank nodes alone; quick where these are many."""
    first, second = (
        Dataset(parse(g.serialize(format="nt"), RdfFormat.N_TRIPLES)) for g in (one_graph, other)
    )
    first.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    second.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(first) == set(second)


def ontology() -> Graph:
    found = Graph()
    for file in (ROOT / "ontology").rglob("*.ttl"):
        found.parse(file)
    return found


def of_shacl(name: str) -> Graph:
    text = files("pyshacl").joinpath("assets", name).read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


SHACL = of_shacl("shacl.ttl")
FOR_SHAPES = of_shacl("shacl-shacl.ttl")
FOR_REPORTS = Graph().parse(ROOT / "tests/cases/reports/_validation-report.ttl")
ONTOLOGY = ontology()


def faults(report: Graph) -> list[str]:
    """What is wrong with a report by the rules of SHACL."""
    told_by = [
        text
        for shapes in (FOR_SHAPES, FOR_REPORTS)
        for conforms, _, text in [validate(report, shacl_graph=shapes)]
        if not conforms
    ]
    used = {
        t for triple in report for t in triple if isinstance(t, URIRef) and t.startswith(str(SH))
    }
    unknown = [f"{term} is no term of SHACL" for term in used - set(SHACL.subjects())]
    reports = list(report.subjects(RDF.type, SH.ValidationReport))
    return [*told_by, *unknown, *(["There is not one report."] if len(reports) != 1 else [])]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told("jsonld", REPORT, EVERYTHING))
    return found


def test_both_parsers_read_the_same_graph() -> None:
    text = told("jsonld", REPORT, EVERYTHING)

    assert len(by_rdflib(text)) > 200
    assert is_same(by_rdflib(text), by_oxigraph(text))


@pytest.mark.parametrize("telling", [Telling(), EVERYTHING], ids=["open", "everything"])
@pytest.mark.parametrize(
    "report", [REPORT, one(LATENCY), one(), Report()], ids=["all", "undecided", "bare", "none"]
)
def test_a_report_obeys_shacl(report: Report, telling: Telling) -> None:
    assert faults(by_rdflib(told("jsonld", report, telling))) == []


def test_the_report_of_the_example_obeys_shacl_and_names_predicates(
    check_folder: Check, predicates: Catalogue
) -> None:
    project = check_folder(ROOT / "docs" / "example")
    graph = by_oxigraph(told("jsonld", Report((project,)), EVERYTHING))
    shapes = {str(shape) for shape in graph.objects(None, SH.sourceShape)}

    assert faults(graph) == []
    assert len(list(graph.objects(None, SH.result))) == project.count(Verdict.MISMATCH)
    assert shapes
    assert shapes <= {iri(f"mms:{predicate}") for predicate in predicates.predicates}


BREAKS: dict[str, dict[str, object]] = {
    "without a focus node": {"focus_node": []},
    "with two focus nodes": {"focus_node": ["urn:a", "urn:b"]},
    "with two values": {"value": ["urn:a", "urn:b"]},
    "without a severity": {"result_severity": []},
    "with a severity that SHACL has not": {"result_severity": "http://www.w3.org/ns/shacl#Unsure"},
    "with a severity of others": {"result_severity": "urn:a"},
    "without a component": {"source_constraint_component": []},
    "with two components": {"source_constraint_component": ["urn:a", "urn:b"]},
    "with a message that is a number": {"result_message": 5},
    "with a shape that is a text": {"source_shape": {"@value": "memory"}},
    "with a misspelt term": {"http://www.w3.org/ns/shacl#focusnode": "urn:a"},
    "that is no result": {"@type": "Finding"},
    "with another verdict": {"verdict": "undecided"},
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_result_is_seen(change: dict[str, object]) -> None:
    broken = json.loads(told("jsonld", one(MEMORY)))
    broken["@graph"][0]["result"][0] |= change

    assert faults(by_rdflib(json.dumps(broken))) != []


@pytest.mark.parametrize(
    "change",
    [
        {"conforms": True},
        {"conforms": "false"},
        {"conforms": [True, False]},
        {"conforms": []},
        {"result": []},
        {"@type": []},
    ],
    ids=str,
)
def test_a_broken_report_is_seen(change: dict[str, object]) -> None:
    broken = json.loads(told("jsonld", one(MEMORY)))
    broken["@graph"][0] |= change

    assert faults(by_rdflib(json.dumps(broken))) != []


def test_an_undecided_finding_that_could_be_taken_for_a_violation_is_seen() -> None:
    text = told("jsonld", one(LATENCY))
    for change in (
        {"@type": ["Finding", "ValidationResult"]},
        {"result_severity": "Violation"},
        {"source_constraint_component": "SPARQLConstraintComponent"},
    ):
        broken = json.loads(text)
        broken["@graph"][0]["undecided_finding"][0] |= change

        assert faults(by_rdflib(json.dumps(broken))) != []


def test_what_is_undecided_or_clear_is_no_result() -> None:
    graph = by_rdflib(told("jsonld", one(LATENCY, finding("x", Verdict.CLEAR)), EVERYTHING))
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)

    assert graph.value(report, SH.conforms) == Literal(lexical_or_value=True)
    assert not list(graph.objects(None, SH.result))
    assert not list(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(list(graph.objects(report, MM.undecidedFinding))) == 1
    assert len(list(graph.objects(report, MM.clearFinding))) == 1


def test_the_first_to_read_has_the_first_rank() -> None:
    graph = by_rdflib(told("jsonld", one(LATENCY, finding("b"), MEMORY)))
    ranked = {
        local(str(graph.value(found, SH.sourceShape))): int(str(rank))
        for found, rank in graph.subject_objects(MM.rank)
    }

    assert ranked == {
        "shapes/resources-exceed-operations": 1,
        "shapes/b": 2,
        "shapes/inference-too-slow": 3,
    }


def test_clear_findings_are_written_only_when_asked_for() -> None:
    for telling, number in ((Telling(), 0), (EVERYTHING, 2)):
        graph = by_rdflib(told("jsonld", REPORT, telling))

        assert len(list(graph.objects(None, MM.clearFinding))) == number


def test_a_result_has_all_that_the_finding_has() -> None:
    graph = by_rdflib(told("jsonld", one(MEMORY)))
    (result,) = graph.objects(None, SH.result)
    needs, has = sorted(graph.objects(result, MM.evidence), key=lambda e: -float(_value(graph, e)))
    (place,) = graph.objects(needs, MM.statedAt)

    assert graph.value(result, SH.focusNode) == URIRef(BASE + MEMORY.subject.iri)
    assert graph.value(result, SH.value) == URIRef(BASE + str(MEMORY.object and MEMORY.object.iri))
    assert graph.value(result, SH.resultSeverity) == SH.Violation
    assert graph.value(result, SH.sourceShape) == URIRef(iri("mms:resources-exceed-operations"))
    assert set(map(str, graph.objects(result, MM.mismatchCode))) == set(MEMORY.mismatches)
    assert str(graph.value(result, MM.mainMismatchCode)) == "OE.ComputingResources"
    assert set(map(str, graph.objects(result, MM.reference))) == set(MEMORY.references)
    assert {local(str(role)) for role in graph.objects(None, MM.putTo)} == {
        "data-scientist",
        "operations",
    }
    assert (str(_value(graph, has)), str(graph.value(has, MM.statedUnit))) == ("8.0", "Gi")
    assert graph.value(needs, MM.ofAttribute) == MM.requiredMemory
    assert str(graph.value(place, MM.inFile)) == "model/requirements.yaml"
    assert int(str(graph.value(place, MM.atLine))) == 12


def _value(graph: Graph, evidence: Node) -> Literal:
    value = graph.value(evidence, MM.statedValue)
    assert isinstance(value, Literal)
    return value


def test_every_term_of_ours_is_declared_and_used_as_declared() -> None:
    graph = by_rdflib(told("jsonld", REPORT, EVERYTHING))
    for subject, term, value in graph:
        if not str(term).startswith(MM):
            continue
        assert (term, RDF.type, None) in ONTOLOGY, term
        domain, wanted = ONTOLOGY.value(term, RDFS.domain), ONTOLOGY.value(term, RDFS.range)
        assert domain is None or domain in _classes(graph, subject), term
        if isinstance(value, Literal) and wanted is not None:
            assert value.datatype in DATATYPES[wanted], term
        elif isinstance(value, BNode):
            assert wanted in _classes(graph, value), term


def _classes(graph: Graph, node: Node) -> set[Node | None]:
    kinds = set(graph.objects(node, RDF.type))
    return {above for kind in kinds for above in ONTOLOGY.transitive_objects(kind, RDFS.subClassOf)}


def test_every_class_of_a_report_is_declared() -> None:
    graph = by_rdflib(told("jsonld", REPORT, EVERYTHING))
    known = set(ONTOLOGY.subjects(RDF.type)) | set(SHACL.subjects(RDF.type))

    assert set(graph.objects(None, RDF.type)) <= known


def test_every_name_of_the_context_is_used(document: dict[str, Any]) -> None:
    text = json.dumps(document["@graph"])

    assert [n for n in document["@context"] if f'"{n}"' not in text and n != "Info"] == []


def test_the_context_stands_in_the_file(document: dict[str, Any]) -> None:
    def contexts(value: object) -> list[object]:
        if isinstance(value, list):
            return [found for entry in value for found in contexts(entry)]
        if not isinstance(value, dict):
            return []
        own = [value["@context"]] if "@context" in value else []
        return own + [found for entry in value.values() for found in contexts(entry)]

    assert [type(context) for context in contexts(document)] == [dict]


@pytest.mark.parametrize(
    ("value", "lexical", "datatype"),
    [
        (3, "3", XSD.integer),
        (2**70, str(2**70), XSD.integer),
        (0.1, "0.1", XSD.double),
        (1e30, "1e+30", XSD.double),
        (float("inf"), "INF", XSD.double),
        (float("nan"), "NaN", XSD.double),
        (True, "true", XSD.boolean),
        ("mm:x", "mm:x", None),
        ("@id", "@id", None),
    ],
)
def test_a_value_keeps_its_datatype(value: object, lexical: str, datatype: URIRef | None) -> None:
    text = told("jsonld", one(finding("x", evidence=(said("v", "x", value, ""),))))
    for graph in (by_rdflib(text), by_oxigraph(text)):
        (found,) = graph.objects(None, MM.statedValue)

        assert found == Literal(lexical, datatype=datatype) or str(found) == lexical
        assert isinstance(found, Literal)
        assert found.datatype in (datatype, XSD.string if datatype is None else datatype)


def test_the_name_of_a_part_is_an_iri() -> None:
    node = f"{BASE}projects/loan/training-data/a/fields/age"
    text = told("jsonld", one(finding("x", evidence=(Evidence("field", "pairedWith", node),))))

    assert list(by_oxigraph(text).objects(None, MM.statedValue)) == [URIRef(node)]


def test_a_project_full_of_markup_is_one_graph(hostile_folder: Path, check_folder: Check) -> None:
    text = told("jsonld", Report((check_folder(hostile_folder),)), EVERYTHING)

    assert faults(by_rdflib(text)) == []
    assert is_same(by_rdflib(text), by_oxigraph(text))


def test_no_text_of_a_project_is_read_as_json_ld() -> None:
    report = one(
        finding(HOSTILE, item="@type", message='"}],"@id":"urn:x"', subject=_odd(), object=_odd()),
        id="@context",
        notes=("_:p1", "mm:x"),
    )
    text = told("jsonld", report)
    graph = by_oxigraph(text)

    assert faults(graph) == []
    assert is_same(by_rdflib(text), graph)
    assert [str(found) for found in graph.objects(None, MM.concerns)] == ["@type"]
    assert {str(found) for found in graph.objects(None, MM.note)} == {"_:p1", "mm:x"}


def _odd() -> Participant:
    odd = 'http://x.example/a b<c>"d{e}|f\\g^h`i\nj\udcff'
    return Participant(odd, HOSTILE, "TrainedModel", "odd")
