"""What an endpoint does wrong is told in words, and who may not see the credentials does not."""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path

import httpx2
import pytest
import trustme

from kg.cli import run
from kg.errors import (
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    StoreBusy,
    StoreError,
    StoreUnreachable,
)
from kg.stores import open_store
from kg.stores._credentials import Credentials
from kg.stores._parts import cut, operations, requests
from kg.stores.sparql import SparqlStore
from kg.writing import literal
from tests.listening import Listener, listening
from tests.serving import served

EXAMPLE = Path("docs/example")
ROWS = "application/sparql-results+json"
EMPTY = '{"head": {"vars": []}, "results": {"bindings": []}}'
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"


def answer(body: str, status: str = "200 OK", media: str = ROWS, more: str = "") -> bytes:
    data = body.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    )
    return head.encode() + data


@contextmanager
def opened(*, path: str = "/sparql") -> Iterator[tuple[SparqlStore, Listener]]:
    """A store at a host that answers queries, until the test lets it answer something else."""
    with listening(answer(EMPTY)) as host:
        store = open_store(f"http://127.0.0.1:{host.port}{path}")
        assert isinstance(store, SparqlStore)
        yield store, host


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("400 Bad Request", QueryRefused),
        ("401 Unauthorized", StoreUnreachable),
        ("403 Forbidden", StoreUnreachable),
        ("404 Not Found", StoreUnreachable),
        ("500 Internal Server Error", QueryFailed),
        ("503 Service Unavailable", StoreBusy),
        ("504 Gateway Timeout", QueryTimedOut),
        ("302 Found", StoreUnreachable),
    ],
)
def test_what_a_query_is_refused_with_is_told(status: str, error: type[StoreError]) -> None:
    with opened() as (store, host):
        host.answers[:] = [answer("Line 3 is wrong", status, "text/plain")]
        with pytest.raises(error, match=f"{status[:3]}|does not let us in"):
            store.select(SELECT)


def test_what_the_endpoint_says_is_wrong_is_told() -> None:
    with opened() as (store, host):
        said = json.dumps({"detail": "There is no such function"})
        host.answers[:] = [answer(said, "400 Bad Request", "application/problem+json")]
        with pytest.raises(QueryRefused, match="There is no such function"):
            store.select(SELECT)


def test_what_is_no_sparql_is_never_sent() -> None:
    with opened() as (store, host):
        before = host.calls
        for query in ("SELECT", "define input:inference 'x' SELECT * { ?s ?p ?o }"):
            with pytest.raises(QueryRefused):
                store.select(query)
        assert host.calls == before


def test_a_page_is_no_endpoint() -> None:
    page = answer("<html>", media="text/html")
    with listening(page) as host, pytest.raises(StoreUnreachable, match="text/html"):
        open_store(f"http://127.0.0.1:{host.port}/")


def test_nobody_there_is_told_with_the_address() -> None:
    with listening() as host:
        url = f"http://127.0.0.1:{host.port}/sparql"
    with pytest.raises(StoreUnreachable, match=url):
        open_store(url)


