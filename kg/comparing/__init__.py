"""How values of one datatype relate: one module a way of comparing, found by being in this folder.

A way knows texts and what they mean, not who states them; `kg.measure` says what is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from kg.extensions import modules
from kg.vocabulary import Vocabulary

UNKNOWN = "unknown"
"""The relation of values that nobody can tell anything about."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a way may look up: the ontology, and which concepts the project says are broader.

    `broader` holds names as `kg.names.aligned` writes them, each with all that cover it.
    """

    vocabulary: Vocabulary
    broader: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Related:
    """How two values relate, and the factor between them where they are amounts in two units."""

    relation: str
    factor: float | None = None


class Way(Protocol):
    """What a module in this folder must have; `DATATYPE` is the local name of the datatype."""

    DATATYPE: str
    RELATIONS: tuple[str, ...]

    def normalise(self, text: str, vocabulary: Vocabulary) -> str:
        """The text as it is kept, whoever wrote it; raises DescriptorInvalid where it is no value
        at all.
        """

    def related(self, first: str, second: str, known: Known) -> Related:
        """How the first value lies to the second; both are as they are kept."""


@cache
def ways() -> Mapping[str, Way]:
    """The ways of comparing, by the datatype that each compares."""
    found: dict[str, Way] = {}
    for module in modules(__name__).values():
        way: Way = module
        found[way.DATATYPE] = way
    return found
