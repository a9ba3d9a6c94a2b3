"""Walking a project, which element a statement belongs to, how elements are linked, what
mismatch.yaml decides.
"""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from kg.errors import NotFound
from kg.projects import Project, read_project, sub_projects
from kg.projects.identity import elements
from kg.projects.settings import matches
from kg.vocabulary import Vocabulary, load
from tests.conftest import Check, Write

MODEL = "flavors: {python_function: {python_version: 3.11.9}, sklearn: {sklearn_version: 1.4.2}}\n"
TABLE = "age,income\n" + "".join(f"{n},{n * 100}\n" for n in range(30))


def described(kind: str, *lines: str) -> str:
    return "\n".join([f"element: {kind}", *lines, ""])


def names(project: Project, kind: str) -> list[str]:
    return sorted(node.name for node in elements(project.entries) if node.kind == kind)


def links(project: Project) -> set[tuple[str, str, str]]:
    return {(one.name, one.subject.name, one.object.name) for _, one in project.links}


def messages(project: Project) -> str:
    return "\n".join(f"{p.file}:{p.line} {p.message}" for p in project.problems)


# -- which files are read -------------------------------------------------------------------------


def test_environments_caches_and_version_control_are_not_entered(
    write: Write, known: Vocabulary
) -> None:
    skipped = (".git", "node_modules", "__pycache__", "site-packages", "env")
    files = {f"{folder}/requirements.txt": "numpy==1.0\n" for folder in skipped}
    folder = write({**files, "env/pyvenv.cfg": "", "requirements.txt": "numpy==1.26.4\n"})
    assert [str(e.path) for e in read_project(folder, known).entries] == ["requirements.txt"]


def test_what_no_importer_claims_is_counted(write: Write, known: Vocabulary) -> None:
    folder = write({"train.py": "print()", "notes.txt": "…", "requirements.txt": "numpy\n"})
    assert read_project(folder, known).passed_over == 2


def test_of_ignored_files_only_those_known_by_name_are_read(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            ".gitignore": "data/\nsecret.yaml\n",
            "data/train.csv": TABLE,
            "secret.yaml": described("TrainedModel", "model_name: x"),
            "open.yaml": described("TrainedModel", "model_name: y"),
        }
    )
    subprocess.run(["git", "init", "-q", folder], check=True)
    read = {str(entry.path) for entry in read_project(folder, known).entries}
    assert read == {"data/train.csv", "open.yaml"}


def test_a_hook_of_a_foreign_repository_does_not_run(write: Write, known: Vocabulary) -> None:
    folder = write({"requirements.txt": "numpy\n"})
    subprocess.run(["git", "init", "-q", folder], check=True)
    ran = folder.parent / "ran"
    monitor = folder / "monitor.sh"
    monitor.write_text(f"#!/bin/sh\ntouch {ran}\n")
    monitor.chmod(0o755)
    subprocess.run(["git", "-C", folder, "config", "core.fsmonitor", str(monitor)], check=True)
    read_project(folder, known)
    assert not ran.exists()


def test_a_link_out_of_the_project_is_not_followed(write: Write, known: Vocabulary) -> None:
    folder = write({"requirements.txt": "numpy\n"})
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "requirements.txt").write_text("pandas\n")
    outside = folder.parent / "outside"
    (folder / "inside").symlink_to(outside)
    (folder / "requirements-dev.txt").symlink_to(outside / "requirements.txt")
    assert [str(e.path) for e in read_project(folder, known).entries] == ["requirements.txt"]


def test_settings_name_more_and_fewer_files(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "mismatch.yaml": "exclude: [old]\ninclude: [node_modules/kept]\n",
            "old/requirements.txt": "numpy\n",
            "node_modules/kept/requirements.txt": "pandas\n",
        }
    )
    read = [str(e.path) for e in read_project(folder, known).entries]
    assert read == ["node_modules/kept/requirements.txt"]


