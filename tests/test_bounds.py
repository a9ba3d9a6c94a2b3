"""No project states anything about another, in whatever syntax and spelling."""

from pathlib import Path

import pytest

from kg.errors import JudgementError
from kg.keeping.bounds import require_own, strange
from kg.keeping.judgement import Bench, Judgement
from kg.keeping.settling import graphs_of

BASE = "http://localhost:8000/"
OTHER = f"{BASE}projects/cs/trained-model/model"
OWN = f"{BASE}projects/arch/trained-model/model"
MM = "https://w3id.org/ml-mismatch/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TURTLE = f"@prefix mm: <{MM}> .\n"
_MODEL = "<ABOUT> a mm:TrainedModel ; mm:requiredMemory 98765 ."
_LINES = (
    f"<ABOUT> <{_TYPE}> <{MM}TrainedModel> GRAPH.\n"
    f'<ABOUT> <{MM}requiredMemory> "98765"^^<http://www.w3.org/2001/XMLSchema#integer> GRAPH.\n'
)
FILES = {
    "a.ttl": f"{_TURTLE}{_MODEL}",
    "b.trig": f"{_TURTLE}<{OWN}/graph> {{ {_MODEL} }}",
    "c.nt": _LINES.replace("GRAPH", ""),
    "d.nq": _LINES.replace("GRAPH", f"<{OWN}/graph> "),
    "e.jsonld": f'{{"@id": "ABOUT", "@type": "{MM}TrainedModel", "{MM}requiredMemory": 98765}}',
    "f.yaml": 'element: TrainedModel\n"@id": "ABOUT"\nrequired_memory: 98765 B\n',
    "g.json": '{"element": "TrainedModel", "@id": "ABOUT", "required_memory": "98765 B"}',
}
SPELLINGS = (
    OTHER,
    "http://LOCALHOST:8000/projects/cs/trained-model/model",
    "HTTP://localhost:8000/projects/cs/trained-model/model",
    f"{BASE}%70rojects/cs/trained-model/model",
    f"{BASE}projects/%63s/trained-model/model",
    f"{BASE}projects%2Fcs/trained-model/model",
    f"{BASE}projects/arch/../cs/trained-model/model",
    f"{BASE}projects/arch/%2e%2E/cs/trained-model/model",
    f"{BASE}./projects//cs/trained-model/model",
    f"{BASE}projects/cs",
    f"{BASE}projects/cs#model",
    f"{BASE}projects/arch2/trained-model/model",
    f"{BASE}projects",
    f"{BASE}projects/",
    f"{BASE}kept",
    f"{BASE}knowledge",
    f"{BASE}statements",
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def written(file: str, about: str) -> str:
    return FILES[file].replace("ABOUT", about)


def judged(bench: Bench, folder: Path, base: str = BASE, **files: str) -> Judgement:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return bench.judged(folder, "arch", base)


def subjects(found: Judgement) -> set[str]:
    return {line.split(" ")[0] for lines in graphs_of(found.graphs).values() for line in lines}


@pytest.mark.parametrize("name", FILES)
def test_what_is_stated_of_another_project_is_told_and_not_taken(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    found = judged(bench, tmp_path, **{name: written(name, OTHER)})
    (problem,) = found.report.problems
    assert problem.file == name
    assert problem.message.startswith(f"It states something about <{OTHER}>, of another project")
    assert problem.line
    assert found.read == ()
    assert "98765" not in found.graphs
    assert f"<{OTHER}>" not in subjects(found)
    assert OTHER not in found.shared.decode()


@pytest.mark.parametrize("name", FILES)
def test_what_is_stated_of_the_project_itself_is_taken(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    found = judged(bench, tmp_path, **{name: written(name, OWN)})
    assert found.report.problems == ()
    assert found.read == (name,)
    assert f"<{OWN}>" in subjects(found)


def test_rdf_xml_is_no_source(bench: Bench, tmp_path: Path) -> None:
    text = (
        f'<rdf:RDF xmlns:rdf="{_TYPE.removesuffix("type")}" xmlns:mm="{MM}">'
        f'<mm:TrainedModel rdf:about="{OTHER}"><mm:modelVersion>1</mm:modelVersion>'
        "</mm:TrainedModel></rdf:RDF>"
    )
    found = judged(bench, tmp_path, **{"a.rdf": text, "b.owl": text, "c.xml": text})
    assert found.read == ()
    assert OTHER not in found.graphs


@pytest.mark.parametrize("name", SPELLINGS)
def test_another_project_is_known_in_every_spelling(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    assert strange(BASE, "arch")(name)
    found = judged(bench, tmp_path, **{"f.yaml": written("f.yaml", name)})
    (problem,) = found.report.problems
    assert "another project" in problem.message
    assert "98765" not in found.graphs


@pytest.mark.parametrize(
    "name",
    [
        OWN,
        f"{BASE}projects/arch/trained-model/..%2F..%2F..%2Fcs",
        f"{BASE}people/ada",
        "https://example.org/projects/cs/model",
        "urn:model",
        "http://[x",
    ],
)
def test_what_is_the_projects_own_or_nobodys_is_not_strange(name: str) -> None:
    assert not strange(BASE, "arch")(name)


def test_a_name_with_slashes_and_dots_is_a_name(bench: Bench, tmp_path: Path) -> None:
    text = "element: TrainedModel\nname: ../../cs/trained-model/model\nrequired_memory: 98765 B\n"
    found = judged(bench, tmp_path, **{"f.yaml": text})
    assert found.report.problems == ()
    (about,) = {line for line in subjects(found) if "..%2F" in line}
    assert about.startswith(f"<{BASE}projects/arch/trained-model/")


@pytest.mark.parametrize(
    "name", [f"{MM}requiredMemory", f"{MM}TrainedModel", f"{MM}shapes/resources-exceed-operations"]
)
def test_of_what_is_known_no_project_states_anything(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    found = judged(bench, tmp_path, **{"a.ttl": written("a.ttl", name)})
    (problem,) = found.report.problems
    assert problem.message.startswith(f"It states something about <{name}>")
    assert f"<{name}>" not in subjects(found)
    assert "98765" not in found.graphs


def test_every_base_bounds_its_own_projects(bench: Bench, tmp_path: Path) -> None:
    base = "https://kg.example.org/mismatch/"
    there = f"{base}projects/cs/trained-model/model"
    assert strange(base, "arch")(there)
    assert strange(base, "arch")(there.replace("example.org/", "example.org:443/"))
    assert strange(base, "größe")(there)
    assert not strange(base, "größe")(f"{base}projects/gr%C3%B6%C3%9Fe/trained-model/model")
    found = judged(bench, tmp_path, base, **{"a.ttl": written("a.ttl", there)})
    assert len(found.report.problems) == 1
    # Below another base it is just a name.
    found = judged(bench, tmp_path, base, **{"a.ttl": written("a.ttl", OTHER)})
    assert found.report.problems == ()


def test_a_file_keeps_what_it_states_beside_what_is_not_taken(bench: Bench, tmp_path: Path) -> None:
    text = (
        f"{_TURTLE}<{OTHER}> a mm:TrainedModel ; mm:requiredMemory 98765 .\n"
        f"<{OWN}> a mm:TrainedModel ; mm:requiredMemory 7 ; mm:trainedOn <{BASE}projects/cs/d> .\n"
        f"<{BASE}projects/cs/d> a mm:TrainingData ; mm:describedModel <{OTHER}> .\n"
    )
    found = judged(bench, tmp_path, **{"a.ttl": text})
    assert found.read == ("a.ttl",)
    assert f"<{OWN}>" in subjects(found)
    assert not any(strange(BASE, "arch")(name[1:-1]) for name in subjects(found))


def test_an_id_that_is_no_iri_makes_no_statements_of_its_own(bench: Bench, tmp_path: Path) -> None:
    name = f"http://x.org/a> <http://x.org/p> <http://x.org/o> .\\n<{OTHER}"
    found = judged(bench, tmp_path, **{"f.yaml": written("f.yaml", name)})
    assert [one.line for one in found.report.problems] == [2]
    assert "is no IRI" in found.report.problems[0].message
    assert f"<{OTHER}>" not in subjects(found)


def test_nothing_is_kept_that_states_something_about_another_project() -> None:
    own = f'<{OWN}> <http://x.org/p> "<{OTHER}>" <{BASE}projects/arch/derived> .\n'
    require_own(own, "arch", BASE)
    for line in (
        f'<{OTHER}> <http://x.org/p> "1" <{BASE}projects/arch/derived> .',
        f'<{OWN}> <http://x.org/p> "1" <{BASE}projects/cs/derived> .',
    ):
        with pytest.raises(JudgementError):
            require_own(f"{own}{line}\n", "arch", BASE)
