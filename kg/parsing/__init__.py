"""Reads RDF that strangers wrote: bounded, without the network, and with its lines.

Oxigraph does the parsing. What would exhaust its stack, its memory or its time is looked for first;
what it yields is counted. Blank nodes keep their labels, and IRIs must be valid.
"""

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.parsing.rdf import Media, parse_rdf, rdf_xml, write_rdf

__all__ = [
    "BlankNode",
    "Literal",
    "Media",
    "NamedNode",
    "Quad",
    "Triple",
    "parse_rdf",
    "rdf_xml",
    "write_rdf",
]
