"""Every predicate's case file: each case gets the verdict that it is named for, on every store and
by every engine.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query as Prepared
from rdflib.query import ResultRow

from kg.catalogue import Predicate
from kg.detect.batch import Batch, Ground, ontology_facts
from kg.detect.by_query import Answer, answers, ready_for
from kg.findings import Verdict
from kg.projects import Project
from kg.sparql.values import text_of
from kg.stores import open_store
from kg.translation import query_of
from kg.workshop.cases import SILENT, Case, verdict, worst
from kg.workspace import Facts, Workspace
from tests.engines import Peers, Rows
from tests.judging import CATALOGUE, FOLDER, VOCABULARY, cases, read

PREDICATES = CATALOGUE.predicates
CASES = {name: list(cases_of) for name, cases_of in groupby(cases(), lambda case: case.predicate)}
GROUND = Ground(VOCABULARY)

Key = tuple[str, str, str]
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Shown:
    """A case, its projects as they were read, and what detection is given of them."""

    case: Case
    projects: list[Project]
    facts: list[Facts]

    @property
    def triples(self) -> str:
        """What detection is given, as N-Triples."""
        return "\n".join(one.triples for one in self.facts)


# -- one verdict, whatever runs the predicate -----------------------------------------------------

# A test takes all cases of a predicate, and names those that go wrong.


def test_each_case_gets_the_verdict_of_its_name_in_memory(shown: list[Shown]) -> None:
    def given(one: Shown) -> str:
        workspace = Workspace(open_store("memory:"), VOCABULARY)
        return verdict(one.case, one.projects, workspace, CATALOGUE)

    assert of_each(shown, given) == of_each(shown, lambda one: one.case.expected)


def test_each_case_gets_the_verdict_of_its_name_in_a_folder(
    shown: list[Shown], kept: Workspace
) -> None:
    def given(one: Shown) -> str:
        return verdict(one.case, one.projects, kept, CATALOGUE)

    assert of_each(shown, given) == of_each(shown, lambda one: one.case.expected)


def test_another_engine_gives_every_verdict_of_each_case(
    shown: list[Shown], peer: rdflib.Graph
) -> None:
    ready, prepared = ready_for(predicate(shown)), prepareQuery(query_of(predicate(shown)))

    def ours(one: Shown) -> dict[Key, str]:
        given = answers(ready, Batch(one.facts, GROUND))
        return {known_by(answer): answer.verdict.value for answer in given}

    assert of_each(shown, lambda one: told_by(peer, prepared, one.triples)) == of_each(shown, ours)


def test_oxigraph_gives_every_row_of_each_case(shown: list[Shown], peers: Peers) -> None:
    query, text = ready_for(predicate(shown)).query, query_of(predicate(shown))

    def ours(one: Shown) -> Rows:
        return {cells[:-1] for cells, _ in query.rows(Batch(one.facts, GROUND).index)}

    assert of_each(shown, lambda one: peers.rows(text, one.triples)) == of_each(shown, ours)


# -- the files themselves -------------------------------------------------------------------------


def test_every_predicate_has_cases_and_every_case_a_predicate() -> None:
    assert sorted(CASES) == sorted(PREDICATES)
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{p}.trig" for p in PREDICATES]


@pytest.mark.parametrize("name", PREDICATES)
def test_the_cases_show_every_verdict_that_the_predicate_gives(name: str) -> None:
    completeness = PREDICATES[name].kind == "completeness"
    wanted = {"clear", "undecided"} | (set() if completeness else {"mismatch"})

    assert {case.expected for case in CASES[name]} - {SILENT} == wanted


# -- from a case to verdicts ----------------------------------------------------------------------


@pytest.fixture(scope="module", params=CASES)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Shown]:
    """The cases of one predicate, read once for all tests."""
    folder = tmp_path_factory.mktemp("cases")
    return [read_case(case, folder / case.name) for case in CASES[request.param]]


def read_case(case: Case, folder: Path) -> Shown:
    projects = read(case.write(folder))
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    for project in projects:
        workspace.put(project)
    return Shown(case, projects, list(workspace.facts_of([project.id for project in projects])))


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


def predicate(shown: list[Shown]) -> Predicate:
    """What the cases are of."""
    return PREDICATES[shown[0].case.predicate]


def of_each(shown: list[Shown], ask: Callable[[Shown], Told]) -> dict[str, Told]:
    """What is told of each case, by its name."""
    told = {}
    for one in shown:
        try:
            told[one.case.name] = ask(one)
        except Exception as error:
            error.add_note(f"in the case {one.case}")
            raise
    return told


def told_by(peer: rdflib.Graph, prepared: Prepared, triples: str) -> dict[Key, str]:
    """What rdflib's engine says of the triples: a verdict for each subject, object and item."""
    new = [one for one in rdflib.Graph().parse(data=triples, format="nt") if one not in peer]
    told: dict[Key, set[Verdict]] = defaultdict(set)
    for triple in new:
        peer.add(triple)
    for row in peer.query(prepared):
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
