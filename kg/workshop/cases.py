"""How the cases of predicates are read, made projects of, and judged.

A case file is TriG, and is called as its predicate is. The name of a graph tells the verdict up to
its first full stop or hyphen: `case:clear-together` is clear, and in a case called `silent` the
predicate says nothing. What follows the first full stop is the source; `project-b.` before it puts
the source into a second project, and `.observed` behind it marks what was measured.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.catalogue import Catalogue
from kg.detect import check
from kg.errors import DescriptorInvalid
from kg.findings import Verdict
from kg.parsing import NamedNode, Quad, Triple, parse_rdf, write_rdf
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace

SILENT = "silent"

_IRI = "file:///"
_CASE = "urn:case:"
_OBSERVED = ".observed"
_FIRST = "project-a"
_WORST_FIRST = (Verdict.MISMATCH, Verdict.UNDECIDED, Verdict.CLEAR)


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
            graph = NamedNode(f"{_IRI}{file}#observed")
            quads = [Quad(q.subject, q.predicate, q.object, graph) for q in self.quads]
            return write_rdf(quads, "trig")
        return write_rdf([quad.triple for quad in self.quads], "turtle")


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

    def write(self, folder: Path) -> list[Path]:
        """Write the case's projects below the folder; gives the folder of each."""
        for source in self.sources:
            source.write(folder)
        return sorted(folder.iterdir())


def read_cases(path: Path) -> Iterator[Case]:
    """Every case of a file; raises DescriptorInvalid."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse_rdf(path.read_bytes(), "trig", _IRI):
        if not isinstance(quad.graph_name, NamedNode):
            raise DescriptorInvalid(
                f"The statement {Triple(quad.subject, quad.predicate, quad.object)} is in no case",
                "Put it between the braces of a graph, such as `case:clear { … }`",
            )
        graphs[quad.graph_name.value.removeprefix(_CASE)].append(quad)
    sources: dict[str, list[Source]] = defaultdict(list)
    for graph, quads in graphs.items():
        name, _, rest = graph.partition(".")
        sources[name].append(_source(rest or "card", tuple(quads)))
    for name, found in sources.items():
        yield Case(path.stem, name, tuple(found))


def _source(text: str, quads: tuple[Quad, ...]) -> Source:
    first, _, rest = text.partition(".")
    project, name = (first, rest) if first.startswith("project-") else (_FIRST, text)
    return Source(project, name.removesuffix(_OBSERVED), name.endswith(_OBSERVED), quads)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a predicate says of a case, and what could not be read of the case's projects."""

    verdict: str
    problems: tuple[str, ...]


def judge(
    case: Case, vocabulary: Vocabulary, catalogue: Catalogue, knowledge: Iterable[Path] = ()
) -> Outcome:
    """What the case's predicate says of it, run as `mismatch check` runs it."""
    roots = tuple(knowledge)
    workspace = Workspace(open_store("memory:"), vocabulary, BASE, catalogue.statistics)
    with TemporaryDirectory() as folder:
        read = [read_project(path, vocabulary, roots) for path in case.write(Path(folder))]
        given = verdict(case, read, workspace, catalogue)
    return Outcome(given, tuple(p.message for project in read for p in project.problems))


def verdict(
    case: Case, projects: Iterable[Project], workspace: Workspace, catalogue: Catalogue
) -> str:
    """The worst verdict of the case's predicate on the projects, put into the workspace."""
    asked = {case.predicate: catalogue.predicate(case.predicate)}
    found = check(projects, workspace, Catalogue(catalogue.mismatches, asked)).findings()
    return worst(finding.verdict for finding in found)


def worst(given: Iterable[Verdict]) -> str:
    """The worst of the verdicts, or that there is none.

    >>> worst([Verdict.CLEAR, Verdict.MISMATCH]), worst([])
    ('mismatch', 'silent')
    """
    found = set(given)
    return next((one.value for one in _WORST_FIRST if one in found), SILENT)
