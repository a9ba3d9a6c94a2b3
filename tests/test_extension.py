"""A researcher's attribute and predicate take two files and a case file, and no Python."""

import json
from pathlib import Path

import pytest
from rdflib import SH, Graph, Literal, URIRef

from kg import catalogue, derive, vocabulary
from kg.catalogue import Catalogue
from kg.cli import run
from kg.detect import check
from kg.findings import Finding, ProjectReport, Verdict
from kg.namespaces import iri
from kg.projects import read_project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workshop.cases import judge, read_cases
from kg.workspace import Workspace

ATTRIBUTE = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix unit: <http://qudt.org/vocab/unit/> .

mm:warmUpTime a owl:DatatypeProperty ;
    mm:single true ;
    rdfs:label "warm-up time"@en ;
    skos:definition "Time from the start of the model to its first answer."@en ;
    skos:example "30000000" ;
    rdfs:domain mm:TrainedModel ;
    rdfs:range mm:count ;
    mm:unit unit:MicroSEC ;
    mm:informs mm:operational-environment-inference-time ;
    mm:askedOf mm:data-scientist .
"""
QUERY = """#+ label: The first answer comes too late
#+ kind: comparison
#+ detects: [OE.InferenceTime]
#+ when: A model takes longer to warm up than the service waits for an answer.
#+ message: The model warms up in {takes}; the service waits {waits}.
#+ hurts: The first caller after each start is turned away.
#+ remedy: Load the model before the service takes requests.
#+ ask: {data-scientist: How long does the model warm up?, operations: How long may an answer take?}
#+ severity: warning
#+ because: Only the first callers are hurt.
#+ formal: TM.warmUpTime > OE.requiredInferenceTime
#+ source: a researcher's own
PREFIX mm: <https://w3id.org/ml-mismatch/>

SELECT DISTINCT ?subject ?object ?takes ?waits ?verdict WHERE {
  ?subject a mm:TrainedModel ; mm:deployedIn ?object .
  OPTIONAL { ?subject mm:warmUpTime ?takes }
  OPTIONAL { ?object mm:requiredInferenceTime ?waits }
  BIND(IF(BOUND(?takes) && BOUND(?waits), IF(?takes > ?waits, "mismatch", "clear"), "undecided")
       AS ?verdict)
}
"""
TESTED = """#+ label: The colours are others
#+ kind: statistical
#+ detects: [TD.DataStatistics]
#+ when: A field has other shares in service than in training.
#+ message: "{item} has G = {g} in service, adjusted p {p}."
#+ hurts: The model meets another mix than it has learnt.
#+ remedy: Retrain.
#+ ask: {data-scientist: How often does each category occur?}
#+ severity: warning
#+ because: It is a hint.
#+ formal: G(TD.field, OD.field)
#+ source: a researcher's own
#+ statistic: [g_test]
PREFIX mm: <https://w3id.org/ml-mismatch/>

