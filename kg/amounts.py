"""Tells a stored amount as a number and a unit that say the same when they are read again.

For programs and files; what people read in a sentence is rounded, and is `kg.units.shown`'s.
"""

import re
from collections.abc import Iterable

from kg.errors import KgError
from kg.units import quantity, shown

_WRITTEN = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*([A-Za-zµ%°][A-Za-z0-9/µ%°]*)\s*")
_SHOWN = re.compile(r"(-?[0-9.]+)\s*(\S.*)")
_EVERY_DIGIT = 20


def amount(value: float, unit: str, given: Iterable[str | None] = ()) -> tuple[float, str]:
    """A number and a unit such that `number unit`, read by `kg.units.quantity`, is the value again.

    The unit is the one in which the amount was given, where that is written plainly, else the one
    in which people read such an amount. A unit that is not known stays with its number as it is.

    >>> amount(16 * 10**9, "BYTE", ["16 GB"]), amount(8 * 2**30, "BYTE", ["8Gi"])
    ((16.0, 'GB'), (8.0, 'Gi'))
    >>> amount(512 * 2**20, "BYTE", ["512m"])
    (536.870912, 'MB')
    """
    for text in given:
        written = _WRITTEN.fullmatch(text or "")
        if written and _means(written[1], written[2], value, unit):
            return float(written[1]), written[2]
    parts = _SHOWN.fullmatch(_shown(value, unit))
    if parts and _means(parts[1], parts[2], value, unit):
        return float(parts[1]), parts[2]
    return value, unit


def _shown(value: float, unit: str) -> str:
    try:
        return shown(value, unit, _EVERY_DIGIT)
    except (KgError, ArithmeticError):
        # A researcher's own unit has no reading of ours, and NaN has no digits.
        return ""


def _means(number: str, word: str, value: float, unit: str) -> bool:
    try:
        return quantity(f"{float(number)!r} {word}", unit) == value
    except KgError:
        return False
