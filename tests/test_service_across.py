"""Projects are held against each other after a change, and none learns of what it may not see."""

import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.serving import query, served

CENSUS = (
    "element: RawData\ndataset_identifier: census\ndataset_version: '2019'\n"
    "content_hash: sha256:{}\n"
)
PREFIX = "PREFIX mm: <https://w3id.org/ml-mismatch/>"
PATIENCE = 60


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(serves="projects", across_seconds=0.1) as found:
        yield found


def put(client: httpx2.Client, name: str, digest: str, *, private: bool = False) -> None:
    client.put(f"/projects/{name}", json={"private": private}).raise_for_status()
    client.put(
        f"/projects/{name}/descriptors/census",
        content=CENSUS.format(digest),
        headers={"content-type": "application/yaml"},
    ).raise_for_status()


def told(client: httpx2.Client, name: str) -> set[str]:
    """The messages of what is found in a project held against others."""
    graph = f"{str(client.base_url).rstrip('/')}/projects/{name}/across"
    text = (
        f"{PREFIX} SELECT ?value {{ GRAPH <{graph}> {{ ?finding mm:fingerprint ?print ; "
        "mm:evidence ?evidence . ?evidence mm:statedValue ?value } }"
    )
    rows = query(client, text).json()["results"]["bindings"]
    return {row["value"]["value"] for row in rows}


def told_in_time(client: httpx2.Client, name: str, wanted: set[str]) -> set[str]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if told(client, name) & wanted == wanted:
            break
        time.sleep(0.1)
    return told(client, name)


def gone_in_time(client: httpx2.Client, name: str) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and told(client, name):
        time.sleep(0.1)
    return not told(client, name)


def test_projects_are_held_against_those_that_may_be_seen(client: httpx2.Client) -> None:
    put(client, "a", "aa01")
    put(client, "b", "aa02")
    put(client, "secret", "aa03", private=True)
    seen = told_in_time(client, "secret", {"sha256:aa03"})
    assert seen & {"sha256:aa01", "sha256:aa02"}
    both = {"sha256:aa01", "sha256:aa02"}
    shown = told_in_time(client, "a", both) | told_in_time(client, "b", set())
    assert both <= shown
    assert "sha256:aa03" not in shown
    state = client.get("/projects/a").json()
    assert state["revision"] == 1
    put(client, "b", "aa01")
    assert gone_in_time(client, "a")
    assert gone_in_time(client, "b")
    assert told(client, "secret")
    client.delete("/projects/a")
    client.delete("/projects/b")
    assert gone_in_time(client, "secret")
