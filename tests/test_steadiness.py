"""What may never change a verdict: the order and number of sources, company, and statements beside
the point.

The projects are cases of all predicates; Hypothesis draws from them and adds to them.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import detect as detection
from kg.catalogue import terms
from kg.detect import SIZE, detect
from kg.findings import Verdict
from kg.namespaces import iri, local
from kg.projects import Project
from kg.stores import open_store
from kg.vocabulary import Attribute
from kg.workshop.cases import Case, Source
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY, cases, read, verdicts

Verdicts = dict[tuple[str, ...], str]

ALL = [case for case in cases() if len({source.project for source in case.sources}) == 1]
FEW = 5


def some(drawn: list[Case]) -> list[Case]:
    """A few of a predicate's cases, always the same: to read them all takes minutes."""
    return random.Random(7).sample(drawn, min(len(drawn), FEW))  # noqa: S311 - no secret


CASES = [
    case for _, group in groupby(ALL, key=lambda case: case.predicate) for case in some(list(group))
]
SEVERAL = [case for case in ALL if len(case.sources) > 1]
READS = {name: terms(predicate) for name, predicate in CATALOGUE.predicates.items()}

# The data sets of all cases have one name, so each would be compared with every other.
WITHIN = replace(
    CATALOGUE,
    predicates={n: p for n, p in CATALOGUE.predicates.items() if p.kind != "cross-project"},
)
ELEMENTS = {element.name for element in VOCABULARY.concrete()}
_TYPE, _NAME = iri("rdf:type"), iri("mm:name")

few = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Added:
    """A case with one more source, which states one attribute that nobody has stated."""

    case: Case
    attribute: str
    source: Source

    @property
    def sources(self) -> tuple[Source, ...]:
        """All that the project's folder holds."""
        return (*self.case.sources, self.source)


def named(case: Case, mark: str = "") -> list[Source]:
    """The case's sources, in a project that is called like the case."""
    return [replace(source, project=f"{case}{mark}") for source in case.sources]


def written(folder: Path, sources: Iterable[tuple[str, Source]]) -> list[Project]:
    for name, source in sources:
        source.write(folder, name)
    return read(sorted(folder.iterdir()))


