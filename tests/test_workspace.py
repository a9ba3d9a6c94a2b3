"""What the workspace keeps of a project: named graphs, provenance, places, and what was worked
out.
"""

import pyoxigraph as ox
import pytest

from kg.errors import NotFound, StoreUnreachable
from kg.namespaces import iri
from kg.projects import read_project
from kg.stores import open_store
from kg.stores.oxigraph import OxigraphStore
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace
from kg.writing import literal, reference
from tests.conftest import Write

MODEL = "element: TrainedModel\nrequired_memory: 16 GB\nstated_by: data-scientist\n"
HOST = "element: OperationalEnvironment\navailable_memory: 8 GiB\n"
TABLE = "age,kind\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(20))
BASE = "http://example.org/"
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


@pytest.fixture
def workspace(write: Write, known: Vocabulary) -> Workspace:
    folder = write({"m/model.yaml": MODEL, "host.yaml": HOST, "data/train.csv": TABLE})
    kept = Workspace(open_store("memory:"), known, BASE)
    kept.put(read_project(folder, known))
    return kept


def test_each_source_is_a_graph_and_what_is_observed_one_of_its_own(workspace: Workspace) -> None:
    root = f"{BASE}projects/project"
    assert [row["g"] for row in workspace.store.select(GRAPHS)] == [
        f"{root}/current",
        f"{root}/derived",
        f"{root}/descriptors/data/train.csv#observed",
        f"{root}/descriptors/host.yaml",
        f"{root}/descriptors/m/model.yaml",
        f"{root}/links",
        f"{root}/provenance",
        f"{root}/written",
    ]


def test_provenance_says_file_digest_importer_role_and_status(workspace: Workspace) -> None:
    rows = workspace.store.select(
        """
        PREFIX mm: <https://w3id.org/ml-mismatch/>
        SELECT ?file ?digest ?importer ?observed ?role WHERE {
          GRAPH ?g {
            ?d mm:file ?file ; mm:digest ?digest ; mm:importer ?importer ; mm:observed ?observed .
            OPTIONAL { ?d mm:statedBy ?role } } } ORDER BY ?file"""
    )
    assert [(row["file"], row["observed"]) for row in rows] == [
        ("data/train.csv", "true"),
        ("host.yaml", "false"),
        ("m/model.yaml", "false"),
    ]
    assert rows[2]["role"] == iri("mm:data-scientist")
    assert rows[2]["importer"].startswith("descriptor ")
    assert len(rows[2]["digest"]) == 64


def test_the_place_of_a_statement_is_found_by_its_triple(workspace: Workspace) -> None:
    subject = reference(f"{BASE}projects/project/trained-model/trained-model")
    predicate, value = reference("mm:requiredMemory"), literal(16000000000)
    found = workspace.facts("project").stated(subject, predicate, value)
    assert [(one.origin.file, one.origin.line, one.origin.given) for one in found] == [
        ("m/model.yaml", 2, "16 GB")
    ]


def test_no_graph_holds_a_blank_node(workspace: Workspace) -> None:
    blank = "SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o . FILTER(ISBLANK(?s) || ISBLANK(?o)) } }"
    assert workspace.store.select(blank) == []


def test_putting_a_project_again_replaces_all_of_it(
    workspace: Workspace, write: Write, known: Vocabulary
) -> None:
    folder = write({"m/model.yaml": MODEL.replace("16", "12")})
    (folder / "host.yaml").unlink()
    workspace.put(read_project(folder, known))
    graphs = [row["g"] for row in workspace.store.select(GRAPHS)]
    assert f"{BASE}projects/project/descriptors/host.yaml" not in graphs
    assert "16000000000" not in workspace.facts("project").triples


def test_putting_the_same_project_twice_changes_nothing(
    workspace: Workspace, write: Write, known: Vocabulary
) -> None:
    everything = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
    before = sorted(workspace.store.construct(everything).splitlines())
    workspace.put(read_project(write({}), known))
    assert sorted(workspace.store.construct(everything).splitlines()) == before


