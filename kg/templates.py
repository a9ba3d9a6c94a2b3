"""What `mismatch new` writes: a project's settings and descriptors to fill in, explained.

A descriptor is written as it stands in the ontology, with everything commented out, so it states
nothing until somebody takes the `# ` from a line. Writes no file itself.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TypeAlias

from kg.errors import DescriptorError, NotFound
from kg.namespaces import local, snake
from kg.reading import read_yaml
from kg.values import example
from kg.vocabulary import Attribute, Element, Vocabulary

_WIDTH = 96
_FEW = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """What could be guessed of a project: its id, roles and elements by path, mappings, links.

    A mapping is the name of a training field and of an operational field, a link its key and the
    names of two elements.
    """

    id: str
    roles: tuple[tuple[str, str], ...] = ()
    elements: tuple[tuple[str, str], ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A value that some file states already: as it stands in a descriptor, where, of which
    element.
    """

    text: str
    where: str
    element: str


Known: TypeAlias = Mapping[str, Sequence[Found]]
"""What files state already of the elements of a kind, by attributes' and links' local names."""


def project_file(guess: Guess) -> str:
    """The text of a project's `mismatch.yaml`; what was guessed is marked, all else is an example.

    >>> print(project_file(Guess("loan")).splitlines()[4])
    id: loan  # guessed
    """
    links = [_flow({"link": k, "from": a, "to": b}) for k, a, b in guess.links]
    mappings = [_flow({"from": a, "to": b}) for a, b in guess.mappings]
    lines = [
        *prose("What the files alone do not tell `mismatch check`. All of it may be left out."),
        *prose("Take the `# ` from a line that begins with one to use it."),
        "",
        *prose("How reports call the project; without it, by the name of its folder."),
        f"id: {scalar(guess.id)}  # guessed",
        *_section(
            "roles",
            "Which element a file or folder describes where its content does not say, by path or"
            " pattern. `ignore` leaves it out.",
            _pairs(guess.roles),
            ["data/train.csv: TrainingData", "data/live: OperationalData", "notebooks: ignore"],
        ),
        *_section(
            "elements",
            "Which element a file is about, by name, where the project has several of a kind.",
            _pairs(guess.elements),
            ["models/churn: churn", "deploy/churn.yaml: churn-service"],
        ),
        *_section(
            "mappings",
            "Which field of the training data is which field of the operational data, where their"
            " names differ.",
            [f"- {mapping}" for mapping in mappings],
            ["- {from: age, to: customer_age}"],
        ),
        *_section(
            "links",
            "How elements relate, by name, where there are several of a kind.",
            [f"- {link}" for link in links],
            ["- {link: deployed_in, from: churn, to: churn-service}"],
        ),
        *_section(
            "include",
            "Files to read although they are ignored or passed over, as paths or patterns.",
            [],
            ["- models/current/**"],
        ),
        *_section("exclude", "Files not to read.", [], ["- archive/**"]),
    ]
    return "\n".join(lines) + "\n"


def descriptor_file(
    vocabulary: Vocabulary,
    element: str,
    role: str | None = None,
    known: Known | None = None,
) -> str:
    """The text of a descriptor of the element class, of all attributes or of those one role knows.

    What files state of every element of the class stands at the end, with its values; what is to be
    asked stands before it. Raises NotFound for an element or a role that does not exist.
    """
    described = vocabulary.elements.get(element)
    if described is None:
        names = ", ".join(known.key for known in vocabulary.concrete())
        raise NotFound(f"There is no element {element}", f"Use one of {names}")
    known_role = _role(vocabulary, role)
    attributes = [
        attribute
        for attribute in vocabulary.attributes_of(element).values()
        if not known_role or known_role in attribute.asked_of
    ]
    read = _Read(known or {})
    whole = [attribute.key for attribute in attributes if not attribute.single][:1]
    lines = [
        *_head(described, known_role, whole, read),
        *_links(vocabulary, element, known_role, read),
    ]
    explained: dict[str, str] = {}
    asked = [attribute for attribute in attributes if not read.settles(attribute.name)]
    for title, group in _groups(vocabulary, asked):
        lines += ["", _title(title)]
        for attribute in group:
            lines += ["", *_attribute(vocabulary, attribute, explained, read)]
    settled = [attribute for attribute in attributes if read.settles(attribute.name)]
    if settled:
        lines += ["", _title("Read from files already: state it where they are wrong")]
    for attribute in settled:
        lines += ["", *prose(attribute.definition), *read.told(attribute.name)]
        lines += (f"# {line}" for line in read.stated(attribute))
    return "\n".join(lines) + "\n"


