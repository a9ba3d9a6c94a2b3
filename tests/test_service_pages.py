"""The page of queries, as a browser and who cannot see have it."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.browsing import Browser, Skeleton, judged
from tests.serving import fill, query, served

PAGES = {
    "to ask": "",
    "rows": "SELECT * { ?s ?p ?o }",
    "truth": "ASK {}",
    "triples": "CONSTRUCT WHERE { ?s ?p ?o }",
    "what is wrong": "SELECT * {",
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served() as client:
        fill(client, 20)
        yield client


def _page(client: httpx2.Client, text: str) -> str:
    if not text:
        return client.get("/sparql", headers={"accept": "text/html"}).text
    return query(client, text, format="html").text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    chromium: Browser, client: httpx2.Client, tmp_path: Path, name: str, *, dark: bool
) -> None:
    width = 500 if dark else 1100
    found = judged(chromium, _page(client, PAGES[name]), tmp_path, dark=dark, width=width)
    assert found["violations"] == []
    assert {"color-contrast", "label", "region"} <= set(found["passes"])
    assert found["fetched"] == []
    assert found["needed"] <= found["width"]


def test_the_query_stands_in_the_form_as_it_was_asked(client: httpx2.Client) -> None:
    text = "# </textarea>\nSELECT *\n{ ?s ?p '<b>&amp;' }"
    page = Skeleton(_page(client, text))
    assert page.texts["query"] == f"{text}\n"
    assert not any(tag == "b" for tag, _ in page.elements)


def test_long_answers_are_cut_on_the_page_and_say_so(client: httpx2.Client) -> None:
    page = _page(client, "SELECT * { ?s ?p ?o . ?t ?q ?u . ?v ?w ?x }")
    assert "1000 rows, cut off after 1000 rows, there are more" in page
