"""Projects over HTTP: made, filled file by file, judged at once, read back as they were put."""

import gzip
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.serving import query, served

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
MODEL = "element: TrainedModel\nstated_by: data-scientist\nrequired_memory: 16 GB\n"
HOST = "element: OperationalEnvironment\nstated_by: operations\navailable_memory: {} GB\n"
YAML = {"content-type": "application/yaml"}
PROBLEM = "application/problem+json"
PREFIXES = (
    "PREFIX mm: <https://w3id.org/ml-mismatch/> PREFIX prov: <http://www.w3.org/ns/prov#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/>"
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with served(serves="projects", judge_seconds=20, project_files=40) as found:
        yield found


@pytest.fixture
def project(client: httpx2.Client, request: pytest.FixtureRequest) -> str:
    """The address of a project that has nothing in it."""
    name = request.node.name.removeprefix("test_")[:90]
    made = client.post("/projects", json={"id": name, "title": "Of a test"})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/projects/{name}"
    return f"/projects/{name}"


def put(
    client: httpx2.Client, project: str, name: str, text: str, **headers: str
) -> httpx2.Response:
    return client.put(f"{project}/descriptors/{name}", content=text, headers={**YAML, **headers})


def base(client: httpx2.Client) -> str:
    return f"{str(client.base_url).rstrip('/')}/"


def rows(client: httpx2.Client, pattern: str, graph: str = "") -> list[dict[str, str]]:
    """The solutions of a pattern in a graph that is named below the base, or in any."""
    named = f"<{base(client)}{graph.removeprefix('/')}>" if graph else "?graph"
    text = f"{PREFIXES} SELECT * {{ GRAPH {named} {{ {pattern} }} }}"
    found = query(client, text)
    assert found.status_code == 200, found.text
    bindings = found.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def test_what_is_put_is_judged_and_its_findings_are_counted(
    client: httpx2.Client, project: str
) -> None:
    first = put(client, project, "model", MODEL)
    second = put(client, project, "host", HOST.format(8))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() | {"made": ""} == {
        "project": project.rpartition("/")[2],
        "revision": 2,
        "changed": True,
        "made": "",
        "author": "127.0.0.1",
        "message": "",
        "origin": "descriptor host",
        "statements": 2,
        "sources": 2,
        "mismatches": 1,
        "clear": second.json()["clear"],
        "undecided": second.json()["undecided"],
        "problems": [],
        "notes": [],
        "left_out": [],
        "findings": f"{project}/findings",
    }
    assert second.headers["location"] == f"{project}/revisions/2"
    state = client.get(project).json()
    assert {name: state[name] for name in ("title", "revision", "mismatches", "sources")} == {
        "title": "Of a test",
        "revision": 2,
        "mismatches": 1,
        "sources": 2,
    }
    mended = put(client, project, "host", HOST.format(32)).json()
    assert (mended["revision"], mended["mismatches"]) == (3, 0)


def test_who_puts_reads_it_at_once(client: httpx2.Client, project: str) -> None:
    for memory in (8, 16, 24, 32):
        put(client, project, "host", HOST.format(memory))
        source = f"{project}/descriptors/descriptors/host.yaml"
        found = rows(client, "?host mm:availableMemory ?memory", source)
        assert [float(row["memory"]) for row in found] == [memory * 1e9]


def test_what_is_there_already_makes_no_revision(client: httpx2.Client, project: str) -> None:
    first = put(client, project, "model", MODEL)
    again = put(client, project, "model", MODEL)
    assert again.status_code == 200
    assert again.json() == {**first.json(), "changed": False}
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(project).json()["revision"] == 1


def test_a_change_of_another_state_is_refused(client: httpx2.Client, project: str) -> None:
    first = put(client, project, "model", MODEL).headers["etag"]
    assert client.get(project).headers["etag"] == first
    assert client.get(f"{project}/artefacts").headers["etag"] == first
    put(client, project, "host", HOST.format(8))
    refused = put(client, project, "host", HOST.format(16), **{"if-match": first})
    assert refused.status_code == 412
    assert refused.headers["content-type"] == PROBLEM
    assert client.get(project).json()["revision"] == 2
    path = f"{project}/artefacts/descriptors/host.yaml"
    own = client.get(path).headers["etag"]
    new = HOST.format(24).encode()
    assert client.put(path, content=new, headers={"if-none-match": "*"}).status_code == 412
    assert client.put(path, content=new, headers={"if-match": own}).status_code == 201
    assert client.get(path).content == new


def test_changes_at_once_lose_nothing(client: httpx2.Client, project: str) -> None:
    def one(number: int) -> int:
        text = f"element: TrainedModel\nname: m{number}\nrequired_memory: {number} GB\n"
        return put(client, project, f"model-{number}", text).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(1, 7))) == {201}
    state = client.get(project).json()
    assert (state["revision"], state["sources"]) == (6, 6)
    tag = client.get(project).headers["etag"]

    def other(number: int) -> int:
        return put(client, project, "host", HOST.format(number), **{"if-match": tag}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(other, range(4))) == [201, 412, 412, 412]


