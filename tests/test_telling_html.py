"""The pages of the matrix and the study: whole without a script, and readable for everybody."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg import matrix as matrices
from kg.matrix import Matrix
from kg.matrix.narrowing import Order, narrowed, ordered
from kg.pictures import Shown
from kg.reports import Telling
from kg.study import Study
from kg.telling import tellers
from tests.browsing import POLICY, Browser, Skeleton, judged, opened
from tests.judging import CATALOGUE, VOCABULARY
from tests.test_pictures import HOSTILE, hostile

WHOLE = matrices.build(VOCABULARY, CATALOGUE)
# Which mismatches are to be seen, from top to bottom.
PROBE = """
addEventListener("load", () => {
  const rows = [...document.querySelectorAll(".row.some")]
    .filter(one => one.getClientRects().length)
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = rows.map(one => one.querySelector(".name").textContent).join(" ");
  document.body.append(told);
});
"""


def page(thing: str, matrix: Matrix = WHOLE) -> str:
    return tellers(thing)["html"].render(Shown(matrix, Study(), VOCABULARY, CATALOGUE), Telling())


@pytest.fixture
def seen(chromium: Browser, tmp_path: Path) -> Callable[..., list[str]]:
    """The mismatches that a reader sees in the page when these buttons are pressed."""

    def look(*pressed: str) -> list[str]:
        text = page("matrix").replace(POLICY, '<meta name="no-policy"')
        for one in pressed:
            name = one.partition("-")[0]
            number = text.count(f'name="{name}"')
            assert number > 1
            text = text.replace(f'id="{one}"', f'id="{one}" checked')
        file = tmp_path / "page.html"
        file.write_text(f"{text}<script>{PROBE}</script>", encoding="utf-8")
        return Skeleton(opened(chromium, file)).texts["told"].split()

    return look


def codes(matrix: Matrix) -> list[str]:
    return [row.mismatch.code for row in matrix.rows]


@pytest.mark.parametrize("thing", ["matrix", "study"])
def test_nothing_is_fetched_or_run(thing: str) -> None:
    fetching = {"src", "srcset", "data", "action", "poster", "background", "formaction"}
    elements = Skeleton(page(thing)).elements

    assert not {"script", "link", "iframe", "object", "embed", "img"} & {tag for tag, _ in elements}
    for _, attributes in elements:
        assert not fetching & {name for name, _ in attributes}
        assert not any(name.startswith("on") for name, _ in attributes)
        assert all((value or "#").startswith("#") for name, value in attributes if name == "href")


@pytest.mark.parametrize("thing", ["matrix", "study"])
def test_every_link_leads_to_a_place_and_no_place_is_there_twice(thing: str) -> None:
    attributes = [pair for _, found in Skeleton(page(thing)).elements for pair in found]
    places = [value for name, value in attributes if name == "id"]

    assert len(places) == len(set(places))
    links = {value for name, value in attributes if name == "href"}
    assert {f"#{place}" for place in places} >= links


@pytest.mark.parametrize("thing", ["matrix", "study"])
@pytest.mark.parametrize(
    ("dark", "width"), [(False, 1100), (True, 1100), (False, 500)], ids=["light", "dark", "narrow"]
)
def test_axe_finds_nothing(
    chromium: Browser, tmp_path: Path, thing: str, *, dark: bool, width: int
) -> None:
    matrix = narrowed(WHOLE, ["OE"]) if thing == "matrix" else WHOLE
    found = judged(chromium, page(thing, matrix), tmp_path, dark=dark, width=width)

    assert found["violations"] == []
    assert {"color-contrast", "document-title", "html-has-lang"} <= set(found["passes"])
    assert (found["dark"], found["fetched"]) == (dark, [])
    assert found["needed"] <= found["width"] == width


def test_the_page_of_the_whole_matrix_tells_every_formula() -> None:
    text = page("matrix")

    for predicate in WHOLE.predicates:
        assert f"<h3>{predicate} <span>" in text


def test_without_a_choice_all_are_seen_in_the_study_s_order(seen: Callable[..., list[str]]) -> None:
    assert seen() == codes(WHOLE)


@pytest.mark.parametrize("order", [one for one in Order if one is not Order.STUDY])
def test_a_button_sorts_the_rows(seen: Callable[..., list[str]], order: Order) -> None:
    number = list(Order).index(order) + 1

    assert seen(f"order-{number}") == codes(ordered(WHOLE, order))


def test_a_button_leaves_one_category(seen: Callable[..., list[str]]) -> None:
    assert seen("category-7") == codes(narrowed(WHOLE, ["OE"]))


def test_a_button_leaves_what_reads_of_one_element(seen: Callable[..., list[str]]) -> None:
    assert seen("element-7") == codes(narrowed(WHOLE, elements=["DE"]))


def test_a_button_leaves_what_predicates_of_a_kind_detect(seen: Callable[..., list[str]]) -> None:
    wanted = [row.mismatch.code for row in WHOLE.rows if "runtime" in row.kinds()]

    assert 0 < len(wanted) < len(WHOLE.rows)
    assert seen("kind-6") == wanted


def test_choices_narrow_together(seen: Callable[..., list[str]]) -> None:
    found = seen("category-7", "kind-6", "order-2")

    assert found == ["OE.RuntimeMetrics", "OE.InferenceTime"]


@pytest.mark.parametrize("thing", ["matrix", "study"])
def test_nothing_of_a_researcher_s_text_is_markup(thing: str) -> None:
    text = page(thing, hostile())

    assert HOSTILE not in text
    assert "<script" not in text
    assert "\x1b" not in text


def test_a_matrix_without_predicates_is_told() -> None:
    rows = tuple(replace(row, readings=()) for row in WHOLE.rows)
    text = page("matrix", replace(WHOLE, rows=rows))

    assert text.count("No predicate detects it.") == len(rows)
