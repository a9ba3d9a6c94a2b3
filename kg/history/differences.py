"""What differs between two revisions: what their sources state, and what was found in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from kg.findings import Evidence, Finding, ProjectReport, Severity, Verdict
from kg.identifiers import project_iri

_SEVERITIES = tuple(Severity)
_OBSERVED, _INFERRED = "#observed", "#inferred"


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """The same finding twice, and what of it differs: verdict, severity, evidence, message."""

    before: Finding
    after: Finding
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedFindings:
    """The findings that are new, gone, or not what they were."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[ChangedFinding, ...]


@dataclass(frozen=True, slots=True)
class ChangedSource:
    """What a file states and did not, and the reverse, as N-Triples without their full stops.

    `file` is None for links, which stand in no file; `standing` is declared, observed or inferred.
    """

    graph: str
    file: str | None
    standing: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def changed_findings(before: ProjectReport, after: ProjectReport) -> ChangedFindings:
    """How the findings of one report came to be those of another, in the order of the reports."""
    old = {finding.fingerprint: finding for finding in before.findings}
    new = {finding.fingerprint: finding for finding in after.findings}
    pairs = ((old[name], one) for name, one in new.items() if name in old)
    compared = (ChangedFinding(one, other, tuple(_what(one, other))) for one, other in pairs)
    return ChangedFindings(
        tuple(one for name, one in new.items() if name not in old),
        tuple(one for name, one in old.items() if name not in new),
        tuple(one for one in compared if one.what),
    )


def changed_sources(base: str, project: str, before: str, after: str) -> list[ChangedSource]:
    """How the descriptors and links of one revision came to be those of another, by the name of
    their graph; both are given as N-Quads.
    """
    root = project_iri(base, project)
    old, new = _by_graph(before, root), _by_graph(after, root)
    found = []
    for graph in sorted(old.keys() | new.keys()):
        added, removed = new[graph] - old[graph], old[graph] - new[graph]
        if added or removed:
            file, standing = _source(graph.removeprefix(root))
            lines = tuple(sorted(added)), tuple(sorted(removed))
            found.append(ChangedSource(graph, file, standing, *lines))
    return found


def patch(sources: Iterable[ChangedSource]) -> str:
    """The changes as an RDF Patch, which takes the first revision's graphs to the second's."""
    lines = ["TX ."]
    for source in sources:
        lines += [f"D {line} <{source.graph}> ." for line in source.removed]
        lines += [f"A {line} <{source.graph}> ." for line in source.added]
    return "\n".join([*lines, "TC .", ""])


def is_worse(verdict: str | None, severity: str | None, finding: Finding) -> bool:
    """Whether a mismatch was none before, or a less grave one."""
    if finding.verdict is not Verdict.MISMATCH:
        return False
    if verdict != Verdict.MISMATCH or severity is None:
        return True
    return _SEVERITIES.index(Severity(severity)) > _SEVERITIES.index(finding.severity)


def _what(before: Finding, after: Finding) -> Iterator[str]:
    if before.verdict is not after.verdict:
        yield "verdict"
    if before.severity is not after.severity:
        yield "severity"
    if _values(before) != _values(after):
        yield "evidence"
    elif before.message != after.message:
        yield "message"


def _values(finding: Finding) -> list[Evidence]:
    """The evidence without the lines of its places: a line above it changes no value."""
    return [
        replace(one, sources=tuple(replace(origin, line=None) for origin in one.sources))
        for one in finding.evidence
    ]


def _by_graph(quads: str, root: str) -> defaultdict[str, set[str]]:
    """The triples of descriptors and links, by graph."""
    found = defaultdict[str, set[str]](set)
    begins = f"<{root}/descriptors/", f"<{root}/links"
    for line in quads.splitlines():
        # No IRI has a space in it, so the last but one word is the graph.
        statement, _, graph = line.removesuffix(".").rstrip().rpartition(" ")
        if graph.startswith(begins):
            found[graph[1:-1]].add(statement)
    return found


def _source(path: str) -> tuple[str | None, str]:
    """The file of a graph, and how what it holds was stated."""
    name, mark, _ = path.partition("#")
    standing = mark + path.rpartition("#")[2] if mark else ""
    file = name.removeprefix("/descriptors/")
    said = {_OBSERVED: "observed", _INFERRED: "inferred"}.get(standing, "declared")
    return (unquote(file) if file != name else None), said
