"""Every saved question is asked over three small projects and gives the answers that stand beside
its name in `tests/cases/questions`; what is given to it can be nothing but a value.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib.plugins.sparql.parser import parseQuery

from kg import knowledge, saved
from kg.cells import cells
from kg.cli import run
from kg.detect import check
from kg.errors import NotFound, ParameterInvalid, QuestionMalformed
from kg.priority import ranked
from kg.projects import read_project, sub_projects
from kg.reports import Telling, jsonld
from kg.saved import SavedQuestion
from kg.stores import open_store
from kg.telling.answers import csv
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY

CASES = Path(__file__).parent / "cases" / "questions"
PROJECTS = CASES / "projects"
QUESTIONS = saved.load(VOCABULARY)
# A few predicates, so that whoever adds one changes no answer here.
FEW = replace(
    CATALOGUE,
    predicates={
        name: CATALOGUE.predicates[name]
        for name in (
            "categorical-feature-shift",
            "conflicting-statements",
            "inference-too-slow",
            "missing-inference-budget",
            "missing-training-statistics",
            "resources-exceed-operations",
            "version-range-unsatisfied",
        )
    },
)
WRITTEN = "#+ summary: Which?\n#+ description: It tells.\n"


@pytest.fixture(scope="module")
def world() -> Workspace:
    workspace = Workspace(open_store("memory:"), VOCABULARY, statistics=FEW.statistics)
    projects = [read_project(folder, VOCABULARY) for folder in sub_projects(PROJECTS)]
    report = check(projects, workspace, FEW, everything=False)
    for project in ranked(report, FEW).projects:
        workspace.put_findings(project.id, jsonld.triples(project))
    workspace.put_knowledge(knowledge.graph(VOCABULARY, CATALOGUE, ()))
    return workspace


def case(name: str) -> tuple[dict[str, str], str]:
    """What the question is told, in the first line, and its answers."""
    first, _, answers = (CASES / f"{name}.csv").read_text(encoding="utf-8").partition("\n")
    pairs = (pair.split("=", 1) for pair in first.removeprefix("#").split())
    return dict(pairs), answers


def written(tmp_path: Path, text: str) -> Mapping[str, SavedQuestion]:
    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)
    (folder / "mine.rq").write_text(text, encoding="utf-8")
    return saved.load(VOCABULARY, [tmp_path])


def test_there_are_at_least_twenty_five_questions_and_each_has_its_case() -> None:
    assert len(QUESTIONS) >= 25
    assert {path.stem for path in CASES.glob("*.csv")} == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_gives_the_answers_of_its_case(name: str, world: Workspace) -> None:
    given, answers = case(name)
    question = QUESTIONS[name]
    told = world.ask(question.bound(given, VOCABULARY))
    assert told.variables == question.columns
    assert csv.render(told, Telling()).replace("\r\n", "\n") == answers
    assert told.rows


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_sparql_that_others_parse(name: str) -> None:
    question = QUESTIONS[name]
    given, _ = case(name)
    parseQuery(question.bound(given, VOCABULARY))
    assert "SERVICE" not in question.text
    assert question.summary.endswith("?")
    assert question.description.endswith(".")


def test_projects_that_are_not_asked_about_give_no_answers(world: Workspace) -> None:
    text = QUESTIONS["what-serves-where"].bound({}, VOCABULARY)
    projects = {row[0] for row in cells(world.ask(text, ["bank"]))}
    assert projects == {"bank"}


def test_the_texts_that_detection_loads_are_not_seen(world: Workspace) -> None:
    seen = world.ask("SELECT ?g { GRAPH ?g { ?s <https://w3id.org/ml-mismatch/current> ?o } }")
    assert seen.rows == []


def test_findings_go_when_their_project_is_put_again() -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY, statistics=CATALOGUE.statistics)
    project = read_project(PROJECTS / "bank", VOCABULARY)
    report = check([project], workspace, CATALOGUE, everything=False)
    workspace.put_findings("bank", jsonld.triples(report.projects[0]))
    text = QUESTIONS["which-projects-are-worst"].bound({}, VOCABULARY)
    assert len(workspace.ask(text).rows) == 1
    workspace.put(project)
    assert workspace.ask(text).rows == []


HOSTILE = (
    'income" . ?s ?p ?o } #',
    "x') } ; DROP ALL #",
    '\\" } UNION { ?s ?p ?o',
    "a\nb",
    "?_field",
    "\\u0022",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_given_is_a_value_and_never_a_piece_of_the_query(
    text: str, world: Workspace
) -> None:
    question = QUESTIONS["what-breaks-if-this-field-goes"]
    assert world.ask(question.bound({"field": text}, VOCABULARY)).rows == []


def test_a_parameter_is_replaced_nowhere_but_where_it_is_a_variable(tmp_path: Path) -> None:
    text = (
        f'{WRITTEN}# ?_n here\nSELECT ?s {{ ?s <urn:?_n> "?_n", \'?_n\', """?_n "?_n" """ '
        "FILTER(?s > ?_n && $_n > 1) }}"
    )
    bound = written(tmp_path, text)["mine"].bound({"n": "a"}, VOCABULARY)
    assert bound.count("?_n") == 6
    assert 'FILTER(?s > "a" && "a" > 1)' in bound


def test_values_have_the_types_that_their_variables_name(tmp_path: Path) -> None:
    types = "?_a ?_b_integer ?_c_double ?_d_boolean ?_e_date ?_f_dateTime ?_g_iri"
    question = written(tmp_path, f"{WRITTEN}SELECT ?s {{ ?s ?p {types.replace(' ', ', ')} }}")[
        "mine"
    ]
    given = {"a": "1", "b": "1", "c": "1", "d": "TRUE", "e": "2026-11-30"}
    given |= {"f": "2026-11-30T10:00:00", "g": "mm:TrainedModel"}
    bound = question.bound(given, VOCABULARY)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    for term in (
        '"1",',
        ", 1, ",
        f'"1.0"^^<{xsd}double>',
        f'"true"^^<{xsd}boolean>',
        '"2026-11-30",',
        f'"2026-11-30T10:00:00"^^<{xsd}dateTime>',
        "<https://w3id.org/ml-mismatch/TrainedModel>",
    ):
        assert term in bound


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "ten"),
        ("integer", "1e3"),
        ("double", "1,5"),
        ("boolean", "yes"),
        ("date", "30.11.2026"),
        ("dateTime", "noon"),
        ("iri", "no iri"),
        ("iri", "urn:x> . ?s ?p <urn:y"),
        ("iri", "nothing"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_by_name(
    kind: str, value: str, tmp_path: Path
) -> None:
    question = written(tmp_path, f"{WRITTEN}SELECT ?s {{ ?s ?p ?_limit_{kind} }}")["mine"]
    with pytest.raises(ParameterInvalid, match=f"limit cannot be `.*give it as {kind}"):
        question.bound({"limit": value}, VOCABULARY)


def test_a_question_says_what_it_must_be_told_and_what_it_does_not_know() -> None:
    question = QUESTIONS["who-uses-package"]
    with pytest.raises(ParameterInvalid, match=r"has to be told package.*for example `package=sci"):
        question.bound({}, VOCABULARY)
    with pytest.raises(ParameterInvalid, match=r"has no parameter pack\. It has: package"):
        question.bound({"pack": "numpy"}, VOCABULARY)
    with pytest.raises(
        ParameterInvalid, match=r"role cannot be `cook`\. Use one of: business-owner"
    ):
        QUESTIONS["what-should-this-role-answer"].bound({"role": "cook"}, VOCABULARY)
    with pytest.raises(ParameterInvalid, match="Use one of: mismatch, undecided"):
        QUESTIONS["what-was-found-about-this-element"].bound(
            {"element": "x", "verdict": "clear"}, VOCABULARY
        )


def test_a_default_stands_where_nothing_is_given_and_an_optional_variable_stays() -> None:
    assert '"python"' in QUESTIONS["which-python-versions-are-in-use"].bound({}, VOCABULARY)
    assert "BOUND(?__environment)" in QUESTIONS["which-models-cannot-run-where"].bound(
        {}, VOCABULARY
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT ?s { ?s ?p ?o }", "`summary` is not stated; `description` is not stated"),
        (f"{WRITTEN}#+ endpoint: x\nSELECT ?s {{ }}", "`endpoint` is not a known word"),
        (f"{WRITTEN}SELECT ?_n {{ ?s ?p ?_n }}", "?_n is a parameter, and cannot be selected"),
        (f"{WRITTEN}#+ chart: {{pie: [s, o]}}\nSELECT ?s ?o {{ }}", "its chart is not one of bar"),
        (f"{WRITTEN}#+ chart: {{bar: [s, x]}}\nSELECT ?s {{ }}", "its chart is not one of bar"),
        (f"{WRITTEN}#+ defaults: {{m: 1}}\nSELECT ?s {{ ?s ?p ?_n }}", "`defaults` speaks of m"),
        (f"{WRITTEN}SELECT ?s {{ ?s ?p ?_n_colour }}", "?_n_colour is of no type"),
        ("#+ summary: [\nSELECT ?s { }", "front matter is not YAML"),
        (f"{WRITTEN}ASK {{ ?s ?p ?o }}", "it is no SELECT query"),
    ],
)
def test_a_malformed_question_says_its_file_and_fault(
    text: str, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(QuestionMalformed) as caught:
        written(tmp_path, text)
    assert "mine.rq" in str(caught.value)
    assert fault in str(caught.value)


def test_a_question_that_is_not_there_is_answered_with_those_like_it() -> None:
    with pytest.raises(NotFound, match="which-models-share-training-data"):
        saved.question(QUESTIONS, "models-share-training-data")


# -- the command -----------------------------------------------------------------------------------


def test_ask_tells_answers_as_text_csv_and_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["ask", "how-good-are-models", "-p", "metric=accuracy", "--each", str(PROJECTS)]
    assert run(asked) == 0
    text = capsys.readouterr().out
    assert "bank" in text
    assert "2 answers" in text
    assert run([*asked, "-o", str(tmp_path / "a.csv")]) == 0
    assert (tmp_path / "a.csv").read_text().startswith("project,model,metric,result,sampleSize")
    assert run([*asked, "--as", "json"]) == 0
    assert '"result": 0.91' in capsys.readouterr().out


def test_ask_runs_sparql_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text(
        "PREFIX mm: <https://w3id.org/ml-mismatch/>\n"
        "SELECT (COUNT(DISTINCT ?m) AS ?models) { ?m a mm:TrainedModel }"
    )
    assert run(["ask", "-f", str(file), "--each", str(PROJECTS)]) == 0
    assert "3" in capsys.readouterr().out
    file.write_text("SELECT ?m { ?m ")
    assert run(["ask", "-f", str(file), "--each", str(PROJECTS)]) == 2
    assert "own.rq" in capsys.readouterr().err


def test_ask_asks_what_a_store_keeps(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    asked = ["ask", "what-serves-where", "--store", store]
    assert run([*asked, "--each", str(PROJECTS)]) == 0
    first = capsys.readouterr().out
    assert run(asked) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["what-serves-where"], "nothing to ask about"),
        (["what-serves-wher", "x"], "There is no question what-serves-wher"),
        (["what-serves-where", "-p", "x", "y"], "`x` names no value"),
        (["what-serves-where", "-p", "x=1", "y"], "has no parameter x"),
    ],
)
def test_ask_says_what_was_used_wrongly(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_ask_lists_the_questions_with_what_they_must_be_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["ask"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in QUESTIONS)
    assert "element verdict?" in told
