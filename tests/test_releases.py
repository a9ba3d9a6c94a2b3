"""What changed between two states of an ontology, whom it hurts, and which version follows."""

import json
from pathlib import Path

import pytest

from kg.cli import run
from kg.releases import Change, Level, Release, compared, read_ontology
from tests.turtle import PREFIXES

ROOT = Path(__file__).parents[1]
OLD = """
<https://w3id.org/ml-mismatch/> a owl:Ontology ; owl:versionInfo "1.4.2" .
mm:Thing a owl:Class ; rdfs:label "thing"@en .
mm:Lamp a owl:Class ; rdfs:subClassOf mm:Thing ; rdfs:label "lamp"@en .
mm:brightness a owl:DatatypeProperty ; rdfs:label "brightness"@en ;
    skos:definition "How bright it is."@en ; rdfs:domain mm:Lamp ; rdfs:range mm:share ;
    mm:unit unit:PERCENT ; mm:informs mm:dark-room .
mm:share a rdfs:Datatype ; rdfs:label "share"@en ; owl:equivalentClass
    [ owl:onDatatype xsd:double ; owl:withRestrictions ( [ xsd:maxInclusive 100e0 ] ) ] .
mm:colours a skos:ConceptScheme .
mm:red a mm:Colour ; skos:inScheme mm:colours ; skos:prefLabel "red"@en ; skos:altLabel "rouge" .
"""


def said(old: str, new: str, folder: Path) -> Release:
    for name, text in (("old.ttl", old), ("new.ttl", new)):
        (folder / name).write_text(PREFIXES + text, encoding="utf-8")
    return compared(read_ontology(folder / "old.ttl"), read_ontology(folder / "new.ttl"))


def only(old: str, new: str, folder: Path) -> Change:
    (change,) = said(OLD, OLD.replace(old, new), folder).changes
    return change


