"""Whatever is sent to any path, whether or not it is as the description of the API says: the answer
is one that is described there, and never a fault of the service.
"""

import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.serving import served

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
PROJECT = "/projects/loan-approval"
QUERY = "SELECT ?s { ?s ?p ?o }"
QUESTION = {"summary": "Own", "text": QUERY}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# A request may ask for so little time or memory that no query can do with it.
ASKED_FOR = {504: "timeout=", 507: "memory="}


def _archive() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        archive.add(EXAMPLE, arcname=".")
    return made.getvalue()


ARCHIVE = _archive()
DESCRIPTOR = b"element: TrainedModel\nname: m\nrequired_memory: 16 GB\n"
TRIPLE = b"<http://x.org/a> <http://x.org/b> 1 ."
RAW: Mapping[bytes, tuple[str, ...]] = {
    ARCHIVE: (
        *("application/zip", "application/x-zip-compressed", "application/x-tar"),
        *("application/gzip", "application/x-gzip", "application/x-git-bundle"),
    ),
    DESCRIPTOR: ("application/yaml", "application/x-yaml", "text/yaml"),
    TRIPLE: (
        *("text/turtle", "application/x-turtle", "application/n-triples", "application/trig"),
        *("application/n-quads", "application/rdf+xml", "application/xml", "text/xml"),
    ),
    QUERY.encode(): ("application/sparql-query",),
    b"INSERT DATA { <http://x.org/a> <http://x.org/b> 1 }": ("application/sparql-update",),
}


@dataclass(frozen=True)
class Service:
    """A service with a project in it, and what schemathesis knows of it."""

    client: httpx2.Client
    schema: Any
    operations: tuple[Any, ...]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    for whole, names in RAW.items():
        for name in names:
            some = st.just(whole) | st.binary(max_size=80) | st.text(max_size=80).map(_utf8)
            schemathesis.openapi.media_type(name, some)
    with served(
        serves="projects",
        store=str(tmp_path_factory.mktemp("fuzzed")),
        webhook_hosts=("hooks.example.org",),
        query_seconds=3,
        judge_seconds=20,
        body_seconds=10,
    ) as client:
        schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
        schema.config.update(base_url=str(client.base_url))
        every: Iterator[Any] = schema.get_all_operations()
        found = tuple(one.ok() for one in every)
        yield Service(client, schema, found)


def test_no_operation_answers_what_is_not_described(service: Service) -> None:
    faults = _faults(service, 4)
    assert not faults, "\n".join(faults)


@pytest.mark.long
def test_none_does_however_often_it_is_asked(service: Service) -> None:
    faults = _faults(service, 100)
    assert not faults, "\n".join(faults)


def _faults(service: Service, count: int) -> list[str]:
    """What answers are wrong, to so many requests of each kind for each operation."""
    found: dict[tuple[str, ...], str] = {}
    for operation in service.operations:
        for fault in _faults_of(operation, _requests(service, operation), count):
            found.setdefault(fault[:-1], fault[-1])
    return [f"{' '.join(kind)}: {words}" for kind, words in found.items()]


def _faults_of(
    operation: Any,  # noqa: ANN401 - of schemathesis, as all that are called Any here
    requests: st.SearchStrategy[Any],
    count: int,
) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    @seed(7)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests)
    def ask(case: Any) -> None:  # noqa: ANN401
        response = case.call()
        asked = ASKED_FOR.get(response.status_code)
        checks = CHECKS[1:] if asked and asked in response.request.url else CHECKS
        try:
            case.validate_response(response, checks=checks)
        except BaseExceptionGroup as group:
            found.extend(
                (operation.label, type(one).__name__, str(response.status_code), str(group))
                for one in group.exceptions
            )

    ask()
    return found


def _requests(service: Service, operation: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    """Requests that are as described, some of them for what is there, and others that are not."""
    there = _there(service, operation)
    known = {name: value for name, value in there.items() if value}
    return st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
        *([operation.as_strategy(GenerationMode.POSITIVE, **known)] * 2 if known else []),
    )


def _there(service: Service, operation: Any) -> dict[str, Any]:  # noqa: ANN401
    """What is there for the operation, made anew where one before it removed it."""
    client, path = service.client, operation.path
    names: dict[str, str | int] = {}
    query = {"/sparql": {"query": QUERY}, "/graphs": {"graph": "http://x.org/g"}}.get(path)
    body = QUESTION if path == "/questions" and operation.method == "post" else None
    if "{project}" in path:
        names = _project(client)
    if "/webhooks/{number}" in path:
        names["number"] = _made(client, f"{PROJECT}/webhooks", {"url": "https://hooks.example.org"})
    if path.startswith("/tokens/"):
        names["number"] = _made(client, "/tokens", {"owner": "ada@example.org"}, "id")
    if path.startswith("/questions/{name}"):
        names = {"name": _made(client, "/questions", QUESTION, "id"), "number": 1}
    parts = {name: value for name, value in names.items() if f"{{{name}}}" in path}
    return {"path_parameters": parts, "query": query} | ({"body": body} if body else {})


def _project(client: httpx2.Client) -> dict[str, str | int]:
    if client.get(PROJECT).json().get("statements", 0) < 10:
        client.put(PROJECT, json={})
        response = client.put(
            f"{PROJECT}/artefacts", content=ARCHIVE, headers={"content-type": "application/gzip"}
        )
        assert response.is_success, response.text
    client.put(f"{PROJECT}/roles/ada@example.org", json={"role": "reader"})
    found = client.get(f"{PROJECT}/findings").json()["projects"][0]["findings"]
    return {
        "project": "loan-approval",
        "fingerprint": found[0]["fingerprint"],
        "path": "model/conda.yaml",
        "name": "trained-model",
        "number": 1,
        "person": "ada@example.org",
    }


def _made(
    client: httpx2.Client, path: str, body: Mapping[str, str], name: str = "number"
) -> str | int:
    response = client.post(path, json=body)
    assert response.is_success, response.text
    made: str | int = response.json()[name]
    return made


def _utf8(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
