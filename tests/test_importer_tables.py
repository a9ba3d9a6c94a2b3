"""Tables: their columns, types, gaps and figures, in whatever shape they come."""

import hashlib
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kg.errors import DescriptorError, DescriptorInvalid
from kg.importers import tables
from kg.importers._streamed import WORTHWHILE
from kg.statements import Node, Reading, Source
from tests.importing import CASES, problems, read_case, read_text, reasons, source, values

CHURN = "data/train.csv"


def figures(reading: Reading, column: str) -> dict[str, object]:
    """What is stated of a column's distribution, its labels with how often they occur."""
    found: dict[str, object] = {}
    for statement in reading.statements:
        parts = statement.node.parts
        if len(parts) > 1 and parts[0] == ("field", column):
            stated = not isinstance(statement.value, Node) and statement.attribute != "valueType"
            if len(parts) == 2 and stated:
                found[statement.attribute] = statement.value
            elif statement.attribute == "occurrences":
                found[parts[2][1]] = statement.value
    return found


def columns(reading: Reading) -> list[str]:
    """The names of the fields, in the order of the table."""
    return [
        str(statement.value)
        for statement in reading.statements
        if statement.attribute == "name" and len(statement.node.parts) == 1
    ]


def types(reading: Reading) -> dict[str, object]:
    """The data type of each field that has one."""
    return {
        statement.node.parts[-1][1]: statement.value
        for statement in reading.statements
        if statement.attribute == "dataType"
    }


def packed(table: Mapping[str, Any], **options: object) -> bytes:
    """The columns as a Parquet file."""
    stream = BytesIO()
    parquet.write_table(pa.table(table), stream, **options)
    return stream.getvalue()


def read_csv(folder: Path, text: str | bytes, name: str = "a.csv") -> Reading:
    return read_text(tables, folder, name, text)


def read_packed(folder: Path, table: Mapping[str, Any], **options: object) -> Reading:
    return read_text(tables, folder, "a.parquet", packed(table, **options))


