"""What predicates say of themselves goes with what they ask."""

import re
from collections.abc import Iterator

from kg.catalogue import terms
from kg.patterns import outline
from kg.translation import query_of
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.places import line_of_word

TITLE = "Every predicate says what it asks"

_VARIABLE = re.compile(r"\{(\w+)\}")


def examine(extension: Extension) -> Iterator[Fault]:
    """Words of messages that no variable fills, and predicates of nothing."""
    for predicate in extension.predicates:
        file = extension.file_of(predicate.id)
        variables = outline(query_of(predicate)).variables
        for name in _VARIABLE.findall(predicate.message):
            if name not in variables:
                shown = ", ".join(f"{{{one}}}" for one in variables if one != "verdict")
                yield Fault(
                    file.path,
                    line_of_word(file.text, "message"),
                    f"The message names {{{name}}}, which the query does not select",
                    f"Name one of {shown}, or select ?{name}",
                )
        if terms(predicate).isdisjoint(extension.after.vocabulary.attributes):
            yield Fault(
                file.path,
                1,
                "The predicate reads no attribute, so nobody can state what decides it",
                "Read what descriptors state",
                Weight.WARNING,
            )
