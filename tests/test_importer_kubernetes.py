"""Kubernetes manifests: the limits of containers, and nothing where there is no limit."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import kubernetes
from tests.importing import (
    elements,
    lines,
    problems,
    read_case,
    read_text,
    reasons,
    software,
    source,
    values,
)

SERVICE = "deployment-and-service"
MANIFEST = "deploy/manifest.yaml"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: api}}\nspec: {{containers: [{}]}}\n"


def test_a_workload_is_an_environment_of_its_own_name() -> None:
    reading = read_case(kubernetes, SERVICE, MANIFEST)

    assert elements(reading) == {("OperationalEnvironment", "churn-api", True)}
    assert values(reading, "deploymentPlatform") == ["Kubernetes"]


def test_limits_are_whole_bytes_and_milliprocessors_with_their_lines() -> None:
    reading = read_case(kubernetes, SERVICE, MANIFEST)

    found = {
        name: (values(reading, name), lines(reading, name))
        for name in (
            "availableProcessors",
            "availableMemory",
            "availableGpus",
            "availableStorage",
        )
    }
    assert found == {
        "availableProcessors": ([500], [24]),
        "availableMemory": ([8 * 2**30], [25]),
        "availableGpus": ([1], [26]),
        "availableStorage": ([10 * 10**9], [27]),
    }


def test_the_image_of_a_container_tells_its_software() -> None:
    reading = read_case(kubernetes, SERVICE, MANIFEST)

    assert software(reading) == {"python": ["==3.11.6"]}


def test_what_is_no_workload_or_no_limit_is_said() -> None:
    said = reasons(read_case(kubernetes, SERVICE, MANIFEST))

    assert "9: what runs only before the others does not serve" in said
    assert "28: a limit of hugepages-2Mi is not compared" in said
    assert "30: a request is the least that the container gets, and the limit is stated" in said
    assert "31: envoyproxy/envoy:v1.29 serves no model" in said


def test_each_of_several_containers_has_a_name_of_its_own() -> None:
    reading = read_case(kubernetes, "several-containers", "job.json")

    assert elements(reading) == {
        ("OperationalEnvironment", "score/features", True),
        ("OperationalEnvironment", "score/model", True),
    }
    assert software(reading) == {"tensorflow": ["==2.15.0"]}


def test_a_thousandth_of_a_byte_is_taken_at_its_word() -> None:
    """`512m` of memory is half a byte to Kubernetes: a well-known slip."""
    reading = read_case(kubernetes, "several-containers", "job.json")

    assert values(reading, "availableMemory") == [1]


def test_a_request_alone_is_no_limit() -> None:
    reading = read_case(kubernetes, "several-containers", "job.json")

    assert values(reading, "availableProcessors") == []
    said = reasons(reading)
    assert "a request is the least that the container gets" in said
    assert "a limit of 0 is no limit" in said


def test_a_chart_that_is_not_rendered_is_refused_with_its_line() -> None:
    with pytest.raises(DescriptorInvalid, match="template") as caught:
        read_case(kubernetes, "chart-template", "templates/deployment.yaml")

    assert caught.value.line == 4


def test_a_value_that_is_filled_in_later_is_passed_over() -> None:
    reading = read_case(kubernetes, "quoted-template", "pod.yaml")

    assert elements(reading) == {("OperationalEnvironment", "pod.yaml", False)}
    assert values(reading, "availableProcessors") == [2000]
    assert "the limit of memory is filled in later" in reasons(reading)


@pytest.mark.parametrize(
    "kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "DeploymentConfig"]
)
def test_every_kind_of_workload_is_read(kind: str, tmp_path: Path) -> None:
    container = "{name: api, resources: {limits: {memory: 1Gi}}}"
    text = (
        f"apiVersion: x/v1\nkind: {kind}\nmetadata: {{name: api}}\n"
        f"spec: {{template: {{spec: {{containers: [{container}]}}}}}}\n"
    )

    reading = read_text(kubernetes, tmp_path, "a.yaml", text)

    assert values(reading, "availableMemory") == [2**30]


def test_no_graphics_processor_is_a_statement(tmp_path: Path) -> None:
    text = POD.format("{name: api, resources: {limits: {nvidia.com/gpu: 0}}}")

    reading = read_text(kubernetes, tmp_path, "a.yaml", text)

    assert values(reading, "availableGpus") == [0]


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("a.yaml", "# x\napiVersion: v1\nkind: Pod\n", True),
        ("a.json", '{"kind": "Pod", "apiVersion": "v1"}', True),
        ("a.yml", "- apiVersion: v1\n  kind: Pod\n", True),
        ("a.txt", "apiVersion: v1\nkind: Pod\n", False),
        ("Chart.yaml", "apiVersion: v2\nname: x\n", False),
        ("a.yaml", "my_apiVersion: v1\nkind: Pod\n", False),
    ],
)
def test_a_file_is_claimed_by_its_first_keys(
    name: str, text: str, *, claimed: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)

    assert kubernetes.claims(source(tmp_path, name)) is claimed


@pytest.mark.parametrize("limit", ["plenty", "8GB", "-1", "[]"])
def test_a_limit_that_is_no_amount_spoils_only_itself(limit: str, tmp_path: Path) -> None:
    text = POD.format(f"{{name: api, resources: {{limits: {{memory: {limit}, cpu: 1}}}}}}")

    reading = read_text(kubernetes, tmp_path, "a.yaml", text)

    assert values(reading, "availableMemory") == []
    assert values(reading, "availableProcessors") == [1000]


def test_how_a_container_is_run_is_passed_over(tmp_path: Path) -> None:
    text = POD.format("{name: api, command: [serve], env: []}")

    reading = read_text(kubernetes, tmp_path, "a.yaml", text)

    assert "command, env say how the container is run, not what it has" in reasons(reading)


def test_what_is_no_mapping_states_nothing(tmp_path: Path) -> None:
    assert read_text(kubernetes, tmp_path, "a.yaml", "- 1\n---\n5\n").statements == ()


def test_a_workload_without_containers_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(kubernetes, tmp_path, "a.yaml", POD.format(""))

    assert problems(reading) == [(2, "The Pod has no containers")]


@pytest.mark.parametrize("text", ["apiVersion: v1\nkind: {", "\x00", "a: [", "kind: *x"])
def test_what_is_no_yaml_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(kubernetes, tmp_path, "a.yaml", text)


# -- ports ----------------------------------------------------------------------------------------

PORTS = "ports-and-monitors"


def test_where_a_container_listens_and_is_reached() -> None:
    reading = read_case(kubernetes, PORTS, "deploy/all.yaml")

    found = {
        name: (values(reading, name), lines(reading, name))
        for name in ("servedPort", "routedPort", "publishedPort", "probedPort", "scrapedPort")
    }
    assert found == {
        "servedPort": ([8000], [35]),
        "routedPort": ([8080], [10]),
        "publishedPort": ([80], [9]),
        "probedPort": ([8000], [37]),
        "scrapedPort": ([9000], [28]),
    }
    assert "which port http is, is said elsewhere" in reasons(reading)


def test_a_monitor_speaks_of_a_service_that_another_file_describes() -> None:
    reading = read_case(kubernetes, PORTS, "deploy/monitor.yaml")

    assert [(s.node.name, s.node.mentioned, s.value) for s in reading.statements] == [
        ("churn-api", True, 8000),
        ("other", True, 9100),
    ]


def test_limits_without_graphics_processors_set_none_aside() -> None:
    reading = read_case(kubernetes, PORTS, "deploy/all.yaml")

    assert [attribute for _, attribute in reading.complete] == ["availableGpus"]


def test_a_port_that_may_be_a_proxys_is_not_stated(tmp_path: Path) -> None:
    text = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: api}\n"
        "spec: {selector: {app: api}, ports: [{port: 80}]}\n---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api}}\n"
        "spec: {containers: [{name: api, image: x, ports: [{containerPort: 8000}]},"
        " {name: p, image: nginx}]}\n"
    )

    reading = read_text(kubernetes, tmp_path, "pod.yaml", text)

    assert (values(reading, "routedPort"), values(reading, "servedPort")) == ([], [8000])


# -- KServe ---------------------------------------------------------------------------------------

KSERVE = "kserve-models"


def test_a_service_of_kserve_loads_a_model() -> None:
    reading = read_case(kubernetes, KSERVE, "serving/service.yaml")

    assert values(reading, "modelCode") == ["gs://models/churn/7", "gs://models/images"]
    assert software(reading) == {"scikit-learn": ["==1.*"], "tensorflow": ["==2.14.0"]}
    assert [(link.name, link.subject.name, link.object.name) for link in reading.links] == [
        ("deployedIn", "churn", "churn"),
        ("deployedIn", "images", "images"),
    ]


def test_how_calls_of_kserve_are_let_in_and_recorded() -> None:
    reading = read_case(kubernetes, KSERVE, "serving/service.yaml")

    assert values(reading, "requiredInferenceTime") == [30_000_000]
    assert values(reading, "admittedRequests") == [4]
    assert values(reading, "captureRule", "calls") == ["all-calls"]
    said = reasons(reading)
    assert "0.13.0 is the version of the server, not of sklearn" in said
    assert "the transformer runs beside the model" in said
    assert "the graph says in which order services call each other" in said


def test_a_model_beside_others_says_what_it_needs() -> None:
    reading = read_case(kubernetes, KSERVE, "serving/models.yaml")

    assert values(reading, "requiredMemory") == [256 * 2**20]
    assert [(link.object.name, link.object.mentioned) for link in reading.links] == [
        ("churn", True)
    ]


@pytest.mark.parametrize(
    ("predictor", "said"),
    [
        ("{sklearn: {protocolVersion: v9}}", "the protocol v9 is not known"),
        ("{timeout: 0, sklearn: {}}", "timeout: nothing is limited"),
    ],
)
def test_what_is_not_known_of_kserve_is_said(predictor: str, said: str, tmp_path: Path) -> None:
    text = (
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n"
        f"metadata: {{name: churn}}\nspec: {{predictor: {predictor}}}\n"
    )

    assert said in reasons(read_text(kubernetes, tmp_path, "service.yaml", text))
