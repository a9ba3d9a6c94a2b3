"""Cards of the Model Card Toolkit: data by their names, slices, how a card is known."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import model_card_toolkit
from tests.importing import elements, problems, read_case, read_text, reasons, source, values


def test_data_that_are_only_called_by_their_role_are_passed_over() -> None:
    reading = read_case(model_card_toolkit, "filled-card", "cards/cats.json")

    assert values(reading, "trainingDataIdentifier") == ["pets 2023, training split"]
    assert "Training Set: which data these are is not said" in reasons(reading)
    assert values(reading, "name", "pets 2023, test split") == ["pets 2023, test split"]


def test_a_slice_may_tell_the_split() -> None:
    reading = read_case(model_card_toolkit, "beside-a-model", "model/model_card.json")

    assert values(reading, "result", "validation MAE") == [4.2]
    assert [message for _, message in problems(reading)] == ["A result has no type or no value"]
    assert ("TrainedModel", "model", True) in elements(reading)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"model_details": {}}', True),
        ('{"schema_version": "0.0.2", "model_parameters": {}}', True),
        ('{"model_details": []}', False),
        ('{"name": "x", "model_details": {}}', False),
    ],
)
def test_a_toolkits_card_is_known_by_how_it_begins(
    tmp_path: Path, text: str, wanted: object
) -> None:
    (tmp_path / "card.json").write_text(text)

    assert model_card_toolkit.claims(source(tmp_path, "card.json")) is wanted


def test_a_list_is_no_card(tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(model_card_toolkit, tmp_path, "model_card_toolkit.json", "[]")
