"""What predicates say of themselves goes with what they ask."""

import re
from collections.abc import Iterator

from kg.catalogue import Predicate, terms
from kg.extensions import modules
from kg.patterns import outline
from kg.translation import query_of
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.places import line_of_word

TITLE = "Every predicate says what it asks"

_VARIABLE = re.compile(r"\{(\w+)\}")


def examine(extension: Extension) -> Iterator[Fault]:
    """Words of messages that no variable fills, unknown statistics, and predicates of nothing."""
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
        yield from _statistics(predicate, file.path, file.text)
        if terms(predicate).isdisjoint(extension.after.vocabulary.attributes):
            yield Fault(
                file.path,
                1,
                "The predicate reads no attribute, so nobody can state what decides it",
                "Read what descriptors state",
                Weight.WARNING,
            )


def _statistics(predicate: Predicate, path: str, text: str) -> Iterator[Fault]:
    known = modules("kg.statistics")
    for name in predicate.statistics:
        if name not in known:
            yield Fault(
                path,
                line_of_word(text, "statistic"),
                f"There is no statistic {name}",
                f"Use one of {', '.join(known)}",
            )
