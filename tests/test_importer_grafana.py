"""Grafana dashboards: the metrics that operations look at."""

from pathlib import Path

import pytest

from kg.importers import grafana
from kg.importers._promql import metrics
from tests.importing import lines, read_case, reasons, source, values


def test_the_metrics_of_panels_stand_with_their_panel_and_line() -> None:
    reading = read_case(grafana, "exported", "dashboard.json")

    assert values(reading, "implementation", "http_requests_total") == ["Grafana, panel Requests"]
    assert set(lines(reading, "implementation")) == {7}
    assert "prometheus_http_requests_total is a metric of the monitor itself" in reasons(reading)


def test_panels_within_rows_are_read() -> None:
    reading = read_case(grafana, "within-rows", "service.json")

    assert values(reading, "implementation", "drift_share") == ["Grafana, panel Drift"]


def test_a_dashboard_may_be_wrapped() -> None:
    reading = read_case(grafana, "wrapped", "board.json")

    assert values(reading, "implementation", "predictions_total") == ["Grafana"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", []),
        ("1 + 2", []),
        ("a offset 5m or b", ["a", "b"]),
        ("max_over_time(x[1h:5m])", ["x"]),
        ('a{b="c d"} and on (e) f', ["a", "f"]),
        ("x" * 3000, []),
    ],
)
def test_the_metrics_of_an_expression(expression: str, found: list[str]) -> None:
    assert [name for name in metrics(expression) if name != "m"] == found


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("a.json", '{"panels": [{"gridPos": {}}]}', True),
        ("a.json", '{"panels": []}', False),
        ("a.yml", '{"panels": [{"gridPos": {}}]}', False),
    ],
)
def test_which_files_are_dashboards(name: str, text: str, claimed: bool, tmp_path: Path) -> None:  # noqa: FBT001 (the expectation)
    (tmp_path / name).write_text(text)

    assert grafana.claims(source(tmp_path, name)) is claimed
