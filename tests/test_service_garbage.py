"""What no client of good will sends, to every path, as somebody who may do everything and as one
who may do nothing: each is answered, and none with a fault of the service.
"""

import re
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.serving import served

# Names in addresses, encoded as they are sent.
NAMES = (
    *(
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%FF",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%5c",
        "%0d%0aX:%20y",
    ),
    *(
        "a" * 8000,
        "9" * 30,
        "-1",
        "1e400",
        "NaN",
        "%EF%BF%BE",
        "%F0%9F%92%A9",
        "%E2%80%AE",
        "%7B%22",
    ),
)
QUERIES = (
    *("%00", "&&=&", "a=%FF", "limit=-1", "limit=9e9", "limit=1&limit=2", "after=%ED%A0%80"),
    *("since=9999-12-31T23:59:59-23:59", "format=json&format=html", "timeout=NaN", "rows=1e308"),
    *("memory=0", "query-id=" + "a" * 65, "to=" + "9" * 30, "a=1&" * 1500, "x" * 60_000),
)
HEADERS = (
    *(("Accept", "*/*;q=NaN, ;;q="), ("Accept", "a/b," * 3000), ("Range", "bytes=-")),
    *(("If-None-Match", "\xff"), ("If-Match", '"a",' * 3000), ("If-Modified-Since", "Mon, 99 Foo")),
    *(("Query-Id", "\xff"), ("Query-Timeout", "x"), ("Content-Encoding", "gzip")),
    *(("Content-Type", "multipart/form-data"), ("Content-Type", "a/b; charset=\xff")),
    *(("Authorization", "\xff"), ("Cookie", "\xff=;;"), ("X-Request-Id", "\xff" * 500)),
)
BODIES = (
    *(b"", b"\0", b"\xff\xfe", b"null", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000),
    *(b'{"id": "\\ud800", "title": "\\ud800", "reason": "\\u0000", "role": NaN}',),
    *(b'{"text": "\\ud800", "summary": [], "owner": "\\u0000", "url": "https://\\ud800"}',),
    *(b"query=%00", b"update=%FF", b"a: &a [*a]", b"PK\x03\x04", b"\x1f\x8b\x08"),
)
TYPES = ("application/json", "application/yaml", "text/turtle", "application/zip", "")


@pytest.fixture(
    scope="module", params=["operator", pytest.param("anonymous", marks=pytest.mark.long)]
)
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[HTTPConnection, Mapping[str, Any]]]:
    store = str(tmp_path_factory.mktemp(request.param))
    # Who may do everything does so from this machine; elsewhere that takes a token.
    open_to_all = {"host": "0.0.0.0", "operator_token": "o" * 40}  # noqa: S104 - nobody hears of it
    given = {} if request.param == "operator" else open_to_all
    with served(serves="projects", store=store, body_seconds=2, **given) as client:  # type: ignore[arg-type]
        client.put("/projects/p", json={})
        called = HTTPConnection(urlsplit(str(client.base_url)).netloc, timeout=30)
        yield called, client.get("/openapi.json").json()["paths"]
        called.close()


def test_names_are_answered(connection: tuple[HTTPConnection, Mapping[str, Any]]) -> None:
    called, paths = connection
    for path, method in _operations(paths):
        for place in re.findall("{([a-z]+)}", path):
            for name in NAMES:
                target = _filled(path.replace(f"{{{place}}}", name))
                _ask(called, method, target, {"Content-Type": "application/json"}, b"{}")


def test_queries_and_headers_are_answered(
    connection: tuple[HTTPConnection, Mapping[str, Any]],
) -> None:
    called, paths = connection
    for path, method in _operations(paths):
        for query in QUERIES if method == "GET" else ():
            _ask(called, method, f"{_filled(path)}?{query}")
        for header in HEADERS:
            _ask(called, method, _filled(path), dict([header]))


def test_bodies_are_answered(connection: tuple[HTTPConnection, Mapping[str, Any]]) -> None:
    called, paths = connection
    for path, method in _operations(paths):
        for body in BODIES if method in {"PUT", "POST"} else ():
            for media_type in TYPES:
                _ask(called, method, _filled(path), {"Content-Type": media_type}, body)


def _operations(paths: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All but those that write a whole backup, or run a question that another is like."""
    return [
        (path, method.upper())
        for path, each in paths.items()
        for method in each
        if path != "/backups" and not re.fullmatch("/questions/[a-v].*|/questions/w[^{]*", path)
    ]


def _filled(path: str) -> str:
    return re.sub("{[a-z]+}", "x", path.replace("{project}", "p").replace("{number}", "1"))


def _ask(
    called: HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> None:
    called.request(method, target, body, headers or {})
    response = called.getresponse()
    told = response.read()
    assert response.status < 500, (method, target[:200], headers, body and body[:80], told[:500])
