"""Reads the texts of a description in JSON with the places where they stand.

The samples of specifications explain a key in the place of its value; such a text says nothing, and
is passed over.
"""

import re

from kg.importers._environments import place, shortened
from kg.importers._linked_data import plain_key
from kg.reading import Tree
from kg.statements import Notes, Place

_UNFILLED = re.compile(
    r"(?ix) .*\{\{.* | <[^>]*> | \[?\W*more\ information\ needed\W* | .*\ goes\ here\W*"
    r"| (?:[a-z]+\ ){0,2}required | to\s?do\b.* | tbd | tba | n/?a | none | null | unknown"
    r"| not\ (?:specified|provided|available|applicable|known|stated) | unspecified | no-?assertion"
    r"| the\ (?:type|value|name|architecture|lower\ bound|upper\ bound|groups)\ (?:of|or)\ .*"
    r"| expected\ (?:benefits|harms)\ to\ the\ identified\ groups\W*"
    r"| (?:what|which|who|how|are|is|does)\ .*\? | (?:lorem\ ipsum|placeholder)\b.* | \W+"
)
_LONGEST = 2000


def is_filled(text: str, *keys: str) -> bool:
    """Whether a text says something, and not what should stand in its place.

    >>> is_filled("task goes here"), is_filled("CITATION REQUIRED"), is_filled("users", "users")
    (False, False, False)
    >>> is_filled("Scores how likely a customer leaves.")
    True
    """
    text = text.strip()
    echoed = any(plain_key(text) == plain_key(key) for key in keys)
    return bool(text) and not (echoed or _UNFILLED.fullmatch(text[:_LONGEST]))


class Told:
    """What one file says, and where."""

    def __init__(self, notes: Notes, tree: Tree) -> None:
        self.notes = notes
        self._tree = tree

    def at(self, *steps: str | int) -> Place:
        """Where the value that the steps lead to stands."""
        return place(self._tree, *steps)

    def given(self, *steps: str | int) -> str:
        """The text, number or word at the steps, as written; empty where there is none."""
        return (self._tree.text(self.at(*steps).pointer or "") or "").strip()

    def said(self, *steps: str | int) -> str:
        """What is given at the steps, if it says something, and in not too many words."""
        text = self.given(*steps)
        if len(text) > _LONGEST:
            self.pass_over("a text is too long for anything that people agree on", *steps)
        elif text and not is_filled(text, *(step for step in steps if isinstance(step, str))):
            self.pass_over(f"{shortened(text)}: nobody has filled it in", *steps)
        else:
            return text
        return ""

    def pass_over(self, because: str, *steps: str | int) -> None:
        """Take down what is not stated, and why."""
        at = self.at(*steps)
        self.notes.pass_over(because, at.line, at.pointer)

    def left(self, keys: list[str], *steps: str | int) -> None:
        """Take down that the keys of a mapping were not looked into."""
        if keys:
            listed = ", ".join(map(shortened, keys[:20]))
            self.pass_over(f"{listed}: nothing that could be held against another source", *steps)
