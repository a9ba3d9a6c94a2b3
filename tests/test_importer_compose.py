"""Compose files: the services, what they may use, and the Dockerfiles that speak about them."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import compose
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

CASE, FILE = "model-service", "deploy/docker-compose.yml"


def limits(folder: Path, service: str) -> dict[str, list[object]]:
    reading = read_text(compose, folder, "compose.yaml", f"services:\n  api: {service}\n")
    names = ("availableProcessors", "availableMemory", "availableGpus", "availableStorage")
    return {name: found for name in names if (found := values(reading, name))}


def test_a_service_is_an_environment_of_its_own_name() -> None:
    reading = read_case(compose, CASE, FILE)

    assert elements(reading) == {
        ("DevelopmentEnvironment", "", True),
        ("OperationalEnvironment", "api", True),
        ("OperationalEnvironment", "tf", True),
    }
    assert values(reading, "deploymentPlatform") == ["Docker Compose", "Docker Compose"]


def test_limits_are_whole_bytes_and_milliprocessors() -> None:
    reading = read_case(compose, CASE, FILE)

    assert values(reading, "availableMemory") == [2 * 2**30]
    assert lines(reading, "availableMemory") == [13]
    assert values(reading, "availableProcessors") == [1500]
    assert values(reading, "availableGpus") == [1]


def test_a_reservation_is_a_minimum_and_not_stated() -> None:
    said = reasons(read_case(compose, CASE, FILE))

    assert "15: a reservation is the least that the service gets, not the most" in said


def test_the_dockerfile_speaks_about_the_service() -> None:
    (claim,) = read_case(compose, CASE, FILE).claims

    assert (claim.paths, claim.node.name, claim.place.line) == (("docker/Dockerfile",), "api", 3)


def test_a_mounted_folder_may_be_a_model() -> None:
    (link,) = read_case(compose, CASE, FILE).links

    assert (link.name, link.subject.name, link.object.name, link.place.line) == (
        "deployedIn",
        "models/churn",
        "api",
        7,
    )


def test_an_image_with_a_default_tag_is_understood() -> None:
    reading = read_case(compose, CASE, FILE)

    assert values(reading, "availableFramework") == ["TensorFlow"]
    assert software(reading) == {}


def test_what_its_starter_decides_is_passed_over() -> None:
    said = reasons(read_case(compose, CASE, FILE))

    assert "24: ${MEMORY} is decided by the variables of whoever starts it" in said
    assert "25: a limit of 0 is no limit" in said


def test_a_database_serves_no_model() -> None:
    said = reasons(read_case(compose, CASE, FILE))

    assert "28: database runs postgres:16, which serves no model" in said


@pytest.mark.parametrize(
    ("service", "found"),
    [
        ("{mem_limit: 512m, cpus: 0.5}", {"availableMemory": 2**29, "availableProcessors": 500}),
        ("{mem_limit: 1073741824}", {"availableMemory": 2**30}),
        ("{gpus: [{count: 2}]}", {"availableGpus": 2}),
        ("{gpus: all}", {}),
        ("{gpus: [{count: 1, capabilities: [tpu]}]}", {}),
        (
            "{deploy: {resources: {reservations: {devices: [{device_ids: ['0', '3']}]}}}}",
            {"availableGpus": 2},
        ),
        (
            "{deploy: {resources: {reservations: {devices: [{count: all, capabilities: [gpu]}]}}}}",
            {},
        ),
        ("{storage_opt: {size: 10G}}", {"availableStorage": 10 * 2**30}),
        ("{cpus: '${CPUS:-2}'}", {"availableProcessors": 2000}),
        ("{deploy: 5, volumes: 3, image: [], build: 7}", {}),
    ],
)
def test_every_way_of_setting_a_limit_is_understood(
    service: str, found: dict[str, int], tmp_path: Path
) -> None:
    assert limits(tmp_path, service) == {name: [value] for name, value in found.items()}


def test_a_limit_that_is_no_amount_is_a_problem(tmp_path: Path) -> None:
    text = "services:\n  api:\n    mem_limit: plenty\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert [line for line, _ in problems(reading)] == [3]


def test_a_build_elsewhere_is_passed_over(tmp_path: Path) -> None:
    text = "services:\n  api:\n    build: https://git.example.org/x.git\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert reading.claims == ()
    assert "3: https://git.example.org/x.git is not in this project" in reasons(reading)


def test_what_changes_a_build_is_said(tmp_path: Path) -> None:
    text = "services:\n  api:\n    build: {context: ., target: run, args: {A: 1}}\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert [claim.paths for claim in reading.claims] == [("Dockerfile",)]
    assert "3: the Dockerfile is read as it is built without args and target" in reasons(reading)


def test_a_dockerfile_within_is_passed_over(tmp_path: Path) -> None:
    text = "services:\n  api:\n    build: {dockerfile_inline: FROM python}\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert "3: the Dockerfile within is not read" in reasons(reading)


def test_the_long_way_of_mounting_is_understood(tmp_path: Path) -> None:
    text = "services:\n  api:\n    volumes:\n    - {type: bind, source: ./model, target: /m}\n"

    (link,) = read_text(compose, tmp_path, "compose.yaml", text).links

    assert (link.subject.name, link.place.line) == ("model", 4)


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("compose.yaml", True),
        ("docker-compose.prod.yml", True),
        ("docker-compose.yml.j2", False),
        ("composer.yml", False),
    ],
)
def test_a_file_is_claimed_by_its_name(name: str, *, claimed: bool, tmp_path: Path) -> None:
    (tmp_path / name).touch()

    assert compose.claims(source(tmp_path, name)) is claimed


@pytest.mark.parametrize("text", ["", "- 1", "services: {", "\x00", "a: *b"])
def test_a_file_that_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(compose, tmp_path, "compose.yaml", text)


@pytest.mark.parametrize("text", ["a: 1\n", "services: 5\n", "services:\n"])
def test_a_file_without_services_is_a_problem(text: str, tmp_path: Path) -> None:
    assert len(problems(read_text(compose, tmp_path, "compose.yaml", text))) == 1


# -- what the set-up starts -----------------------------------------------------------------------


def test_services_that_may_serve_a_model_stand_apart_from_those_beside(tmp_path: Path) -> None:
    text = "services:\n  api: {build: .}\n  monitor: {image: prom/prometheus}\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert (values(reading, "startedService"), values(reading, "sideService")) == (
        ["api"],
        ["monitor"],
    )
    assert [attribute for _, attribute in reading.complete] == ["startedService"]


def test_what_another_file_starts_is_not_known(tmp_path: Path) -> None:
    text = "include: [other.yaml]\nservices:\n  monitor: {image: prom/prometheus}\n"

    assert read_text(compose, tmp_path, "compose.yaml", text).complete == ()


def test_ports_are_reached_from_outside_and_within(tmp_path: Path) -> None:
    ports = '["127.0.0.1:80:8000", "9000", {target: 1, published: 2}, "3000-3005:3000-3005"]'
    text = f"services:\n  api:\n    build: .\n    ports: {ports}\n    expose: [8001]\n"

    reading = read_text(compose, tmp_path, "compose.yaml", text)

    assert values(reading, "routedPort") == [8000, 9000, 1]
    assert values(reading, "publishedPort") == [80, 2]
    assert values(reading, "servedPort") == [8001]
    assert "3000-3005:3000-3005 is no single port" in reasons(reading)
