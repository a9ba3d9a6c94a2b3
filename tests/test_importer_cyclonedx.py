"""Bills of materials in CycloneDX: whose model is meant, and what is a placeholder."""

import json
from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import cyclonedx
from kg.importers._data_facts import recorded_path
from kg.importers._told import is_filled
from tests.importing import elements, lines, problems, read_case, read_text, reasons, values


def bill(*components: object, **others: object) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "components": components, **others}, indent=1)


def model(name: str, **said: object) -> dict[str, object]:
    return {"type": "machine-learning-model", "name": name, **said}


@pytest.mark.parametrize(
    ("text", "key", "wanted"),
    [
        ("What are the known technical limitations of the model?", "", False),
        ("The name of the slice this metric was computed on.", "slice", False),
        ("[More Information Needed]", "", False),
        ("NOASSERTION", "", False),
        ("{{ model_name }}", "name", False),
        ("model name", "model_name", False),
        ("---", "", False),
        ("", "", False),
        ("Loans of people without a history", "", True),
        ("What-if analysis for planners", "", True),
        ("Requires a GPU", "", True),
    ],
)
def test_only_what_somebody_filled_in_says_something(text: str, key: str, wanted: object) -> None:
    assert is_filled(text, key) is wanted


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("data/train.csv", "data/train.csv"),
        ("./model.safetensors", "model.safetensors"),
        ("wikipedia.org", ""),
        ("Llama-2.7b", ""),
        ("https://example.org/train.csv", ""),
        ("../train.csv", ""),
        ("a" * 400 + ".csv", ""),
    ],
)
def test_a_name_that_is_a_file_is_known_by_its_path(name: str, path: str) -> None:
    assert recorded_path(name) == path


def test_a_bill_of_software_says_nothing_of_models(tmp_path: Path) -> None:
    reading = read_text(cyclonedx, tmp_path, "bom.json", bill({"type": "library", "name": "numpy"}))

    assert reading.statements == ()
    assert "components that are no model and no data: 1" in reasons(reading)


def test_a_model_of_a_registry_is_not_the_projects(tmp_path: Path) -> None:
    text = bill(model("acme/encoder", purl="pkg:huggingface/acme/encoder@2"), model("ranker"))
    reading = read_text(cyclonedx, tmp_path, "bom.json", text)

    assert values(reading, "modelName") == ["ranker"]
    assert elements(reading) == {("TrainedModel", "bom.json", False)}
    assert "acme/encoder: a model that is taken from elsewhere" in reasons(reading)


def test_a_model_of_a_registry_is_the_projects_where_the_bill_is_about_it(tmp_path: Path) -> None:
    root = {"component": {"type": "application", "name": "encoder"}}
    text = bill(model("acme/encoder", purl="pkg:huggingface/acme/encoder@2"), metadata=root)

    assert values(read_text(cyclonedx, tmp_path, "bom.json", text), "modelName") == ["acme/encoder"]


def test_a_model_that_somebody_hands_out_is_not_the_projects_where_the_bill_is_of_another(
    tmp_path: Path,
) -> None:
    references = [{"type": "distribution", "url": "https://example.org/encoder"}]
    given = model("encoder", externalReferences=references)
    root = {"component": {"type": "application", "name": "search"}}
    others = read_text(cyclonedx, tmp_path, "bom.json", bill(given, metadata=root))
    alone = read_text(cyclonedx, tmp_path, "bom.json", bill(given))

    assert values(others, "modelName") == []
    assert values(alone, "modelName") == ["encoder"]


def test_the_version_of_a_model_of_the_hub_is_no_release(tmp_path: Path) -> None:
    root = {"component": {"type": "application", "name": "encoder"}}
    given = model("encoder", purl="pkg:huggingface/acme/encoder@1.0", version="1.0")
    reading = read_text(cyclonedx, tmp_path, "bom.json", bill(given, metadata=root))

    assert values(reading, "modelVersion") == []
    assert "a version on the hub is a commit" in reasons(reading)


def test_several_models_are_known_by_their_names() -> None:
    reading = read_case(cyclonedx, "several-models", "bom.json")

    assert ("TrainedModel", "intent", True) in elements(reading)
    assert not [node for node in elements(reading) if node[0] == "TaskAndPurpose"]
    assert values(reading, "modelVersion") == ["1.2"]
    assert "F1 has several values" in reasons(reading)


def test_values_of_a_bill_stand_on_their_lines() -> None:
    reading = read_case(cyclonedx, "own-model", "sbom/model.cdx.json")

    assert lines(reading, "modelVersion") == [12]
    assert lines(reading, "result") == [34, 39]
    assert "acme:owner" in reasons(reading)
    assert "lift in the top decile: no measure" in reasons(reading)


def test_a_specifications_sample_states_no_placeholder() -> None:
    reading = read_case(cyclonedx, "bill-about-a-model", "bom.json")

    assert {s.attribute for s in reading.statements} == {
        *("modelName", "modelComponent", "algorithmName", "otherRisk"),
    }


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("v1.0", ["1.0"]), ("2", ["2"]), ("main", []), ("4b825dc642cb6eb9a060e54bf8d69288", [])],
)
def test_a_commit_or_branch_is_no_version(
    tmp_path: Path, version: str, wanted: list[object]
) -> None:
    text = bill(model("m", version=version))

    assert values(read_text(cyclonedx, tmp_path, "bom.json", text), "modelVersion") == wanted


def test_a_list_is_no_bill(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(cyclonedx, tmp_path, "cyclonedx.json", "[]")


def test_what_is_of_another_kind_in_a_bill_is_told(tmp_path: Path) -> None:
    text = '{"components": ["a", {"type": "data", "name": "b", "components": {}}]}'
    reading = read_text(cyclonedx, tmp_path, "bom.json", text)

    assert [message for _, message in problems(reading)] == [
        "A component is no object",
        "`components` are no list",
    ]


def test_a_text_without_end_is_passed_over(tmp_path: Path) -> None:
    reading = read_text(cyclonedx, tmp_path, "bom.json", bill(model("m", description="a " * 5000)))

    assert values(reading, "modelDescription") == []
    assert "a text is too long" in reasons(reading)
