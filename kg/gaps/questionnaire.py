"""The questions of a project as descriptors to fill in, which `mismatch check` reads once they lie
in the project.

Each element has a document of its own. Every question is a comment, and below it stands what would
answer it, commented out: so the file states nothing until somebody takes the `# ` from a line.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from kg.gaps.projects import Asked, ProjectGaps
from kg.gaps.waiting import Missing, Way
from kg.identifiers import known_by_name
from kg.reading import read_yaml
from kg.templates import example_lines, prose, scalar
from kg.vocabulary import Attribute, Vocabulary

_FEW = 3
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How an element begins that a source calls by its IRI."""


@dataclass(slots=True)
class _Entry:
    """What is asked of one attribute, and of the parts that it leads to, by their names."""

    asked: Asked | None = None
    parts: dict[str, dict[str, "_Entry"]] = field(default_factory=lambda: defaultdict(dict))


def questionnaire(project: ProjectGaps, vocabulary: Vocabulary, role: str | None = None) -> str:
    """The project's questions in YAML, element by element."""
    by_element: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    own: list[Asked] = []
    for one in project.questions:
        if isinstance(one.ask, Missing):
            by_element[one.ask.kind, one.ask.element].append(one)
        else:
            own.append(one)
    lines = [
        *prose(
            f"Questions about {project.id}. Take the `# ` from the lines below a question, put your"
            " own values into them, and save this file among the project's descriptors; `mismatch"
            " check` reads it there. What you leave as it is, is not stated."
        )
    ]
    kinds = [kind for kind, _ in by_element]
    for (kind, element), asked in by_element.items():
        lines += ["---", f"element: {vocabulary.kind(kind).key}"]
        if kinds.count(kind) > 1 and element:
            key = '"@id"' if _IRI.match(_name(element)) else "name"
            lines.append(f"{key}: {scalar(_name(element))}")
        lines += [f"stated_by: {role}"] if role else []
        lines += _Writer(vocabulary).block(_tree(kind, asked, vocabulary), "")
    if own:
        lines += ["", *prose("To be answered where it is stated already, more closely:")]
        for one in own:
            items = f" ({', '.join(one.items)})" if one.items else ""
            lines += prose(f"- {_who(one, vocabulary)}: {one.text}{items}")
    return "\n".join(lines) + "\n"


def _tree(kind: str, asked: Iterable[Asked], vocabulary: Vocabulary) -> dict[str, _Entry]:
    """The questions about one element by attribute, those about its parts below these."""
    tree: dict[str, _Entry] = {}
    wanted = {one.attribute for one in asked}
    for one in asked:
        attribute = vocabulary.attributes[one.attribute]
        ways = one.parts or tuple(_guessed(kind, attribute, wanted, vocabulary))
        for way in ways or ((),):
            here = tree
            for step, name in way:
                here = here.setdefault(step, _Entry()).parts[name]
            here.setdefault(attribute.name, _Entry()).asked = one
    return tree


def _guessed(
    kind: str, attribute: Attribute, wanted: set[str], vocabulary: Vocabulary
) -> Iterator[Way]:
    """A way from the element to a part that can state the attribute, where none is known: one whose
    steps are asked for too, or else the shortest.
    """
    if attribute.domain in vocabulary.ancestors(kind):
        return
    found: list[tuple[str, Way]] = [(kind, ())]
    reached: list[Way] = []
    for here, way in found:
        for step in vocabulary.attributes_of(here).values():
            if step.range.kind == "part" and len(way) < _FEW and step.name not in dict(way):
                longer = (*way, (step.name, _named(step)))
                found.append((step.range.name, longer))
                if attribute.domain in vocabulary.ancestors(step.range.name):
                    reached.append(longer)
    if reached:
        yield min(reached, key=lambda way: (sum(s not in wanted for s, _ in way), len(way)))


def _named(step: Attribute) -> str:
    """What the part is called in the attribute's example."""
    return str(_example(step).get("name", "1"))


def _example(attribute: Attribute) -> Mapping[str, object]:
    found = read_yaml(attribute.example).value
    return found if isinstance(found, dict) else {"name": str(found)}


class _Writer:
    """Writes what is asked of one element; a question about several parts is told once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._told: set[str] = set()

    def block(self, tree: Mapping[str, _Entry], indent: str) -> Iterator[str]:
        """The lines of the attributes, each below its question."""
        for name, entry in tree.items():
            attribute = self._vocabulary.attributes[name]
            if not indent:
                yield ""
            if entry.asked and name not in self._told:
                self._told.add(name)
                yield from _question(entry.asked, self._vocabulary)
            if not entry.parts:
                yield from (f"# {indent}{line}" for line in example_lines(attribute))
                continue
            yield f"# {indent}{attribute.key}:"
            for part, inner in entry.parts.items():
                yield from self._part(attribute.range.name, part, inner, f"{indent}  ")

    def _part(
        self, kind: str, part: str, inner: Mapping[str, _Entry], indent: str
    ) -> Iterator[str]:
        lines = list(self.block(inner, f"{indent}  "))
        if known_by_name(kind, self._vocabulary):
            lines.insert(0, f"# {indent}  name: {scalar(part)}")
        first = next(place for place, line in enumerate(lines) if line.startswith("# "))
        lines[first] = f"# {indent}- {lines[first].removeprefix(f'# {indent}  ')}"
        yield from lines


def _question(one: Asked, vocabulary: Vocabulary) -> Iterator[str]:
    decides = f"Decides {one.alone} alone." if one.alone else "Decides with others."
    waiting = ", ".join(one.waiting[:_FEW]) + (", …" if len(one.waiting) > _FEW else "")
    text = f"{one.text} Known by: {_who(one, vocabulary)}. {decides} Waiting: {waiting}."
    yield from prose(text)


def _who(one: Asked, vocabulary: Vocabulary) -> str:
    roles = vocabulary.lists["Role"]
    return ", ".join(roles[role].label for role in one.roles) or "whoever made it"


def _name(element: str) -> str:
    return unquote(element.rpartition("/")[2])