def example_lines(attribute: Attribute, value: str | None = None) -> list[str]:
    """The attribute with its example, or another value, as it stands in a descriptor.

    >>> from kg.vocabulary import load
    >>> example_lines(load().attribute("requiredMemory"))
    ['required_memory: 16 GB']
    >>> example_lines(load().attribute("requiredLanguage"))
    ['required_languages:', '  - Python']
    """
    value = _example(attribute) if value is None else value
    # A key in the plural asks for a list.
    if attribute.single or attribute.key == snake(attribute.name):
        return [f"{attribute.key}: {value}"]
    return [f"{attribute.key}:", f"  - {value}"]


# -- descriptors ----------------------------------------------------------------------------------


def _role(vocabulary: Vocabulary, role: str | None) -> str | None:
    if role is None:
        return None
    found = vocabulary.value("Role", role)
    if found is None:
        raise NotFound(
            f"There is no role {role}", f"Use one of {', '.join(vocabulary.lists['Role'])}"
        )
    return found.name


class _Read:
    """What files state already of the elements of a class."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.elements = sorted({one.element for found in known.values() for one in found})

    def settles(self, name: str) -> bool:
        """Whether files state the attribute of each element that they speak of."""
        return bool(self.elements) and {one.element for one in self._known.get(name, ())} == {
            *self.elements
        }

    def told(self, name: str) -> list[str]:
        """The values with their places, the first few; nothing where there are none."""
        found = self._known.get(name, ())
        lines = [f"{one.text}  {self._at(one)}" for one in found[:_FEW]]
        if len(found) > _FEW:
            lines.append(f"and {len(found) - _FEW} more")
        return ["## Read from files:", *(f"##   {line}" for line in lines)] if found else []

    def stated(self, attribute: Attribute) -> list[str]:
        """The attribute with the first value that was read, or an example where none was."""
        found = self._known.get(attribute.name, ())
        return example_lines(attribute, found[0].text if found else None)

    def _at(self, one: Found) -> str:
        # Mostly the element is called as the folder of the file.
        told = len(self.elements) == 1 or one.where.startswith(one.element)
        return one.where if told else f"{one.element}, {one.where}"


def _title(text: str) -> str:
    return f"## {f' {text} '.center(_WIDTH - 3, '-')}"


def _head(element: Element, role: str | None, whole: list[str], read: _Read) -> list[str]:
    label = element.label
    names = read.elements if len(read.elements) > 1 else []
    known = f" Files speak of {', '.join(names)}." if names else ""
    return [
        *prose(f"{label.capitalize()}: {_lowered(element.definition)}"),
        *prose("Take the `# ` from a line to state it. What you leave as it is, is not stated."),
        f"element: {element.key}",
        "",
        *prose(f"Which {label}, where the project has several.{known}"),
        f"# name: {scalar(names[0]) if names else 'my-' + label.replace(' ', '-')}",
        *prose("Who states all this."),
        f"stated_by: {role}" if role else "# stated_by: data-scientist",
        *prose("Whether the values were measured, not declared."),
        "# observed: true",
        *prose("Keys of lists that are whole: what is not listed there is not there."),
        f"# complete: [{', '.join(whole)}]",
    ]


def _links(vocabulary: Vocabulary, element: str, role: str | None, read: _Read) -> Iterator[str]:
    links = vocabulary.links_of(element).values()
    if not links or role:
        return
    yield ""
    yield from prose(
        "Other elements, by name; needed only where the project has several of a kind."
    )
    for link in links:
        label = vocabulary.elements[link.range].label
        yield from read.told(link.name)
        yield f"# {link.key}: my-{label.replace(' ', '-')}"


def _groups(
    vocabulary: Vocabulary, attributes: Iterable[Attribute]
) -> Iterator[tuple[str, list[Attribute]]]:
    """The attributes by the first mismatch that they inform, in the order of the study's list."""
    waiting = list(attributes)
    triples = vocabulary.triples
    for mismatch in triples.subjects("rdf:type", "mm:Mismatch"):
        group = [attribute for attribute in waiting if mismatch in attribute.informs]
        waiting = [attribute for attribute in waiting if attribute not in group]
        category = triples.value(local(triples.value(mismatch, "skos:broader")), "skos:prefLabel")
        if group:
            yield f"{category}: {triples.value(mismatch, 'skos:prefLabel')}", group
    if waiting:
        yield "Anything else", waiting


