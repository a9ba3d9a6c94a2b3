"""What a caller may not see or change stays so, in every way of asking."""

from collections.abc import Iterator

import httpx2
import pytest
from fastapi import Request

from kg.errors import NotAllowed
from kg.service.access import EVERYTHING, Caller, Dataset, Open
from kg.service.settings import read_settings
from tests.serving import TURTLE, query, served, update

OPEN, SECRET = "http://x.org/open", "http://x.org/secret"
DATA = f"INSERT DATA {{ GRAPH <{OPEN}> {{ <x:a> <x:p> 1 }} GRAPH <{SECRET}> {{ <x:b> <x:p> 2 }} }}"


class ByHeader(Open):
    """Whoever says who they are is a reader of one graph; who says nothing, the operator."""

    def caller(self, request: Request) -> Caller:
        name = request.headers.get("x-name")
        return Caller(name or "operator", operator=name is None)

    def visible(self, caller: Caller) -> Dataset:
        return EVERYTHING if caller.operator else Dataset((OPEN,), (OPEN,))

    def may_write(self, caller: Caller, graph: str | None) -> None:
        if not caller.operator and graph != OPEN:
            raise NotAllowed("That graph is not yours", "Ask who owns it")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(ByHeader(read_settings())) as operator:
        assert update(operator, DATA).status_code == 204
        headers = {"x-name": "reader"}
        with httpx2.Client(base_url=operator.base_url, timeout=30, headers=headers) as reader:
            yield reader


ASKED = {
    "no dataset": ("SELECT ?o { ?s ?p ?o }", {}),
    "any graph": ("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", {}),
    "both": ("SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", {}),
    "the graph by name": (f"SELECT ?o {{ GRAPH <{SECRET}> {{ ?s ?p ?o }} }}", {}),
    "FROM": (f"SELECT ?o FROM <{SECRET}> FROM <{OPEN}> {{ ?s ?p ?o }}", {}),
    "FROM, glued": (f"SELECT ?o FROM<{SECRET}>{{ ?s ?p ?o }}", {}),
    "FROM NAMED": (f"SELECT ?o FROM NAMED <{SECRET}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
    "default-graph-uri": ("SELECT ?o { ?s ?p ?o }", {"default-graph-uri": SECRET}),
    "named-graph-uri": ("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", {"named-graph-uri": SECRET}),
    "a subquery": ("SELECT ?o { { SELECT * { GRAPH ?g { ?s ?p ?o } } } }", {}),
    "a path": ("SELECT ?o { GRAPH ?g { ?s (<x:p>|!<x:p>)+ ?o } }", {}),
    "EXISTS": (f"SELECT ('2' AS ?o) {{ FILTER EXISTS {{ GRAPH <{SECRET}> {{ ?s ?p ?o }} }} }}", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_no_query_sees_what_is_not_visible(client: httpx2.Client, name: str) -> None:
    text, parameters = ASKED[name]
    response = query(client, text, format="csv", **parameters)
    assert response.status_code == 200
    assert "2" not in response.text


def test_what_is_visible_is_seen(client: httpx2.Client) -> None:
    for text in ("SELECT ?o { ?s ?p ?o }", f"SELECT ?o FROM <{OPEN}> {{ ?s ?p ?o }}"):
        assert query(client, text, format="csv").text.split() == ["o", "1"]


def test_describing_tells_nothing_of_what_is_not_visible(client: httpx2.Client) -> None:
    assert "x:b" not in query(client, "DESCRIBE <x:b>", format="ntriples").text
    assert "x:a" in query(client, "DESCRIBE <x:a>", format="ntriples").text


def test_the_names_of_graphs_are_not_told(client: httpx2.Client) -> None:
    found = query(client, "SELECT ?g { GRAPH ?g {} }", format="csv").text
    assert SECRET not in found


def test_a_prefix_in_from_is_refused_rather_than_guessed(client: httpx2.Client) -> None:
    text = "PREFIX x: <http://x.org/> SELECT ?o FROM x:secret { ?s ?p ?o }"
    assert query(client, text).status_code == 400


def test_a_graph_that_is_not_visible_is_as_if_it_were_not_there(client: httpx2.Client) -> None:
    for graph in (SECRET, "http://x.org/none"):
        response = client.get("/graphs", params={"graph": graph})
        assert response.status_code == 404
        assert response.json()["detail"] == "There is no such graph"
    assert client.get("/graphs", params={"graph": OPEN}).status_code == 200
    assert client.get("/graphs?default").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_only_what_is_the_callers_is_changed(client: httpx2.Client, method: str) -> None:
    for path in (f"?graph={SECRET}", "?default", "/path"):
        response = client.request(method, f"/graphs{path}", content="", headers=TURTLE)
        assert response.status_code == 403
    assert update(client, "CLEAR ALL").status_code == 403
    text = "<x:a> <x:p> 1 ."
    assert client.put(f"/graphs?graph={OPEN}", content=text, headers=TURTLE).status_code == 204


def test_queries_of_others_are_neither_listed_nor_cancelled(client: httpx2.Client) -> None:
    assert client.get("/queries").json() == []
    assert client.delete("/queries/other").status_code == 404
