"""Versions: whether those at hand are among those that are needed."""

import re

from kg.comparing import Known, Related
from kg.errors import DescriptorInvalid
from kg.versions import normalise_range, relation
from kg.vocabulary import Vocabulary

_BARE = re.compile(r"v?\d+(?:\.\d+)*")

DATATYPE = "versionSpecifier"
RELATIONS = ("within", "overlaps", "disjoint", "impossible", "unknown")


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """The range as PEP 440 specifiers, whichever of the common notations it is written in; a bare
    version of fewer than three parts means all that begin so, as a tag does.
    """
    return normalise_range(text, "tag" if _BARE.fullmatch(text.strip()) else "any")


def related(first: str, second: str, known: Known) -> Related:
    """How the versions of the second lie to those that the first needs; one that is written by
    itself is meant exactly.
    """
    return Related(relation(_range(first), _range(second)))


def _range(text: str) -> str:
    if text[:1].isdigit():
        try:
            return normalise_range(text, "exact")
        except DescriptorInvalid:
            return text
    return text
