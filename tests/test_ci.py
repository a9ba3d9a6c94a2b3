"""What runs the check on code hosts is valid there, and its commands do what they should."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for
from junitparser import JUnitXml

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "example"
ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GITLAB = ROOT / "docs" / "ci" / "gitlab.yml"
# What https://pre-commit.com/#creating-new-hooks lists.
HOOK = (
    {"id", "name", "entry", "language"},
    {
        *("files", "exclude", "types", "types_or", "exclude_types", "always_run", "fail_fast"),
        *("verbose", "pass_filenames", "require_serial", "description", "language_version"),
        *("minimum_pre_commit_version", "args", "stages", "additional_dependencies", "log_file"),
    },
)


def read(path: Path) -> Any:  # noqa: ANN401 - whatever stands in it
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def bash(script: str, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a script as code hosts do: the first failure ends it."""
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": programs, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that holds the example."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "loan approval"))


# -- what hosts accept ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (ACTION, "github-actions"),
        (ROOT / "docs/ci/github.yml", "github-workflows"),
        (GITLAB, "gitlab-ci"),
    ],
)
def test_a_file_is_valid_for_its_host(path: Path, schema: str) -> None:
    vendored = files("check_jsonschema.builtin_schemas.vendor") / f"{schema}.json"
    known = json.loads(vendored.read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true, and hosts do not.
    found = {"on" if key is True else key: value for key, value in read(path).items()}

    validator_for(known)(known).validate(found)


def test_the_hook_is_one_that_pre_commit_knows() -> None:
    needed, allowed = HOOK
    (hook,) = read(HOOKS)

    assert needed <= hook.keys() <= needed | allowed
    (repository,) = read(ROOT / "docs/ci/pre-commit.yaml")["repos"]
    assert [one["id"] for one in repository["hooks"]] == [hook["id"]]


def test_the_page_lists_every_input_of_the_action() -> None:
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")

    assert [name for name in read(ACTION)["inputs"] if f"| `{name}` |" not in page] == []


def test_inputs_reach_commands_as_variables_only() -> None:
    """Written into a script, an input would be run."""
    assert [step for step in read(ACTION)["runs"]["steps"] if "${{" in step.get("run", "")] == []


# -- what their commands do ----------------------------------------------------------------------


def test_the_hook_fails_where_there_is_a_mismatch(repository: Path) -> None:
    (hook,) = read(HOOKS)
    done = bash(" ".join([hook["entry"], *hook["args"]]), repository, {})

    assert done.returncode == 1
    assert "resources-exceed-operations" in done.stdout


def test_the_action_reports_and_then_fails(repository: Path) -> None:
    temporary = repository.parent
    inputs = {name: one["default"] for name, one in read(ACTION)["inputs"].items()}
    steps = {step.get("name"): step for step in read(ACTION)["runs"]["steps"]}
    env = {
        "PATHS": inputs["paths"],
        "EACH": inputs["each"],
        "MISMATCH_FAIL_ON": inputs["fail-on"],
        "MISMATCH_ROLE": inputs["role"],
        "RUNNER_TEMP": str(temporary),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
        "GITHUB_OUTPUT": str(temporary / "output"),
    }
    reported = bash(steps["Report"]["run"], repository, env)
    checked = bash(steps["Check"]["run"], repository, env)

    assert (reported.returncode, checked.returncode) == (0, 1), reported.stderr
    output = dict(line.split("=") for line in (temporary / "output").read_text().splitlines())
    (run,) = json.loads(Path(output["sarif"]).read_text())["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert {(repository / place["artifactLocation"]["uri"]).is_file() for place in places} == {True}
    assert JUnitXml.fromfile(output["junit"]).failures == len(run["results"])
    assert (temporary / "summary").read_text().startswith("# Mismatch report")


def test_the_action_takes_several_paths_with_spaces(repository: Path) -> None:
    env = {
        "PATHS": f"{repository}\n{ROOT / 'tests/cases/importers/mlflow'}\n",
        "EACH": "false",
        "RUNNER_TEMP": str(repository.parent),
        "GITHUB_STEP_SUMMARY": str(repository.parent / "summary"),
        "GITHUB_OUTPUT": str(repository.parent / "output"),
    }
    (step,) = (step for step in read(ACTION)["runs"]["steps"] if step.get("name") == "Report")
    done = bash(step["run"], repository.parent, env)

    assert done.returncode == 0, done.stderr
    suites = JUnitXml.fromfile(str(repository.parent / "mismatch.junit"))
    assert [suite.name for suite in suites] == ["loan-approval", "mlflow"]


def test_the_job_for_gitlab_reports_and_then_fails(repository: Path) -> None:
    job = read(GITLAB)["mismatch"]
    # The environment is there, instead of being made and filled from a registry.
    (repository / ".mismatch").symlink_to(Path(sys.executable).parents[1])
    made, installed, *commands = job["script"]
    done = bash("\n".join(commands), repository, job["variables"])

    assert "-m venv .mismatch" in made
    assert "$MISMATCH_PACKAGE" in installed
    assert done.returncode == 1, done.stderr
    wanted = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert [name for name in wanted if not (repository / name).is_file()] == []
