"""Cells of CSV: what stands in them is text, whatever a spreadsheet would make of it."""

import re

from kg.visible import flowing

# A cell that begins so is a formula, in full-width signs too. Where the comma is the decimal point,
# spreadsheets divide cells at semicolons, whatever the quotes.
_FORMULA = re.compile('(^|;)(?=[\\s"]*[=+@\uff0b\uff0d\uff1d\uff20-])')


def harmless(text: str) -> str:
    """The text as one line that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("a; -b"), harmless("1-2")
    ("'=1+1", "a;' -b", '1-2')
    """
    return _FORMULA.sub(r"\1'", flowing(text))
