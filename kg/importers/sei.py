"""The SEI's descriptors of ML-enabled systems, as people write them and as its own tool saves them.

What each of their keys means stands in `ontology/alignments/sei-descriptors.ttl`; this module walks
a file along that table. It does not judge a file by their schemas, from which even their own tool
deviates: keys may be missing, be of an older version, or hold numbers as text. It does not take for
a statement what the tool's form holds before anybody types; only a blank mapping in a row that is
otherwise filled says something, namely that nothing corresponds.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

from kg.alignments import (
    CONVERTED,
    NEVER_ZERO,
    NONE_WHEN_BLANK,
    VERSIONS,
    WHOLE,
    Alignment,
    Key,
    blank,
    read_alignment,
    says_nothing,
    untouched_groups,
    zero,
)
from kg.errors import DescriptorError, DescriptorInvalid, KnowledgeError
from kg.reading import Tree, read_json
from kg.reading import pointer as steps
from kg.statements import Node, Notes, Place, Reading, Source, Statement, Subject
from kg.units import quantity
from kg.vocabulary import Attribute, Literal, Vocabulary, load

TITLE = "SEI descriptors 1.0 to 1.2 (JSON)"
FILES = "any `.json` file with the keys of such a descriptor"
BY_CONTENT = True
STATES: frozenset[str] = frozenset()

# Longer than any descriptor that a person would write, short enough to look into every JSON file.
_LARGEST = 2**20
# How many keys of one kind tell a descriptor: with its version, and without.
_FEW, _MANY = 2, 4
_DEEPEST = 4
_COMMON = {"version", "documentation"}
_KEY = re.compile(r'"(\w+)"\s*:')
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")

_MAPPING = "component_mapping"

_NOT_GIVEN = "not given"
_SAID_NONE = "blank: it is mapped to nothing"
_SAID_BESIDE = "the name is given beside it"


def claims(source: Source) -> bool:
    """Whether the keys are those of a descriptor, or the file is broken and named like one."""
    if source.suffix != ".json":
        return False
    table = _alignment(source.knowledge)
    head = source.plain.decode(errors="ignore")
    words = set(_KEY.findall(head)) - _COMMON
    hits = max(len(words & tops) for tops in _all_tops(source.knowledge))
    named = _named(source.path, table) is not None
    if hits < _FEW and not named:
        return False
    try:
        text = source.text(_LARGEST)
    except DescriptorError:
        return named
    try:
        return _kind(read_json(text).value, source.path, table) is not None
    except DescriptorError:
        return named or hits >= _MANY


def read(source: Source) -> Reading:
    """What the descriptor states of its one element, which these files never name."""
    table = _alignment(source.knowledge)
    tree = read_json(source.text())
    kind = _kind(tree.value, source.path, table)
    if kind is None or not isinstance(tree.value, dict):
        raise DescriptorInvalid(
            "Its keys are those of none of the SEI's eight descriptors",
            f"Name the file after one of them: {', '.join(f'{name}.json' for name in table.kinds)}",
        )
    notes = Notes()
    element = notes.about(Node(table.kinds[kind], named=False))
    walk = _Walk(tree, table, source.vocabulary, notes)
    walk.members(tree.value, "", kind, [_Owner(element, table.kinds[kind])])
    for pointer, line in tree.duplicates:
        notes.pass_over("the key stands twice, and its first value counts", line, pointer)
    return notes.reading(source.path)


# -- which descriptor a file is -------------------------------------------------------------------


@cache
def _alignment(knowledge: tuple[Path, ...]) -> Alignment:
    return read_alignment(load(knowledge))


@cache
def _all_tops(knowledge: tuple[Path, ...]) -> tuple[set[str], ...]:
    """The keys at the top of each kind."""
    table = _alignment(knowledge)
    return tuple(_tops(table, kind) for kind in table.kinds)


def _tops(table: Alignment, kind: str) -> set[str]:
    """The keys at the top of a kind, without those that all kinds have."""
    return {key.name for key in table.below(kind)} - _COMMON


def _named(path: PurePosixPath, table: Alignment) -> str | None:
    """The kind that the file's name ends in: `trained_model.json`, `Churn - Trained Model.json`."""
    words = re.sub(r"[\s_-]+", "_", path.stem.lower())
    return next((kind for kind in table.kinds if words == kind or words.endswith(f"_{kind}")), None)


