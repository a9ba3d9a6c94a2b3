"""The ontology is OWL 2 DL, and OWL 2 RL, in which rules draw every conclusion."""

from collections.abc import Iterator
from pathlib import Path

from kg.extensions import knowledge_files
from kg.namespaces import iri
from kg.owl import Departure, Profile, departures
from kg.paths import knowledge_roots
from kg.workshop.extension import Extension, Knowledge
from kg.workshop.faults import Fault, Weight

TITLE = "The ontology is OWL 2 DL and RL"

_PROFILES: tuple[tuple[Profile, str, Weight], ...] = (
    ("DL", "No reasoner can be relied on where it is none: say it by other means", Weight.ERROR),
    ("RL", "Rules do not draw what follows from it: say it more plainly", Weight.WARNING),
)


def examine(extension: Extension) -> Iterator[Fault]:
    """Where the ontology leaves a profile because of the extension; RL only where it is DL."""
    own = {iri(term) for term in extension.subjects}
    told: set[str] = set()
    for profile, hint, weight in _PROFILES:
        known = set(departures(_ontology(extension.before), profile))
        for found in departures(_ontology(extension.after), profile):
            if found in known or found.term in told or _told_by_the_grammar(found, own):
                continue
            told.add(found.term)
            what = f"This is not OWL 2 {profile}: {found.message}"
            yield extension.about(found.term, what, hint, weight)


def _ontology(knowledge: Knowledge) -> list[Path]:
    files = knowledge_files(knowledge_roots(knowledge.roots), "ontology", "ttl")
    return [file for file in files if "derived" not in file.parts]


def _told_by_the_grammar(found: Departure, own: set[str]) -> bool:
    """Whether it is about a term that is not declared, or is of two kinds: the grammar says so of
    what is used in any namespace of ours or the extension's.
    """
    return iri(found.term) in own and "punning" in found.message
