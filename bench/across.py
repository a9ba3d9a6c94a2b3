"""Measures the predicates over different projects on a store in a folder, from the store as it was
closed to the findings: of 1,000 projects, and of 10,000.

A project has some 650 triples and, in three of ten things, a name that a few others have too. Ten
times the projects may take twelve times the time; more fails.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.detect import detect
from kg.detect.across import Slices
from kg.graphs import ProjectGraphs
from kg.measure import Measured
from kg.projects import Project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace
from kg.writing import literal, reference, triple
from tests.sharing import projects

SIZES = (1_000, 10_000)
SEED = 7
SHARING = 0.3
MOST = 12
"""How many times the time ten times the projects may take."""

_NOTHING = Measured((), (), ())
_PADDING = {
    ("training-data/training", "field", "Field"): (25, ("unitOfMeasure", "description", "mean")),
    ("trained-model/model", "requiredSoftware", "Software"): (15, ("versionRange", "licence")),
    ("operational-data/live", "field", "Field"): (25, ("unitOfMeasure", "mean")),
}


def padding(project: str) -> Iterator[str]:
    """Triples of parts that no predicate over different projects reads."""
    for (element, attribute, kind), (count, stated) in _PADDING.items():
        holder = f"{project}/{element}"
        for number in range(count):
            part = f"{holder}/{attribute}/{number}"
            yield triple(holder, attribute, reference(part))
            yield triple(part, "rdf:type", reference(kind))
            yield triple(part, "mm:partOf", reference(holder))
            yield triple(part, "mm:name", literal(f"{attribute} {number}"))
            yield from (triple(part, name, literal(f"{name} {number}")) for name in stated)


def put(project: Project, workspace: Workspace) -> int:
    """Writes what detection reads of a project, and says how many triples that are."""
    # Nothing is worked out and no descriptor kept: that takes longer than all that is measured.
    graphs = ProjectGraphs(project, workspace.vocabulary, workspace.base)
    worked_out = [*graphs.worked_out(_NOTHING), *padding(graphs.iri)]
    current = triple(graphs.iri, "mm:current", literal(graphs.current(worked_out), "rdf:JSON"))
    workspace.store.put(f"{graphs.iri}/current", current)
    workspace.store.put(f"{graphs.iri}/provenance", "\n".join(graphs.provenance()))
    return len({*worked_out, *(line for _, lines in graphs.descriptors() for line in lines)})


def measured(count: int, vocabulary: Vocabulary, catalogue: Catalogue) -> float:
    """Seconds for the projects; prints a row with what was read and found."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(open_store(folder), vocabulary, BASE)
        triples = sum(put(one, workspace) for one in projects(count, SEED, sharing=SHARING))
        # What was written is still on its way into the folder; what is measured begins with it.
        del workspace
        started = time.perf_counter()
        workspace = Workspace(open_store(folder), vocabulary, BASE)
        ids = workspace.ids()
        found = sum(map(len, detect(ids, workspace, catalogue).values()))
        seconds = time.perf_counter() - started
        few = ids[:: count // 100]
        slices = Slices(catalogue.predicates.values(), workspace)
        for facts in workspace.facts_of(few):
            slices.add(facts)
        read = sum(facts.triples.count("\n") + 1 for facts in slices.facts) / len(few)
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>10,}{triples / count:>10.0f}{read:>10.0f}{found / count:>10.1f}"
        f"{seconds:>10.1f}{seconds / count * 1000:>16.2f}{mb:>8.0f}"
    )
    return seconds


def main() -> None:
    """Prints a row for each size, and fails where time grows faster than it may."""
    vocabulary = vocabularies.load()
    known = catalogues.load(vocabulary)
    across = {n: p for n, p in known.predicates.items() if p.kind == "cross-project"}
    print(
        f"{'projects':>10}{'triples':>10}{'read':>10}{'findings':>10}"
        f"{'seconds':>10}{'ms a project':>16}{'MB':>8}"
    )
    few, many = (measured(count, vocabulary, replace(known, predicates=across)) for count in SIZES)
    if many > MOST * few:
        sys.exit(f"Ten times the projects took {many / few:.1f} times the time, not {MOST}.")


if __name__ == "__main__":
    main()
