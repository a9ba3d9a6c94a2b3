"""Croissant: what is read off files that keep to the rules, and off those that do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.importers import croissant
from kg.statements import Reading
from tests.importing import problems, read_case, read_text, reasons, values

CONTEXT = {
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
}


def read_fields(folder: Path, *fields: dict[str, Any], **said: object) -> Reading:
    """What is read off a file of that many fields, each of a column of its name."""
    source = {"fileObject": {"@id": "t.csv"}}
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "t",
        "distribution": [{"@type": "cr:FileObject", "@id": "t.csv", "contentUrl": "t.csv", **said}],
        "recordSet": [
            {
                "field": [
                    {"source": {**source, "extract": {"column": one["name"]}}, **one}
                    for one in fields
                ]
            }
        ],
    }
    return read_text(croissant, folder, "croissant.json", json.dumps(document))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("sc:Text", "string"),
        ("sc:URL", "string"),
        ("cr:Int64", "integer"),
        ("cr:UInt8", "integer"),
        ("cr:Float32", "double"),
        ("sc:Number", "double"),
        ("sc:Boolean", "boolean"),
        ("sc:DateTime", "date-time"),
        ("sc:ImageObject", "image"),
    ],
)
def test_a_type_is_known_by_its_last_word(written: str, kind: str, tmp_path: Path) -> None:
    reading = read_fields(tmp_path, {"name": "a", "dataType": written})

    assert values(reading, "dataType", "a") == [kind]
    assert problems(reading) == []


def test_a_type_that_is_not_known_is_kept_as_it_is_written(tmp_path: Path) -> None:
    reading = read_fields(tmp_path, {"name": "a", "dataType": "cr:Tensor"})

    assert values(reading, "dataType", "a") == []
    assert values(reading, "typeName", "a") == ["Tensor"]


def test_values_that_are_worked_out_say_nothing_of_their_column(tmp_path: Path) -> None:
    reading = read_fields(tmp_path, {"name": "a", "dataType": "sc:Integer", "repeated": True})

    assert values(reading, "dataType", "a") == []
    assert "its values are not those of the column" in reasons(reading)


def test_a_statement_stands_where_its_node_or_key_does() -> None:
    reading = read_case(croissant, "with-responsible-use", "croissant.json")

    lines = {s.attribute: s.place.line for s in reading.statements}
    assert (lines["licence"], lines["knownIssues"], lines["recordedSize"]) == (24, 29, 39)


@pytest.mark.parametrize(
    ("size", "stated"), [("100 B", [100]), ("100", [100]), (100, [100]), ("1.2 MB", [])]
)
def test_only_a_size_in_bytes_can_be_held_to(
    size: object, stated: list[int], tmp_path: Path
) -> None:
    reading = read_fields(tmp_path, {"name": "a"}, contentSize=size)

    assert values(reading, "recordedSize", "t.csv") == stated


def test_what_is_no_digest_is_passed_over(tmp_path: Path) -> None:
    reading = read_fields(tmp_path, {"name": "a"}, sha256="https://example.org/later", md5="0" * 32)

    assert values(reading, "recordedDigest", "t.csv") == [f"md5:{'0' * 32}"]
    assert "https://example.org/later is no sha256" in reasons(reading)


@pytest.mark.parametrize(
    "address", ["https://example.org/t.csv", "/etc/passwd", "../../t.csv", "~/t.csv", ""]
)
def test_a_file_elsewhere_is_not_taken_for_one_of_the_project(address: str, tmp_path: Path) -> None:
    reading = read_fields(tmp_path, {"name": "a"}, contentUrl=address, md5="0" * 32)

    assert {s.node.kind for s in reading.statements} == {"RawData"}


def test_a_context_by_address_is_never_fetched(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "@context": "https://example.org/croissant.jsonld",
            "@type": "sc:Dataset",
            "name": "a",
            "conformsTo": "http://mlcommons.org/croissant/1.1",
        }
    )
    reading = read_text(croissant, tmp_path, "croissant.json", text)

    assert values(reading, "datasetName") == ["a"]
    assert "the context at https://example.org/croissant.jsonld" in reasons(reading)


def test_what_a_wild_file_breaks_is_told_with_its_line() -> None:
    reading = read_case(croissant, "without-prefix", "dataset.json")

    assert problems(reading) == [
        (22, "The context does not define the prefix `sc`."),
        (6, "The data set is not of the type sc:Dataset."),
        (1, "It does not say to which version of Croissant it conforms."),
    ]
    assert values(reading, "dataType", "level (m)") == ["double"]