SELECT DISTINCT ?subject ?object ?item ?test ?g ?p ?verdict WHERE {
  ?subject a mm:TrainingData ; mm:standsFor ?object ; mm:field ?item .
  ?test mm:firstPart ?item ; mm:method "g_test" ; mm:statistic ?g ; mm:adjustedPValue ?p .
  BIND(IF(?p < 0.05, "mismatch", "clear") AS ?verdict)
}
"""
SHAPE = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix mms: <https://w3id.org/ml-mismatch/shapes/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

mms:warm-up-too-long a sh:NodeShape , mm:Predicate ;
    rdfs:label "The model warms up too long"@en ;
    mm:kind "comparison" ;
    mm:detects "OE.InferenceTime" ;
    mm:when "A model takes more than a minute to warm up."@en ;
    sh:message "The model warms up in {warmUpTime}."@en ;
    mm:hurts "Whoever starts it takes it for dead."@en ;
    mm:remedy "Load less."@en ;
    mm:ask "data-scientist: How long does the model warm up?" ;
    sh:severity sh:Warning ;
    mm:because "It starts in the end."@en ;
    mm:formal "TM.warmUpTime > 60000000" ;
    dcterms:source "a researcher's own"@en ;
    sh:targetClass mm:TrainedModel ;
    sh:property mms:warm-up-too-long-warmUpTime .

mms:warm-up-too-long-warmUpTime a sh:PropertyShape ;
    sh:path mm:warmUpTime ;
    sh:maxInclusive 60000000 .
"""
CASES = """
@prefix case: <urn:case:> .
@prefix mm: <https://w3id.org/ml-mismatch/> .

case:mismatch {
    <model> a mm:TrainedModel ; mm:warmUpTime 200001 ; mm:deployedIn <host> .
    <host> a mm:OperationalEnvironment ; mm:requiredInferenceTime 200000 .
}
case:clear {
    <model> a mm:TrainedModel ; mm:warmUpTime 200000 ; mm:deployedIn <host> .
    <host> a mm:OperationalEnvironment ; mm:requiredInferenceTime 200000 .
}
case:undecided {
    <model> a mm:TrainedModel ; mm:modelName "churn" ; mm:deployedIn <host> .
    <host> a mm:OperationalEnvironment ; mm:requiredInferenceTime 200000 .
}
"""
SHAPE_CASES = """
@prefix case: <urn:case:> .
@prefix mm: <https://w3id.org/ml-mismatch/> .

case:mismatch { <model> a mm:TrainedModel ; mm:warmUpTime 60000001 . }
case:clear { <model> a mm:TrainedModel ; mm:warmUpTime 60000000 . }
case:undecided { <model> a mm:TrainedModel ; mm:modelName "churn" . }
"""
MODEL = "element: TrainedModel\nmodel_name: churn\nwarm_up_time: 90 s\n"
HOST = "element: OperationalEnvironment\nrequired_inference_time: 1 s\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with an attribute, a predicate in either form, and their cases."""
    return written(
        tmp_path / "knowledge",
        {
            "ontology/elements/warm-up.ttl": ATTRIBUTE,
            "queries/predicates/start-too-slow.rq": QUERY,
            "shapes/predicates/warm-up-too-long.ttl": SHAPE,
            "cases/start-too-slow.trig": CASES,
            "cases/warm-up-too-long.trig": SHAPE_CASES,
        },
    )


@pytest.fixture
def extended(folder: Path) -> Vocabulary:
    return vocabulary.load([folder])


@pytest.fixture
def predicates(folder: Path, extended: Vocabulary) -> Catalogue:
    return catalogue.load(extended, [folder])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return written(tmp_path / "shop", {"model.yaml": MODEL, "host.yaml": HOST})


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder


def report(project: Path, known: Vocabulary, found: Catalogue, *knowledge: Path) -> ProjectReport:
    workspace = Workspace(open_store("memory:"), known)
    return check([read_project(project, known, knowledge)], workspace, found).projects[0]


def only(found: ProjectReport, predicate: str) -> Finding:
    (finding,) = (f for f in found.findings if f.predicate == predicate)
    return finding


def test_the_attribute_stands_in_context_schema_and_shapes(
    extended: Vocabulary, predicates: Catalogue
) -> None:
    made = derive.derive(extended, predicates)
    context = json.loads(made["ontology/derived/context.jsonld"])["@context"]
    schema = json.loads(made["ontology/derived/schemas/TrainedModel.json"])
    values = Graph().parse(data=made["shapes/derived/values/TrainedModel.ttl"])
    stated = Graph().parse(data=made["shapes/derived/stated/TrainedModel.ttl"])
    shape = URIRef(iri("mms:TrainedModel-warmUpTime"))

    assert context["warm_up_time"]["@id"] == "mm:warmUpTime"
    assert "first answer" in schema["properties"]["warm_up_time"]["description"]
    assert (shape, SH.path, URIRef(iri("mm:warmUpTime"))) in values
    assert (shape, SH.maxCount, Literal(1)) in values
    assert (URIRef(f"{shape}-stated"), SH.minCount, Literal(1)) in stated


