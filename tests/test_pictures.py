"""Pictures are whole: what they show is true, nothing is cut, nothing overlaps, and all of it is
text or shape.
"""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from kg import matrix as matrices
from kg.catalogue import Catalogue, Predicate
from kg.cli import application
from kg.errors import NotFound
from kg.gaps.needs import needs_of
from kg.gaps.relations import relations
from kg.gaps.sets import attribute_set, set_gaps
from kg.matrix import Matrix
from kg.matrix.narrowing import Order, narrowed, ordered
from kg.pictures import Shown, names, picture
from kg.pictures._canvas import TONES, Text, graded, on, svg, wide, wrapped
from kg.study import Study
from tests.browsing import Browser
from tests.judging import CATALOGUE, VOCABULARY

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>\x1b[2J & "quoted" ]]> </text>'
WHOLE = matrices.build(VOCABULARY, CATALOGUE)
VIEWS = {
    "whole": WHOLE,
    "sorted": ordered(WHOLE, Order.TOLD),
    "one mismatch": narrowed(WHOLE, ["OE.ComputingResources"]),
    "three mismatches": narrowed(WHOLE, ["DE.Timelines", "TM.DataBuffering", "RD.Anonymization"]),
    "one element": narrowed(WHOLE, elements=["DataPipeline"]),
}
OF_THE_MATRIX = ("matrix", "coverage", "mapping", "reach")
CASES = [(name, view) for name in OF_THE_MATRIX for view in VIEWS] + [
    (name, "whole") for name in names() if name not in OF_THE_MATRIX
]
# Where each text stands in a browser, and how far the picture goes.
PROBE = """
(() => {
  const svg = document.querySelector("svg"), whole = svg.getBoundingClientRect();
  const shown = [...svg.querySelectorAll("text")].map(one => {
    const box = one.getBoundingClientRect();
    return [one.lastChild.textContent, box.left - whole.left, box.top - whole.top,
            box.right - whole.left, box.bottom - whole.top];
  });
  return {shown, width: whole.width, height: whole.height};
})()
"""


def drawn(name: str, matrix: Matrix = WHOLE) -> str:
    return picture(name).draw(Shown(matrix, Study(), VOCABULARY, CATALOGUE))


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - it is what we wrote ourselves


def shown(one: ET.Element) -> str:
    """What a reader sees of a text, without its title."""
    return next((title.tail or "" for title in one), one.text or "")


def texts(text: str) -> list[str]:
    return [shown(one) for one in parsed(text).iter(f"{SVG}text")]


def measured(chromium: Browser, text: str, folder: Path) -> dict[str, Any]:
    page = folder / "picture.html"
    page.write_text(f'<meta charset="utf-8"><body style="margin:0">{text}', encoding="utf-8")
    found: dict[str, Any] = chromium.told(page, PROBE)
    return found


# -- what is in them -------------------------------------------------------------------------------


def test_the_pictures_are_those_of_the_folder() -> None:
    assert set(names()) == {
        *OF_THE_MATRIX,
        "study-figure-2",
        "study-figure-3",
        "study-figure-5",
        "study-table-2",
    }


@pytest.mark.parametrize(("name", "view"), CASES)
def test_a_picture_is_one_well_formed_image_with_a_title_and_a_description(
    name: str, view: str
) -> None:
    root = parsed(drawn(name, VIEWS[view]))
    labels = root.attrib["aria-labelledby"].split()
    titled = {one.attrib["id"]: one.text for one in root if "id" in one.attrib}

    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert all(titled[label] for label in labels)
    assert {one.tag for one in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "rect", "text", "circle", "path")
    }


@pytest.mark.parametrize("name", names())
def test_a_picture_is_the_same_each_time(name: str) -> None:
    assert drawn(name) == drawn(name)


def test_the_matrix_shows_how_many_attributes_are_read() -> None:
    found = Counter(texts(drawn("matrix")))

    for row in WHOLE.rows:
        assert found[row.mismatch.code] == 1
    counts = Counter(str(len(row.read(c.name))) for row in WHOLE.rows for c in WHOLE.columns)
    del counts["0"]
    assert not counts - found


def test_the_near_matrix_names_every_attribute_and_formula() -> None:
    found = texts(drawn("matrix", VIEWS["one mismatch"]))
    said = " ".join(found)

    for reading in VIEWS["one mismatch"].rows[0].readings:
        assert f"{reading.predicate.id} ({reading.predicate.kind})" in found
        assert " ".join(reading.predicate.formal.split()) in said
    assert "required_memory" in found


