"""The whole ontology in Turtle, RDF/XML and JSON-LD."""

from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph

from kg.namespaces import prefixes


def syntaxes(files: Iterable[Path]) -> dict[str, str]:
    """The ontology of all files together, in each syntax, by the name of its file."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in prefixes().items():
        graph.bind(prefix, namespace)
    for file in files:
        graph.parse(file, format="turtle")
    return {
        "ontology.ttl": graph.serialize(format="turtle"),
        "ontology.rdf": graph.serialize(format="xml"),
        "ontology.jsonld": graph.serialize(format="json-ld", auto_compact=True),
    }
