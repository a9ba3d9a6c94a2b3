"""Predicates, mismatches and attributes in words: what each means and where it comes from."""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from functools import partial

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.errors import NotFound
from kg.explaining.figures import NOTE, Figures
from kg.namespaces import kebab, stem
from kg.reports._page import Page, padded, widest
from kg.reports._words import people
from kg.templates import example_lines
from kg.visible import flowing, visible
from kg.vocabulary import Attribute, Vocabulary

_LISTED = 12
_WIDEST_NAME = 30
_KINDS = {
    "integer": "a whole number",
    "double": "a number",
    "boolean": "true or false",
    "string": "a text",
    "dateTime": "a moment",
}
_UNITS = {
    "BYTE": "bytes",
    "MicroSEC": "microseconds",
    "MilliProcessor": "thousandths of a processor",
    "NUM": "",
    "PERCENT": "percent",
}


class Explainer:
    """Finds what a name means, and writes it on a page."""

    def __init__(self, vocabulary: Vocabulary, catalogue: Catalogue, page: Page) -> None:
        self._vocabulary = vocabulary
        self._catalogue = catalogue
        self._page = page
        self._figures = Figures(catalogue.mismatches.values())

    def explain(self, name: str) -> None:
        """Write all that goes by the name; raises NotFound with the names that are near."""
        found = list(self._called(name.strip().lower()))
        if not found:
            raise NotFound(f"Nothing is called {name}", self._advice(name))
        for number, write in enumerate(found):
            self._page.gap(2 if number else 0)
            write()

    def _called(self, name: str) -> Iterator[Callable[[], None]]:
        for predicate in self._catalogue.predicates.values():
            if name == predicate.id:
                yield partial(self._predicate, predicate)
        for mismatch in self._catalogue.mismatches.values():
            called = (mismatch.code, mismatch.name, stem(mismatch.name), mismatch.label)
            if name in {text.lower() for text in called}:
                yield partial(self._mismatch, mismatch)
        for attribute in self._vocabulary.attributes.values():
            written = self._vocabulary.curie(attribute.name)
            called = (attribute.name, attribute.key, attribute.label, written)
            if name in {text.lower() for text in called}:
                yield partial(self._attribute, attribute)

    def _advice(self, name: str) -> str:
        known = [*self._catalogue.predicates, *self._catalogue.mismatches]
        known += [a.key for a in self._vocabulary.attributes.values()]
        by_low = {one.lower(): one for one in known}
        near = get_close_matches(name.lower(), by_low, n=5, cutoff=0.5)
        near += [low for low in by_low if len(name) > 2 and name.lower() in low]  # noqa: PLR2004
        names = [by_low[low] for low in dict.fromkeys(near)][:6]
        if names:
            return f"Near it are {', '.join(names)}"
        return "Name a predicate, a mismatch such as OE.ComputingResources, or an attribute"

    # -- a predicate -------------------------------------------------------------------------------

    def _predicate(self, one: Predicate) -> None:
        self._title(one.id, f"predicate, {one.kind}, {one.severity}", one.label)
        self._texts("When", [one.when])
        self._texts("Consequence", [one.hurts])
        self._texts("Remedy", [one.remedy])
        self._texts(f"Why it is {_article(one.severity)} {one.severity}", [one.because])
        self._pairs("Whom to ask", [(people(role), text) for role, text in one.ask.items()])
        self._texts("Formally", [one.formal])
        first = "Its findings rank by the first of these. " if len(one.detects) > 1 else ""
        self._studied("What it detects", one.detects, first)
        read = [
            self._vocabulary.attributes[n]
            for n in sorted(terms(one))
            if n in self._vocabulary.attributes
        ]
        self._pairs("What it reads", [(a.key, self._defined(a)) for a in read])
        self._lines("For example, state", _examples(read))
        form = {"sparql": "SPARQL", "shacl": "SHACL"}.get(one.form, one.form)
        study = f"The study's examples {', '.join(one.study)}." if one.study else ""
        numbers = "Rules" if len(one.tec) > 1 else "Rule"
        rules = f"{numbers} {', '.join(one.tec)} of the SEI's tool." if one.tec else ""
        self._texts(
            "Where it comes from", [one.source, study, rules, f"Written in {form}: {one.file}"]
        )

    # -- a mismatch --------------------------------------------------------------------------------

    def _mismatch(self, one: Mismatch) -> None:
        self._title(one.code, f"mismatch, {one.category}", one.label)
        self._texts("What it is", [one.definition])
        if self._figures.sentence(one):
            self._section("What the study found")
            self._found(one, indent=2)
        if one.ratings:
            self._page.paragraph(NOTE, indent=2)
        detecting = [p for p in self._catalogue.predicates.values() if one.code in p.detects]
        self._pairs("What detects it", [(p.id, p.when) for p in detecting])
        informing = [a for a in self._vocabulary.attributes.values() if one.name in a.informs]
        self._pairs("What informs it", [(a.key, self._defined(a)) for a in informing])
        self._lines("For example, state", _examples(informing[:3]))
        if not detecting:
            self._texts("What detects it", ["No predicate detects it yet."])

    # -- an attribute ------------------------------------------------------------------------------

    def _defined(self, one: Attribute) -> str:
        return f"{self._vocabulary.key(one.domain)}: {one.definition}"

    def _attribute(self, one: Attribute) -> None:
        written = self._vocabulary.curie(one.name)
        self._title(one.key, f"attribute of {self._vocabulary.key(one.domain)}", one.label)
        self._texts("What it is", [one.definition])
        self._texts("What it is called", [f"{one.key} in YAML and JSON, {written} in RDF."])
        above = [self._vocabulary.attribute(name) for name in one.above]
        self._pairs("What it counts for", [(a.key, self._defined(a)) for a in above])
        self._texts("What its value is", [self._range(one)])
        self._lines("For example", _examples([one]))
        self._texts("Who knows it", [", ".join(map(people, one.asked_of))])
        codes = [m.code for m in self._catalogue.mismatches.values() if m.name in one.informs]
        self._studied("What it informs", codes)
        counting = {one.name, *one.above}
        reading = [p for p in self._catalogue.predicates.values() if counting & terms(p)]
        self._pairs("What reads it", [(p.id, p.when) for p in reading])

    def _range(self, one: Attribute) -> str:
        number = "One value" if one.single else "Any number of values"
        if one.range.kind == "list":
            members = [value.key for value in self._vocabulary.lists[one.range.name].values()]
            more = ", …" if len(members) > _LISTED else ""
            return f"{number}: {', '.join(members[:_LISTED])}{more}."
        if one.range.kind == "part":
            keys = ", ".join(self._vocabulary.attributes_of(one.range.name))
            label = self._vocabulary.parts[one.range.name].label
            return f"{number}: {_article(label)} {label} with {keys}."
        unit = _UNITS.get(one.unit_name, one.unit_name)
        kept = f", kept in {unit}; another unit can be written" if unit else ""
        kind = "a day" if one.range.is_day else _KINDS[one.range.name]
        return f"{number}: {kind}{kept}."

    # -- what they share ---------------------------------------------------------------------------

    def _studied(self, title: str, codes: Iterable[str], note: str = "") -> None:
        """Each mismatch with what the study found of it."""
        known = [self._catalogue.mismatches[code] for code in codes]
        if known:
            self._section(title)
        for one in known:
            self._page.paragraph(f"{visible(one.code)}: {flowing(one.definition)}", indent=2)
            self._found(one, indent=4)
        if any(one.ratings for one in known):
            self._page.paragraph(f"{note}{NOTE}", indent=2)

    def _found(self, one: Mismatch, indent: int) -> None:
        sentence = self._figures.sentence(one)
        if sentence:
            self._page.paragraph(sentence, indent=indent)
        for row in self._figures.rows(one):
            self._page.row(row, indent=indent + 2)

    def _section(self, title: str) -> None:
        self._page.gap()
        self._page.row((title, "bold"))

    def _title(self, name: str, what: str, label: str) -> None:
        self._page.between((visible(name), "bold"), right=(what, "dim"))
        self._page.paragraph(flowing(label))

    def _texts(self, title: str, texts: list[str]) -> None:
        self._pairs(title, [("", text) for text in texts if text])

    def _pairs(self, title: str, pairs: list[tuple[str, str]]) -> None:
        if pairs:
            self._section(title)
        column = widest(visible(name) for name, _ in pairs if len(name) <= _WIDEST_NAME)
        for name, text in pairs:
            head = f"  {padded(visible(name), column)}{'  ' if column else ''}"
            self._page.entry(head, flowing(text))

    def _lines(self, title: str, lines: list[str]) -> None:
        if lines:
            self._section(title)
        for line in lines:
            self._page.row(line, indent=2)


def _examples(attributes: list[Attribute]) -> list[str]:
    """The attributes as a descriptor would state them, element by element."""
    lines: list[str] = []
    for domain in dict.fromkeys(a.domain for a in attributes):
        lines.append(f"# {kebab(domain).replace('-', ' ')}")
        for attribute in (a for a in attributes if a.domain == domain):
            lines += map(visible, example_lines(attribute))
    return lines


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
