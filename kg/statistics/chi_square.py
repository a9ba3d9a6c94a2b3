"""Chi-square test of homogeneity: whether both sides draw their labels from the same shares.

Source: Pearson's statistic on a table of two rows, without Yates' correction; Cramér, Mathematical
Methods of Statistics (1946), section 21.9, for the effect size. Cochran, Biometrics 10 (1954),
417-451, for the least expected count of 5.
"""

from math import fsum

import scipy

from kg.statistics import Distribution, Kind, Result, undecided
from kg.statistics._tables import EFFECT, table

TITLE = "Chi-square test of homogeneity"
KINDS: tuple[Kind, ...] = ("categorical",)


def test(left: Distribution, right: Distribution) -> Result:
    """Compares label counts; rare labels are pooled until each is expected 5 times on each side.

    >>> from kg.statistics import of_labels
    >>> found = test(of_labels("a" * 60 + "b" * 40), of_labels("a" * 40 + "b" * 60))
    >>> round(found.statistic, 6), round(found.p_value, 4), round(found.effect_size, 6)
    (8.0, 0.0047, 0.2)
    """
    counts = table(left, right)
    if isinstance(counts, str):
        return undecided("chi_square", left, right, counts)
    found = fsum(
        (count - expected) ** 2 / expected
        for column in counts.columns
        for count, expected in zip(column, counts.expected(column), strict=True)
    )
    # One label on both sides leaves nothing to differ.
    freedom = len(counts.columns) - 1
    p_value = float(scipy.stats.chi2.sf(found, freedom)) if freedom else 1.0
    n = left.n, right.n
    return Result(
        "chi_square",
        found,
        p_value,
        counts.effect(),
        EFFECT,
        *n,
        holds=True,
        because=counts.because,
    )
