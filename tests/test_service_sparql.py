"""SPARQL 1.1 Protocol over HTTP: operations, formats, datasets, refusals."""

import csv
import gzip
import io
import json
import socket
import threading
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx2
import pytest
from rdflib import Graph

from kg.parsing import parse_rdf
from kg.parsing.rdf import Media
from tests.serving import SPARQL_QUERY, SPARQL_UPDATE, query, served, update

DATA = """INSERT DATA {
  GRAPH <http://x.org/one> { <http://x.org/a> <http://x.org/p> 1 , "two, \\"2\\"\\n" , "drei"@de }
  GRAPH <http://x.org/two> { <http://x.org/b> <http://x.org/p> _:c }
}"""
ALL = "SELECT ?s ?o { ?s <http://x.org/p> ?o } ORDER BY ?o"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served() as client:
        assert update(client, DATA).status_code == 204
        yield client


def test_a_query_is_asked_by_get(client: httpx2.Client) -> None:
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_query_is_asked_by_a_form(client: httpx2.Client) -> None:
    assert client.post("/sparql", data={"query": "ASK {}"}).json()["boolean"] is True


def test_a_query_is_asked_directly(client: httpx2.Client) -> None:
    assert query(client, "ASK {}").json()["boolean"] is True


def test_plus_signs_and_umlauts_of_a_form_are_understood(client: httpx2.Client) -> None:
    text = 'SELECT ("ä+ b" AS ?x) {}'
    response = client.post("/sparql", data={"query": text, "format": "csv"})
    assert response.text.splitlines()[1] == "ä+ b"


def test_a_byte_order_mark_is_no_part_of_the_query(client: httpx2.Client) -> None:
    response = client.post("/sparql", content=b"\xef\xbb\xbfASK {}", headers=SPARQL_QUERY)
    assert response.status_code == 200


@pytest.mark.parametrize("how", ["form", "direct"])
def test_an_update_is_sent_by_post(client: httpx2.Client, how: str) -> None:
    text = f"INSERT DATA {{ GRAPH <http://x.org/{how}> {{ <http://x.org/a> <http://x.org/q> 1 }} }}"
    if how == "form":
        response = client.post("/sparql", data={"update": text})
    else:
        response = update(client, text)
    assert response.status_code == 204
    assert query(client, f"ASK {{ GRAPH <http://x.org/{how}> {{ ?s ?p ?o }} }}").json()["boolean"]
    assert update(client, f"DROP GRAPH <http://x.org/{how}>").status_code == 204


