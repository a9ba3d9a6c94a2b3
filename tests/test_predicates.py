"""Every predicate's case file: each case gets the verdict that it is named for, on every store and
by every engine.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query as Prepared
from rdflib.query import ResultRow

from kg.detect.batch import Batch, Ground, ontology_facts
from kg.detect.by_query import Answer, Ready, answers, ready_for
from kg.findings import Verdict
from kg.projects import Project
from kg.sparql.values import text_of
from kg.stores import open_store
from kg.translation import query_of
from kg.workshop.cases import SILENT, Case, verdict, worst
from kg.workspace import Workspace
from tests.engines import Peers
from tests.judging import CATALOGUE, FOLDER, VOCABULARY, cases, read

PREDICATES = CATALOGUE.predicates
CASES = list(cases())
GROUND = Ground(VOCABULARY)

# One worker takes all cases of a predicate: it parses the query and reads the projects once.
every_case = pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=str(c), marks=pytest.mark.xdist_group(c.predicate)) for c in CASES],
)
Given = Callable[[Case], list[Project]]
Key = tuple[str, str, str]


# -- one verdict, whatever runs the predicate -----------------------------------------------------


@every_case
def test_a_case_gets_the_verdict_of_its_name_in_memory(case: Case, given: Given) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)

    assert verdict(case, given(case), workspace, CATALOGUE) == case.expected


@every_case
def test_a_case_gets_the_verdict_of_its_name_in_a_folder(
    case: Case, given: Given, kept: Workspace
) -> None:
    assert verdict(case, given(case), kept, CATALOGUE) == case.expected


@every_case
def test_another_engine_gives_every_verdict_of_a_case(
    case: Case, given: Given, peer: rdflib.Graph
) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    facts = []
    for project in given(case):
        workspace.put(project)
        facts.append(workspace.facts(project.id))
    ours = {
        known_by(answer): answer.verdict.value
        for answer in answers(ready(case.predicate), Batch(facts, GROUND))
    }

    assert told_by(peer, case.predicate, "\n".join(one.triples for one in facts)) == ours


@every_case
def test_oxigraph_gives_every_row_of_a_case(case: Case, given: Given, peers: Peers) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    facts = []
    for project in given(case):
        workspace.put(project)
        facts.append(workspace.facts(project.id))
    ours = {cells[:-1] for cells, _ in ready(case.predicate).query.rows(Batch(facts, GROUND).index)}

    assert peers.rows(text(case.predicate), "\n".join(one.triples for one in facts)) == ours


# -- the files themselves -------------------------------------------------------------------------


def test_every_predicate_has_cases_and_every_case_a_predicate() -> None:
    assert sorted({case.predicate for case in CASES}) == sorted(PREDICATES)
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{p}.trig" for p in PREDICATES]


@pytest.mark.parametrize("name", PREDICATES)
def test_the_cases_show_every_verdict_that_the_predicate_gives(name: str) -> None:
    completeness = PREDICATES[name].kind == "completeness"
    wanted = {"clear", "undecided"} | (set() if completeness else {"mismatch"})

    assert {c.expected for c in CASES if c.predicate == name} - {SILENT} == wanted


# -- from a case to verdicts ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """The projects of a case, read once for all tests."""
    return cache(lambda case: read(case.write(tmp_path_factory.mktemp("case"))))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store in a folder; every case replaces the projects of the one before."""
    return Workspace(open_store(str(tmp_path_factory.mktemp("store"))), VOCABULARY)


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Peers:
    """What predicates join on, in a folder of Oxigraph's."""
    return Peers(tmp_path_factory.mktemp("oxigraph"), ontology_facts(VOCABULARY))


@pytest.fixture(scope="module")
def peer() -> rdflib.Graph:
    """What predicates join on, in rdflib."""
    return rdflib.Graph().parse(data=ontology_facts(VOCABULARY), format="nt")


@cache
def text(name: str) -> str:
    return query_of(PREDICATES[name])


@cache
def ready(name: str) -> Ready:
    return ready_for(PREDICATES[name])


@cache
def prepared(name: str) -> Prepared:
    return prepareQuery(text(name))


def told_by(peer: rdflib.Graph, name: str, triples: str) -> dict[Key, str]:
    """What rdflib's engine says of the triples: a verdict for each subject, object and item."""
    new = set(rdflib.Graph().parse(data=triples, format="nt")) - set(peer)
    told: dict[Key, set[Verdict]] = defaultdict(set)
    for triple in new:
        peer.add(triple)
    for row in peer.query(prepared(name)):
        assert isinstance(row, ResultRow)
        found = row.asdict()
        told[key(found)].add(Verdict(str(found.get("verdict", Verdict.UNDECIDED))))
    for triple in new:
        peer.remove(triple)
    return {about: worst(given) for about, given in told.items()}


def known_by(answer: Answer) -> Key:
    """What one of our answers is about, as texts."""
    return text_of(answer.subject), text_of(answer.object), text_of(answer.item)


def key(row: Mapping[str, object]) -> Key:
    """What a row is about: its subject, object and item, as texts."""
    return str(row["subject"]), str(row.get("object", "")), str(row.get("item", ""))
