"""A service on a free port of this machine, as users start it, for as long as a test needs it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn

from kg.service.access import Access
from kg.service.app import create_app
from kg.service.settings import read_settings
from kg.service.wire.connections import protocol

SPARQL_QUERY = {"content-type": "application/sparql-query"}
SPARQL_UPDATE = {"content-type": "application/sparql-update"}
TURTLE = {"content-type": "text/turtle"}
# Every four of a few hundred triples: hours of it, and where they are sorted, gigabytes.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c < ?l) }"
SORTING = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?d ?g ?j"


@contextmanager
def served(access: Access | None = None, **given: object) -> Iterator[httpx2.Client]:
    """A client of a service with these settings, which serves graphs alone unless they say more."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = read_settings(
            **{"base": f"{address}/", "quick_workers": 2, "serves": "graphs", **given}
        )
        app = create_app(settings, access)
        config = uvicorn.Config(
            app,
            http=protocol(settings),
            ws="none",
            log_level="error",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the service did not start"
                time.sleep(0.01)
            with httpx2.Client(base_url=address, timeout=30) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def query(client: httpx2.Client, text: str, **parameters: str | float) -> httpx2.Response:
    """The response to a query sent by POST."""
    return client.post("/sparql", params=parameters, content=text, headers=SPARQL_QUERY)


def update(client: httpx2.Client, text: str, **parameters: str | float) -> httpx2.Response:
    """The response to an update sent by POST."""
    return client.post("/sparql", params=parameters, content=text, headers=SPARQL_UPDATE)


def fill(client: httpx2.Client, count: int = 300) -> None:
    """Put that many triples into one graph."""
    lines = "".join(
        f"<http://x.org/{number}> <http://x.org/p> {number} .\n" for number in range(count)
    )
    response = client.put(
        "/graphs", params={"graph": "http://x.org/g"}, content=lines, headers=TURTLE
    )
    assert response.is_success, response.text
