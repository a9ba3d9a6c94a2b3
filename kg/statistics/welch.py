"""Welch's t test: whether two samples have the same mean, whatever their spread.

Of at least 50 values a side the mean is near to normal, unless they are wildly skewed.
Source: Welch, Biometrika 34 (1947), 28-35; the effect size is Glass's delta (Glass, Educational
Researcher 5 (1976), 3-8).
"""

from kg.statistics import Design, Result, Sample, undecided
from kg.statistics._means import difference

TITLE = "Welch's t test"
KINDS: tuple[Design, ...] = ("means",)
CONFIDENCE = 0.95
EFFECT = "difference of the means, right less left, in standard deviations of the reference"


def judge(left: Sample, right: Sample | None = None, margin: float | None = None) -> Result:
    """Compares the means of two samples; the interval is that of their difference.

    >>> found = judge(Sample(60, mean=5.0, sd=2.0), Sample(60, mean=6.0, sd=3.0))
    >>> round(found.statistic, 3), round(found.p_value, 3), found.effect_size
    (2.148, 0.034, 0.5)
    """
    found = difference(left, right)
    if isinstance(found, str) or right is None or not left.sd:
        return undecided("welch", left, right, str(found))
    return Result(
        "welch",
        found.apart / found.error,
        2 * found.chance(abs(found.apart)),
        found.apart / left.sd,
        EFFECT,
        left.n,
        right.n,
        holds=True,
        because="at least 50 values a side",
        interval=found.interval(CONFIDENCE),
    )
