"""What a publication is made of: chapters of terms, each with the facts that lead to others.

A term is told the same way whatever it is: its name, its definition, and facts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A word that leads to a term of ours or of others; without an address it is only a word."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said of a term under one heading."""

    heading: str
    values: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term; `place` is its anchor, `kind` what it is in words, `retired` since when and why it
    was given up.
    """

    place: str
    kind: str
    label: str
    definition: str
    iri: str = ""
    facts: tuple[Fact, ...] = ()
    retired: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Terms that stand together; the first may be what the others belong to."""

    title: str
    place: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the publication; `about` names the class of elements that it describes, if any."""

    file: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    about: str = ""

    @property
    def size(self) -> int:
        """How many terms it tells."""
        return sum(len(section.terms) for section in self.sections)
