"""What people and programs are told of a report, format by format."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from kg.extensions import modules
from kg.findings import (
    ALL,
    Evidence,
    Finding,
    Origin,
    Participant,
    Priority,
    ProjectReport,
    Question,
    Ranking,
    Report,
    Severity,
    Verdict,
    Waiver,
)
from kg.reports import Telling, names, reporter, reporter_for
from kg.statements import Problem

GOLDEN = Path(__file__).parent / "cases" / "reports"
HOSTILE = "\x1b[2J\x9b31m`|<script>alert(1)</script>[red]@team #1 www.evil.example\u202e\udcff\n# x"


def element(kind: str, name: str) -> Participant:
    path = f"{kind.lower()}/{name}"
    return Participant(f"projects/loan-approval/{path}", name, kind, path)


MODEL = element("TrainedModel", "churn")
HOST = element("OperationalEnvironment", "loan-service")
TRAINING = element("TrainingData", "applications")
LIVE = element("OperationalData", "live")


def finding(predicate: str, verdict: Verdict = Verdict.MISMATCH, **changes: object) -> Finding:
    plain = Finding(
        predicate=predicate,
        verdict=verdict,
        severity=Severity.VIOLATION,
        kind="comparison",
        mismatches=("OE.ComputingResources",),
        subject=MODEL,
        object=HOST,
        item=None,
        evidence=(),
        message="Both sides differ.",
        consequence="Something fails.",
        remedy="Mend it.",
        ask=(),
        references=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def said(name: str, attribute: str, value: object, unit: str, *origins: Origin) -> Evidence:
    return Evidence(name, attribute, value, unit, "declared", origins)  # type: ignore[arg-type]


MEMORY = finding(
    "resources-exceed-operations",
    mismatches=("OE.ComputingResources", "TM.SystemConfiguration"),
    item="memory",
    evidence=(
        said(
            "needs",
            "requiredMemory",
            16 * 10**9,
            "BYTE",
            Origin("model/requirements.yaml", 12, "/memory", "16 GB", "data-scientist"),
        ),
        said(
            "has",
            "availableMemory",
            8 * 2**30,
            "BYTE",
            Origin("deploy/deployment.yaml", 31, "/spec/memory", "8Gi"),
        ),
    ),
    message="The model needs 16 GB; the host has 8.59 GB.",
    consequence="The model is killed under load, or never loads.",
    remedy="Raise the limit, or serve a smaller or quantised model.",
    ask=(
        Question("data-scientist", "How much memory does the model need?"),
        Question("operations", "How much does the host set aside for it?"),
    ),
    references=("tec:7", "study:M14-04"),
    priority=Priority("OE.ComputingResources", ALL, 29, 31, 13),
)

VERSION = finding(
    "version-range-unsatisfied",
    item="scikit-learn",
    severity=Severity.VIOLATION,
    evidence=(
        said(
            "needs",
            "versionRange",
            "==1.4.2",
            "",
            Origin("model/conda.yaml", 9, None, "scikit-learn=1.4.2"),
            Origin("model/MLmodel", 14, None, "1.4.2"),
        ),
        said(
            "has",
            "versionRange",
            "==1.2.2",
            "",
            Origin("requirements.txt", 3, None, "scikit-learn==1.2.2", via="Dockerfile:7"),
        ),
    ),
    message="The model wants scikit-learn ==1.4.2; ==1.2.2 is installed.",
    consequence="Loading the model fails, or it predicts differently.",
    remedy="Install what the model was trained with.",
    ask=(Question("operations", "Which version is installed?"),),
)


def shift(field: str, value: float) -> Finding:
    return finding(
        "numeric-feature-shift",
        severity=Severity.WARNING,
        kind="statistical",
        subject=TRAINING,
        object=LIVE,
        item=field,
        evidence=(
            Evidence("effect", "effectSize", value, "", "observed", (Origin("data/live.csv", 1),)),
        ),
        message=f"Training and live {field} are distributed differently (effect size {value}).",
        consequence="The model is asked about cases unlike those it learnt from.",
        remedy="Retrain on recent data, or find out what changed upstream.",
        ask=(Question("data-scientist", "Is the change known?"),),
    )


LATENCY = finding(
    "inference-too-slow",
    Verdict.UNDECIDED,
    evidence=(
        said("takes", "observedInferenceTime", 250_000, "MicroSEC", Origin("model/card.yaml", 3)),
        Evidence("allowed", "requiredInferenceTime", None, "MicroSEC"),
    ),
    message="The model takes 250 ms; what the service allows is not stated.",
    ask=(Question("operations", "What inference time does the service promise?"),),
)

REPORT = Report(
    (
        ProjectReport(
            id="loan-approval",
            path="docs/example",
            statements=1412,
            sources=14,
            passed_over=3,
            findings=(
                LATENCY,
                *(shift(name, 0.31) for name in ("age", "income", "term", "rate", "zip", "share")),
                VERSION,
                MEMORY,
                replace(LATENCY, predicate="goal-without-metric", subject=MODEL, object=None),
                finding("dataset-version-hash-conflict", Verdict.UNDECIDED),
                finding("metric-not-collected", Verdict.CLEAR, item="accuracy"),
            ),
            problems=(Problem("conda.yaml", "A list stands where a mapping is wanted.", 11),),
            notes=("data/train.csv is taken for TrainingData because of its name.",),
        ),
        ProjectReport("bare", "bare", 0, 0, 7, ()),
        ProjectReport(
            id="sound",
            path="sound",
            statements=10,
            sources=2,
            passed_over=0,
            findings=(finding("metric-not-collected", Verdict.CLEAR),),
        ),
    ),
    Ranking(ALL, 31),
)


ANSI = re.compile(r"\x1b\[[0-9;]*m")
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]")


def told(name: str, report: Report = REPORT, telling: Telling | None = None) -> str:
    return reporter(name).render(report, telling or Telling())


def one(*findings: Finding, **changes: object) -> Report:
    project = ProjectReport("loan", "loan", 9, 2, 0, tuple(findings))
    return Report((replace(project, **changes),))  # type: ignore[arg-type]


# -- every format --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_format_tells_what_it_told_before(name: str) -> None:
    assert told(name).encode() == (GOLDEN / f"{name}.golden").read_bytes()


@pytest.mark.parametrize("name", names())
def test_nothing_from_outside_reaches_a_terminal_as_a_command(name: str) -> None:
    hostile = finding(
        HOSTILE,
        item=HOSTILE,
        subject=replace(MODEL, label=HOSTILE),
        message=HOSTILE,
        remedy=HOSTILE,
        consequence=HOSTILE,
        evidence=(
            said(HOSTILE, "x", HOSTILE, "", Origin(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE)),
            said("n", "x", 5, "BYTE", Origin(HOSTILE, None, HOSTILE, HOSTILE)),
        ),
        ask=(Question(HOSTILE, HOSTILE),),
    )
    other = replace(hostile, verdict=Verdict.UNDECIDED, subject=replace(MODEL, iri="other"))
    report = one(
        hostile,
        other,
        id=HOSTILE,
        path=HOSTILE,
        passed_over=1,
        problems=(Problem(HOSTILE, HOSTILE, 3),),
        notes=(HOSTILE,),
    )

    text = told(name, report, Telling(everything=True, role=HOSTILE))
    if name == "csv":
        text = text.replace("\r\n", "\n")  # so RFC 4180 ends a line

    assert not HIDDEN.search(text)
    text.encode()


@pytest.mark.parametrize("name", names())
def test_a_report_of_nothing_is_told(name: str) -> None:
    assert told(name, Report()).endswith("\n")


def test_a_format_is_found_by_the_ending_of_a_file() -> None:
    assert reporter_for("out/REPORT.MD") is modules("kg.reports")["markdown"]
    assert reporter_for("report.json") is modules("kg.reports")["json"]
    assert reporter_for("report.jsonld") is modules("kg.reports")["jsonld"]
    assert reporter_for("report.docx") is None


# -- text ----------------------------------------------------------------------------------------


def test_colours_change_nothing_but_colours() -> None:
    coloured = told("text", telling=Telling(colour=True))

    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == told("text")


def test_rich_markup_in_a_value_is_text() -> None:
    report = one(finding("x", message="[red]no[/red] :smile: [link=http://x]y[/link]"))

    assert "[red]no[/red] :smile: [link=http://x]y[/link]" in told("text", report)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_prose_stays_within_the_width(width: int) -> None:
    long = "word " * 80
    report = one(finding("x", message=long, consequence=long, remedy=long, ask=LATENCY.ask))

    assert max(map(len, told("text", report, Telling(width=width)).splitlines())) <= width


def test_what_is_grave_comes_first() -> None:
    mild, grave = replace(shift("age", 0.3), subject=MODEL, object=HOST), MEMORY
    text = told("text", one(mild, grave))

    assert text.index(grave.predicate) < text.index(mild.predicate)


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_what_is_more_important_to_the_raters_comes_first(name: str) -> None:
    rates = finding("a", priority=Priority("OD.DataRates", ALL, 25, 31, 1))
    sources = finding("b", priority=Priority("OD.DataSources", ALL, 28, 31, 4), object=TRAINING)
    same_pair = replace(sources, object=rates.object)

    for other in (sources, same_pair):
        text = told(name, one(finding("c"), rates, other))
        assert re.findall(r"(?:x |`)([abc])\b", text)[:3] == ["b", "a", "c"]


@pytest.mark.parametrize("name", ["text", "markdown"])
@pytest.mark.parametrize(
    ("role", "ranking", "words"),
    [
        (None, Ranking(ALL, 31), "Ranked by severity, then by importance to all 31 respondents of"),
        (
            "operations",
            Ranking("operations", 5),
            "importance to the 5 respondents that the study's survey counts as operations, then",
        ),
        (
            "end-user",
            Ranking(ALL, 31),
            "to all 31 respondents of the study's survey, which has no figures for end users, then",
        ),
    ],
)
def test_a_report_says_how_it_is_ranked_and_by_how_many(
    name: str, role: str | None, ranking: Ranking, words: str
) -> None:
    report = replace(one(MEMORY), ranking=ranking)

    assert words in " ".join(told(name, report, Telling(role=role)).split())


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_where_nothing_is_ranked_no_ranking_is_told(name: str) -> None:
    clear = replace(one(finding("x", Verdict.CLEAR)), ranking=Ranking(ALL, 31))

    assert "Ranked" not in told(name, clear)
    assert "Ranked" not in told(name, one(MEMORY))


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_a_role_is_told_its_own_questions_and_how_many_others_there_are(name: str) -> None:
    asked = finding("x", Verdict.UNDECIDED, ask=(LATENCY.ask[0], *shift("age", 0.3).ask))
    text = told(name, one(asked), Telling(role="operations"))

    assert "Of what operations can answer, this would decide most:" in text
    assert LATENCY.ask[0].question in text
    assert "Is the change known?" not in text
    assert "1 question is for other roles." in text


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_a_role_that_nothing_waits_for_is_told_so(name: str) -> None:
    text = told(name, one(LATENCY), Telling(role="end-user"))

    assert "There is nothing to ask end users." in text
    assert "1 question is for other roles." in text


def test_an_element_is_named_only_where_there_are_several_of_its_kind() -> None:
    other = replace(MEMORY, subject=element("TrainedModel", "fraud"))

    assert "Trained model  ->  operational environment\n" in told("text", one(MEMORY))
    assert "Trained model churn  ->  operational environment\n" in told("text", one(MEMORY, other))


def test_what_is_said_of_many_items_is_said_once_and_cut() -> None:
    text = told("text", one(*(shift(f"f{number:02}", 0.3) for number in range(30))))

    assert text.count("Retrain on recent data") == 1
    assert "and 26 more: f04, f05," in text


def test_a_message_begins_with_its_item_only_where_there_is_one() -> None:
    whole, part = (
        finding("x", message="All differ."),
        finding("x", item="age", message="It differs."),
    )
    text = told("text", one(whole, part))

    assert "    All differ.\n    age: It differs.\n" in text


def test_long_evidence_is_cut_in_text_and_never_in_json() -> None:
    origins = tuple(Origin("data.csv", line) for line in range(1, 31))
    report = one(finding("x", evidence=(said("row", "field", "a", "", *origins),)))

    assert "and 27 more" in told("text", report)
    assert "data.csv:30" not in told("text", report)
    assert '"line": 30' in told("json", report)


def test_no_mismatch_is_no_health() -> None:
    clear = finding("x", Verdict.CLEAR)

    assert "What is undecided is not yet in order" in told("text", one(clear, LATENCY))
    assert "What nobody stated was not judged" in told("text", one(clear))
    assert "no predicate applies" in told("text", one())
    assert "too little is stated" in told("text", one(LATENCY))
    assert "Nothing could be read" in told("text", one(sources=0))


def test_clear_verdicts_are_listed_only_when_asked_for() -> None:
    report = one(finding("metric-not-collected", Verdict.CLEAR))

    assert "metric-not-collected" not in told("text", report)
    assert "metric-not-collected" in told("text", report, Telling(everything=True))


def test_one_project_has_no_line_of_totals() -> None:
    assert "3 projects" in told("text")
    assert "1 project" not in told("text", one(MEMORY))


def test_long_lists_of_problems_and_notes_are_cut_in_text_alone() -> None:
    problems = tuple(Problem("a.yaml", f"Fault {number}.", number) for number in range(1, 13))
    report = one(problems=problems, notes=tuple(f"Guess {number}." for number in range(1, 8)))

    assert "a.yaml:11" not in told("text", report)
    assert "and 2 more; `--as json` holds them all" in told("text", report)
    assert "and 2 more notes" in told("text", report)
    assert "Fault 12." in told("json", report)
    assert "Guess 7" in told("markdown", report)


def test_much_evidence_is_cut_in_text_alone() -> None:
    evidence = tuple(said(f"e{n}", "x", n + 0.5, "ours:PARSEC", Origin("a", n)) for n in range(11))
    report = one(finding("x", evidence=evidence))

    assert "e7  7.5 ours:PARSEC  a:7\n      and 3 more" in told("text", report)
    assert "| e10 | `10.5 ours:PARSEC` | `a:10` |" in told("markdown", report)


def test_figures_without_a_source_stand_in_markdown_too() -> None:
    evidence = (Evidence("n", "firstSize", 1200),)

    assert "|  | n | 1200 |  |  |" in told("markdown", one(finding("x", evidence=evidence)))


def test_an_undecided_verdict_that_asks_nobody_is_counted() -> None:
    assert "nobody is known to ask" in told("text", one(finding("x", Verdict.UNDECIDED)))


def test_many_questions_are_counted_beyond_the_first() -> None:
    asked = [
        finding(f"p{number}", Verdict.UNDECIDED, ask=(Question("operations", f"What {number}?"),))
        for number in range(6)
    ]

    assert "and 1 more question; `--verdicts all`" in told("text", one(*asked))


def test_what_has_no_room_at_the_end_of_its_row_stands_below() -> None:
    path = "a/very/long/path/to/a/file/that/nobody/wants/to/type/again/and/again/requirements.yaml"
    evidence = said("needs", "x", "y", "", Origin(path, 7, role="data-scientist"))
    text = told("text", one(finding("x", evidence=(evidence,))))

    assert f"      needs  y  {path}:7\n                declared by data scientists\n" in text


def test_a_truth_value_is_told_as_descriptors_write_it() -> None:
    one_said = said("labels", "labelField", "", "", Origin("a.yaml", 1))
    evidence = (replace(one_said, value=True),)

    assert "labels  true  a.yaml:1" in told("text", one(finding("x", evidence=evidence)))


def test_nodes_and_figures_of_the_message_are_no_rows() -> None:
    node = "http://localhost:8000/projects/loan/training-data/a/fields/heart%20rate"
    evidence = (
        Evidence("test", "", f"{node}/tests/1"),
        Evidence("field", "pairedWith", node, "", "observed", (Origin("a.csv", 1),)),
        Evidence("p", "pValue", 0.00001234567),
        Evidence("n", "firstSize", 1200),
        Evidence("absent", "x", None),
    )
    text = told("text", one(finding("x", message="p is 1.23e-05.", evidence=evidence)))

    assert "      field  heart rate  a.csv:1  observed\n      n      1200\n" in text
    assert not re.search("localhost|not stated|  p  ", text)


# -- json ----------------------------------------------------------------------------------------


def findings(report: Report, telling: Telling | None = None) -> list[dict[str, object]]:
    document = json.loads(told("json", report, telling))
    return [one for project in document["projects"] for one in project["findings"]]


@pytest.mark.parametrize("name", ["csv", "html", "junit", "markdown", "sarif", "text"])
def test_a_waived_finding_says_by_whom_until_when_and_why(name: str) -> None:
    waiver = Waiver("It is\nordered", "ada", "2026-05-01T09:30:00.000+00:00", "2026-06-01T00:00:00")
    text = told(name, one(replace(MEMORY, waiver=waiver)))

    assert "Waived by ada on 2026-05-01 until 2026-06-01: It is ordered" in text
    assert "Waived" not in told(name, one(MEMORY))


def test_json_tells_a_waiver_and_the_next_page_only_where_they_are() -> None:
    waiver = Waiver("It is ordered", "ada", "2026-05-01T09:30:00.000+00:00")
    document = json.loads(told("json", replace(one(replace(MEMORY, waiver=waiver)), next="/x?a=1")))

    assert document["next"] == "/x?a=1"
    assert document["projects"][0]["findings"][0]["waived"] == {
        "reason": "It is ordered",
        "by": "ada",
        "at": "2026-05-01T09:30:00.000+00:00",
        "until": None,
    }


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_people_are_led_to_the_next_page(name: str) -> None:
    assert "/findings?after=x" in told(name, replace(one(MEMORY), next="/findings?after=x"))


def test_json_has_the_fields_that_scripts_rely_on_in_their_order() -> None:
    document = json.loads(told("json"))
    project = document["projects"][0]
    memory = next(f for f in project["findings"] if f["predicate"] == MEMORY.predicate)

    assert list(document) == ["schema", "projects", "ranking"]
    assert list(project) == [
        "id",
        "path",
        "statements",
        "sources",
        "summary",
        "findings",
        "problems",
    ]
    assert list(memory) == (
        [
            "predicate",
            "verdict",
            "severity",
            "mismatches",
            "kind",
            "item",
            "subject",
            "object",
            "evidence",
            "message",
            "consequence",
            "remedy",
            "ask",
            "references",
            "fingerprint",
            "priority",
        ]
    )
    assert list(memory["evidence"][0]) == [
        "name",
        "attribute",
        "value",
        "unit",
        "status",
        "sources",
    ]
    assert memory["subject"] == {"iri": MODEL.iri, "label": "churn", "element": "TrainedModel"}
    assert memory["evidence"][0]["sources"] == [
        {"file": "model/requirements.yaml", "line": 12, "locator": "/memory"}
    ]
    assert project["problems"] == [
        {"file": "conda.yaml", "line": 11, "message": "A list stands where a mapping is wanted."}
    ]


def test_json_says_what_a_finding_was_ranked_by_and_for_whom() -> None:
    report = replace(one(MEMORY, VERSION), ranking=Ranking("operations", 5))
    document = json.loads(told("json", report, Telling(role="operations")))

    assert document["ranking"] == {
        "role": "operations",
        "raters": "operations",
        "respondents": 5,
    }
    assert [found["priority"] for found in document["projects"][0]["findings"]] == [
        {
            "mismatch": "OE.ComputingResources",
            "raters": "all",
            "important": 29,
            "respondents": 31,
            "interviews": 13,
        },
        None,
    ]
    assert json.loads(told("json", one(MEMORY)))["ranking"] is None


def test_json_gives_amounts_in_the_unit_of_their_source() -> None:
    needs, has = findings(one(MEMORY))[0]["evidence"]  # type: ignore[misc]

    assert (needs["value"], needs["unit"]) == (16.0, "GB")  # type: ignore[has-type]
    assert (has["value"], has["unit"]) == (8.0, "Gi")  # type: ignore[has-type]


@pytest.mark.parametrize(
    ("value", "unit", "told_as"),
    [
        (5, "NUM", (5, None)),
        (250_000, "MicroSEC", (250.0, "ms")),
        (1500, "MilliProcessor", (1.5, "CPUs")),
        (7.5, "ours:PARSEC", (7.5, "ours:PARSEC")),
        (True, "", (True, None)),
    ],
)
def test_json_gives_other_amounts_as_people_read_them(
    value: float, unit: str, told_as: tuple[float, str | None]
) -> None:
    evidence = findings(one(finding("x", evidence=(said("has", "x", value, unit),))))[0]["evidence"]

    assert [(found["value"], found["unit"]) for found in evidence] == [told_as]  # type: ignore[attr-defined]


def test_json_has_no_line_where_the_source_has_none() -> None:
    evidence = said("size", "x", 3, "", Origin("live.parquet", None, "/age"))

    assert findings(one(finding("x", evidence=(evidence,))))[0]["evidence"] == [
        {
            "name": "size",
            "attribute": "x",
            "value": 3,
            "unit": None,
            "status": "declared",
            "sources": [{"file": "live.parquet", "locator": "/age"}],
        }
    ]


def test_json_counts_clear_verdicts_and_lists_them_only_when_asked_for() -> None:
    report = one(MEMORY, finding("x", Verdict.CLEAR), LATENCY)

    assert [f["verdict"] for f in findings(report)] == ["mismatch", "undecided"]
    assert len(findings(report, Telling(everything=True))) == 3
    assert json.loads(told("json", report))["projects"][0]["summary"] == {
        "mismatch": 1,
        "clear": 1,
        "undecided": 1,
    }


def test_json_holds_every_text_as_it_was() -> None:
    report = one(finding("x", item=HOSTILE, message=HOSTILE))

    assert findings(report)[0]["message"] == HOSTILE


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_json_stays_json_where_a_number_is_none(value: float) -> None:
    report = one(finding("x", evidence=(said("effect", "effectSize", value, ""),)))

    assert "NaN" not in told("json", report)
    assert "Infinity" not in told("json", report)


# -- markdown ------------------------------------------------------------------------------------


def test_markdown_cannot_be_injected() -> None:
    report = one(
        finding("x", item=HOSTILE, message=HOSTILE, remedy=HOSTILE, ask=(Question("a", HOSTILE),)),
        problems=(Problem(HOSTILE, HOSTILE),),
    )
    text = told("markdown", report)
    prose = unescape(re.sub("<code>.*?</code>|`[^`]*`", "", text))

    assert "<script" not in text
    assert not re.search("@team|#1|www[.]", prose)
    assert {line.count("|") for line in text.splitlines() if line.startswith("| violation")} == {6}


def test_markdown_shows_an_item_with_backticks_and_pipes_in_code() -> None:
    text = told("markdown", one(finding("x", item="a|b`c")))

    assert "<code>a&#124;b&#96;c</code>" in text
