"""Descriptors in RDF: what is said of our elements is stated, what is not is counted."""

import json
from datetime import datetime
from pathlib import Path, PurePosixPath

import pytest

from kg.errors import DescriptorInvalid
from kg.identifiers import mint, node_of
from kg.importers import importer_for, rdf
from kg.importers.rdf import claims, read
from kg.statements import Node, Reading, Source
from kg.vocabulary import Literal, load

CASES = Path(__file__).parent / "cases" / "importers" / "rdf"
PREFIXES = """@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def source(location: Path, *knowledge: Path) -> Source:
    head = location.read_bytes()[:4096]
    return Source(PurePosixPath(location.name), location, head, "", knowledge=knowledge)


def case(name: str) -> Reading:
    return read(source(next((CASES / name).glob("in.*"))))


def turtle(folder: Path, text: str, name: str = "models.ttl") -> Reading:
    location = folder / name
    location.write_text(PREFIXES + text, encoding="utf-8")
    return read(source(location))


def values(reading: Reading, *parts: str) -> dict[str, list[Literal]]:
    """Plain values by attribute, of the elements or of the parts that the names lead to."""
    found: dict[str, list[Literal]] = {}
    for statement in reading.statements:
        names = tuple(name for _, name in statement.node.parts)
        if names == parts and not isinstance(statement.value, Node):
            found.setdefault(statement.attribute, []).append(statement.value)
    return found


# -- what is claimed -----------------------------------------------------------------------------


def test_only_rdf_that_speaks_of_our_terms_is_claimed(tmp_path: Path) -> None:
    ours, other, elsewhere = tmp_path / "a.ttl", tmp_path / "b.ttl", tmp_path / "c.txt"
    ours.write_text(PREFIXES)
    other.write_text("<a> <b> <c> .")
    elsewhere.write_text(PREFIXES)

    assert [claims(source(path)) for path in (ours, other, elsewhere)] == [True, False, False]
    assert importer_for(source(ours)) == ("rdf", rdf)


# -- what is stated ------------------------------------------------------------------------------


def test_turtle_states_values_parts_and_links() -> None:
    reading = case("turtle")

    assert values(reading) == {
        "modelVersion": ["2.4.0"],
        "requiredStorage": [5_000_000_000],
        "numberOfInstances": [14_000],
        "availableMemory": [8_589_934_592],
    }
    assert values(reading, "age") == {"name": ["age"], "dataType": ["integer"], "minimum": [18.0]}
    assert values(reading, "income") == {"name": ["income"], "dataType": ["double"]}
    assert values(reading, "scikit-learn")["versionRange"] == ["==1.4.2"]
    assert values(reading, "2") == {"algorithmName": ["SVM"]}
    assert [(link.name, link.object.kind) for link in reading.links] == [
        ("trainedOn", "TrainingData"),
        ("deployedIn", "OperationalEnvironment"),
    ]
    assert reading.stated_by == "data-scientist"
    assert [attribute for _, attribute in reading.complete] == ["input"]


def test_elements_are_known_by_relative_names_foreign_iris_or_not_at_all() -> None:
    elements = dict.fromkeys(statement.node.element for statement in case("turtle").statements)

    assert list(elements) == [
        Node("TrainedModel", "churn"),
        Node("TrainingData", named=False),
        Node("OperationalEnvironment", "edge", iri="https://example.org/hosts#edge"),
    ]


def test_lines_are_named_where_they_can_be_told() -> None:
    places = {(s.attribute, s.value): s.place.line for s in case("turtle").statements}

    assert places["modelVersion", "2.4.0"] == 7
    assert places["name", "income"] == 13
    assert places["availableMemory", 8_589_934_592] == 22
    assert [problem.line for problem in case("turtle").problems] == [8, 10]


def test_what_is_not_ours_is_counted_not_dropped() -> None:
    told = " ".join(passed.because for passed in case("turtle").passed_over)

    assert "<http://purl.org/dc/terms/title>" in told
    assert "first of <notes>" in told
    assert "0.87 is a decimal" in told


def test_graphs_say_what_was_observed() -> None:
    reading = case("observed-and-declared")

    counts = {s.observed: s.value for s in reading.statements if s.attribute == "numberOfInstances"}
    assert counts == {True: 9_000, False: 10_000}
    assert values(reading, "age", "0a1b2c3d-1") == {"mean": [43.1]}
    assert reading.stated_by == "operations"
    assert reading.problems == ()


def test_a_file_of_which_nothing_is_taken_says_why(tmp_path: Path) -> None:
    named = turtle(tmp_path, "<http://x.org/a> a mm:TrainedModel ; mm:name 'n' . <b> mm:name 'm' .")
    assert "Nothing is stated of <http://x.org/a>" in [one.because for one in named.passed_over]
    unknown = turtle(tmp_path, "<a> a mm:TrainedModle ; mm:name 'n' . <b> a mm:TrainedModle .")
    (problem,) = unknown.problems
    assert problem.message.startswith("mm:TrainedModle is no element, so nothing of <a> is taken")
    assert named.is_empty
    assert unknown.is_empty


def test_a_vocabulary_is_no_broken_descriptor(tmp_path: Path) -> None:
    reading = turtle(tmp_path, "mm:TrainedModel a <http://www.w3.org/2002/07/owl#Class> .")
    assert reading.problems == ()
    assert [one.because for one in reading.passed_over] == ["Nothing in it is known here"]


def test_graphs_of_several_roles_are_stated_by_none(tmp_path: Path) -> None:
    reading = turtle(
        tmp_path,
        "<a> a mm:Descriptor ; mm:statedBy mm:operations ; mm:file 'a' ."
        " <b> a mm:Descriptor ; mm:statedBy mm:end-user .",
    )

    assert (reading.stated_by, reading.problems) == (None, ())
    assert [passed.because for passed in reading.passed_over] == [
        "Where statements once came from is not kept (2 sources)"
    ]


def test_a_part_that_two_graphs_hold_is_read_once(tmp_path: Path) -> None:
    part = '<m> a mm:TrainedModel ; mm:input <i> . <i> mm:name "age" .'
    reading = turtle(tmp_path, f"<g> {{ {part} }} <h> {{ {part} }}", "m.trig")

    assert [s.attribute for s in reading.statements] == ["input", "name", "name", "input"]


def test_ntriples_are_read_with_their_lines() -> None:
    reading = case("ntriples")

    assert [s.place.line for s in reading.statements] == [2, 3, 3, 4]
    assert values(reading, "sklearn") == {"name": ["sklearn"], "versionRange": ["==1.4.2"]}


def test_json_ld_is_read_in_our_context_without_the_network() -> None:
    reading = case("json-ld")

    assert {s.node.element for s in reading.statements} == {Node("TrainedModel", "churn")}
    assert values(reading) == {
        "requiredMemory": [16_000_000_000],
        "trainingDate": ["2024-03-18"],
    }
    assert values(reading, "age")["minimum"] == [18.0]
    assert reading.links[0].object == Node("TrainingData", "churn-train")
    assert reading.stated_by == "data-scientist"
    assert reading.problems == ()


def test_a_context_of_others_is_never_fetched(tmp_path: Path) -> None:
    location = tmp_path / "a.jsonld"
    location.write_text(
        '{"@context": "https://w3id.org/ml-mismatch/other.jsonld", "element": "RawData"}'
    )

    with pytest.raises(DescriptorInvalid, match="none is fetched"):
        read(source(location))


def test_nameless_elements_of_one_kind_are_told_apart_by_their_order(tmp_path: Path) -> None:
    reading = turtle(
        tmp_path, '[] a mm:RawData ; mm:knownIssues "a" . [] a mm:RawData ; mm:knownIssues "b" .'
    )

    assert [s.node.name for s in reading.statements] == ["models-1", "models-2"]


def test_a_name_makes_nodes_without_iri_one_element(tmp_path: Path) -> None:
    first = '[] a mm:RawData ; mm:name "crm" ; mm:knownIssues "a" .'
    second = '<> a mm:RawData ; mm:name "erp" ; mm:timeframe "b" .'
    reading = turtle(tmp_path, f"{first} {second}")

    assert [s.node for s in reading.statements] == [Node("RawData", "crm"), Node("RawData", "erp")]


def test_parts_below_an_element_are_read_though_nothing_holds_them(tmp_path: Path) -> None:
    reading = turtle(tmp_path, "<projects/p/training-data/t/fields/age> mm:nullable true .")

    assert reading.statements[0].node == Node("TrainingData", "t").part("field", "age")


def test_a_part_that_two_elements_share_is_stated_of_both(tmp_path: Path) -> None:
    reading = turtle(
        tmp_path,
        "<a> a mm:TrainedModel ; mm:requiredSoftware <https://e.org/np> ."
        "<b> a mm:DevelopmentEnvironment ; mm:availableSoftware <https://e.org/np> ."
        '<https://e.org/np> mm:name "numpy" .',
    )

    owners = [s.node.element.name for s in reading.statements if s.attribute == "name"]
    assert owners == ["a", "b"]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ('mm:requiredMemory "16000000000"^^xsd:int', 16_000_000_000),
        ('mm:postProcessing "1"^^xsd:boolean', True),
        ('mm:modelVersion "2"@en', "2"),
        ('mm:trainingDate "2024-03-18"^^xsd:date', "2024-03-18"),
        ('mm:trainingDate "2024-03-18"', "2024-03-18"),
    ],
)
def test_literals_are_judged_by_their_type(tmp_path: Path, statement: str, value: Literal) -> None:
    reading = turtle(tmp_path, f"<m> a mm:TrainedModel ; {statement} .")

    assert [s.value for s in reading.statements] == [value]
    assert reading.problems == ()


@pytest.mark.parametrize(
    "statement",
    [
        'mm:requiredMemory "16 GB"',
        'mm:requiredMemory "16000000000"',
        'mm:requiredMemory "1_000"^^xsd:integer',
        "mm:requiredMemory 16.5",
        "mm:requiredMemory -1",
        "mm:requiredMemory 99999999999999999999",
        "mm:modelVersion 2",
        "mm:modelVersion <https://e.org/2>",
        "mm:modelVersion []",
        'mm:trainingDate "2024-13-01"^^xsd:date',
        'mm:trainingDate "2026-02-30"',
        'mm:trainingDate "2024-03-18Z"^^xsd:date',
        'mm:trainingDate "2024-03-18T10:00:00"^^xsd:dateTime',
        'mm:modelVersion "2024-03-18"^^xsd:date',
        'mm:input "age"',
        "mm:input []",
        'mm:deployedIn "host"',
        "mm:deployedIn <n>",
        "mm:availableMemory 1",
        "mm:nonsense 1",
        "mm:complete mm:nonsense",
        "mm:statedBy mm:wizard",
    ],
)
def test_what_does_not_fit_its_attribute_is_a_problem_and_no_statement(
    tmp_path: Path, statement: str
) -> None:
    reading = turtle(tmp_path, f"<m> a mm:TrainedModel ; {statement} . <n> a mm:RawData .")

    assert (len(reading.problems), reading.statements, reading.links) == (1, (), ())


def test_two_roles_cannot_state_one_file(tmp_path: Path) -> None:
    reading = turtle(
        tmp_path,
        "<a> a mm:RawData ; mm:statedBy mm:operations ."
        " <b> a mm:RawData ; mm:statedBy mm:end-user .",
    )

    assert reading.stated_by == "operations"
    assert "file of their own" in reading.problems[0].message


def test_an_element_must_be_of_a_kind(tmp_path: Path) -> None:
    reading = turtle(tmp_path, "<m> a mm:Environment ; mm:availableMemory 1 .")

    assert "Say which kind" in reading.problems[0].message


def test_several_projects_in_one_file_are_reported(tmp_path: Path) -> None:
    reading = turtle(
        tmp_path, "<projects/a/raw-data/x> a mm:RawData . <projects/b/raw-data/x> a mm:RawData ."
    )

    assert "a and b" in reading.problems[0].message


def test_parts_that_are_shared_over_and_over_are_refused(tmp_path: Path) -> None:
    nodes = [f"<https://e.org/{number}>" for number in range(60)]
    many = ", ".join(nodes)
    parts = " ".join(f"{node} mm:distribution {many} ; mm:category {many} ." for node in nodes)

    with pytest.raises(DescriptorInvalid, match="over and over"):
        turtle(tmp_path, f"<t> a mm:TrainingData ; mm:field {many} . {parts}")


def test_an_attribute_of_an_extension_is_read_without_code(tmp_path: Path) -> None:
    folder = tmp_path / "more" / "ontology"
    folder.mkdir(parents=True)
    (folder / "review.ttl").write_text(
        PREFIXES
        + """@prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        mm:reviewedAt a owl:DatatypeProperty ; rdfs:label "reviewed at"@en ;
            rdfs:domain mm:TrainedModel ; rdfs:range xsd:dateTime ."""
    )
    location = tmp_path / "a.jsonld"
    when = {"@value": "2024-03-18T10:00:00", "@type": "xsd:dateTime"}
    found = {"@context": "context.jsonld", "element": "TrainedModel", "reviewed_at": when}
    location.write_text(json.dumps(found))

    reading = read(source(location, tmp_path / "more"))
    assert values(reading) == {"reviewedAt": [datetime(2024, 3, 18, 10)]}  # noqa: DTZ001


# -- identifiers ---------------------------------------------------------------------------------

MODEL = Node("TrainedModel", "models/churn")
DATA = Node("TrainingData", "größe")


@pytest.mark.parametrize(
    ("node", "iri"),
    [
        (Node("TrainedModel", named=False), "trained-model/trained-model"),
        (MODEL, "trained-model/models%2Fchurn"),
        (
            MODEL.part("requiredSoftware", "scikit-learn"),
            "trained-model/models%2Fchurn/required-software/scikit-learn",
        ),
        (DATA.part("field", ".."), "training-data/größe/fields/~.."),
        (
            DATA.part("field", "age").part("distribution", "1"),
            "training-data/größe/fields/age/distributions/803d8eb0-1",
        ),
    ],
)
def test_names_and_iris_lead_to_each_other(node: Node, iri: str) -> None:
    vocabulary = load()
    minted = mint("http://x.org/", "my loan", node, vocabulary, "data.csv")
    found = node_of(minted, "http://x.org/", vocabulary)

    assert minted == f"http://x.org/projects/my%20loan/{iri}"
    assert found is not None
    assert found.element == node.element
    assert mint("http://x.org/", "my loan", found, vocabulary, "another.trig") == minted


def test_a_long_name_keeps_its_iri() -> None:
    vocabulary = load()
    minted = mint("", "p", DATA.part("field", "long " * 60), vocabulary, "a")
    found = node_of(minted, "", vocabulary)

    assert found is not None
    assert mint("", "p", found, vocabulary, "b") == minted


def test_an_element_of_another_place_keeps_its_iri_and_its_parts_stand_below() -> None:
    node = Node("TrainedModel", "m", iri="https://e.org/m").part("input", "age")

    assert mint("http://x.org/", "p", node, load(), "a.ttl") == "https://e.org/m/inputs/age"


def test_a_part_without_a_name_is_one_node_a_source() -> None:
    part = DATA.part("field", "age").part("distribution", "1")

    assert mint("", "p", part, load(), "a.csv") != mint("", "p", part, load(), "b.csv")


@pytest.mark.parametrize(
    "iri",
    [
        "https://e.org/projects/p/trained-model/m",
        "projects/p",
        "projects/p/trained-model",
        "projects/p/comparisons/1",
        "projects/p/trained-model/m/inputs",
        "projects/p/trained-model/m/fields/age",
        "projects/p/trained-model/m/model-version/1",
        "projects/p/trained-model//inputs/age",
    ],
)
def test_an_iri_of_another_making_leads_nowhere(iri: str) -> None:
    assert node_of(iri, "", load()) is None
