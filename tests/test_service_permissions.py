"""What queries see of private projects, and what updates may not touch where projects are kept."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Thread

import httpx2
import pyoxigraph as ox
import pytest

from kg.errors import StoreBusy
from kg.history import History, projects, roles
from kg.service.access import Caller, Role, Scope
from kg.service.access.hiding import Hiding
from kg.service.access.permissions import Permissions
from kg.service.changing.writer import Writer
from kg.service.settings import read_settings
from kg.stores.oxigraph import OxigraphStore
from tests.granting import EVERYWHERE, MINE, SHOWN, THEIRS, Governed, bearer, governed, made
from tests.serving import RUNAWAY, SPARQL_QUERY, SPARQL_UPDATE, TURTLE

MEMORY = "element: TrainedModel\nstated_by: data-scientist\nrequired_memory: {} GB\n"
SOURCE = "descriptors/descriptors/model.yaml"
# In GB, and in the bytes that they are worked out as.
OF = {MINE: 11, THEIRS: 12, SHOWN: 13}
LOOSE = "http://x.org/loose"
STATED = "?model mm:requiredMemory ?memory"
HEAD = "PREFIX mm: <https://w3id.org/ml-mismatch/> SELECT ?memory "
SEES = {
    "anonymous": {13},
    "stranger": {13},
    "reader": {11, 13},
    "maintainer, to read": {11, 13},
    "operator": {11, 12, 13},
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    with governed(tmp_path_factory.mktemp("granted")) as service:
        yaml = {"content-type": "application/yaml"}
        for project, memory in OF.items():
            path = f"/projects/{project}/descriptors/model"
            put = service.ask("operator", "PUT", path, content=MEMORY.format(memory), headers=yaml)
            assert put.is_success, put.text
        text = f"INSERT DATA {{ GRAPH <{LOOSE}> {{ <x:loose> <x:p> 1 }} . <x:own> <x:p> 2 }}"
        assert updated(service, "operator", text).status_code == 204
        yield service


def asked(service: Governed, person: str, text: str, **fields: str) -> set[str]:
    """The values of the first column of an answer."""
    response = service.ask(
        person, "POST", "/sparql", params={"format": "csv", **fields}, content=text,
        headers=SPARQL_QUERY,
    )  # fmt: skip
    assert response.status_code == 200, response.text
    return set(response.text.split()[1:])


def updated(service: Governed, person: str, text: str) -> httpx2.Response:
    return service.ask(person, "POST", "/sparql", content=text, headers=SPARQL_UPDATE)


def graph(service: Governed, project: str, rest: str = SOURCE) -> str:
    return f"{service.client.base_url}/projects/{project}/{rest}"


WAYS = {
    "the default graph": f"{{ {STATED} }}",
    "any graph": f"{{ GRAPH ?g {{ {STATED} }} }}",
    "a subquery": f"{{ {{ SELECT * {{ GRAPH ?g {{ {STATED} }} }} }} }}",
    "a keyword in small letters": f"{{ graph ?g {{ {STATED} }} }}",
    "FROM": "FROM <{theirs}> FROM <{mine}> FROM <{shown}> { " + STATED + " }",
    "FROM NAMED": "FROM NAMED <{theirs}> FROM NAMED <{mine}> FROM NAMED <{shown}> { GRAPH ?g { "
    + STATED
    + " } }",
    "graphs by name": "{ { GRAPH <{theirs}> { " + STATED + " } } UNION { GRAPH <{mine}> { "
    + STATED + " } } UNION { GRAPH <{shown}> { " + STATED + " } } }",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_query_sees_the_projects_that_are_the_callers(service: Governed, way: str) -> None:
    text = HEAD + _with_graphs(service, WAYS[way])
    for person, memories in SEES.items():
        bytes_of = {f"{memory}000000000" for memory in memories}
        assert asked(service, person, text) == bytes_of, person


def test_a_dataset_of_the_request_shows_no_more(service: Governed) -> None:
    theirs = graph(service, THEIRS)
    patterns = {"default-graph-uri": STATED, "named-graph-uri": f"GRAPH ?g {{ {STATED} }}"}
    for field, pattern in patterns.items():
        text = f"{HEAD} {{ {pattern} }}"
        assert asked(service, "reader", text, **{field: theirs}) == set()
        assert asked(service, "operator", text, **{field: theirs}) != set()


def test_the_names_of_hidden_graphs_are_not_told(service: Governed) -> None:
    text = "SELECT ?g { GRAPH ?g {} }"
    for person, memories in SEES.items():
        names = " ".join(asked(service, person, text))
        for project, memory in OF.items():
            assert (f"/projects/{project}/" in names) == (memory in memories), person
        assert LOOSE in names


def test_a_statement_is_counted_once(service: Governed) -> None:
    for person, memories in SEES.items():
        text = f"{HEAD.replace('?memory', '(COUNT(*) AS ?n)')} {{ {STATED} }}"
        assert asked(service, person, text) == {str(len(memories))}


def test_loose_graphs_and_the_one_without_a_name_are_seen_at_once(service: Governed) -> None:
    assert asked(service, "anonymous", "SELECT ?s { ?s <x:p> ?o }") == {"x:loose", "x:own"}
    assert updated(service, "operator", f"DROP GRAPH <{LOOSE}>").status_code == 204
    assert asked(service, "anonymous", "SELECT ?s { ?s <x:p> ?o }") == {"x:own"}
    path, text = f"/graphs?graph={LOOSE}", "<x:loose> <x:p> 1 ."
    put = service.ask("operator", "PUT", path, content=text, headers=TURTLE)
    assert put.status_code == 201
    assert asked(service, "anonymous", "SELECT ?s { ?s <x:p> ?o }") == {"x:loose", "x:own"}


def test_a_hidden_graph_is_as_if_it_were_not_there(service: Governed) -> None:
    for name in (graph(service, THEIRS), graph(service, "none"), graph(service, THEIRS, "x")):
        response = service.ask("reader", "GET", f"/graphs?graph={name}")
        assert (response.status_code, response.json()["detail"]) == (404, "There is no such graph")
    for name in (graph(service, MINE), graph(service, SHOWN), LOOSE):
        assert service.ask("reader", "GET", f"/graphs?graph={name}").status_code == 200


def test_a_project_that_becomes_public_is_seen_and_hidden_again(service: Governed) -> None:
    text = f"{HEAD} {{ {STATED} }}"
    for private, count in ((False, 2), (True, 1)):
        state = {"private": private}
        assert service.ask("operator", "PUT", f"/projects/{THEIRS}", json=state).is_success
        assert len(asked(service, "anonymous", text)) == count


def test_a_role_that_is_given_or_taken_counts_at_once(service: Governed) -> None:
    path, text = f"/projects/{THEIRS}/roles/stranger", f"{HEAD} {{ {STATED} }}"
    assert service.ask("stranger", "GET", f"/projects/{THEIRS}").status_code == 404
    assert service.ask("operator", "PUT", path, json={"role": "reader"}).status_code == 200
    assert service.ask("stranger", "GET", f"/projects/{THEIRS}").status_code == 200
    assert len(asked(service, "stranger", text)) == 2
    assert service.ask("operator", "DELETE", path).status_code == 204
    assert service.ask("stranger", "GET", f"/projects/{THEIRS}").status_code == 404
    assert len(asked(service, "stranger", text)) == 1


CHANGES = {
    "a graph of a project": "INSERT DATA {{ GRAPH <{shown}> {{ <x:a> <x:b> 1 }} }}",
    "a graph that a project may have": "INSERT DATA {{ GRAPH <{base}projects/new/x> {{}} }}",
    "all public statements": "CLEAR GRAPH <{base}statements>",
    "the knowledge": "DROP GRAPH <{base}knowledge>",
    "what the store holds": "DROP SILENT GRAPH <{base}kept>",
    "a relative graph": "DROP GRAPH <statements>",
    "everything": "DROP ALL",
    "any graph": "DELETE WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "by moving": "MOVE <{base}statements> TO <x:g>",
    "second": "CREATE SILENT GRAPH <x:g> ; DROP GRAPH <{shown}>",
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_follows_from_projects_is_written_by_nobody(service: Governed, what: str) -> None:
    base = f"{service.client.base_url}/"
    text = CHANGES[what].format(base=base, shown=graph(service, SHOWN))
    response = updated(service, "operator", text)
    assert response.status_code == 403, response.text
    assert response.json()["hint"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_graphs_of_projects_are_not_written_over_http(service: Governed, method: str) -> None:
    for name in (graph(service, SHOWN), f"{service.client.base_url}/knowledge"):
        path = f"/graphs?graph={name}"
        assert service.ask("operator", method, path, content="", headers=TURTLE).status_code == 403


def test_an_update_may_read_projects_and_write_elsewhere(service: Governed) -> None:
    text = (
        "PREFIX mm: <https://w3id.org/ml-mismatch/> INSERT { GRAPH <x:copy> { ?m <x:m> ?v } } "
        f"WHERE {{ GRAPH <{graph(service, SHOWN)}> {{ ?m mm:requiredMemory ?v }} }}"
    )
    assert updated(service, "operator", text).status_code == 204
    assert asked(service, "operator", "SELECT ?v { GRAPH <x:copy> { ?m <x:m> ?v } }")
    assert updated(service, "operator", "DROP GRAPH <x:copy>").status_code == 204


def test_only_an_operator_updates(service: Governed) -> None:
    for person, status in (("anonymous", 401), ("maintainer", 403), ("stranger", 403)):
        response = updated(service, person, "INSERT DATA { <x:a> <x:b> 1 }")
        assert response.status_code == status
    assert 'error="insufficient_scope", scope="operate"' in response.headers["www-authenticate"]


def test_lists_leave_out_what_is_hidden(service: Governed) -> None:
    for person, memories in SEES.items():
        listed = service.ask(person, "GET", "/projects").json()["projects"]
        ids = {project for project, memory in OF.items() if memory in memories}
        assert {one["id"] for one in listed} == ids


def test_queries_are_seen_by_whom_they_are_of_and_by_operators(service: Governed) -> None:
    def run(person: str = "stranger", text: str = RUNAWAY) -> int:
        fields = {"query-id": "of-a-stranger", "timeout": 20}
        return service.ask(
            person, "POST", "/sparql", params=fields, content=text, headers=SPARQL_QUERY
        ).status_code

    thread = Thread(target=run)
    thread.start()
    while not service.ask("stranger", "GET", "/queries").json():
        assert thread.is_alive(), "the query ended too early"
    for person in ("reader", "anonymous"):
        assert service.ask(person, "GET", "/queries").json() == []
        assert service.ask(person, "DELETE", "/queries/of-a-stranger").status_code == 404
        assert run(person, "ASK {}") == 200, "an id tells nobody what others run"
    assert run(text="ASK {}") == 409
    assert service.ask("operator", "GET", "/queries/of-a-stranger").json()["caller"] == "stranger"
    assert service.ask("operator", "DELETE", "/queries/of-a-stranger").status_code == 204
    thread.join()


def test_a_token_for_one_project_knows_of_no_queries_beside_its_own(service: Governed) -> None:
    owner = "maintainer"
    narrow = bearer(made(service.client, owner, project=MINE))
    whole = service.people[owner]

    def run(headers: Mapping[str, str], name: str, text: str = RUNAWAY) -> int:
        fields = {"query-id": name, "timeout": "20"}
        sent = service.client.post(
            "/sparql", params=fields, content=text, headers={**headers, **SPARQL_QUERY}
        )
        return sent.status_code

    threads = [
        Thread(target=run, args=(whole, "of-all")),
        Thread(target=run, args=(narrow, "of-one")),
    ]
    for thread in threads:
        thread.start()
    while len(service.client.get("/queries", headers=whole).json()) < len(threads):
        assert all(thread.is_alive() for thread in threads), "a query ended too early"
    assert [one["id"] for one in service.client.get("/queries", headers=narrow).json()] == [
        "of-one"
    ]
    assert service.client.delete("/queries/of-all", headers=narrow).status_code == 404
    assert run(narrow, "of-all", "ASK {}") == 200
    for name in ("of-one", "of-all"):
        assert service.client.delete(f"/queries/{name}", headers=whole).status_code == 204
    for thread in threads:
        thread.join()


def test_a_removed_project_is_hidden_while_its_graphs_go(tmp_path: Path) -> None:
    with closing(History(tmp_path / "history.sqlite")) as history:
        settings = read_settings(host=EVERYWHERE, base="http://x.org/")
        writer = Writer(lambda: OxigraphStore(ox.Store()), settings.base)
        granted = Permissions(settings, history, writer, Hiding())
        anyone = Caller("anonymous x", scope=Scope.READ)
        with history.writing() as connection:
            projects.create(connection, "brief", title="", private=True, creator="ada")
        assert not granted.visible(anyone).shows("http://x.org/projects/brief/statements")
        with history.writing() as connection:
            projects.remove(connection, "brief")
        assert not granted.visible(anyone).shows("http://x.org/projects/brief/statements")
        with history.writing() as connection:
            projects.create(connection, "brief", title="", private=False, creator="ada")
        assert granted.visible(anyone).shows("http://x.org/projects/brief/statements")


def test_nobody_else_sees_the_graph_of_all_while_a_project_is_being_hidden(
    tmp_path: Path,
) -> None:
    with closing(History(tmp_path / "history.sqlite")) as history:
        settings = read_settings(host=EVERYWHERE, base="http://x.org/")
        writer, hiding = Writer(lambda: OxigraphStore(ox.Store()), settings.base), Hiding()
        granted = Permissions(settings, history, writer, hiding)
        anyone = Caller("anonymous x", scope=Scope.READ)
        with history.writing() as connection:
            for name in ("hers", "other"):
                projects.create(connection, name, title="", private=True, creator="ada")
            roles.grant(connection, "hers", "ada", Role.MAINTAINER, "ada")
        hiding.begin("hers")
        with pytest.raises(StoreBusy):
            granted.visible(anyone)
        for caller in (Caller("op", operator=True), Caller("ada", known=True)):
            assert granted.visible(caller).shows("http://x.org/projects/hers/statements")
        hiding.end("hers", writer.epoch + 1)
        with pytest.raises(StoreBusy):
            granted.visible(anyone)
        writer.epoch += 1
        assert not granted.visible(anyone).shows("http://x.org/projects/hers/statements")


def _with_graphs(service: Governed, text: str) -> str:
    for name, project in (("theirs", THEIRS), ("mine", MINE), ("shown", SHOWN)):
        text = text.replace(f"{{{name}}}", graph(service, project))
    return text