def _kind(value: object, path: PurePosixPath, table: Alignment) -> str | None:
    """The kind that most of the keys are of; the file's name decides between equals."""
    if not isinstance(value, dict):
        return None
    words = {*value} - _COMMON
    named = _named(path, table)
    inner = Counter(
        kind for word in _paths(value) for kind in table.kinds if f"{kind}/{word}" in table.keys
    )
    best = max(table.kinds, key=lambda kind: (inner[kind], kind == named))
    hits = len(words & _tops(table, best))
    needed = 1 if best == named else _FEW if str(value.get("version")) in VERSIONS else _MANY
    if hits >= needed and hits * 2 >= len(words):
        return best
    # Nothing but what all kinds have: then only the name can tell.
    return named if not words and "version" in value else None


def _paths(value: object, above: str = "") -> Iterator[str]:
    """The paths of all keys, those of a list's members once each time."""
    if isinstance(value, list):
        for item in value:
            yield from _paths(item, above)
    elif isinstance(value, dict) and above.count("/") < _DEEPEST:
        for key, item in value.items():
            yield f"{above}{key}"
            yield from _paths(item, f"{above}{key}/")


# -- the walk ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Owner:
    """The element, or a part around a key, with its class."""

    subject: Subject
    kind: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """One key of the file: where it stands, its path in the alignment, and what it is in."""

    pointer: str
    path: str
    owners: Sequence[_Owner]


