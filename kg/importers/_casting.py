"""What columns that pyarrow holds are asked for: their values as numbers, as texts, in order."""

from array import array
from typing import Any, TypeAlias

from kg.profiles import LONGEST_CATEGORY

try:
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute
except ImportError:  # the extra `data` is not installed
    np = pa = compute = None  # type: ignore[assignment]

# pyarrow carries no types.
_Arrow: TypeAlias = Any

_LONGEST = LONGEST_CATEGORY + 1
# 007 is a code and no number, whatever pyarrow says.
_CODE = "^[+-]?0[0-9]"


def is_text(values: _Arrow) -> bool:
    """Whether the values are texts."""
    return bool(pa.types.is_string(values.type) or pa.types.is_large_string(values.type))


def cast(kind: str, filled: _Arrow) -> _Arrow | None:
    """The values as numbers of the kind; None where one of them is none."""
    wanted = pa.int64() if kind == "integer" else pa.float64()
    if is_text(filled) and _have_code(filled):
        return None
    try:
        numbers = compute.cast(filled, wanted)
    except pa.ArrowInvalid:
        return None
    odd = kind == "double" and compute.any(compute.is_nan(numbers)).as_py()
    return None if odd or numbers.null_count else numbers


def _have_code(texts: _Arrow) -> bool:
    """Whether one of the texts begins as a code does; most that begin with 0 are fractions, and a
    pattern takes longer to find than a beginning.
    """
    for beginning in ("0", "-0"):
        zeros = compute.starts_with(texts, beginning)
        if compute.any(zeros).as_py():
            begun = texts.filter(zeros)
            others = begun.filter(compute.invert(compute.starts_with(begun, f"{beginning}.")))
            if compute.any(compute.match_substring_regex(others, _CODE)).as_py():
                return True
    return False


def in_order(values: _Arrow) -> "array[float]":
    """The numbers in their order, where Python can get at them."""
    return array("d", np.sort(values).tobytes())


def listed(values: _Arrow) -> list[str | None]:
    """Values as they would stand in a text file, long ones cut."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not pa.types.is_large_string(values.type):
        values = values.cast(pa.string())
    texts: list[str | None] = compute.utf8_slice_codeunits(values, 0, _LONGEST).to_pylist()
    return texts
