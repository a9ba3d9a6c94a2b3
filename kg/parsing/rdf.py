"""Parses the six syntaxes of RDF into quads, and refuses what costs more than it may."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.errors import DescriptorInvalid
from kg.parsing.contexts import AddressUnknown, Contexts, with_pinned_contexts
from kg.parsing.costs import refuse_costly_turtle, refuse_costly_xml
from kg.reading import Limits, decode, read_json
from kg.reading.building import Lines

Media = Literal["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"]

_FORMATS: dict[Media, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
SIZE = 8 << 20
_JSON = Limits(size=SIZE, nodes=200_000)
# Every quad writes out its names in full, however short the prefixes that they have in the file.
_QUADS, _CHARACTERS = 200_000, 64 << 20
_PLACE = re.compile(r"^Parser error at line \d+ (?:column \d+|between columns \d+ and \d+): ")


def parse_rdf(
    data: bytes,
    media: Media,
    base: str,
    *,
    context: Mapping[str, object] | None = None,
    pinned: Contexts | None = None,
) -> list[Quad]:
    """Parses RDF into quads, in the order in which the file states them.

    >>> [quad.subject.value for quad in parse_rdf(b"<m> <p:is> 1 .", "turtle", "http://x.org/")]
    ['http://x.org/m']

    Relative IRIs are resolved against `base`. JSON-LD is read in `context`, beside its own; a
    context that it names by its address must be one of `pinned`. Raises DescriptorInvalid, also for
    more than 8 MiB or 200,000 quads.
    """
    if len(data) > SIZE:
        raise DescriptorInvalid(
            f"The file has {len(data):,} bytes, and at most {SIZE:,} are read",
            "Split it, or leave it out",
        )
    text = decode(data)
    if media == "jsonld":
        text = _linked(text, base, context, pinned or {})
    elif media == "rdfxml":
        text = refuse_costly_xml(text)
    else:
        refuse_costly_turtle(text)
    return list(_bounded(text, media, base))


def write_rdf(
    statements: Iterable[Quad] | Iterable[Triple],
    media: Media,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """The statements in a syntax, with names written out that have none of the prefixes."""
    known = None if prefixes is None else dict(prefixes)
    return serialize(statements, format=_FORMATS[media], prefixes=known) or b""


def _linked(
    text: str,
    base: str,
    context: Mapping[str, object] | None,
    pinned: Contexts,
) -> str:
    """Writes JSON-LD anew with every context in it."""
    tree = read_json(text, _JSON)
    if tree.duplicates:
        where, line = tree.duplicates[0]
        raise DescriptorInvalid(f"The key {where} stands twice", "Remove one", line=line)
    try:
        document = with_pinned_contexts(tree.value, base, context, pinned)
    except AddressUnknown as problem:
        problem.line = Lines(text).at(max(text.find(json.dumps(problem.address)), 0))
        raise
    return json.dumps(document, ensure_ascii=False)


def _bounded(text: str, media: Media, base: str) -> Iterator[Quad]:
    quads = characters = 0
    try:
        for quad in parse(text, _FORMATS[media], base_iri=base):
            quads += 1
            characters += len(str(quad))
            if quads > _QUADS or characters > _CHARACTERS:
                raise DescriptorInvalid(
                    f"The file states more than {_QUADS:,} things, or very long ones",
                    "Split it, or leave it out",
                )
            if isinstance(quad.object, Triple):
                raise DescriptorInvalid(
                    "The file states something about a triple, which is not read",
                    "State it of a thing instead",
                )
            yield quad
    except SyntaxError as problem:
        raise DescriptorInvalid(
            f"The file is not valid {media}: {_PLACE.sub('', problem.msg or '')}",
            "Check the syntax there and just before",
            line=problem.lineno if media != "jsonld" else None,
        ) from problem
    except MemoryError as problem:
        # Oxigraph's buffer for one word of the file is full; memory itself is not.
        raise DescriptorInvalid(
            "The file holds a text or an IRI that is too long", "Shorten it, or close its quotes"
        ) from problem


def rdf_xml(quads: Iterable[Quad]) -> str:
    """The statements as RDF/XML, for whoever reads nothing else."""
    written = serialize((quad.triple for quad in quads), format=RdfFormat.RDF_XML) or b""
    return written.decode()
