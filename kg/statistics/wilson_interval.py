"""Wilson interval: between which shares the true one lies, where some of n cases are hits.

It holds what it promises for few cases and for shares near 0 and 1, where the textbook interval
does not. A share is certainly above a limit where the lower end is; the limit stands in the
predicate.
Source: Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212; Brown, Cai and DasGupta, Statist. Sci. 16
(2001), 101-133, who recommend it for 40 cases and fewer.
"""

from math import sqrt
from statistics import NormalDist

from kg.statistics import Design, Result, Sample, uncounted, undecided

TITLE = "Wilson interval"
KINDS: tuple[Design, ...] = ("share",)
CONFIDENCE = 0.95
EFFECT = "share of hits (0 to 1)"


def judge(left: Sample, right: Sample | None = None, margin: float | None = None) -> Result:
    """Gives the 95 % interval of the left sample's share of hits.

    >>> found = judge(Sample(50, hits=5))
    >>> found.statistic, [round(end, 4) for end in found.interval]
    (0.1, [0.0435, 0.2136])
    """
    because = uncounted(left, "sample")
    if because or left.hits is None:
        return undecided("wilson_interval", left, None, because)
    share, because = left.hits / left.n, "at least one case"
    ends = interval(share, left.n)
    return Result(
        "wilson_interval",
        share,
        None,
        share,
        EFFECT,
        left.n,
        0,
        holds=True,
        because=because,
        interval=ends,
    )


def interval(share: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Both ends of the interval of a share of n cases."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    square = z * z / n
    spread = z * sqrt(share * (1 - share) / n + square / (4 * n))
    low, high = ((share + square / 2 + sign * spread) / (1 + square) for sign in (-1, 1))
    # An end that is the share itself is so exactly.
    return 0.0 if share == 0 else low, 1.0 if share == 1 else high
