"""Every predicate's case file: each case gets the verdict that it is named for, on every store and engine.

A case file is TriG, and the name of a graph tells the verdict up to its first full stop or hyphen:
`case:clear-boundary` is clear. `silent` is a case in which the predicate says nothing. What follows
the first full stop is the source; `project-b.` before it puts the source into a second project, and
`.observed` behind it marks what was measured.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg import catalogue, vocabulary
from kg.catalogue import Catalogue
from kg.detect import check
from kg.detect.batch import Batch, ontology_facts
from kg.detect.by_query import answers
from kg.detect.by_shape import translate
from kg.findings import Finding, Verdict
from kg.parsing import parse_rdf
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.workspace import Workspace

FOLDER = Path(__file__).parent / "cases" / "predicates"
BASE = "file:///"
CASE = "urn:case:"
OBSERVED = ".observed"
WORST_FIRST = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)
SILENT = "silent"

VOCABULARY = vocabulary.load()
PREDICATES = catalogue.load(VOCABULARY).predicates

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """What one or more sources state, and the verdict that the predicate gives of it."""

    predicate: str
    name: str
    sources: tuple[tuple[str, tuple[Quad, ...]], ...]

    @property
    def expected(self) -> str:
        """The verdict that the case is named for."""
        return self.name.partition("-")[0]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.trig")):
        graphs: dict[str, list[Quad]] = defaultdict(list)
        for quad in parse_rdf(path.read_bytes(), "trig", BASE):
            assert isinstance(quad.graph_name, NamedNode), f"{path.name}: {quad} is in no case"
            graphs[quad.graph_name.value.removeprefix(CASE)].append(quad)
        for name in dict.fromkeys(graph.partition(".")[0] for graph in graphs):
            sources = {g: tuple(q) for g, q in graphs.items() if g.partition(".")[0] == name}
            yield Case(path.stem, name, tuple(sources.items()))


CASES = list(cases())
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.predicate}-{case.name}" for case in CASES]
)


# -- one verdict, whatever runs the predicate -----------------------------------------------------


@every_case
def test_a_case_gets_the_verdict_of_its_name_in_memory(case: Case, tmp_path: Path) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)

    assert verdict(findings(case, workspace, tmp_path)) == case.expected


@every_case
def test_a_case_gets_the_verdict_of_its_name_in_a_folder(
    case: Case, kept: Workspace, tmp_path: Path
) -> None:
    assert verdict(findings(case, kept, tmp_path)) == case.expected


@every_case
def test_another_engine_gives_every_verdict_of_a_case(
    case: Case, peer: rdflib.Graph, tmp_path: Path
) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    facts = []
    for project in projects(case, tmp_path):
        workspace.put(project)
        facts.append(workspace.facts(project.id))
    ours = {
        key({name: term.value for name, term in answer.first.items()}): answer.verdict.value
        for answer in answers(text(case.predicate), Batch(facts, VOCABULARY))
    }

    assert told_by(peer, case.predicate, "\n".join(one.triples for one in facts)) == ours


# -- the files themselves -------------------------------------------------------------------------


def test_every_predicate_has_cases_and_every_case_a_predicate() -> None:
    assert sorted({case.predicate for case in CASES}) == sorted(PREDICATES)
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(PREDICATES)


@pytest.mark.parametrize("name", PREDICATES)
def test_a_case_shows_every_verdict_of_the_predicate(name: str) -> None:
    completeness = PREDICATES[name].kind == "completeness"
    wanted = {"clear", "undecided"} | (set() if completeness else {"mismatch"})
    shown = {case.expected for case in CASES if case.predicate == name} - {SILENT}

    assert shown == wanted


# -- from a case to findings ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store in a folder; every case replaces the projects of the one before."""
    return Workspace(open_store(str(tmp_path_factory.mktemp("store"))), VOCABULARY)


@pytest.fixture(scope="module")
def peer() -> rdflib.Graph:
    """What predicates join on, in rdflib."""
    return rdflib.Graph().parse(data=ontology_facts(VOCABULARY), format="nt")


def findings(case: Case, workspace: Workspace, folder: Path) -> list[Finding]:
    one = Catalogue({}, {case.predicate: PREDICATES[case.predicate]})
    return list(check(projects(case, folder), workspace, one).findings())


def projects(case: Case, folder: Path) -> list[Project]:
    """The case's sources as files of projects, read as any other."""
    for name, quads in case.sources:
        write(folder, name.partition(".")[2] or "card", quads)
    read = [read_project(path, VOCABULARY) for path in sorted(folder.iterdir())]
    for project in read:
        assert project.problems == ()
        assert [entry.reading.passed_over for entry in project.entries if entry.reading.passed_over] == []
    return read


def write(folder: Path, source: str, quads: Sequence[Quad]) -> None:
    """One source as Turtle; what is observed as TriG, in a graph that says so."""
    project, _, rest = source.partition(".") if source.startswith("project-") else ("project-a", "", source)
    name = rest.removesuffix(OBSERVED)
    observed = rest != name
    suffix, media = ("trig", RdfFormat.TRIG) if observed else ("ttl", RdfFormat.TURTLE)
    path = folder / project / f"{name}.{suffix}"
    path.parent.mkdir(exist_ok=True)
    if observed:
        graph = NamedNode(f"{BASE}{path.name}#observed")
        serialize((Quad(*quad.triple, graph) for quad in quads), path, media)
    else:
        serialize((quad.triple for quad in quads), path, media)


def verdict(found: Sequence[Finding]) -> str:
    """The worst verdict of all, or that there is none."""
    given = {finding.verdict for finding in found}
    return next((each.value for each in WORST_FIRST if each in given), SILENT)


@cache
def text(name: str) -> str:
    predicate = PREDICATES[name]
    return predicate.text if predicate.form == "sparql" else translate(predicate)


@cache
def prepared(name: str) -> Query:
    return prepareQuery(text(name))


def told_by(peer: rdflib.Graph, name: str, triples: str) -> dict[Key, str]:
    """What rdflib's engine says of the triples: a verdict for each subject, object and item."""
    added = rdflib.Graph().parse(data=triples, format="nt")
    new = [triple for triple in added if triple not in peer]
    peer += added
    rows = [row.asdict() for row in peer.query(prepared(name))]
    for triple in new:
        peer.remove(triple)
    told: dict[Key, set[str]] = defaultdict(set)
    for row in rows:
        told[key(row)].add(str(row.get("verdict", Verdict.UNDECIDED)))
    return {
        about: next(each.value for each in WORST_FIRST if each in given)
        for about, given in told.items()
    }


def key(row: Mapping[str, object]) -> Key:
    """What a row is about: its subject, object and item, as texts."""
    return str(row["subject"]), str(row.get("object", "")), str(row.get("item", ""))
