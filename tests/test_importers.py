"""Each importer's cases: a project's files in, the triples of its descriptors out.

A case is a folder of files in their real layout; `out.ttl` beside them holds the triples of all
descriptors together. Attributes that an importer names must be declared, and each reader says what
it reads.
"""

import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.errors import DescriptorError
from kg.extensions import modules
from kg.graphs import ProjectGraphs
from kg.importers._environments import NEEDED, PRESENT
from kg.projects import read_project
from kg.statements import Source
from kg.vocabulary import Vocabulary
from tests.importing import source

FOLDER = Path(__file__).parent / "cases" / "importers"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.is_dir())
BASE = "http://localhost:8000/"


def stated(folder: Path, known: Vocabulary) -> str:
    """All triples that the sources of a project state, as N-Triples."""
    graphs = ProjectGraphs(read_project(folder, known), known, BASE)
    lines = {line for name, found in graphs.descriptors() for line in found if "/links" not in name}
    return "\n".join(sorted(lines))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_case_states_what_it_should(case: Path, tmp_path: Path, known: Vocabulary) -> None:
    ignored = shutil.ignore_patterns("out.ttl")
    project = Path(shutil.copytree(case, tmp_path / case.name, ignore=ignored))
    found = Graph().parse(data=stated(project, known), format="nt")
    expected = Graph().parse(case / "out.ttl", format="turtle")
    assert isomorphic(found, expected), "\n".join(
        sorted((found - expected).serialize().split("\n"))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_case_is_read_by_the_importer_it_is_filed_under(
    case: Path, tmp_path: Path, known: Vocabulary
) -> None:
    ignored = shutil.ignore_patterns("out.ttl")
    project = read_project(Path(shutil.copytree(case, tmp_path / case.name, ignore=ignored)), known)
    read = {entry.importer for entry in project.entries}
    # A case of a file that cannot be read at all is known by its problem.
    assert case.parent.name in read or project.problems


@cache
def attributes(name: str) -> frozenset[str]:
    """What the importer states of the files of its cases, by the attributes' local names."""
    importer = modules("kg.importers")[name]
    given = [
        source(case, path.relative_to(case).as_posix())
        for case in (FOLDER / name).iterdir()
        for path in case.rglob("*")
        if path.is_file() and path.name != "out.ttl"
    ]
    found = set[str]()
    for one in filter(importer.claims, given):
        with suppress(DescriptorError):
            found |= {statement.attribute for statement in importer.read(one).statements}
    return frozenset(found)


@pytest.mark.parametrize("name", modules("kg.importers"))
def test_an_importer_states_what_it_says(name: str) -> None:
    """What it shares with others for packages is stated in some case of one of them."""
    states = modules("kg.importers")[name].STATES
    anywhere = frozenset[str]().union(*map(attributes, modules("kg.importers")))
    shared = (NEEDED | PRESENT) & anywhere
    if states:
        assert attributes(name) <= states
        assert states <= attributes(name) | shared


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_file_is_claimed_by_one_importer_of_its_kind(case: Path) -> None:
    found = modules("kg.importers")
    for path in sorted(path for path in case.rglob("*") if path.is_file()):
        relative = PurePosixPath(path.relative_to(case).as_posix())
        given = Source(relative, path, path.read_bytes()[:4096], "", frozenset())
        by_name = [n for n, m in found.items() if not m.BY_CONTENT and m.claims(given)]
        by_content = [n for n, m in found.items() if m.BY_CONTENT and m.claims(given)]
        assert len(by_name) <= 1, (path, by_name)
        assert by_name or len(by_content) <= 1, (path, by_content)