# -- what is stated -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "claimed"),
    [
        ("train.csv", b"", True),
        ("TRAIN.CSV", b"", True),
        ("data.tsv", b"", True),
        ("data.parquet", b"", True),
        ("part-0000", b"PAR1\x15", True),
        ("part-0000", b"a,b\n", False),
        (".csv", b"", False),
        ("csv", b"", False),
        ("train.csv.dvc", b"", False),
    ],
)
def test_a_table_is_known_by_its_name_or_its_first_bytes(
    name: str,
    head: bytes,
    claimed: bool,  # noqa: FBT001 (given by the table above)
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(head)

    assert tables.claims(source(tmp_path, name)) is claimed


def test_a_table_is_data_known_by_its_file() -> None:
    reading = read_case(tables, "churn", CHURN)

    node = Node("Data", CHURN, named=False)
    digest = hashlib.sha256((CASES / "tables" / "churn" / CHURN).read_bytes()).hexdigest()
    assert {statement.node.element for statement in reading.statements} == {node}
    assert all(statement.observed for statement in reading.statements)
    assert values(reading, "numberOfInstances") == [5]
    assert values(reading, "contentHash") == [f"sha256:{digest}"]
    assert reading.complete == ((node, "field"),)


def test_each_column_has_the_narrowest_type_of_its_values() -> None:
    assert types(read_case(tables, "churn", CHURN)) == {
        "customer": "string",
        "age": "integer",
        "monthly_fee": "double",
        "plan": "string",
        "since": "date",
        "active": "boolean",
        "comment": "string",
        "churned": "integer",
    }


def test_a_column_of_numbers_has_figures_and_no_labels() -> None:
    assert figures(read_case(tables, "churn", CHURN), "age") == {
        "valueCount": 4,
        "missingCount": 1,
        "smallest": 27.0,
        "largest": 63.0,
        "mean": 43.75,
        "standardDeviation": pytest.approx(16.317169),
        "quantiles": "27 34 51 63",
    }


def test_a_column_of_labels_has_counts_and_no_figures() -> None:
    reading = read_case(tables, "churn", CHURN)

    assert figures(reading, "plan") == {
        "valueCount": 5,
        "missingCount": 0,
        "basic": 2,
        "plus": 2,
        "None": 1,
    }
    assert figures(reading, "active") == {
        "valueCount": 5,
        "missingCount": 0,
        "true": 3,
        "false": 2,
    }


def test_a_field_may_be_null_where_values_are_missing_and_else_nothing_is_said() -> None:
    reading = read_case(tables, "churn", CHURN)

    assert values(reading, "nullable", "age") == [True]
    assert values(reading, "nullable", "plan") == []


def test_what_is_said_of_a_column_points_at_its_header_or_at_the_record_that_tells() -> None:
    reading = read_csv_lines("\n\nage,plan\n1,a\n\n2.5,b\n?,c\n0.5,d\n")

    places = {
        (statement.attribute, statement.place.line)
        for statement in reading.statements
        if statement.node.parts[:1] == (("field", "age"),)
    }
    assert {place for place in places if place[1] != 3} == {
        ("dataType", 6),
        ("valueType", 6),
        ("largest", 6),
        ("smallest", 8),
    }


def test_where_a_value_stands_is_told_beyond_broken_and_long_records() -> None:
    body = "".join(f'{number},"a\nb"\n' if number % 9 else f"{number}\n" for number in range(900))
    text = f"n,text\n{body}5000,x\n"

    reading = read_csv_lines(text)

    largest = next(s for s in reading.statements if s.attribute == "largest")
    assert (largest.value, largest.place.line) == (5000.0, len(text.splitlines()))


def read_csv_lines(text: str) -> Reading:
    with TemporaryDirectory() as folder:
        return read_csv(Path(folder), text)


def test_what_is_left_unsaid_has_its_reason() -> None:
    said = reasons(read_case(tables, "churn", CHURN))

    assert said.splitlines() == [
        "1: first column: the index that a tool wrote is no field",
        "1: age: `NA` (1 times) taken for no value",
        "1: monthly_fee: `?` (1 times) taken for no value",
        "1: plan: `None` (1 times) taken for a value, as other tools may not",
        "1: since: the first and the last of its dates are not stated",
    ]


def test_a_hundred_quantiles_describe_what_is_longer(tmp_path: Path) -> None:
    text = "n\n" + "".join(f"{number}\n" for number in range(1001))

    quantiles = str(figures(read_csv(tmp_path, text), "n")["quantiles"]).split()

    assert quantiles == [str(number) for number in range(0, 1001, 10)]


def test_a_column_without_a_value_has_no_type(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a,b\n1,\n2,NA\n")

    assert types(reading) == {"a": "integer"}
    assert figures(reading, "b") == {"valueCount": 0, "missingCount": 2}
    assert "b: it has no value in any record" in reasons(reading)


def test_a_header_alone_is_a_table_without_records(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a,b")

    assert (columns(reading), values(reading, "numberOfInstances")) == (["a", "b"], [0])
    assert figures(reading, "a") == {}
    assert problems(reading) == []


def test_decimal_commas_stay_text_without_figures(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, 'cement,age\n"540,0 ",28\n"332,5 ",270\n')

    assert types(reading) == {"cement": "string", "age": "integer"}
    assert figures(reading, "cement") == {"valueCount": 2, "missingCount": 0}
    assert "1: cement: numbers with decimal commas are text" in reasons(reading)


def test_labels_are_stated_only_where_they_come_again(tmp_path: Path) -> None:
    rows = "".join(f"key {number},c{number % 30},{'x' * 300}\n" for number in range(90))
    reading = read_csv(tmp_path, f"key,code,text\n{rows}")

    assert len(figures(reading, "code")) == 2 + 30
    assert set(figures(reading, "key")) == {"valueCount", "missingCount"}
    assert "1: key: its labels are not stated: most occur only once" in reasons(reading)
    assert "1: text: its labels are not stated: they are too many, or too long" in reasons(reading)


def test_a_table_has_no_more_labels_than_a_graph_can_bear(tmp_path: Path) -> None:
    header = ",".join(f"c{place}" for place in range(30))
    rows = "".join(",".join([f"v{number % 400}"] * 30) + "\n" for number in range(1200))
    reading = read_csv(tmp_path, f"{header}\n{rows}")

    assert values(reading, "occurrences") == []
    assert sum(s.attribute == "occurrences" for s in reading.statements) == 10_000
    assert "c29: its labels are not stated: the table has more than 10,000" in reasons(reading)


# -- how text is written --------------------------------------------------------------------------

CITIES = "name,city\nJosé,Köln\nZoë,Málaga\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_text_is_read_in_its_encoding(encoding: str, tmp_path: Path) -> None:
    reading = read_csv(tmp_path, CITIES.encode(encoding))

    assert set(figures(reading, "city")) == {"valueCount", "missingCount", "Köln", "Málaga"}
    assert columns(reading) == ["name", "city"]
    assert problems(reading) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_letter_far_inside_tells_the_encoding(encoding: str, tmp_path: Path) -> None:
    # The pieces in which text comes in end within the letters of one row or another.
    for size in (65_519, 65_520, 65_521, 150_000):
        text = f"a,b\n{'x' * 99},y\n" * (size // 105) + "z" * (size % 105) + ",größe\n"
        reading = read_csv(tmp_path, text.encode(encoding))
        assert figures(reading, "b")["größe"] == 1, size


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ", "])
def test_the_delimiter_is_found_out(delimiter: str, tmp_path: Path) -> None:
    rows = [["a", "b", "c"], ["1", "x y", '"p,q;r|s"'], ["2", "", "u"]]
    reading = read_csv(tmp_path, "".join(f"{delimiter.join(row)}\n" for row in rows))

    assert columns(reading) == ["a", "b", "c"]
    assert figures(reading, "c")["p,q;r|s"] == 1


def test_commas_in_numbers_do_not_cut_what_semicolons_cut(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a;b\n1,5;2,5\n1,25;2,25\n")

    assert columns(reading) == ["a", "b"]
    assert "decimal commas" in reasons(reading)


def test_a_table_of_tabs_is_not_cut_at_commas(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a,b\tc\n1,2\t3\n", "a.tsv")

    assert columns(reading) == ["a,b", "c"]


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "text\none, two\nthree\n\nfour\n")

    assert (columns(reading), values(reading, "numberOfInstances")) == (["text"], [3])
    assert problems(reading) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_within_quotes_end_no_record(end: str, tmp_path: Path) -> None:
    reading = read_csv(tmp_path, f'a,b{end}1,"x{end}y"{end}2,z{end}')

    assert values(reading, "numberOfInstances") == [2]
    assert figures(reading, "b")[f"x{end}y"] == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("age,plan\n1,a\n", ["age", "plan"]),
        ("country,2019,2020\nFR,1.5,2.5\n", ["country", "2019", "2020"]),
        ("label,0,1,2\n7,0,0,255\n", ["label", "0", "1", "2"]),
        ("0,1,2\n25.0,122.0,45.0\n", ["0", "1", "2"]),
        (",0\n0,24.45\n", ["0"]),
        ("2023-01-01,b\n1,2\n", ["2023-01-01", "b"]),
        ("Unnamed: 0,a\n0,5\n", ["a"]),
        ("a,b,,\n1,2,,\n3,4,,\n", ["a", "b"]),
        ("a,b\nr1,1,2\nr2,3,4\n", ["a", "b"]),
        ("a,b\n1,2,\n3,4,\n", ["a", "b"]),
    ],
)
def test_the_first_row_names_the_columns(text: str, names: list[str], tmp_path: Path) -> None:
    reading = read_csv(tmp_path, text)

    assert columns(reading) == names
    assert problems(reading) == []


@pytest.mark.parametrize(
    "text",
    [
        "5.1,3.5,setosa\n4.9,3.0,setosa\n",
        "39,State-gov,77516\n50,Private,83311\n",
        "6,148,72\n1,85,66\n",
        "0,1\n1,0\n",
        "2004-01-02,up\n2004-01-05,down\n",
        "True,a\nFalse,b\n",
        "1.5,2.5\n",
    ],
)
def test_where_the_first_row_is_data_nothing_is_guessed(text: str, tmp_path: Path) -> None:
    reading = read_csv(tmp_path, text)

    assert {statement.attribute for statement in reading.statements} == {"contentHash"}
    assert reading.complete == ()
    assert problems(reading)[0][0] == 1
    assert "names no columns" in problems(reading)[0][1]


# -- what is broken in part -----------------------------------------------------------------------


def test_rows_that_do_not_fit_are_counted_and_told_once(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, 'a,b\n1,"x\ny"\n1,2,3\n4\n5,z\n6,z\n7,z\n')

    assert values(reading, "numberOfInstances") == [6]
    assert figures(reading, "a")["quantiles"] == "1 5 6 7"
    assert problems(reading) == [
        (4, "2 rows do not have the 2 cells of the header. Their values are left out.")
    ]


def test_a_quote_that_is_never_closed_ends_the_table(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, 'a,b\n1,x\n2,"y\n3,z\n')

    assert values(reading, "numberOfInstances") == [1]
    assert problems(reading) == [(3, "A quote is opened in this record and never closed.")]


def test_columns_of_one_name_are_not_described(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a,a,b\n1,2,3\n")

    assert (columns(reading), types(reading)) == (["a", "b"], {"b": "integer"})
    assert problems(reading) == [(1, "2 columns are called a. Name them apart: none is described.")]
    assert reading.complete


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("a,,b,\n1,2,3,4\n", ["a", "b"], "Column 2 has no name, nor have 1 more"),
        (f"{'x' * 501},b\n1,2\n", ["b"], "A column's name has 501 characters"),
    ],
)
def test_where_a_column_has_no_name_the_fields_are_not_complete(
    text: str, names: list[str], told: str, tmp_path: Path
) -> None:
    reading = read_csv(tmp_path, text)

    assert columns(reading) == names
    assert reading.complete == ()
    assert told in problems(reading)[0][1]


