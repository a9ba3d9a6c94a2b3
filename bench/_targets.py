"""The services that suites are run against, each in a process of its own: ours, and Oxigraph's."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

OXIGRAPH = shutil.which("oxigraph", path=Path(sys.executable).parent)
"""Oxigraph's program, which comes with what the tests need; None where there is none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Target:
    """A service, and where it answers."""

    name: str
    root: str
    query: str
    update: str
    graphs: str
    pid: int = 0

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request as it is written, and nothing beside it."""
        parts = urlsplit(self.root)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        reply = Reply(response.status, found, response.read())
        connection.close()
        return reply

    def ask(self, text: str, accept: str, parameters: str = "") -> Reply:
        """Send a query by POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", self.query + parameters, text.encode(), headers)

    def change(self, text: str) -> Reply:
        """Send an update by POST."""
        headers = {"Content-Type": "application/sparql-update"}
        return self.send("POST", self.update, text.encode(), headers)

    def put(self, graph: str | None, triples: str) -> Reply:
        """Fill a graph, the default graph without a name."""
        named = "?default" if graph is None else f"?graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples"}
        return self.send("PUT", self.graphs + named, triples.encode(), headers)


@contextmanager
def ours(**settings: str) -> Iterator[Target]:
    """The service of this checkout over an empty store in a folder; it serves graphs alone unless
    settings say more.
    """
    port = _free_port()
    root = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if "MISMATCH" not in name},
            "MISMATCH_BASE": f"{root}/",
            "MISMATCH_SERVES": "graphs",
            **{f"MISMATCH_{name.upper()}": value for name, value in settings.items()},
        }
        code = "import sys; from kg.cli import main; sys.argv[0] = 'mismatch'; main()"
        command = [sys.executable, "-c", code, "serve", "--port", str(port), "--store", folder]
        with _running(command, port, environment) as pid:
            yield Target("ml-mismatch", root, "/sparql", "/sparql", "/graphs", pid)


@contextmanager
def oxigraph(program: str) -> Iterator[Target]:
    """`oxigraph serve`, over an empty store in a folder."""
    port = _free_port()
    with TemporaryDirectory() as folder:
        command = [program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"]
        with _running(command, port, dict(os.environ)) as pid:
            yield Target(
                "oxigraph serve", f"http://127.0.0.1:{port}", "/query", "/update", "/store", pid
            )


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _listens(port):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0
