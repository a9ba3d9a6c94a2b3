"""Reads YAML into plain values, from the parser's events and not through its constructors.

No tag makes an object: an unknown one is noted, and its value read as the plain text, list or
mapping that it is. Aliases share what they name and are charged for all of it, so a small file
cannot stand for a large one.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode

from kg.errors import DescriptorInvalid
from kg.reading.building import (
    NUMBER_LENGTH,
    Builder,
    Limits,
    Lines,
    ListFrame,
    MappingFrame,
    admit,
    refuse_half_characters,
)
from kg.reading.tree import Place, Tree

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Without libyaml the same file takes some thirty times as long, so less of it is read.
YAML_LIMITS = Limits(size=8 << 20) if yaml.__with_libyaml__ else Limits(size=256 << 10)
_DOCUMENTS = 10_000

_STANDARD = "tag:yaml.org,2002:"
_CONSTRUCTOR = SafeConstructor()
_SCALARS = {
    _STANDARD + "null": _CONSTRUCTOR.construct_yaml_null,
    _STANDARD + "bool": _CONSTRUCTOR.construct_yaml_bool,
    _STANDARD + "int": _CONSTRUCTOR.construct_yaml_int,
    _STANDARD + "float": _CONSTRUCTOR.construct_yaml_float,
    _STANDARD + "timestamp": _CONSTRUCTOR.construct_yaml_timestamp,
}
_STANDARD_TAGS = {"!", *_SCALARS, *(_STANDARD + kind for kind in ("str", "map", "seq"))}
_LONG_NUMBER = re.compile(r"[-+]?(?:0x[0-9a-fA-F_]+|\.?[0-9][0-9_.:eE+-]*)")

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# YAML 1.1 ends a line at these too; editors do not.
_ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_TEMPLATE = re.compile(r"\{\{|\{%")
# The parser compares every handle with all others and writes its prefix out at each use.
_HANDLES = re.compile("(?:^|[\n\r\x85\u2028\u2029])%TAG[^\n\r\x85\u2028\u2029]*")
_HANDLE_COUNT, _HANDLE_LENGTH = 32, 500


def read_yaml(text: str, limits: Limits = YAML_LIMITS) -> Tree:
    """Reads a YAML file of one document; an empty one has the value None.

    Values are those of YAML 1.1 as PyYAML's SafeLoader makes them, save that keys stay text, and
    that a date or a number that cannot be stays the text it is. Raises DescriptorInvalid.
    """
    trees = read_yaml_all(text, limits)
    if len(trees) > 1:
        raise DescriptorInvalid(
            "The file holds several documents where one is expected",
            "Remove what follows the second `---`, or split the file",
            line=trees[1].line(""),
        )
    return trees[0] if trees else Tree(None)


def read_yaml_all(text: str, limits: Limits = YAML_LIMITS) -> tuple[Tree, ...]:
    """Reads a YAML file of any number of documents; lines count from the top of the file."""
    text = admit(text, limits)
    _refuse_what_the_parser_cannot_take(text)
    reading = _Reading(text, limits)
    try:
        return tuple(reading.trees())
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        # Without libyaml an escape beyond Unicode ends in Python's own errors.
        raise _explained(problem, text) from problem


class _Mapping(MappingFrame):
    """A mapping that may take over the entries of others (`<<`)."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.merging = False
        self._merged: list[tuple[dict[str, object], dict[str, Place]]] = []

    def take(self, value: object, place: Place) -> None:
        """Gives the waiting key its value, or sets aside what is to be merged in."""
        if not self.merging:
            super().take(value, place)
            return
        self.merging, self.key = False, None
        whole = [(value, place)]
        if isinstance(value, list) and isinstance(place.inside, list):
            # What stands first in the list wins, so it is merged last.
            whole = list(zip(value, place.inside, strict=True))[::-1]
        for one, where in whole:
            if not isinstance(one, dict) or not isinstance(where.inside, dict):
                raise DescriptorInvalid(
                    "The merge key `<<` is given something other than a mapping",
                    "Let it name a mapping, or a list of mappings",
                    line=self.key_line,
                )
            self._merged.append((one, where.inside))

    def finish(self) -> None:
        """Puts the merged entries first, and lets the mapping's own override them."""
        if self._merged:
            own, inside = self.value, self.inside
            self.value, self.inside = {}, {}
            for values, places in [*self._merged, (own, inside)]:
                self.value.update(values)
                self.inside.update(places)


class _Named:
    """What an anchor names: a value, its place, and how many nodes each use of it costs."""

    def __init__(self, value: object, place: Place, nodes: int) -> None:
        self.value = value
        self.place = place
        self.nodes = nodes


