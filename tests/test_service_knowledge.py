"""What is known beside projects, over HTTP: as pages and as data, each term at its address."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDFS

from kg.derive import context, schemas, shapes
from kg.gaps import analyse
from kg.namespaces import iri
from tests.judging import CATALOGUE, VOCABULARY
from tests.serving import served

RDF = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
MINE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix ours: <https://example.org/ours#> .

ours:carbonBudget a owl:DatatypeProperty ;
    rdfs:label "carbon budget"@en ;
    skos:definition "How much carbon training may cost."@en ;
    rdfs:domain mm:TaskAndPurpose ;
    rdfs:range xsd:double ;
    mm:informs mm:task-and-purpose-business-goals ;
    mm:askedOf mm:business-owner .
"""


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(serves="projects") as client:
        yield client


def got(client: httpx2.Client, path: str, accept: str = "*/*") -> httpx2.Response:
    response = client.get(path, headers={"accept": accept})
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize(
    ("thing", "accept", "begins"),
    [
        ("gaps", "application/json", "{"),
        ("gaps", "text/html", "<!doctype html>"),
        ("gaps", "text/csv", "kind,"),
        ("gaps", "text/markdown", "# "),
        ("matrix", "application/json", "{"),
        ("matrix", "text/html", "<!doctype html>"),
        ("matrix", "image/svg+xml", "<svg"),
        ("study", "application/json", "{"),
        ("study", "text/html", "<!doctype html>"),
        ("study", "text/plain", ""),
    ],
)
def test_what_is_told_on_the_command_line_is_told_here(
    client: httpx2.Client, thing: str, accept: str, begins: str
) -> None:
    response = got(client, f"/{thing}", accept)
    assert response.headers["content-type"].startswith(accept)
    assert response.text.strip().startswith(begins)
    if accept == "text/html":
        assert response.text.count('<nav class="ways"') == 1
        assert f'href="/{thing}?format=json"' in response.text


def test_gaps_are_those_of_the_mapping(client: httpx2.Client) -> None:
    told = got(client, "/gaps").json()["mapping"]["gaps"]
    found = analyse(VOCABULARY, CATALOGUE).mapping.gaps
    assert [(one["kind"], one["term"]) for one in told] == [(g.kind, g.term) for g in found]


def test_the_matrix_can_be_narrowed_and_sorted(client: httpx2.Client) -> None:
    few = got(client, "/matrix?mismatch=OE.ComputingResources&mismatch=TM.Versioning").json()
    assert [one["code"] for one in few["mismatches"]] == ["TM.Versioning", "OE.ComputingResources"]
    narrow = got(client, "/matrix?element=TrainedModel").json()
    assert [one["code"] for one in narrow["elements"]] == ["TM"]
    counts = [
        len(one["predicates"])
        for one in got(client, "/matrix?sort=predicates").json()["mismatches"]
    ]
    assert counts == sorted(counts, reverse=True)
    assert client.get("/matrix?mismatch=Nope").status_code == 404
    assert client.get("/matrix?sort=colour").status_code == 422


def test_what_does_not_change_is_not_sent_again(client: httpx2.Client) -> None:
    for path in ("/gaps", "/vocabulary", "/shapes", "/context.jsonld", "/predicates"):
        first = got(client, path)
        tag, vary = first.headers["etag"], first.headers["vary"]
        assert "Accept" in vary
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.headers["etag"], head.content) == (200, tag, b"")
    page, data = got(client, "/predicates", "text/html"), got(client, "/predicates")
    assert page.headers["etag"] != data.headers["etag"]


def test_formats_can_be_named_in_the_address(client: httpx2.Client) -> None:
    named = client.get("/gaps?format=csv", headers={"accept": "text/html"})
    assert named.headers["content-type"].startswith("text/csv")
    assert len(list(csv.reader(io.StringIO(named.text)))) > 10
    wrong = client.get("/gaps?format=docx")
    assert wrong.status_code == 400
    assert "csv" in wrong.json()["hint"]
    assert client.get("/gaps", headers={"accept": "image/png"}).status_code == 406


# -- terms -----------------------------------------------------------------------------------------


def test_every_term_can_be_called_by_its_address(client: httpx2.Client) -> None:
    listed = got(client, "/vocabulary").json()
    names = {one["name"] for one in listed}
    wanted = {*VOCABULARY.attributes, *VOCABULARY.elements, *VOCABULARY.parts, *VOCABULARY.links}
    wanted |= {*VOCABULARY.lists, *(one.name for one in CATALOGUE.mismatches.values())}
    wanted |= {name for members in VOCABULARY.lists.values() for name in members}
    assert wanted <= names
    assert len(names) == len(listed)
    for one in listed[::40]:
        told = got(client, one["address"]).json()
        assert (told["iri"], told["definition"]) == (one["iri"], one["definition"])
        assert told["label"] in got(client, one["address"], "text/html").text


def test_a_term_is_told_with_what_leads_to_others(client: httpx2.Client) -> None:
    told = got(client, "/vocabulary/requiredMemory").json()
    facts = {one["heading"]: one["values"] for one in told["facts"]}
    assert facts["Stated of"] == [{"text": "TrainedModel", "address": "/vocabulary/TrainedModel"}]
    assert "/predicates/resources-exceed-operations" in [one["address"] for one in facts["Read by"]]
    assert told["record"]["key"] == "required_memory"
    for fact in told["facts"]:
        for one in fact["values"]:
            if one["address"].startswith("/"):
                got(client, one["address"])


