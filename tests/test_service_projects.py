"""Projects over HTTP: made, filled file by file, judged at once, read back as they were put."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.serving import query, served

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
MODEL = "element: TrainedModel\nstated_by: data-scientist\nrequired_memory: 16 GB\n"
HOST = "element: OperationalEnvironment\nstated_by: operations\navailable_memory: 8 GB\n"
YAML = {"content-type": "application/yaml"}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(serves="projects") as found:
        yield found


@pytest.fixture
def project(client: httpx2.Client, request: pytest.FixtureRequest) -> str:
    """The address of a project that has nothing in it."""
    name = f"p{abs(hash(request.node.name))}"
    made = client.post("/projects", json={"id": name, "title": "Of a test"})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/projects/{name}"
    return f"/projects/{name}"


def test_x(client: httpx2.Client, project: str) -> None:
    import time

    t = time.time()
    found = client.put(f"{project}/descriptors/model", content=MODEL, headers=YAML)
    print(found.status_code, found.text, found.headers, time.time() - t)
    t = time.time()
    found = client.put(f"{project}/descriptors/host", content=HOST, headers=YAML)
    print(found.status_code, found.text, time.time() - t)
    for path in (
        "",
        "/artefacts",
        "/artefacts/descriptors/host.yaml",
        "/descriptors",
        "/descriptors/host?format=turtle",
    ):
        got = client.get(project + path)
        print(path, got.status_code, got.headers, got.text[:1500])
    print(client.get("/projects").text)
    print(client.put(f"{project}/descriptors/host", content="a: [", headers=YAML).text)
    print(client.put(f"{project}/descriptors/host", content="hallo", headers=YAML).text)
    print(client.delete(f"{project}").status_code)
    print(client.get(f"{project}").text)
    assert 0
