"""Speaks with a SPARQL 1.1 endpoint: where it is asked, changed and filled, and what its answers
mean.

Queries go as forms, because one that is sent by itself leaves Virtuoso silent for good; updates go
by themselves. Nothing is guessed from what an endpoint calls itself but that it is Virtuoso, which
answers a request by parts.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import orjson

from kg.errors import (
    CallFailed,
    CallTimedOut,
    NotAllowed,
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    QueryTooLarge,
    StoreBusy,
    StoreError,
    StoreUnreachable,
)
from kg.outgoing import Answer, Asked, Reach, called, place, waited
from kg.queries import query
from kg.stores._credentials import Credentials, from_environment

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
_SECONDS = "MISMATCH_STORE_SECONDS"
_PATIENCE = 60.0
_MOST = 1 << 30
_TRIES = 3
_TOLD = 300
_TURTLE = "@prefix urn: <urn:> .\n"
_NOTHING = "INSERT DATA { }"
_SHOW = "Set MISMATCH_STORE_USER and MISMATCH_STORE_PASSWORD, or MISMATCH_STORE_TOKEN"
_NAME = "Name the address where it is asked, as in http://host:port/sparql"
_LESS = f"Ask for less at a time, or raise {_SECONDS}"
_CHECK = "Check MISMATCH_STORE_USER and MISMATCH_STORE_PASSWORD, or MISMATCH_STORE_TOKEN"
_GOOD = range(200, 300)
_BARRED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_FAULTS: Mapping[int, type[StoreError]] = {
    HTTPStatus.BAD_REQUEST: QueryRefused,
    HTTPStatus.NOT_FOUND: StoreUnreachable,
    HTTPStatus.METHOD_NOT_ALLOWED: StoreUnreachable,
    HTTPStatus.NOT_ACCEPTABLE: StoreUnreachable,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: StoreUnreachable,
    HTTPStatus.REQUEST_TIMEOUT: QueryTimedOut,
    HTTPStatus.GATEWAY_TIMEOUT: QueryTimedOut,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: QueryTooLarge,
    HTTPStatus.INSUFFICIENT_STORAGE: QueryTooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: StoreBusy,
    HTTPStatus.SERVICE_UNAVAILABLE: StoreBusy,
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an endpoint is asked, and, as far as that is told, changed and filled graph by graph.

    >>> told("http://a.org/query?update=http://a.org/update")
    Addresses(query='http://a.org/query', update='http://a.org/update', graphs='')
    """

    query: str
    update: str = ""
    graphs: str = ""