# What is put in the place of what, the aspect that changed, and what that does.
CHANGES: dict[str, tuple[str, str, str, Level]] = {
    "a label": ('"brightness"@en', '"shine"@en', "label", Level.WORDING),
    "a definition": ("How bright", "By how much bright", "definition", Level.WORDING),
    "a unit": ("unit:PERCENT", "unit:UNITLESS", "unit", Level.BREAKING),
    "a range": ("rdfs:range mm:share", "rdfs:range xsd:string", "takes", Level.BREAKING),
    "a wider domain": ("rdfs:domain mm:Lamp", "rdfs:domain mm:Thing", "stated of", Level.ADDING),
    "another domain": ("rdfs:domain mm:Lamp", "rdfs:domain mm:red", "stated of", Level.BREAKING),
    "single": ("mm:unit", "mm:single true ; mm:unit", "one value at a time", Level.BREAKING),
    "a key": ("mm:unit", 'mm:key "shine" ; mm:unit', "key", Level.BREAKING),
    "what it informs": (" ; mm:informs mm:dark-room", "", "informs", Level.ADDING),
    "a lower bound above": ("100e0", "50e0", "bounds", Level.BREAKING),
    "a higher bound above": ("100e0", "200e0", "bounds", Level.ADDING),
    "no class above": ("rdfs:subClassOf mm:Thing ; ", "", "kind of", Level.BREAKING),
    "one more name": ('"rouge"', '"rouge" , "rosso"', "other names", Level.ADDING),
    "one name less": (' ; skos:altLabel "rouge"', "", "other names", Level.BREAKING),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_told_with_what_it_does(case: str, tmp_path: Path) -> None:
    old, new, aspect, level = CHANGES[case]

    change = only(old, new, tmp_path)

    assert (change.what, change.level) == (aspect, level)
    assert change.before or change.after


def test_nothing_changes_between_an_ontology_and_itself(tmp_path: Path) -> None:
    release = said(OLD, OLD, tmp_path)

    assert (release.changes, release.due) == ((), "1.4.2")


def test_another_order_of_statements_and_other_numbers_of_one_size_are_no_change(
    tmp_path: Path,
) -> None:
    lines = OLD.replace("100e0", "1.0e2").split("\nmm:colours")
    turned = f"\nmm:colours{lines[1]}\n{lines[0]}"

    assert said(OLD, turned, tmp_path).changes == ()


def test_a_term_that_goes_without_notice_breaks_and_one_that_was_given_up_was_announced(
    tmp_path: Path,
) -> None:
    without = OLD[: OLD.index("mm:colours")]
    given_up = OLD.replace(
        "mm:red a mm:Colour ;", 'mm:red a mm:Colour ; owl:deprecated true ; mm:since "1.4.0" ;'
    )
    surprise, announced = said(OLD, without, tmp_path), said(given_up, without, tmp_path)

    assert [c.term for c in surprise.surprises] == ["red"]
    assert announced.surprises == ()
    assert surprise.due == announced.due == "2.0.0"


def test_a_term_given_up_for_another_is_renamed_and_breaks_nothing(tmp_path: Path) -> None:
    new = OLD.replace(
        "mm:brightness a owl:DatatypeProperty ;",
        'mm:brightness a owl:DatatypeProperty ; owl:deprecated true ; mm:since "1.5.0" ;'
        " dcterms:isReplacedBy mm:shine ; mm:multipliedBy 1e-2 ;",
    )
    release = said(OLD, new + 'mm:shine a owl:DatatypeProperty ; rdfs:label "shine"@en .', tmp_path)

    assert [(c.term, c.what) for c in release.changes] == [
        ("brightness", "renamed"),
        ("shine", "added"),
    ]
    assert "shine, times 0.01" in release.changes[0].after
    assert (release.surprises, release.due) == ((), "1.5.0")


@pytest.mark.parametrize(
    ("extra", "due"),
    [("", "0.4.2"), ("mm:Bulb a owl:Class ; rdfs:label 'bulb' .", "0.4.3")],
)
def test_before_the_first_release_only_what_breaks_raises_the_second_number(
    extra: str, due: str, tmp_path: Path
) -> None:
    old = OLD.replace("1.4.2", "0.4.2")

    assert said(old, old + extra, tmp_path).due == due


def test_our_ontology_is_read_from_its_folder_and_from_its_parent() -> None:
    inner, outer = read_ontology(ROOT / "ontology"), read_ontology(ROOT)

    assert inner == outer
    assert "requiredMemory" in inner.terms
    assert compared(inner, outer).changes == ()


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    said(OLD, OLD.replace("unit:PERCENT", "unit:UNITLESS"), tmp_path)
    return str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl")


def test_the_command_leaves_with_1_where_something_breaks_unannounced(
    two: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff-ontology", *two]) == 1
    out = capsys.readouterr().out
    assert "brightness (attribute) unit: unit:PERCENT -> unit:UNITLESS" in out
    assert "The version that follows is 2.0.0." in out
    assert run(["diff-ontology", two[0], two[0]]) == 0


def test_the_command_tells_programs_the_same(
    two: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["diff-ontology", *two, "--as", "json"])
    told = json.loads(capsys.readouterr().out)

    assert (told["level"], told["due"], told["surprises"]) == ("breaking", "2.0.0", 1)
    assert [change["term"] for change in told["changes"]] == ["brightness"]


def test_the_command_writes_markdown_into_a_file(two: tuple[str, str], tmp_path: Path) -> None:
    run(["diff-ontology", *two, "--as", "markdown", "-o", str(tmp_path / "changes.md")])

    assert "- `brightness` (attribute) unit" in (tmp_path / "changes.md").read_text()


@pytest.mark.parametrize("text", [None, "mm:a mm:b", ""], ids=["none", "broken", "empty"])
def test_what_is_no_ontology_is_told_with_its_path(
    text: str | None, two: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    other = Path(two[1]).with_name("other.ttl")
    if text is not None:
        other.write_text(text)

    assert run(["diff-ontology", two[0], str(other)]) == 3
    assert "other.ttl" in capsys.readouterr().err


def test_an_unknown_format_is_refused(two: tuple[str, str]) -> None:
    assert run(["diff-ontology", *two, "--as", "poem"]) == 2
