"""SPARQL 1.1 Graph Store HTTP Protocol: naming, reading, writing, refusing."""

from collections.abc import Iterator

import httpx2
import pytest

from kg.parsing import parse_rdf
from tests.serving import TURTLE, query, served

NAME = "http://x.org/g"
TEXT = "@prefix x: <http://x.org/> . x:a x:p 1 , [ x:q 'ä' ] ."


@pytest.fixture
def client(own: httpx2.Client) -> httpx2.Client:
    own.post("/sparql", data={"update": "DROP ALL"})
    return own


@pytest.fixture(scope="module")
def own() -> Iterator[httpx2.Client]:
    with served() as client:
        yield client


def _put(client: httpx2.Client, text: str = TEXT, path: str = f"?graph={NAME}") -> httpx2.Response:
    return client.put(f"/graphs{path}", content=text.encode(), headers=TURTLE)


def _size(client: httpx2.Client, path: str = f"?graph={NAME}") -> int:
    response = client.get(f"/graphs{path}", headers={"accept": "application/n-triples"})
    assert response.status_code == 200
    return len(response.text.splitlines())


PATHS = ["?default", f"?graph={NAME}", "/some/where.ttl", "/%C3%A4"]


@pytest.mark.parametrize("path", PATHS)
def test_a_graph_is_put_and_read(client: httpx2.Client, path: str) -> None:
    assert _put(client, path=path).status_code == (204 if path == "?default" else 201)
    assert _size(client, path) == 3
    assert _put(client, path=path).status_code == 204
    assert _size(client, path) == 3


def test_what_is_posted_is_added(client: httpx2.Client) -> None:
    _put(client)
    more = "<http://x.org/b> <http://x.org/p> 1 ."
    response = client.post("/graphs", params={"graph": NAME}, content=more, headers=TURTLE)
    assert response.status_code == 204
    assert _size(client) == 4


def test_posting_to_what_is_not_there_makes_it(client: httpx2.Client) -> None:
    response = client.post("/graphs", params={"graph": NAME}, content=TEXT.encode(), headers=TURTLE)
    assert response.status_code == 201
    assert _size(client) == 3


def test_blank_nodes_of_two_bodies_are_never_one(client: httpx2.Client) -> None:
    for _ in range(2):
        text = "_:b <http://x.org/p> 1 ."
        client.post("/graphs", params={"graph": NAME}, content=text, headers=TURTLE)
    assert _size(client) == 2


def test_posting_to_no_graph_makes_one_and_tells_its_name(client: httpx2.Client) -> None:
    response = client.post("/graphs", content=TEXT.encode(), headers=TURTLE)
    assert response.status_code == 201
    name = response.headers["location"]
    assert name.startswith(f"{str(client.base_url).rstrip('/')}/graphs/")
    assert client.get(name, headers={"accept": "text/turtle"}).status_code == 200
    assert client.get("/graphs", params={"graph": name}).status_code == 200


def test_a_new_name_beyond_ascii_is_told_as_an_address(client: httpx2.Client) -> None:
    response = client.post("/graphs/\u00df\U0001f4a9", content=TEXT.encode(), headers=TURTLE)
    assert response.status_code == 201
    name = response.headers["location"]
    assert name.endswith("/graphs/%C3%9F%F0%9F%92%A9")
    assert client.get(name).status_code == 200


@pytest.mark.parametrize("name", ["\ufdd0", "\u0085", "a b", "\U0010fffe"])
def test_a_name_that_no_store_takes_is_refused(client: httpx2.Client, name: str) -> None:
    for method in ("GET", "DELETE"):
        assert client.request(method, f"/graphs/{name}").status_code == 400
    graph = {"graph": f"http://x.org/{name}"}
    assert client.put("/graphs", params=graph, content=b"", headers=TURTLE).status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_a_removed_graph_is_gone(client: httpx2.Client, path: str) -> None:
    _put(client, path=path)
    assert client.delete(f"/graphs{path}").status_code == 204
    if path == "?default":
        assert _size(client, path) == 0
    else:
        assert client.get(f"/graphs{path}").status_code == 404
        assert client.head(f"/graphs{path}").status_code == 404
        assert client.delete(f"/graphs{path}").status_code == 404


def test_an_empty_graph_is_there(client: httpx2.Client) -> None:
    assert _put(client, "").status_code == 201
    assert _size(client) == 0
    assert _put(client, "").status_code == 204


def test_a_path_is_the_same_graph_as_its_name(client: httpx2.Client) -> None:
    _put(client, path="/a/b")
    name = f"{str(client.base_url).rstrip('/')}/graphs/a/b"
    assert _size(client, f"?graph={name}") == 3


def test_a_name_is_decoded_once(client: httpx2.Client) -> None:
    _put(client, path="?graph=http://x.org/%2531")
    assert client.get("/graphs?graph=http://x.org/1").status_code == 404
    assert client.get("/graphs?graph=http://x.org/%2531").status_code == 200


def test_head_tells_the_type_and_the_length(client: httpx2.Client) -> None:
    _put(client)
    head = client.head("/graphs", params={"graph": NAME})
    whole = client.get("/graphs", params={"graph": NAME})
    assert head.headers["content-type"] == "text/turtle; charset=utf-8"
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.content == b""


def test_a_graph_that_the_client_has_is_not_sent_again(client: httpx2.Client) -> None:
    _put(client)
    tag = client.get("/graphs", params={"graph": NAME}).headers["etag"]
    again = client.get("/graphs", params={"graph": NAME}, headers={"if-none-match": tag})
    assert again.status_code == 304


