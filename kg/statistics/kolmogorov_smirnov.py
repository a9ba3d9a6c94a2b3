"""Kolmogorov-Smirnov test: whether both sides draw their numbers from one distribution.

Whole samples (up to 101 values) are compared as they are, with the exact p-value. Sketches of 101
quantiles are compared by their interpolated distribution functions: D is then within 0.02 of that
of the raw values (0.01 a side), and mostly within 0.005. Where values repeat, a sketch knows the
height of a step only to within 0.01, and one of fewer quantiles, say deciles, knows any height only
to within a tenth; so that much a side is taken off before p is computed; the test then misses small
differences rather than raise a false alarm.
Source: Smirnov, Ann. Math. Statist. 19 (1948), 279-281; p from the distribution of the one-sample
statistic at the effective size nm / (n + m), as scipy does for large samples.
"""

import scipy

from kg.statistics import LEVELS, Distribution, Kind, Result, fault, undecided

TITLE = "Two-sample Kolmogorov-Smirnov test"
KINDS: tuple[Kind, ...] = ("numeric",)
LEAST_VALUES = 50
_DOUBTFUL = 0.05
EFFECT = "D, the largest difference of shares (0 to 1)"


def test(left: Distribution, right: Distribution) -> Result:
    """Compares two samples or sketches of numbers; the statistic and the effect size are both D.

    >>> from kg.statistics import of_numbers
    >>> found = test(of_numbers(range(0, 60)), of_numbers(range(30, 90)))
    >>> found.statistic, f"{found.p_value:.1e}"
    (0.5, '3.5e-07')
    """
    because = fault(left, right, "numeric", LEAST_VALUES)
    if because:
        return undecided("kolmogorov_smirnov", left, right, because)
    n = left.n, right.n
    if left.whole and right.whole:
        exact = scipy.stats.ks_2samp(left.quantiles, right.quantiles, method="exact")
        distance, p_value = float(exact.statistic), float(exact.pvalue)
        because = "all values of both sides"
    else:
        distance = _distance(left, right)
        certain = max(distance - _doubt(left) - _doubt(right), 0.0)
        p_value = _p_value(certain, *n)
        because = "at least 50 values a side, by quantiles"
        if certain < distance and p_value >= _DOUBTFUL > _p_value(distance, *n):
            reason = f"the quantiles are too few: D lies from {certain:.2g} to {distance:.2g}"
            return undecided("kolmogorov_smirnov", left, right, reason)
    return Result(
        "kolmogorov_smirnov", distance, p_value, distance, EFFECT, *n, holds=True, because=because
    )


def _p_value(distance: float, n: int, m: int) -> float:
    """The probability of at least this D between samples of these sizes from one distribution."""
    return float(scipy.stats.kstwo.sf(distance, round(n * m / (n + m))))


def _distance(left: Distribution, right: Distribution) -> float:
    """The largest difference of the distribution functions, before or at any quantile."""
    return max(
        max(abs(left.at_most(at) - right.at_most(at)), abs(left.below(at) - right.below(at)))
        for at in {*left.quantiles, *right.quantiles}
    )


def _doubt(side: Distribution) -> float:
    """How far a sketch may misplace a step of the distribution function."""
    return side.step if side.tied or len(side.quantiles) < LEVELS else 0.0
