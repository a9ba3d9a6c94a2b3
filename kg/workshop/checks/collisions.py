"""Nothing that the extension names is somebody else's already: ours, or an earlier extension's."""

from collections.abc import Iterator
from itertools import chain

from kg.namespaces import iri, local, prefixes, snake
from kg.triples import Term, Triples
from kg.vocabulary import Attribute, Link, Vocabulary
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import QUERIES, SHAPES
from kg.workshop.places import declared, line_of_prefix

TITLE = "Nothing has a name that is taken"

_DEFINING = frozenset(
    map(
        iri,
        (
            *("rdf:type", "rdfs:label", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"),
            *("skos:definition", "skos:prefLabel", "skos:notation", "mm:unit", "mm:single"),
            *("mm:key", "owl:equivalentClass"),
        ),
    )
)


def examine(extension: Extension) -> Iterator[Fault]:
    """What is defined twice, or called as something else is."""
    yield from _terms(extension)
    yield from _keys(extension)
    yield from _labels(extension)
    yield from _codes(extension)
    yield from _values(extension)
    yield from _predicates(extension)
    yield from _prefixes(extension)


def _terms(extension: Extension) -> Iterator[Fault]:
    before = set(extension.before.vocabulary.triples)
    for subject in extension.subjects:
        known = extension.before.vocabulary.triples.values(subject, "rdf:type")
        changed = [
            verb
            for verb, value in _stated(extension.triples, subject)
            if verb in _DEFINING and (subject, verb, value) not in before
        ]
        if known and changed:
            name, what = extension.called(subject), local(changed[0]).rpartition("#")[2]
            yield extension.about(
                subject,
                f"{name} is defined already, and would get another {what}",
                "Define a term of your own, below it if it is a kind of it",
            )


def _stated(triples: Triples, subject: str) -> Iterator[tuple[str, Term]]:
    return ((verb, value) for one, verb, value in triples if one == subject)


def _keys(extension: Extension) -> Iterator[Fault]:
    taken = {_key(one): one.name for one in _called(extension.before.vocabulary)}
    subjects = set(extension.subjects)
    for one in _called(extension.after.vocabulary):
        other = taken.get(_key(one))
        if iri(one.name) in subjects and other and other != one.name:
            yield extension.about(
                one.name,
                f"{extension.called(one.name)} is called `{_key(one)}` in descriptors, and so is "
                f"{extension.called(other)}",
                "Give it another name, or a mm:key of its own",
            )


def _called(vocabulary: Vocabulary) -> Iterator[Attribute | Link]:
    return chain(vocabulary.attributes.values(), vocabulary.links.values())


def _key(one: Attribute | Link) -> str:
    """What it would be called if it were alone: extensions' keys may carry a prefix."""
    return one.key.rpartition(":")[2] or snake(one.name)


def _labels(extension: Extension) -> Iterator[Fault]:
    known, subjects = extension.after.vocabulary, set(extension.subjects)
    for one in known.attributes.values():
        if iri(one.name) not in subjects:
            continue
        home = {one.domain, *known.ancestors(one.domain)}
        for other in extension.before.vocabulary.attributes.values():
            same = other.label.lower() == one.label.lower() and other.name != one.name
            if same and other.domain in home:
                yield extension.about(
                    one.name,
                    f"People would not tell {extension.called(one.name)} from "
                    f"{extension.called(other.name)}: both are the “{one.label}”",
                    "Give it a label of its own, or use the other",
                    Weight.WARNING,
                )


def _codes(extension: Extension) -> Iterator[Fault]:
    before = extension.before.catalogue.mismatches
    for subject in extension.subjects:
        for code in extension.triples.values(subject, "skos:notation"):
            if code in before and iri(before[code].name) != subject:
                yield extension.about(
                    subject,
                    f"The code {code} is that of “{before[code].label}” already",
                    "Give your mismatch a code of its own",
                )


def _values(extension: Extension) -> Iterator[Fault]:
    for name, members in extension.after.vocabulary.lists.items():
        theirs = extension.before.vocabulary.lists.get(name, {})
        taken = {text.lower(): v.name for v in theirs.values() for text in v.names}
        for value in members.values():
            clashes = {text.lower() for text in value.names} & taken.keys()
            if value.name not in theirs and clashes:
                text = min(clashes)
                yield extension.about(
                    value.name,
                    f"Who writes “{text}” means {extension.called(taken[text])} already",
                    "Give the value names that no other of its list has",
                )


def _predicates(extension: Extension) -> Iterator[Fault]:
    for shelf in (QUERIES, SHAPES):
        for file in extension.on(shelf):
            name = file.stem
            if name in extension.before.catalogue.predicates:
                yield Fault(
                    file.path,
                    1,
                    f"There is a predicate {name} already, in whose place this one would be run",
                    "Call it for the fault that only it finds",
                )


def _prefixes(extension: Extension) -> Iterator[Fault]:
    for file in extension.files:
        for prefix, namespace in declared(file.text).items():
            ours = prefixes().get(prefix, namespace)
            if ours != namespace:
                yield Fault(
                    file.path,
                    line_of_prefix(file.text, prefix),
                    f"The prefix {prefix}: stands for <{ours}> everywhere else",
                    "Give your namespace a prefix of its own",
                )