class _Walk:
    """Goes through one file from the outside in.

    Every leaf ends as a statement, as passed over, or as a problem.
    """

    def __init__(self, tree: Tree, table: Alignment, vocabulary: Vocabulary, notes: Notes) -> None:
        self._tree = tree
        self._table = table
        self._vocabulary = vocabulary
        self._notes = notes
        self._inner_lists: Counter[tuple[Node, str]] = Counter()
        self._mapped: dict[Node, object] = {}

    def members(
        self, found: Mapping[str, object], pointer: str, path: str, owners: Sequence[_Owner]
    ) -> None:
        """Takes down what an object's keys say."""
        untouched = set[str]().union(*untouched_groups(found))
        beside = any(key.startswith("other_") and not blank(found[key]) for key in found)
        for key, value in found.items():
            spot = _Spot(pointer + steps(key), f"{path}/{key}", owners)
            other = isinstance(value, str) and value.strip().lower() == "other"
            known = None if "/" in key else self._table.keys.get(spot.path)
            if known is None:
                self._pass_over("not a key of these descriptors", spot.pointer)
            elif blank(value) and self._says_none(known, spot):
                self._pass_over(_SAID_NONE, spot.pointer)
            elif key in untouched or blank(value):
                self._pass_over(_NOT_GIVEN, spot.pointer)
            elif other and beside:
                self._pass_over(_SAID_BESIDE, spot.pointer)
            elif known.attributes:
                self._known(value, spot, known)
            elif isinstance(value, dict):
                self.members(value, spot.pointer, spot.path, owners)
            else:
                self._problem("an object of keys is expected here", spot.pointer)

    def _says_none(self, key: Key, spot: _Spot) -> bool:
        """Whether the blank key says that its part has no such thing, which is then noted."""
        if not key.attributes or key.attribute.name not in NONE_WHEN_BLANK:
            return False
        self._notes.complete(self._owner(key.attribute, spot).subject.node, key.attribute.name)
        return True

    def _known(self, value: object, spot: _Spot, key: Key) -> None:
        """Takes down the value of a key that the alignment knows."""
        if key.is_part:
            self._rows(value, spot, key)
        elif isinstance(value, dict) and self._table.is_time(key):
            self._time(value, spot, key.attribute)
        elif isinstance(value, list):
            self._items(value, spot, key)
        else:
            self._leaf(value, spot, key)

    def _items(self, values: list[object], spot: _Spot, key: Key) -> None:
        """Takes down a list of plain values."""
        whole = True
        for position, value in enumerate(values):
            item = _Spot(spot.pointer + steps(position), spot.path, spot.owners)
            if blank(value):
                self._pass_over(_NOT_GIVEN, item.pointer)
            else:
                whole &= self._leaf(value, item, key)
        owner = self._owner(key.attribute, spot)
        if whole and not all(map(blank, values)):
            if owner is spot.owners[0]:
                self._complete(owner, key.attribute)
            else:
                self._inner_lists[owner.subject.node, key.attribute.name] += 1

    def _rows(self, value: object, spot: _Spot, key: Key) -> None:
        """Takes down a list of objects, or one object, each of which is a part."""
        rows = value if isinstance(value, list) else [value]
        owner = self._owner(key.attribute, spot)
        outer, self._inner_lists = self._inner_lists, Counter()
        given, whole = 0, isinstance(value, list)
        for position, row in enumerate(rows):
            pointer = spot.pointer + steps(position) if isinstance(value, list) else spot.pointer
            if not isinstance(row, dict):
                whole = False
                self._problem("an object of keys is expected here", pointer)
            elif says_nothing(row, key):
                self._pass_over(_NOT_GIVEN, pointer)
            else:
                given += 1
                at = _Spot(pointer, spot.path, spot.owners)
                whole &= self._part(row, at, key.attribute, given)
        if given and whole:
            self._complete(owner, key.attribute)
        for (node, name), lists in self._inner_lists.items():
            if lists == given and name in WHOLE:
                self._notes.complete(node, name)
        self._inner_lists = outer

    def _part(
        self, row: Mapping[str, object], spot: _Spot, attribute: Attribute, position: int
    ) -> bool:
        """Takes down one part; tells whether it has the name that a whole list needs."""
        owner = self._owner(attribute, spot).subject
        called = self._name(row, spot)
        node = owner.node.part(attribute.name, called or f"#{position}")
        # What goes to two components stands twice, each time with another mapping.
        mapping = row.get(_MAPPING)
        if self._mapped.setdefault(node, mapping) != mapping:
            where = " ".join(map(str, mapping.values())) if isinstance(mapping, dict) else ""
            node = owner.node.part(attribute.name, f"{called} ({where.strip() or 'nowhere'})")
        place = Place(self._tree.line(spot.pointer), spot.pointer)
        self._notes.add(Statement(owner.node, attribute.name, node, place))
        part = _Owner(Subject(self._notes, node), attribute.range.name)
        if part.kind == "ProcessingStep":
            part.subject.state("stepPosition", position, line=place.line, pointer=spot.pointer)
        self.members(row, spot.pointer, spot.path, [part, *spot.owners])
        return bool(called) or "NamedPart" not in self._vocabulary.ancestors(part.kind)

    def _name(self, row: Mapping[str, object], spot: _Spot) -> str:
        """What the row calls itself, be it beside an `Other`."""
        names = [
            str(value).strip()
            for key, value in row.items()
            if (known := self._table.keys.get(f"{spot.path}/{key}"))
            and [attribute.name for attribute in known.attributes] == ["name"]
            and not blank(value)
        ]
        return next((name for name in names if name.lower() != "other"), "".join(names[:1]))

    def _time(self, found: Mapping[str, object], spot: _Spot, attribute: Attribute) -> None:
        """Takes down a time, which is a number and a unit beside it; a unit is never guessed."""
        time, unit = found.get("time"), found.get("unit")
        place = spot.pointer + steps("time")
        for key in found.keys() - {"time", "unit"}:
            self._pass_over("not a key of these descriptors", spot.pointer + steps(key))
        if blank(time) or zero(time):
            for key in found.keys() & {"time", "unit"}:
                self._pass_over(_NOT_GIVEN, spot.pointer + steps(key))
            return
        try:
            amount = quantity(_plain(time), "MicroSEC", default="" if blank(unit) else str(unit))
        except DescriptorError as error:
            if blank(unit):
                self._pass_over("the unit of the time is not given", place)
            else:
                self._problem(str(error), place)
            return
        given = f"{self._tree.text(place)} {unit or ''}".strip()
        owner = self._owner(attribute, spot).subject
        owner.state(attribute.name, amount, line=self._tree.line(place), pointer=place, given=given)

    def _leaf(self, value: object, spot: _Spot, key: Key) -> bool:
        """Takes down one value as each attribute that can hold it; tells whether any can."""
        if zero(value) and key.attribute.name in NEVER_ZERO:
            self._pass_over(_NOT_GIVEN, spot.pointer)
            return True
        refusals: list[str] = []
        for attribute in key.attributes:
            try:
                literal = self._literal(value, spot, attribute, key.unit)
            except DescriptorError as error:
                refusals.append(str(error))
                continue
            self._owner(attribute, spot).subject.state(
                attribute.name,
                literal,
                line=self._tree.line(spot.pointer),
                pointer=spot.pointer,
                given=self._tree.text(spot.pointer),
            )
        # A listed value beside a text need not be known; a value that nothing holds is a mistake.
        if len(refusals) == len(key.attributes):
            self._problem(refusals[0], spot.pointer)
            return False
        return True

    def _literal(self, value: object, spot: _Spot, attribute: Attribute, unit: str) -> Literal:
        """The value as the attribute holds it; raises DescriptorError where it cannot."""
        plain = _plain(value)
        wanted = attribute.range.name
        measure = attribute.unit_name
        if measure in CONVERTED:
            return quantity(plain, measure, default=unit)
        if wanted in {"double", "integer"}:
            number = quantity(plain, "")
            whole = wanted == "integer" and float(number).is_integer()
            return self._vocabulary.checked(attribute, int(number) if whole else number)
        if wanted == "boolean":
            return self._vocabulary.checked(attribute, _truth(plain))
        if attribute.range.is_day:
            return self._vocabulary.checked(attribute, _day(plain))
        text = plain if isinstance(plain, str) else self._tree.text(spot.pointer) or str(plain)
        return self._vocabulary.checked(attribute, self._listed(text.strip(), wanted))

    def _listed(self, text: str, wanted: str) -> str:
        """The text; a type without the size or unit behind it, as in `varchar(255)`."""
        plain = text.partition("(")[0].strip()
        sized = wanted == "DataType" and self._vocabulary.value(wanted, text) is None
        return plain if sized and self._vocabulary.value(wanted, plain) else text

    def _owner(self, attribute: Attribute, spot: _Spot) -> _Owner:
        """The innermost part or element that the attribute is of."""
        for owner in spot.owners:
            if attribute.domain in self._vocabulary.ancestors(owner.kind):
                return owner
        raise KnowledgeError(
            f"{spot.path} is aligned with mm:{attribute.name}, which is of a {attribute.domain}",
            "Correct ontology/alignments/sei-descriptors.ttl",
        )

    def _complete(self, owner: _Owner, attribute: Attribute) -> None:
        if attribute.name in WHOLE:
            self._notes.complete(owner.subject.node, attribute.name)

    def _pass_over(self, because: str, pointer: str) -> None:
        self._notes.pass_over(because, self._tree.line(pointer), pointer)

    def _problem(self, message: str, pointer: str) -> None:
        self._notes.problem(f"{pointer}: {message}", self._tree.line(pointer))


def _plain(value: object) -> str | float | bool:
    if isinstance(value, str | int | float):
        return value
    kind = "a list" if isinstance(value, list) else "an object"
    raise DescriptorInvalid(f"{kind} stands where one value is expected", "Write the value alone")


def _truth(value: str | float) -> str | float | bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words.get(value.strip().lower(), value) if isinstance(value, str) else value


def _day(value: str | float) -> date:
    match = _DAY.fullmatch(str(value).strip())
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise DescriptorInvalid(f"`{value}` is no date", "Write it like 2024-03-18") from None