def test_an_endpoint_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISMATCH_STORE_SECONDS", "0.3")
    with opened() as (store, host):
        host.answers[:] = [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"]
        host_stays = time.monotonic()
        with listening(stays=True) as silent:
            store.endpoint.query_url = f"http://127.0.0.1:{silent.port}/"
            with pytest.raises(QueryTimedOut, match=r"0\.3 s"):
                store.select(SELECT)
        assert time.monotonic() - host_stays < 10


def test_an_answer_in_part_is_none() -> None:
    with opened() as (store, host):
        host.answers[:] = [answer(EMPTY, more="X-SQL-State: S1TAT\r\n")]
        with pytest.raises(QueryTimedOut, match="in part"):
            store.select(SELECT)


def test_a_redirect_is_not_followed() -> None:
    with listening(answer(EMPTY)) as other, opened() as (store, host):
        away = f"Location: http://127.0.0.1:{other.port}/\r\n"
        host.answers[:] = [answer("", "307 Temporary Redirect", more=away)]
        with pytest.raises(StoreUnreachable, match=str(other.port)):
            store.select(SELECT)
        assert other.calls == 0


def test_a_query_goes_as_a_form_and_an_update_by_itself() -> None:
    with opened() as (store, host):
        store.endpoint.update("CLEAR DEFAULT")
    asked, probed, changed = host.asked
    assert b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in asked
    assert probed.endswith(b"\r\n\r\nINSERT DATA { }")
    assert changed.endswith(b"\r\n\r\nCLEAR DEFAULT")
    assert b"Content-Type: application/sparql-update" in changed


def test_the_address_of_updates_is_what_the_url_says() -> None:
    with listening(answer(EMPTY)) as updates:
        at = f"http://127.0.0.1:{updates.port}/change"
        with opened(path=f"/ask?key=1&update={at}") as (store, host):
            store.drop("urn:g")
    assert host.asked[0].startswith(b"POST /ask?key=1 HTTP")
    assert updates.asked[0].startswith(b"POST /change HTTP")
    assert host.calls == 1


def test_graphs_are_put_where_the_url_says() -> None:
    with listening(answer(EMPTY)) as graphs:
        at = f"http://127.0.0.1:{graphs.port}/data"
        with opened(path=f"/ask?graphs={at}") as (store, _):
            store.put("urn:g", '<urn:s> <urn:p> "o" .')
    assert graphs.asked[0].startswith(b"PUT /data?graph=urn%3Ag HTTP")
    assert graphs.asked[0].endswith(b'<urn:s> <urn:p> "o" .')


def test_a_password_in_the_url_is_not_repeated() -> None:
    with pytest.raises(StoreUnreachable) as raised:
        open_store("http://ada:secret@example.org/sparql")
    assert "secret" not in str(raised.value)
    assert "MISMATCH_STORE_PASSWORD" in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http://[::1/sparql",
        "http://a.org:port/",
        "http://a.org/?update=elsewhere",
        "http://a.org/?graphs=http://",
    ],
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(StoreUnreachable, match="is no address of an endpoint"):
        open_store(url)


def test_a_token_is_shown_with_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISMATCH_STORE_TOKEN", "abc")
    with opened() as (store, host):
        store.select(SELECT)
    assert all(b"\r\nAuthorization: Bearer abc\r\n" in one for one in host.asked)


def test_a_password_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISMATCH_STORE_USER", "ada")
    monkeypatch.setenv("MISMATCH_STORE_PASSWORD", "secret")
    with opened() as (store, host):
        challenge = 'WWW-Authenticate: Basic realm="x"\r\n'
        host.answers[:] = [answer("", "401 Unauthorized", more=challenge)]
        with pytest.raises(StoreUnreachable, match="does not let us in"):
            store.select(SELECT)
    first, bare, shown = host.asked
    assert b"Authorization" not in first + bare
    assert b"\r\nAuthorization: Basic YWRhOnNlY3JldA==\r\n" in shown


