"""The guide to extensions is followed to the letter, and leaves what it promises."""

from pathlib import Path
from types import ModuleType

import pytest

from kg import catalogue, vocabulary
from kg.comparing import Known
from kg.derive import derive
from kg.workshop.examination import examine
from tests.guides import Command, follow

GUIDE = Path(__file__).parents[1] / "docs" / "extend.md"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder in which the guide was followed, and what in it is no file and no command."""
    folder = tmp_path_factory.mktemp("guide")
    return folder, list(follow(GUIDE, folder))


def test_the_guide_works_as_written(followed: tuple[Path, list[str]]) -> None:
    folder, _ = followed
    (one,) = examine([folder / "carbon"]).extensions

    assert one.faults == ()
    assert (one.attributes, one.predicates, one.cases) == (2, 1, 3)


def test_what_the_guide_adds_is_in_the_derived_files(followed: tuple[Path, list[str]]) -> None:
    folder = followed[0] / "carbon"
    known = vocabulary.load([folder])
    derived = derive(known, catalogue.load(known, [folder]))

    assert '"emitted_carbon"' in derived["ontology/derived/context.jsonld"]
    assert '"emitted_carbon"' in derived["ontology/derived/schemas/TrainedModel.json"]
    for shapes in ("values", "stated"):
        assert "carbon:emittedCarbon" in derived[f"shapes/derived/{shapes}/TrainedModel.ttl"]
    for name, text in derived.items():
        assert (folder / name).read_text(encoding="utf-8") == text


def test_the_way_of_comparing_in_the_guide_compares(followed: tuple[Path, list[str]]) -> None:
    (text,) = followed[1]
    way = ModuleType("colour")
    exec(text, way.__dict__)  # noqa: S102 - it is our own page
    known = vocabulary.load()
    red, also = way.normalise(" Red", known), way.normalise("red", known)

    assert way.related(red, also, Known(known)).relation == "same"
    assert {way.related(red, "blue", Known(known)).relation} | {"same"} == set(way.RELATIONS)


def test_a_page_that_shows_what_is_not_printed_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="mismatch --version"):
        Command("mismatch --version", ("mismatch 9.9.9",)).run(tmp_path)
