"""Units: whether numbers in the one are numbers in the other, once they are multiplied."""

from kg.comparing import Known, Related
from kg.units import between
from kg.vocabulary import Vocabulary

DATATYPE = "unitName"
RELATIONS = ("same", "convertible", "incommensurable", "unknown")


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """The name as it is written, without needless spaces."""
    return " ".join(text.split())


def related(first: str, second: str, known: Known) -> Related:
    """How the two units relate, and what a number in the first is multiplied by.

    Of temperatures, which differ in where they begin, no factor tells.
    """
    return Related(*between(first, second))
