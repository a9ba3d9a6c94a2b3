"""How the tests of predicates read their cases, and make projects of them.

A case file is TriG. The name of a graph tells the verdict up to its first full stop or hyphen:
`case:clear-together` is clear, and in a case called `silent` the predicate says nothing. What
follows the first full stop is the source; `project-b.` before it puts the source into a second
project, and `.observed` behind it marks what was measured.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kg import catalogue, vocabulary
from kg.findings import Finding, Verdict
from kg.parsing import parse_rdf
from kg.projects import Project, read_project
from kg.sparql import relations
from kg.workspace import Facts

FOLDER = Path(__file__).parent / "cases" / "predicates"
SILENT = "silent"
VOCABULARY = vocabulary.load()
CATALOGUE = catalogue.load(VOCABULARY)

_BASE = "file:///"
_CASE = "urn:case:"
_OBSERVED = ".observed"
_FIRST = "project-a"
_WORST_FIRST = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)


def facts_of(triples: str) -> Facts:
    """What detection loads of a project that states the triples, nobody knows where."""
    stated = {
        predicate: {subject: dict.fromkeys(values, ()) for subject, values in relation.items()}
        for predicate, relation in relations(triples).items()
    }
    return Facts("planted", "urn:planted", stated, ())


@dataclass(frozen=True, slots=True)
class Source:
    """What one file of a project states."""

    project: str
    name: str
    observed: bool
    quads: tuple[Quad, ...]

    def write(self, folder: Path, name: str | None = None) -> None:
        """Write the source as a file of its project."""
        path = folder / self.project / f"{name or self.name}{self.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.text(path.name))

    @property
    def suffix(self) -> str:
        """How the source's file ends: what is observed is TriG, in a graph that says so."""
        return ".trig" if self.observed else ".ttl"

    def text(self, file: str) -> bytes:
        """What a file of that name holds."""
        if self.observed:
            graph = NamedNode(f"{_BASE}{file}#observed")
            quads = (Quad(q.subject, q.predicate, q.object, graph) for q in self.quads)
            return serialize(quads, format=RdfFormat.TRIG) or b""
        triples = (quad.triple for quad in self.quads)
        return serialize(triples, format=RdfFormat.TURTLE) or b""


@dataclass(frozen=True, slots=True)
class Case:
    """What the sources of one or more projects state, and the verdict that a predicate gives."""

    predicate: str
    name: str
    sources: tuple[Source, ...]

    def __str__(self) -> str:
        return f"{self.predicate}-{self.name}"

    @property
    def expected(self) -> str:
        """The verdict that the case is named for."""
        return self.name.partition("-")[0]

    def projects(self, folder: Path) -> list[Project]:
        """The case's projects, written as files and read as any other."""
        for source in self.sources:
            source.write(folder)
        return read(sorted(folder.iterdir()))


def cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Every case of every predicate."""
    for path in sorted(folder.glob("*.trig")):
        graphs: dict[str, list[Quad]] = defaultdict(list)
        for quad in parse_rdf(path.read_bytes(), "trig", _BASE):
            assert isinstance(quad.graph_name, NamedNode), f"{path.name}: {quad} is in no case"
            graphs[quad.graph_name.value.removeprefix(_CASE)].append(quad)
        sources: dict[str, list[Source]] = defaultdict(list)
        for graph, quads in graphs.items():
            name, _, rest = graph.partition(".")
            sources[name].append(_source(rest or "card", tuple(quads)))
        yield from (Case(path.stem, name, tuple(found)) for name, found in sources.items())


def _source(text: str, quads: tuple[Quad, ...]) -> Source:
    first, _, rest = text.partition(".")
    project, name = (first, rest) if first.startswith("project-") else (_FIRST, text)
    return Source(project, name.removesuffix(_OBSERVED), name.endswith(_OBSERVED), quads)


def read(folders: Iterable[Path]) -> list[Project]:
    """Projects of which nothing is broken and nothing passed over."""
    projects = [read_project(folder, VOCABULARY) for folder in folders]
    for project in projects:
        assert project.problems == ()
        assert not any(entry.reading.passed_over for entry in project.entries)
    return projects


def worst(given: Iterable[Verdict]) -> str:
    """The worst of the verdicts, or that there is none."""
    found = set(given)
    return next((verdict.value for verdict in _WORST_FIRST if verdict in found), SILENT)


def verdicts(findings: Sequence[Finding]) -> dict[tuple[str, ...], str]:
    """The verdict on each thing that the findings are about."""
    return {
        (f.predicate, f.subject.name, f.object.name if f.object else "", f.item or ""): f.verdict
        for f in findings
    }
