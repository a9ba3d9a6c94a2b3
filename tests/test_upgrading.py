"""What was written with terms that were given up is read in terms that are in use, and told."""

from pathlib import Path

import pytest

from kg import vocabulary
from kg.projects import read_project
from kg.statements import Node
from tests.conftest import Write
from tests.turtle import PREFIXES

# A version 2 of the ontology that has given up terms of version 1.
RETIRED = """
mm:memoryInGigabytes a owl:DatatypeProperty ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "Sizes are whole bytes."@en ;
    dcterms:isReplacedBy mm:requiredMemory ; mm:multipliedBy 1e9 ; mm:single true ;
    rdfs:label "memory in gigabytes"@en ; skos:example "16" ;
    rdfs:domain mm:TrainedModel ; rdfs:range mm:quantity .
mm:modelTitle a owl:DatatypeProperty ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "A model has a name."@en ;
    dcterms:isReplacedBy mm:modelName ;
    rdfs:label "model title"@en ; skos:example "churn" ;
    rdfs:domain mm:TrainedModel ; rdfs:range xsd:string .
mm:mascot a owl:DatatypeProperty ;
    owl:deprecated true ; mm:since "0.3.0" ; mm:because "Nobody held it against anything."@en ;
    rdfs:label "mascot"@en ; skos:example "owl" ;
    rdfs:domain mm:TrainedModel ; rdfs:range xsd:string .
mm:ingredient a owl:ObjectProperty ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "It is software."@en ;
    dcterms:isReplacedBy mm:requiredSoftware ; mm:key "ingredients" ;
    rdfs:label "ingredient"@en ; skos:example "{name: numpy}" ;
    rdfs:domain mm:TrainedModel ; rdfs:range mm:Software .
mm:learntFrom a owl:ObjectProperty ; rdfs:subPropertyOf mm:link ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "Models are trained."@en ;
    dcterms:isReplacedBy mm:trainedOn ; rdfs:label "learnt from"@en ;
    rdfs:domain mm:TrainedModel ; rdfs:range mm:TrainingData .
mm:grouping a mm:ProblemType ; skos:inScheme mm:problem-types ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "Everybody says clustering."@en ;
    dcterms:isReplacedBy mm:clustering ; skos:prefLabel "grouping"@en .
mm:Estimator a owl:Class ; rdfs:subClassOf mm:Asset ;
    owl:deprecated true ; mm:since "0.2.0" ; mm:because "The paper says model."@en ;
    dcterms:isReplacedBy mm:TrainedModel ; rdfs:label "estimator"@en .
"""
OLD = """element: TrainedModel
name: churn
memory_in_gigabytes: 16
model_title: Churn model
mascot: owl
ingredients:
  - name: numpy
    version_range: ">=2"
learnt_from: visits
---
element: TrainingData
name: visits
---
element: TaskAndPurpose
problem_type: grouping
"""


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    folder = tmp_path / "version-2"
    (folder / "ontology").mkdir(parents=True)
    (folder / "ontology/deprecated.ttl").write_text(PREFIXES + RETIRED, encoding="utf-8")
    return folder


def stated(folder: Path, knowledge: Path) -> dict[str, object]:
    project = read_project(folder, vocabulary.load([knowledge]), knowledge=[knowledge])
    return {s.attribute: s.value for entry in project.entries for s in entry.reading.statements}


def told(folder: Path, knowledge: Path) -> list[tuple[int | None, str]]:
    project = read_project(folder, vocabulary.load([knowledge]), knowledge=[knowledge])
    return [(problem.line, problem.message) for problem in project.problems]


def test_what_was_given_up_is_no_term_any_more(knowledge: Path) -> None:
    known, before = vocabulary.load([knowledge]), vocabulary.load([knowledge], retired=True)

    for name in ("memoryInGigabytes", "modelTitle", "mascot", "ingredient"):
        assert name not in known.attributes
        assert name in before.attributes
    assert "learntFrom" not in known.links
    assert "learntFrom" in before.links
    assert known.value("ProblemType", "grouping") is None
    assert "Estimator" not in known.elements


def test_an_old_descriptor_is_read_in_terms_that_are_in_use(write: Write, knowledge: Path) -> None:
    values = stated(write({"old.yaml": OLD}), knowledge)

    assert values["requiredMemory"] == 16_000_000_000
    assert type(values["requiredMemory"]) is int
    assert values["modelName"] == "Churn model"
    assert values["problemType"] == "clustering"
    part = values["requiredSoftware"]
    assert isinstance(part, Node)
    assert part.parts == (("requiredSoftware", "numpy"),)
    assert values["versionRange"] == ">=2"
    assert not values.keys() & {"memoryInGigabytes", "modelTitle", "mascot", "ingredient"}


def test_an_old_link_leads_where_it_led(write: Write, knowledge: Path) -> None:
    project = read_project(
        write({"old.yaml": OLD}), vocabulary.load([knowledge]), knowledge=[knowledge]
    )

    (link,) = project.entries[0].reading.links

    assert (link.name, link.object.name) == ("trainedOn", "visits")


def test_each_place_that_uses_what_was_given_up_is_told_with_its_line(
    write: Write, knowledge: Path
) -> None:
    problems = dict(told(write({"old.yaml": OLD}), knowledge))

    assert problems[3] == (
        "`memory_in_gigabytes` was given up in 0.2.0: Sizes are whole bytes. "
        "It is read as `required_memory`, times 1e+09; write that."
    )
    assert "`model_title` was given up" in problems[4]
    assert problems[5].endswith("Nothing replaces it, so it is not stated.")
    assert "`ingredients` was given up" in problems[7]
    assert "write that" in problems[9]
    assert "`grouping` was given up in 0.2.0: Everybody says clustering." in problems[15]


def test_an_element_of_a_class_that_was_given_up_is_one_of_the_class_that_replaces_it(
    write: Write, knowledge: Path
) -> None:
    old = "element: Estimator\nname: churn\nlicence: MIT\n"
    folder = write({"old.yaml": old})
    project = read_project(folder, vocabulary.load([knowledge]), knowledge=[knowledge])

    (statement,) = project.entries[0].reading.statements
    assert statement.node.kind == "TrainedModel"
    assert any("`Estimator` was given up" in p.message for p in project.problems)


def test_old_turtle_is_upgraded_as_old_yaml_is(write: Write, knowledge: Path) -> None:
    text = PREFIXES + '<#m> a mm:TrainedModel ; mm:name "churn" ; mm:memoryInGigabytes 16e0 .'
    folder = write({"old.ttl": text})

    assert stated(folder, knowledge)["requiredMemory"] == 16_000_000_000
    assert any("was given up in 0.2.0" in message for _, message in told(folder, knowledge))


def test_nothing_is_told_where_nothing_was_given_up(write: Write, knowledge: Path) -> None:
    new = "element: TrainedModel\nname: churn\nrequired_memory: 16 GB\n"
    folder = write({"new.yaml": new})

    assert told(folder, knowledge) == []


def test_a_value_that_the_new_attribute_cannot_hold_is_told_and_not_stated(
    write: Write, knowledge: Path
) -> None:
    old = "element: TrainedModel\nname: churn\nmemory_in_gigabytes: 1e300\n"
    folder = write({"old.yaml": old})

    assert "requiredMemory" not in stated(folder, knowledge)
