"""The ontology is OWL 2 DL, and OWL 2 RL, in which rules draw every conclusion."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.namespaces import iri
from kg.owl import Departure, Profile, departures
from kg.parsing import NamedNode, Quad, write_rdf
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import ONTOLOGY
from kg.workshop.surroundings import quads

TITLE = "The ontology is OWL 2 DL and RL"

_PROFILES: tuple[tuple[Profile, str, Weight], ...] = (
    ("DL", "No reasoner can be relied on where it is none: say it by other means", Weight.ERROR),
    ("RL", "Rules do not draw what follows from it: say it more plainly", Weight.WARNING),
)

_HEADER = iri("owl:Ontology")


def examine(extension: Extension) -> Iterator[Fault]:
    """Where the extension, with what it speaks of, leaves a profile; RL only where it is DL."""
    named = {iri(term) for quad in quads(extension.on(ONTOLOGY)) for term in _terms(quad)}
    told: set[str] = set()
    with TemporaryDirectory() as folder:
        surroundings = Path(folder) / "surroundings.ttl"
        surroundings.write_bytes(write_rdf(extension.surroundings, "ntriples"))
        root = extension.after.roots[-1]
        files = [surroundings, *(root / file.path for file in extension.on(ONTOLOGY))]
        for profile, hint, weight in _PROFILES:
            for found in departures(files, profile):
                if iri(found.term) in named - told and not _told_elsewhere(extension, found):
                    told.add(iri(found.term))
                    name = extension.called(found.term)
                    what = f"{name} is not used as OWL 2 {profile} has it: {found.message}"
                    yield extension.about(found.term, what, hint, weight)


def _terms(quad: Quad) -> Iterator[str]:
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value


def _told_elsewhere(extension: Extension, found: Departure) -> bool:
    """Whether it is no fault, or the grammar's to tell: that a term is of two kinds, or declared
    nowhere. What stands together here are several ontologies, each with its header.
    """
    of_the_grammar = "punning" in found.message or "undeclared" in found.message
    return _HEADER in found.message or (of_the_grammar and extension.is_own(iri(found.term)))
