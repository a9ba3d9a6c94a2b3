"""Two-proportion z test: whether two samples have the same share of hits.

The variance is pooled, as it is if the shares are the same; the square of z is then the chi-square
of the table of two rows and two columns. The interval is that of the difference, made of both
sides' Wilson intervals.
Source: Fleiss, Statistical Methods for Rates and Proportions (2nd edition, 1981), chapter 2, not
corrected for continuity; Newcombe, Statist. Med. 17 (1998), 873-890, method 10, for the interval;
Cochran, Biometrics 10 (1954), 417-451, for the least expected count of 5.
"""

from math import erfc, hypot, sqrt

from kg.statistics import Design, Result, Sample, uncounted, undecided
from kg.statistics.wilson_interval import interval

TITLE = "Two-proportion z test"
KINDS: tuple[Design, ...] = ("shares",)
LEAST_EXPECTED = 5.0
EFFECT = "difference of the shares, right less left (-1 to 1)"


def judge(left: Sample, right: Sample | None = None, margin: float | None = None) -> Result:
    """Compares the shares of hits of two samples of different cases; the statistic is z.

    >>> found = judge(Sample(100, hits=40), Sample(100, hits=60))
    >>> round(found.statistic, 4), round(found.p_value, 4), round(found.effect_size, 4)
    (2.8284, 0.0047, 0.2)
    """
    because = uncounted(left, "reference") or uncounted(right, "current data")
    if because or right is None or left.hits is None or right.hits is None:
        return undecided("two_proportions", left, right, because)
    hits, total = left.hits + right.hits, left.n + right.n
    fewest = min(left.n, right.n) * min(hits, total - hits) / total
    if 0 < fewest < LEAST_EXPECTED:
        because = f"hits and misses must be expected 5 times a side, not {fewest:.2g} times"
        return undecided("two_proportions", left, right, because)
    shares = left.hits / left.n, right.hits / right.n
    apart = shares[1] - shares[0]
    # Hits only, or misses only, leave nothing to differ.
    error = sqrt(hits * (total - hits) / (left.n * right.n * total))
    z = apart / error if error else 0.0
    because = "hits and misses expected 5 times a side" if error else "nothing to differ"
    return Result(
        "two_proportions",
        z,
        erfc(abs(z) / sqrt(2)),
        apart,
        EFFECT,
        left.n,
        right.n,
        holds=True,
        because=because,
        interval=_interval(left.n, right.n, *shares),
    )


def _interval(n: int, m: int, left: float, right: float) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares."""
    (low, high), (least, most) = interval(left, n), interval(right, m)
    apart = right - left
    return apart - hypot(right - least, high - left), apart + hypot(most - right, left - low)