def test_a_descriptor_that_cannot_be_read_changes_nothing(
    client: httpx2.Client, project: str
) -> None:
    put(client, project, "model", MODEL)
    broken = put(client, project, "model", f"{MODEL}goals: [\n")
    assert broken.status_code == 400
    assert broken.headers["content-type"] == PROBLEM
    told = broken.json()
    assert (told["file"], told["line"]) == ("descriptors/model.yaml", 5)
    assert put(client, project, "other", "just: words\n").status_code == 400
    assert client.get(project).json()["revision"] == 1
    assert client.get(f"{project}/descriptors/model").text == MODEL


def test_a_descriptor_of_which_nothing_is_taken_is_refused(
    client: httpx2.Client, project: str
) -> None:
    for kind, text, because in (
        ("text/turtle", "<m> a mm:TrainedModel ; mm:name 'n' .", "Nothing is stated in it"),
        ("text/turtle", "<m> a mm:Modle ; mm:version '1' .", "mm:Modle is no element"),
        ("application/trig", "<g> { <g> a <http://x.org/G> }", "Nothing is stated in it"),
        ("application/yaml", "element: TrainedModel\nname: n\n", "Nothing is stated in it"),
    ):
        prefix = "" if "yaml" in kind else "@prefix mm: <https://w3id.org/ml-mismatch/> .\n"
        refused = put(client, project, "model", f"{prefix}{text}", **{"content-type": kind})
        assert refused.status_code == 400
        assert because in refused.json()["detail"]
    assert client.get(project).json()["revision"] == 0


def test_what_is_stated_of_another_project_is_told_and_not_taken(
    client: httpx2.Client, project: str
) -> None:
    other = f"{base(client)}projects/elsewhere/trained-model/model"
    text = (
        "@prefix mm: <https://w3id.org/ml-mismatch/> .\n"
        f"<{other}> a mm:TrainedModel ; mm:requiredMemory 98765 .\n"
    )
    turtle = {"content-type": "text/turtle"}
    refused = put(client, project, "model", text, **turtle)
    assert refused.status_code == 400
    assert refused.json()["line"] == 2
    assert "another project" in refused.text
    kept = client.put(f"{project}/artefacts/other.ttl", content=text)
    assert kept.status_code == 201
    (problem,) = kept.json()["problems"]
    assert (problem["file"], problem["line"]) == ("other.ttl", 2)
    own = f"{text}<{base(client)}{project[1:]}/trained-model/m> a mm:TrainedModel ;"
    own += " mm:requiredMemory 7 ."
    assert put(client, project, "model", own, **turtle).status_code == 201
    assert len(rows(client, "?model mm:requiredMemory 7")) > 0
    assert rows(client, f"<{other}> ?predicate ?value") == []


def test_an_artefact_that_cannot_be_read_is_kept_and_told(
    client: httpx2.Client, project: str
) -> None:
    text = f"{MODEL}goals: [\n"
    kept = client.put(f"{project}/artefacts/model.yaml", content=text)
    assert kept.status_code == 201
    (problem,) = kept.json()["problems"]
    assert (problem["file"], problem["line"]) == ("model.yaml", 5)
    assert client.get(f"{project}/artefacts/model.yaml").text == text
    assert "/put-" not in kept.text


def test_a_descriptor_is_told_as_it_was_put_and_as_rdf(client: httpx2.Client, project: str) -> None:
    put(client, project, "model", MODEL)
    address = f"{project}/descriptors/model"
    assert client.get(address, headers={"accept": "application/yaml"}).text == MODEL
    kinds = ("turtle", "n-triples", "ld+json", "rdf+xml", "html")
    texts = ("turtle", "html")
    for kind in (f"{'text' if one in texts else 'application'}/{one}" for one in kinds):
        found = client.get(address, headers={"accept": kind})
        assert found.headers["content-type"].partition(";")[0] == kind
        assert "requiredMemory" in found.text
    assert client.get(address, headers={"accept": "image/png"}).status_code == 406
    (listed,) = client.get(f"{project}/descriptors").json()["descriptors"]
    assert (listed["name"], listed["file"]) == ("model", "descriptors/model.yaml")
    assert client.get(listed["address"]).text == MODEL
    turtle = client.get(address, headers={"accept": "text/turtle"}).text
    moved = client.put(address, content=turtle, headers={"content-type": "text/turtle"})
    assert moved.status_code == 201
    names = [one["path"] for one in client.get(f"{project}/artefacts").json()["artefacts"]]
    assert names == ["descriptors/model.ttl"]
    assert client.delete(address).json()["sources"] == 0
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404


