"""Saved questions over HTTP: ours are paths with typed parameters, people save their own, and
neither shows more than its caller may see.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from fastapi import Request

from kg import saved
from kg.service.access import EVERYTHING, Caller, Dataset, Open
from kg.service.asking import RESERVED
from kg.service.settings import read_settings
from tests.judging import VOCABULARY
from tests.serving import served, update

OPEN, SECRET = "http://x.org/open", "http://x.org/secret"
MM, DCTERMS = "https://w3id.org/ml-mismatch/", "http://purl.org/dc/terms/"
PACKAGE = (
    "<{0}package> a <{MM}Software> ; <{MM}name> 'numpy' ; <{MM}partOf> <{0}model> ;"
    " <{MM}versionRange> '>=1' . <{0}> <{MM}element> <{0}model> ; <{D}identifier> '{1}' ."
)
DATA = "INSERT DATA {{ GRAPH <{}> {{ {} }} GRAPH <{}> {{ {} }} GRAPH <{}/again> {{ {} }} }}".format(
    OPEN,
    PACKAGE.format("http://x.org/loan/", "loan", MM=MM, D=DCTERMS),
    SECRET,
    PACKAGE.format("http://x.org/bank/", "bank", MM=MM, D=DCTERMS),
    OPEN,
    PACKAGE.format("http://x.org/loan/", "loan", MM=MM, D=DCTERMS),
)
MINE = (
    "#+ description: It tells.\n#+ params:\n#+   name: {label: a name, example: numpy}\n"
    f"SELECT DISTINCT ?thing {{ ?thing <{MM}name> ?_name }} ORDER BY ?thing LIMIT ?_most_integer"
)
QUESTIONS = saved.load(VOCABULARY)
# What two problems of one kind tell differently.
SAME = {"detail": "", "request": ""}


class ByHeader(Open):
    """Whoever says who they are sees one graph; who says nothing is the operator."""

    def caller(self, request: Request) -> Caller:
        name = request.headers.get("x-name")
        return Caller(name or "operator", operator=name is None)

    def visible(self, caller: Caller) -> Dataset:
        return EVERYTHING if caller.operator else Dataset((OPEN,), (OPEN,))


@pytest.fixture(scope="module")
def operator() -> Iterator[httpx2.Client]:
    with served(ByHeader(read_settings()), serves="projects") as client:
        assert update(client, DATA).status_code == 204
        yield client


@contextmanager
def called(operator: httpx2.Client, name: str) -> Iterator[httpx2.Client]:
    headers = {"x-name": name}
    with httpx2.Client(base_url=operator.base_url, timeout=30, headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
def ada(operator: httpx2.Client) -> Iterator[httpx2.Client]:
    with called(operator, "ada") as client:
        yield client


@pytest.fixture(scope="module")
def bob(operator: httpx2.Client) -> Iterator[httpx2.Client]:
    with called(operator, "bob") as client:
        yield client


def save(client: httpx2.Client, summary: str, text: str = MINE, **more: object) -> httpx2.Response:
    return client.post("/questions", json={"summary": summary, "text": text, **more})


def rows(response: httpx2.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.text)))


# -- asking ----------------------------------------------------------------------------------------


def test_a_question_is_answered_in_every_format(operator: httpx2.Client) -> None:
    asked = {"package": "NumPy"}
    found = rows(operator.get("/questions/who-uses-package", params={**asked, "format": "csv"}))
    assert [row[0] for row in found] == ["project", "bank", "loan"]
    as_json = operator.get("/questions/who-uses-package", params=asked)
    assert as_json.headers["content-type"] == "application/sparql-results+json"
    assert len(as_json.json()["results"]["bindings"]) == 2
    for media_type in ("application/sparql-results+xml", "text/tab-separated-values", "text/html"):
        got = operator.get(
            "/questions/who-uses-package", params=asked, headers={"accept": media_type}
        )
        assert got.headers["content-type"].startswith(media_type)
        assert "loan" in got.text
    tag = as_json.headers["etag"]
    again = operator.get(
        "/questions/who-uses-package", params=asked, headers={"if-none-match": tag}
    )
    assert again.status_code == 304


def test_a_question_sees_what_its_caller_may_see(ada: httpx2.Client) -> None:
    asked = {"package": "numpy", "format": "csv"}
    found = rows(ada.get("/questions/who-uses-package", params=asked))
    assert [row[0] for row in found] == ["project", "loan"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "has to be told package"),
        ({"package": ""}, "has to be told package"),
        ({"package": "numpy", "paket": "numpy"}, "has no parameter paket"),
        ({"package": "numpy", "name": "who-uses-dataset"}, "has no parameter name"),
    ],
)
def test_what_a_question_is_told_wrongly_is_said_in_words(
    operator: httpx2.Client, told: dict[str, str], words: str
) -> None:
    response = operator.get("/questions/who-uses-package", params=told)
    assert response.status_code == 422
    assert words in response.json()["detail"]
    assert "package" in response.json()["hint"]


def test_a_parameter_that_is_told_twice_is_refused(operator: httpx2.Client) -> None:
    response = operator.get("/questions/who-uses-package?package=a&package=b")
    assert response.status_code == 400


def test_what_is_no_member_of_a_list_is_refused_with_the_members(operator: httpx2.Client) -> None:
    response = operator.get("/questions/what-matters-to-this-role", params={"role": "pilot"})
    assert response.status_code == 422
    assert "data-scientist" in response.json()["hint"]


@pytest.mark.parametrize(
    "text", ['numpy" . ?s ?p ?o } #', "x') } ; DROP ALL #", "\\u0022", "?_package", "a\nb"]
)
def test_what_is_told_is_a_value_and_nothing_else(operator: httpx2.Client, text: str) -> None:
    asked = {"package": text, "format": "csv"}
    assert len(rows(operator.get("/questions/who-uses-package", params=asked))) == 1


def test_a_question_keeps_to_the_limits_of_its_request(operator: httpx2.Client) -> None:
    asked: dict[str, str | int] = {"package": "numpy", "rows": 1, "query-id": "mine"}
    response = operator.get("/questions/who-uses-package", params=asked)
    assert response.headers["query-id"] == "mine"
    assert "cut off" in response.headers["query-truncated"]
    assert len(response.json()["results"]["bindings"]) == 1
    refused = operator.get("/questions/who-uses-package", params={**asked, "rows": "many"})
    assert refused.status_code == 400


def test_an_unknown_question_is_not_found(operator: httpx2.Client) -> None:
    for path in ("/questions/who", "/questions/who/query", "/questions/who/revisions"):
        assert operator.get(path).status_code == 404
    assert operator.get("/questions/who-uses-package/revisions").status_code == 404


def test_the_text_of_a_question_is_there_to_save_again(operator: httpx2.Client) -> None:
    response = operator.get("/questions/who-uses-package/query")
    assert response.headers["content-type"].startswith("application/sparql-query")
    assert response.text == QUESTIONS["who-uses-package"].text


# -- what the API says of itself -------------------------------------------------------------------


@pytest.fixture(scope="module")
def paths(operator: httpx2.Client) -> dict[str, Any]:
    found: dict[str, Any] = operator.get("/openapi.json").json()["paths"]
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_a_path_with_its_parameters(paths: dict[str, Any], name: str) -> None:
    question, told = QUESTIONS[name], paths[f"/questions/{name}"]["get"]
    assert told["summary"] == question.summary
    assert told["description"] == question.description
    by_name = {one["name"]: one for one in told["parameters"]}
    assert by_name.keys() == {p.name for p in question.parameters} | set(RESERVED)
    for parameter in question.parameters:
        said = by_name[parameter.name]
        needed = not parameter.optional and parameter.default is None
        assert said["required"] == needed
        assert said["description"] == parameter.label
        stated = said["schema"].get("enum") or said["schema"].get("examples") or []
        assert set(parameter.values) <= set(stated)
    assert "text/csv" in told["responses"]["200"]["content"]


def test_types_of_parameters_are_told(paths: dict[str, Any]) -> None:
    kinds = {
        (parameter.type, one["schema"]["type"])
        for name, question in QUESTIONS.items()
        for parameter in question.parameters
        for one in paths[f"/questions/{name}"]["get"]["parameters"]
        if one["name"] == parameter.name
    }
    assert {("text", "string"), ("integer", "integer"), ("double", "number")} >= kinds - {
        ("iri", "string")
    }
    assert len(kinds) > 1


def test_questions_are_listed_with_their_parameters(operator: httpx2.Client) -> None:
    listed = {one["id"]: one for one in operator.get("/questions").json()}
    assert listed.keys() >= QUESTIONS.keys()
    worst = listed["which-projects-are-worst"]
    assert worst["chart"] == {"kind": "bar", "x": "project", "y": "violations"}
    assert worst["owner"] is None
    tagged = operator.get("/questions", params={"tag": "lineage"}).json()
    assert tagged
    assert all("lineage" in one["tags"] for one in tagged)


# -- saving ----------------------------------------------------------------------------------------


def test_a_saved_question_can_be_asked(ada: httpx2.Client, bob: httpx2.Client) -> None:
    made = save(ada, "What is called so?")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == "/questions/what-is-called-so"
    assert (made.json()["owner"], made.json()["revision"]) == ("ada", 1)
    asked: dict[str, str | int] = {"name": "numpy", "most": 5, "format": "csv"}
    for client in (ada, bob):
        found = rows(client.get("/questions/what-is-called-so", params=asked))
        assert found == [["thing"], ["http://x.org/loan/package"]]
    hostile = {**asked, "most": "5 } #"}
    assert ada.get("/questions/what-is-called-so", params=hostile).status_code == 422


def test_no_saved_question_takes_the_name_of_another(ada: httpx2.Client) -> None:
    names = [save(ada, "Who uses package?").json()["id"] for _ in range(2)]
    assert names == ["who-uses-package-2", "who-uses-package-3"]
    assert save(ada, "???").json()["id"] == "question"


def test_ours_are_not_changed_over_http(operator: httpx2.Client) -> None:
    body = {"summary": "Mine?", "text": MINE}
    assert operator.put("/questions/who-uses-package", json=body).status_code == 403
    assert operator.delete("/questions/who-uses-package").status_code == 403


def test_every_revision_of_a_question_is_kept(ada: httpx2.Client, bob: httpx2.Client) -> None:
    path = save(ada, "What changes?").headers["location"]
    other = {"summary": "What changes?", "text": f"{MINE} OFFSET 1"}
    assert ada.put(path, json=other).json()["revision"] == 2
    assert ada.put(path, json=other).json()["revision"] == 2
    numbers = [one["number"] for one in ada.get(f"{path}/revisions").json()]
    assert numbers == [2, 1]
    first = ada.get(f"{path}/revisions/1").json()
    assert (first["author"], first["text"]) == ("ada", MINE)
    assert ada.get(f"{path}/revisions/3").status_code == 404
    assert bob.get(f"{path}/revisions").status_code == 200


def test_a_question_is_its_owners_to_change(
    ada: httpx2.Client, bob: httpx2.Client, operator: httpx2.Client
) -> None:
    path = save(ada, "Whose is it?").headers["location"]
    body = {"summary": "Mine now?", "text": MINE}
    assert bob.put(path, json=body).status_code == 403
    assert bob.delete(path).status_code == 403
    assert operator.put(path, json=body).status_code == 200


def test_a_private_question_is_not_there_for_others(
    ada: httpx2.Client, bob: httpx2.Client, operator: httpx2.Client
) -> None:
    path = save(ada, "Who must not know?", private=True).headers["location"]
    told: dict[str, str | int] = {"name": "numpy", "most": 1}
    for client, status in ((ada, 200), (operator, 200), (bob, 404)):
        assert client.get(path, params=told).status_code == status
        assert client.get(f"{path}/query").status_code == status
        assert client.get(f"{path}/revisions").status_code == status
        ids = [one["address"] for one in client.get("/questions").json()]
        assert (path in ids) == (status == 200)
    body = {"summary": "Mine?", "text": MINE}
    nothing = bob.put("/questions/no-such-thing", json=body)
    hidden = bob.put(path, json=body)
    assert hidden.status_code == nothing.status_code == 404
    for answer, name in ((hidden, path.rpartition("/")[2]), (nothing, "no-such-thing")):
        assert answer.json()["detail"] == f"There is no question {name}"
    assert {**hidden.json(), **SAME} == {**nothing.json(), **SAME}
    assert bob.delete(path).status_code == 404


def test_a_removed_question_is_kept_for_its_owner(ada: httpx2.Client, bob: httpx2.Client) -> None:
    path = save(ada, "What was that?").headers["location"]
    assert ada.delete(path).status_code == 204
    assert ada.get(path, params={"name": "a", "most": 1}).status_code == 404
    assert ada.delete(path).status_code == 404
    assert bob.get(f"{path}/revisions").status_code == 404
    assert ada.get(f"{path}/revisions/1").json()["text"] == MINE
    again = save(ada, "What was that?").headers["location"]
    assert again == f"{path}-2"
    assert ada.put(path, json={"summary": "What is it?", "text": MINE}).status_code == 200
    assert ada.get(path, params={"name": "a", "most": 1}).status_code == 200


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("SELECT * { ?s ?p ?o }", 422, "names its columns"),
        ("ASK { ?s ?p ?o }", 422, "no SELECT"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", 422, "no SELECT"),
        ("DELETE WHERE { ?s ?p ?o }", 422, "no SELECT"),
        ("SELECT ?s { ?s ?p", 400, "no SPARQL"),
        ("SELECT ?s { ?s ?p ?o } ; DROP ALL", 400, "no SPARQL"),
        ("SELECT ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("#+ ]\nSELECT ?s { ?s ?p ?o }", 422, "YAML"),
        ("#+ colour: red\nSELECT ?s { ?s ?p ?o }", 422, "`colour`"),
        ("#+ params: {a: {list: Nope}}\nSELECT ?s { ?s ?p ?_a }", 422, "list Nope"),
        ("#+ params: {a: b}\nSELECT ?s { ?s ?p ?_a }", 422, "no mapping"),
        ("SELECT ?s { ?s ?p ?_rows_integer }", 422, "called rows"),
        ("SELECT ?s { ?s ?p ?_a_colour }", 422, "type"),
    ],
)
def test_what_is_no_question_is_not_saved(
    ada: httpx2.Client, text: str, status: int, words: str
) -> None:
    before = len(ada.get("/questions").json())
    response = save(ada, "Is it one?", text)
    assert response.status_code == status
    assert words in response.json()["detail"]
    assert len(ada.get("/questions").json()) == before


def test_a_question_has_a_summary_and_a_bounded_text(ada: httpx2.Client) -> None:
    assert save(ada, "", "SELECT ?s { ?s ?p ?o }").status_code == 422
    assert save(ada, "x" * 201).status_code >= 400
    assert save(ada, "Is it long?", f"{MINE} #{'x' * 70_000}").status_code >= 400
    unknown = ada.post("/questions", json={"text": MINE, "summary": "Is it?", "colour": "red"})
    assert unknown.status_code >= 400


def test_a_service_that_takes_no_updates_saves_nothing() -> None:
    with served(serves="projects", updates="never") as client:
        assert save(client, "Is it kept?").status_code == 403
        assert client.get("/questions/what-serves-where").status_code == 200


def test_a_service_of_graphs_alone_has_no_questions() -> None:
    with served() as client:
        assert client.get("/questions").status_code == 404
        assert client.get("/questions/what-serves-where").status_code == 404


# -- pages -----------------------------------------------------------------------------------------


def page(client: httpx2.Client, path: str, **told: str) -> httpx2.Response:
    return client.get(path, params=told, headers={"accept": "text/html"})


def test_a_page_asks_for_what_it_has_to_be_told(operator: httpx2.Client) -> None:
    response = page(operator, "/questions/who-uses-package")
    assert response.status_code == 200
    assert '<input name="package" type="text" value="" placeholder="scikit-learn" required>' in (
        response.text
    )
    assert "<table>" not in response.text


def test_a_page_tells_its_answer_and_leads_to_the_same_as_data(operator: httpx2.Client) -> None:
    response = page(operator, "/questions/who-uses-package", package="numpy")
    assert 'value="numpy"' in response.text
    assert "2 rows" in response.text
    assert "/questions/who-uses-package?package=numpy&amp;format=csv" in response.text


def test_a_page_says_what_was_told_wrongly(operator: httpx2.Client) -> None:
    response = page(operator, "/questions/what-matters-to-this-role", role="<b>pilot</b>")
    assert response.status_code == 422
    assert "role cannot be `&lt;b&gt;pilot" in response.text
    assert '<option value="data-scientist">' in response.text


def test_what_was_private_stays_so_when_the_question_is_shown(
    ada: httpx2.Client, bob: httpx2.Client
) -> None:
    secret = {"summary": "What is hidden?", "text": "SELECT ?a { ?a ?b ?c }", "private": True}
    place = ada.post("/questions", json=secret).headers["location"]
    shown = {**secret, "text": "SELECT ?b { ?a ?b ?c }", "private": False}
    assert ada.put(place, json=shown).status_code == 200
    told = {
        name: [one["number"] for one in client.get(f"{place}/revisions").json()]
        for name, client in (("owner", ada), ("anybody", bob))
    }
    assert told == {"owner": [2, 1], "anybody": [2]}
    assert bob.get(f"{place}/revisions/1").status_code == 404
