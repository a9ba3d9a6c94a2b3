"""The matrix says which predicates detect each mismatch and which attributes they read."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import matrix as matrices
from kg.catalogue import terms
from kg.cli import application
from kg.errors import NotFound
from kg.matrix import Matrix, Row, written
from kg.matrix.narrowing import MEASURES, Order, narrowed, ordered
from kg.pictures import Shown
from kg.reports import Telling
from kg.study import Study
from kg.telling import tellers
from tests.judging import CATALOGUE, VOCABULARY

Tell = Callable[..., str]


@pytest.fixture(scope="module")
def whole() -> Matrix:
    return matrices.build(VOCABULARY, CATALOGUE)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study()


@pytest.fixture(scope="module")
def tell(whole: Matrix, study: Study) -> Tell:
    def telling(name: str, matrix: Matrix = whole) -> str:
        shown = Shown(matrix, study, VOCABULARY, CATALOGUE)
        return tellers("matrix")[name].render(shown, Telling())

    return telling


def row_of(matrix: Matrix, code: str) -> Row:
    return next(row for row in matrix.rows if row.mismatch.code == code)


def names(row: Row, predicate: str, element: str) -> set[str]:
    reading = next(one for one in row.readings if one.predicate.id == predicate)
    return {one.key for one in reading.attributes.get(element, ())}


# -- what it says ----------------------------------------------------------------------------------


def test_the_columns_are_the_elements_under_the_study_s_codes(whole: Matrix) -> None:
    assert [column.code for column in whole.columns] == [
        "TP",
        "RD",
        "TD",
        "OD",
        "DP",
        "TM",
        "DE",
        "OE",
    ]


def test_every_mismatch_is_a_row_and_every_predicate_stands_in_those_it_detects(
    whole: Matrix,
) -> None:
    assert [row.mismatch for row in whole.rows] == list(CATALOGUE.mismatches.values())
    found = {
        (row.mismatch.code, reading.predicate.id) for row in whole.rows for reading in row.readings
    }
    assert found == {(code, p.id) for p in CATALOGUE.predicates.values() for code in p.detects}


def test_a_predicate_s_attributes_stand_in_the_elements_that_it_is_about(whole: Matrix) -> None:
    row = row_of(whole, "OE.InferenceTime")

    assert names(row, "inference-too-slow", "TrainedModel") == {
        "inference_percentile",
        "observed_inference_time",
    }
    assert names(row, "inference-too-slow", "OperationalEnvironment") == {
        "required_inference_time",
        "required_percentile",
    }
    assert names(row, "inference-too-slow", "RawData") == set()


def test_a_part_s_attribute_stands_only_in_elements_that_can_have_the_part(whole: Matrix) -> None:
    row = row_of(whole, "RD.DataDictionary")

    assert "allowed_values" in names(row, "missing-data-dictionary", "RawData")
    assert names(row, "missing-data-dictionary", "TrainedModel") == set()


def test_no_attribute_that_a_predicate_reads_is_lost(whole: Matrix) -> None:
    for row in whole.rows:
        for reading in row.readings:
            shown = {a.name for found in reading.attributes.values() for a in found}
            assert shown == terms(reading.predicate) & VOCABULARY.attributes.keys()


def test_what_informs_a_mismatch_is_read_by_its_predicates_or_said_to_be_unread(
    whole: Matrix,
) -> None:
    for row in whole.rows:
        informing = {
            a.name for a in VOCABULARY.attributes.values() if row.mismatch.name in a.informs
        }
        read = {one.name for one in row.attributes}
        unread = {a.name for found in row.unread.values() for a in found}
        assert informing - read == unread


# -- narrowing and sorting -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "count"),
    [("OE.InferenceTime", 1), ("oe.inferencetime", 1), ("OE", 3), ("operational environment", 3)],
)
def test_a_mismatch_or_its_category_narrows_the_rows(whole: Matrix, named: str, count: int) -> None:
    assert len(narrowed(whole, [named]).rows) == count


@pytest.mark.parametrize("named", ["TrainedModel", "TM", "trained model", "trained-model"])
def test_an_element_narrows_columns_and_what_reads_nothing_of_it(whole: Matrix, named: str) -> None:
    found = narrowed(whole, elements=[named])

    assert [column.name for column in found.columns] == ["TrainedModel"]
    for row in found.rows:
        assert row.elements == {"TrainedModel"}
        assert all(reading.attributes for reading in row.readings)


@pytest.mark.parametrize(
    ("mismatches", "elements"), [(["OE.Nothing"], []), ([], ["Nothing"])], ids=["row", "column"]
)
def test_an_unknown_name_is_refused_with_those_that_there_are(
    whole: Matrix, mismatches: list[str], elements: list[str]
) -> None:
    with pytest.raises(NotFound, match=r"[Nn]othing"):
        narrowed(whole, mismatches, elements)


@pytest.mark.parametrize("order", list(Order))
def test_rows_are_sorted_the_most_first(whole: Matrix, order: Order) -> None:
    found = [MEASURES[order](row) for row in ordered(whole, order).rows]

    assert found == sorted(found, reverse=True)
    assert order is Order.STUDY or len(set(found)) > 5


def test_rows_that_are_equal_keep_the_study_s_order(whole: Matrix) -> None:
    found = [row.mismatch.code for row in ordered(whole, Order.TOLD).rows]

    assert found.index("TM.TestCasesAndData") + 1 == found.index("TM.ApiSpecifications")


# -- how it is told --------------------------------------------------------------------------------


def test_the_numbers_fit_a_terminal_of_a_hundred_columns(tell: Tell, whole: Matrix) -> None:
    lines = tell("text").splitlines()

    assert max(map(len, lines)) <= 100
    for row in whole.rows:
        (line,) = (one for one in lines if one.startswith(f"{row.mismatch.code} "))
        assert f" {row.mismatch.interviews} " in line


def test_of_few_mismatches_every_formula_is_told(tell: Tell, whole: Matrix) -> None:
    row = narrowed(whole, ["OE.InferenceTime"])
    text = " ".join(tell("text", row).split())

    for reading in row.rows[0].readings:
        assert " ".join(reading.predicate.formal.split()) in text
    assert "required_inference_time" in text


def test_csv_has_a_row_for_each_attribute_that_a_predicate_reads(tell: Tell, whole: Matrix) -> None:
    rows = list(csv.DictReader(StringIO(tell("csv"))))
    wanted = {
        (row.mismatch.code, reading.predicate.id, element, written(one, VOCABULARY))
        for row in whole.rows
        for reading in row.readings
        for element, found in reading.attributes.items()
        for one in found
    }
    told = {(r["mismatch"], r["predicate"], r["element"], r["attribute"]) for r in rows}

    assert {one for one in told if one[1] and one[3]} == wanted
    unread = {(r["mismatch"], r["element"], r["attribute"]) for r in rows if not r["predicate"]}
    assert unread == {
        (row.mismatch.code, element, written(one, VOCABULARY))
        for row in whole.rows
        for element, found in row.unread.items()
        for one in found
    }


def test_json_says_what_csv_says(tell: Tell) -> None:
    found = json.loads(tell("json"))
    rows = list(csv.DictReader(StringIO(tell("csv"))))
    told = {
        (one["code"], predicate["id"], element, attribute)
        for one in found["mismatches"]
        for predicate in one["predicates"]
        for element, attributes in predicate["reads"].items()
        for attribute in attributes
    }

    assert told == {
        (r["mismatch"], r["predicate"], r["element"], r["attribute"])
        for r in rows
        if r["predicate"] and r["attribute"]
    }


# -- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["txt", "csv", "json", "html", "svg"])
def test_the_file_s_name_says_the_format(tell: Tell, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"matrix.{suffix}"
    CliRunner().invoke(application(), ["matrix", "-o", str(file)], catch_exceptions=False)

    assert file.read_bytes().decode() == tell("text" if suffix == "txt" else suffix)


def test_an_unknown_format_is_wrong_use() -> None:
    told = CliRunner().invoke(application(), ["matrix", "--as", "sarif"])

    assert told.exit_code == 2
    assert "csv, html, json, svg, text" in " ".join(told.output.split())


def test_an_extension_s_predicate_and_attribute_stand_in_the_matrix(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "queries" / "predicates").mkdir(parents=True)
    guide = (Path(__file__).parents[1] / "docs" / "extend.md").read_text(encoding="utf-8")
    for kind, place in (
        ("turtle", "ontology/carbon.ttl"),
        ("sparql", "queries/predicates/carbon-budget-exceeded.rq"),
    ):
        text = guide.partition(f"```{kind}\n")[2].partition("```")[0]
        (tmp_path / place).write_text(text, encoding="utf-8")
    told = CliRunner().invoke(
        application(), ["matrix", "--as", "csv", "--knowledge", str(tmp_path)]
    )

    assert "carbon-budget-exceeded" in told.output
    assert "emitted_carbon" in told.output