REFUSED: dict[str, tuple[int, str, str, dict[str, str], bytes]] = {
    "two queries": (400, "GET", "?query=ASK%7B%7D&query=ASK%7B%7D", {}, b""),
    "an update by GET": (400, "GET", "?update=CLEAR%20ALL", {}, b""),
    "a query and an update": (400, "POST", "", FORM, b"query=ASK{}&update=CLEAR+ALL"),
    "a form with neither": (400, "POST", "", FORM, b"x=y"),
    "two updates": (400, "POST", "", FORM, b"update=CLEAR+ALL&update=CLEAR+ALL"),
    "a query in the address and in the body": (
        400,
        "POST",
        "?query=ASK%7B%7D",
        SPARQL_QUERY,
        b"ASK{}",
    ),
    "no media type": (415, "POST", "", {}, b"ASK {}"),
    "plain text": (415, "POST", "", {"content-type": "text/plain"}, b"ASK {}"),
    "JSON": (415, "POST", "", {"content-type": "application/json"}, b"{}"),
    "UTF-16": (
        415,
        "POST",
        "",
        {"content-type": "application/sparql-query; charset=UTF-16"},
        "ASK {}".encode("utf-16"),
    ),
    "Latin-1": (400, "POST", "", SPARQL_QUERY, 'ASK { ?s ?p "ä" }'.encode("latin-1")),
    "Latin-1 in an address": (400, "GET", "?query=ASK%7B?s?p'%e4'%7D", {}, b""),
    "a compressed body": (
        415,
        "POST",
        "",
        {**SPARQL_QUERY, "content-encoding": "gzip"},
        gzip.compress(b"ASK {}"),
    ),
    "a broken query": (400, "GET", "?query=ASK%20%7B", {}, b""),
    "an empty query": (400, "GET", "?query=", {}, b""),
    "a broken update": (400, "POST", "", SPARQL_UPDATE, b"CLEAR XYZ"),
    "a query as an update": (400, "POST", "", SPARQL_UPDATE, b"ASK {}"),
    "an unknown format": (400, "GET", "?query=ASK%7B%7D&format=docx", {}, b""),
    "a relative default graph": (400, "GET", "?query=ASK%7B%7D&default-graph-uri=x", {}, b""),
    "a graph that is no IRI": (
        400,
        "GET",
        "?query=ASK%7B%7D&named-graph-uri=http://x.org/%20b",
        {},
        b"",
    ),
    "an id with a line break": (400, "GET", "?query=ASK%7B%7D&query-id=a%0ab", {}, b""),
    "USING in both": (
        400,
        "POST",
        "?using-graph-uri=http://x.org/a",
        SPARQL_UPDATE,
        b"INSERT {} USING <http://x.org/b> WHERE {}",
    ),
    "WITH and using-graph-uri": (
        400,
        "POST",
        "?using-named-graph-uri=http://x.org/a",
        SPARQL_UPDATE,
        b"WITH <http://x.org/b> INSERT {} WHERE {}",
    ),
    "brackets too deep": (
        400,
        "POST",
        "",
        SPARQL_UPDATE,
        b"INSERT DATA { <x:a> <x:b> " + b"(" * 5000 + b")" * 5000 + b"}",
    ),
    "a query too long": (413, "POST", "", SPARQL_QUERY, b"ASK {} #" + b"x" * (1 << 20)),
    "a body too long": (413, "POST", "", SPARQL_UPDATE, b"#" * ((8 << 20) + 1)),
    "PUT": (405, "PUT", "?query=ASK%7B%7D", {}, b""),
    "PATCH": (405, "PATCH", "", {}, b""),
    "DELETE": (405, "DELETE", "", {}, b""),
    "TRACE": (405, "TRACE", "", {}, b""),
    "a method of another protocol": (405, "PROPFIND", "", {}, b""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_request_is_refused_as_a_problem(client: httpx2.Client, name: str) -> None:
    status, method, parameters, headers, content = REFUSED[name]
    response = client.request(method, f"/sparql{parameters}", headers=headers, content=content)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == status
    assert {"type", "title", "detail", "hint"} <= found.keys()
    if status == 405:
        assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


ACCEPTED = [
    (ALL, None, "application/sparql-results+json"),
    (ALL, "", "application/sparql-results+json"),
    (ALL, "*/*", "application/sparql-results+json"),
    (ALL, "application/*", "application/sparql-results+json"),
    (ALL, "application/json", "application/sparql-results+json"),
    (ALL, "application/sparql-results+xml", "application/sparql-results+xml"),
    (ALL, "text/csv", "text/csv; charset=utf-8"),
    (ALL, "TEXT/CSV", "text/csv; charset=utf-8"),
    (ALL, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    (ALL, "text/csv;q=0.2, application/xml;q=0.8", "application/sparql-results+xml"),
    (ALL, "application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    (ALL, "text/*;q=0.5, application/*;q=0", "text/csv; charset=utf-8"),
    (ALL, "text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
    (ALL, "text/html", "text/html; charset=utf-8"),
    (ALL, "text/html,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    (GRAPH, None, "text/turtle; charset=utf-8"),
    (GRAPH, "*/*", "text/turtle; charset=utf-8"),
    (GRAPH, "text/turtle; charset=utf-8", "text/turtle; charset=utf-8"),
    (GRAPH, "application/n-triples", "application/n-triples; charset=utf-8"),
    (GRAPH, "application/rdf+xml", "application/rdf+xml; charset=utf-8"),
    (GRAPH, "application/ld+json", "application/ld+json"),
    (GRAPH, "application/trig", "application/trig; charset=utf-8"),
    (GRAPH, "application/n-quads", "application/n-quads; charset=utf-8"),
    (GRAPH, "text/csv, application/ld+json;q=0.1", "application/ld+json"),
    ("DESCRIBE <http://x.org/a>", "text/turtle", "text/turtle; charset=utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "accept", "sent"), ACCEPTED)
def test_the_client_gets_the_format_that_it_likes_best(
    client: httpx2.Client, text: str, accept: str | None, sent: str
) -> None:
    headers = {**SPARQL_QUERY, "accept": accept} if accept is not None else SPARQL_QUERY
    request = client.build_request("POST", "/sparql", content=text, headers=headers)
    if accept is None:
        del request.headers["accept"]
    response = client.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"] == sent
    assert "Accept" in response.headers["vary"].replace(" ", "").split(",")


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        (ALL, "image/png"),
        (ALL, "text/turtle"),
        (ALL, "*/*;q=0"),
        (ALL, "application/sparql-results+json;q=0"),
        (GRAPH, "text/csv"),
        (GRAPH, "image/png, text/csv"),
        ("ASK {}", "text/turtle"),
        ('SELECT ("\\u0001" AS ?x) {}', "application/sparql-results+xml"),
    ],
)
def test_a_client_that_takes_no_format_of_ours_is_told_so(
    client: httpx2.Client, text: str, accept: str
) -> None:
    response = client.post("/sparql", content=text, headers={**SPARQL_QUERY, "accept": accept})
    assert response.status_code == 406


def test_rows_say_the_same_in_every_format(client: httpx2.Client) -> None:
    found = query(client, ALL, format="json").json()
    rows = [{k: v["value"] for k, v in row.items()} for row in found["results"]["bindings"]]
    assert len(rows) == 4
    table = list(csv.DictReader(io.StringIO(query(client, ALL, format="csv").text)))
    assert [row["s"] for row in table] == [row["s"] for row in rows]
    assert [row["o"] for row in table][1:] == [row["o"] for row in rows][1:]
    lines = query(client, ALL, format="tsv").text.splitlines()
    assert lines[0] == "?s\t?o"
    assert '"two, \\"2\\"\\n"' in lines[-1] or '"two, \\"2\\"\\n"' in lines[-2]
    tree = ET.fromstring(query(client, ALL, format="xml").text)  # noqa: S314 - it is ours
    texts = [one.text for one in tree.iter() if one.tag.endswith(("uri", "literal"))]
    assert texts.count("http://x.org/a") == 3
    assert {"1", 'two, "2"\n', "drei"} <= set(texts)


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_truth_is_told_in_every_format(client: httpx2.Client, form: str) -> None:
    assert "true" in query(client, "ASK {}", format=form).text
    assert "false" in query(client, "ASK { ?s <http://x.org/none> ?o }", format=form).text


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_a_graph_says_the_same_in_every_format(client: httpx2.Client, form: Media) -> None:
    quads = parse_rdf(query(client, GRAPH, format=form).content, form, "http://x.org/")
    assert {str(quad.subject) for quad in quads} == {"<http://x.org/a>", "<http://x.org/b>"}
    assert len(quads) == 4


def test_text_with_quotation_marks_and_controls_is_valid_json(client: httpx2.Client) -> None:
    text = 'SELECT ("\\u0001\\"\\\\\\u2028" AS ?x) {}'
    assert query(client, text).json()["results"]["bindings"][0]["x"]["value"] == '\x01"\\\u2028'


def test_head_tells_what_get_would_without_the_body(client: httpx2.Client) -> None:
    whole = client.get("/sparql", params={"query": "ASK {}"})
    head = client.head("/sparql", params={"query": "ASK {}"})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == whole.headers[name]


def test_options_tells_the_methods(client: httpx2.Client) -> None:
    response = client.options("/sparql")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_answer_that_the_client_has_is_not_sent_again(client: httpx2.Client) -> None:
    first = client.get("/sparql", params={"query": ALL})
    tag = first.headers["etag"]
    again = client.get("/sparql", params={"query": ALL}, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = client.get(
        "/sparql", params={"query": ALL, "format": "csv"}, headers={"if-none-match": tag}
    )
    assert other.status_code == 200


def test_a_change_changes_the_tag() -> None:
    with served() as client:
        before = client.get("/sparql", params={"query": ALL}).headers["etag"]
        update(client, DATA)
        response = client.get("/sparql", params={"query": ALL}, headers={"if-none-match": before})
    assert response.status_code == 200


def test_large_answers_are_compressed_for_who_takes_it(client: httpx2.Client) -> None:
    text = "SELECT * { VALUES ?x { " + " ".join(map(str, range(900))) + " } }"
    packed = client.post(
        "/sparql", content=text, headers={**SPARQL_QUERY, "accept-encoding": "gzip"}
    )
    plain = client.post(
        "/sparql", content=text, headers={**SPARQL_QUERY, "accept-encoding": "identity"}
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert "Accept-Encoding" in packed.headers["vary"]


ONE, TWO = "http://x.org/one", "http://x.org/two"
COUNT = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("text", "parameters", "count"),
    [
        (COUNT % "", {}, 4),
        (COUNT_NAMED % "", {}, 4),
        (COUNT % "", {"default-graph-uri": ONE}, 3),
        (COUNT % "", {"default-graph-uri": [ONE, TWO]}, 4),
        (COUNT_NAMED % "", {"default-graph-uri": ONE}, 0),
        (COUNT_NAMED % "", {"named-graph-uri": TWO}, 1),
        (COUNT % "", {"named-graph-uri": TWO}, 0),
        (COUNT % f"FROM <{TWO}>", {}, 1),
        (COUNT % f"FROM <{ONE}> FROM <{TWO}>", {}, 4),
        (COUNT_NAMED % f"FROM NAMED <{ONE}>", {}, 3),
        (COUNT % f"FROM NAMED <{ONE}>", {}, 0),
        (COUNT % f"FROM <{ONE}>", {"default-graph-uri": TWO}, 1),
        (COUNT % "", {"default-graph-uri": "http://x.org/none"}, 0),
    ],
)
def test_a_query_sees_the_dataset_that_is_named(
    client: httpx2.Client, text: str, parameters: dict[str, str], count: int
) -> None:
    response = query(client, text, format="csv", **parameters)
    assert response.text.split() == ["n", str(count)]


def test_the_default_graph_may_be_its_own() -> None:
    with served(default_graph="own") as client:
        update(client, DATA)
        assert query(client, COUNT % "", format="csv").text.split() == ["n", "0"]


def test_an_update_reads_the_graphs_that_the_request_names() -> None:
    into = "INSERT { GRAPH <http://x.org/three> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    with served() as client:
        update(client, DATA)
        assert update(client, into, **{"using-graph-uri": TWO}).status_code == 204
        response = query(client, COUNT % "FROM <http://x.org/three>", format="csv")
        assert response.text.split() == ["n", "1"]
        gone = update(client, "DELETE WHERE { ?s ?p ?o }", **{"using-graph-uri": TWO})
        assert gone.status_code == 204


def test_an_update_is_done_whole_or_not_at_all(client: httpx2.Client) -> None:
    text = f"INSERT DATA {{ <http://x.org/z> <http://x.org/p> 1 }} ; CREATE GRAPH <{ONE}>"
    response = update(client, text)
    assert response.status_code == 422
    assert query(client, "ASK { <http://x.org/z> ?p ?o }").json()["boolean"] is False


def test_relative_names_are_resolved_against_the_base(client: httpx2.Client) -> None:
    found = query(client, "SELECT (<x> AS ?x) {}", format="csv").text.split()[1]
    assert found == f"{client.base_url}/x".replace("//x", "/x")


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/ld+json", "application/rdf+xml", "*/*"]
)
def test_the_service_describes_itself(client: httpx2.Client, accept: str) -> None:
    response = client.get("/sparql", headers={"accept": accept})
    form = {"application/ld+json": "json-ld", "application/rdf+xml": "xml"}.get(accept, "turtle")
    graph = Graph().parse(data=response.text, format=form)
    assert any(str(one).endswith("#SPARQL11Update") for one in graph.objects())
    assert any(
        str(one) == f"{client.base_url}/sparql".replace("//sparql", "/sparql")
        for one in graph.objects()
    )


def test_what_the_description_says_of_updates_is_true() -> None:
    with served(updates="never") as client:
        assert "SPARQL11Update" not in client.get("/sparql").text
        assert update(client, "CLEAR ALL").status_code == 403
        assert (
            client.put(
                "/graphs?default", content=b"", headers={"content-type": "text/turtle"}
            ).status_code
            == 403
        )
        assert query(client, "ASK {}").status_code == 200


def test_a_browser_gets_a_page_to_ask_from(client: httpx2.Client) -> None:
    page = client.get("/sparql", headers={"accept": "text/html"}).text
    assert "<textarea" in page
    assert "<script" not in page


def test_the_page_shows_rows_and_what_is_wrong(client: httpx2.Client) -> None:
    rows = query(client, ALL, format="html")
    assert "<td>drei</td>" in rows.text
    wrong = query(client, "SELECT <script>", format="html")
    assert wrong.status_code == 400
    assert "No answer" in wrong.text
    assert "<script>" not in wrong.text


CALLS = [
    "ASK { SERVICE <%s> { ?s ?p ?o } }",
    "ASK { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "ASK { service<%s>{ ?s ?p ?o } }",
    "ASK { SERVICESILENT<%s>{ ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { SERVICE x: { ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { SERVICEx:{ ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { ?s ?p 1SERVICEx:{ ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { ?s ?p x:.SERVICEx:{ ?s ?p ?o } }",
    "BASE <%s> ASK { SERVICE <> { ?s ?p ?o } }",
    "ASK { VALUES ?x { <%s> } SERVICE ?x { ?s ?p ?o } }",
    "ASK { ?s ?p ?o FILTER(?s<'a>b' || true) SERVICE <%s> { ?a ?b ?c } #'\n}",
    "ASK { ?s ?p ?o FILTER(?s<?o#>'''\n || true) SERVICE <%s> { ?a ?b ?c } #'''\n}",
    "ASK { ?s ?p 'x' # '\n SERVICE <%s> { ?a ?b ?c } # '\n}",
    "ASK { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
]


@pytest.mark.parametrize("text", CALLS)
def test_no_query_calls_anybody(client: httpx2.Client, text: str) -> None:
    with _listener() as (address, heard):
        response = query(client, text.replace("%s", address))
        assert response.status_code == 403
    assert heard == []


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <%s>",
        "LOAD SILENT <%s>",
        "load<%s>INTO GRAPH <http://x.org/g>",
        "PREFIX x: <%s> LOAD x:",
        "PREFIX x: <%s> LOADx:",
        "BASE <%s> LOAD <>",
        "CLEAR SILENT GRAPH <http://x.org/g>;LOAD <%s>",
        "LOAD <file:///etc/passwd>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    ],
)
def test_no_update_calls_anybody(client: httpx2.Client, text: str) -> None:
    with _listener() as (address, heard):
        assert update(client, text.replace("%s", address)).status_code == 403
    assert heard == []


def test_a_listed_host_is_called() -> None:
    with _listener() as (address, heard), served(hosts="127.0.0.1") as client:
        response = query(client, f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", timeout=5)
        assert response.status_code in (503, 504)
        assert heard
        assert query(client, "ASK { SERVICE <http://127.0.0.2/> { ?s ?p ?o } }").status_code == 403


HARMLESS = [
    "ASK { ?service ?p 'SERVICE <http://a.org/> {' }",
    "ASK { ?s a <http://x.org/SERVICE> } # SERVICE <http://a.org/> {}",
    "PREFIX m: <http://x.org/> ASK { ?s a m:Service ; m:servicePort ?port }",
    "PREFIX service: <http://x.org/service#> ASK { ?s a service:Thing }",
    "ASK { ?s <http://x.org/O'Reilly#service> ?o }",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_speaks_of_services_is_answered(client: httpx2.Client, text: str) -> None:
    assert query(client, text).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("a.localhost", 200),
        ("evil.example.org", 421),
        ("localhost.example.org", 421),
        ("127.0.0.1.example.org", 421),
        ("192.168.0.1", 421),
        ("", 421),
    ],
)
def test_only_names_of_this_machine_are_answered(
    client: httpx2.Client, host: str, status: int
) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={"host": host})
    assert response.status_code == status


@pytest.mark.parametrize(
    "name", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP"]
)
def test_what_comes_from_a_proxy_is_not_answered(client: httpx2.Client, name: str) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={name: "10.0.0.1"})
    assert response.status_code == 421
    assert "proxy" in response.json()["detail"]


@pytest.mark.parametrize("origin", ["http://evil.example.org", "null", "http://localhost:1"])
def test_a_foreign_page_changes_nothing(client: httpx2.Client, origin: str) -> None:
    response = client.post("/sparql", data={"update": "CLEAR ALL"}, headers={"origin": origin})
    assert response.status_code == 403
    assert query(client, COUNT % "", format="csv").text.split() != ["n", "0"]


def test_own_pages_may_write(client: httpx2.Client) -> None:
    origin = str(client.base_url).rstrip("/")
    headers = {**SPARQL_UPDATE, "origin": origin}
    response = client.post(
        "/sparql", content="CLEAR SILENT GRAPH <http://x.org/none>", headers=headers
    )
    assert response.status_code == 204


def test_no_page_elsewhere_reads_answers_unless_its_origin_is_listed(client: httpx2.Client) -> None:
    origin = {"origin": "https://pages.example.org"}
    asked = {"query": "ASK {}"}
    assert (
        "access-control-allow-origin"
        not in client.get("/sparql", params=asked, headers=origin).headers
    )
    with served(cors="https://pages.example.org") as open_client:
        response = open_client.get("/sparql", params=asked, headers=origin)
        assert response.headers["access-control-allow-origin"] == "https://pages.example.org"
        preflight = {**origin, "access-control-request-method": "POST"}
        assert open_client.options("/sparql", headers=preflight).status_code == 200


def test_the_paths_are_in_the_openapi_document(client: httpx2.Client) -> None:
    found = json.loads(client.get("/openapi.json").text)
    assert {"get", "post"} <= found["paths"]["/sparql"].keys()
    assert "/queries/{name}" in found["paths"]


def test_what_is_nowhere_is_a_problem_too(client: httpx2.Client) -> None:
    response = client.get("/" + quote("nowhere ä"))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


class _listener:  # noqa: N801 - used as a function
    """A port of this machine that notes who connects."""

    def __enter__(self) -> tuple[str, list[object]]:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._heard: list[object] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/", self._heard

    def _listen(self) -> None:
        while True:
            try:
                connection, address = self._socket.accept()
            except OSError:
                return
            self._heard.append(address)
            connection.close()

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
