"""Dockerfiles: what ends up in the last stage, and which files speak about it."""

import time
from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import dockerfile
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

RENAMED = "renamed-requirements"
STAGES = "docker/serve/Dockerfile"


def read_lines(folder: Path, *written: str) -> dict[str, list[str]]:
    return software(read_text(dockerfile, folder, "Dockerfile", "\n".join(written)))


def test_the_image_tells_language_and_version_with_defaults_filled_in() -> None:
    reading = read_case(dockerfile, RENAMED, "Dockerfile")

    assert elements(reading) == {("OperationalEnvironment", "Dockerfile", False)}
    assert software(reading)["python"] == ["==3.11.*"]
    assert values(reading, "availableLanguage") == ["Python"]
    assert lines(reading, "versionRange")[0] == 3


def test_packages_that_a_command_names_stand_on_their_own_lines() -> None:
    reading = read_case(dockerfile, RENAMED, "Dockerfile")

    assert software(reading) == {
        "python": ["==3.11.*"],
        "fastapi": ["==0.110.0"],
        "uvicorn": [">=0.29"],
        "gunicorn": [],
    }
    assert lines(reading, "versionRange") == [3, 9, 11]


def test_a_version_that_the_shell_takes_away_is_a_problem() -> None:
    reading = read_case(dockerfile, RENAMED, "Dockerfile")

    assert problems(reading) == [
        (12, "The shell takes >=21 as a redirection: quote 'gunicorn>=21'")
    ]


def test_a_requirements_file_is_found_under_the_name_it_was_copied_from() -> None:
    (claim,) = read_case(dockerfile, RENAMED, "Dockerfile").claims

    assert claim.paths[0] == "requirements_docker.txt"
    assert claim.place.line == 8
    assert claim.node.name == "Dockerfile"


def test_a_copied_folder_may_be_a_model() -> None:
    links = read_case(dockerfile, RENAMED, "Dockerfile").links

    assert [(link.name, link.subject.name, link.place.line) for link in links] == [
        ("deployedIn", "requirements_docker.txt", 6),
        ("deployedIn", "models/churn", 13),
        ("deployedIn", "src", 14),
    ]


def test_what_is_not_stated_is_said() -> None:
    said = reasons(read_case(dockerfile, RENAMED, "Dockerfile"))

    assert "7: what this installs, if anything, is not known: apt-get update" in said


def test_packages_are_carried_out_of_the_stage_that_installed_them() -> None:
    reading = read_case(dockerfile, "two-stages", STAGES)

    assert software(reading) == {
        "python": ["==3.10.*"],
        "prometheus-client": ["==0.20.0"],
        "numpy": ["==1.26.4"],
    }
    assert lines(reading, "versionRange") == [18, 9, 22]


def test_a_stage_that_does_not_run_is_passed_over() -> None:
    reading = read_case(dockerfile, "two-stages", STAGES)

    assert "pytest" not in software(reading)
    assert "12: the stage from node:20.11.1-slim only builds" in reasons(reading)


def test_files_are_looked_for_in_every_folder_that_may_be_the_builds() -> None:
    reading = read_case(dockerfile, "two-stages", STAGES)

    assert reading.claims[0].paths == (
        "docker/serve/requirements.txt",
        "docker/requirements.txt",
        "requirements.txt",
    )
    assert {link.subject.name for link in reading.links} == {
        "docker/serve/model",
        "docker/model",
        "model",
    }


def test_conda_poetry_and_the_systems_python_are_understood() -> None:
    reading = read_case(dockerfile, "conda-and-cuda", "Dockerfile.gpu")

    assert software(reading) == {"python": ["==3.10.*"], "torch": ["==2.2.*"], "numpy": []}
    assert [claim.paths[0] for claim in reading.claims] == [
        "environment.yml",
        "poetry.lock",
        "pyproject.toml",
    ]


def test_a_cuda_image_is_made_for_graphics_processors() -> None:
    reading = read_case(dockerfile, "conda-and-cuda", "Dockerfile.gpu")

    assert values(reading, "imageAccelerator") == ["cuda"]
    assert lines(reading, "imageAccelerator") == [1]


def test_a_container_of_developers_only_needs_them(tmp_path: Path) -> None:
    text = "FROM nvidia/cuda:12.1.1-runtime-ubuntu22.04\n"

    reading = read_text(dockerfile, tmp_path, ".devcontainer/Dockerfile", text)

    assert values(reading, "imageAccelerator") == []
    assert "needs a graphics processor, which is the host's to give" in reasons(reading)


