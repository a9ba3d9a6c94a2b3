"""The description of the API: valid, whole, and the same whenever it is asked for."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from kg.service.app import create_app
from kg.service.openapi.words import TAGS
from kg.service.settings import read_settings
from kg.service.wire.problems import MEDIA_TYPE, Problem
from tests.serving import served

ROOT = Path(__file__).parents[1]
Operation = tuple[str, Mapping[str, Any]]


def _described(**given: object) -> dict[str, Any]:
    return create_app(read_settings(base="https://mismatch.example.org/at/", **given)).openapi()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return _described()


@pytest.fixture(scope="module")
def operations(document: Mapping[str, Any]) -> list[Operation]:
    return [
        (f"{method.upper()} {path}", told)
        for path, each in document["paths"].items()
        for method, told in each.items()
    ]


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_it_is_the_same_twice(document: Mapping[str, Any]) -> None:
    again = _described()
    assert again == document
    assert list(again["paths"]) == list(document["paths"])


def test_it_leaves_out_what_is_not_served() -> None:
    graphs = _described(serves="graphs")
    assert {"/sparql", "/graphs", "/health"} <= graphs["paths"].keys()
    assert not [path for path in graphs["paths"] if path.startswith(("/projects", "/questions"))]
    assert "Projects" not in {one["name"] for one in graphs["tags"]}
    validate(graphs)


def test_it_says_where_it_is_served_and_who_may_ask(document: Mapping[str, Any]) -> None:
    assert document["servers"] == [{"url": "https://mismatch.example.org/at"}]
    assert document["security"] == [{}, {"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["info"]["license"]["identifier"] == "Apache-2.0"


def test_each_operation_has_an_id_of_its_own_that_programs_can_use(
    operations: list[Operation],
) -> None:
    ids = [told["operationId"] for _, told in operations]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch("[a-z]+(_[a-z]+)*", one)] == []


def test_each_operation_is_told_in_words_under_a_tag_that_is_described(
    operations: list[Operation],
) -> None:
    wordless = [
        name for name, told in operations if not (told.get("summary") and told.get("description"))
    ]
    assert wordless == []
    assert {tag for _, told in operations for tag in told["tags"]} == set(TAGS)


def test_each_operation_says_what_it_answers_and_how_it_refuses(
    operations: list[Operation], document: Mapping[str, Any]
) -> None:
    for name, told in operations:
        answers = {status: one for status, one in told["responses"].items() if status < "300"}
        assert answers, f"{name} answers nothing"
        for status, one in answers.items():
            assert one.get("content") or status == "204" or name.endswith(GRAPHS), (
                f"{name} {status}"
            )
            for media, content in one.get("content", {}).items():
                assert ";" not in media, f"{name} has the parameters of {media} in its name"
                assert media != "application/json" or content.get("schema"), f"{name} {status}"
        refusals = {status: one for status, one in told["responses"].items() if status >= "400"}
        assert {"400", "401"} <= refusals.keys(), name
        assert "404" in refusals or "{" not in name, name
        for status, one in refusals.items():
            where = one["$ref"].rpartition("/")[2] if "$ref" in one else ""
            known = document["components"]["responses"].get(where, one)["content"]
            assert MEDIA_TYPE in known or name == "GET /ready", f"{name} {status}"


GRAPHS = ("/graphs", "/graphs/{path}")


def test_each_parameter_is_described(operations: list[Operation]) -> None:
    lacking = [
        f"{name}: {one['name']}"
        for name, told in operations
        for one in told.get("parameters", ())
        if not one.get("description")
    ]
    assert lacking == []
    in_paths = {(name, part) for name, _ in operations for part in re.findall("{([a-z]+)}", name)}
    told = {
        (name, one["name"])
        for name, told in operations
        for one in told.get("parameters", ())
        if one["in"] == "path"
    }
    assert told == in_paths


def test_each_body_is_told(operations: list[Operation]) -> None:
    lacking = [
        name
        for name, told in operations
        if name.startswith(("PUT ", "POST ")) and "requestBody" not in told
    ]
    assert lacking == ["POST /backups"]


def test_sparql_is_told_as_its_protocol_says(operations: list[Operation]) -> None:
    known = dict(operations)
    read, written = known["GET /sparql"], known["POST /sparql"]
    names = {one["name"] for one in read["parameters"]}
    assert {"query", "default-graph-uri", "named-graph-uri", "format", "timeout"} <= names
    assert {"using-graph-uri", "using-named-graph-uri"} <= {
        one["name"] for one in written["parameters"]
    }
    assert set(written["requestBody"]["content"]) == {
        "application/sparql-query",
        "application/sparql-update",
        "application/x-www-form-urlencoded",
    }
    answer = read["responses"]["200"]
    assert {"application/sparql-results+json", "text/csv", "text/turtle"} <= set(answer["content"])
    assert set(answer["headers"]) == {"Query-Id", "Query-Truncated"}


@pytest.fixture(scope="module")
def served_document() -> Iterator[tuple[Any, Mapping[str, Any]]]:
    with served(serves="projects") as client:
        yield client, client.get("/openapi.json").json()


def test_it_is_served_as_it_is_made(served_document: tuple[Any, Mapping[str, Any]]) -> None:
    client, document = served_document
    assert document["servers"] == [{"url": str(client.base_url).rstrip("/")}]
    assert document["paths"].keys() == _described()["paths"].keys()


def test_the_page_on_the_service_reads_tables_that_are_there(
    served_document: tuple[Any, Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    client, _ = served_document
    page = (ROOT / "docs/service.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (shown,) = (one for one in blocks if "pandas" in one)
    client.post("/projects", json={"id": "loans"})
    put = client.put("/projects/loans/artefacts/requirements.txt", content=b"scikit-learn==1.4\n")
    assert put.status_code == 201
    found: dict[str, Any] = {}
    exec(shown.replace("http://localhost:8000", str(client.base_url).rstrip("/")), found)  # noqa: S102
    assert list(found["users"]["project"]) == ["loans"]
    assert set(found["findings"]["project"]) == {"loans"}
    assert "loans" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/projects/none", 404),
        ("GET", "/projects?limit=many", 422),
        ("POST", "/projects", 400),
        ("GET", "/findings?format=none", 400),
        ("PATCH", "/projects", 405),
        ("DELETE", "/projects/none/descriptors/a%0Ab", 404),
    ],
)
def test_an_error_has_the_shape_that_is_told(
    served_document: tuple[Any, Mapping[str, Any]], method: str, path: str, status: int
) -> None:
    response = served_document[0].request(method, path, content="{" if method == "POST" else None)
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    told = Problem.model_validate(response.json(), strict=True)
    assert told.status == status
    assert response.json().keys() <= Problem.model_fields.keys()