BODIES = {
    "text/turtle": "<http://x.org/a> <http://x.org/p> 'ä' .",
    "text/turtle; charset=UTF-8": "<http://x.org/a> <http://x.org/p> 'ä' .",
    "application/n-triples": '<http://x.org/a> <http://x.org/p> "ä" .',
    "application/trig": "{ <http://x.org/a> <http://x.org/p> 'ä' . }",
    "application/n-quads": '<http://x.org/a> <http://x.org/p> "ä" .',
    "application/ld+json": '{"@id": "http://x.org/a", "http://x.org/p": "ä"}',
    "application/rdf+xml": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:x="http://x.org/"><rdf:Description rdf:about="http://x.org/a"><x:p>ä</x:p>
        </rdf:Description></rdf:RDF>""",
}


@pytest.mark.parametrize("media_type", BODIES)
def test_six_syntaxes_are_read(client: httpx2.Client, media_type: str) -> None:
    response = client.put(
        "/graphs",
        params={"graph": NAME},
        content=BODIES[media_type].encode(),
        headers={"content-type": media_type},
    )
    assert response.status_code == 201
    assert query(client, "ASK { <http://x.org/a> <http://x.org/p> 'ä' }").json()["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "ntriples"),
        ("application/trig", "trig"),
        ("application/n-quads", "nquads"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdfxml"),
        ("image/png, */*;q=0.1", "turtle"),
    ],
)
def test_six_syntaxes_are_written(client: httpx2.Client, accept: str, media: str) -> None:
    _put(client)
    response = client.get("/graphs", params={"graph": NAME}, headers={"accept": accept})
    assert response.headers["vary"].startswith("Accept")
    assert len(parse_rdf(response.content, media, NAME)) == 3  # type: ignore[arg-type] # listed above


def test_parts_of_a_form_are_added_each_by_itself(client: httpx2.Client) -> None:
    files = [
        ("one", ("one.ttl", b"_:b <http://x.org/p> 1 .", "text/turtle")),
        ("two", ("two.nt", b"_:b <http://x.org/p> <http://x.org/a> .", "application/n-triples")),
    ]
    response = client.post("/graphs", params={"graph": NAME}, files=files)
    assert response.status_code == 201
    assert _size(client) == 2
    assert (
        query(client, "ASK { ?b <http://x.org/p> 1 , <http://x.org/a> }").json()["boolean"] is False
    )


REFUSED = {
    "no name": (400, "PUT", "", "text/turtle", b""),
    "two ways of naming": (400, "PUT", f"?graph={NAME}&default", "text/turtle", b""),
    "two names": (400, "GET", f"?graph={NAME}&graph={NAME}", "", b""),
    "a relative name": (400, "PUT", "?graph=g", "text/turtle", b""),
    "a name that is no IRI": (400, "PUT", "?graph=http://x.org/%3E", "text/turtle", b""),
    "a path and a name": (400, "PUT", f"/a?graph={NAME}", "text/turtle", b""),
    "no media type": (415, "PUT", f"?graph={NAME}", "", b""),
    "an unknown media type": (415, "PUT", f"?graph={NAME}", "text/csv", b"a,b"),
    "UTF-16": (415, "PUT", f"?graph={NAME}", "text/turtle; charset=utf-16", "".encode("utf-16")),
    "what is no Turtle": (400, "PUT", f"?graph={NAME}", "text/turtle", b"<a"),
    "what is no UTF-8": (400, "PUT", f"?graph={NAME}", "text/turtle", b"<x:a> <x:b> '\xe4' ."),
    "another graph inside": (
        400,
        "PUT",
        f"?graph={NAME}",
        "application/trig",
        b"<x:g> { <x:a> <x:b> 1 }",
    ),
    "a context to fetch": (
        400,
        "PUT",
        f"?graph={NAME}",
        "application/ld+json",
        b'{"@context": "http://127.0.0.1:1/"}',
    ),
    "parts without a boundary": (400, "POST", f"?graph={NAME}", "multipart/form-data", b"x"),
    "an absent graph": (404, "GET", f"?graph={NAME}", "", b""),
    "an unknown method": (405, "PATCH", f"?graph={NAME}", "text/turtle", b""),
    "too much": (413, "PUT", f"?graph={NAME}", "text/turtle", b"#" * ((8 << 20) + 1)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_request_is_refused_and_changes_nothing(client: httpx2.Client, name: str) -> None:
    status, method, path, media_type, content = REFUSED[name]
    headers = {"content-type": media_type} if media_type else {}
    response = client.request(method, f"/graphs{path}", content=content, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert query(client, "ASK { GRAPH ?g {} }").json()["boolean"] is False
    if status == 405:
        assert response.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"


def test_a_format_that_nobody_writes_is_refused(client: httpx2.Client) -> None:
    _put(client)
    response = client.get("/graphs", params={"graph": NAME}, headers={"accept": "text/csv"})
    assert response.status_code == 406


def test_a_large_graph_is_cut_where_the_client_wants_it(client: httpx2.Client) -> None:
    _put(client)
    response = client.get("/graphs", params={"graph": NAME, "rows": 2})
    assert "cut off after 2 triples" in response.headers["query-truncated"]
    assert response.text.splitlines()[-1].startswith("# cut off after 2 triples")
