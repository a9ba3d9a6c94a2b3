"""Makes the two pages to read: what can be stated of each element, and what detects each mismatch.

They are tables for looking things up, not a tutorial.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.derive import NOTE
from kg.derive._tables import head, page, row
from kg.derive._words import expected, sentence
from kg.namespaces import iri, stem
from kg.vocabulary import Attribute, Element, Vocabulary

_RATERS = ("all", "data-scientist", "software-engineer", "operations")

_VOCABULARY = """# Vocabulary

What can be stated of the elements of a machine-learning-enabled system: {attributes} attributes
of {elements} classes of elements and {parts} classes of parts. An attribute is shown by its key in
YAML and JSON. *One* marks those of which one value is true at a time: two sources that state two
values contradict each other. Nothing has to be stated.

Values with a unit are stored in it; `16 GB` or `250 ms` may be written instead. The units:
"""

_MISMATCHES = """# Mismatches

What one stakeholder needs to know about an element and others did not tell, or told differently:
{mismatches} subcategories with the study's evidence, what informs each, and what detects it.

*Told* counts the examples from interviews that were coded so. The columns after it count those in
a survey who rated the information as important or very important, of all who answered.
"""


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """The page of the vocabulary and the page of the mismatches, in Markdown."""
    return {
        "docs/vocabulary.md": page(NOTE, _vocabulary(vocabulary, catalogue)),
        "docs/mismatches.md": page(NOTE, _mismatches(vocabulary, catalogue)),
    }


# -- vocabulary -----------------------------------------------------------------------------------


def _vocabulary(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[str]:
    readers = _readers(catalogue)
    yield _VOCABULARY.format(
        attributes=len(vocabulary.attributes),
        elements=len(vocabulary.elements),
        parts=len(vocabulary.parts),
    )
    yield from _units(vocabulary)
    yield from ("## Elements", "")
    for element in vocabulary.elements.values():
        yield from _class(vocabulary, readers, element)
        yield from _links(vocabulary, element)
    yield from ("## Parts", "")
    for part in vocabulary.parts.values():
        yield from _class(vocabulary, readers, part)
    yield from ("## Value lists", "")
    for name in sorted(vocabulary.lists):
        yield from _list(vocabulary, name)


def _units(vocabulary: Vocabulary) -> Iterator[str]:
    units = {a.unit_name: a.unit for a in vocabulary.attributes.values() if a.unit}
    for name, unit in sorted(units.items()):
        definition = vocabulary.triples.value(unit, "skos:definition")
        yield f"- [`{name}`]({iri(unit)})" + (f": {definition}" if definition else "")
    yield ""


def _class(
    vocabulary: Vocabulary, readers: Mapping[str, list[str]], kind: Element
) -> Iterator[str]:
    yield from (f"### {sentence(kind.label)}", "", kind.definition, "")
    above = [name for name in vocabulary.ancestors(kind.name)[1:] if _is_class(vocabulary, name)]
    inherited = f" Also has what is stated of {', '.join(f'`{vocabulary.key(n)}`' for n in above)}."
    yield from (f"Class `{kind.key}`.{inherited if above else ''}", "")
    own = [a for a in vocabulary.attributes.values() if a.domain == kind.name]
    if own:
        yield from head("key", "meaning", "values", "known by", "informs", "read by")
        for attribute in sorted(own, key=lambda attribute: attribute.key):
            yield _attribute(vocabulary, readers, attribute)
        yield ""


def _is_class(vocabulary: Vocabulary, name: str) -> bool:
    return name in vocabulary.elements or name in vocabulary.parts


def _attribute(
    vocabulary: Vocabulary, readers: Mapping[str, list[str]], attribute: Attribute
) -> str:
    values = expected(vocabulary, attribute)
    return row(
        f"`{attribute.key}`",
        f"{attribute.definition} Such as `{attribute.example}`",
        f"*one*: {values}" if attribute.single else values,
        ", ".join(_role(vocabulary, role) for role in attribute.asked_of),
        ", ".join(_code(vocabulary, name) for name in attribute.informs),
        ", ".join(f"`{name}`" for name in _reading(readers, attribute)),
    )


def _reading(readers: Mapping[str, list[str]], attribute: Attribute) -> list[str]:
    """The predicates that read the attribute, or one for which its values count."""
    own, *wider = (readers.get(name, []) for name in (attribute.name, *attribute.above))
    return [*own, *sorted({name for names in wider for name in names} - set(own))]


def _links(vocabulary: Vocabulary, element: Element) -> Iterator[str]:
    links = [link for link in vocabulary.links.values() if link.domain == element.name]
    for link in sorted(links, key=lambda link: link.key):
        target = vocabulary.elements[link.range].label
        yield f"- `{link.key}` leads to *{target}*: {link.definition}"
    if links:
        yield ""


def _list(vocabulary: Vocabulary, name: str) -> Iterator[str]:
    triples = vocabulary.triples
    yield from (f"### {sentence(triples.value(name, 'rdfs:label'))}", "")
    yield from (triples.value(name, "skos:definition"), "")
    yield from head("value", "meaning", "also called")
    for value in sorted(vocabulary.lists[name].values(), key=lambda value: value.name):
        others = [other for other in value.names if other != value.key]
        yield row(f"`{value.key}`", value.definition, ", ".join(others))
    yield ""


def _readers(catalogue: Catalogue) -> dict[str, list[str]]:
    """The predicates that read each term."""
    found: dict[str, list[str]] = defaultdict(list)
    for predicate in catalogue.predicates.values():
        for term in terms(predicate):
            found[term].append(predicate.id)
    return found


def _role(vocabulary: Vocabulary, name: str) -> str:
    return vocabulary.lists["Role"][name].label


def _code(vocabulary: Vocabulary, name: str) -> str:
    return f"[{vocabulary.triples.value(name, 'skos:notation')}](mismatches.md#{stem(name)})"


# -- mismatches -----------------------------------------------------------------------------------


def _mismatches(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[str]:
    known = catalogue.mismatches.values()
    yield _MISMATCHES.format(mismatches=len(known))
    roles = (_role(vocabulary, role) if role != "all" else role for role in _RATERS)
    yield from head("code", "mismatch", "told", *roles, "detected by")
    for mismatch in known:
        yield _summary(catalogue, mismatch)
    yield ""
    category = ""
    for mismatch in known:
        if mismatch.category != category:
            category = mismatch.category
            yield from (f"## {category}", "")
        yield from _mismatch(vocabulary, catalogue, mismatch)


def _summary(catalogue: Catalogue, mismatch: Mismatch) -> str:
    return row(
        f"[{mismatch.code}](#{stem(mismatch.name)})",
        mismatch.label,
        "" if mismatch.interviews is None else str(mismatch.interviews),
        *(_share(mismatch, role) for role in _RATERS),
        ", ".join(f"`{predicate.id}`" for predicate in _detectors(catalogue, mismatch)),
    )


def _share(mismatch: Mismatch, role: str) -> str:
    if role not in mismatch.ratings:
        return ""
    important, asked = mismatch.ratings[role]
    return f"{important} of {asked}"


def _mismatch(vocabulary: Vocabulary, catalogue: Catalogue, mismatch: Mismatch) -> Iterator[str]:
    # An anchor of its own: several categories have a subcategory of the same label.
    yield from (f'### <a id="{stem(mismatch.name)}"></a>{mismatch.code}: {mismatch.label}', "")
    yield from (mismatch.definition, "")
    note = vocabulary.triples.value(mismatch.name, "mm:discrepancy")
    if note:
        yield from (f"The paper's text and the study's data differ here: {note}.", "")
    informing = [a for a in vocabulary.attributes.values() if mismatch.name in a.informs]
    if informing:
        yield from (f"Informed by {'; '.join(_homes(vocabulary, informing))}.", "")
    detectors = _detectors(catalogue, mismatch)
    for predicate in detectors:
        yield f"- `{predicate.id}` ({predicate.kind}): {predicate.when}"
    if not detectors:
        yield "No predicate detects it yet."
    yield ""


def _homes(vocabulary: Vocabulary, attributes: Iterable[Attribute]) -> Iterator[str]:
    """The attributes, gathered by the class that they are stated of."""
    found: dict[str, list[str]] = defaultdict(list)
    for attribute in sorted(attributes, key=lambda a: (a.domain, a.key)):
        found[attribute.domain].append(f"`{attribute.key}`")
    for domain, keys in found.items():
        kind = vocabulary.kind(domain)
        yield f"{', '.join(keys)} of *{kind.label}*"


def _detectors(catalogue: Catalogue, mismatch: Mismatch) -> list[Predicate]:
    return [p for p in catalogue.predicates.values() if mismatch.code in p.detects]
