"""Bills of materials in SPDX 3: whose model is meant, and how elements relate."""

import json
from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import spdx
from tests.importing import problems, read_case, read_text, reasons, source, values

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def test_models_beside_the_roots_of_a_document_are_taken_from_elsewhere() -> None:
    reading = read_case(spdx, "model-from-elsewhere", "docs/model.spdx.json")

    assert values(reading, "modelName") == ["tuned"]
    assert "base: a model that is taken from elsewhere" in reasons(reading)
    assert values(reading, "licence") == []


def test_relationships_tell_on_which_data_a_model_was_trained() -> None:
    reading = read_case(spdx, "two-models", "ai-bom.json")

    assert values(reading, "trainingDataIdentifier") == ["pages", "pages", "letters"]
    assert values(reading, "licence") == []
    assert "how several licences go together is not said" in reasons(reading)


def test_a_relationship_to_nothing_is_passed_over() -> None:
    reading = read_case(spdx, "one-model", "bom.spdx3.json")

    assert "testedOn leads to nothing in the document" in reasons(reading)
    assert values(reading, "licence") == ["Apache-2.0", "CC-BY-4.0"]
    assert problems(reading) == []


def test_a_document_of_software_is_claimed_and_says_nothing(tmp_path: Path) -> None:
    package = {"type": "software_Package", "spdxId": "urn:p", "name": "numpy"}
    text = json.dumps({"@context": CONTEXT, "@graph": [package]})
    reading = read_text(spdx, tmp_path, "bom.json", text)

    assert spdx.claims(source(tmp_path, "bom.json"))
    assert (reading.statements, problems(reading)) == ((), [])


def test_a_list_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(spdx, tmp_path, "spdx.json", "[]")


def test_what_is_of_another_kind_in_a_document_is_told(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(spdx, tmp_path, "bom.json", json.dumps({"@context": CONTEXT}))
    reading = read_text(spdx, tmp_path, "bom.json", json.dumps({"@graph": ["a"]}))

    assert problems(reading) == [(1, "An element is no object")]
