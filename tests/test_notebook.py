"""The notebooks of the documentation run from top to bottom, and find what they say they find."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import kg
from kg.errors import NotFound, ParameterInvalid, QueryRefused

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def _told(name: str) -> str:
    """All that a notebook shows when it is run."""
    notebook = nbformat.read(ROOT / "docs" / "notebooks" / name, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    shown = [one for cell in notebook.cells for one in cell.get("outputs", ())]
    assert [one for one in shown if one.output_type in {"error", "stream"}] == []
    return "\n".join(str(one.data) for one in shown)


@pytest.fixture(scope="module")
def told() -> str:
    return _told("workshop.ipynb")


@pytest.fixture(scope="module")
def workspace() -> kg.Workspace:
    return kg.Workspace(ROOT / "docs" / "example")


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


def test_the_other_notebook_asks_across_projects() -> None:
    told = _told("across-projects.ipynb")

    assert "loan-approval" in told
    assert "what-breaks-if-this-field-goes" in told
    assert "==1.4.2" in told


def test_a_workspace_answers_with_numbers_names_and_nothing(workspace: kg.Workspace) -> None:
    asked = """SELECT ?needs ?unit ?never WHERE {
        ?model a mm:TrainedModel ; mm:requiredMemory ?needs . mm:requiredMemory mm:unit ?unit
        OPTIONAL { ?model mm:nothing ?never } }"""
    found = workspace.ask(asked)

    assert found[["needs", "unit"]].to_dict("records") == [
        {"needs": 16_000_000_000, "unit": "unit:BYTE"}
    ]
    assert found["needs"].dtype == "Int64"
    assert found["never"].isna().all()


def test_a_workspace_asks_saved_questions(workspace: kg.Workspace) -> None:
    known = workspace.questions()
    assert "who-uses-package" in set(known["id"])

    found = workspace.ask("who-uses-package", package="scikit-learn")
    assert list(found.columns) == ["project", "element", "versions", "licence"]
    assert set(found["project"]) == {"loan-approval"}
    assert workspace.ask("who-uses-package", package="no such package").empty


def test_a_workspace_tells_findings_by_verdict(workspace: kg.Workspace) -> None:
    counts = workspace.report().projects[0].summary

    assert len(workspace.findings()) == counts["mismatch"] > 0
    assert len(workspace.findings("undecided")) == counts["undecided"] > 0
    assert len(workspace.findings(None)) == sum(counts.values())


def test_a_workspace_keeps_projects_in_a_folder(tmp_path: Path) -> None:
    asked = "SELECT ?id { ?project a mm:Project ; dcterms:identifier ?id }"
    first = kg.Workspace(ROOT / "docs" / "example", store=tmp_path / "store")
    found = list(first.ask(asked)["id"])
    del first

    assert list(kg.Workspace(store=tmp_path / "store").ask(asked)["id"]) == found


@pytest.mark.parametrize("query", ["SELECT {", "ASK { ?s ?p ?o }"])
def test_a_workspace_refuses_what_is_no_select(workspace: kg.Workspace, query: str) -> None:
    with pytest.raises(QueryRefused):
        workspace.ask(query)


def test_a_workspace_tells_what_is_wrong_with_a_question(workspace: kg.Workspace) -> None:
    with pytest.raises(NotFound, match="no question who-uses-it"):
        workspace.ask("who-uses-it")
    with pytest.raises(ParameterInvalid, match="has to be told package"):
        workspace.ask("who-uses-package")


def test_the_package_exports_nothing_else() -> None:
    with pytest.raises(AttributeError, match="Session"):
        kg.Session  # noqa: B018 - that it is not there is what is tested
    assert "Workspace" in dir(kg)


def test_a_workspace_sees_an_extension_as_it_is_when_it_begins(tmp_path: Path) -> None:
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
        known = kg.Workspace(knowledge=[tmp_path]).attributes()
        found.append([key.rpartition("#")[2] for key in known if "lamp#" in key])

    assert found == [["brightness"], ["glare"]]
