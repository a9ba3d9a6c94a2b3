"""Measures columns that pyarrow holds, many values at a time, for their profiles.

Where the values of a batch have the type that the column has had so far, pyarrow does the work;
where they have not, and for types that it reads otherwise than we do, they go to the profile as
texts, one by one. So both ways come to the same profile, but for the last digits of means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kg.importers._casting import cast, in_order, is_text, listed
from kg.importers._encoded import block_of_terms, is_worthwhile
from kg.profiles import LARGEST, LONGEST_CATEGORY, SENTINELS, Block, ColumnProfile

try:
    import pyarrow as pa
    from pyarrow import compute
except ImportError:  # the extra `data` is not installed
    pa = compute = None

# pyarrow carries no types.
_Arrow: TypeAlias = Any

# So few values are not worth being measured together, and tell the type that a column begins with.
_FEW = 512
# So many tell whether a column has few labels; it takes long to count all of one that has not.
_PROBED = 4096
_LONGEST_GAP = max(map(len, SENTINELS))
_MEASURED = frozenset({"integer", "double", "string", "boolean", "date"})


def feed(profile: ColumnProfile, values: _Arrow) -> None:
    """Let the profile take the values of an array: texts as they stand in a file, or typed."""
    if pa.types.is_dictionary(values.type) and not is_worthwhile(values):
        values = values.dictionary_decode()
    waiting = [values]
    while waiting:
        part = waiting.pop()
        block = _block(profile, part)
        if block:
            profile.feed_block(block)
        elif len(part) <= _FEW or profile.kind not in {*_MEASURED, ""}:
            profile.feed_all(listed(part))
        else:
            # Somewhere in here the column gets another type.
            half = _FEW if profile.kind == "" else len(part) // 2
            waiting += [part.slice(half), part.slice(0, half)]


@dataclass(frozen=True, slots=True)
class _Column:
    """The cells of a batch, those that hold a value, and how often others hold which gap; the
    values as numbers where they have been cast.
    """

    cells: _Arrow
    filled: _Arrow
    gaps: Mapping[str, int]
    numbers: _Arrow | None = None


def _block(profile: ColumnProfile, values: _Arrow) -> Block | None:
    """The values as a block of the profile's type; None where they are not all of it, or pyarrow
    cannot tell.
    """
    if profile.kind not in _MEASURED:
        return None
    try:
        return _measured(profile, values)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _measured(profile: ColumnProfile, values: _Arrow) -> Block | None:
    are_many = is_text(values) and _are_many(profile, values)
    if is_text(values) and not are_many:
        encoded = compute.dictionary_encode(values)
        values = encoded if is_worthwhile(encoded) else values
    if pa.types.is_dictionary(values.type):
        return block_of_terms(profile, values)
    column = _of_texts(profile, values) if is_text(values) else _of_values(values)
    labels = None
    if not (are_many and column.filled is values):
        labels = _labels(profile, column.filled)
    if profile.kind in {"integer", "double"}:
        return _of_numbers(profile, column, labels)
    times: list[str] = []
    if profile.kind == "date" and len(column.filled):
        ends = compute.min_max(compute.cast(column.filled, pa.date32())).as_py()
        times = [ends["min"].isoformat(), ends["max"].isoformat()]
    if profile.kind == "boolean" and not (labels is not None and _are_truths(labels)):
        return None
    return Block(len(column.cells), column.gaps, labels, times=times)


def _of_texts(profile: ColumnProfile, values: _Arrow) -> _Column:
    # Where all are numbers, there are no gaps; and none has blanks around it.
    if profile.kind in {"integer", "double"} and (
        (numbers := cast(profile.kind, values)) is not None
    ):
        return _Column(values, values, {}, numbers)
    if values.null_count:
        values = compute.fill_null(values, "")
    trimmed = compute.utf8_trim_whitespace(values)
    cells = values if trimmed.equals(values) else trimmed
    # It takes longer to look for gaps than to see that no value is as short as one.
    if (compute.min(compute.binary_length(cells)).as_py() or 0) > _LONGEST_GAP:
        return _Column(cells, cells, {})
    is_gap = compute.is_in(cells, value_set=pa.array(sorted(SENTINELS), values.type))
    if not compute.any(is_gap).as_py():
        return _Column(cells, cells, {})
    gaps = _counted(cells.filter(is_gap))
    return _Column(cells, cells.filter(compute.invert(is_gap)), gaps)


def _of_values(values: _Arrow) -> _Column:
    gaps = {"": values.null_count} if values.null_count else {}
    filled = values.drop_null()
    if pa.types.is_floating(values.type):
        is_gap = compute.is_nan(filled)
        if absent := compute.sum(is_gap).as_py():
            gaps["nan"] = absent
            filled = filled.filter(compute.invert(is_gap))
    return _Column(values, filled, gaps)


def _are_many(profile: ColumnProfile, values: _Arrow) -> bool:
    """Whether the first values are already more than can be counted as labels."""
    most = profile.most_labels
    return not most or compute.count_distinct(values.slice(0, _PROBED)).as_py() > most


def _labels(profile: ColumnProfile, filled: _Arrow) -> dict[str, int] | None:
    """How often each value occurs, as text; None where they are too many or too long."""
    if _are_many(profile, filled):
        return None
    found = compute.value_counts(filled)
    if len(found) > profile.most_labels:
        return None
    names = listed(found.field(0))
    if max((len(name) for name in names if name), default=0) > LONGEST_CATEGORY:
        return None
    return {
        name or "": count for name, count in zip(names, found.field(1).to_pylist(), strict=True)
    }


def _counted(texts: _Arrow) -> dict[str, int]:
    found = compute.value_counts(texts)
    return dict(zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True))


def _are_truths(labels: Mapping[str, int]) -> bool:
    return all(label.lower() in {"true", "false"} for label in labels)


def _of_numbers(
    profile: ColumnProfile, column: _Column, labels: Mapping[str, int] | None
) -> Block | None:
    numbers = column.numbers
    if numbers is None:
        numbers = cast(profile.kind, column.filled)
    if numbers is None:
        return None
    if not len(numbers):
        return Block(len(column.cells), column.gaps, labels)
    ends = compute.min_max(numbers).as_py()
    low, high = ends["min"], ends["max"]
    if max(-low, high) >= LARGEST:
        return None
    values = compute.cast(numbers, pa.float64(), safe=False)
    spread = compute.variance(values, ddof=0).as_py() * len(values)
    wholes = profile.kind == "integer" or compute.all(compute.equal(values, compute.floor(values)))
    return Block(
        cells=len(column.cells),
        gaps=column.gaps,
        labels=labels,
        values=in_order(values.to_numpy()),
        extremes=(low, high),
        places=(_place(column, numbers, low), _place(column, numbers, high)),
        mean=compute.mean(values).as_py(),
        squares=spread,
        only_wholes=wholes is True or wholes.as_py(),
    )


def _place(column: _Column, numbers: _Arrow, number: float) -> int:
    """Where in the batch the number stands first."""
    place: int = compute.index(numbers, number).as_py()
    if not column.gaps:
        return place
    first: int = compute.index(column.cells, column.filled[place]).as_py()
    return first