def test_exposed_ports_are_stated_with_their_line(tmp_path: Path) -> None:
    text = "ARG P=8000\nFROM scratch\nARG P\nEXPOSE $P 9000/tcp\nEXPOSE 53/udp $Q\n"

    reading = read_text(dockerfile, tmp_path, "Dockerfile", text)

    assert values(reading, "exposedPort") == [8000, 9000]
    assert lines(reading, "exposedPort") == [4, 4]
    assert "5: which ports 53/udp means is not one number of TCP" in reasons(reading)


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("python:3.12.0-slim", {"python": ["==3.12.0"]}),
        ("python:latest", {"python": []}),
        ("public.ecr.aws/lambda/python:3.9", {"python": ["==3.9.*"]}),
        ("tensorflow/tensorflow:2.6.0-gpu", {"tensorflow": ["==2.6.0"]}),
        ("pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime", {"torch": ["==1.13.1"]}),
        ("nvcr.io/nvidia/pytorch:23.05-py3", {"python": ["==3.*"]}),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.9", {"python": ["==3.9.*"]}),
        (
            "mcr.microsoft.com/azureml/mlflow-ubuntu18.04-py37-cpu-inference:20220110.v1",
            {"python": ["==3.7.*"]},
        ),
        ("localhost:5000/team/python@sha256:00", {"python": []}),
        ("registry.example.org/happy:3", {}),
        ("scratch", {}),
    ],
)
def test_an_images_name_tells_what_it_tells(
    image: str, found: dict[str, list[str]], tmp_path: Path
) -> None:
    assert read_lines(tmp_path, f"FROM --platform=linux/amd64 {image} AS run") == found


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("pip3 install -U numpy==1.26.4", {"numpy": ["==1.26.4"]}),
        ("python -m pip --no-cache-dir install numpy", {"numpy": []}),
        ("cd /x && sudo pip install -i https://x/index 'numpy<2'", {"numpy": ["<2"]}),
        ("uv pip install --system numpy==1.26.4", {"numpy": ["==1.26.4"]}),
        ("PIP_NO_CACHE_DIR=1 pip install numpy # comment", {"numpy": []}),
        ("pip install --target=/x -t /y numpy; pip uninstall -y pandas", {"numpy": []}),
        ("mamba install -n base -c conda-forge numpy=1.26", {"numpy": ["==1.26.*"]}),
        ("apt-get install -y python3.9 curl", {"python": ["==3.9.*"]}),
        ("pip install numpy==$VERSION", {"numpy": []}),
        ("pip install /wheels/*", {}),
        ("echo pip install numpy", {}),
        ("[ -f x ] || pip install numpy", {"numpy": []}),
        ("pip install numpy${EXTRA:+==1.26.4}", {"numpy": []}),
        ("python3 <<EOF\npip install numpy\nEOF", {}),
        ("FOO=1", {}),
        ("conda clean --all", {}),
        ("conda env create python=3.8", {}),
    ],
)
def test_a_command_installs_what_it_names(
    command: str, found: dict[str, list[str]], tmp_path: Path
) -> None:
    assert read_lines(tmp_path, "FROM debian", f"RUN {command}") == found


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("pip install -rrequirements.txt", ["requirements.txt"]),
        ("pip install --requirement=deps/a.txt -c limits.txt", ["deps/a.txt", "limits.txt"]),
        ("pip install -e .[serve]", ["pyproject.toml"]),
        ("pip install ./service", ["service/pyproject.toml"]),
        ("uv sync --frozen", ["uv.lock", "pyproject.toml"]),
        ("pipenv install --system --deploy", ["Pipfile.lock", "Pipfile"]),
        ("conda env update -n base --file env.yml", ["env.yml"]),
        ("micromamba install -y -f env.yml", ["env.yml"]),
        ("pip-sync", ["requirements.txt"]),
        ("conda env create", ["environment.yml"]),
    ],
)
def test_a_command_names_the_files_that_say_what_is_installed(
    command: str, files: list[str], tmp_path: Path
) -> None:
    reading = read_text(dockerfile, tmp_path, "Dockerfile", f"FROM debian\nRUN {command}\n")

    assert [claim.paths[0] for claim in reading.claims] == files


def test_a_virtual_environment_of_uv_is_carried_with_its_folder(tmp_path: Path) -> None:
    text = (
        "FROM python:3.11 AS build\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync\n"
        "FROM python:3.11-slim\nCOPY --from=build /app /app\n"
    )

    reading = read_text(dockerfile, tmp_path, "Dockerfile", text)

    assert [claim.paths[0] for claim in reading.claims] == ["uv.lock", "pyproject.toml"]


