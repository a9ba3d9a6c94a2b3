"""Tells again what an endpoint answered, from a file of SPARQL's JSON or N-Triples, in the format
that was asked for.
"""

from pathlib import Path
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.answering import graphs, tables
from kg.answering.cuts import Cut
from kg.answering.sinks import Sink


def retell(question: Any, sink: Sink) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """What became of it; the body is in the sink. Raises RuntimeError where the file is not what it
    should be, and Unwritable.
    """
    cuts = {
        "most": question["rows"],
        "size": question["bytes"],
        "partial": question["partial"],
    }
    with Path(question["told"]).open("rb") as source:
        try:
            if question["triples_as"] is not None:
                found = (quad.triple for quad in parse(source, RdfFormat.N_TRIPLES))
                triples = Cut(found, sink, noun="triple", **cuts)
                graphs.write(triples, sink, question["triples_as"], question["prefixes"])
                return _answered("triples", question["triples_as"], triples)
            form = question["rows_as"]
            rows = parse_query_results(source, QueryResultsFormat.JSON)
            if isinstance(rows, QueryBoolean):
                sink.write(tables.truth(bool(rows), form).encode())
                return {"outcome": "answered", "form": form, "kind": "truth"}
            few = Cut(rows, sink, noun="row", **cuts)
            for text in tables.ROWS[form]([variable.value for variable in rows.variables], few):
                sink.write(text.encode("utf-8", "replace"))
            return _answered("rows", form, few)
        except SyntaxError as error:
            message = f"the endpoint answers what cannot be read: {error.msg}"
            raise RuntimeError(message) from error


def _answered(kind: str, form: str, cut: Cut[Any]) -> dict[str, Any]:
    return {
        "outcome": "answered",
        "form": form,
        "kind": kind,
        "count": cut.count,
        "cut": cut.cut,
    }
