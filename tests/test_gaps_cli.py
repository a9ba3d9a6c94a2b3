"""`mismatch gaps` as it is typed."""

import csv
import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest

from kg.cli import run
from tests.browsing import Browser, judged

ROOT = Path(__file__).parent.parent
EXAMPLE = str(ROOT / "docs/example")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["gaps", *arguments]) == 0
    return capsys.readouterr().out


def test_the_mapping_is_told_in_a_sentence_first(capsys: pytest.CaptureFixture[str]) -> None:
    first = told(capsys).splitlines()[0]

    assert first.startswith("34 mismatches, ")
    assert "0 gaps to close" in first


def test_no_line_of_text_is_wider_than_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert max(map(len, told(capsys, EXAMPLE, "--of", "sei").splitlines())) <= 100


def test_json_holds_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, EXAMPLE, "--of", "sei", "--of", "mlte", "--as", "json"))

    assert found["schema"] == "https://w3id.org/ml-mismatch/gaps/1"
    assert all(gap["excuse"] for gap in found["mapping"]["gaps"])
    assert [one["name"] for one in found["sets"]] == ["sei", "mlte"]
    assert len(found["sets"][0]["coverage"]["mismatches"]) == 34
    (project,) = found["projects"]
    assert project["undecided"] == 64
    assert project["questions"][0]["decided"] == project["best"][0]


@pytest.mark.parametrize(
    ("arguments", "column"), [([], "excuse"), (["--of", "sei"], "able"), ([EXAMPLE], "decided")]
)
def test_csv_is_one_table(
    capsys: pytest.CaptureFixture[str], arguments: list[str], column: str
) -> None:
    rows = list(csv.DictReader(StringIO(told(capsys, *arguments, "--as", "csv"))))

    assert rows
    assert all(None not in row and column in row for row in rows)


def test_the_format_follows_from_the_name_of_the_file(tmp_path: Path) -> None:
    page, text = tmp_path / "gaps.html", tmp_path / "gaps.md"

    assert run(["gaps", EXAMPLE, "-o", str(page)]) == run(["gaps", "-o", str(text)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert text.read_text(encoding="utf-8").startswith("# Gaps\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--of", "nothing"], "There is no attribute set nothing. Use one of azureml, card"),
        (["--as", "sarif"], "There is no format sarif. Use one of csv, html, json, markdown, text"),
        (["--questionnaire", "x.yaml"], "Name one PATH"),
        (["--earlier", "x.json"], "Name the PATH that it is about"),
        (["--role", "cook"], "cook is no role"),
    ],
)
def test_wrong_use_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert run(["gaps", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_path_that_is_none_leaves_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gaps", "/nowhere/at/all"]) == 3
    assert "does not exist" in capsys.readouterr().err


def test_it_fails_at_the_level_asked_for(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology/lamp.ttl").write_text(
        """@prefix mm: <https://w3id.org/ml-mismatch/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        mm:lampColour a owl:DatatypeProperty ; rdfs:label "lamp colour"@en ;
            rdfs:domain mm:Environment ; rdfs:range xsd:string .""",
        encoding="utf-8",
    )
    extended = ["--knowledge", str(tmp_path)]

    assert run(["gaps", "--fail-on", "gap"]) == 0
    assert run(["gaps", "--fail-on", "gap", *extended]) == 1
    assert run(["gaps", *extended]) == 0
    assert run(["gaps", EXAMPLE, "--fail-on", "undecided"]) == 1


def test_what_was_answered_since_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    earlier, folder = tmp_path / "before.json", tmp_path / "host"
    folder.mkdir()
    model = folder / "model.yaml"
    stated = "element: TrainedModel\nname: churn\nmodel_version: 1.0.0\n"
    model.write_text(stated, encoding="utf-8")
    run(["gaps", str(folder), "-o", str(earlier)])
    model.write_text(f"{stated}observed_inference_time: 20 ms\n", encoding="utf-8")
    found = json.loads(told(capsys, str(folder), "--earlier", str(earlier), "--as", "json"))
    (trend,) = found["trends"]

    assert ["trained-model/churn", "observedInferenceTime"] in trend["answered"]
    assert [one["source"] for one in trend["revisions"]] == ["before.json", "now"]
    assert trend["revisions"][1]["undecided"] < trend["revisions"][0]["undecided"]


@pytest.mark.parametrize("text", ["{}", "[1]", "no json", '{"schema": "other"}'])
def test_what_is_no_report_of_gaps_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    earlier = tmp_path / "before.json"
    earlier.write_text(text, encoding="utf-8")

    assert run(["gaps", EXAMPLE, "--earlier", str(earlier)]) == 3
    assert "before.json" in capsys.readouterr().err


def test_a_questionnaire_is_written_for_a_role(tmp_path: Path) -> None:
    file = tmp_path / "operations.yaml"

    assert run(["gaps", EXAMPLE, "--role", "operations", "--questionnaire", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert "stated_by: operations" in text
    assert "# observed_latency: " in text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("arguments", [[], [EXAMPLE, "--of", "sei"]], ids=["mapping", "project"])
def test_axe_finds_nothing_in_the_page(
    chromium: Browser,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    *,
    dark: bool,
) -> None:
    page = told(capsys, *arguments, "--as", "html")
    found = judged(chromium, page, tmp_path, dark=dark, width=500 if dark else 1100)

    assert found["violations"] == []
    assert {"color-contrast", "skip-link"} <= set(found["passes"])
    assert (found["dark"], found["fetched"]) == (dark, [])
    assert found["needed"] <= found["width"]


def test_what_the_page_on_gaps_shows_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "docs/example")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/gaps.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```console\n\$ mismatch (.*?)\n(.*?)^```$", text)

    assert len(blocks) == 4
    for typed, shown in blocks:
        assert run(typed.split()) == 0
        printed = capsys.readouterr().out
        for line in shown.splitlines():
            assert line in ("...", *printed.splitlines()), typed
    assert (tmp_path / "questions.yaml").is_file()
