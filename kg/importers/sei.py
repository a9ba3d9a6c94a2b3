"""The SEI's descriptors of ML-enabled systems, as people write them and as its own tool saves them.

What each of their keys means stands in `ontology/alignments/sei-descriptors.ttl`; this module walks
a file along that table. It does not judge a file by their schemas, from which even their own tool
deviates: keys may be missing, be of an older version, or hold numbers as text. It does not take for
a statement what the tool's form holds before anybody types.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

from kg.errors import DescriptorError, DescriptorInvalid, KnowledgeError
from kg.namespaces import iri
from kg.reading import Tree, read_json
from kg.reading import pointer as steps
from kg.statements import Node, Notes, Place, Reading, Source, Statement, Subject
from kg.units import quantity
from kg.vocabulary import Attribute, Literal, Vocabulary, load

TITLE = "SEI descriptors 1.0 to 1.2 (JSON)"
BY_CONTENT = True

# Longer than any descriptor that a person would write, short enough to look into every JSON file.
_LARGEST = 2**20
_VERSIONS = {"1.0", "1.1", "1.2"}
# How many keys of one kind tell a descriptor: with its version, and without.
_FEW, _MANY = 2, 4
_DEEPEST = 4
_COMMON = {"version", "documentation"}
_KEY = re.compile(r'"(\w+)"\s*:')
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")
# Units that their numbers are converted to; other numbers stand as they are.
_CONVERTED = {"BYTE", "MicroSEC", "MilliProcessor"}

_NOT_GIVEN = "not given"
_SAID_BESIDE = "the name is given beside it"
# An environment without a processor, a picture without pixels and data without records describe
# nothing: there the form's 0 was left standing. In what a model requires, 0 says that none is
# needed.
_NEVER_ZERO = {
    *("availableGpus", "availableProcessors", "availableMemory", "availableStorage"),
    *("observedInferenceTime", "requiredInferenceTime", "numberOfInstances"),
    *("imageWidth", "imageHeight", "imageChannels", "maximumLength"),
}
# Their form writes all keys of a group at once, so one in which all are empty, 0 and false was not
# touched.
_GROUPS = (
    {"min_value", "max_value"},
    {"resolution_x", "resolution_y", "channels", "image_format"},
    {"min_length", "max_length", "empty", "numeric", "slashes", "spaces", "special"},
    {"error_type", "error_code_value"},
)
# Lists that name all there is once they name anything; the others give what came to mind.
_WHOLE = {
    *("field", "labelShare", "goal", "pipelineInput", "output", "finalOutput", "item"),
    *("upstreamComponent", "downstreamComponent", "requiredLanguage", "requiredFramework"),
    *("availableLanguage", "availableFramework", "algorithmMetric", "businessMetric"),
    *("evaluationMetric", "testMetric", "requiredLog", "requiredFeedback"),
    *("collectedAlgorithmMetric", "collectedBusinessMetric", "otherCollectedMetric"),
    *("collectedLog", "otherCollectedLog", "collectedFeedback"),
}


def claims(source: Source) -> bool:
    """Whether the keys are those of a descriptor, or the file is broken and named like one."""
    if source.path.suffix.lower() != ".json":
        return False
    keys = _keys(source.knowledge)
    # Without its zero bytes, UTF-16 shows its keys too.
    head = source.head.replace(b"\0", b"").decode(errors="ignore")
    words = set(_KEY.findall(head)) - _COMMON
    hits = max(len(words & top) for top in keys.tops.values())
    named = _named(source.path, keys) is not None
    if hits < _FEW and not named:
        return False
    try:
        text = source.text(_LARGEST)
    except DescriptorError:
        return named
    try:
        return _kind(read_json(text).value, source.path, keys) is not None
    except DescriptorError:
        return named or hits >= _MANY


def read(source: Source) -> Reading:
    """What the descriptor states of its one element, which these files never name."""
    keys = _keys(source.knowledge)
    tree = read_json(source.text())
    kind = _kind(tree.value, source.path, keys)
    if kind is None or not isinstance(tree.value, dict):
        raise DescriptorInvalid(
            "Its keys are those of none of the SEI's eight descriptors",
            f"Name the file after one of them: {', '.join(f'{name}.json' for name in keys.kinds)}",
        )
    notes = Notes()
    element = notes.about(Node(keys.kinds[kind], named=False))
    walk = _Walk(tree, keys, source.vocabulary, notes)
    walk.members(tree.value, "", kind, [_Owner(element, keys.kinds[kind])])
    for pointer, line in tree.duplicates:
        notes.pass_over("the key stands twice, and its first value counts", line, pointer)
    return notes.reading(source.path)


# -- their keys ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Key:
    """What one of their keys means: attributes, and the unit of plain numbers."""

    attributes: tuple[Attribute, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class _Keys:
    """The alignment by path: kinds of descriptors with our element, keys, objects that group keys.

    `tops` are the keys at the top of each kind, without those that all kinds have.
    """

    kinds: Mapping[str, str]
    known: Mapping[str, _Key]
    groups: frozenset[str]
    tops: Mapping[str, frozenset[str]]


@cache
def _keys(knowledge: tuple[Path, ...]) -> _Keys:
    vocabulary = load(knowledge)
    base = iri("sei:")
    subjects = dict.fromkeys(subject for subject, _, _ in vocabulary.triples)
    paths = [subject.removeprefix(base) for subject in subjects if subject.startswith(base)]
    kinds = {path: _matches(vocabulary, path)[0] for path in paths if "/" not in path}
    known = {path: _key(vocabulary, path) for path in paths if "/" in path}
    above = {path[: step.start()] for path in known for step in re.finditer("/", path)}
    tops = {kind: frozenset(_top(known, kind) - _COMMON) for kind in kinds}
    return _Keys(kinds, known, frozenset(above - {*known, *kinds}), tops)


def _top(known: Mapping[str, _Key], kind: str) -> set[str]:
    return {path.split("/")[1] for path in known if path.startswith(f"{kind}/")}


def _matches(vocabulary: Vocabulary, path: str) -> tuple[str, ...]:
    triples = vocabulary.triples
    exact = triples.locals(f"sei:{path}", "skos:exactMatch")
    return exact + triples.locals(f"sei:{path}", "skos:closeMatch")


def _key(vocabulary: Vocabulary, path: str) -> _Key:
    unit = vocabulary.triples.value(f"sei:{path}", "qudt:hasUnit")
    attributes = tuple(map(vocabulary.attribute, _matches(vocabulary, path)))
    return _Key(attributes, unit.removeprefix(iri("unit:")))


def _named(path: PurePosixPath, keys: _Keys) -> str | None:
    """The kind that the file's name ends in: `trained_model.json`, `Churn - Trained Model.json`."""
    words = re.sub(r"[\s_-]+", "_", path.stem.lower())
    return next((kind for kind in keys.kinds if words == kind or words.endswith(f"_{kind}")), None)