@pytest.mark.parametrize("media_type", RDF)
def test_a_term_is_there_as_rdf(client: httpx2.Client, media_type: str) -> None:
    response = got(client, "/vocabulary/requiredMemory", media_type)
    assert response.headers["content-type"].startswith(media_type)
    graph = Graph().parse(data=response.text, format=RDF[media_type])
    subject = URIRef(iri("requiredMemory"))
    assert set(graph.subjects()) == {subject}
    assert str(graph.value(subject, RDFS.label)) == "required memory"


def test_the_whole_ontology_is_there_as_rdf(client: httpx2.Client) -> None:
    graph = Graph().parse(data=got(client, "/vocabulary", "text/turtle").text, format="turtle")
    assert {URIRef(iri(name)) for name in VOCABULARY.attributes} <= set(graph.subjects())


def test_an_unknown_term_is_answered_with_those_near_it(client: httpx2.Client) -> None:
    response = client.get("/vocabulary/required_memry")
    assert response.status_code == 404
    assert "requiredMemory" in response.json()["hint"]
    near = client.get("/predicates/resources-exceed-operation")
    assert near.status_code == 404
    assert "resources-exceed-operations" in near.json()["hint"]
    assert client.get("/mismatches/OE.Nope").status_code == 404


# -- predicates and mismatches ---------------------------------------------------------------------


def test_predicates_are_told_in_words_and_as_they_run(client: httpx2.Client) -> None:
    listed = got(client, "/predicates").json()
    assert [one["id"] for one in listed] == list(CATALOGUE.predicates)
    some = got(client, "/predicates?mismatch=OE.ComputingResources&kind=comparison").json()
    assert some
    assert all("OE.ComputingResources" in one["detects"] for one in some)
    assert {one["kind"] for one in some} == {"comparison"}
    told = got(client, "/predicates/resources-exceed-operations").json()
    predicate = CATALOGUE.predicates["resources-exceed-operations"]
    assert (told["text"], told["ask"]) == (predicate.text, dict(predicate.ask))
    assert "requiredMemory" in told["reads"]
    text = got(client, "/predicates/resources-exceed-operations", "application/sparql-query")
    assert text.text == predicate.text
    shape = next(one for one in CATALOGUE.predicates.values() if one.form == "shacl")
    assert got(client, f"/predicates/{shape.id}", "text/turtle").text == shape.text


def test_mismatches_are_told_with_what_the_study_found(client: httpx2.Client) -> None:
    listed = {one["code"]: one for one in got(client, "/mismatches").json()}
    assert listed.keys() == CATALOGUE.mismatches.keys()
    one = listed["OE.ComputingResources"]
    assert one["told"] == CATALOGUE.mismatches["OE.ComputingResources"].interviews
    assert "resources-exceed-operations" in one["predicates"]
    assert got(client, one["address"]).json()["iri"] == one["iri"]


# -- derived files ---------------------------------------------------------------------------------


def test_derived_files_are_those_of_the_ontology(client: httpx2.Client) -> None:
    made = {
        **context.files(VOCABULARY, CATALOGUE),
        **schemas.files(VOCABULARY, CATALOGUE),
        **shapes.files(VOCABULARY, CATALOGUE),
    }
    assert got(client, "/context.jsonld").text == made["ontology/derived/context.jsonld"]
    for address in got(client, "/schemas").json():
        text = made[f"ontology/derived{address}"]
        assert got(client, address).text == text
        assert json.loads(text)["$schema"].endswith("2020-12/schema")
    stated = got(client, "/shapes/stated/TrainedModel.ttl").text
    assert stated == made["shapes/derived/stated/TrainedModel.ttl"]
    for path in ("/schemas/Nope.json", "/shapes/nope.ttl", "/shapes/..%2F..%2Fontology/core.ttl"):
        assert client.get(path).status_code == 404


def test_all_shapes_are_one_graph(client: httpx2.Client) -> None:
    lines = got(client, "/shapes", "application/n-triples").text
    for name in ("TrainedModel-requiredMemory-stated", "resources-exceed-operations"):
        assert f"<{iri(f'mms:{name}')}>" in lines
    page = got(client, "/shapes", "text/html").text
    assert 'href="/shapes/stated/TrainedModel.ttl"' in page


# -- knowledge of one's own ------------------------------------------------------------------------


def test_an_extension_is_part_of_what_is_told(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "ours.ttl").write_text(MINE, encoding="utf-8")
    questions = tmp_path / "queries" / "questions"
    questions.mkdir(parents=True)
    text = "#+ summary: Which cost?\n#+ description: All.\nSELECT ?s { ?s ?p ?__budget_double }"
    (questions / "which-cost.rq").write_text(text, encoding="utf-8")
    with served(serves="projects", knowledge=(tmp_path,)) as client:
        told = got(client, "/vocabulary/ours:carbonBudget").json()
        assert told["iri"] == "https://example.org/ours#carbonBudget"
        turtle = got(client, "/vocabulary/ours:carbonBudget", "text/turtle").text
        assert "ours:carbonBudget" in turtle
        assert "carbon" in got(client, "/schemas/TaskAndPurpose.json").text
        assert "carbonBudget" in got(client, "/shapes/stated/TaskAndPurpose.ttl").text
        assert "/questions/which-cost" in got(client, "/openapi.json").json()["paths"]
        terms = {one["term"] for one in got(client, "/gaps").json()["mapping"]["gaps"]}
        assert "https://example.org/ours#carbonBudget" in terms


def test_a_service_of_graphs_alone_knows_nothing_else() -> None:
    with served() as client:
        for path in ("/gaps", "/vocabulary/requiredMemory", "/schemas", "/predicates"):
            assert client.get(path).status_code == 404
        places = got(client, "/").json()
        assert places["counts"] is None
        assert places["places"].keys() == {"sparql", "graphs", "openapi"}
