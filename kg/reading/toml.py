"""Reads TOML through Python's own reader, after a look at the costs, and finds the keys' lines.

Python's reader recurses into nested arrays and takes quadratic time over dotted keys, so both are
measured beforehand. Lines are those of tables, keys and the items of a key's own list; what stands
deeper in a list has none.
"""

import re
import tomllib

from kg.errors import DescriptorInvalid
from kg.reading.building import NUMBER_LENGTH, Limits, Lines, admit
from kg.reading.tree import Place, Tree, step

TOML_LIMITS = Limits(size=4 << 20, nodes=100_000)

_PARTS = 50
_NAME = r"""(?:"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|[A-Za-z0-9_-]++)"""
_NAMES = re.compile(_NAME)
_STATEMENT = re.compile(
    rf"[ \t]*+(\[\[?+)?[ \t]*+({_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{0,{_PARTS}}})[ \t]*+(=|\]|\.)?"
)
# A quote without its partner ends with its line: the reader proper will refuse it.
_TOKEN = re.compile(
    r'''"""|\'\'\'|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|(?:\n|#[^\n]*+\n?)\s*+|[\[\]{},.=]'''
    rf"|[A-Za-z0-9_+:-]{{{NUMBER_LENGTH + 1},}}"
)
_BARE = re.compile(r"""[ \t]*([^\s"'\[{#]+)""")
_TEXT_END = {'"""': re.compile(r'\\.|"""', re.DOTALL), "'''": re.compile("'''")}
_OPEN, _CLOSE = {"[", "{"}, {"]", "}"}
# Each of these brings a value, or one more part of a key; all but the dot begin a key anew.
_COUNTED, _RENEWS = {",", "[", "{", "."}, ",[{=\n#"


def read_toml(text: str, limits: Limits = TOML_LIMITS) -> Tree:
    r"""Reads a TOML file (version 1.0) into a mapping.

    >>> tree = read_toml('[project]\nname = "demo"\ndependencies = [\n  "scipy",\n]')
    >>> tree.line("/project/name"), tree.line("/project/dependencies/0")
    (2, 4)

    Raises DescriptorInvalid.
    """
    text = admit(text, limits)
    inside = _Scan(text, limits).places()
    try:
        value = tomllib.loads(text)
    except ValueError as problem:
        raise _explained(problem, text) from problem
    return Tree(value, _place=_completed(value, inside))