def test_the_old_way_of_setting_a_variable_is_followed(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "FROM debian", "ENV NUMPY 1.26.4", "RUN pip install numpy==$NUMPY")

    assert found == {"numpy": ["==1.26.4"]}


def test_a_copied_model_file_stands_for_its_folder(tmp_path: Path) -> None:
    text = 'FROM python:3.11\nCOPY ["models/churn/model.pkl", "models/churn/MLmodel", "/srv/"]\n'

    reading = read_text(dockerfile, tmp_path, "Dockerfile", text)

    assert {link.subject.name for link in reading.links} == {"models/churn"}


def test_what_comes_from_another_image_is_passed_over(tmp_path: Path) -> None:
    text = "FROM python:3.11\nCOPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/uv\n"

    reading = read_text(dockerfile, tmp_path, "Dockerfile", text)

    assert "2: what the image ghcr.io/astral-sh/uv:0.5 holds is not known" in reasons(reading)


def test_what_is_no_image_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(dockerfile, tmp_path, "Dockerfile", "FROM :::\n")

    assert problems(reading) == [(1, '":::" is not the name of an image')]


@pytest.mark.parametrize("text", ["FROM a\n" * 201, "FROM a\n" + "USER b\n" * 2000])
def test_a_file_that_nobody_would_write_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid, match="more than"):
        read_text(dockerfile, tmp_path, "Dockerfile", text)


def test_a_stage_has_what_the_stage_below_it_did(tmp_path: Path) -> None:
    found = read_lines(
        tmp_path,
        "FROM python:3.11 AS base",
        "RUN pip install numpy==1.26.4",
        "FROM base",
        "RUN pip install pandas",
    )

    assert found == {"python": ["==3.11.*"], "numpy": ["==1.26.4"], "pandas": []}


def test_another_escape_character_and_comments_within_are_followed(tmp_path: Path) -> None:
    found = read_lines(
        tmp_path, "# escape=`", "FROM python:3.11", "RUN pip install `", "  # why", "  numpy"
    )

    assert found == {"python": ["==3.11.*"], "numpy": []}


def test_a_development_container_is_no_operational_environment(tmp_path: Path) -> None:
    reading = read_text(dockerfile, tmp_path, ".devcontainer/Dockerfile", "FROM python:3.11\n")

    assert elements(reading) == {("DevelopmentEnvironment", ".devcontainer/Dockerfile", False)}


def test_an_image_that_is_chosen_when_built_is_passed_over(tmp_path: Path) -> None:
    reading = read_text(dockerfile, tmp_path, "Dockerfile", "ARG BASE\nFROM $BASE\n")

    assert reading.statements == ()
    assert "2: which image $BASE means is decided when it is built" in reasons(reading)


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("Dockerfile", True),
        ("Dockerfile.gpu", True),
        ("api.dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("mydockerfile", False),
    ],
)
def test_a_file_is_claimed_by_its_name(name: str, *, claimed: bool, tmp_path: Path) -> None:
    (tmp_path / name).touch()

    assert dockerfile.claims(source(tmp_path, name)) is claimed


@pytest.mark.parametrize("text", ["", "# nothing", "RUN pip install numpy", "\x00\x01", "ARG A=1"])
def test_a_file_that_builds_no_image_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(dockerfile, tmp_path, "Dockerfile", text)


def test_what_is_no_instruction_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(dockerfile, tmp_path, "Dockerfile", "FROM python:3.11\nINSTALL numpy\n")

    assert problems(reading) == [(2, "INSTALL is no instruction of a Dockerfile")]


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nARG A=xx\n" + "ARG A=$A$A\n" * 500,
        "FROM a\n" + "COPY a b\n" * 900 + "RUN pip install -r b/x\n" * 900,
        "FROM a\nRUN " + "pip install a>=1;" * 5000,
        "FROM a\nRUN " + "'\"" * 40_000,
        "FROM a AS a\n" + "FROM a AS a\nCOPY a b\n" * 150,
    ],
    ids=["doubling", "copies", "redirections", "quotes", "stages"],
)
def test_a_hostile_file_is_read_in_time(text: str, tmp_path: Path) -> None:
    begun = time.monotonic()

    read_text(dockerfile, tmp_path, "Dockerfile", text)

    assert time.monotonic() - begun < 5
