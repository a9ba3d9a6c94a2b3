"""CI configurations: Python as a version or a range of them, what is installed, what deploys."""

from pathlib import Path

import pytest

from kg.importers import workflows
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

TEST = ".github/workflows/test.yml"


def test_jobs_of_several_versions_span_a_range() -> None:
    reading = read_case(workflows, "github-matrix", TEST)

    assert software(reading)["python"] == [">=3.9,<3.12"]
    assert lines(reading, "versionRange")[0] == 10


def test_one_version_stands_for_all_its_releases() -> None:
    reading = read_case(workflows, "github-matrix", ".github/workflows/deploy.yml")

    assert software(reading) == {"python": ["==3.10.*"]}


def test_what_jobs_install_has_its_line_and_files_are_claimed() -> None:
    reading = read_case(workflows, "github-matrix", TEST)

    assert [(claim.paths, claim.place.line) for claim in reading.claims] == [
        (("requirements.txt",), 18)
    ]
    found = {s.value: s.place.line for s in reading.statements if s.attribute == "versionRange"}
    assert found["==1.4.2"] == 19
    assert "mlflow==$MLFLOW is filled in when the job runs" in reasons(reading)


def test_what_deploys_is_told_of_the_environment_that_others_describe() -> None:
    reading = read_case(workflows, "github-matrix", ".github/workflows/deploy.yml")

    deploying = [s for s in reading.statements if s.attribute == "deploymentMechanism"]
    assert [(s.node.mentioned, s.value, s.place.line) for s in deploying] == [
        (True, "azure/k8s-deploy in the job deploy", 11),
        (True, "helm upgrade in the job deploy", 12),
    ]


def test_images_of_gitlab_tell_python_and_frameworks() -> None:
    reading = read_case(workflows, "gitlab-images", ".gitlab-ci.yml")

    assert software(reading) == {"python": ["==3.11.*"], "tensorflow": ["==2.15.0"], "poetry": []}
    assert [claim.paths[0] for claim in reading.claims] == ["poetry.lock", "pyproject.toml"]


def test_legs_of_azure_give_the_versions() -> None:
    reading = read_case(workflows, "azure-pipelines", "azure-pipelines.yml")

    assert software(reading) == {"python": [">=3.8,<3.13"]}
    assert [claim.paths for claim in reading.claims] == [("service/requirements/dev.txt",)]
    assert elements(reading) == {("DevelopmentEnvironment", "", False)}


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("'3.x'", ["==3.*"]),
        ("'>=3.9 <3.12'", [">=3.9,<3.12"]),
        ("pypy-3.9", []),
        ("['3', '3.9']", [">=3"]),
        ("\n            3.9\n            3.10", []),
        ("|\n            3.9\n            3.10", [">=3.9,<3.11"]),
        ("${{ inputs.python }}", []),
    ],
)
def test_ways_of_writing_a_version(version: str, found: list[str], tmp_path: Path) -> None:
    text = (
        "jobs:\n  a:\n    runs-on: self-hosted\n    steps:\n"
        "      - uses: actions/setup-python@v5\n        with:\n"
        f"          python-version: {version}\n"
    )

    reading = read_text(workflows, tmp_path, TEST, text)

    assert software(reading).get("python", []) == found
    assert "which system self-hosted has is not known" in reasons(reading)


def test_several_systems_are_none(tmp_path: Path) -> None:
    text = (
        "jobs:\n  a:\n    runs-on: ${{ matrix.os }}\n"
        "    strategy: {matrix: {os: [ubuntu-latest, windows-latest]}}\n"
    )

    reading = read_text(workflows, tmp_path, TEST, text)

    assert values(reading, "availableOperatingSystem") == []
    assert "windows is one of several systems" in reasons(reading)


def test_packages_of_conda_and_files_named_by_actions(tmp_path: Path) -> None:
    text = (
        "jobs:\n  a:\n    steps:\n      - uses: conda-incubator/setup-miniconda@v3\n"
        "        with: {environment-file: env/ci.yml}\n"
        "      - run: conda install numpy=1.26\n      - run: apt-get install python3.11\n"
        "    container: {image: ghcr.io/example/a:1}\n"
    )

    reading = read_text(workflows, tmp_path, TEST, text)

    assert software(reading) == {"numpy": ["==1.26.*"], "python": ["==3.11.*"]}
    assert [claim.paths for claim in reading.claims] == [("env/ci.yml",)]


def test_a_list_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="not a mapping of jobs"):
        read_text(workflows, tmp_path, TEST, "- a\n")


def test_the_end_of_an_endless_file_is_passed_over(tmp_path: Path) -> None:
    text = "jobs:\n" + "".join(f"  j{n}: {{}}\n" for n in range(21_000))

    reading = read_text(workflows, tmp_path, TEST, text)

    assert "longer than is looked at" in reasons(reading)
    assert problems(reading) == []


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        (".github/workflows/ci.yaml", True),
        ("services/a/.gitlab-ci.yml", True),
        ("azure-pipelines.yml", True),
        (".azure-pipelines/build.yml", True),
        (".github/dependabot.yml", False),
        ("pipeline.yml", False),
    ],
)
def test_which_files_are_configurations(path: str, claimed: bool, tmp_path: Path) -> None:  # noqa: FBT001 (the expectation)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("a: b\n")

    assert workflows.claims(source(tmp_path, path)) is claimed
