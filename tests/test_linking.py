"""How elements are linked where nobody says so, and which element is meant by who only mentions
one.
"""

import pytest

from kg.projects import Project, read_project
from kg.projects.linking import name_of
from kg.statements import Link
from kg.vocabulary import Vocabulary, load
from tests.conftest import Write

MODEL = "flavors:\n  sklearn: {sklearn_version: 1.4.2}\n"
SIGNATURE = MODEL + 'signature:\n  inputs: \'[{"name": "%s", "type": "long"}, %s]\'\n'
AGE = SIGNATURE % ("age", '{"name": "income", "type": "double"}')
AMOUNT = SIGNATURE % ("amount", '{"name": "country", "type": "string"}')
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{image: x}]}\n"
SAMPLE = '{"dataframe_split": {"columns": ["%s", "%s"], "data": [[1, 2]]}}'


def links(project: Project, name: str) -> list[tuple[str, str, str]]:
    """From which element the links of a name lead to which, and how sure each is."""
    found: list[Link] = [link for _, link in project.links if link.name == name]
    return [(name_of(k.subject), name_of(k.object), k.confidence) for k in found]


def sampled(project: Project) -> set[str]:
    """The models of which a sample request is stated."""
    return {
        s.node.name
        for entry in project.entries
        for s in entry.reading.statements
        if s.attribute == "sampleInput"
    }


def ports(project: Project) -> list[object]:
    """The ports from which metrics are collected."""
    return [
        s.value
        for entry in project.entries
        for s in entry.reading.statements
        if s.attribute == "scrapedPort"
    ]


# -- links ----------------------------------------------------------------------------------------


def test_a_model_and_an_environment_of_one_name_belong_together(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "models/churn/MLmodel": MODEL,
            "models/fraud/MLmodel": MODEL,
            "deploy/churn.yaml": POD % "churn",
            "deploy/shop.yaml": POD % "shop",
        }
    )

    assert links(read_project(folder, known), "deployedIn") == [("models/churn", "churn", "likely")]


def test_a_name_that_many_folders_have_tells_nothing(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/model/MLmodel": MODEL,
            "b/model/MLmodel": MODEL,
            "deploy/model.yaml": POD % "model",
            "deploy/shop.yaml": POD % "shop",
        }
    )

    assert links(read_project(folder, known), "deployedIn") == []


def test_a_model_and_an_environment_in_one_folder_belong_together(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "churn/model/MLmodel": MODEL,
            "churn/Dockerfile": "FROM python:3.11\n",
            "fraud/model/MLmodel": MODEL,
            "fraud/Dockerfile": "FROM python:3.12\n",
            "other/Dockerfile": "FROM python:3.12\n",
        }
    )

    assert links(read_project(folder, known), "deployedIn") == [
        ("churn/model", "churn/Dockerfile", "likely"),
        ("fraud/model", "fraud/Dockerfile", "likely"),
    ]


def test_of_two_models_as_near_none_is_linked(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/one/MLmodel": MODEL,
            "a/two/MLmodel": MODEL,
            "a/Dockerfile": "FROM python:3.11\n",
            "b/Dockerfile": "FROM python:3.12\n",
        }
    )

    assert links(read_project(folder, known), "deployedIn") == []


def test_data_with_a_field_for_every_input_are_what_the_model_is_given(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "churn/MLmodel": AGE,
            "fraud/MLmodel": AMOUNT,
            "live/monday.csv": "age,income\n34,1\n51,2\n",
            "live/tuesday.csv": "age,income\n35,1\n52,2\n",
            "train/all.csv": "amount,country,label\n1,de,0\n2,fr,1\n",
            "train/odd.csv": "amount,label\n1,0\n2,1\n",
        }
    )

    project = read_project(folder, known)

    assert links(project, "appliedTo") == [
        ("churn", "live/monday.csv", "likely"),
        ("churn", "live/tuesday.csv", "likely"),
    ]
    assert links(project, "trainedOn") == [("fraud", "train/all.csv", "likely")]


def test_what_settings_say_leaves_nothing_to_rules(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "models/churn/MLmodel": MODEL,
            "models/fraud/MLmodel": MODEL,
            "deploy/churn.yaml": POD % "churn",
            "deploy/shop.yaml": POD % "shop",
            "mismatch.yaml": "links:\n- {link: deployed_in, from: models/fraud, to: shop}\n",
        }
    )

    assert links(read_project(folder, known), "deployedIn") == [("models/fraud", "shop", "stated")]


def test_a_researcher_adds_a_rule_of_their_own(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    knowledge = tmp_path_factory.mktemp("knowledge")
    (knowledge / "ontology").mkdir()
    (knowledge / "ontology" / "more.ttl").write_text(
        "@prefix mm: <https://w3id.org/ml-mismatch/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'mm:made-where-it-lies a mm:LinkingRule ; rdfs:label "they lie together"@en ;\n'
        '  mm:makes mm:integratedIn ; mm:by "folders" ; mm:turn 9 ; mm:confidence "likely" .\n'
    )
    folder = write(
        {
            "a/model/MLmodel": MODEL,
            "a/requirements.txt": "pandas\n",
            "b/model/MLmodel": MODEL,
            "b/requirements.txt": "pandas\n",
        }
    )

    project = read_project(folder, load((knowledge,)))

    assert links(project, "integratedIn") == [
        ("a/model", "a/requirements.txt", "likely"),
        ("b/model", "b/requirements.txt", "likely"),
    ]


# -- mentions -------------------------------------------------------------------------------------


def test_a_sample_is_for_the_model_that_lies_nearest(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/model/MLmodel": AGE,
            "b/model/MLmodel": AGE,
            "a/request.json": SAMPLE % ("age", "income"),
        }
    )

    project = read_project(folder, known)

    assert sampled(project) == {"a/model"}
    assert any("a/request.json is taken to speak of" in note for note in project.notes)


def test_of_models_as_near_the_one_that_takes_all_that_is_sent_is_meant(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "a/MLmodel": AGE,
            "b/MLmodel": AMOUNT,
            "request.json": SAMPLE % ("amount", "country"),
        }
    )

    assert sampled(read_project(folder, known)) == {"b"}


def test_what_is_said_of_nobody_is_passed_over(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/MLmodel": AGE,
            "b/MLmodel": AGE,
            "request.json": SAMPLE % ("age", "income"),
        }
    )

    project = read_project(folder, known)

    assert sampled(project) == set()
    told = [p.because for e in project.entries for p in e.reading.passed_over]
    assert any("which one is meant, nobody says" in because for because in told)


def test_settings_name_the_model_of_a_sample(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/MLmodel": AGE,
            "b/MLmodel": AGE,
            "request.json": SAMPLE % ("age", "income"),
            "mismatch.yaml": "elements: {request.json: b}\n",
        }
    )

    assert sampled(read_project(folder, known)) == {"b"}


def test_a_service_with_a_name_of_its_own_is_not_meant_by_another(
    write: Write, known: Vocabulary
) -> None:
    scrape = "scrape_configs: [{job_name: j, static_configs: [{targets: ['%s:9000']}]}]\n"
    compose = "services: {api: {build: .}}\n"

    named = write({"compose.yaml": compose, "prometheus.yml": scrape % "other"})
    assert ports(read_project(named, known)) == []

    named = write({"compose.yaml": compose, "prometheus.yml": scrape % "api"})
    assert ports(read_project(named, known)) == [9000]
