"""Writes Turtle as the derived shapes are written: a block for each subject, no blank nodes."""

import json
from collections.abc import Iterable
from typing import TypeAlias

from kg.namespaces import prefixes

Statements: TypeAlias = list[tuple[str, list[str]]]
"""What is said of one subject: predicates, each with its objects, as Turtle writes them."""
Block: TypeAlias = tuple[str, Statements]
"""A subject, and what is said of it."""

_PREFIXES = ("mm", "mms", "dcterms", "owl", "rdf", "rdfs", "sh", "xsd")
_MANY = 4


def document(note: str, blocks: Iterable[Block]) -> str:
    """The blocks below a note of one or more lines; an empty text where there are none."""
    body = "\n".join(_block(subject, statements) for subject, statements in blocks)
    if not body:
        return ""
    used = (prefix for prefix in _PREFIXES if f"{prefix}:" in body)
    head = "".join(f"@prefix {prefix}: <{prefixes()[prefix]}> .\n" for prefix in used)
    comment = "".join(f"# {line}\n" if line else "#\n" for line in note.splitlines())
    return f"{comment}\n{head}\n{body}"


def english(text: str) -> str:
    r"""A text for people.

    >>> print(english('Say "no".'))
    "Say \"no\"."@en
    """
    return f"{plain(text)}@en"


def plain(text: str) -> str:
    """A text for programs."""
    # What JSON escapes in a text, Turtle escapes in the same way.
    return json.dumps(text, ensure_ascii=False)


def lines(text: str) -> str:
    r"""A text of several lines, which stay lines.

    >>> print(lines("a {\n  b\n}"))
    '''
    a {
      b
    }'''
    """
    escaped = text.replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return f"'''\n{escaped}'''"


def _block(subject: str, statements: Statements) -> str:
    stated = " ;\n    ".join(_line(verb, objects) for verb, objects in statements)
    return f"{subject} {stated} .\n"


def _line(verb: str, objects: list[str]) -> str:
    # One object a line where there are many, so that a new one changes one line.
    if len(objects) < _MANY:
        return f"{verb} {' , '.join(objects)}"
    return f"{verb}\n        " + " ,\n        ".join(objects)
