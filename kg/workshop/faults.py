"""What a check finds: where it stands, what is wrong, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether an extension with such a fault is not to be relied on, or only could be better."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; `file` is below the extension's folder, and lines count from 1."""

    file: str
    line: int | None
    what: str
    hint: str
    weight: Weight = Weight.ERROR