def test_too_many_columns_are_counted_and_not_read(tmp_path: Path) -> None:
    header = ",".join(f"c{place}" for place in range(2001))
    reading = read_csv(tmp_path, f"{header}\n{'1,' * 2000}1\n")

    assert (columns(reading), values(reading, "numberOfInstances")) == ([], [1])
    assert problems(reading)[0][1].startswith("The table has 2,001 columns, and at most 2,000")


def test_what_git_keeps_elsewhere_is_known_by_its_digest(tmp_path: Path) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    pointer = f"version https://git-lfs.example/spec/v1\noid sha256:{digest}\nsize 12345\n"
    reading = read_csv(tmp_path, pointer, "a.parquet")

    assert values(reading, "contentHash") == [f"sha256:{digest}"]
    assert not reading.statements[0].observed
    assert problems(reading) == [
        (1, "The data are not here but in Git LFS. Fetch them with `git lfs pull`.")
    ]


# -- JSON Lines -----------------------------------------------------------------------------------

LINES = """
{"id": 1, "plan": "basic", "fee": 9.5, "open": true, "tags": ["a"], "zip": "01099"}
{"id": 2, "plan": null, "fee": 12, "open": false, "tags": [], "zip": "10115", "note": "late"}
{"id": 3.5, "plan": "plus", "fee": null, "open": true, "tags": {}, "zip": "10117"}
"""


