"""Descriptions of models and code in the words of schema.org, read as plain JSON."""

from pathlib import Path

import pytest

from kg.importers import codemeta, fair4ml, ro_crate
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

FLATS = "fair4ml-flats.json"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("fair4ml-churn.json", "{}", "yes"),
        ("model.jsonld", '{"@type": "fair4ml:MLModel"}', "yes"),
        ("model.json", '{"name": "churn"}', "no"),
        ("fair4ml.md", "fair4ml", "no"),
        ("crate.json", '{"@context": ["https://w3id.org/ro/crate/1.1", "fair4ml"]}', "no"),
    ],
)
def test_a_description_is_known_by_its_name_or_context(
    name: str, text: str, wanted: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    assert fair4ml.claims(source(tmp_path, name)) is (wanted == "yes")


def test_the_only_description_at_the_top_is_of_the_projects_model() -> None:
    assert ("TrainedModel", "", False) in elements(read_case(fair4ml, "plain-json", FLATS))
    both = read_case(fair4ml, "two-models", "models/fair4ml-a.json")
    assert elements(both) == {("TrainedModel", "models/fair4ml-a.json", False)}


def test_a_description_speaks_with_lines_and_no_prose() -> None:
    reading = read_case(fair4ml, "plain-json", FLATS)

    assert values(reading, "holdoutPercentage", "test data") == [20.0]
    assert lines(reading, "holdoutPercentage") == [13]
    assert lines(reading, "description") == [11]
    assert values(reading, "result", "RMSE") == [21.4]
    assert not any(s.prose or s.observed for s in reading.statements)
    assert reading.complete == ((reading.complete[0][0], "input"),)


def test_the_files_that_it_names_are_what_it_says() -> None:
    reading = read_case(fair4ml, "plain-json", FLATS)

    assert [claim.paths for claim in reading.claims] == [
        ("data/flats.csv",),
        ("docs/about-card.md",),
    ]
    assert [(link.name, link.object.kind) for link in reading.links] == [
        ("trainedOn", "TrainingData")
    ]


def test_which_of_two_licences_holds_is_not_known() -> None:
    both = read_case(fair4ml, "two-models", "models/fair4ml-a.json")
    assert values(both, "licence") == []
    assert "licenses" in reasons(both)


def test_inputs_are_not_complete_where_one_has_no_name() -> None:
    assert read_case(fair4ml, "two-models", "models/fair4ml-b.json").complete == ()


def test_software_has_its_versions() -> None:
    assert software(read_case(codemeta, "pinned", "codemeta.json")) == {
        "python": ["==3.11.*", "==3.11.*"],
        "numpy": ["==1.26.4"],
        "scikit-learn": ["==1.4.2"],
        "pandas": [],
    }
    crate = read_case(ro_crate, "notebook", "ro-crate-metadata.json")
    assert software(crate) == {"python": ["==3.11.6"], "scikit-learn": ["==1.4.2"]}


def test_what_is_no_package_is_passed_over(tmp_path: Path) -> None:
    text = '{"softwareRequirements": ["https://example.org/x", "A computer of any kind", 3]}'
    reading = read_text(codemeta, tmp_path, "codemeta.json", text)
    assert software(reading) == {}
    assert reasons(reading).count("no package") == 3


def test_a_thing_of_a_crate_that_is_none_is_a_problem(tmp_path: Path) -> None:
    text = '{"@graph": [\n"a"\n]}'
    found = read_text(ro_crate, tmp_path, "ro-crate-metadata.json", text)
    assert problems(found) == [(2, "What is in the graph is no object")]
