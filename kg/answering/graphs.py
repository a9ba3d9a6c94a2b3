"""Writes triples in the six syntaxes of RDF.

Where triples were cut off, the end of the text says so: as a comment, and in JSON-LD as a last
object of which no RDF is made.
"""

from collections.abc import Mapping
from io import IOBase
from typing import IO, TypeAlias, cast

from pyoxigraph import RdfFormat, Triple, serialize

from kg.answering.cuts import Cut
from kg.answering.sinks import Sink
from kg.answering.tables import Unwritable

Triples: TypeAlias = Cut[Triple]

FORMATS: Mapping[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def write(triples: Triples, sink: Sink, form: str, prefixes: Mapping[str, str]) -> None:
    """Writes the triples; raises Unwritable where the syntax cannot say them."""
    target = _Open(sink) if form == "jsonld" else sink
    try:
        serialize(triples, cast("IO[bytes]", target), FORMATS[form], prefixes=dict(prefixes))
    except ValueError as error:
        raise Unwritable(f"The syntax has no way to write the answer: {error}") from error
    if isinstance(target, _Open):
        target.close_array(triples.cut)
    elif triples.cut:
        mark = f"\n<!-- {triples.cut} -->\n" if form == "rdfxml" else f"# {triples.cut}\n"
        sink.write(mark.encode())


class _Open(IOBase):
    """Passes all on but the last byte, which is the bracket that closes an array."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._passed = sink
        self._last = b""

    def write(self, data: bytes) -> int:
        """Passes on what was held back, and all but the last byte."""
        together = self._last + data
        self._passed.write(together[:-1])
        self._last = together[-1:]
        return len(data)

    def close_array(self, cut: str) -> None:
        """Writes the mark, where there is one, and the bracket."""
        mark = f',{{"truncated":"{cut}"}}'.encode() if cut else b""
        self._passed.write(mark + self._last + b"\n")