def _attribute(
    vocabulary: Vocabulary, attribute: Attribute, explained: dict[str, str], read: _Read
) -> Iterator[str]:
    """The attribute's comments and example; `explained` says where a part's keys stand already."""
    yield from prose(attribute.definition)
    facts = [*_value_facts(vocabulary, attribute, explained)]
    roles = [vocabulary.lists["Role"][role].label for role in attribute.asked_of]
    if roles:
        facts.append(f"Who knows it: {', '.join(roles)}.")
    yield from prose(" ".join(facts))
    yield from read.told(attribute.name)
    yield from (f"# {line}" for line in read.stated(attribute))


def _value_facts(
    vocabulary: Vocabulary, attribute: Attribute, explained: dict[str, str]
) -> Iterator[str]:
    wanted = attribute.range
    if attribute.unit:
        yield "With its unit."
    if wanted.kind == "list":
        members = vocabulary.lists[wanted.name].values()
        yield f"One of {', '.join(one.key for one in members)}."
    if wanted.kind == "part":
        above = explained.setdefault(wanted.name, attribute.key)
        known = vocabulary.attributes_of(wanted.name)
        keys = [key for key in known if f"{key}:" not in attribute.example]
        if above != attribute.key:
            yield f"Each may have what is listed under {above}."
        elif keys:
            yield f"Each may also have {', '.join(keys)}."


def _example(attribute: Attribute) -> str:
    if attribute.range.kind == "part":
        return attribute.example
    written = example(attribute)
    wanted = attribute.range
    # A day that YAML takes for a date is read as it is written, so it needs no quotes.
    return scalar(written) if wanted.name == "string" and not wanted.is_day else written


# -- writing YAML ---------------------------------------------------------------------------------


def _section(key: str, about: str, guessed: list[str], examples: list[str]) -> Iterator[str]:
    yield ""
    yield from prose(about)
    yield f"{key}:" if guessed else f"# {key}:"
    yield from (f"  {line}  # guessed" for line in guessed)
    yield from (f"#   {line}" for line in examples if not guessed)


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{scalar(path)}: {scalar(value)}" for path, value in pairs]


def _flow(found: dict[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {scalar(value, flow=True)}' for key, value in found.items())}}}"


def scalar(text: str, *, flow: bool = False) -> str:
    """The text as YAML takes it for that text: plain where that will do, else in quotes."""
    inside = f"{{key: {text}, other: 1}}" if flow else f"key: {text}  # note"
    try:
        plain = read_yaml(inside).value
    except DescriptorError:
        plain = None
    meant = {"key": text, "other": 1} if flow else {"key": text}
    return text if plain == meant else json.dumps(text, ensure_ascii=False)


def prose(text: str) -> list[str]:
    """The text as comments that are never taken for something to state."""
    lines = wrap(text, _WIDTH - 3, break_long_words=False, break_on_hyphens=False)
    return [f"## {line}" for line in lines]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