def test_a_record_a_line_has_its_keys_for_columns(tmp_path: Path) -> None:
    reading = read_text(tables, tmp_path, "a.jsonl", LINES)

    assert columns(reading) == ["id", "plan", "fee", "open", "tags", "zip", "note"]
    assert types(reading) == {
        "id": "double",
        "plan": "string",
        "fee": "double",
        "open": "boolean",
        "zip": "string",
        "note": "string",
    }
    assert figures(reading, "plan") == {"valueCount": 2, "missingCount": 1, "basic": 1, "plus": 1}
    assert figures(reading, "note")["missingCount"] == 2
    assert "tags: its values are of several kinds" in reasons(reading)
    assert next(s.place.line for s in reading.statements if s.attribute == "dataType") == 4
    assert problems(reading) == []


def test_a_key_of_lists_and_numbers_has_no_type_however_near_they_stand(tmp_path: Path) -> None:
    lines = '{"a": [1]}\n{"a": 1}\n{"a": [2]}\n'
    reading = read_text(tables, tmp_path, "a.jsonl", lines)

    assert types(reading) == {}
    assert "a: its values are of several kinds" in reasons(reading)


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_json_lines_under_another_name_are_read_and_told(name: str, tmp_path: Path) -> None:
    reading = read_text(tables, tmp_path, name, LINES)

    assert columns(reading)[0] == "id"
    assert "The file is JSON Lines, not" in problems(reading)[0][1]


def test_text_named_parquet_is_read_and_told(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, "a,b\n1,2\n", "a.parquet")

    assert columns(reading) == ["a", "b"]
    assert "The file is text, not Parquet as its name says" in problems(reading)[0][1]


def test_what_only_the_slower_reader_of_json_takes_is_read_too(tmp_path: Path) -> None:
    lines = '\ufeff{"a": 36893488147419103232, "b": "\\ud800"}\n{"a": 7, "b": "x", "c": NaN}\n'
    reading = read_text(tables, tmp_path, "a.jsonl", lines)

    assert types(reading) == {"a": "integer", "b": "string", "c": "double"}
    assert figures(reading, "a")["largest"] == 2.0**65
    assert problems(reading) == []


def test_lines_that_hold_no_object_are_counted(tmp_path: Path) -> None:
    deep = "[" * 100_000
    reading = read_text(
        tables, tmp_path, "a.jsonl", f'{{"a": 1}}\n{deep}\n{{"a": 2}}\n{{"a": 5}}\n'
    )

    assert problems(reading) == [(2, "1 line is no JSON object. They are left out.")]
    assert next(s.place.line for s in reading.statements if s.attribute == "largest") == 4


# -- large tables ---------------------------------------------------------------------------------


def large(*columns: Callable[[int], object], rows: int = 40_000) -> str:
    """A table of more bytes than are read line by line, a function a column."""
    header = ",".join(f"c{place}" for place in range(len(columns)))
    body = "".join(",".join(str(make(row)) for make in columns) + "\n" for row in range(rows))
    return f"{header}\n{body}"


