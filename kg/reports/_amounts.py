"""How evidence is told: a number and a unit for programs, a short text for people."""

import re
from urllib.parse import unquote

from kg.amounts import amount
from kg.errors import KgError
from kg.findings import Evidence, Origin
from kg.units import shown
from kg.visible import visible

_COUNTS = ("", "NUM")
_NODE = re.compile(r"(?:https?://[^\s/]+/(?:\S+/)?)?projects/[^\s/]+/\S+")

Value = str | int | float | bool | None


def number(evidence: Evidence) -> tuple[Value, str | None]:
    """The value and its unit; what has no unit, or is no number, is left as it is stored.

    >>> number(Evidence("needs", "requiredMemory", 16 * 10**9, "BYTE"))
    (16.0, 'GB')
    """
    value = evidence.value
    if evidence.unit in _COUNTS or isinstance(value, str | bool) or value is None:
        return value, None
    return amount(value, evidence.unit, (origin.given for origin in evidence.sources))


def said(evidence: Evidence, origin: Origin | None = None) -> str:
    """The value as its source wrote it, or else as people read it.

    >>> said(Evidence("has", "availableMemory", 8 * 2**30, "BYTE"), Origin("a", given="8Gi"))
    '8Gi'
    >>> said(Evidence("has", "availableMemory", None, "BYTE"))
    'not stated'
    """
    if evidence.value is None:
        return "not stated"
    if origin and origin.given and evidence.unit:
        return visible(origin.given.strip())
    return _plainly(evidence)


def meant(evidence: Evidence, origin: Origin | None = None) -> str:
    """What the source's own writing comes to, where that is not plain to see; else nothing.

    >>> meant(Evidence("has", "availableMemory", 8 * 2**30, "BYTE"), Origin("a", given="8Gi"))
    '8.59 GB'
    >>> meant(Evidence("type", "dataType", "integer"), Origin("a", given="long"))
    'written long'
    """
    if evidence.value is None or not (origin and origin.given):
        return ""
    given, plain = visible(" ".join(origin.given.split())), _plainly(evidence)
    if _bare(given) == _bare(plain) or (not evidence.unit and _bare(plain) in _bare(given)):
        return ""
    return plain if evidence.unit else f"written {given}"


def is_node(evidence: Evidence) -> bool:
    """Whether the value is the IRI of an element or part, which people know by its name.

    >>> is_node(Evidence("other", "pairedWith", "projects/loan/raw-data/a/fields/age"))
    True
    """
    return bool(_NODE.fullmatch(str(evidence.value)))


def _plainly(evidence: Evidence) -> str:
    value = evidence.value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not (evidence.unit or evidence.sources):
        return f"{value:.3g}"  # worked out, so its further digits mean nothing
    if isinstance(value, int | float):
        return visible(_told(value, evidence.unit))
    text = unquote(str(value).rpartition("/")[2]) if is_node(evidence) else str(value)
    return visible(text) or '""'


def _told(value: float, unit: str) -> str:
    try:
        return shown(value, unit)
    except (KgError, ArithmeticError):
        # A researcher's own unit has no reading of ours, and NaN has no digits.
        return f"{value} {unit}".strip()


def _bare(text: str) -> str:
    return re.sub(r"[\s`\"'=<>~^]", "", text).lower()
