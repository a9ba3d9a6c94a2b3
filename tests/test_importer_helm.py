"""Helm values: what each component runs and may use; what is commented out is nothing."""

from pathlib import Path

import pytest

from kg.importers import helm
from tests.importing import elements, lines, read_case, read_text, reasons, software, values


def test_a_component_is_known_by_its_charts_folder() -> None:
    reading = read_case(helm, "one-component", "charts/churn/values.yaml")

    assert elements(reading) == {("OperationalEnvironment", "charts/churn", True)}
    assert software(reading) == {"python": ["==3.11.*"]}
    assert (values(reading, "availableMemory"), lines(reading, "availableMemory")) == (
        [2 * 2**30],
        [15],
    )


def test_an_overlay_is_an_environment_of_its_own() -> None:
    reading = read_case(helm, "one-component", "charts/churn/values-production.yaml")

    assert elements(reading) == {
        ("OperationalEnvironment", "charts/churn/values-production.yaml", True)
    }
    assert values(reading, "availableNodes") == []
    assert values(reading, "imageTag") == []


def test_a_tag_in_the_name_and_a_blank_one_stand_as_they_are() -> None:
    reading = read_case(helm, "tag-in-the-name", "chart/values.yaml")

    assert values(reading, "imageName") == ["registry.example.org/detector:latest"]
    assert (values(reading, "imageTag"), lines(reading, "imageTag")) == (["(blank)"], [5])
    assert values(reading, "availableMemory") == []


def test_of_several_components_those_that_serve_no_model_are_left_out() -> None:
    reading = read_case(helm, "several-components", "deploy/values.yaml")

    assert {name for _, name, _ in elements(reading)} == {"deploy/api", "deploy/worker"}
    assert values(reading, "servedPort") == [8501]


def test_versions_of_a_chart_are_passed_over() -> None:
    reading = read_case(helm, "one-component", "charts/churn/Chart.yaml")

    assert reading.statements == ()
    assert "versions of the chart" in reasons(reading)


@pytest.mark.parametrize("text", ["replicaCount: 2\n", "image: {tag: x}\n", "image: postgres:16\n"])
def test_without_an_image_nothing_is_stated(text: str, tmp_path: Path) -> None:
    reading = read_text(helm, tmp_path, "values.yaml", text)

    assert reading.statements == ()
    assert "no component with an image" in reasons(reading)