MIXED = large(
    lambda row: row,
    lambda row: f"{row * 7919 % 40_000 / 8:.3f}",
    lambda row: row % 90 if row % 13 else "NA",
    lambda row: ["red", "green", "None"][row % 3],
    lambda row: f"2024-0{1 + row % 9}-1{row % 10}",
    lambda row: ("True", "false")[row % 2],
    lambda row: row if row < 30_000 else f"{row}.5",
    lambda row: row if row != 33_333 else "many",
    lambda row: f"00{row}" if row == 35_000 else row,
    lambda row: f" {row}.0 ",
    lambda row: f"2024-01-01T00:{row % 60:02d}:00Z",
    lambda row: row * 10**15,
    lambda row: f"word {row * row}",
    lambda _: "",
    lambda row: (" red", "red", "green ")[row % 3],
    lambda row: ("1.5", "-0.5", "?", "", "2")[row % 5],
    lambda row: ("1e301", "2")[row % 2],
    lambda row: "x" * 201 if row == 20_000 else "y",
    lambda row: ("12", "7")[row % 2] if row < 39_000 else "007",
)


@pytest.mark.parametrize("quoted", [False, True])
def test_a_large_table_is_read_with_pyarrow_as_it_is_without(
    quoted: bool,  # noqa: FBT001 (given by the table above)
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = MIXED.replace("red", '"red, or ""so"""') if quoted else MIXED
    assert len(text) > WORTHWHILE
    fast = read_csv(tmp_path, text)
    monkeypatch.setattr(tables, "WORTHWHILE", 1 << 40)
    slow = read_csv(tmp_path, text)

    assert len(fast.statements) == len(slow.statements)
    for one, other in zip(fast.statements, slow.statements, strict=True):
        assert (one.node, one.attribute, one.place) == (other.node, other.attribute, other.place)
        if one.attribute == "quantiles":
            figures = [[float(word) for word in str(s.value).split()] for s in (one, other)]
            assert figures[0] == pytest.approx(figures[1], rel=0.02, abs=300)
        elif isinstance(one.value, float):
            assert one.value == pytest.approx(other.value, rel=1e-9)
        else:
            assert one.value == other.value
    assert (fast.problems, fast.passed_over) == (slow.problems, slow.passed_over)


@pytest.mark.parametrize(
    "tail",
    ["1,2,3\n", '1,"x\ny"\n', "\n\n5,6\n", '1,x "y" z\n', '1, "x"\n', "1,größe", "7\r8,9\n"],
)
def test_a_large_table_that_is_not_plain_is_read_all_the_same(
    tail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = large(lambda row: row, lambda row: f"text {row % 50}", rows=90_000) + tail
    data = text.encode("cp1252")
    fast = read_csv(tmp_path, data)
    monkeypatch.setattr(tables, "WORTHWHILE", 1 << 40)

    assert values(fast, "numberOfInstances") == values(
        read_csv(tmp_path, data), "numberOfInstances"
    )
    assert figures(fast, "c1") == figures(read_csv(tmp_path, data), "c1")


# -- what cannot be read --------------------------------------------------------------------------

CSV = b"a,b\n1,2\n3,4\n"
PARQUET = packed({"a": [1, 2, None], "b": ["x", "y", "x"]})
LENGTH = int.from_bytes(PARQUET[-8:-4], "little")

BROKEN: dict[str, tuple[str, Callable[[], bytes], str, int | None]] = {
    "empty": ("a.csv", lambda: b"", "empty", None),
    "blank": ("a.csv", lambda: b" \n\n\t\n", "empty", None),
    "mark-alone": ("a.csv", lambda: b"\xff\xfe", "empty", None),
    "blanks-without-end": ("a.csv", lambda: b" " * 300_000, "empty", None),
    "zeros": ("a.csv", lambda: bytes(100_000), "binary data", None),
    "nul": ("a.csv", lambda: CSV + b"5,\x006\n" + CSV * 9, "NUL byte", 4),
    "nul-far-inside": ("a.csv", lambda: CSV * 20_000 + b"\x00", "NUL byte", 60_001),
    "pickle": ("a.csv", lambda: b"\x80\x04\x95\x01\x02" + bytes(90), "a Python pickle", None),
    "zip": ("a.csv", lambda: b"PK\x03\x04" + bytes(range(256)) * 4, "a ZIP archive", None),
    "controls": ("a.csv", lambda: bytes(range(1, 32)) * 20, "binary data", None),
    "page": ("a.csv", lambda: b"\n<!DOCTYPE html>\n<p>404, gone</p>\n", "an HTML page", None),
    "json": ("a.csv", lambda: b'[{"a": 1, "b": 2}]', "JSON", None),
    "utf-8-broken": ("a.csv", lambda: "é,b\n".encode() + b"1,\xe9\n", "not UTF-8", 2),
    "utf-8-broken-later": (
        "a.csv",
        lambda: "é,b\n".encode() + b"1,2\n" * 20_000 + b"1,\xe9\n",
        "not UTF-8",
        20_002,
    ),
    "cp1252-broken": ("a.csv", lambda: CSV * 9_000 + b"1,\x81\n" + CSV, "not UTF-8", 27_001),
    "utf-16-broken": ("a.csv", lambda: CITIES.encode("utf-16")[:-1], "not UTF-16", 3),
    "too-few-cells": ("a.csv", lambda: b"a,b,c\n" + b"1,2\n" * 9, "9 of 9 rows", 2),
    "title-first": ("a.csv", lambda: b"Sales 2024\n\na,b\n" + b"1,2\n" * 9, "10 of 10 rows", 3),
    "header-without-end": ("a.csv", lambda: b'a,"b\n1,2\n', "no end", 1),
    "quote-without-end": ("a.csv", lambda: CSV + b'1,"' + b"x\n" * 99_999, "field limit", 4),
    "lines-without-end": ("a.csv", lambda: CSV + b"1," * 600_000, "1,048,576", 4),
    "record-without-end": (
        "a.csv",
        lambda: CSV + (b'"' + b"x" * 90_000 + b'\n",') * 12,
        "1,048,576",
        15,
    ),
    "blank-lines": ("a.csv", lambda: CSV + b"\n" * 1_000_001, "blank lines", 1_000_003),
    "not-parquet": ("a.parquet", lambda: bytes(100), "not Parquet", None),
    "parquet-empty": ("a.parquet", lambda: b"", "empty", None),
    "magic-alone": ("a.parquet", lambda: b"PAR1", "cut off", None),
    "parquet-cut-off": ("a.parquet", lambda: PARQUET[:-10], "cut off", None),
    "footer-too-long": ("a.parquet", lambda: PARQUET[:-8] + b"\xff" * 4 + b"PAR1", "cut off", None),
    "footer-of-zeros": (
        "a.parquet",
        lambda: PARQUET[: -8 - LENGTH] + bytes(LENGTH) + PARQUET[-8:],
        "broken",
        None,
    ),
    "footer-without-measure": (
        "a.parquet",
        lambda: b"PAR1" + bytes(17 << 20) + (17 << 20).to_bytes(4, "little") + b"PAR1",
        "footer",
        None,
    ),
    "encrypted": ("a.parquet", lambda: PARQUET[:-4] + b"PARE", "encrypted", None),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_refused_with_its_cause(case: str, tmp_path: Path) -> None:
    name, make, cause, line = BROKEN[case]

    with pytest.raises(DescriptorInvalid, match=cause) as refused:
        read_text(tables, tmp_path, name, make())

    assert refused.value.line == line
    assert refused.value.hint


READER = """
import sys, time
from pathlib import Path, PurePosixPath
from kg.errors import DescriptorError
from kg.importers import tables
from kg.importers._streamed import WORTHWHILE
from kg.statements import Source

def peak():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024

before = peak()
for name in sys.argv[1:]:
    with open(name, "rb") as stream:
        source = Source(PurePosixPath(name), Path(name), stream.read(4096), "")
    begun = time.perf_counter()
    try:
        tables.read(source)
    except DescriptorError:
        pass
    print(peak() - before, time.perf_counter() - begun, name)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc tells the memory")
def test_no_file_takes_more_memory_or_time_than_is_allowed(tmp_path: Path) -> None:
    shared = pa.DictionaryArray.from_arrays([0] * 3000, ["x" * 500_000])
    made = {
        "sparse.csv": b"",
        "sparse-below-a-header.csv": CSV,
        "sparse.parquet": b"PAR1",
        "one-line.csv": b"a,b\n" + b"x" * (5 << 20),
        "delimiters.csv": b"," * (5 << 20),
        "wide.csv": b"\n".join(
            [b",".join(b"c%d" % n for n in range(2000))] + [b"1.5," * 2000] * 99
        ),
        "long-cells.csv": b"a,b\n" + (b"x" * 120_000 + b",y\n") * 300,
        "shared-text.parquet": packed({"a": shared}, compression="zstd"),
        "one-value.parquet": packed({"a": pa.nulls(30_000_000, pa.int64())}),
        "one-page.parquet": packed(
            {"a": ["x" * (60 << 20)]}, compression="zstd", use_dictionary=False
        ),
    }
    for name, content in made.items():
        with (tmp_path / name).open("wb") as stream:
            stream.write(content)
            if name.startswith("sparse"):
                stream.truncate(1 << 30)
    told = subprocess.run(
        [sys.executable, "-c", READER, *(str(tmp_path / name) for name in made)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    megabytes, seconds, _ = zip(*map(str.split, told.stdout.splitlines()), strict=True)
    assert len(megabytes) == len(made)
    assert max(map(int, megabytes)) < 200, told.stdout
    assert max(map(float, seconds)) < 5, told.stdout


def test_a_long_table_is_never_held_as_a_whole(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number / 7},city {number},x\n" for number in range(40_000))
    (tmp_path / "a.csv").write_text(f"i,d,s,t\n{rows}")
    given_source = source(tmp_path, "a.csv")
    tracemalloc.start()
    tables.read(given_source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4 << 20


# -- Parquet --------------------------------------------------------------------------------------


def test_parquet_named_csv_is_told_and_read_all_the_same() -> None:
    reading = read_case(tables, "parquet-named-csv", "data/silver/mix.csv")

    assert problems(reading) == [
        (None, "The file is Parquet, not CSV as its name says. Rename it, or write it as text.")
    ]
    assert columns(reading) == ["cement", "age", "grade", "cast"]
    assert figures(reading, "age")["quantiles"] == "28 28 270 360"
    assert reading.complete


@pytest.mark.parametrize(
    ("column", "kind", "written"),
    [
        (pa.array([1, None], pa.uint8()), "integer", "uint8"),
        (pa.array([1.0, 2.0]), "double", "double"),
        (pa.array([1.0, 2.0], pa.float16()), "double", "halffloat"),
        (pa.array([Decimal("1.50")], pa.decimal128(5, 2)), "double", "decimal128(5, 2)"),
        (pa.array([True]), "boolean", "bool"),
        (pa.array(["12", "13"]), "string", "string"),
        (pa.array(["a"], pa.large_string()), "string", "large_string"),
        (
            pa.array(["a"]).dictionary_encode(),
            "string",
            "dictionary<values=string, indices=int32, ordered=0>",
        ),
        (pa.array([date(2024, 1, 1)]), "date", "date32[day]"),
        (
            pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC")),
            "date-time",
            "timestamp[us, tz=UTC]",
        ),
        (pa.array([1], pa.time64("us")), "time", "time64[us]"),
        (pa.array([1], pa.duration("us")), "duration", "duration[us]"),
        (pa.array([b"\xff"]), "binary", "binary"),
        (pa.array([[1]]), "array", "list<element: int64>"),
        (pa.array([{"x": 1}]), "object", "struct<x: int64>"),
        (pa.nulls(1), None, "null"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_type_is_that_of_the_schema(
    column: object, kind: str | None, written: str, tmp_path: Path
) -> None:
    reading = read_packed(tmp_path, {"a": column})

    assert values(reading, "dataType", "a") == ([kind] if kind else [])
    assert values(reading, "typeName", "a") == [written]
    assert problems(reading) == []


def test_parquet_has_the_figures_of_its_values_over_all_row_groups(tmp_path: Path) -> None:
    table = {
        "a": [1, 2, None, 4, 5],
        "a.b": [1.5, float("nan"), 2.5, float("inf"), 3.5],
        "c": ["x", None, "y", "x", "x"],
        "day": [date(2024, 1, 1), None, None, date(2024, 1, 2), None],
        "list": [[1], [2], None, [], [3]],
        "__index_level_0__": [5, 6, 7, 8, 9],
    }
    reading = read_packed(tmp_path, table, row_group_size=2)

    assert values(reading, "numberOfInstances") == [5]
    assert figures(reading, "a")["quantiles"] == "1 2 4 5"
    assert figures(reading, "a.b")["quantiles"] == "1.5 2.5 3.5"
    assert figures(reading, "c") == {"valueCount": 4, "missingCount": 1, "x": 3, "y": 1}
    assert figures(reading, "day") == {"valueCount": 2, "missingCount": 3}
    assert figures(reading, "list") == {}
    assert columns(reading) == ["a", "a.b", "c", "day", "list"]
    assert "None: list: values of its type have no figures here" in reasons(reading)


def test_texts_of_parquet_are_told_alike_however_they_are_stored(tmp_path: Path) -> None:
    table = {
        "few": ["red", " red", "NA", "blue", None, "None"] * 5000,
        "many": [f"word {row % 3000}" if row % 7 else "?" for row in range(30_000)],
        "keys": [f"key {row}" for row in range(30_000)],
        "late": [f"n{row % 40}" if row < 25_000 else f"key {row}" for row in range(30_000)],
    }
    found = [
        read_packed(tmp_path, table, row_group_size=10_000, **options)
        for options in (
            {"use_dictionary": False},
            {"use_dictionary": True},
            {"use_dictionary": True, "dictionary_pagesize_limit": 500, "data_page_size": 1000},
        )
    ]

    for column in table:
        assert figures(found[0], column) == figures(found[1], column) == figures(found[2], column)
    assert figures(found[1], "few")["red"] == 10_000
    assert reasons(found[0]) == reasons(found[1]) == reasons(found[2])
    assert "many: `?` (4,286 times) taken for no value" in reasons(found[1])


def test_texts_that_come_again_in_parquet_are_counted_with_gaps(tmp_path: Path) -> None:
    cells = ["a", None, " a", "NA", "b", "b"] * 500
    reading = read_packed(tmp_path, {"t": cells})

    assert figures(reading, "t") == {"valueCount": 2000, "missingCount": 1000, "a": 1000, "b": 1000}


def test_parquet_without_records_still_has_its_columns(tmp_path: Path) -> None:
    reading = read_packed(tmp_path, {"a": pa.array([], pa.string()), "b": pa.array([], "int64")})

    assert types(reading) == {"a": "string", "b": "integer"}
    assert values(reading, "numberOfInstances") == [0]
    assert figures(reading, "a") == {}


def test_a_broken_column_does_not_harm_the_others(tmp_path: Path) -> None:
    whole = packed({"a": ["x" * 50] * 9, "b": [1] * 9}, compression="none", use_dictionary=False)
    reading = read_text(tables, tmp_path, "a.parquet", whole[:4] + bytes(12) + whole[16:])

    assert columns(reading) == ["a", "b"]
    assert figures(reading, "b")["mean"] == 1.0
    ((_, told),) = problems(reading)
    assert told.startswith("a cannot be read: ")


def test_a_footer_that_counts_other_records_is_told(tmp_path: Path) -> None:
    # Thrift writes the field after the schema, and zigzags the three records to a six.
    footer = PARQUET[-8 - LENGTH :].replace(b"\x16\x06\x19", b"\x16\x08\x19")
    reading = read_text(tables, tmp_path, "a.parquet", PARQUET[: -8 - LENGTH] + footer)

    assert values(reading, "numberOfInstances") == []
    assert problems(reading) == [
        (None, "The footer contradicts itself over the number of records.")
    ]


def test_what_unpacks_to_far_more_than_its_size_is_not_unpacked(tmp_path: Path) -> None:
    reading = read_packed(tmp_path, {"a": pa.nulls(30_000_000, pa.int64())})

    assert types(reading) == {"a": "integer"}
    assert values(reading, "numberOfInstances") == [30_000_000]
    assert figures(reading, "a") == {}
    assert "unpacks to far more" in problems(reading)[0][1]


def test_without_pyarrow_parquet_is_a_problem_that_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(PARQUET)
    (tmp_path / "b.csv").write_bytes(CSV)
    program = f"""
import sys
sys.modules["pyarrow"] = None
from pathlib import Path, PurePosixPath
from kg.importers import tables
from kg.importers._streamed import WORTHWHILE
from kg.statements import Source
for name in ("a.parquet", "b.csv"):
    location = Path({str(tmp_path)!r}) / name
    reading = tables.read(Source(PurePosixPath(name), location, location.read_bytes()[:9], ""))
    print([s.attribute for s in reading.statements][-1], [p.message for p in reading.problems])
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout.splitlines() == [
        "contentHash ['Parquet needs the extra `data`. Install `ml-mismatch[data]`.']",
        "contentHash []",
    ]


# -- whatever comes -------------------------------------------------------------------------------


def read_anything(content: bytes, name: str) -> Reading | None:
    """What is read of the content, or nothing where it is refused as it should be."""
    with TemporaryDirectory() as folder:
        location = Path(folder) / name
        location.write_bytes(content)
        given_source: Source = source(Path(folder), name)
        try:
            return tables.read(given_source)
        except DescriptorError:
            return None


CELLS = st.sampled_from(["a", "b", "1", "2.5", "", '"', '""', "é", "\r", "1,5", "NA", "2023-01-01"])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.tsv", "a.parquet"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    read_anything(content, name)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS | st.text(max_size=3), max_size=5), max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_rows_are_read_or_refused(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    reading = read_anything(text.encode(encoding, "replace"), "a.csv")
    for statement in reading.statements if reading else ():
        assert statement.value == statement.value, "a figure is not a number"


# Chance must not decide whether a run meets a fault of pyarrow, some of which end the process.
@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.integers(4, len(PARQUET) - 9) | st.integers(len(PARQUET) - 8 - LENGTH, len(PARQUET) - 9),
    st.binary(min_size=1, max_size=4),
)
def test_any_change_to_parquet_is_read_or_refused(place: int, written: bytes) -> None:
    changed = PARQUET[:place] + written + PARQUET[place + len(written) :]
    read_anything(changed[: len(PARQUET) - 4] + b"PAR1", "a.parquet")