def _kind(value: object, path: PurePosixPath, keys: _Keys) -> str | None:
    """The kind that most of the keys are of; the file's name decides between equals."""
    if not isinstance(value, dict):
        return None
    words = {*value} - _COMMON
    named = _named(path, keys)
    inner = Counter(
        kind for word in _paths(value) for kind in keys.kinds if f"{kind}/{word}" in keys.known
    )
    best = max(keys.kinds, key=lambda kind: (inner[kind], kind == named))
    hits = len(words & keys.tops[best])
    needed = 1 if best == named else _FEW if str(value.get("version")) in _VERSIONS else _MANY
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


# -- what a form leaves behind -------------------------------------------------------------------


def _blank(value: object) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _untouched(value: object) -> bool:
    """Whether the value is one that a form holds at first: empty, 0, false, or only such values."""
    if isinstance(value, dict):
        return all(map(_untouched, value.values()))
    if isinstance(value, list):
        return all(map(_untouched, value))
    return _blank(value) or value is False or _zero(value)


def _zero(value: object) -> bool:
    try:
        return not isinstance(value, bool) and float(str(value)) == 0
    except ValueError:
        return False


def _untouched_keys(found: Mapping[str, object]) -> set[str]:
    """The keys of those groups that their form wrote and nobody changed."""
    return {
        key
        for group in _GROUPS
        if group <= found.keys() and all(_untouched(found[key]) for key in group)
        for key in group
    }


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

    def __init__(self, tree: Tree, keys: _Keys, vocabulary: Vocabulary, notes: Notes) -> None:
        self._tree = tree
        self._keys = keys
        self._vocabulary = vocabulary
        self._notes = notes
        self._inner_lists: Counter[tuple[Node, str]] = Counter()

    def members(
        self, found: Mapping[str, object], pointer: str, path: str, owners: Sequence[_Owner]
    ) -> None:
        """Takes down what an object's keys say."""
        untouched = _untouched_keys(found)
        beside = any(key.startswith("other_") and not _blank(found[key]) for key in found)
        for key, value in found.items():
            spot = _Spot(pointer + steps(key), f"{path}/{key}", owners)
            other = isinstance(value, str) and value.strip().lower() == "other"
            if "/" in key or spot.path not in {*self._keys.known, *self._keys.groups}:
                self._pass_over("not a key of these descriptors", spot.pointer)
            elif key in untouched or _blank(value):
                self._pass_over(_NOT_GIVEN, spot.pointer)
            elif other and beside:
                self._pass_over(_SAID_BESIDE, spot.pointer)
            elif spot.path in self._keys.known:
                self._known(value, spot)
            elif isinstance(value, dict):
                self.members(value, spot.pointer, spot.path, owners)
            else:
                self._problem("an object of keys is expected here", spot.pointer)

    def _known(self, value: object, spot: _Spot) -> None:
        """Takes down the value of a key that the alignment knows."""
        attribute = self._keys.known[spot.path].attributes[0]
        if attribute.range.kind == "part":
            self._rows(value, spot, attribute)
        elif isinstance(value, dict) and f"{spot.path}/time" in self._keys.known:
            self._time(value, spot, attribute)
        elif isinstance(value, list):
            self._items(value, spot, attribute)
        else:
            self._leaf(value, spot)

    def _items(self, values: list[object], spot: _Spot, attribute: Attribute) -> None:
        """Takes down a list of plain values."""
        whole = True
        for position, value in enumerate(values):
            item = _Spot(spot.pointer + steps(position), spot.path, spot.owners)
            if _blank(value):
                self._pass_over(_NOT_GIVEN, item.pointer)
            else:
                whole &= self._leaf(value, item)
        owner = self._owner(attribute, spot)
        if whole and not all(map(_blank, values)):
            if owner is spot.owners[0]:
                self._complete(owner, attribute)
            else:
                self._inner_lists[owner.subject.node, attribute.name] += 1

    def _rows(self, value: object, spot: _Spot, attribute: Attribute) -> None:
        """Takes down a list of objects, or one object, each of which is a part."""
        rows = value if isinstance(value, list) else [value]
        owner = self._owner(attribute, spot)
        outer, self._inner_lists = self._inner_lists, Counter()
        given, whole = 0, isinstance(value, list)
        for position, row in enumerate(rows):
            pointer = spot.pointer + steps(position) if isinstance(value, list) else spot.pointer
            if not isinstance(row, dict):
                whole = False
                self._problem("an object of keys is expected here", pointer)
            elif _untouched({k: v for k, v in row.items() if not self._is_goal_id(spot, k)}):
                self._pass_over(_NOT_GIVEN, pointer)
            else:
                given += 1
                whole &= self._part(row, _Spot(pointer, spot.path, spot.owners), attribute, given)
        if given and whole:
            self._complete(owner, attribute)
        for (node, name), lists in self._inner_lists.items():
            if lists == given and name in _WHOLE:
                self._notes.complete(node, name)
        self._inner_lists = outer

    def _is_goal_id(self, spot: _Spot, key: str) -> bool:
        """Whether the key holds what the form numbers goals with, which says nothing by itself."""
        names = [attribute.name for attribute in self._keys.known[spot.path].attributes]
        return names == ["goal"] and key == "id"

    def _part(
        self, row: Mapping[str, object], spot: _Spot, attribute: Attribute, position: int
    ) -> bool:
        """Takes down one part; tells whether it has the name that a whole list needs."""
        owner = self._owner(attribute, spot).subject
        called = self._name(row, spot)
        node = owner.node.part(attribute.name, called or f"#{position}")
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
            if (known := self._keys.known.get(f"{spot.path}/{key}"))
            and known.attributes[0].name == "name"
            and not _blank(value)
        ]
        return next((name for name in names if name.lower() != "other"), "".join(names[:1]))

    def _time(self, found: Mapping[str, object], spot: _Spot, attribute: Attribute) -> None:
        """Takes down a time, which is a number and a unit beside it; a unit is never guessed."""
        time, unit = found.get("time"), found.get("unit")
        place = spot.pointer + steps("time")
        for key in found.keys() - {"time", "unit"}:
            self._pass_over("not a key of these descriptors", spot.pointer + steps(key))
        if _blank(time) or _zero(time):
            for key in found.keys() & {"time", "unit"}:
                self._pass_over(_NOT_GIVEN, spot.pointer + steps(key))
            return
        try:
            amount = quantity(_plain(time), "MicroSEC", default="" if _blank(unit) else str(unit))
        except DescriptorError as error:
            if _blank(unit):
                self._pass_over("the unit of the time is not given", place)
            else:
                self._problem(str(error), place)
            return
        given = f"{self._tree.text(place)} {unit or ''}".strip()
        owner = self._owner(attribute, spot).subject
        owner.state(attribute.name, amount, line=self._tree.line(place), pointer=place, given=given)

    def _leaf(self, value: object, spot: _Spot) -> bool:
        """Takes down one value as each attribute that can hold it; tells whether any can."""
        key = self._keys.known[spot.path]
        if _zero(value) and key.attributes[0].name in _NEVER_ZERO:
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
        measure = attribute.unit.rpartition("/")[2]
        if measure in _CONVERTED:
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
        return self._vocabulary.checked(attribute, text.strip())

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
        if attribute.name in _WHOLE:
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
