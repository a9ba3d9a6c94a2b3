"""Looks for what would exhaust the parser, before the parser sees it.

The parser keeps a state for every open bracket, drops nested triples by recursion, and copies the
names that an XML element inherits. What is refused here is far from what people write.
"""

import re
from typing import NoReturn
from xml.parsers import expat

from kg.errors import DescriptorInvalid
from kg.reading.building import Lines

_DEPTH = 100
# Each nested triple takes some 500 bytes of the stack, and a thread may have as little as 256 KiB.
_TRIPLE_TERMS = 200
_ATTRIBUTES, _ATTRIBUTE_LENGTH = 100, 10_000
_ELEMENTS = 300_000

_TURTLE_TOKEN = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"""|"(?:[^"\\]++|\\.)*+"'''
    r"""|'''(?:[^'\\]++|\\.|'(?!''))*+'''|'(?:[^'\\]++|\\.)*+'"""
    r"""|<[^<>\s]*+>|#[^\r\n]*+|\\.|[\[\](){}]""",
    re.DOTALL,
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_OPEN, _CLOSE = {"[", "(", "{"}, {"]", ")", "}"}


def refuse_costly_turtle(text: str) -> None:
    """Raises where brackets or triples are nested deeper than the parser can bear."""
    triples = [found.start() for found in re.finditer("<<", text)]
    if len(triples) > _TRIPLE_TERMS:
        _refuse(f"More than {_TRIPLE_TERMS} triples stand inside others (`<<`)", text, triples[-1])
    depth = 0
    for token in _TURTLE_TOKEN.finditer(text):
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if depth > _DEPTH:
            _refuse(f"Brackets are nested more than {_DEPTH} levels deep", text, token.start())


def refuse_costly_xml(text: str) -> str:
    """Raises where XML is malformed or too deep or declares entities; tells the text to parse."""
    entity = text.find("<!ENTITY")
    if entity >= 0:
        _refuse("The file declares entities, which are not read", text, entity)
    # The text is decoded already: what it says of its encoding no longer holds.
    text = _DECLARATION.sub("", text, count=1)
    check = _XmlCheck()
    try:
        check.parser.Parse(text.encode(), True)  # noqa: FBT003 - expat takes no names
    except expat.ExpatError as problem:
        raise DescriptorInvalid(
            f"The file is not valid XML: {expat.ErrorString(problem.code)}",
            "Check that every tag is closed and every name declared",
            line=problem.lineno,
        ) from problem
    return text


class _XmlCheck:
    """Counts levels, elements and attributes."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._depth = self._elements = 0

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if (
            self._depth > _DEPTH
            or self._elements > _ELEMENTS
            or len(attributes) > _ATTRIBUTES
            or any(len(value) > _ATTRIBUTE_LENGTH for value in attributes.values())
        ):
            raise DescriptorInvalid(
                "The XML has too many levels, elements or attributes, or too long a one",
                "Write the file as Turtle, or split it",
                line=self.parser.CurrentLineNumber,
            )

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _refuse(what: str, text: str, position: int) -> NoReturn:
    raise DescriptorInvalid(
        what, "Write the file more plainly, or leave it out", line=Lines(text).at(position)
    )