def test_the_near_matrix_has_a_dot_for_each_attribute_that_a_predicate_reads() -> None:
    view = VIEWS["one mismatch"]
    root = parsed(drawn("matrix", view))
    told = [one.findtext(f"{SVG}title") for one in root.iter(f"{SVG}circle")]
    dots = Counter(one.split(" reads ")[0] for one in told if one)

    assert dots == {
        reading.predicate.id: sum(map(len, reading.attributes.values()))
        for reading in view.rows[0].readings
    }


@pytest.mark.parametrize("code", ["DE.Timelines", "OE.InferenceTime", "RD.Anonymization"])
def test_what_fits_stands_in_one_column(code: str) -> None:
    view = narrowed(WHOLE, [code])
    heads = [
        one.attrib["x"]
        for one in parsed(drawn("matrix", view)).iter(f"{SVG}text")
        if shown(one) in {column.label.capitalize() for column in WHOLE.columns}
    ]

    assert len(heads) > 1
    assert len(set(heads)) == 1


def test_a_column_that_goes_on_begins_with_its_element_again() -> None:
    view = narrowed(WHOLE, ["RD.Metadata"])

    assert any(text.endswith("(continued)") for text in texts(drawn("matrix", view)))
    assert not any("(continued)" in text for text in texts(drawn("matrix", VIEWS["one mismatch"])))


def test_the_mapping_joins_each_predicate_with_what_it_detects_and_reads() -> None:
    view = VIEWS["one mismatch"]
    paths = parsed(drawn("mapping", view)).iter(f"{SVG}path")
    joined = Counter(one.attrib["class"] for one in paths)

    readings = view.rows[0].readings
    read = [{a.name for found in r.attributes.values() for a in found} for r in readings]
    assert joined == {"line-shade-4": len(readings), "line-quiet": sum(map(len, read))}


def test_the_coverage_counts_predicates_by_kind() -> None:
    root = parsed(drawn("coverage"))
    told = {one.findtext(f"{SVG}title") for one in root.iter(f"{SVG}rect")}

    for row in WHOLE.rows:
        for kind, count in row.kinds().items():
            assert f"{row.mismatch.code}: {count} {kind}" in told


def test_the_reach_counts_the_predicates_that_a_format_is_enough_for() -> None:
    known = relations(VOCABULARY, CATALOGUE)
    needs = needs_of(VOCABULARY, (p for p in known.predicates if known.compares(p.id)))
    sei = set_gaps(known, needs, attribute_set("sei", VOCABULARY))
    root = parsed(drawn("reach"))
    told = {one.findtext(f"{SVG}title") for one in root.iter(f"{SVG}rect")}

    for one in sei.coverage.reaches:
        assert f"{one.mismatch.code}: {len(one.able)} of {len(one.predicates)}" in told


def test_the_matrix_has_the_relations_of_the_gap_analysis() -> None:
    known = relations(VOCABULARY, CATALOGUE)
    for row in WHOLE.rows:
        found = {reading.predicate.id: reading.attributes for reading in row.readings}
        assert set(found) == set(known.detected_by(row.mismatch.code))
        for name, read in found.items():
            assert {a.name for each in read.values() for a in each} == set(known.reads(name))


def test_what_only_completeness_detects_is_marked() -> None:
    only = {name: one for name, one in CATALOGUE.predicates.items() if one.kind == "completeness"}
    matrix = matrices.build(VOCABULARY, Catalogue(CATALOGUE.mismatches, only))
    root = parsed(drawn("coverage", matrix))
    marked = {shown(one) for one in root.iter(f"{SVG}text") if one.attrib["class"] == "tone-mark"}

    assert marked == set(CATALOGUE.mismatches)
    assert 'class="tone-mark"' not in drawn("coverage")


def test_a_share_that_differs_from_the_paper_s_is_marked() -> None:
    study = Study()
    differing = [one for one in study.subcategories if not one.agrees]
    found = texts(drawn("study-figure-3"))

    assert len(differing) == 6
    for one in differing:
        assert f"paper {one.printed} %" in found
    assert not any(text.startswith("paper") for text in texts(drawn("study-figure-2")))


# -- how it looks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "view"), CASES)
def test_no_text_is_cut_or_lies_over_another(
    chromium: Browser, tmp_path: Path, name: str, view: str
) -> None:
    found = measured(chromium, drawn(name, VIEWS[view]), tmp_path)
    placed = found["shown"]

    assert len(placed) > 10
    for text, left, top, right, bottom in placed:
        assert left >= 0, text
        assert top >= 0, text
        assert right <= found["width"], text
        assert bottom <= found["height"], text
    over = [
        (one[0], other[0])
        for number, one in enumerate(placed)
        for other in placed[number + 1 :]
        if min(one[3], other[3]) - max(one[1], other[1]) > 1
        and min(one[4], other[4]) - max(one[2], other[2]) > 3
    ]
    assert over == []


