"""The pages of the service, as a browser has them, and who cannot see: they lead to one another,
say what is wrong, and let nothing that came from outside be more than text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.browsing import Browser, Skeleton, judged
from tests.serving import served

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MARKUP = "<script>alert(1)</script>"
PAGES = (
    "/",
    "/projects",
    "/projects/loan",
    "/projects/loan/artefacts",
    "/questions",
    "/questions/what-matters-to-this-role?role=operations",
    "/questions/which-attributes-would-help-most",
    "/predicates",
    "/predicates/resources-exceed-operations",
    "/mismatches",
    "/vocabulary",
    "/vocabulary/requiredMemory",
    "/gaps",
    "/matrix?mismatch=OE",
    "/nowhere",
)
# One of each template; what others tell is judged where they are.
JUDGED = (
    "/",
    "/projects",
    "/projects/loan/artefacts",
    "/questions",
    "/questions/what-matters-to-this-role?role=operations",
    "/predicates",
    "/mismatches",
    "/vocabulary",
    "/predicates/resources-exceed-operations",
    "/gaps",
    "/nowhere",
    "/projects/loan",
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(serves="projects") as client:
        client.headers["accept"] = BROWSER
        said = client.put("/projects/loan", json={"title": f"Loan {MARKUP}"})
        assert said.status_code == 201, said.text
        text = "element: TrainedModel\nname: model\nrequired_memory: 16 GB\n"
        put = client.put(
            "/projects/loan/descriptors/trained-model",
            content=text,
            headers={"content-type": "application/yaml"},
        )
        assert put.is_success, put.text
        yield client


@pytest.mark.parametrize("number", range(len(JUDGED)), ids=JUDGED)
def test_axe_finds_nothing(
    chromium: Browser, client: httpx2.Client, tmp_path: Path, number: int
) -> None:
    # Every other page in the dark and on a telephone.
    dark = bool(number % 2)
    page = client.get(JUDGED[number])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    found = judged(chromium, page.text, tmp_path, dark=dark, width=500 if dark else 1100)
    assert found["violations"] == []
    assert {"color-contrast", "region"} <= set(found["passes"])
    assert found["fetched"] == []
    assert found["needed"] <= found["width"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_all_places(client: httpx2.Client, path: str) -> None:
    page = client.get(path).text
    places = re.findall(r'<li><a href="(/[a-z]*)"', page)
    assert places[:4] == ["/", "/projects", "/findings", "/questions"]
    assert len(places) >= 11
    assert page.count('<nav class="ways"') == 1
    assert "<script" not in page


def test_what_leads_somewhere_leads_to_what_is_there(client: httpx2.Client) -> None:
    todo, seen = ["/"], set[str]()
    while todo:
        path = todo.pop()
        seen.add(path)
        response = client.get(path)
        assert response.status_code == 200, path
        if len(path.split("/")) > 2 or path.startswith("/findings"):
            continue
        found = re.findall(r'href="(/[^"#?]*)["#?]', response.text)
        fresh = [one for one in dict.fromkeys(found) if one not in seen | set(todo)]
        # A few of each place are enough.
        todo += fresh[:30]
    assert {"/vocabulary", "/predicates", "/schemas", "/projects/loan"} <= seen


def test_steps_above_a_page_are_those_that_can_be_read(client: httpx2.Client) -> None:
    page = client.get("/projects/loan/artefacts").text
    steps = page.partition('<ol aria-label="Where this is">')[2].partition("</ol>")[0]
    assert re.findall(r'<a href="([^"]*)"', steps) == ["/projects", "/projects/loan"]
    nowhere = client.get("/nowhere/at/all").text
    assert '<a href="/nowhere' not in nowhere


def test_what_came_from_outside_is_text(client: httpx2.Client) -> None:
    for path in ("/projects", "/projects/loan", f"/projects/{MARKUP}", f"/vocabulary/{MARKUP}"):
        page = client.get(path).text
        assert MARKUP not in page
        assert not any(tag == "script" for tag, _ in Skeleton(page).elements)
    assert "&lt;script&gt;" in client.get("/projects/loan").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/predicates/none", 404),
        ("/matrix?mismatch=none", 404),
        ("/gaps?format=docx", 400),
        ("/queries/none", 404),
    ],
)
def test_a_problem_is_a_page_for_who_likes_pages_better(
    client: httpx2.Client, path: str, status: int
) -> None:
    page = client.get(path, headers={"accept-encoding": "identity"})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert int(page.headers["content-length"]) == len(page.content)
    data = client.get(path, headers={"accept": "*/*"})
    assert (data.status_code, data.headers["content-type"]) == (status, "application/problem+json")
    told = data.json()
    for word in ("title", "detail", "hint"):
        assert told[word].split(",")[0] in re.sub(r"&#39;", "'", page.text)


def test_gates_refuse_browsers_with_pages(client: httpx2.Client) -> None:
    refused = client.get("/", headers={"host": "example.org"})
    assert (refused.status_code, refused.headers["content-type"]) == (
        421,
        "text/html; charset=utf-8",
    )
    unknown = client.request("PATCH", "/questions")
    assert (unknown.status_code, "<h1>" in unknown.text) == (405, True)
    assert "GET" in unknown.headers["allow"]


def test_counts_of_the_first_page_are_those_of_the_projects(client: httpx2.Client) -> None:
    counts = client.get("/?format=json").json()["counts"]
    project = client.get("/projects/loan?format=json").json()
    assert counts["projects"] == 1
    for word in ("statements", "mismatches", "undecided", "clear"):
        assert counts[word] == project[word]
    assert counts["statements"] > 0


def test_a_question_counts_what_the_projects_have(client: httpx2.Client) -> None:
    asked = {"format": "json"}
    told = client.get("/questions/which-projects-are-worst", params=asked).json()
    row = told["results"]["bindings"][0]
    project = client.get("/projects/loan?format=json").json()
    assert int(row["undecided"]["value"]) == project["undecided"]
    found = sum(int(row[name]["value"]) for name in ("violations", "warnings", "infos"))
    assert found == project["mismatches"] == 0 or found <= project["undecided"]


def test_a_page_has_a_validator_of_its_own(client: httpx2.Client) -> None:
    page, data = client.get("/projects/loan"), client.get("/projects/loan?format=json")
    assert page.headers["etag"] != data.headers["etag"]
    again = client.get("/projects/loan", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
