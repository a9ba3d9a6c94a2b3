"""Ways of comparing: each against a table of values, and what people write as it is kept."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import vocabulary
from kg.comparing import Known, Related, Way, ways
from kg.comparing.concept import concept
from kg.errors import DescriptorInvalid
from kg.extensions import modules
from kg.units import between
from kg.vocabulary import Vocabulary

CASES = Path(__file__).parent / "cases" / "comparing"
VOCABULARY = vocabulary.load()
GLOSSARY = {
    "air temperature": ("temperature", "quantity"),
    "temperature": ("quantity",),
    "egg": ("hen", "egg"),
    "hen": ("egg", "hen"),
}
KNOWN = Known(
    VOCABULARY,
    {concept(name): frozenset(map(concept, above)) for name, above in GLOSSARY.items()},
)
TABLES = [
    (path.stem, row)
    for path in sorted(CASES.glob("*.csv"))
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
]


def way(name: str) -> Way:
    module: Way = modules("kg.comparing")[name]
    return module


def kept(found: Way, text: str) -> str:
    """The text as it is kept, or as it stands where it is no value: either may be compared."""
    try:
        return found.normalise(text, VOCABULARY)
    except DescriptorInvalid:
        return text


@pytest.mark.parametrize(
    ("name", "row"),
    TABLES,
    ids=[f"{name}: {row['first']} | {row['second']}" for name, row in TABLES],
)
def test_two_values_relate_as_the_table_says(name: str, row: dict[str, str]) -> None:
    found = way(name)
    related = found.related(kept(found, row["first"]), kept(found, row["second"]), KNOWN)
    assert related.relation == row["relation"]
    assert related.factor == (pytest.approx(float(row["factor"])) if row["factor"] else None)


@pytest.mark.parametrize("name", sorted(modules("kg.comparing")))
def test_each_relation_of_a_way_is_shown_in_its_table(name: str) -> None:
    shown = {row["relation"] for table, row in TABLES if table == name}
    assert shown == set(way(name).RELATIONS)


def test_each_way_compares_a_datatype_of_the_ontology(known: Vocabulary) -> None:
    used = {attribute.range.datatype for attribute in known.attributes.values()}
    assert ways().keys() <= used


@given(st.sampled_from(sorted(modules("kg.comparing"))), st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_are_compared(name: str, first: str, second: str) -> None:
    found = way(name)
    assert found.related(first, second, KNOWN).relation in found.RELATIONS


@given(st.sampled_from(sorted(modules("kg.comparing"))), st.text(max_size=60))
def test_what_is_kept_stays_as_it_is(name: str, text: str) -> None:
    found = way(name)
    try:
        first = found.normalise(text, VOCABULARY)
    except DescriptorInvalid:
        return
    assert found.normalise(first, VOCABULARY) == first


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("interval", "14 days", "P14D"),
        ("interval", "every 2 weeks", "P14D"),
        ("interval", "monthly", "P1M"),
        ("interval", "1 month", "P1M"),
        ("interval", "quarterly", "P3M"),
        ("interval", "p1y", "P1Y"),
        ("interval", "once a day", "P1D"),
        ("interval", "90 min", "PT1H30M"),
        ("interval", "PT1.5S", "PT1.5S"),
        ("licence", "mit license OR apache 2.0", "MIT OR Apache-2.0"),
        ("licence", "GPL-3.0", "GPL-3.0-only"),
        ("licence", "house rules", "house rules"),
        ("licence", "MIT/Apache", "MIT/Apache"),
        ("version", "^1.2", ">=1.2,<2"),
        ("unit", " EUR /  month", "EUR / month"),
        ("concept", "net  income", "net income"),
    ],
)
def test_what_people_write_is_kept_in_one_way(name: str, text: str, expected: str) -> None:
    assert way(name).normalise(text, VOCABULARY) == expected


@pytest.mark.parametrize(
    "text", ["", "PT", "P1DT", "PT0S", "bi-weekly", "continuous", "half a month", "P" + "9" * 99]
)
def test_what_is_no_span_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(DescriptorInvalid) as caught:
        way("interval").normalise(text, VOCABULARY)
    assert caught.value.hint


def test_a_licence_that_two_may_enter_is_told_by_its_group_or_by_itself() -> None:
    groups = VOCABULARY.lists["LicenceGroup"]
    for name in VOCABULARY.lists["Licence"]:
        assert set(VOCABULARY.triples.locals(name, "mm:ofGroup")) <= groups.keys()
        into = set(VOCABULARY.triples.locals(name, "mm:passesInto"))
        assert into.isdisjoint(VOCABULARY.triples.locals(name, "mm:keptOutOf"))


@given(st.sampled_from(["kg", "g", "m", "km/h", "degC", "EUR/month", "%", "?", "month", "day"]))
def test_a_unit_is_the_same_as_itself(unit: str) -> None:
    assert way("unit").related(unit, unit, KNOWN) == Related("same", 1.0)


@given(
    *[st.sampled_from(["kg", "g", "t", "m", "km", "h", "s", "EUR", "USD", "K", "degC", "?"])] * 2
)
def test_units_relate_alike_in_both_directions(first: str, second: str) -> None:
    there, back = between(first, second), between(second, first)
    assert there[0] == back[0]
    if there[1] and back[1]:
        assert there[1] * back[1] == pytest.approx(1)
