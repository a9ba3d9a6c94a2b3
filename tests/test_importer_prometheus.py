"""Prometheus: from which ports of which services metrics are collected, and when it alerts."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import prometheus
from tests.importing import lines, problems, read_case, read_text, reasons, source, values

SERVICES = "compose-services"


def test_a_target_is_a_port_of_the_service_that_its_host_names() -> None:
    reading = read_case(prometheus, SERVICES, "prometheus.yml")

    assert [(s.node.name, s.node.mentioned, s.value, s.place.line) for s in reading.statements] == [
        ("api", True, 8000, 10),
        ("drift", True, 443, 14),
    ]


def test_what_serves_no_model_or_is_not_known_is_said() -> None:
    said = reasons(read_case(prometheus, SERVICES, "prometheus.yml"))

    assert "6: localhost:9090 (prometheus) serves no model" in said
    assert "17: node-exporter:9100 (node) serves no model" in said
    assert "14: which target ${OTHER}:1 is, is said elsewhere" in said
    assert "18: pods: what it scrapes is found out when it runs" in said


def test_this_machine_is_the_only_service_there_is() -> None:
    reading = read_case(prometheus, "itself-under-another-name", "prometheus.yml")

    assert [(s.node.name, s.value) for s in reading.statements] == [("", 9090)]


def test_an_alert_has_a_level_where_it_compares_a_metric_alone() -> None:
    reading = read_case(prometheus, "alert-rules", "rules.yml")

    assert values(reading, "name", "answer_seconds_bucket") == ["answer_seconds_bucket"]
    assert values(reading, "threshold", "model_accuracy") == [0.9]
    assert values(reading, "operator", "model_accuracy") == ["<"]
    assert lines(reading, "threshold") == [5]
    said = reasons(reading)
    assert "10: node_exporter_build_info is no metric of a model" in said
    assert "12: a rule that alerts of nothing only works out a series" in said


def test_a_list_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(prometheus, tmp_path, "prometheus.yml", "- a\n")


def test_jobs_that_are_no_list_are_a_problem(tmp_path: Path) -> None:
    reading = read_text(prometheus, tmp_path, "prometheus.yml", "scrape_configs: api\n")

    assert problems(reading) == [(1, "`scrape_configs` is not a list")]


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("a.yml", "scrape_configs: []\n", True),
        ("a.yml", "groups:\n- rules:\n  - expr: up\n", True),
        ("a.yml", "groups:\n- rules: []\n", False),
        ("a.txt", "scrape_configs: []\n", False),
    ],
)
def test_which_files_are_of_prometheus(name: str, text: str, claimed: bool, tmp_path: Path) -> None:  # noqa: FBT001 (the expectation)
    (tmp_path / name).write_text(text)

    assert prometheus.claims(source(tmp_path, name)) is claimed
