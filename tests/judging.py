"""What the tests of predicates share: the knowledge as shipped, and the cases of its predicates."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg import catalogue, vocabulary
from kg.findings import Finding
from kg.projects import Project, read_project
from kg.sparql import relations
from kg.workshop.cases import Case, read_cases
from kg.workspace import Facts

FOLDER = Path(__file__).parent / "cases" / "predicates"
VOCABULARY = vocabulary.load()
CATALOGUE = catalogue.load(VOCABULARY)


def facts_of(triples: str) -> Facts:
    """What detection loads of a project that states the triples, nobody knows where."""
    stated = {
        predicate: {subject: dict.fromkeys(values, ()) for subject, values in relation.items()}
        for predicate, relation in relations(triples).items()
    }
    return Facts("planted", "urn:planted", stated, ())


def cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Every case of every predicate of ours, or of a folder's."""
    for path in sorted(folder.glob("*.trig")):
        yield from read_cases(path)


def read(folders: Iterable[Path]) -> list[Project]:
    """Projects of which nothing is broken, and nothing passed over but files that only say what
    things are.
    """
    projects = [read_project(folder, VOCABULARY) for folder in folders]
    for project in projects:
        assert project.problems == ()
        passed = (one.because for entry in project.entries for one in entry.reading.passed_over)
        assert all(because.startswith("Nothing is stated of") for because in passed)
    return projects


def verdicts(findings: Sequence[Finding]) -> dict[tuple[str, ...], str]:
    """The verdict on each thing that the findings are about."""
    return {
        (f.predicate, f.subject.name, f.object.name if f.object else "", f.item or ""): f.verdict
        for f in findings
    }