def test_a_role_of_ignore_passes_a_file_over(write: Write, known: Vocabulary) -> None:
    folder = write(
        {"mismatch.yaml": "roles: {requirements.txt: ignore}\n", "requirements.txt": "a\n"}
    )
    project = read_project(folder, known)
    assert (project.entries, project.passed_over) == ((), 1)


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("data/live/a.csv", "data/live", True),
        ("data/live/a.csv", "data/*/a.csv", True),
        ("data/live/a.csv", "*.csv", True),
        ("data/live/a.csv", "live", False),
        ("data/lively/a.csv", "data/live", False),
    ],
)
def test_a_glob_names_a_file_or_the_folder_above_it(
    path: str,
    glob: str,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert matches(PurePosixPath(path), glob) is expected


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, known: Vocabulary) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_project(tmp_path / "nowhere", known)
    with pytest.raises(NotFound, match="nowhere"):
        sub_projects(tmp_path / "nowhere")


def test_each_folder_below_is_a_project_but_hidden_ones(tmp_path: Path) -> None:
    for name in ("b", "a", ".git"):
        (tmp_path / name).mkdir()
    assert [folder.name for folder in sub_projects(tmp_path)] == ["a", "b"]


# -- which element a statement belongs to --------------------------------------------------------


def test_a_descriptor_without_a_name_speaks_of_the_only_model(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {"models/churn/MLmodel": MODEL, "model.yaml": described("TrainedModel", "model_name: c")}
    )
    assert names(read_project(folder, known), "TrainedModel") == ["models/churn"]


def test_two_descriptors_without_a_name_speak_of_one_element(
    write: Write, known: Vocabulary
) -> None:
    one = described("TrainedModel", "required_memory: 8 GB", "stated_by: data-scientist")
    two = described("TrainedModel", "required_memory: 16 GB", "stated_by: operations")
    assert names(read_project(write({"a.yaml": one, "b.yaml": two}), known), "TrainedModel") == [""]


def test_two_model_folders_stay_apart(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/MLmodel": MODEL,
            "b/MLmodel": MODEL,
            "model.yaml": described("TrainedModel", "model_name: c"),
        }
    )
    assert names(read_project(folder, known), "TrainedModel") == ["", "a", "b"]


def test_settings_say_which_descriptor_means_which_model(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "mismatch.yaml": "elements: {model.yaml: b}\n",
            "a/MLmodel": MODEL,
            "b/MLmodel": MODEL,
            "model.yaml": described("TrainedModel", "required_memory: 8 GB"),
        }
    )
    project = read_project(folder, known)
    assert names(project, "TrainedModel") == ["a", "b"]
    stated = [s for e in project.entries for s in e.reading.statements]
    assert [s.node.name for s in stated if s.attribute == "requiredMemory"] == ["b"]


def test_environment_files_beside_a_model_are_the_models(write: Write, known: Vocabulary) -> None:
    folder = write({"m/MLmodel": MODEL, "m/requirements.txt": "scikit-learn==1.4.2\n"})
    project = read_project(folder, known)
    assert names(project, "DevelopmentEnvironment") == []
    assert {s.node.element.kind for e in project.entries for s in e.reading.statements} == {
        "TrainedModel"
    }


def test_what_a_dockerfile_installs_is_the_operational_environments(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "Dockerfile": "FROM python:3.11-slim\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "requirements.txt": "scikit-learn==1.2.2\n",
        }
    )
    project = read_project(folder, known)
    assert names(project, "DevelopmentEnvironment") == []
    assert names(project, "OperationalEnvironment") == ["Dockerfile"]
    assert [e.via for e in project.entries if e.path.name == "requirements.txt"] == ["Dockerfile:3"]


def test_one_requirements_file_in_two_images_belongs_to_both(
    write: Write, known: Vocabulary
) -> None:
    text = "FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    folder = write({"a.Dockerfile": text, "b.Dockerfile": text, "requirements.txt": "numpy==1.0\n"})
    project = read_project(folder, known)
    owners = {
        s.node.name
        for e in project.entries
        if e.path.name == "requirements.txt"
        for s in e.reading.statements
    }
    assert owners == {"a.Dockerfile", "b.Dockerfile"}


def test_a_table_without_a_role_is_data_of_no_role(write: Write, known: Vocabulary) -> None:
    project = read_project(write({"figures.csv": TABLE}), known)
    assert names(project, "Data") == ["figures.csv"]