class _Scan:
    """Walks over the statements of a file, notes where they stand, and refuses what costs much."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._lines = Lines(text)
        self._nodes = 0
        self._root: dict[str, Place] = {}

    def places(self) -> dict[str, Place]:
        """Tells where each table and each key stands."""
        text, position = self._text, 0
        table = self._root
        while position < len(text):
            line = self._lines.at(position)
            found = _STATEMENT.match(text, position)
            end, items = self._value(found.end() if found else position, line)
            if found:
                table = self._enter(table, found, Place(line, _bare(text, found.end()), items))
            position = end
        return self._root

    def _enter(
        self, table: dict[str, Place], found: re.Match[str], place: Place
    ) -> dict[str, Place]:
        """Notes a statement's place, and tells the table in which the next one stands."""
        names = [_unquoted(name[0]) for name in _NAMES.finditer(found[2])]
        self._count(len(names), place.line)
        if len(names) > _PARTS:
            raise self._too_many_parts(place.line)
        if found[1]:
            return _walk(self._root, names, place.line, repeated=found[1] == "[[")
        if found[3] == "=":
            _walk(table, names[:-1], place.line, repeated=False)[names[-1]] = place
        return table

    def _value(self, position: int, line: int) -> tuple[int, dict[str, Place] | None]:
        """Finds where a statement ends, and the items of the list that may be its value."""
        items: dict[str, Place] | None = {} if _opens_list(self._text, position) else None
        depth = commas = dots = 0
        while token := _TOKEN.search(self._text, position):
            sign, position = token[0], token.end()
            if sign in _TEXT_END:
                position = self._text_end(sign, position)
            elif sign[0] in "\n#" and depth <= 0:
                return position, items
            elif len(sign) > NUMBER_LENGTH and sign[0] not in "\"'#":
                raise self._too_long(token.start())
            if items is not None and depth == 1 and sign[0] in "\"'[{":
                items.setdefault(str(commas), Place(self._lines.at(token.start())))
            commas += sign == "," and depth == 1
            self._count(sign in _COUNTED, line)
            depth += (sign in _OPEN) - (sign in _CLOSE)
            dots = 0 if sign[0] in _RENEWS else dots + (sign == ".")
            if depth > self._limits.depth or dots > _PARTS:
                raise self._too_many_parts(self._lines.at(token.start()))
        return len(self._text), items

    def _text_end(self, quotes: str, position: int) -> int:
        """Finds the end of a text of several lines; up to two more quotes belong to it."""
        for found in _TEXT_END[quotes].finditer(self._text, position):
            if found[0] == quotes:
                end = found.end()
                while end < found.end() + 2 and self._text[end : end + 1] == quotes[0]:
                    end += 1
                return end
        return len(self._text)

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > self._limits.nodes:
            raise DescriptorInvalid(
                f"The file says more than {self._limits.nodes:,} things",
                "Leave it out, or give a smaller file that says the same",
                line=line,
            )

    def _too_many_parts(self, line: int) -> DescriptorInvalid:
        return DescriptorInvalid(
            f"Keys or values are nested more than {_PARTS} parts or "
            f"{self._limits.depth} levels deep",
            "Flatten the file, or leave it out",
            line=line,
        )

    def _too_long(self, position: int) -> DescriptorInvalid:
        return DescriptorInvalid(
            f"A number has more than the {NUMBER_LENGTH:,} characters that are read",
            "Write it in quotes if it is a name, or as 1.5e9",
            line=self._lines.at(position),
        )


def _walk(
    table: dict[str, Place], names: list[str], line: int, *, repeated: bool
) -> dict[str, Place]:
    """Goes down into a table, making what is not there; `repeated` adds a table to a list."""
    for number, name in enumerate(names, 1):
        place = table.setdefault(name, Place(line, None, {}))
        inside = place.inside
        if repeated and number == len(names):
            inside = inside if isinstance(inside, list) else []
            table[name] = Place(place.line, None, inside)
            inside.append(Place(line, None, {}))
        if isinstance(inside, list):
            inside = inside[-1].inside
        # A file that contradicts itself is refused by the reader proper.
        table = inside if isinstance(inside, dict) else {}
    return table


def _completed(value: dict[str, object], inside: dict[str, Place]) -> Place:
    """Adds texts, and the places inside tables that stand within one line."""
    root = Place(1, None, inside)
    todo: list[tuple[object, Place]] = [(value, root)]
    while todo:
        part, place = todo.pop()
        children = part.items() if isinstance(part, dict) else enumerate(part)  # type: ignore[arg-type]
        for name, child in children:
            at = step(place.inside, str(name))
            if at is None and isinstance(part, dict):
                at = Place(place.line)
            if at is None:
                continue
            if isinstance(child, dict | list):
                at = at if at.inside is not None else at._replace(inside={})
                todo.append((child, at))
            elif isinstance(child, str):
                at = at._replace(text=child)
            if isinstance(place.inside, dict):
                place.inside[str(name)] = at
    return root


def _opens_list(text: str, position: int) -> bool:
    return text[position : position + 80].lstrip(" \t").startswith("[")


def _bare(text: str, position: int) -> str | None:
    found = _BARE.match(text, position)
    return found[1].rstrip(",") if found else None


def _unquoted(name: str) -> str:
    return name[1:-1] if name[0] in "\"'" else name


def _explained(problem: ValueError, text: str) -> DescriptorInvalid:
    found = re.search(r"^(.*) \(at (?:line (\d+)|end).*\)$", str(problem), re.DOTALL)
    what = found[1] if found else str(problem)
    line = int(found[2]) if found and found[2] else Lines(text).at(len(text)) if found else None
    return DescriptorInvalid(
        f"The file is not valid TOML: {what[:1].lower()}{what[1:]}",
        "Check quotes, brackets and equals signs there",
        line=line,
    )
