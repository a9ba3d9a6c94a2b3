"""Names: the form that is compared, and the form that stands in an IRI."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.names import aligned, canonical, slug


@pytest.mark.parametrize(
    "name", ["scikit-learn", "scikit_learn", "Scikit.Learn", " scikit--learn "]
)
def test_package_names_are_compared_as_indexes_do(name: str) -> None:
    assert canonical(name) == "scikit-learn"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scikit-learn", "scikit-learn"),
        ("sepal.length_1", "sepal.length_1"),
        ("Heart Rate (bpm)", "Heart%20Rate%20%28bpm%29"),
        ("models/churn", "models%2Fchurn"),
        ("größe", "größe"),
        ("温度", "温度"),
        ("100%", "100%25"),
        ("~x", "%7Ex"),
        ("", "~"),
        (".", "~."),
        ("..", "~.."),
        ("\udcff", "%ED%B3%BF"),
    ],
)
def test_a_slug_is_readable(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(), st.text())
@example("a b", "a-b")
@example("a", "A")
@example("", "~")
@example(".", "%2E")
@example("..", "~..")
@example("x" * 500, "x" * 501)
@example("." * 500, "." * 501)
@example("ä" * 500, "ä" * 501)
def test_two_names_have_two_slugs(left: str, right: str) -> None:
    same = unicodedata.normalize("NFC", left) == unicodedata.normalize("NFC", right)
    assert (slug(left) == slug(right)) is same


@given(st.text(st.characters(codec=None)))
@example("a" * 119 + "%")
@example("ä/" * 300)
def test_a_slug_is_one_segment_of_an_iri(text: str) -> None:
    segment = slug(text)
    assert 0 < len(segment) <= 140
    assert segment not in {".", ".."}
    assert not set(segment) & set("/?#[]@!$&'()*+,;=: \t\n<>\"{}|\\^`")
    iri = f"http://localhost:8000/{segment}"
    assert NamedNode(iri).value == iri


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("pH Value", "pH_Value"),
        ("Heart_Rate (bpm)", "heart_rate"),
        ("HeartRate_bpm", "heart rate"),
        ("Humidity (%)", "humidity %"),
        ("temp °C", "Temp"),
        ("sepal.length", "sepal length (cm)"),
        ("Cement (component 1)(kg in a m^3 mixture)", "cement"),
        ("weight-kg", "Weight [kg]"),
        ("Straße", "STRASSE"),
        ("temp", "temp"),
        ("\uff54emp", "temp"),
        ("depth \u00b5m", "depth_\u03bcm"),
    ],
)
def test_fields_that_differ_in_writing_only_are_aligned(left: str, right: str) -> None:
    assert aligned(left) == aligned(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("age", "page"),
        ("income_2019", "income"),
        ("income_2019", "income_2020"),
        ("age_min", "age_max"),
        ("age_min", "age"),
        ("check_in", "check"),
        ("vitamin_c", "vitamin"),
        ("working_hours", "working"),
        ("kg", "mg"),
        ("items", "ite"),
        ("c++", "c"),
        ("(a)", "(b)"),
        ("", "()"),
    ],
)
def test_fields_that_differ_in_meaning_are_not_aligned(left: str, right: str) -> None:
    assert aligned(left) != aligned(right)


@given(st.text(min_size=1))
def test_a_name_is_aligned_with_itself_in_capitals_of_ascii(name: str) -> None:
    ascii_only = name.encode("ascii", "ignore").decode()
    assert aligned(ascii_only.upper()) == aligned(ascii_only)
