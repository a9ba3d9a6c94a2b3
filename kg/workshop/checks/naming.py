"""Things are called as things of their kind are: readers know what they look at."""

import re
from collections.abc import Iterator

from kg.namespaces import iri, kebab, local, namespace, stem
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import CASES, QUERIES, SHAPES

TITLE = "Things are called as others of their kind"

_KEBAB = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")
_NUMBERED = re.compile(r"(^|-)(no-?|rule-?|predicate-?)?\d+$")


def examine(extension: Extension) -> Iterator[Fault]:
    """Names that say too much, too little, or it in another way."""
    yield from _files(extension)
    yield from _attributes(extension)
    yield from _namespaces(extension)


def _files(extension: Extension) -> Iterator[Fault]:
    for file in extension.files:
        if file.shelf == CASES:
            continue
        stem = file.stem
        if not _KEBAB.fullmatch(stem):
            yield _odd(file.path, f"{stem} is not in kebab-case", "Rename it: `budget-exceeded`")
        elif file.shelf in {QUERIES, SHAPES} and _NUMBERED.search(stem):
            yield _odd(
                file.path,
                f"The name of the predicate, {stem}, ends in a number",
                "Call it for the fault that it finds",
            )


def _odd(path: str, what: str, hint: str) -> Fault:
    return Fault(path, None, what, hint, Weight.WARNING)


def _attributes(extension: Extension) -> Iterator[Fault]:
    for term in extension.subjects:
        one = extension.after.vocabulary.attributes.get(local(term))
        if one is None or one.domain not in extension.after.vocabulary.elements:
            continue
        name = extension.called(term).rpartition(":")[2]
        if re.match(r"(has|is|get)[A-Z]", name):
            yield extension.about(
                term,
                f"{extension.called(term)} begins as a question or an order, and is a thing",
                "Name the thing: not hasBudget, but budget",
                Weight.WARNING,
            )
        elif _words(stem(one.domain)) in _words(name):
            yield extension.about(
                term,
                f"{extension.called(term)} repeats the name of what it is stated of",
                "Leave it out: descriptors say whose it is",
                Weight.WARNING,
            )


def _words(name: str) -> str:
    """The words of a name, each between two hyphens."""
    return f"-{kebab(name)}-"


def _namespaces(extension: Extension) -> Iterator[Fault]:
    headers = extension.triples.subjects("rdf:type", "owl:Ontology")
    if headers:
        return
    for term in extension.subjects:
        if extension.is_own(term) and not term.startswith(iri("mm:")):
            yield extension.about(
                term,
                f"Nothing says what <{namespace(term)}> is",
                "Describe it as an owl:Ontology, with its dcterms:title",
                Weight.WARNING,
            )
            return
