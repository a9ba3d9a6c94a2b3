"""Concepts: whether the one is the other, or a kind of it, as the project's glossary has it.

A concept that is written as an IRI is known by its last step. Names are compared without regard to
how they are written; that two names mean one thing is never guessed.
"""

import re

from kg.comparing import UNKNOWN, Known, Related
from kg.names import aligned
from kg.vocabulary import Vocabulary

DATATYPE = "conceptName"
RELATIONS = ("same", "narrower", "broader", "unrelated", "unknown")

_IRI = re.compile(r"(?:[A-Za-z][\w+.-]*://|urn:|[A-Za-z][\w-]*:(?=\w))\S+")


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """The name as it is written, without needless spaces."""
    return " ".join(text.split())


def related(first: str, second: str, known: Known) -> Related:
    """Whether the first concept is the second, a narrower one, a broader one, or neither."""
    one, other = concept(first), concept(second)
    if not one or not other:
        return Related(UNKNOWN)
    if one == other:
        return Related("same")
    if other in known.broader.get(one, ()):
        return Related("narrower")
    return Related("broader" if one in known.broader.get(other, ()) else "unrelated")


def concept(name: str) -> str:
    """What a concept's name is compared by.

    >>> concept("http://qudt.org/vocab/quantitykind/AirTemperature") == concept("air temperature")
    True
    """
    text = name.strip()
    if _IRI.fullmatch(text):
        text = re.split(r"[/#:]", text.rstrip("/#"))[-1]
    return aligned(text) if text else ""