def found_in(projects: Sequence[Project]) -> dict[str, Verdicts]:
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    for project in projects:
        workspace.put(project)
    found = detect([project.id for project in projects], workspace, WITHIN)
    return {name: verdicts(findings) for name, findings in found.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """All cases as projects."""
    folder = tmp_path_factory.mktemp("plain")
    chosen = dict.fromkeys((*CASES, *SEVERAL))
    return written(folder, ((s.name, s) for case in chosen for s in named(case)))


@pytest.fixture(scope="module")
def usual(plain: list[Project]) -> dict[str, Verdicts]:
    """The verdicts on all cases in batches, in the order of their names."""
    return found_in(plain)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that nothing has been written to, one after the other."""
    return (tmp_path_factory.mktemp(f"drawn-{number}") for number in count())


# -- company and batches --------------------------------------------------------------------------


def test_the_company_of_other_projects_changes_no_verdict(
    plain: list[Project], usual: dict[str, Verdicts]
) -> None:
    shuffled = random.Random(2).sample(plain, len(plain))  # noqa: S311 - a shuffle, no secret
    alone = {project.id: found_in([project])[project.id] for project in shuffled[:30]}

    assert len(plain) > 2 * SIZE
    assert found_in(shuffled) == usual
    assert {name: usual[name] for name in alone} == alone


@few
@given(data=st.data())
def test_the_size_of_a_batch_changes_no_verdict(
    plain: list[Project], usual: dict[str, Verdicts], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, 40))
    drawn = data.draw(st.lists(st.sampled_from(plain), min_size=8, max_size=60, unique_by=id))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detection, "SIZE", size)
        found = found_in(drawn)

    assert found == {project.id: usual[project.id] for project in drawn}


# -- sources --------------------------------------------------------------------------------------


@few
@given(data=st.data())
def test_the_order_of_sources_changes_no_verdict(
    usual: dict[str, Verdicts], folders: Iterator[Path], data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.sampled_from(SEVERAL), min_size=10, max_size=30, unique=True))
    shuffled = (
        (f"{number}-{source.name}", source)
        for case in drawn
        for number, source in enumerate(data.draw(st.permutations(named(case))))
    )

    found = found_in(written(next(folders), shuffled))

    assert found == {str(case): usual[str(case)] for case in drawn}


@few
@given(data=st.data())
def test_one_source_in_two_files_changes_no_verdict(
    usual: dict[str, Verdicts], folders: Iterator[Path], data: st.DataObject
) -> None:
    # What a list that is complete leaves out is a statement of the whole file.
    whole = [case for case in CASES if not any(map(says_complete, case.sources))]
    drawn = data.draw(st.lists(st.sampled_from(whole), min_size=20, max_size=60, unique=True))
    choose = data.draw(st.randoms(use_true_random=False))
    halves = (
        (f"{source.name}-{number}", half)
        for case in drawn
        for source in named(case)
        for number, half in enumerate(split(source, choose))
    )

    found = found_in(written(next(folders), halves))

    assert len(whole) > 100
    assert found == {str(case): usual[str(case)] for case in drawn}


def says_complete(source: Source) -> bool:
    return any(quad.predicate.value == iri("mm:complete") for quad in source.quads)


def split(source: Source, choose: random.Random) -> Iterator[Source]:
    """Two sources that state between them what the one states.

    Both say what the things are, are called and hold; each value is stated by one of them. A part
    without a name, such as a distribution, stays in one piece: no two sources could speak of it.
    """
    kept = {quad.object for quad in source.quads if local(quad.predicate.value) in NAMELESS}
    inside = (quad.object for quad in source.quads if quad.subject in kept)
    kept |= {value for value in inside if isinstance(value, BlankNode)}
    halves: tuple[list[Quad], list[Quad]] = ([], [])
    for quad in source.quads:
        if quad.subject in kept or quad.object in kept:
            halves[0].append(quad)
        elif said_by_both(quad):
            halves[0].append(quad)
            halves[1].append(quad)
        else:
            halves[choose.randrange(2)].append(quad)
    return (replace(source, quads=tuple(half)) for half in halves)


NAMELESS = {
    attribute.name
    for attribute in VOCABULARY.attributes.values()
    if attribute.range.kind == "part"
    and "NamedPart" not in VOCABULARY.ancestors(attribute.range.name)
}


def said_by_both(quad: Quad) -> bool:
    attribute = VOCABULARY.attributes.get(local(quad.predicate.value))
    listed = attribute is not None and attribute.range.kind == "list"
    leads = isinstance(quad.object, BlankNode | NamedNode)
    return quad.predicate.value == _NAME or (leads and not listed)


# -- statements beside the point ------------------------------------------------------------------


@st.composite
def additions(draw: st.DrawFn) -> Added:
    """A case with one more source, which states what nobody has stated of an element yet."""
    case = draw(st.sampled_from(CASES))
    quads = [quad for source in case.sources for quad in source.quads]
    named = sorted(filter(None, map(kind_of, quads)))
    assume(named)
    name, kind = draw(st.sampled_from(named))
    stated = {local(q.predicate.value) for q in quads if q.subject == NamedNode(name)}
    free = [a for a in VOCABULARY.attributes_of(kind).values() if a.name not in stated]
    attribute = draw(st.sampled_from(free))
    statements = tuple(stating(NamedNode(name), kind, attribute, quads[0]))
    source = Source(case.sources[0].project, "one-more", observed=False, quads=statements)
    return Added(case, attribute.name, source)


several = st.lists(additions(), min_size=20, max_size=50, unique_by=lambda added: str(added.case))


@few
@given(drawn=several)
def test_what_no_part_of_a_predicate_reads_changes_no_verdict(
    usual: dict[str, Verdicts], folders: Iterator[Path], drawn: list[Added]
) -> None:
    for added, found in judged(drawn, next(folders)):
        for key, verdict in usual[str(added.case)].items():
            if added.attribute not in READS[key[0]]:
                assert found.get(key) == verdict, (str(added.case), added.attribute, key)


@few
@given(drawn=several)
def test_one_more_attribute_never_makes_a_mismatch_undecided(
    usual: dict[str, Verdicts], folders: Iterator[Path], drawn: list[Added]
) -> None:
    for added, found in judged(drawn, next(folders)):
        for key, verdict in usual[str(added.case)].items():
            if verdict == Verdict.MISMATCH:
                assert found.get(key) != Verdict.UNDECIDED, (str(added.case), added.attribute, key)


def judged(drawn: list[Added], folder: Path) -> Iterator[tuple[Added, Verdicts]]:
    """The verdicts on each case with its addition."""
    sources = ((s.name, replace(s, project=str(a.case))) for a in drawn for s in a.sources)
    found = found_in(written(folder, sources))
    yield from ((added, found[str(added.case)]) for added in drawn)


def kind_of(quad: Quad) -> tuple[str, str] | None:
    """The element that the statement is about, and its class, where it says that it is one."""
    if quad.predicate.value != _TYPE or not isinstance(quad.subject, NamedNode):
        return None
    kind = local(quad.object.value) if isinstance(quad.object, NamedNode) else ""
    return (quad.subject.value, kind) if kind in ELEMENTS else None


def stating(node: NamedNode, kind: str, attribute: Attribute, like: Quad) -> Iterator[Quad]:
    """The attribute with a value that it can have."""
    graph, predicate = like.graph_name, NamedNode(iri(f"mm:{attribute.name}"))
    yield Quad(node, NamedNode(_TYPE), NamedNode(iri(f"mm:{kind}")), graph)
    if attribute.range.kind == "part":
        part = BlankNode("more")
        yield Quad(node, predicate, part, graph)
        if attribute.name in NAMELESS:
            first = next(a for a in VOCABULARY.attributes_of(attribute.range.name).values())
            yield Quad(part, NamedNode(iri(f"mm:{first.name}")), value(first), graph)
        else:
            yield Quad(part, NamedNode(_NAME), Literal("one more"), graph)
    else:
        yield Quad(node, predicate, value(attribute), graph)


def value(attribute: Attribute) -> Literal | NamedNode:
    wanted = attribute.range
    if wanted.kind == "list":
        return NamedNode(iri(f"mm:{next(iter(VOCABULARY.lists[wanted.name]))}"))
    if wanted.name in {"integer", "double"}:
        return Literal("7", datatype=NamedNode(iri(f"xsd:{wanted.name}")))
    if wanted.name == "boolean":
        return Literal("true", datatype=NamedNode(iri("xsd:boolean")))
    if wanted.name == "dateTime":
        return Literal("2024-03-18T09:00:00Z", datatype=NamedNode(iri("xsd:dateTime")))
    return Literal(attribute.example)
