"""A service over an endpoint: what is kept, who sees what, and what happens when it fails."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from kg.cli import run
from kg.errors import NotAllowed, StoreUnreachable
from kg.history import FILE, History, projects
from kg.identifiers import kept_iri, public_iri
from kg.service.access import Dataset
from kg.service.changing.writer import Writer
from kg.service.engine import check_store
from kg.service.readers.records import Limits, Question
from kg.service.readers.remote import RemoteReaders
from kg.service.settings import read_settings
from kg.stores import open_store
from kg.stores._endpoint import Endpoint
from kg.stores.sparql import SparqlStore
from tests.granting import EVERYWHERE, OWN_TOKEN, bearer, made
from tests.listening import listening
from tests.serving import RUNAWAY, TURTLE, fill, query, served, update
from tests.settling import Place

BASE = "http://kept.test/"
EXAMPLE = Path("docs/example")
ROWS = "application/sparql-results+json"
MODEL = "element: TrainedModel\nname: {0}\nrequired_memory: 16 GB\n"
OWN, SHARED, OTHER = (
    f'<http://x.org/{one}> <http://x.org/p> "1" .' for one in ("own", "shared", "other")
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[httpx2.Client]:
    """A service of ours that serves graphs alone: it stands for any endpoint."""
    with served() as client:
        yield client


@pytest.fixture(autouse=True)
def _emptied(endpoint: httpx2.Client) -> None:
    assert update(endpoint, "DROP ALL").is_success


@pytest.fixture(scope="module")
def graphs(endpoint: httpx2.Client) -> Iterator[httpx2.Client]:
    with served(store=str(endpoint.base_url)) as client:
        yield client


# -- graphs alone --------------------------------------------------------------------------------


def test_what_is_put_is_at_the_endpoint_and_asked_there(
    graphs: httpx2.Client, endpoint: httpx2.Client
) -> None:
    fill(graphs)
    for client in (graphs, endpoint):
        counted = query(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv")
        assert counted.text.split() == ["n", "300"]
    changed = "DELETE WHERE { GRAPH <http://x.org/g> { ?s ?p 7 } }"
    assert update(graphs, changed).status_code == 204
    assert query(endpoint, "ASK { ?s ?p 7 }").json()["boolean"] is False
    graph = {"graph": "http://x.org/g"}
    found = graphs.get("/graphs", params=graph, headers={"accept": "application/n-triples"})
    assert found.text.count("\n") == 299
    assert graphs.delete("/graphs", params=graph).status_code == 204
    assert graphs.get("/graphs", params=graph).status_code == 404


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_are_those_of_a_store_in_a_folder(
    graphs: httpx2.Client, endpoint: httpx2.Client, form: str
) -> None:
    update(
        endpoint,
        'INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> "x\\n\\t\\"", "é"@fr, true, 1.50, <urn:c>,'
        " _:n } }",
    )
    text = "SELECT ?o ?none WHERE { <urn:a> ?p ?o FILTER(!ISBLANK(?o)) } ORDER BY STR(?o)"
    far, near = (query(client, text, format=form) for client in (graphs, endpoint))
    assert (far.status_code, far.text) == (200, near.text)
    assert far.headers["content-type"] == near.headers["content-type"]


def test_what_is_cut_says_so(graphs: httpx2.Client) -> None:
    fill(graphs)
    rows = query(graphs, "SELECT * { ?s ?p ?o }", rows=3, format="csv")
    assert rows.headers["query-truncated"] == "cut off after 3 rows, there are more"
    assert rows.text.splitlines()[-1] == "# cut off after 3 rows; there are more"
    triples = query(graphs, "CONSTRUCT WHERE { ?s ?p ?o }", rows=3, format="turtle")
    assert triples.text.splitlines()[-1] == "# cut off after 3 triples, there are more"


def test_an_answer_larger_than_it_may_be_is_cut(endpoint: httpx2.Client) -> None:
    fill(endpoint, 20_000)
    with served(store=str(endpoint.base_url), query_size=1) as client:
        found = query(client, "SELECT * { ?s ?p ?o }").json()
    assert 100 < len(found["results"]["bindings"]) < 20_000
    assert found["truncated"].endswith("there are more")


def test_what_is_no_sparql_is_told_with_its_place(graphs: httpx2.Client) -> None:
    for text in ("SELECT ?s {\n ?s ?p }", "define input:inference 'x' SELECT * { ?s ?p ?o }"):
        response = query(graphs, text)
        assert response.status_code == 400
        assert "line" in response.json()["detail"]


def test_a_runaway_is_stopped_and_cancelled(graphs: httpx2.Client, endpoint: httpx2.Client) -> None:
    fill(endpoint)
    began = time.monotonic()
    assert query(graphs, RUNAWAY, timeout=0.7).status_code == 504
    assert time.monotonic() - began < 5, "it would take hours"
    threading.Timer(0.7, lambda: graphs.delete("/queries/mine")).start()
    assert query(graphs, RUNAWAY, timeout=20, **{"query-id": "mine"}).status_code == 409
    # The endpoint has noticed too: its connections were closed.
    until = time.monotonic() + 10
    while endpoint.get("/queries").json() and time.monotonic() < until:
        time.sleep(0.05)
    assert endpoint.get("/queries").json() == []


def test_the_dataset_of_the_request_is_kept_to(
    graphs: httpx2.Client, endpoint: httpx2.Client
) -> None:
    update(
        endpoint,
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> 1 } GRAPH <urn:h> { <urn:b> <urn:p> 2 } }",
    )
    asked = {"default-graph-uri": "urn:g"}
    for text, wanted in (
        ("SELECT ?s { ?s ?p ?o }", ["urn:a"]),
        ("SELECT ?s FROM <urn:h> { ?s ?p ?o }", ["urn:a"]),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", []),
        ("SELECT ?s { GRAPH <urn:h> { ?s ?p ?o } }", []),
    ):
        found = query(graphs, text, format="csv", **asked)
        assert found.text.split()[1:] == wanted, text
    assert query(graphs, "SELECT ?s FROM <urn:h> { ?s ?p ?o }", format="csv").text.split()[1:] == [
        "urn:b"
    ]


def test_small_queries_are_answered_while_others_run_away(
    graphs: httpx2.Client, endpoint: httpx2.Client
) -> None:
    fill(endpoint)
    with ThreadPoolExecutor(6) as pool:
        away = [
            pool.submit(query, graphs, RUNAWAY, timeout=25, **{"query-id": f"away-{number}"})
            for number in range(6)
        ]
        until = time.monotonic() + 20
        while len(graphs.get("/queries").json()) < 6 and time.monotonic() < until:
            time.sleep(0.05)
        for _ in range(5):
            assert query(graphs, "ASK { ?s ?p ?o }").json()["boolean"] is True
        assert not any(one.done() for one in away)
        for number in range(6):
            assert graphs.delete(f"/queries/away-{number}").status_code == 204
    assert {one.result().status_code for one in away} == {409}


def test_a_graph_without_a_name_is_not_put_where_queries_would_not_see_it(
    graphs: httpx2.Client, endpoint: httpx2.Client
) -> None:
    nameless = graphs.put("/graphs?default", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    assert nameless.status_code == 403
    assert "Name a graph" in nameless.json()["hint"]
    assert query(endpoint, "ASK { ?s ?p ?o }").json()["boolean"] is False
    update(endpoint, "INSERT DATA { <urn:a> <urn:b> 1 }")
    assert "urn:a" in graphs.get("/graphs?default").text


def test_an_own_default_graph_is_asked_where_graphs_are_served_alone(
    endpoint: httpx2.Client,
) -> None:
    with served(store=str(endpoint.base_url), default_graph="own") as client:
        assert update(client, "INSERT DATA { <urn:a> <urn:b> 1 }").status_code == 204
        assert query(client, "ASK { <urn:a> ?p ?o }").json()["boolean"] is True


def test_no_backup_is_made_of_what_is_elsewhere(graphs: httpx2.Client) -> None:
    response = graphs.post("/backups")
    assert response.status_code == 403
    assert "Back it up there" in response.json()["hint"]


def test_an_endpoint_that_is_gone_is_told() -> None:
    with ExitStack() as stack:
        there = stack.enter_context(served())
        with served(store=str(there.base_url)) as client:
            assert client.get("/ready").status_code == 200
            stack.close()
            response = query(client, "SELECT * { ?s ?p ?o }")
            assert response.status_code == 503
            assert "does not answer" in response.json()["detail"]
            assert client.get("/ready").status_code == 503
            assert client.get("/health").status_code == 200


# -- projects ------------------------------------------------------------------------------------


def kept(endpoint: httpx2.Client, folder: Path) -> dict[str, Any]:
    return {
        "store": str(endpoint.base_url),
        "history": folder,
        "serves": "projects",
        "base": BASE,
    }


def put(client: httpx2.Client, project: str, name: str, **more: object) -> None:
    response = client.put(
        f"/projects/{project}/descriptors/{name}",
        content=MODEL.format(name),
        headers={"content-type": "application/yaml"},
        **more,  # type: ignore[arg-type]
    )
    assert response.is_success, response.text


def models(client: httpx2.Client, text: str = "?s a mm:TrainedModel", **more: Any) -> list[str]:  # noqa: ANN401
    asked = f"PREFIX mm: <https://w3id.org/ml-mismatch/> SELECT DISTINCT ?s WHERE {{ {text} }}"
    response = client.post(
        "/sparql",
        data={"query": asked, "format": "csv", **more.pop("data", {})},
        **more,
    )
    assert response.is_success, response.text
    return sorted(line.rpartition("/")[2] for line in response.text.split()[1:])


def test_projects_are_kept_there_and_remembered_here(
    endpoint: httpx2.Client, tmp_path: Path
) -> None:
    settings = kept(endpoint, tmp_path)
    with served(**settings) as client:
        client.put("/projects/loans", json={})
        put(client, "loans", "first")
        assert models(client) == ["first"]
        put(client, "loans", "second")
        assert models(client) == ["first", "second"]
        findings = client.get("/projects/loans/findings?verdict=all").json()
        assert findings
        rows = client.get("/questions/which-models-state-no-licence", params={"format": "csv"})
        assert "first" in rows.text
    # What the endpoint has lost meanwhile comes back from what is remembered.
    update(endpoint, "DROP ALL")
    with served(**settings) as client:
        assert models(client) == ["first", "second"]
        assert client.get("/projects/loans/findings?verdict=all").json() == findings
        assert client.delete("/projects/loans").is_success
        assert models(client) == []
    store = open_store(str(endpoint.base_url))
    assert [name for name in store.names() if "/projects/" in name] == []


def test_what_is_private_is_seen_by_nobody_else(endpoint: httpx2.Client, tmp_path: Path) -> None:
    operator: dict[str, Any] = {"headers": bearer(OWN_TOKEN)}
    with served(
        **kept(endpoint, tmp_path),
        host=EVERYWHERE,
        updates="always",
        operator_token=OWN_TOKEN,
    ) as client:
        for project, private in (("shown", False), ("hidden", True)):
            client.put(f"/projects/{project}", json={"private": private}, **operator)
            descriptor = f"/projects/{project}/descriptors/{project}"
            yaml = {"content-type": "application/yaml", **bearer(OWN_TOKEN)}
            text = MODEL.format(project)
            assert client.put(descriptor, content=text, headers=yaml).is_success
        client.put("/projects/hidden/roles/ada", json={"role": "reader"}, **operator)
        ada = {"headers": bearer(made(client, "ada"))}
        hidden = f"{BASE}projects/hidden/descriptors/hidden.yaml"
        anywhere = "{ ?s a mm:TrainedModel } UNION { GRAPH ?g { ?s a mm:TrainedModel } }"
        assert models(client, anywhere) == ["shown"]
        assert models(client, anywhere, **ada) == ["hidden", "shown"]
        assert models(client, anywhere, **operator) == ["hidden", "shown"]
        union = "urn:x-arq:UnionGraph"
        for name in (hidden, f"{BASE}projects/hidden/statements", kept_iri(BASE), union):
            assert models(client, f"GRAPH <{name}> {{ ?s ?p ?o }}") == []
            asked = {"default-graph-uri": name, "named-graph-uri": name}
            assert models(client, "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }", data=asked) == []
            at = client.get("/graphs", params={"graph": name})
            assert at.status_code == 404
            both = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
            from_there = f"SELECT ?s FROM <{name}> FROM NAMED <{name}> {{ {both} }}"
            assert query(client, from_there, format="csv").text.split() == ["s"]


def test_an_endpoint_that_shows_more_than_it_is_told_is_asked_nothing(
    tmp_path: Path,
) -> None:
    row = {"subject": {"type": "uri", "value": "urn:a"}, "graph": {"type": "uri", "value": "urn:g"}}
    some = json.dumps({"head": {"vars": [*row]}, "results": {"bindings": [row]}})
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {ROWS}\r\nContent-Length: {len(some)}\r\n\r\n"
    with listening((head + some).encode()) as leaking:
        url = f"http://127.0.0.1:{leaking.port}/sparql"
        with served(store=url, history=tmp_path) as client:
            response = query(client, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": "urn:h"})
            assert response.status_code == 503
            assert "does not keep to the graphs" in response.json()["detail"]
        bodies = [parse_qs(asked.rpartition(b"\r\n\r\n")[2].decode()) for asked in leaking.asked]
    assert not any("urn:h" in body.get("default-graph-uri", ()) for body in bodies)


def test_without_a_folder_for_what_is_remembered_nothing_starts(
    endpoint: httpx2.Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MISMATCH_HISTORY", raising=False)
    assert run(["serve", "--store", str(endpoint.base_url)]) != 0
    assert "MISMATCH_HISTORY" in capsys.readouterr().err


def test_an_own_default_graph_is_not_to_be_had_there(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="default_graph"):
        read_settings(store="http://a.org/sparql", history=tmp_path, default_graph="own")


def test_virtuoso_is_not_served_from(tmp_path: Path) -> None:
    nothing = json.dumps({"head": {"vars": []}, "results": {"bindings": []}})
    head = f"HTTP/1.1 200 OK\r\nServer: Virtuoso/07\r\nContent-Length: {len(nothing)}\r\n\r\n"
    with listening((head + nothing).encode()) as there:
        url = f"http://127.0.0.1:{there.port}/sparql"
        with pytest.raises(StoreUnreachable, match="Virtuoso"):
            check_store(read_settings(store=url, history=tmp_path, base=BASE))


def test_folders_are_loaded_into_it(
    endpoint: httpx2.Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MISMATCH_HISTORY", str(tmp_path))
    load = ["load", str(EXAMPLE), "--store", str(endpoint.base_url)]
    assert run(load) == 0
    assert "revision 1," in capsys.readouterr().out
    assert run(load) == 0
    assert "is revision 1 already" in capsys.readouterr().out
    assert run(["check", str(EXAMPLE), "--store", str(endpoint.base_url)]) == 2
    assert "A service keeps" in capsys.readouterr().err


# -- changes that are not finished ---------------------------------------------------------------


class Breaking(SparqlStore):
    """A store whose endpoint takes one operation a request, and after so many no more."""

    left = 1000

    def _send(self, operations_: Any) -> None:  # noqa: ANN401
        for one in operations_:
            if not self.left:
                raise StoreUnreachable("gone", "")
            self.left -= 1
            self.endpoint.update(one)


@pytest.mark.parametrize("number", range(1, 9))
def test_a_change_that_was_broken_off_is_mended(
    endpoint: httpx2.Client, tmp_path: Path, number: int
) -> None:
    store = Breaking(Endpoint(str(endpoint.base_url)))
    history = History(tmp_path / FILE)
    place = Place(history, store)
    place.remember("a", OWN, SHARED)
    place.remember("b", SHARED)
    place.settle("a", "b")
    place.remember("a", OTHER)
    store.left = number
    with suppress(StoreUnreachable):
        place.settle("a")
    store.left = 1000
    with history.writing() as connection:
        projects.describe(connection, "a", title="", private=True)
    place.settle("a")
    assert (place.stated(), place.stated("a")) == ({SHARED}, {OTHER})
    assert OWN not in store.triples(public_iri("http://localhost:8000/"))
    history.close()


def test_a_name_that_stands_for_all_graphs_is_never_passed_on(tmp_path: Path) -> None:
    row = {"graph": {"type": "uri", "value": f"{BASE}knowledge"}}
    some = json.dumps({"head": {"vars": [*row]}, "results": {"bindings": [row]}})
    with listening(_rows(some)) as there:
        url = f"http://127.0.0.1:{there.port}/sparql"
        store = open_store(url)
        assert isinstance(store, SparqlStore)
        settings = read_settings(store=url, history=tmp_path, base=BASE)
        readers = RemoteReaders(settings, Writer(lambda: store, BASE), store, tmp_path)
        readers._is_bounded = True  # noqa: SLF001 - the host here cannot be asked that
        names = ("urn:x-arq:UnionGraph", f"{BASE}statements", f"{BASE}knowledge")
        asked = Dataset(names, names)
        question = Question(asked, Limits(1, 16, 1, 1), "json", None, "SELECT * { ?s ?p ?o }")
        found = asyncio.run(readers._parameters(question))  # noqa: SLF001 - what would be sent
    assert {name for _, name in found} == {f"{BASE}statements", f"{BASE}knowledge"}


def _rows(body: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {ROWS}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
