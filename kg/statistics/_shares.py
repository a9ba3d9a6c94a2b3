"""The shares of two distributions in the same bins: label by label, or between the reference's
deciles.
"""

from itertools import pairwise

from kg.statistics import Distribution, fault

LEAST_VALUES = 500
BINS = 10

Pair = tuple[float, float]


def shares(left: Distribution, right: Distribution) -> list[Pair] | str:
    """The share of each bin on both sides, without bins empty on both, or why there are none.

    A value that is a tenth of the reference or more is a bin of its own, so that values below it
    are told from it.
    """
    because = fault(left, right, left.kind, LEAST_VALUES) or _coarse(left, right)
    if because:
        return because
    return _by_label(left, right) if left.kind == "categorical" else _by_decile(left, right)


def _coarse(left: Distribution, right: Distribution) -> str:
    """Why two sketches do not tell the shares of ten bins, or nothing."""
    fewest = min((len(s.quantiles) for s in (left, right) if s.kind == "numeric"), default=BINS + 1)
    return "" if fewest > BINS else f"a side states {fewest} quantiles, {BINS + 1} are needed"


def _by_label(left: Distribution, right: Distribution) -> list[Pair]:
    """The shares of each label on both sides."""
    sizes = sum(left.counts.values()), sum(right.counts.values())
    labels = sorted(left.counts.keys() | right.counts.keys())
    return [
        (left.counts.get(label, 0) / sizes[0], right.counts.get(label, 0) / sizes[1])
        for label in labels
    ]


def _by_decile(left: Distribution, right: Distribution) -> list[Pair]:
    """The shares between the deciles of the reference on both sides, without bins empty on both."""
    edges = sorted({left.quantile(step / BINS) for step in range(1, BINS)})
    found = [(0.0, 0.0)]
    for edge in edges:
        if left.at_most(edge) - left.below(edge) >= 1 / BINS:
            found.append((left.below(edge), right.below(edge)))
        found.append((left.at_most(edge), right.at_most(edge)))
    found.append((1.0, 1.0))
    steps = [(high[0] - low[0], high[1] - low[1]) for low, high in pairwise(found)]
    return [step for step in steps if any(step)]