def told(url: str) -> Addresses:
    """What the URL of a store says; raises StoreUnreachable where that is no address."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise StoreUnreachable("The URL of the store has a name or password in it", _SHOW)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = {name: value for name, value in pairs if name in ("update", "graphs")}
    rest = urlencode([pair for pair in pairs if pair[0] not in named])
    return Addresses(urlunsplit(parts._replace(query=rest, fragment="")), **named)


class _Barred(StoreUnreachable):
    """The endpoint wants to know who calls, or lets others in alone."""


class Endpoint:
    """One endpoint, whose addresses are found out when they are needed."""

    def __init__(self, url: str, credentials: Credentials | None = None) -> None:
        """Find where it is asked; raises StoreUnreachable."""
        self.credentials = credentials or from_environment()
        self.addresses = told(url)
        self._seconds = _seconds()
        self.is_virtuoso = False
        self.query_url = self._asked_at()
        self._update_url = self.addresses.update

    @property
    def graphs_url(self) -> str:
        """Where it is filled graph by graph; empty where that is not known."""
        if self.addresses.graphs or not self.is_virtuoso:
            return self.addresses.graphs
        safe = "sparql-graph-crud-auth" if self.credentials.user else "sparql-graph-crud"
        return beside(self.query_url, safe)

    def rows(self, sparql: str) -> Any:  # noqa: ANN401 - JSON
        """The results of a SELECT query, as their JSON has it; raises StoreError."""
        answer = self._asked(sparql, ROWS)
        return self._read_rows(answer)

    def triples(self, sparql: str) -> str:
        """The triples of a CONSTRUCT query, as N-Triples; raises StoreError."""
        answer = self._asked(sparql, TRIPLES)
        if _media(answer) not in (TRIPLES, "text/plain"):
            self._strange(answer)
        return answer.body.decode("utf-8", "replace")

    def update(self, sparql: str) -> None:
        """Run an update; raises StoreError. What took too long may still be done."""
        self._called("POST", self._changed_at(), sparql.encode(), _UPDATE, "update")

    def fill(self, method: str, graph: str, triples: str) -> None:
        """PUT or POST the triples of a graph by the Graph Store Protocol; raises StoreError."""
        url = self.graphs_url
        joined = f"{url}{'&' if '?' in url else '?'}graph={quote(graph, safe='')}"
        # Virtuoso looks whether it is Turtle, and takes a long text for none.
        self._called(method, joined, f"{_TURTLE}{triples}".encode(), "text/turtle", "graph")

    def _asked(self, sparql: str, accept: str) -> Answer:
        form = urlencode({"query": sparql}).encode()
        return self._called("POST", self.query_url, form, _FORM, "query", accept)

    def _called(  # noqa: PLR0913, PLR0917 - what a request is made of
        self, method: str, url: str, body: bytes, media: str, what: str, accept: str = "*/*"
    ) -> Answer:
        answer = self._sent(method, url, body, media, accept)
        if answer.status not in _GOOD:
            self._raise(answer, what, url)
        # Virtuoso answers with what it has found by then.
        if answer.headers.get("x-sql-state", "").startswith("S1T"):
            raise QueryTimedOut(f"{url} answered in part, because its time was up", _LESS)
        return answer

    async def tell(
        self,
        sparql: str,
        accept: str,
        parameters: Sequence[tuple[str, str]],
        take: Callable[[bytes], object],
    ) -> Answer:
        """Have the answer to a query of somebody else handed over piece by piece; raises
        StoreError.
        """
        form = urlencode([("query", sparql), *parameters]).encode()
        answer = await self._spoken("POST", self.query_url, form, _FORM, accept, take)
        if answer.status not in _GOOD:
            self._raise(answer, "query", self.query_url)
        return answer

    def _sent(self, method: str, url: str, body: bytes, media: str, accept: str) -> Answer:
        return waited(self._spoken(method, url, body, media, accept))

    async def _spoken(  # noqa: PLR0913, PLR0917 - what a request is made of
        self,
        method: str,
        url: str,
        body: bytes,
        media: str,
        accept: str,
        take: Callable[[bytes], object] | None = None,
    ) -> Answer:
        """The answer of the endpoint, once it was shown what it asks for."""
        reach = reach_of(url, self._seconds)
        headers = {"Accept": accept, "Content-Type": f"{media}; charset=utf-8"}
        if media == _FORM:
            headers["Content-Type"] = media
        try:
            there = place(url, reach)
            for _ in range(_TRIES):
                shown = self.credentials.header(method, there.target)
                asked = Asked(method, there, {**headers, **shown}, body)
                answer = await called(asked, reach, take)
                challenge = answer.headers.get("www-authenticate", "")
                barred = answer.status == HTTPStatus.UNAUTHORIZED
                if not barred or not self.credentials.asked(challenge):
                    break
        except CallTimedOut as error:
            raise QueryTimedOut(
                f"{error.what}, or was not there", f"Ask for less, or raise {_SECONDS}"
            ) from error
        except (CallFailed, NotAllowed) as error:
            raise StoreUnreachable(
                f"The store at {url} does not answer: {error.what}",
                "Check its address, and that it runs",
            ) from error
        return answer

    def _read_rows(self, answer: Answer) -> Any:  # noqa: ANN401 - JSON
        try:
            found = orjson.loads(answer.body)
            found["head"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self._strange(answer)
        return found

    def _strange(self, answer: Answer) -> NoReturn:
        raise StoreUnreachable(
            f"{self.query_url} answers with {_media(answer) or 'something'}, which is no answer to "
            "a query",
            _NAME,
        )

    def _raise(self, answer: Answer, what: str, url: str) -> NoReturn:
        """Raises what an answer that is no good one tells of."""
        status, said = answer.status, _said(answer)
        if status in _BARRED or "SR186" in said:
            hint = _CHECK if self.credentials.given else _SHOW
            raise _Barred(f"{url} does not let us in: {status}", hint)
        kind = _FAULTS.get(status, QueryFailed)
        if kind is StoreUnreachable or status in range(300, 400):
            elsewhere = answer.headers.get("location", "")
            aside = f", and {elsewhere[:200]} to look" if elsewhere else ""
            raise StoreUnreachable(f"{url} takes no {what}: it answers {status}{aside}", _NAME)
        raise kind(f"The endpoint answers {status} to the {what}: {said}", "Correct it")

    def _asked_at(self) -> str:
        """The first address that answers a query."""
        first: StoreError | None = None
        for url in _query_candidates(self.addresses.query):
            self.query_url = url
            try:
                answer = self._asked(query("endpoint", "here"), ROWS)
                self._read_rows(answer)
            except (QueryRefused, QueryFailed, StoreUnreachable) as error:
                if isinstance(error, _Barred) or isinstance(error.__cause__, CallFailed):
                    raise
                first = first or error
            else:
                self.is_virtuoso = answer.headers.get("server", "").startswith("Virtuoso")
                return url
        assert first is not None  # noqa: S101 - there is always one candidate
        raise first

    def _changed_at(self) -> str:
        """The first address that takes an update which changes nothing."""
        if self._update_url:
            return self._update_url
        first: StoreError | None = None
        for url in self._update_candidates():
            try:
                self._called("POST", url, _NOTHING.encode(), _UPDATE, "update")
            except (QueryRefused, QueryFailed, StoreUnreachable) as error:
                if isinstance(error, _Barred) or isinstance(error.__cause__, CallFailed):
                    raise
                first = first or error
            else:
                self._update_url = url
                return url
        raise StoreUnreachable(
            f"Nothing beside {self.query_url} takes updates: {first.what if first else ''}",
            "Name the address of its updates: --store 'URL?update=URL'",
        )

    def _update_candidates(self) -> Iterator[str]:
        if self.is_virtuoso and self.credentials.user:
            yield beside(self.query_url, "sparql-auth")
        last = urlsplit(self.query_url).path.rstrip("/").rpartition("/")[2]
        if last == "query":
            yield beside(self.query_url, "update")
        yield self.query_url
        if last != "query":
            yield beside(self.query_url, "update")
        yield below(self.query_url, "statements")


def reach_of(url: str, seconds: float) -> Reach:
    """Who names a store lists its host by it, whatever addresses that has."""
    hosts = [urlsplit(url).netloc]
    authorities = os.environ.get("MISMATCH_AUTHORITIES")
    return Reach(
        hosts, hosts, seconds, _MOST, authorities=Path(authorities) if authorities else None
    )


def beside(url: str, name: str) -> str:
    """The address with another last part.

    >>> beside("http://a.org/ds/query?x=1", "update")
    'http://a.org/ds/update?x=1'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/').rpartition('/')[0]}/{name}"))


def below(url: str, name: str) -> str:
    """The address with one more part.

    >>> below("http://a.org/", "sparql")
    'http://a.org/sparql'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _query_candidates(url: str) -> Iterator[str]:
    if urlsplit(url).path.strip("/"):
        yield url
    yield below(url, "sparql")
    yield below(url, "query")


def _seconds() -> float:
    text = os.environ.get(_SECONDS, "")
    try:
        found = float(text) if text else _PATIENCE
    except ValueError:
        found = 0
    if not 0 < found < float("inf"):
        raise StoreUnreachable(
            f"{_SECONDS} is {text[:40]}, which is no number above 0", "Correct it"
        )
    return found


def _media(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _said(answer: Answer) -> str:
    """What an answer says is wrong, in one line."""
    text = answer.body.decode("utf-8", "replace")
    if _media(answer).endswith("json"):
        try:
            found = orjson.loads(answer.body)
            text = str(found.get("detail") or found.get("message") or text)
        except (orjson.JSONDecodeError, AttributeError):
            pass
    return " ".join(text.split())[:_TOLD] or "nothing else"
