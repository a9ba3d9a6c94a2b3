"""Jensen-Shannon divergence: how much the shares of a bin tell about the side they come from.

The mean of both sides' divergence from their middle, in bits: 0 where all shares are the same, 1
where the sides have nothing in common; empty bins need no makeshift. It is a distance and has no
p-value. Chance alone gives about (bins - 1) / 5.5 times (1 / n + 1 / m) bits.
Source: Lin, IEEE Trans. Inf. Theory 37 (1991), 145-151; Endres and Schindelin, same journal 49
(2003), 1858-1860, whose metric, the root, is the effect size.
"""

from math import fsum, log2, sqrt

from kg.statistics import Distribution, Kind, Result, undecided
from kg.statistics._shares import shares

TITLE = "Jensen-Shannon divergence"
KINDS: tuple[Kind, ...] = ("numeric", "categorical")
EFFECT = "Jensen-Shannon distance (0 to 1)"


def test(left: Distribution, right: Distribution) -> Result:
    """Compares shares by deciles of the reference, or by labels.

    >>> from kg.statistics import of_labels
    >>> found = test(of_labels("ab" * 250), of_labels("a" * 500))
    >>> round(found.statistic, 4), round(found.effect_size, 4)
    (0.3113, 0.5579)
    """
    pairs = shares(left, right)
    if isinstance(pairs, str):
        return undecided("jensen_shannon", left, right, pairs)
    # Rounding may leave a trace below nought where both sides are the same.
    found = max(0.0, fsum(_part(share, sum(pair) / 2) for pair in pairs for share in pair) / 2)
    because = f"at least 500 values a side, {len(pairs)} bins"
    n = left.n, right.n
    return Result(
        "jensen_shannon", found, None, sqrt(found), EFFECT, *n, holds=True, because=because
    )


def _part(share: float, middle: float) -> float:
    """What one side's share of a bin adds to its divergence from the middle, in bits."""
    return share * log2(share / middle) if share > 0 else 0.0
