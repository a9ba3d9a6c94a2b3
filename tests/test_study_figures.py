"""The study's figures: queries give what the data give, and say where the paper prints another."""

import csv
import json
import re
from collections import Counter
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from rdflib import RDFS, Graph, URIRef
from typer.testing import CliRunner

from kg import matrix as matrices
from kg.cli import application
from kg.findings import ALL
from kg.namespaces import iri
from kg.pictures import Shown
from kg.reports import Telling
from kg.study import LEVELS, Share, Study, figures
from kg.telling import tellers
from tests.judging import CATALOGUE, VOCABULARY

ROOT = Path(__file__).parents[1]
STUDY = Study()
ROLES = {
    "data-scientist": "vi_i_data_science_n16",
    "software-engineer": "vi_i_software_engineering_n10",
    "operations": "vi_i_operations_other_n5",
    ALL: "vi_i_all_n31",
}


@pytest.fixture(scope="module")
def page() -> str:
    matrix = matrices.build(VOCABULARY, CATALOGUE)
    return tellers("study")["html"].render(Shown(matrix, STUDY, VOCABULARY, CATALOGUE), Telling())


@pytest.fixture(scope="module")
def examples(reference: Path) -> list[dict[str, str]]:
    with (reference / "study" / "mismatches.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def kinds(reference: Path) -> list[dict[str, str]]:
    with (reference / "study" / "subcategories.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# -- always ----------------------------------------------------------------------------------------


def test_the_study_is_as_large_as_the_paper_says() -> None:
    assert STUDY.totals == {
        "examples": 140,
        "interviews": 20,
        "codes": 232,
        "mismatches": 34,
        "respondents": 31,
    }


def test_figure_2_has_the_paper_s_shares_of_seven_categories() -> None:
    assert {one.code: one.printed for one in STUDY.categories} == {
        "TM": 36,
        "OE": 16,
        "TP": 15,
        "RD": 10,
        "DE": 9,
        "OD": 8,
        "TD": 6,
    }
    assert all(one.agrees for one in STUDY.categories)
    assert sum(one.count for one in STUDY.categories) == 232


def test_the_codes_of_figure_3_are_those_of_its_categories() -> None:
    sizes: Counter[str] = Counter()
    for one in STUDY.subcategories:
        sizes[one.code.partition(".")[0]] += one.count

    assert len(STUDY.subcategories) == 34
    assert dict(sizes) == {one.code: one.count for one in STUDY.categories}
    assert all(one.of == sizes[one.code.partition(".")[0]] for one in STUDY.subcategories)


def test_the_examples_counted_by_their_codes_are_what_each_mismatch_says_of_itself() -> None:
    assert {one.code: one.count for one in STUDY.subcategories} == {
        code: one.interviews for code, one in CATALOGUE.mismatches.items()
    }


def test_every_answer_of_figure_5_is_one_of_all_respondents() -> None:
    assert len(STUDY.answers) == 34
    for one in STUDY.answers:
        assert sum(one.levels) == one.share.of == 31
        assert sum(one.levels[2:]) == one.share.count
    assert [a.share.count >= b.share.count for a, b in pairwise(STUDY.answers)] == [True] * 33


def test_the_roles_of_table_ii_add_up_to_all() -> None:
    roles, shares = STUDY.by_role()

    assert set(roles) == set(ROLES)
    assert roles[0] == ALL
    for cells in shares.values():
        assert sum(one.count for one in cells[1:]) == cells[0].count
        assert sum(one.of for one in cells[1:]) == cells[0].of


def test_the_paper_prints_a_share_for_everything_in_its_figures() -> None:
    for shares in figures(STUDY).values():
        assert all(one.printed is not None for one in shares)


def test_shares_that_the_paper_prints_otherwise_are_explained() -> None:
    for name, shares in figures(STUDY).items():
        explained = {code for one in STUDY.differences if one.where == name for code in one.about}
        differing = {one.code for one in shares if not one.agrees}
        assert differing <= explained
    assert {one.code for one in STUDY.subcategories if not one.agrees} == {
        "DE.ProgrammingLanguage",
        "DE.UpstreamDownstream",
        "OE.RuntimeMetrics",
        "OE.ComputingResources",
        "OE.InferenceTime",
        "RD.DataDictionary",
    }


@pytest.mark.parametrize(
    ("percent", "printed", "agrees"),
    [(52.6, 54, False), (47.8, 48, True), (30.4, 31, False), (87.5, 88, True), (87.5, None, True)],
)
def test_a_share_agrees_where_it_rounds_to_what_is_printed(
    percent: float, printed: int | None, *, agrees: bool
) -> None:
    assert Share("X", "x", 1, 2, percent, printed).agrees is agrees


def test_the_numbers_in_the_differences_are_those_of_the_data() -> None:
    found = {one.name: one.why for one in STUDY.differences}
    shares = {one.code: f"{one.percent:.1f}" for one in STUDY.subcategories}

    assert len(found) == 6
    for name, codes in {
        "1": ["DE.ProgrammingLanguage", "DE.Timelines"],
        "4": ["RD.DataDictionary"],
    }.items():
        assert all(shares[code] in found[name] for code in codes)
    assert all(
        shares[one.code] in found["2"] for one in STUDY.subcategories if one.code[:2] == "OE"
    )


def test_every_example_is_detected_by_a_predicate_or_said_to_be_for_people_to_judge() -> None:
    detected = {case for one in CATALOGUE.predicates.values() for case in one.study}
    judged = {
        one.id
        for one in STUDY.examples
        if VOCABULARY.triples.values(f"study:{one.id}", "skos:note")
    }

    assert {one.id for one in STUDY.examples} == detected | judged
    assert not detected & judged


def test_an_example_is_told_in_one_short_sentence_and_names_nobody() -> None:
    for one in STUDY.examples:
        assert 20 < len(one.gist) < 200, one.id
        assert not re.search(r"@|https?:|\b\d{1,3}(\.\d{1,3}){3}\b", one.gist), one.id


def test_a_start_does_not_read_the_study() -> None:
    told = {subject for subject, _, _ in VOCABULARY.triples}

    assert not VOCABULARY.triples.subjects("rdf:type", "mm:MismatchExample")
    assert iri("mm:MismatchExample") in told


def test_rdflib_gives_the_rows_of_each_query() -> None:
    """Another engine, and the files as anybody loads them."""
    graph = Graph()
    for file in (ROOT / "ontology/mismatches.ttl", *(ROOT / "ontology/study").glob("*.ttl")):
        graph.parse(file)
    for name, shares in figures(STUDY).items():
        text = (ROOT / f"queries/study/{name}.rq").read_text(encoding="utf-8")
        rows = graph.query(text.replace("FROM $study", ""))
        found = Counter(
            (str(row["code"]), int(row["count"]), int(row["of"]))  # type: ignore[index, call-overload, arg-type]
            for row in rows
        )
        assert found == Counter((one.code, one.count, one.of) for one in shares), name
    example = URIRef(iri("study:M01-01"))
    assert graph.value(example, RDFS.comment)


# -- beside the data -------------------------------------------------------------------------------


def test_the_examples_are_those_of_the_data(examples: list[dict[str, str]]) -> None:
    assert [(one.id, one.interview, set(one.codes)) for one in STUDY.examples] == [
        (row["id"], int(row["interview"]), set(row["codes"].split(";"))) for row in examples
    ]


def test_figures_2_and_3_are_what_the_data_count(examples: list[dict[str, str]]) -> None:
    codes = Counter(code for row in examples for code in row["codes"].split(";"))
    categories = Counter(code.partition(".")[0] for code in codes.elements())

    assert {one.code: (one.count, one.of) for one in STUDY.categories} == {
        code: (count, codes.total()) for code, count in categories.items()
    }
    assert {one.code: (one.count, one.of) for one in STUDY.subcategories} == {
        code: (count, categories[code.partition(".")[0]]) for code, count in codes.items()
    }
    for one in (*STUDY.categories, *STUDY.subcategories):
        assert one.percent == pytest.approx(100 * one.count / one.of)


def test_figure_3_prints_what_the_paper_s_text_says(kinds: list[dict[str, str]]) -> None:
    assert {one.code: one.printed for one in STUDY.subcategories} == {
        row["code"]: int(row["paper_text_share_pct"]) for row in kinds
    }


def test_figure_5_has_the_answers_of_the_survey(kinds: list[dict[str, str]]) -> None:
    columns = [f"survey_{level.replace(' ', '_')}" for level in LEVELS]

    assert {one.share.code: one.levels for one in STUDY.answers} == {
        row["code"]: tuple(int(row[column]) for column in columns) for row in kinds
    }


def test_table_ii_has_the_counts_of_each_role(kinds: list[dict[str, str]]) -> None:
    found = {(one.code, one.among): (one.count, one.of) for one in STUDY.importance}

    assert found == {
        (row["code"], role): (int(row[column]), int(column.rpartition("_n")[2]))
        for row in kinds
        for role, column in ROLES.items()
    }


def test_every_discrepancy_of_the_data_is_told(kinds: list[dict[str, str]]) -> None:
    told = {code for one in STUDY.differences for code in one.about}

    assert {row["code"] for row in kinds if row["discrepancy"]} <= told


# -- how it is told --------------------------------------------------------------------------------


def test_the_text_fits_a_terminal_and_marks_what_differs() -> None:
    told = CliRunner().invoke(application(), ["study"], catch_exceptions=False)
    lines = told.stdout.splitlines()

    assert max(map(len, lines)) <= 100
    assert sum(line.endswith("differs") for line in lines) == 6
    assert any("36.2 %" in line and "36 %" in line for line in lines)


def test_csv_has_a_row_for_each_share() -> None:
    told = CliRunner().invoke(application(), ["study", "--as", "csv"], catch_exceptions=False)
    rows = list(csv.DictReader(StringIO(told.stdout)))

    assert Counter(row["figure"] for row in rows) == {
        "figure-2": 7,
        "figure-3": 34,
        "figure-5": 34,
        "table-2": 136,
    }
    assert Counter(row["agrees"] for row in rows) == {"yes": 205, "no": 6}


def test_json_has_figures_answers_differences_and_examples() -> None:
    told = CliRunner().invoke(application(), ["study", "--as", "json"], catch_exceptions=False)
    found = json.loads(told.stdout)

    assert found["totals"]["codes"] == 232
    assert len(found["answers"]) == 34
    assert len(found["examples"]) == 140
    assert [len(found["figures"][name]) for name in ("figure-2", "table-2")] == [7, 136]


def test_the_page_shows_each_figure_beside_the_paper_s_numbers(page: str) -> None:
    for name in ("figure-2", "figure-3", "figure-5", "table-2"):
        section = page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
        assert "<svg" in section
        assert "<table" in section
    assert page.count('class="differs"') == 6
    for one in STUDY.differences:
        assert f'id="difference-{one.name}"' in page


def test_each_share_that_differs_leads_to_why_it_does(page: str) -> None:
    links = re.findall(r'class="differs">\d+ %</span> <a href="#(difference-\d)"', page)

    assert Counter(links) == {"difference-1": 2, "difference-2": 3, "difference-4": 1}


def test_the_page_tells_every_example(page: str) -> None:
    for one in STUDY.examples:
        assert f"<b>{one.id}</b>" in page
