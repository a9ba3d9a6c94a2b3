"""What predicates over different projects say of many projects, on every store, against an oracle
that goes through all pairs; and that the work for a project does not grow with their number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from pyparsing import ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from kg.detect import detect
from kg.detect.across import Slices
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import answers, ready_for
from kg.detect.evidence import Reader
from kg.detect.telling import Scene, Teller
from kg.detect.wording import Words
from kg.findings import Finding, Verdict
from kg.projects import Project
from kg.stores import open_store
from kg.translation import query_of
from kg.workspace import BASE, Facts, Workspace
from tests.across import JUDGES, Said, said
from tests.judging import CATALOGUE, VOCABULARY
from tests.sharing import projects

PREDICATES = {
    name: predicate
    for name, predicate in CATALOGUE.predicates.items()
    if predicate.kind == "cross-project"
}
ACROSS = replace(CATALOGUE, predicates=PREDICATES)
SEED = 20
MANY = 200


class Watched(Workspace):
    """A workspace that remembers of which projects the places were asked for."""

    def __init__(self) -> None:
        super().__init__(open_store("memory:"), VOCABULARY)
        self.asked: list[str] = []

    def facts(self, project: str) -> Facts:
        self.asked.append(project)
        return super().facts(project)


@cache
def drawn(count: int, padding: int = 0) -> list[Project]:
    return list(projects(count, SEED, padding))


@cache
def expected() -> Counter[Said]:
    return Counter(said(drawn(MANY), VOCABULARY))


def filled(workspace: Workspace, given: list[Project]) -> Workspace:
    for project in given:
        workspace.put(project)
    return workspace


@cache
def in_memory(count: int, padding: int = 0) -> Workspace:
    return filled(Workspace(open_store("memory:"), VOCABULARY), drawn(count, padding))


def found(workspace: Workspace, ids: list[str] | None = None) -> list[Finding]:
    told = detect(workspace.ids() if ids is None else ids, workspace, ACROSS)
    return [finding for findings in told.values() for finding in findings]


def as_said(finding: Finding) -> Said:
    assert finding.object
    subject, target = (
        one.iri.removeprefix(f"{BASE}projects/") for one in (finding.subject, finding.object)
    )
    return Said(finding.predicate, subject, target, finding.item or "", finding.verdict)


# -- right ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("store", ["memory", "folder"])
def test_every_verdict_on_200_projects_is_the_oracles(store: str, tmp_path: Path) -> None:
    if store == "memory":
        workspace = in_memory(MANY)
    else:
        folder = open_store(str(tmp_path / "store"))
        workspace = filled(Workspace(folder, VOCABULARY), drawn(MANY))

    told = Counter(map(as_said, found(workspace)))

    assert told - expected() == Counter()
    assert expected() - told == Counter()


@pytest.mark.parametrize("predicate", PREDICATES)
def test_the_oracle_gives_every_verdict_often_enough_to_be_wrong(predicate: str) -> None:
    told = Counter(one.verdict for one in expected() if one.predicate == predicate)

    assert min(told[verdict] for verdict in Verdict) >= 5


def test_the_oracle_knows_every_predicate_over_different_projects() -> None:
    assert sorted(JUDGES) == sorted(PREDICATES)


def test_a_slice_tells_what_the_whole_projects_tell() -> None:
    workspace = in_memory(50, 5)
    ids = workspace.ids()
    whole = Batch(workspace.facts_of(ids), Ground(VOCABULARY))
    told: list[Finding] = []
    scene = Scene(whole, {facts.iri: facts for facts in workspace.facts_of(ids)})
    for predicate in PREDICATES.values():
        ready = ready_for(predicate)
        words, reader = Words(predicate, VOCABULARY), Reader(ready, VOCABULARY.attributes)
        teller = Teller(words, reader)
        told += (teller.finding(answer, scene) for answer in answers(ready, whole))

    sliced = found(workspace)

    assert any(evidence.sources for finding in told for evidence in finding.evidence)
    assert sorted(map(repr, sliced)) == sorted(map(repr, told))


def test_only_the_projects_named_are_compared() -> None:
    workspace = in_memory(50, 5)
    pairs = Counter(
        tuple(sorted(one.iri.split("/")[4] for one in (finding.subject, finding.object)))
        for finding in found(workspace)
        if finding.object and finding.kind == "cross-project"
    )
    first, second = next(pair for pair in pairs if len(set(pair)) == 2)

    alone = found(workspace, [first])
    together = found(workspace, [first, second])

    assert {name for f in alone for name in projects_of(f)} <= {first}
    assert {name for f in together for name in projects_of(f)} == {first, second}


def projects_of(finding: Finding) -> set[str]:
    assert finding.object
    return {one.iri.split("/")[4] for one in (finding.subject, finding.object)}


# -- linear ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """What is read of each project, on average."""

    triples: float
    rows: float


def work(count: int, padding: int = 0) -> Work:
    workspace = in_memory(count, padding)
    cut = Slices(PREDICATES.values(), workspace)
    for facts in workspace.facts_of(workspace.ids()):
        cut.add(facts)
    slices = list(cut.facts)
    batch = Batch(slices, Ground(VOCABULARY))
    rows = [answer.rows for p in PREDICATES.values() for answer in answers(ready_for(p), batch)]
    return Work(
        sum(len(facts.triples.splitlines()) for facts in slices) / count,
        sum(map(len, rows)) / count,
    )


def test_what_is_read_of_a_project_does_not_grow_with_their_number() -> None:
    few, many = work(20), work(MANY)

    assert many.triples == pytest.approx(few.triples, rel=0.1)
    assert many.rows == pytest.approx(few.rows, rel=0.25)


def test_what_a_project_shares_with_nobody_is_not_read() -> None:
    sizes = [len(p) for n in (0, 5) for p in [in_memory(50, n).facts("project-00007").triples]]

    assert sizes[1] > sizes[0] + 5000
    assert work(50, 5) == work(50)


def test_places_are_looked_up_of_projects_with_findings_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kg.detect.across._WITH_PLACES", 8)
    workspace = Watched()
    apart = replace(drawn(1)[0], id="apart", entries=(), links=())
    filled(workspace, [*drawn(50), apart])

    told = {name for finding in found(workspace) for name in projects_of(finding)}

    assert workspace.asked
    assert "apart" not in workspace.asked
    assert len(set(workspace.asked)) == len(workspace.asked)
    assert told.issuperset(workspace.asked)


# An engine starts a group of patterns where it likes. These two keep it from starting with all
# projects for each pair of them, which no test of 200 projects would notice.


@pytest.mark.parametrize("predicate", PREDICATES)
def test_what_is_looked_up_for_a_pair_starts_from_it(predicate: str) -> None:
    for group, bound in lookups(tree(predicate), frozenset()):
        # One pattern is always started from what is bound.
        assert len(group) == 1 or bound >= {subject for subject, _ in group}


@pytest.mark.parametrize("predicate", PREDICATES)
def test_patterns_are_joined_by_what_they_share(predicate: str) -> None:
    found = list(joined(tree(predicate)))

    assert found
    for group in found:
        assert parts_of(group) == 1, group


Ends = list[tuple[object, object]]
_LOOKUPS = {"Builtin_EXISTS", "Builtin_NOTEXISTS"}


def tree(predicate: str) -> CompValue:
    """The syntax tree of the predicate's patterns."""
    where: CompValue = parseQuery(query_of(PREDICATES[predicate]))[1].where
    return where