def test_several_files_are_added_at_once_byte_by_byte(client: httpx2.Client, project: str) -> None:
    odd = bytes(range(256)) * 9 + b"\r\n--x\r\n\n\r"
    files = {"a": ("data/odd.bin", odd), "b": ("model.yaml", MODEL.encode())}
    found = client.post(f"{project}/artefacts", files=files)
    assert found.status_code == 201, found.text
    assert found.json()["sources"] == 1
    assert client.get(f"{project}/artefacts/data/odd.bin").content == odd
    listed = client.get(f"{project}/artefacts?limit=1")
    assert [one["size"] for one in listed.json()["artefacts"]] == [len(odd)]
    following = client.get(listed.links["next"]["url"]).json()
    assert [one["path"] for one in following["artefacts"]] == ["model.yaml"]
    assert following["next"] is None
    assert client.delete(f"{project}/artefacts/data/odd.bin").json()["revision"] == 2
    assert client.get(f"{project}/artefacts/data/odd.bin").status_code == 404


def test_a_path_that_is_none_is_refused(client: httpx2.Client, project: str) -> None:
    paths = ("%2e%2e/x", "a/%2e%2e/b", "/etc/passwd", "a%5Cb", "C:/x", ".git/config", "a//b", "%00")
    for path in paths:
        refused = client.put(f"{project}/artefacts/{path}", content=b"x")
        assert refused.status_code in {400, 404}, path
    assert client.get(project).json()["revision"] == 0


def test_too_many_files_are_refused(client: httpx2.Client, project: str) -> None:
    files = [("f", (f"{number}.bin", b"x")) for number in range(41)]
    refused = client.post(f"{project}/artefacts", files=files)
    assert refused.status_code == 413
    assert client.get(project).json()["revision"] == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"id": "../x"}, 400),
        ({"id": ""}, 400),
        ({"id": "x" * 101}, 400),
        ({"id": "größe"}, 400),
        ({"id": "x", "titel": "y"}, 400),
        ({"title": "y"}, 400),
        ([], 400),
    ],
)
def test_a_project_that_cannot_be_is_refused(
    client: httpx2.Client, sent: object, status: int
) -> None:
    refused = client.post("/projects", json=sent)
    assert refused.status_code == status
    assert refused.headers["content-type"] == PROBLEM


def test_an_id_is_taken_once(client: httpx2.Client, project: str) -> None:
    name = project.rpartition("/")[2]
    assert client.post("/projects", json={"id": name}).status_code == 409
    changed = client.put(project, json={"title": "Another"})
    assert (changed.status_code, changed.json()["title"]) == (200, "Another")
    assert client.put(f"{project}-2", json={}).status_code == 201


def test_projects_come_in_pages(client: httpx2.Client, project: str) -> None:
    for number in range(3):
        client.put(f"{project}-{number}", json={})
    found: list[str] = []
    address = "/projects?limit=2"
    while address:
        page = client.get(address)
        found += [one["id"] for one in page.json()["projects"]]
        address = page.json()["next"]
        assert address == page.links.get("next", {}).get("url")
    assert found == sorted(set(found))
    assert {project.rpartition("/")[2]} < set(found)
    assert client.get("/projects?limit=0").status_code in {400, 422}


def test_nothing_is_left_of_a_project_that_is_removed(client: httpx2.Client, project: str) -> None:
    put(client, project, "model", MODEL)
    assert rows(client, "?s mm:requiredMemory ?o", "statements")
    assert client.delete(project).status_code == 204
    root = f"{base(client)}{project.removeprefix('/')}/"
    left = query(
        client, f'SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?s), "{root}")) }}'
    )
    assert left.json()["results"]["bindings"] == []
    for path in ("", "/artefacts", "/descriptors", "/artefacts/descriptors/model.yaml"):
        assert client.get(f"{project}{path}").status_code == 404
    client.put(project, json={})
    assert put(client, project, "model", MODEL).json()["revision"] == 1