def test_a_role_guessed_from_a_name_is_told(write: Write, known: Vocabulary) -> None:
    project = read_project(write({"data/train.csv": TABLE}), known)
    assert names(project, "TrainingData") == ["data/train.csv"]
    assert "data/train.csv is taken for TrainingData" in "".join(project.notes)


def test_a_name_that_speaks_for_two_roles_is_not_guessed(write: Write, known: Vocabulary) -> None:
    project = read_project(write({"raw_train.csv": TABLE}), known)
    assert names(project, "Data") == ["raw_train.csv"]


def test_a_stated_role_decides(write: Write, known: Vocabulary) -> None:
    folder = write({"mismatch.yaml": "roles: {data: OperationalData}\n", "data/train.csv": TABLE})
    project = read_project(folder, known)
    assert names(project, "OperationalData") == ["data/train.csv"]
    assert not project.notes


def test_a_lock_and_an_interpreter_file_are_about_the_project_file_beside_them(
    write: Write, known: Vocabulary
) -> None:
    folder = write(
        {
            "pyproject.toml": "[project]\nname = 'a'\ndependencies = ['numpy>=1.20']\n",
            "uv.lock": 'version = 1\n[[package]]\nname = "numpy"\nversion = "1.26.4"\n',
            ".python-version": "3.11\n",
        }
    )
    assert names(read_project(folder, known), "DevelopmentEnvironment") == ["pyproject.toml"]


def test_overlays_of_one_workload_are_environments_of_their_own(
    write: Write, known: Vocabulary
) -> None:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: svc}\nspec: {template: {spec: "
        "{containers: [{name: c, image: x, resources: {limits: {memory: %s}}}]}}}\n"
    )
    folder = write({"dev/d.yaml": text % "1Gi", "prod/d.yaml": text % "8Gi"})
    environments = names(read_project(folder, known), "OperationalEnvironment")
    assert environments == ["dev/d.yaml/svc", "prod/d.yaml/svc"]


def test_an_element_with_only_a_link_takes_part_in_it(write: Write, check_folder: Check) -> None:
    model = described("TrainedModel", "name: {}", "required_memory: {}", "deployed_in: svc")
    host = described("OperationalEnvironment", "name: svc", "available_memory: 8 GB")
    folder = write(
        {"a.yaml": model.format("a", "7 GB"), "b.yaml": model.format("b", ""), "h.yaml": host}
    )
    found = [f for f in check_folder(folder).findings if f.predicate.startswith("resources-exceed")]
    assert {(f.subject.label, f.verdict) for f in found} == {("a", "undecided"), ("b", "undecided")}


def test_a_template_in_which_nothing_is_stated_describes_no_element(
    write: Write, known: Vocabulary
) -> None:
    project = read_project(write({"m.yaml": described("TrainedModel")}), known)
    assert names(project, "TrainedModel") == []


def test_a_relative_knowledge_folder_is_found(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"mine/queries/predicates/.keep": ""})
    monkeypatch.chdir(folder)
    assert load([Path("mine")]).elements


# -- links ----------------------------------------------------------------------------------------


def test_the_only_ones_of_their_kinds_are_linked(write: Write, known: Vocabulary) -> None:
    folder = write({"train.csv": TABLE, "live.csv": TABLE, "m/MLmodel": MODEL})
    assert links(read_project(folder, known)) == {
        ("standsFor", "train.csv", "live.csv"),
        ("trainedOn", "m", "train.csv"),
        ("appliedTo", "m", "live.csv"),
    }


def test_of_several_only_what_files_say_is_linked(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "a/MLmodel": MODEL,
            "b/MLmodel": MODEL,
            "Dockerfile": "FROM python:3.11\nCOPY a/ /srv/model/\n",
        }
    )
    assert links(read_project(folder, known)) == {("deployedIn", "a", "Dockerfile")}


def test_a_copied_folder_deploys_the_models_in_it(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "src/a/MLmodel": MODEL,
            "other/MLmodel": MODEL,
            "Dockerfile": "FROM python:3.11\nCOPY src/ /srv/\n",
        }
    )
    assert links(read_project(folder, known)) == {("deployedIn", "src/a", "Dockerfile")}