class _Reading:
    """One pass over the events of a file."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._builder = Builder(limits)
        self._anchors: dict[str, _Named | None] = {}
        # For each open list or mapping: its anchor, and the nodes that were counted before it.
        self._open: list[tuple[str | None, int]] = []
        self._escaped = "\\u" in text or "\\U" in text
        self._lines = Lines(text) if _ODD_LINE_ENDS.search(text) else None

    def trees(self) -> Iterator[Tree]:
        documents = 0
        for event in yaml.parse(self._text, Loader=_PARSER):
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentEndEvent):
                documents += 1
                if documents > _DOCUMENTS:
                    raise DescriptorInvalid(
                        f"The file holds more than {_DOCUMENTS:,} documents", "Split the file"
                    )
                self._anchors.clear()
                yield self._builder.tree()

    def _line(self, event: yaml.Event) -> int:
        mark: Any = event.start_mark
        return self._lines.at(mark.index) if self._lines else int(mark.line) + 1

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        line, text, builder = self._line(event), event.value, self._builder
        if self._escaped:
            refuse_half_characters(text, line)
        nodes = builder.nodes
        value: object = text
        frame = builder.waiting
        if frame:
            self._key(frame, event, line)
        else:
            value = self._value(event, line)
            builder.add(value, line, text)
        if event.anchor:
            self._anchors[event.anchor] = _Named(value, Place(line, text), builder.nodes - nodes)

    def _key(self, frame: MappingFrame, event: yaml.ScalarEvent, line: int) -> None:
        builder = self._builder
        if isinstance(frame, _Mapping) and event.value == "<<" and event.implicit[0]:
            frame.merging, frame.key, frame.key_line = True, "<<", line
            builder.count(1, line)
            return
        builder.key(frame, event.value, line)
        if event.tag and event.tag not in _STANDARD_TAGS:
            builder.tag(event.tag, line)

    def _value(self, event: yaml.ScalarEvent, line: int) -> object:
        stated = event.tag not in {None, "!"}
        tag = event.tag if stated else _resolved(event, line)
        make = _SCALARS.get(tag) if tag else None
        if tag is None or make is None:
            if tag and tag not in _STANDARD_TAGS:
                self._builder.tag(tag, line)
            return event.value
        try:
            return make(ScalarNode(tag, event.value))
        except (ValueError, OverflowError, LookupError, AttributeError):
            # The thirtieth of February, or `!!int many`: the text stays for others to judge.
            if stated:
                self._builder.tag(tag, line)
            return event.value

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        line, builder = self._line(event), self._builder
        if builder.waiting:
            raise self._not_a_key(event, line)
        if event.tag and event.tag not in _STANDARD_TAGS:
            builder.tag(event.tag, line)
        self._open.append((event.anchor, builder.nodes))
        if event.anchor:
            self._anchors[event.anchor] = None
        mapping = isinstance(event, yaml.MappingStartEvent)
        builder.open(_Mapping(line) if mapping else ListFrame(line))

    def _end(self) -> None:
        value, place = self._builder.close()
        anchor, before = self._open.pop()
        if anchor:
            self._anchors[anchor] = _Named(value, place, self._builder.nodes - before)

    def _alias(self, event: yaml.AliasEvent) -> None:
        line, builder, anchor = self._line(event), self._builder, event.anchor or ""
        named = self._anchors.get(anchor)
        if named is None:
            where = "inside what it names" if anchor in self._anchors else "before any anchor"
            raise DescriptorInvalid(
                f"The alias *{anchor[:80]} stands {where}",
                "Write out what it should stand for",
                line=line,
            )
        frame = builder.waiting
        if frame is None:
            builder.repeat(named.value, line, named.place, named.nodes)
        elif named.place.text is None:
            raise self._not_a_key(event, line)
        else:
            builder.key(frame, named.place.text, line)

    def _not_a_key(self, event: yaml.Event, line: int) -> DescriptorInvalid:
        start: Any = event.start_mark
        return _template(self._text, start.index, start.index) or DescriptorInvalid(
            "A list or a mapping is used as a key",
            "Use a plain text as the key, and quote values that begin with { or [",
            line=line,
        )


def _resolved(event: yaml.ScalarEvent, line: int) -> str | None:
    """Tells which of YAML's types a plain scalar has, as SafeLoader's resolver does."""
    text = event.value
    if not event.implicit[0]:
        return None
    if len(text) > NUMBER_LENGTH:
        if _LONG_NUMBER.fullmatch(text):
            raise DescriptorInvalid(
                f"A number has {len(text):,} characters, and at most {NUMBER_LENGTH:,} are read",
                "Write it in quotes if it is a name, or as 1.5e+9",
                line=line,
            )
        return None
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return tag if tag in _SCALARS else None
    return None


def _refuse_what_the_parser_cannot_take(text: str) -> None:
    found = _UNPRINTABLE.search(text)
    if found:
        raise DescriptorInvalid(
            f"YAML does not allow the character U+{ord(found[0]):04X}",
            "Remove it, or write it as an escape in double quotes",
            line=Lines(text).at(found.start()),
        )
    handles = [match[0] for match in _HANDLES.finditer(text)]
    if len(handles) > _HANDLE_COUNT or any(len(line) > _HANDLE_LENGTH for line in handles):
        raise DescriptorInvalid(
            "The file declares more tag handles (`%TAG`) than are read", "Remove the declarations"
        )


def _explained(problem: Exception, text: str) -> DescriptorInvalid:
    """Says in a sentence, and with its line, what the parser could not read."""
    mark = getattr(problem, "problem_mark", None)
    what = getattr(problem, "problem", None) or "an escape names no character"
    said = DescriptorInvalid(
        f"The file is not valid YAML: {what}",
        "Check indentation, colons and quotes there and on the line before",
    )
    if mark is None:
        return said
    said.line = Lines(text).at(mark.index)
    if text.startswith("\t", mark.index):
        said.hint = "Indent with spaces, not with tabs"
    begun = getattr(problem, "context_mark", None) or mark
    return _template(text, begun.index, mark.index) or said


def _template(text: str, start: int, end: int) -> DescriptorInvalid | None:
    """Tells whether a stretch of lines is a template that another program fills in."""
    first = max(text.rfind("\n", 0, start), 0)
    last = text.find("\n", end)
    found = _TEMPLATE.search(text, first, last if last >= 0 else len(text))
    if not found:
        return None
    return DescriptorInvalid(
        f"The file is a template, not YAML: `{found[0]}` is filled in by another program",
        "Render it first (as `helm template` does), and give what comes out",
        line=Lines(text).at(found.start()),
    )
