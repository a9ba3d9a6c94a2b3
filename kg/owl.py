"""Whether knowledge is OWL 2: what in its Turtle files leaves the profile DL, or RL.

Horned-OWL judges the profiles. It overlooks datatypes that OWL 2 has not, and what it cannot make
an axiom of, so these are looked for here. Whether an ontology is consistent takes a reasoner, which
the tests run and the product does not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice

from pyhornedowl import open_ontology_from_string
from pyhornedowl.model import DatatypeDefinition
from pyhornedowl.profile import Violation, check_profile

from kg.errors import DescriptorError, KnowledgeError
from kg.namespaces import iri, local
from kg.parsing import BlankNode, Literal, NamedNode, Quad, parse_rdf, rdf_xml

Profile = Choice["DL", "RL"]

# Those of OWL 2's datatype map (structural specification, section 4).
_DATATYPES = frozenset(
    iri(name)
    for name in (
        *("owl:rational", "owl:real", "rdf:PlainLiteral", "rdf:XMLLiteral", "rdf:langString"),
        *("rdfs:Literal", "xsd:NCName", "xsd:NMTOKEN", "xsd:Name", "xsd:anyURI"),
        *("xsd:base64Binary", "xsd:boolean", "xsd:byte", "xsd:dateTime", "xsd:dateTimeStamp"),
        *("xsd:decimal", "xsd:double", "xsd:float", "xsd:hexBinary", "xsd:int", "xsd:integer"),
        *("xsd:language", "xsd:long", "xsd:negativeInteger", "xsd:nonNegativeInteger"),
        *("xsd:nonPositiveInteger", "xsd:normalizedString", "xsd:positiveInteger", "xsd:short"),
        *("xsd:string", "xsd:token", "xsd:unsignedByte", "xsd:unsignedInt", "xsd:unsignedLong"),
        "xsd:unsignedShort",
    )
)
# Horned-OWL 2.0 passes over this one kind of axiom, and with it over its list.
_PASSED_OVER = frozenset(map(iri, ("owl:members", "rdf:first", "rdf:rest")))
_BASE = "http://localhost/"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where knowledge leaves a profile: the local name or IRI of the term, if it is about one, and
    what is wrong.
    """

    term: str
    message: str


def departures(files: Iterable[Path], profile: Profile) -> tuple[Departure, ...]:
    """Where the ontology in the Turtle files, taken together, leaves the profile.

    Whoever judges an extension hands in our files too: a term is declared where it comes from. RL
    is judged without the definitions of datatypes, which it has not: its reasoners pass over them.
    Raises KnowledgeError if a file is no Turtle.
    """
    quads = [quad for number, file in enumerate(files) for quad in _read(file, number)]
    ontology = open_ontology_from_string(rdf_xml(quads), "rdf")
    violations = check_profile(ontology, profile).violations
    found = [_departure(violation) for violation in violations if not _defines_datatype(violation)]
    understood = parse_rdf(ontology.save_to_string("rdf").encode(), "rdfxml", _BASE)
    return tuple(dict.fromkeys((*found, *_foreign(quads), *_leftover(quads, understood))))


def _read(file: Path, number: int) -> Iterator[Quad]:
    """A file's statements; its blank nodes are told from those of other files by its number."""
    try:
        quads = parse_rdf(file.read_bytes(), "turtle", base=file.as_uri())
    except DescriptorError as error:
        raise KnowledgeError(f"{file} is not Turtle: {error}", "Mend the file") from error
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = BlankNode(f"f{number}-{subject.value}")
        if isinstance(value, BlankNode):
            value = BlankNode(f"f{number}-{value.value}")
        yield Quad(subject, quad.predicate, value)


def _defines_datatype(violation: Violation) -> bool:
    axiom = getattr(violation, "axiom", None)
    return axiom is not None and isinstance(axiom.component, DatatypeDefinition)


def _departure(violation: Violation) -> Departure:
    term = getattr(violation, "iri", "")
    if axiom := getattr(violation, "axiom", None):
        parts = (getattr(axiom.component, part, "") for part in ("sub", "dp", "ope", "first"))
        term = next(filter(None, parts), "")
    reason = getattr(violation, "reason", "")
    message = getattr(violation, "message", "")
    return Departure(local(str(term)), f"{message}: {reason}" if reason else message)


def _foreign(quads: Iterable[Quad]) -> Iterator[Departure]:
    """Uses of datatypes that OWL 2 has not: in a literal, or as a range."""
    for quad in quads:
        value = quad.object
        named = value.datatype.value if isinstance(value, Literal) else _name(value)
        if named.startswith((iri("xsd:"), iri("rdf:lang"))) and named not in _DATATYPES:
            yield Departure(local(_name(quad.subject)), f"OWL 2 has no datatype {named}")


def _leftover(quads: Iterable[Quad], understood: Iterable[Quad]) -> Iterator[Departure]:
    """What no axiom was made of, told by what comes back when the axioms are written out.

    Blank nodes get other names on the way, so of statements about them the predicates are counted.
    """
    left = Counter(map(_shape, dict.fromkeys(quads))) - Counter(map(_shape, understood))
    for subject, predicate, value in left:
        known = predicate in _PASSED_OVER or value == iri("owl:AllDisjointClasses")
        if not known:
            yield Departure(local(subject), f"No axiom of OWL 2 is made of its {predicate} {value}")


def _shape(quad: Quad) -> tuple[str, str, str]:
    return _name(quad.subject), quad.predicate.value, _name(quad.object)


def _name(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    return "" if isinstance(term, BlankNode) else str(term)
