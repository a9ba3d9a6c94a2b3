"""G-test of homogeneity: whether both sides draw their labels from the same shares, by likelihood.

G alone calls too many differences real where counts are small, so p is that of G divided by
Williams' correction, which is near 1 where they are large.
Source: Sokal and Rohlf, Biometry (3rd edition, 1995), section 17.4; Williams, Biometrika 63 (1976),
33-37. Effect size and least counts are those of the chi-square test.
"""

from math import fsum, log

import scipy

from kg.statistics import Distribution, Kind, Result, undecided
from kg.statistics._tables import EFFECT, Table, table

TITLE = "G-test of homogeneity"
KINDS: tuple[Kind, ...] = ("categorical",)


def test(left: Distribution, right: Distribution) -> Result:
    """Compares label counts; rare labels are pooled until each is expected 5 times on each side.

    >>> from kg.statistics import of_labels
    >>> found = test(of_labels("a" * 60 + "b" * 40), of_labels("a" * 40 + "b" * 60))
    >>> round(found.statistic, 4), round(found.p_value, 4), round(found.effect_size, 6)
    (8.0542, 0.0047, 0.2)
    """
    counts = table(left, right)
    if isinstance(counts, str):
        return undecided("g_test", left, right, counts)
    # Rounding may leave a trace below nought where both sides are the same.
    found = max(0.0, 2 * fsum(_part(counts, column) for column in counts.columns))
    # One label on both sides leaves nothing to differ.
    freedom = len(counts.columns) - 1
    p_value = float(scipy.stats.chi2.sf(found / _correction(counts), freedom)) if freedom else 1.0
    n = left.n, right.n
    return Result(
        "g_test", found, p_value, counts.effect(), EFFECT, *n, holds=True, because=counts.because
    )


def _part(counts: Table, column: tuple[int, int]) -> float:
    """What one label adds to half of G."""
    pairs = zip(column, counts.expected(column), strict=True)
    return fsum(count * log(count / expected) for count, expected in pairs if count)


def _correction(counts: Table) -> float:
    """Williams' correction for a table of two rows."""
    total = sum(counts.sizes)
    rows = fsum(total / size for size in counts.sizes) - 1
    columns = fsum(total / sum(column) for column in counts.columns) - 1
    return 1 + rows * columns / (6 * total * (len(counts.columns) - 1))