def test_a_digest_is_that_of_the_standard() -> None:
    """The example of RFC 7616, 3.9.1, but for the number that is drawn here."""
    shown = Credentials(user="Mufasa", password="Circle of Life")  # noqa: S106 - of the RFC
    assert shown.asked(
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    header = shown.header("GET", "/dir/index.html")["Authorization"]
    fields = dict(part.split("=", 1) for part in header.removeprefix("Digest ").split(", "))
    assert fields["nc"] == "00000001"
    assert fields["algorithm"] == "SHA-256"
    assert fields["opaque"] == '"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    assert fields["response"] == f'"{_expected(fields["cnonce"].strip(chr(34)))}"'


def _expected(drawn: str) -> str:
    def of(text: str) -> str:
        return sha256(text.encode()).hexdigest()

    secret = of("Mufasa:http-auth@example.org:Circle of Life")
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    return of(f"{secret}:{nonce}:00000001:{drawn}:auth:{of('GET:/dir/index.html')}")


def test_an_own_authority_is_trusted_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    with listening(answer(EMPTY), context=context) as host:
        url = f"https://127.0.0.1:{host.port}/sparql"
        with pytest.raises(StoreUnreachable, match="does not prove who it is"):
            open_store(url)
        monkeypatch.setenv("MISMATCH_AUTHORITIES", str(file))
        assert open_store(url).select(SELECT) == []


def test_credentials_are_not_told_by_what_holds_them() -> None:
    assert "geheim" not in repr(Credentials("geheim", "ada", "geheim"))


def test_a_graph_of_which_some_is_kept_back_is_no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as (store, host):
        lines = "".join(f'<urn:s> <urn:p> "{number}" .\n' for number in range(1000))
        count = {
            "head": {},
            "results": {"bindings": [{"count": {"type": "literal", "value": "1001"}}]},
        }
        triples = answer(lines, media="application/n-triples")
        # What is asked for rows finds the count behind the triples.
        host.answers[:] = [triples]
        monkeypatch.setattr(store.endpoint, "rows", lambda _: count)
        with pytest.raises(StoreError, match="1,000 of the 1001 triples"):
            store.triples("urn:g")


TRICKY = (
    "} ; DROP ALL ; INSERT DATA {",
    '"""',
    "'''\\",
    "\\u0041 \\U00000041",
    "a\r\nb\tc\x0b\x0c\x1f\x7f\x85\u2028",
    "# no comment",
    "<urn:x>",
    "$graph ?x",
)


@pytest.fixture(scope="module")
def service() -> Iterator[httpx2.Client]:
    with served() as client:
        yield client


@pytest.mark.parametrize("text", TRICKY)
def test_texts_cannot_end_what_they_stand_in(service: httpx2.Client, text: str) -> None:
    store = open_store(str(service.base_url))
    assert isinstance(store, SparqlStore)
    line = f"<urn:s> <urn:p> {literal(text)} ."
    store.put("urn:t", line)
    (kept,) = store.triples("urn:t")
    assert store.select("SELECT ?o { GRAPH <urn:t> { ?s ?p ?o } }") == [{"o": text}]
    assert dict(store.stating([kept])) == {kept: ["urn:t"]}
    store.change({"urn:t": {kept}}, {"urn:u": {kept}})
    assert (store.has("urn:t"), store.triples("urn:u")) == (False, {kept})
    store.change({}, {"urn:n": {kept}}, ["urn:u"], note="urn:n")
    assert "urn:u" not in store.names()


def test_the_example_is_checked_and_asked_about_as_in_memory(
    service: httpx2.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    url = str(service.base_url)

    def told(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        return code, capsys.readouterr().out

    here = told("check", str(EXAMPLE), "--as", "json")
    assert told("check", str(EXAMPLE), "--as", "json", "--store", url) == here
    question = ("ask", "which-models-need-most-memory")
    assert told(*question, "--store", url) == told(*question, str(EXAMPLE))


def test_a_wrong_address_leaves_with_the_code_of_the_store(
    service: httpx2.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(EXAMPLE), "--store", f"{service.base_url}/health"]) == 4
    assert "Name the address where it is asked" in capsys.readouterr().err


def test_what_is_small_is_one_request() -> None:
    found = operations("INSERT", {"urn:a": ["<urn:s> <urn:p> 1 ."], "urn:b": ["x ."], "urn:c": []})
    assert len(list(requests(found))) == 1


def test_lines_with_blank_nodes_stay_together() -> None:
    lines = [f"<urn:s> <urn:p> {number} ." for number in range(2500)]
    blank = ["_:a <urn:p> _:b .", "<urn:z> <urn:p> _:a ."]
    first, *others = cut([*lines, *blank], small=True)
    assert set(blank) <= set(first)
    assert sorted(chain(first, *others)) == sorted([*lines, *blank])
    assert [len(piece) for piece in (first, *others)] == [1000, 1000, 502]