def test_what_is_private_leaves_the_graph_of_all(client: httpx2.Client, project: str) -> None:
    shared = "<http://x.org/model> a mm:TrainedModel ; mm:requiredMemory 5000000000 ."
    other = f"{project}-other"
    client.put(other, json={})
    turtle = {"content-type": "text/turtle"}
    text = f"@prefix mm: <https://w3id.org/ml-mismatch/> . {shared}"
    for one in (project, other):
        assert client.put(f"{one}/descriptors/m", content=text, headers=turtle).status_code == 201

    def seen(graph: str) -> int:
        return len(rows(client, "<http://x.org/model> mm:requiredMemory ?memory", graph))

    assert (seen("statements"), seen(f"{project}/statements")) == (1, 0)
    client.put(project, json={"private": True})
    assert (seen("statements"), seen(f"{project}/statements")) == (1, 1)
    client.put(other, json={"private": True})
    assert (seen("statements"), seen(f"{project}/statements")) == (0, 1)
    client.put(project, json={"private": False})
    assert (seen("statements"), seen(f"{project}/statements")) == (1, 0)
    client.delete(project)
    assert (seen("statements"), seen(f"{other}/statements")) == (0, 1)


def test_a_revision_says_where_it_comes_from(client: httpx2.Client, project: str) -> None:
    put(client, project, "model", MODEL)
    sent = client.put(
        f"{project}/artefacts/descriptors/model.yaml?message=More%20memory",
        content=MODEL.replace("16", "32"),
    )
    assert (sent.json()["message"], sent.json()["revision"]) == ("More memory", 2)
    (found,) = rows(
        client,
        "?revision prov:wasRevisionOf ?before ; prov:wasAttributedTo ?who ; prov:hadMember ?file ; "
        "prov:generatedAtTime ?when ; dcterms:description ?why . ?file mm:digest ?digest . "
        "?descriptor prov:wasDerivedFrom ?file ; mm:digest ?digest",
        f"{project}/provenance",
    )
    assert found["revision"].endswith(f"{project}/revisions/2")
    assert found["before"].endswith(f"{project}/revisions/1")
    assert found["who"].endswith("/people/127.0.0.1")
    assert found["why"] == "More memory"
    assert found["file"].endswith(f"{project}/artefacts/descriptors/model.yaml")


def test_findings_are_asked_with_the_names_that_the_service_gives_them(
    client: httpx2.Client, project: str
) -> None:
    put(client, project, "model", MODEL)
    put(client, project, "host", HOST.format(8))
    graph = f"{project}/findings"
    (found,) = rows(client, '?finding mm:verdict "mismatch" ; mm:fingerprint ?print', graph)
    assert found["finding"].endswith(f"{project}/findings/{found['print']}")


def test_a_browser_gets_pages(client: httpx2.Client, project: str) -> None:
    put(client, project, "model", MODEL)
    for path in ("", "/artefacts", "/descriptors", "/descriptors/model"):
        page = client.get(f"{project}{path}", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
    assert client.get("/projects", headers={"accept": "text/html"}).text.startswith("<!")


def test_what_takes_too_long_or_too_much_is_stopped() -> None:
    table = "a,b,c\n" + "".join(f"{n},{n * 7919 % 1000003},x{n}\n" for n in range(200_000))
    with served(serves="projects", judge_seconds=0.05) as slow:
        slow.put("/projects/p", json={})
        stopped = slow.put("/projects/p/artefacts/train.csv", content=table)
        assert (stopped.status_code, stopped.headers["content-type"]) == (504, PROBLEM)
        assert slow.get("/projects/p").json()["revision"] == 0
    with served(serves="projects", judge_memory=64) as small:
        small.put("/projects/p", json={})
        kind = {"content-type": "application/gzip"}
        stopped = small.put("/projects/p/artefacts", content=greedy(150 << 20), headers=kind)
        assert stopped.status_code == 507, stopped.text
        assert put(small, "/projects/p", "model", MODEL).status_code == 201


def greedy(size: int) -> bytes:
    """A tar archive that whoever reads it takes so many bytes of memory for, packed by gzip."""
    head = tarfile.TarInfo("head")
    head.type, head.size = tarfile.XHDTYPE, size
    return gzip.compress(head.tobuf() + bytes(size), 1)


def test_a_service_of_graphs_alone_keeps_no_projects() -> None:
    with served() as graphs:
        assert graphs.get("/projects").status_code == 404
