"""The notebook of the documentation runs from top to bottom, and finds what it says it finds."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kg.errors import QueryRefused
from kg.session import Session

ROOT = Path(__file__).parents[1]
# A notebook takes seconds to run, and all who look at it look at one run.
pytestmark = pytest.mark.xdist_group("notebook")

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def told() -> str:
    """All that the workshop's notebook shows when it is run."""
    notebook = nbformat.read(ROOT / "docs" / "notebooks" / "workshop.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    shown = [one for cell in notebook.cells for one in cell.get("outputs", ())]
    assert [one for one in shown if one.output_type in {"error", "stream"}] == []
    return "\n".join(str(one.data) for one in shown)


def test_the_notebook_shows_the_mismatch_of_the_example(told: str) -> None:
    assert "resources-exceed-operations" in told
    assert "The model needs 16 GB (memory); the environment has 8.59 GB." in told


def test_the_notebook_sees_the_gap_and_then_the_new_mismatch(told: str) -> None:
    gap, _, then = told.partition("undetected-mismatch")

    assert "unread-attribute" in told
    assert "The model warms up in 90 s; after 60 s it is restarted." not in gap
    assert "The model warms up in 90 s; after 60 s it is restarted." in then


def test_the_notebook_draws_the_matrix(told: str) -> None:
    assert told.count("<svg") == 2
    assert "OE.Restarts" in told.rpartition("<svg")[2]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_is_committed_with_what_it_shows(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert [c.source for c in code if c.outputs or c.execution_count is not None] == []


def test_a_session_answers_with_numbers_names_and_nothing() -> None:
    session = Session()
    session.read(ROOT / "docs" / "example")
    asked = """SELECT ?needs ?unit ?never WHERE {
        ?model a mm:TrainedModel ; mm:requiredMemory ?needs . mm:requiredMemory mm:unit ?unit
        OPTIONAL { ?model mm:nothing ?never } }"""

    assert session.ask(asked) == [{"needs": 16_000_000_000, "unit": "unit:BYTE", "never": None}]


@pytest.mark.parametrize("query", ["SELECT {", "ASK { ?s ?p ?o }"])
def test_a_session_refuses_what_is_no_select(query: str) -> None:
    with pytest.raises(QueryRefused):
        Session().ask(query)


def test_a_session_sees_an_extension_as_it_is_when_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "ontology" / "lamp.ttl"
    path.parent.mkdir()
    found = []
    for name in ("brightness", "glare"):
        path.write_text(
            f"""@prefix lamp: <https://example.org/lamp#> .
            @prefix mm: <https://w3id.org/ml-mismatch/> .
            @prefix owl: <http://www.w3.org/2002/07/owl#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            lamp:{name} a owl:DatatypeProperty ; rdfs:label "{name}"@en ;
                rdfs:domain mm:TrainedModel ; rdfs:range mm:count .""",
            encoding="utf-8",
        )
        known = Session(tmp_path).attributes()
        found.append([key.rpartition("#")[2] for key in known if "lamp#" in key])

    assert found == [["brightness"], ["glare"]]