def test_a_project_whose_name_begins_with_anothers_is_left_alone(
    workspace: Workspace, write: Write, known: Vocabulary
) -> None:
    folder = write({"mismatch.yaml": "id: project-2\n"})
    workspace.put(read_project(folder, known))
    workspace.put(read_project(folder, known))
    assert workspace.ids() == ["project", "project-2"]
    assert "16000000000" in workspace.facts("project").triples


def test_a_source_that_only_calls_a_list_complete_is_dropped_with_its_project(
    write: Write, known: Vocabulary
) -> None:
    empty = "element: TrainedModel\nrequired_frameworks: none\n"
    folder = write({"model.yaml": empty, "host.yaml": HOST})
    kept = Workspace(open_store("memory:"), known, BASE)
    kept.put(read_project(folder, known))
    (folder / "model.yaml").unlink()
    kept.put(read_project(folder, known))
    assert "model.yaml" not in "".join(kept.store.names())


def test_a_project_that_is_not_there_is_named_with_those_that_are(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="There are: project"):
        workspace.facts("another")


def test_elements_know_their_project_and_parts_their_element(workspace: Workspace) -> None:
    facts = workspace.facts("project").triples
    element = f"<{BASE}projects/project/training-data/data%2Ftrain.csv>"
    assert f"<{BASE}projects/project> <{iri('mm:element')}> {element} ." in facts
    part = element.replace(">", "/fields/age>")
    assert f"{part} <{iri('mm:partOf')}> {element} ." in facts


def test_what_detection_loads_is_what_the_graphs_state(workspace: Workspace) -> None:
    stated = """CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o }
        FILTER(REGEX(STR(?g), "/(descriptors/.*|links|derived)$")) }"""
    kept = set(workspace.store.construct(stated).splitlines())
    # The store writes numbers in a form of its own.
    workspace.store.put("urn:loaded", workspace.facts("project").triples)
    loaded = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:loaded> { ?s ?p ?o } }"

    assert set(workspace.store.construct(loaded).splitlines()) == kept


class Watched(OxigraphStore):
    """A store that remembers what was written, and fails at a graph of which it is told."""

    written: list[str]
    broken = "nothing"

    def put(self, name: str, triples: str) -> None:
        if name.endswith(self.broken):
            raise StoreUnreachable("The disk is full", "Make room")
        self.written.append(name.removeprefix(f"{BASE}projects/project/"))
        super().put(name, triples)


@pytest.fixture
def watched() -> Watched:
    store = Watched(ox.Store())
    store.written = []
    return store


def test_graphs_that_stay_as_they_are_are_not_written_again(
    watched: Watched, write: Write, known: Vocabulary
) -> None:
    kept = Workspace(watched, known, BASE)
    folder = write({"m/model.yaml": MODEL, "host.yaml": HOST, "data/train.csv": TABLE})
    kept.put(read_project(folder, known))
    watched.written.clear()

    kept.put(read_project(folder, known))
    assert watched.written == ["written"]

    kept.put(read_project(write({"m/model.yaml": MODEL.replace("16", "12")}), known))
    assert watched.written[1:] == ["descriptors/m/model.yaml", "provenance", "current", "written"]


def test_what_was_half_written_is_written_anew(
    watched: Watched, write: Write, known: Vocabulary
) -> None:
    kept = Workspace(watched, known, BASE)
    kept.put(read_project(write({"m/model.yaml": MODEL}), known))
    before = sorted(kept.store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"))
    watched.broken = "/current"
    with pytest.raises(StoreUnreachable):
        kept.put(read_project(write({"m/model.yaml": MODEL.replace("16", "12")}), known))
    watched.broken = "nothing"

    kept.put(read_project(write({"m/model.yaml": MODEL}), known))

    after = sorted(kept.store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"))
    assert after == before
