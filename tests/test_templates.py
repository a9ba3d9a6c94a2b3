"""What `mismatch new` writes states nothing, and every example in it can be taken as it stands."""

import re
from pathlib import Path, PurePosixPath

import pytest

from kg.errors import NotFound
from kg.importers.descriptor import claims, read
from kg.projects.settings import FILE, Mapping, StatedLink, read_settings
from kg.reading import read_yaml
from kg.statements import Reading, Source
from kg.templates import Found, Guess, descriptor_file, example_lines, project_file
from kg.vocabulary import load

ELEMENTS = [element.name for element in load().concrete()]


def source(folder: Path, text: str) -> Source:
    location = folder / "descriptor.yaml"
    location.write_text(text, encoding="utf-8")
    return Source(PurePosixPath(location.name), location, text.encode()[:4096], "")


def stated(folder: Path, text: str) -> Reading:
    reading = read(source(folder, text))
    assert reading.problems == ()
    return reading


def uncommented(text: str) -> str:
    return re.sub("^# ", "", text, flags=re.MULTILINE)


# -- descriptors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_descriptor_as_written_is_claimed_and_states_nothing(
    tmp_path: Path, element: str
) -> None:
    text = descriptor_file(load(), element)

    assert claims(source(tmp_path, text))
    assert stated(tmp_path, text) == Reading()


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_example_of_an_element_is_accepted_when_uncommented(
    tmp_path: Path, element: str
) -> None:
    reading = stated(tmp_path, uncommented(descriptor_file(load(), element)))

    attributes = {a.name for a in load().attributes_of(element).values()}
    assert {s.attribute for s in reading.statements if not s.node.parts} == attributes
    assert {link.name for link in reading.links} == {
        link.name for link in load().links_of(element).values()
    }
    assert reading.passed_over == ()


def test_what_files_state_of_every_element_is_not_asked_but_shown(tmp_path: Path) -> None:
    vocabulary = load()
    known = {
        "requiredMemory": (Found("16 GB", "a/m.yaml:3", "a"), Found("2 GB", "b.yaml:1", "churn")),
        "requiredLanguage": (Found("Python", "a/m.yaml:4", "a"),),
    }
    asked, read = descriptor_file(vocabulary, "TrainedModel", known=known).split(
        "Read from files a"
    )

    assert "##   16 GB  a/m.yaml:3\n##   2 GB  churn, b.yaml:1\n# required_memory: 16 GB" in read
    assert "# required_memory:" not in asked
    assert "##   Python  a/m.yaml:4\n# required_languages:\n#   - Python" in asked
    assert "Files speak of a, churn.\n# name: a" in asked
    reading = stated(tmp_path, uncommented(asked + read))
    attributes = {a.name for a in vocabulary.attributes_of("TrainedModel").values()}
    assert {s.attribute for s in reading.statements if not s.node.parts} == attributes


def test_of_what_was_read_the_first_values_are_shown() -> None:
    known = {"requiredLanguage": [Found(f"L{n}", f"a/{n}", "a") for n in range(9)]}
    text = descriptor_file(load(), "TrainedModel", known=known)

    assert "##   L4  a/4\n##   and 4 more\n" in text


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_example_is_accepted_alone(tmp_path: Path, element: str) -> None:
    for attribute in load().attributes_of(element).values():
        lines = [f"element: {element}", *example_lines(attribute)]
        reading = stated(tmp_path, "\n".join(lines) + "\n")

        assert reading.statements[0].attribute == attribute.name


def held(part: str, lines: list[str]) -> list[str]:
    """A descriptor of some element that has a part of the class, which the lines describe."""
    vocabulary = load()
    holder = next(
        attribute
        for attribute in vocabulary.attributes.values()
        if part in vocabulary.ancestors(attribute.range.name)
    )
    named = "name" in vocabulary.attributes_of(part) and not lines[0].startswith("name:")
    item = ["name: x", *lines] if named else lines
    block = [f"{holder.key}:", "  -", *(f"    {line}" for line in item)]
    owner = next((e for e in ELEMENTS if holder.domain in vocabulary.ancestors(e)), None)
    return [f"element: {owner}", *block] if owner else held(holder.domain, block)


@pytest.mark.parametrize(
    "part", [name for name in load().parts if name not in {"Part", "NamedPart"}]
)
def test_each_example_of_a_part_is_accepted_within_it(tmp_path: Path, part: str) -> None:
    for attribute in load().attributes_of(part).values():
        text = "\n".join(held(part, example_lines(attribute))) + "\n"
        reading = stated(tmp_path, text)

        assert attribute.name in {s.attribute for s in reading.statements if s.node.parts}


def test_a_role_is_asked_for_what_it_knows_only(tmp_path: Path) -> None:
    text = descriptor_file(load(), "RawData", "policy officer")

    assert "data_rights" in text
    assert "geographic_location" not in text
    assert stated(tmp_path, text) == Reading(stated_by="policy-officer")


def test_attributes_stand_in_the_order_of_the_mismatches() -> None:
    text = descriptor_file(load(), "TrainedModel")
    places = [text.index(word) for word in ("API", "# required_memory: 16 GB", "Anything else")]

    assert places == sorted(places)


def test_comments_tell_definition_unit_choices_and_who_knows() -> None:
    text = descriptor_file(load(), "TrainedModel")

    assert "## Main memory that the model needs to serve" in text
    assert "With its unit. Who knows it: data scientist." in text
    assert max(map(len, text.splitlines())) <= 150


@pytest.mark.parametrize(("element", "role"), [("Model", None), ("TrainedModel", "wizard")])
def test_an_unknown_element_or_role_is_refused(element: str, role: str | None) -> None:
    with pytest.raises(NotFound, match="Use one of"):
        descriptor_file(load(), element, role)


# -- the project's file --------------------------------------------------------------------------

GUESS = Guess(
    id="yes: loan #1",
    roles=(("data/live set", "OperationalData"), ("*.csv", "TrainingData")),
    elements=(("deploy/a.yaml", "loan service"),),
    mappings=(("age", "customer, age"),),
    links=(("deployed_in", "model", "null"),),
)


def test_what_was_guessed_is_read_again_as_it_was(tmp_path: Path) -> None:
    text = project_file(GUESS)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    settings = read_settings(tmp_path, load())

    assert settings.problems == ()
    assert settings.id == GUESS.id
    assert tuple((path, role) for path, role, _ in settings.roles) == GUESS.roles
    assert tuple((path, name) for path, name, _ in settings.elements) == GUESS.elements
    assert [(m.source, m.target) for m in settings.mappings] == [("age", "customer, age")]
    assert [(k.name, k.source, k.target) for k in settings.links] == [
        ("deployedIn", "model", "null")
    ]
    assert text.count("# guessed") == 6


def test_nothing_guessed_is_nothing_said_but_the_id(tmp_path: Path) -> None:
    text = project_file(Guess("loan"))

    assert read_yaml(text).value == {"id": "loan"}
    (tmp_path / FILE).write_text(uncommented(text), encoding="utf-8")
    settings = read_settings(tmp_path, load())
    assert settings.problems == ()
    assert settings.include == ("models/current/**",)
    assert isinstance(settings.mappings[0], Mapping)
    assert isinstance(settings.links[0], StatedLink)
