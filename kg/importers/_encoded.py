"""Measures columns of texts that come again and again: each text once, with how often it stands
there.
"""

from typing import Any, TypeAlias

from kg.importers._casting import cast, in_order, listed
from kg.profiles import LARGEST, LONGEST_CATEGORY, SENTINELS, Block, ColumnProfile

try:
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute
except ImportError:  # the extra `data` is not installed
    np = pa = compute = None  # type: ignore[assignment]

# pyarrow carries no types.
_Arrow: TypeAlias = Any


def is_worthwhile(values: _Arrow) -> bool:
    """Whether a dictionary's texts come again, so that it saves work to look at each once."""
    return len(values.dictionary) * 2 <= len(values) and not values.dictionary.null_count


def block_of_terms(profile: ColumnProfile, values: _Arrow) -> Block | None:
    """The values of a dictionary as a block of the profile's type; None where they are not all of
    it. Raises ArrowInvalid where pyarrow cannot tell.
    """
    indices = values.indices
    times = np.bincount(indices.drop_null().to_numpy(), minlength=len(values.dictionary))
    codes = np.flatnonzero(times)
    terms = compute.utf8_trim_whitespace(values.dictionary.take(pa.array(codes)))
    times = times[codes]
    if profile.kind == "string" and not profile.most_labels:
        return Block(len(values), _gaps(terms, times, indices.null_count), None)
    texts = list(map(str, listed(terms)))
    labels = _summed(texts, times.tolist())
    gaps = {text: labels.pop(text) for text in SENTINELS & labels.keys()}
    if gaps:
        filled = np.flatnonzero([text not in gaps for text in texts])
        terms, times, codes = terms.take(pa.array(filled)), times[filled], codes[filled]
    if indices.null_count:
        gaps[""] = gaps.get("", 0) + indices.null_count
    counted = _kept(profile, labels)
    block = Block(len(values), gaps, counted)
    if not labels or profile.kind == "string":
        return block
    if profile.kind == "boolean":
        truths = counted is not None and {label.lower() for label in counted} <= {"true", "false"}
        return block if truths else None
    if profile.kind == "date":
        ends = compute.min_max(compute.cast(terms, pa.date32())).as_py()
        return Block(len(values), gaps, counted, times=[e.isoformat() for e in ends.values()])
    numbers = cast(profile.kind, terms)
    return None if numbers is None else _of_numbers(block, indices, (codes, times), numbers)


def _gaps(terms: _Arrow, times: _Arrow, absent: int) -> dict[str, int]:
    """How often each text stands there that stands for no value."""
    places = np.flatnonzero(compute.is_in(terms, value_set=pa.array(SENTINELS, terms.type)))
    found = _summed(list(map(str, listed(terms.take(pa.array(places))))), times[places].tolist())
    if absent:
        found[""] = found.get("", 0) + absent
    return found


def _summed(texts: list[str], times: list[int]) -> dict[str, int]:
    """How often each text stands there, some of which are the same without their blanks."""
    found = dict(zip(texts, times, strict=True))
    if len(found) < len(texts):
        found = dict.fromkeys(found, 0)
        for text, count in zip(texts, times, strict=True):
            found[text] += count
    return found


def _kept(profile: ColumnProfile, labels: dict[str, int]) -> dict[str, int] | None:
    """The labels, unless they are too many or too long to be counted."""
    are_few = len(labels) <= profile.most_labels
    return labels if are_few and max(map(len, labels), default=0) <= LONGEST_CATEGORY else None


def _of_numbers(
    block: Block, indices: _Arrow, terms: tuple[_Arrow, _Arrow], numbers: _Arrow
) -> Block | None:
    """The block with the figures of its numbers, given each once; None for what overflows."""
    codes, times = terms
    ends = compute.min_max(numbers).as_py()
    low, high = ends["min"], ends["max"]
    if max(-low, high) >= LARGEST:
        return None
    values = compute.cast(numbers, pa.float64(), safe=False).to_numpy()
    mean = float(values @ times / times.sum())

    def place(number: float) -> int:
        of_it = codes[compute.equal(numbers, number).to_numpy(zero_copy_only=False)]
        return min(int(compute.index(indices, code).as_py()) for code in of_it.tolist())

    return Block(
        cells=block.cells,
        gaps=block.gaps,
        labels=block.labels,
        values=in_order(np.repeat(values, times)),
        extremes=(low, high),
        places=(place(low), place(high)),
        mean=mean,
        squares=float((values - mean) ** 2 @ times),
        only_wholes=bool((values == np.floor(values)).all()),
    )
