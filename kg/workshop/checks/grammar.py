"""Every term says of itself what `shapes/ontology.ttl` asks of terms.

The grammar speaks of terms in our namespace, so those of the extension's are renamed for it. It is
shown the extension and its surroundings, not our whole ontology, which takes it many seconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pyshacl import validate
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import KnowledgeError
from kg.namespaces import iri, namespace, prefixes
from kg.parsing import Literal, NamedNode, Quad, write_rdf
from kg.paths import knowledge_roots
from kg.reasoning import INHERITED
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault
from kg.workshop.files import ONTOLOGY
from kg.workshop.surroundings import quads

TITLE = "Every term says what terms have to say"

_MEND = "ontology/README.md shows how a term is described"
_SAME = "Also"
"""What is put behind a name that stands in our namespace too."""


def examine(extension: Extension) -> Iterator[Fault]:
    """What the grammar says of the extension's terms, each thing once."""
    own = [*quads(extension.on(ONTOLOGY)), *_inherited(extension)]
    names = _renamed(extension, own)
    results = _results((*own, *extension.surroundings), names)
    back = {new: old for old, new in names.items()}
    for focus, message in sorted(results):
        term = back.get(focus, focus)
        if extension.is_own(term):
            yield extension.about(term, f"{extension.called(term)}: {message}", _MEND)


def _inherited(extension: Extension) -> Iterator[Quad]:
    """What properties have from those above them, so need not say."""
    named, subjects = set(map(iri, INHERITED)), set(extension.subjects)
    for subject, verb, term in extension.after.vocabulary.triples:
        own = verb in named and subject in subjects
        if own and not extension.triples.values(subject, verb):
            kind = NamedNode(term.datatype) if term.datatype else None
            value = Literal(term.value, datatype=kind) if kind else NamedNode(term.value)
            yield Quad(NamedNode(subject), NamedNode(verb), value)


def _renamed(extension: Extension, own: Iterable[Quad]) -> dict[str, str]:
    """Names in our namespace for the terms of the extension's."""
    terms = (term for quad in own for term in (quad.subject, quad.predicate, quad.object))
    named = (term.value for term in terms if isinstance(term, NamedNode))
    found = {}
    for term in dict.fromkeys(named):
        name = term.removeprefix(namespace(term))
        if name and namespace(term) in extension.namespaces:
            taken = extension.before.vocabulary.triples.values(name, "rdf:type")
            also = _SAME if "-" not in name else f"-{_SAME.lower()}"
            found[term] = iri("mm:") + name + (also if taken else "")
    return found


def _results(quads: Iterable[Quad], names: Mapping[str, str]) -> set[tuple[str, str]]:
    """Whom each result of the grammar is about, by the name that it knows, and what it says."""
    given, data = Graph().parse(data=write_rdf(quads, "ntriples"), format="nt"), Graph()
    for prefix, space in prefixes().items():
        data.bind(prefix, space)
    for subject, predicate, value in given:
        data.add((_named(subject, names), _named(predicate, names), _named(value, names)))
    _, report, _ = validate(data, shacl_graph=_grammar(), advanced=True)
    if not isinstance(report, Graph):
        raise KnowledgeError("The grammar cannot be held against the extension", str(report))
    return {
        (str(focus), str(report.value(result, SH.resultMessage)))
        for result in report.objects(predicate=SH.result)
        for focus in report.objects(result, SH.focusNode)
        if isinstance(focus, URIRef)
    }


def _named(term: Node, names: Mapping[str, str]) -> Node:
    return URIRef(names.get(str(term), term)) if isinstance(term, URIRef) else term


@cache
def _grammar() -> Graph:
    return Graph().parse(knowledge_roots()[0] / "shapes" / "ontology.ttl")
