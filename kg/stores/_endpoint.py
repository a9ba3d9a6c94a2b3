"""Speaks with a SPARQL 1.1 endpoint: where it is asked, changed and filled, and what its answers
mean.

Queries go as forms, because one that is sent by itself leaves Virtuoso silent for good; updates go
by themselves. Nothing is guessed from what an endpoint calls itself but that it is Virtuoso, which
answers a request by parts.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit

import orjson

from kg.errors import (
    CallFailed,
    CallTimedOut,
    NotAllowed,
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    StoreError,
    StoreUnreachable,
)
from kg.outgoing import Answer, Asked, Reach, called, place, waited
from kg.queries import query
from kg.stores._addresses import beside, told, where_queries_go, where_updates_go
from kg.stores._credentials import Credentials, from_environment
from kg.stores._refusals import NAME, Barred, media, refuse

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
_SECONDS = "MISMATCH_STORE_SECONDS"
_PATIENCE = 60.0
_MOST = 1 << 30
_TRIES = 3
_TURTLE = "@prefix urn: <urn:> .\n"
_NOTHING = "INSERT DATA { }"
_LESS = f"Ask for less at a time, or raise {_SECONDS}"
_GOOD = range(200, 300)


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
        if media(answer) not in (TRIPLES, "text/plain"):
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
            refuse(answer, what, url, shown=self.credentials.given)
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
            refuse(answer, "query", self.query_url, shown=self.credentials.given)
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
            f"{self.query_url} answers with {media(answer) or 'something'}, which is no answer to "
            "a query",
            NAME,
        )

    def _asked_at(self) -> str:
        """The first address that answers a query."""

        def tried(url: str) -> None:
            self.query_url = url
            answer = self._asked(query("endpoint", "here"), ROWS)
            self._read_rows(answer)
            self.is_virtuoso = answer.headers.get("server", "").startswith("Virtuoso")

        found = _first(where_queries_go(self.addresses.query), tried)
        if isinstance(found, StoreError):
            raise found
        return found

    def _changed_at(self) -> str:
        """The first address that takes an update which changes nothing."""
        if self._update_url:
            return self._update_url
        likely = list(where_updates_go(self.query_url))
        if self.is_virtuoso and self.credentials.user:
            likely.insert(0, beside(self.query_url, "sparql-auth"))
        found = _first(
            likely, lambda url: self._called("POST", url, _NOTHING.encode(), _UPDATE, "update")
        )
        if isinstance(found, StoreError):
            raise StoreUnreachable(
                f"Nothing beside {self.query_url} takes updates: {found.what}",
                "Name the address of its updates: --store 'URL?update=URL'",
            )
        self._update_url = found
        return found


def _first(likely: Iterable[str], tried: Callable[[str], object]) -> str | StoreError:
    """The first of some addresses that is the right one, or what is wrong with the first of all;
    raises what ends the search: that somebody is not let in, or that nobody answers.
    """
    first: StoreError | None = None
    for url in likely:
        try:
            tried(url)
        except (QueryRefused, QueryFailed, StoreUnreachable) as error:
            if isinstance(error, Barred) or isinstance(error.__cause__, CallFailed):
                raise
            first = first or error
        else:
            return url
    assert first is not None  # noqa: S101 - there is always one to try
    return first


def reach_of(url: str, seconds: float) -> Reach:
    """Who names a store lists its host by it, whatever addresses that has."""
    hosts = [urlsplit(url).netloc]
    authorities = os.environ.get("MISMATCH_AUTHORITIES")
    return Reach(
        hosts, hosts, seconds, _MOST, authorities=Path(authorities) if authorities else None
    )


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
