"""Azure Machine Learning: what a deployment runs, and what a pipeline does before its model."""

from pathlib import Path

import pytest

from kg.importers import azureml
from tests.importing import elements, lines, read_case, read_text, reasons, source, values

SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"


def test_a_deployment_is_known_by_its_endpoint_and_name() -> None:
    reading = read_case(azureml, "online-deployments", "churn/blue.yml")

    assert elements(reading) == {("OperationalEnvironment", "churn/blue", True)}
    assert (values(reading, "availableNodes"), lines(reading, "availableNodes")) == ([2], [15])
    assert values(reading, "requiredInferenceTime") == [3_000_000]
    assert values(reading, "collectedLog") != []
    assert "Standard_DS3_v2: what such a machine has is not in the file" in reasons(reading)


def test_a_model_at_a_path_is_deployed_and_its_environment_claimed() -> None:
    reading = read_case(azureml, "online-deployments", "churn/blue.yml")

    assert [(k.name, k.subject.name, k.subject.mentioned) for k in reading.links] == [
        ("deployedIn", "churn/model", False)
    ]
    assert [(claim.paths, claim.place.line) for claim in reading.claims] == [
        (("env/conda.yaml",), 10)
    ]


def test_a_model_of_a_name_is_mentioned() -> None:
    reading = read_case(azureml, "online-deployments", "churn/green.yml")

    assert [(k.subject.name, k.subject.mentioned) for k in reading.links] == [("churn-model", True)]
    assert "what azureml:churn-env:7 holds is registered elsewhere" in reasons(reading)
    assert values(reading, "availableMemory") == [2 * 2**30]


def test_steps_before_the_model_stand_in_their_order() -> None:
    reading = read_case(azureml, "scoring-pipeline", "pipeline.yml")

    order = {
        s.node.parts[-1][1]: s.value for s in reading.statements if s.attribute == "stepPosition"
    }
    assert order == {"clean": 1, "churn_prepare": 2}
    assert [(k.name, k.subject.name, k.object.name) for k in reading.links] == [
        ("preparedBy", "churn-model", "churn_scoring")
    ]


def test_a_component_tells_the_settings_of_its_step() -> None:
    reading = read_case(azureml, "scoring-pipeline", "components/prepare/prepare.yml")

    assert all(s.node.mentioned for s in reading.statements)
    assert values(reading, "stepParameter", "churn_prepare") == ["encoding=onehot", "scaler=none"]
    assert values(reading, "stepKind", "churn_prepare") == ["encode"]


def test_a_registered_model_has_a_name_and_version() -> None:
    reading = read_case(azureml, "registered", "model.yml")

    assert (values(reading, "modelName"), values(reading, "modelVersion")) == (
        ["churn-model"],
        ["4"],
    )


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("batchEndpoint", "name: a", "batchEndpoint describes neither"),
        ("model", "path: azureml://jobs/a", "the model is not in this project"),
        ("managedOnlineDeployment", "model: {path: 'azureml://a'}", "is not in this project"),
        ("environment", "conda_file: {dependencies: []}", "listed within are not read"),
        ("pipelineJob", "jobs: {train: {}}", "no step of the pipeline is given a model"),
        (
            "pipelineJob",
            "jobs: {score: {inputs: {model: {type: mlflow_model}}}}",
            "which model score takes is not said",
        ),
    ],
)
def test_what_says_nothing_is_passed_over(kind: str, text: str, said: str, tmp_path: Path) -> None:
    reading = read_text(azureml, tmp_path, "a.yml", f"{SCHEMA.format(kind)}{text}\n")

    assert said in reasons(reading)


def test_a_model_in_the_project_is_prepared_for(tmp_path: Path) -> None:
    text = "jobs: {score: {inputs: {model: {type: mlflow_model, path: ./model}}}}\n"

    reading = read_text(azureml, tmp_path, "a/p.yml", SCHEMA.format("pipelineJob") + text)

    assert [(k.subject.name, k.object.name) for k in reading.links] == [("a/model", "a/p.yml")]


def test_an_environment_may_be_built(tmp_path: Path) -> None:
    text = "build: {path: docker}\n"

    reading = read_text(azureml, tmp_path, "env.yml", SCHEMA.format("environment") + text)

    assert [claim.paths for claim in reading.claims] == [("docker/Dockerfile",)]


def test_only_its_schema_makes_a_file_one(tmp_path: Path) -> None:
    for name, text in (("a.yml", "name: a\n"), ("a.json", SCHEMA.format("model"))):
        (tmp_path / name).write_text(text)

        assert not azureml.claims(source(tmp_path, name))