def test_settings_link_elements_by_name(write: Write, known: Vocabulary) -> None:
    folder = write(
        {
            "mismatch.yaml": "links:\n- {link: deployed_in, from: b, to: host}\n",
            "a/MLmodel": MODEL,
            "b/MLmodel": MODEL,
            "host.yaml": described(
                "OperationalEnvironment", "name: host", "available_memory: 8 GB"
            ),
        }
    )
    assert links(read_project(folder, known)) == {("deployedIn", "b", "host")}


def test_a_link_to_an_unknown_element_is_a_problem(write: Write, known: Vocabulary) -> None:
    text = "links:\n- {link: deployed_in, from: a, to: moon}\n"
    project = read_project(write({"mismatch.yaml": text, "a/MLmodel": MODEL}), known)
    assert "mismatch.yaml:2 `moon` is not the name of one element" in messages(project)


def test_a_kind_without_a_link_is_asked_for_once(write: Write, check_folder: Check) -> None:
    host = described("OperationalEnvironment", "name: {}", "available_memory: 8 GB")
    folder = write(
        {
            "a/MLmodel": MODEL,
            "b/MLmodel": MODEL,
            "x.yaml": host.format("x"),
            "y.yaml": host.format("y"),
        }
    )
    found = [f for f in check_folder(folder).findings if f.predicate == "unlinked-elements"]
    assert [(f.verdict, f.item) for f in found] == [("undecided", "deployed in")]


# -- mismatch.yaml --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rols: {}\n", "mismatch.yaml:1 `rols` is not a known key"),
        ("id: x\nroles: {a.csv: TrainData}\n", "mismatch.yaml:2 `TrainData` is no element"),
        ("links:\n- {link: hosts, from: a, to: b}\n", "mismatch.yaml:2 `hosts` is no link"),
        ("mappings:\n- {from: a}\n", "mismatch.yaml:2 each of `mappings` wants the keys from, to"),
        ("roles: [a]\n", "mismatch.yaml:1 `roles` wants a mapping"),
        ("- a\n", "mismatch.yaml:1 A mapping is wanted"),
        ("a: [\n", "mismatch.yaml:"),
    ],
)
def test_a_fault_in_the_settings_is_a_problem_with_its_line(
    text: str, message: str, write: Write, known: Vocabulary
) -> None:
    assert message in messages(read_project(write({"mismatch.yaml": text}), known))


def test_the_id_is_stated_or_the_folders_name(write: Write, known: Vocabulary) -> None:
    folder = write({"requirements.txt": "numpy\n"})
    assert read_project(folder, known).id == "project"
    (folder / "mismatch.yaml").write_text("id: 007\n")
    assert read_project(folder, known).id == "007"


# -- values --------------------------------------------------------------------------------


def test_a_value_that_is_none_becomes_a_problem_and_the_rest_is_read(
    write: Write, known: Vocabulary
) -> None:
    text = described("TrainedModel", "required_memory: plenty", "required_gpus: 1")
    project = read_project(write({"model.yaml": text}), known)
    stated = {s.attribute for e in project.entries for s in e.reading.statements}
    assert stated == {"requiredGpus"}
    assert "model.yaml:2" in messages(project)


def test_listed_names_are_compared_in_one_spelling(write: Write, check_folder: Check) -> None:
    folder = write(
        {
            "model.yaml": described("TrainedModel", "required_frameworks: [SKLearn]"),
            "dev.yaml": described(
                "DevelopmentEnvironment",
                "available_frameworks: [scikit-learn]",
                "complete: [available_frameworks]",
            ),
        }
    )
    found = {
        (f.item, f.verdict)
        for f in check_folder(folder).findings
        if f.predicate == "language-or-framework-unsupported"
    }
    assert found == {("scikit-learn", "clear")}


def test_a_package_implies_its_framework(write: Write, check_folder: Check) -> None:
    folder = write(
        {
            "model.yaml": described("TrainedModel", "required_frameworks: [PyTorch]"),
            "requirements.txt": "torch==2.1.0\n",
        }
    )
    found = {
        (f.item, f.verdict)
        for f in check_folder(folder).findings
        if f.predicate == "language-or-framework-unsupported"
    }
    assert ("PyTorch", "clear") in found
