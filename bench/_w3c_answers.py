"""The W3C's tests of what queries and updates of SPARQL 1.1 come to, and of what is no SPARQL."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from bench._targets import Target
from bench._w3c_protocol import LABEL, MF, UT, Outcome

QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")

QUERIES = (
    "aggregates",
    "bind",
    "bindings",
    "cast",
    "construct",
    "csv-tsv-res",
    "exists",
    "functions",
    "grouping",
    "json-res",
    "negation",
    "project-expression",
    "property-path",
    "subquery",
)
UPDATES = (
    "add",
    "basic-update",
    "clear",
    "copy",
    "delete",
    "delete-data",
    "delete-insert",
    "delete-where",
    "drop",
    "move",
    "update-silent",
)
SYNTAX = ("syntax-query", "syntax-update-1", "syntax-update-2", "syntax-fed", "aggregates")

_JSON = "application/sparql-results+json"
_GRAPHS = "application/n-triples"
_NUMBERS = ("integer", "decimal", "double", "float")
_TRUTHS = {"0": "false", "1": "true"}
_RESULTS = {".srx": "XML", ".srj": "JSON", ".tsv": "TSV"}


def queries(folder: Path, target: Target) -> Iterator[Outcome]:
    """The tests of what queries answer."""
    kinds = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
    for manifest, test in _tests(folder, QUERIES, kinds):
        yield _title(manifest, test), _guarded(_answered, manifest, test, target)


def updates(folder: Path, target: Target) -> Iterator[Outcome]:
    """The tests of what updates leave behind."""
    for manifest, test in _tests(folder, UPDATES, (MF.UpdateEvaluationTest,)):
        yield _title(manifest, test), _guarded(_updated, manifest, test, target)


def syntax(folder: Path, target: Target) -> Iterator[Outcome]:
    """The tests of what is SPARQL, and what is none."""
    kinds = {
        MF.PositiveSyntaxTest11: (True, False),
        MF.NegativeSyntaxTest11: (False, False),
        MF.PositiveUpdateSyntaxTest11: (True, True),
        MF.NegativeUpdateSyntaxTest11: (False, True),
    }
    for manifest, test in _tests(folder, SYNTAX, tuple(kinds)):
        good, is_update = kinds[URIRef(str(manifest.value(test, RDF.type)))]
        yield _title(manifest, test), _parsed(manifest, test, target, good, is_update)


def _tests(
    folder: Path, names: tuple[str, ...], kinds: tuple[URIRef, ...]
) -> Iterator[tuple[Graph, Node]]:
    for name in names:
        file = folder / name / "manifest.ttl"
        manifest = Graph().parse(file, format="turtle", publicID=file.as_uri())
        listed = manifest.value(predicate=RDF.type, object=MF.Manifest)
        entries = manifest.value(listed, MF.entries)
        for test in manifest.items(entries) if entries is not None else ():
            if manifest.value(test, RDF.type) in kinds:
                yield manifest, test


def _title(manifest: Graph, test: Node) -> str:
    return f"{str(test).rpartition('#')[2]}: {manifest.value(test, MF.name)}"


def _guarded(
    check: Callable[[Graph, Node, Target], str], manifest: Graph, test: Node, target: Target
) -> str:
    try:
        return check(manifest, test, target)
    except (ValueError, SyntaxError, KeyError, OSError) as error:
        return f"{type(error).__name__}: {error}"


def _answered(manifest: Graph, test: Node, target: Target) -> str:
    action = manifest.value(test, MF.action)
    target.change("DROP ALL")
    for data in manifest.objects(action, QT.data):
        target.put(None, _triples(_file(data)))
    for data in manifest.objects(action, QT.graphData):
        target.put(str(data), _triples(_file(data)))
    file = _file(manifest.value(action, QT.query))
    expected = _file(manifest.value(test, MF.result))
    text = f"BASE <{file.as_uri()}>\n" + file.read_text(encoding="utf-8")
    accept = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(expected.suffix, _JSON)
    reply = target.ask(text, f"{accept}, {_GRAPHS};q=0.9")
    if reply.status != 200:  # noqa: PLR2004 - the only good status
        return f"{reply.status} {reply.body[:100]!r}"
    if reply.media_type == _GRAPHS:
        wanted = _canonical(_quads(_triples(expected)))
        return "" if _canonical(_quads(reply.body.decode())) == wanted else "another graph"
    if expected.suffix == ".csv":
        same = _csv(reply.body) == _csv(expected.read_bytes())
        return "" if same else "other rows"
    found = _solutions(ox.parse_query_results(reply.body, _format(accept)))
    return "" if found == _expected(expected) else "other rows"


def _updated(manifest: Graph, test: Node, target: Target) -> str:
    action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
    target.change("DROP ALL")
    _fill(manifest, action, target)
    file = _file(manifest.value(action, UT.request))
    reply = target.change(f"BASE <{file.as_uri()}>\n" + file.read_text(encoding="utf-8"))
    if reply.status >= 400:  # noqa: PLR2004 - where errors begin
        return f"{reply.status} {reply.body[:100]!r}"
    wanted = [
        ox.Quad(*quad.triple)
        for d in manifest.objects(result, UT.data)
        for quad in _quads(_triples(_file(d)))
    ]
    names = {}
    for data in manifest.objects(result, UT.graphData):
        names[str(manifest.value(data, LABEL))] = _triples(_file(manifest.value(data, UT.graph)))
    wanted += [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(name))
        for name, triples in names.items()
        for quad in _quads(triples)
    ]
    return "" if _canonical(wanted) == _canonical(_all(target)) else "another store"


def _fill(manifest: Graph, action: Node | None, target: Target) -> None:
    for data in manifest.objects(action, UT.data):
        target.put(None, _triples(_file(data)))
    for data in manifest.objects(action, UT.graphData):
        name = str(manifest.value(data, LABEL))
        target.put(name, _triples(_file(manifest.value(data, UT.graph))))


def _all(target: Target) -> list[ox.Quad]:
    reply = target.send("GET", f"{target.graphs}?default", headers={"Accept": _GRAPHS})
    found = _quads(reply.body.decode())
    names = target.ask("SELECT DISTINCT ?g { GRAPH ?g { } }", "text/csv").body.decode().split()[1:]
    for name in names:
        path = f"{target.graphs}?graph={quote(name, safe='')}"
        reply = target.send("GET", path, headers={"Accept": _GRAPHS})
        found += [
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(name))
            for quad in _quads(reply.body.decode())
        ]
    return found


def _parsed(manifest: Graph, test: Node, target: Target, good: bool, is_update: bool) -> str:  # noqa: FBT001 - two of the four kinds
    file = _file(manifest.value(test, MF.action))
    text = file.read_text(encoding="utf-8")
    if is_update:
        target.change("DROP ALL")
        reply = target.change(text)
    else:
        reply = target.ask(text, f"{_JSON}, {_GRAPHS}")
    # What is SPARQL may still be impossible, as to create a graph that is there, or not allowed.
    malformed = reply.status == 400 or (not good and 400 < reply.status < 500)  # noqa: PLR2004
    return "" if malformed != good else f"{reply.status} {reply.body[:100]!r}"


def _file(node: Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


def _triples(file: Path) -> str:
    form = {".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}.get(
        file.suffix, ox.RdfFormat.TURTLE
    )
    parsed = ox.parse(path=str(file), format=form, base_iri=file.as_uri())
    return "".join(f"{quad.triple} .\n" for quad in parsed)


def _quads(triples: str) -> list[ox.Quad]:
    return list(ox.parse(triples, ox.RdfFormat.N_TRIPLES))


def _canonical(quads: list[ox.Quad]) -> set[ox.Quad]:
    plain = [ox.Quad(q.subject, q.predicate, _plain(q.object), q.graph_name) for q in quads]
    dataset = ox.Dataset(plain)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def _format(accept: str) -> ox.QueryResultsFormat:
    return ox.QueryResultsFormat.TSV if "tab" in accept else ox.QueryResultsFormat.JSON


Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = dict[str, Term | None]
Solutions: TypeAlias = bool | tuple[set[str], set[ox.Quad]] | tuple[set[str], Counter[str]]


def _solutions(results: "ox.QuerySolutions | ox.QueryBoolean") -> Solutions:
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    return _compared([dict(zip(names, row, strict=True)) for row in results], set(names))


def _expected(file: Path) -> Solutions:
    if file.suffix in _RESULTS:
        form = getattr(ox.QueryResultsFormat, _RESULTS[file.suffix])
        return _solutions(ox.parse_query_results(file.read_bytes(), form))
    graph = Graph().parse(file, format="turtle" if file.suffix == ".ttl" else "xml")
    root = graph.value(predicate=RDF.type, object=RS.ResultSet)
    truth = graph.value(root, RS.boolean)
    if truth is not None:
        return str(truth) == "true"
    rows: list[Row] = [
        {
            str(graph.value(one, RS.variable)): _term(graph.value(one, RS.value))
            for one in graph.objects(solution, RS.binding)
        }
        for solution in graph.objects(root, RS.solution)
    ]
    return _compared(rows, {str(name) for name in graph.objects(root, RS.resultVariable)})


def _term(node: Node | None) -> Term:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        kind = ox.NamedNode(str(node.datatype)) if node.datatype else None
        return ox.Literal(str(node), datatype=kind, language=node.language)
    return ox.BlankNode(str(node))


def _compared(rows: list[Row], names: set[str]) -> Solutions:
    """Rows in a form that is equal where they are, whatever blank nodes are called."""
    bound = [{n: _plain(term) for n, term in row.items() if term is not None} for row in rows]
    if not any(isinstance(term, ox.BlankNode) for row in bound for term in row.values()):
        return names, Counter(
            str(sorted((n, str(term)) for n, term in row.items())) for row in bound
        )
    quads = []
    for row in bound:
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("x:row"), ox.Literal("")))
        quads += [ox.Quad(node, ox.NamedNode(f"x:{n}"), term) for n, term in row.items()]
    return names, _canonical(quads)


def _plain(term: Term) -> Term:
    """A number in one way of writing it."""
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean" and term.value in _TRUTHS:
        return ox.Literal(_TRUTHS[term.value], datatype=term.datatype)
    if kind not in _NUMBERS:
        return term
    try:
        value = Decimal(term.value) if kind in ("integer", "decimal") else float(term.value)
    except (InvalidOperation, ValueError):
        return term
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else f"{value:.10e}"
    return ox.Literal(text, datatype=term.datatype)


def _csv(data: bytes) -> tuple[list[str], Counter[str]]:
    head, *rows = csv.reader(io.StringIO(data.decode()))
    order = sorted(range(len(head)), key=lambda index: head[index])
    labels: dict[str, str] = {}
    found = Counter(
        str([labels.setdefault(row[i], "_:") if row[i].startswith("_:") else row[i] for i in order])
        for row in rows
    )
    return sorted(head), found
