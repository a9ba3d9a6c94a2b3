"""Answers a question: a query, one graph whole, the rehearsal of an update, or what an endpoint
answered already.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
    Triple,
)

from kg.answering import graphs, tables
from kg.answering.cuts import Cut
from kg.answering.retelling import retell
from kg.answering.sinks import Sink

Question: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]


def answer(store: Store, question: Question, sink: Sink) -> Answer:
    """What became of the question; the body is in the sink. Raises what Oxigraph raises, and
    Unwritable.
    """
    if question["kind"] == "update":
        store.update(question["text"], base_iri=question["base"])
        return {"outcome": "done"}
    if question["kind"] == "retold":
        return retell(question, sink)
    if question["kind"] == "graph":
        return _graph(store, question, sink)
    return _query(store, question, sink)


def _query(store: Store, question: Question, sink: Sink) -> Answer:
    dataset: dict[str, Any] = {"use_default_graph_as_union": question["union"]}
    if question["default"] is not None:
        dataset["default_graph"] = _graphs(question["default"])
    if question["named"] is not None:
        dataset["named_graphs"] = [NamedNode(name) for name in question["named"]]
    elif question["unseen"]:
        dataset["named_graphs"] = _all_but(store, question["unseen"])
    found = store.query(question["text"], base_iri=question["base"], **dataset)
    form = question["rows_as"]
    if isinstance(found, QueryBoolean):
        if form is None:
            return {"outcome": "unacceptable", "what": "rows"}
        sink.write(tables.truth(bool(found), form).encode())
        return {"outcome": "answered", "form": form, "kind": "truth"}
    if not isinstance(found, QuerySolutions):
        return _triples(found, question, sink)
    if form is None:
        return {"outcome": "unacceptable", "what": "rows"}
    rows = Cut(found, sink, most=question["rows"], size=question["bytes"], noun="row")
    names = [variable.value for variable in found.variables]
    for text in tables.ROWS[form](names, rows):
        sink.write(text.encode("utf-8", "replace"))
    return {
        "outcome": "answered",
        "form": form,
        "kind": "rows",
        "count": rows.count,
        "cut": rows.cut,
    }


def _graph(store: Store, question: Question, sink: Sink) -> Answer:
    name = question["graph"]
    if name is not None and not store.contains_named_graph(NamedNode(name)):
        return {"outcome": "absent"}
    graph = DefaultGraph() if name is None else NamedNode(name)
    quads: Iterable[Quad] = store.quads_for_pattern(None, None, None, graph)
    return _triples((quad.triple for quad in quads), question, sink)


def _triples(found: Iterable[Triple], question: Question, sink: Sink) -> Answer:
    form = question["triples_as"]
    if form is None:
        return {"outcome": "unacceptable", "what": "triples"}
    triples = Cut(found, sink, most=question["rows"], size=question["bytes"], noun="triple")
    graphs.write(triples, sink, form, question["prefixes"])
    return {
        "outcome": "answered",
        "form": form,
        "kind": "triples",
        "count": triples.count,
        "cut": triples.cut,
    }


def _graphs(names: Sequence[str | None]) -> list[NamedNode | DefaultGraph]:
    return [DefaultGraph() if name is None else NamedNode(name) for name in names]


def _all_but(store: Store, unseen: Sequence[str]) -> list[NamedNode]:
    """All named graphs but those, and but those below an IRI that ends in a slash."""
    names, roots = set(unseen), tuple(one for one in unseen if one.endswith("/"))
    return [
        graph
        for graph in store.named_graphs()
        if isinstance(graph, NamedNode)
        and graph.value not in names
        and not graph.value.startswith(roots)
    ]


def opened(question: Question) -> Store:
    """The checkpoint that the question is about."""
    path = Path(question["checkpoint"])
    return Store(str(path)) if question["kind"] == "update" else Store.read_only(str(path))