@pytest.mark.parametrize("name", ["matrix", "coverage", "study-figure-2", "study-figure-5"])
def test_text_is_legible_where_the_picture_is_as_wide_as_a_column(name: str) -> None:
    """A column of a paper in two columns is 252 points wide; below six, print is hard to read."""
    root = parsed(drawn(name))
    scale = 252 / float(root.attrib["viewBox"].split()[2])
    sizes = {float(one.attrib["font-size"]) for one in root.iter(f"{SVG}text")}

    assert min(sizes) * scale >= 5.4


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_shades_keep_their_order_in_grey() -> None:
    found = [luminance(TONES[f"shade-{number}"]) for number in range(6)]

    assert found == sorted(found, reverse=True)
    assert all(one / other > 1.15 for one, other in pairwise(found))


@pytest.mark.parametrize("number", range(6))
def test_text_on_a_shade_can_be_read(number: int) -> None:
    tone = f"shade-{number}"

    assert contrast(TONES[on(tone)], TONES[tone]) >= 4.5


def test_what_is_marked_can_be_told_in_grey() -> None:
    marked = [
        one
        for one in parsed(drawn("study-figure-3")).iter(f"{SVG}text")
        if one.attrib["class"] == "tone-mark"
    ]

    assert marked
    assert all(one.attrib["font-style"] == "italic" for one in marked)


@pytest.mark.parametrize("tone", ["ink", "quiet", "mark"])
def test_text_on_paper_can_be_read(tone: str) -> None:
    assert contrast(TONES[tone], TONES["paper"]) >= 4.5


def test_a_page_gives_every_tone_a_colour_of_its_own() -> None:
    style = Path("kg/pages/templates/picture.css")
    text = (Path(__file__).parents[1] / style).read_text(encoding="utf-8")
    used = set(re.findall(r'class="([\w -]+)"', "".join(map(drawn, names())))) - {"picture"}

    for name in {one for classes in used for one in classes.split()}:
        assert f".{name} {{" in text, name


# -- what comes from outside -----------------------------------------------------------------------


def hostile() -> Matrix:
    def spoilt(one: Predicate) -> Predicate:
        return replace(one, formal=HOSTILE, id=HOSTILE + one.id)

    rows = [
        replace(
            row,
            mismatch=replace(row.mismatch, label=HOSTILE),
            readings=tuple(replace(r, predicate=spoilt(r.predicate)) for r in row.readings),
        )
        for row in VIEWS["one mismatch"].rows
    ]
    return replace(WHOLE, rows=tuple(rows))


@pytest.mark.parametrize("name", OF_THE_MATRIX)
def test_nothing_of_a_researcher_s_text_is_markup(name: str) -> None:
    text = drawn(name, hostile())
    root = parsed(text)

    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert "\x1b" not in text


def test_an_empty_matrix_is_drawn_too() -> None:
    for name in OF_THE_MATRIX:
        parsed(drawn(name, replace(WHOLE, rows=())))


# -- measuring text --------------------------------------------------------------------------------


def test_a_text_is_wrapped_at_words_and_none_is_lost() -> None:
    text = "one two three four five six seven"
    lines = wrapped(text, 8, 60)

    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(wide(line, 8) <= 60 for line in lines)


def test_a_word_wider_than_the_room_stands_alone() -> None:
    assert wrapped("a incomprehensibilities b", 8, 20) == ["a", "incomprehensibilities", "b"]


def test_no_text_is_wider_than_it_is_taken_for(chromium: Browser, tmp_path: Path) -> None:
    alphabet = [chr(code) for code in range(33, 127)] + list("–…∃∧≥≤≠·Σ∈⊨¬∅∀")
    shapes = [Text(0, 20 * number + 20, sign * 10, 10) for number, sign in enumerate(alphabet)]
    text = svg("signs", "Signs", "Signs", (400, 20 * len(alphabet) + 30), shapes)
    found = {one[0]: one[3] - one[1] for one in measured(chromium, text, tmp_path)["shown"]}

    assert len(found) == len(alphabet)
    wider = {one: (width, wide(one, 10)) for one, width in found.items() if width > wide(one, 10)}
    assert wider == {}


def test_a_value_below_the_first_step_has_the_palest_shade() -> None:
    assert graded(0.5, (1, 2)) == "shade-0"


# -- the command -----------------------------------------------------------------------------------


def test_the_command_writes_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "coverage.svg"
    told = CliRunner().invoke(application(), ["draw", "coverage", "-o", str(file)])

    assert told.exit_code == 0
    assert file.read_text(encoding="utf-8") == drawn("coverage")


def test_an_unknown_picture_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match="study-figure-2"):
        picture("nothing")
