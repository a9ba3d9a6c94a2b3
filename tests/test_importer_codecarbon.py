"""CodeCarbon's record of runs: the machine and the Python that were really there."""

from pathlib import Path

from kg.importers import codecarbon, tables
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

LAST = "last-of-two-machines"
HEADER = "timestamp,project_name,emissions,os,python_version,cpu_count,ram_total_size,on_cloud\n"


def test_the_last_run_counts() -> None:
    reading = read_case(codecarbon, LAST, "emissions.csv")

    assert elements(reading) == {("DevelopmentEnvironment", "", False)}
    assert software(reading)["python"] == ["==3.12.*"]
    assert "whose processors" in reasons(reading)
    assert set(lines(reading, "versionRange")) == {3}
    assert "3: 1 earlier runs" in reasons(reading)


def test_a_column_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    text = "timestamp,project_name,emissions\n2025,churn,0.1\n"
    reading = read_text(codecarbon, tmp_path, "emissions.csv", text)

    assert reading.statements == ()
    assert problems(reading) == []


def test_what_is_no_release_is_a_problem(tmp_path: Path) -> None:
    text = HEADER + "2025,churn,0.1,Plan9,today,2,16,N\n"
    reading = read_text(codecarbon, tmp_path, "emissions.csv", text)

    assert problems(reading) == [(2, 'python_version is "today", which is no release')]
    assert values(reading, "availableOperatingSystem") == []


def test_records_of_runs_are_no_table(tmp_path: Path) -> None:
    (tmp_path / "emissions.csv").write_text(HEADER)
    (tmp_path / "other.csv").write_text("timestamp,emissions\n")

    assert not tables.claims(source(tmp_path, "emissions.csv"))
    assert tables.claims(source(tmp_path, "other.csv"))