def lookups(node: object, bound: frozenset[object]) -> Iterator[tuple[Ends, frozenset[object]]]:
    """The subjects and objects of each group that is asked for existence, and what is bound around
    it.
    """
    if isinstance(node, CompValue):
        if node.name in _LOOKUPS:
            yield ends(node.graph.part), bound
        elif node.name == "GroupGraphPatternSub":
            around = (end for pattern in ends(node.part) for end in pattern)
            bound |= {end for end in around if isinstance(end, Variable)}
    for child in children(node):
        yield from lookups(child, bound)


def joined(node: object) -> Iterator[Ends]:
    """The patterns that stand together, with nothing but filters between them; none that are asked
    for existence.
    """
    if isinstance(node, CompValue) and node.name in _LOOKUPS:
        return
    if isinstance(node, CompValue) and node.name == "GroupGraphPatternSub":
        kept = [part for part in node.part if part.name != "Filter"]
        for is_block, parts in groupby(kept, key=lambda part: part.name == "TriplesBlock"):
            if is_block:
                yield ends(parts)
    for child in children(node):
        yield from joined(child)


def ends(parts: Iterable[CompValue]) -> Ends:
    """The subject and object of each pattern that stands among the parts of a group."""
    blocks = [block for part in parts if part.name == "TriplesBlock" for block in part.triples]
    return [(block[at], block[at + 2]) for block in blocks for at in range(0, len(block), 3)]


def children(node: object) -> Iterable[object]:
    """What stands directly below a node of a syntax tree."""
    if isinstance(node, CompValue):
        return node.values()
    return node if isinstance(node, ParseResults | list) else ()


def parts_of(patterns: Ends) -> int:
    """Into how many parts the patterns fall that share no variable."""
    parts: list[set[Variable]] = []
    for pattern in patterns:
        one = {end for end in pattern if isinstance(end, Variable)}
        touched = [part for part in parts if part & one]
        parts = [part for part in parts if part not in touched]
        parts.append(one.union(*touched))
    return len(parts)