def test_the_predicates_find_the_attribute_in_a_descriptor(
    project: Path, folder: Path, extended: Vocabulary, predicates: Catalogue
) -> None:
    found = report(project, extended, predicates, folder)
    compared, bounded = only(found, "start-too-slow"), only(found, "warm-up-too-long")

    assert found.problems == ()
    assert compared.verdict is bounded.verdict is Verdict.MISMATCH
    assert compared.message == "The model warms up in 90 s; the service waits 1 s."
    assert bounded.message == "The model warms up in 90 s."
    for finding in (compared, bounded):
        (warm_up,) = (e for e in finding.evidence if e.attribute == "warmUpTime")
        assert [(o.file, o.line) for o in warm_up.sources] == [("model.yaml", 3)]


def test_a_predicate_in_either_form_asks_for_what_is_not_stated(
    project: Path, folder: Path, extended: Vocabulary, predicates: Catalogue
) -> None:
    written(project, {"model.yaml": "element: TrainedModel\nmodel_name: churn\n"})

    found = report(project, extended, predicates, folder)

    for finding in (only(found, "start-too-slow"), only(found, "warm-up-too-long")):
        assert finding.verdict is Verdict.UNDECIDED
        assert finding.message == "Not stated: warm-up time."
        assert [question.role for question in finding.ask] == ["data-scientist"]


def test_the_case_files_show_what_the_predicates_say(
    folder: Path, extended: Vocabulary, predicates: Catalogue
) -> None:
    shown = [case for path in sorted((folder / "cases").iterdir()) for case in read_cases(path)]

    assert len(shown) == 6
    for case in shown:
        told = judge(case, extended, predicates, [folder])
        assert (told.verdict, told.problems) == (case.expected, ()), case


def test_without_the_folder_neither_is_known(project: Path) -> None:
    known = vocabulary.load()
    found = report(project, known, catalogue.load(known))

    assert "warmUpTime" not in known.attributes
    assert "start-too-slow" not in {finding.predicate for finding in found.findings}
    assert ["warm_up_time" in problem.message for problem in found.problems] == [True]


@pytest.mark.parametrize("by", ["option", "environment"])
def test_the_commands_take_the_folder(
    by: str,
    project: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MISMATCH_KNOWLEDGE", str(folder) if by == "environment" else "")
    option = ["--knowledge", str(folder)] if by == "option" else []

    run(["check", str(project), "--as", "json", *option])
    (told,) = json.loads(capsys.readouterr().out)["projects"]
    run(["explain", "start-too-slow", *option])
    explained = capsys.readouterr().out

    (finding,) = (f for f in told["findings"] if f["predicate"] == "start-too-slow")
    sources = {e["name"]: e["sources"] for e in finding["evidence"]}
    assert (sources["takes"][0]["file"], sources["takes"][0]["line"]) == ("model.yaml", 3)
    assert (sources["waits"][0]["file"], sources["waits"][0]["line"]) == ("host.yaml", 2)
    assert "The first answer comes too late" in explained


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Two data sets of a field whose colours are shared otherwise."""
    shares = {"train.csv": (60, 40), "live.csv": (40, 60)}
    return written(
        tmp_path / "colours",
        {
            name: "colour\n" + "red\n" * red + "blue\n" * blue
            for name, (red, blue) in shares.items()
        },
    )


def test_a_statistic_is_worked_out_as_soon_as_a_predicate_names_it(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "knowledge", {"queries/predicates/colours-differ.rq": TESTED})

    run(["check", str(tables), "--as", "json", "--knowledge", str(folder)])
    (told,) = json.loads(capsys.readouterr().out)["projects"]

    (finding,) = (f for f in told["findings"] if f["predicate"] == "colours-differ")
    assert finding["verdict"] == "mismatch"
    assert finding["message"] == "colour has G = 8.05 in service, adjusted p 0.00469."


def test_a_statistic_that_nobody_wrote_is_told_with_those_there_are(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TESTED.replace("[g_test]", "[anderson_darling]")
    folder = written(tmp_path / "knowledge", {"queries/predicates/colours-differ.rq": text})

    code = run(["check", str(tables), "--knowledge", str(folder)])

    assert code == 4
    told = capsys.readouterr().err
    assert "There is no statistic anderson_darling" in told
    assert "chi_square, g_test" in " ".join(told.split())
