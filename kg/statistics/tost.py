"""Two one-sided tests: whether two shares, or two means, are as good as equal.

That no difference was found does not show that there is none: few cases find nothing. Here the
difference must be shown to be smaller than a margin either way, at 5 % each. The statistic is the
smallest margin for which that is shown, which is the farther end of the 90 % interval; so a
predicate may bring its own margin and hold it against that. A p-value there is only where the
margin is given.
Source: Schuirmann, J. Pharmacokinet. Biopharm. 15 (1987), 657-680; Tunes da Silva, Logan and Klein,
Biol. Blood Marrow Transplant. 15 (2009), 120-127, for shares, with the variance that is not pooled.
"""

from math import isfinite, sqrt

from kg.statistics import Design, Result, Sample, uncounted, undecided
from kg.statistics._means import Difference, difference

TITLE = "Two one-sided tests of equivalence"
KINDS: tuple[Design, ...] = ("shares", "means")
LEAST_COUNT = 5
CONFIDENCE = 0.90  # 5 % to either side
OF_SHARES = "difference of the shares, right less left (-1 to 1)"
OF_MEANS = "difference of the means, right less left, in standard deviations of the reference"


def judge(left: Sample, right: Sample | None = None, margin: float | None = None) -> Result:
    """Shows within which margin two samples are equivalent, in the unit of the shares or means.

    >>> found = judge(Sample(1000, hits=900), Sample(1000, hits=905), margin=0.03)
    >>> round(found.statistic, 4), round(found.p_value, 4)
    (0.0268, 0.0297)
    """
    of_shares = left.hits is not None
    found = _of_shares(left, right) if of_shares else difference(left, right)
    if margin is not None and not (isfinite(margin) and margin > 0):
        found = "the margin of equivalence is not above nought"
    if isinstance(found, str) or right is None:
        return undecided("tost", left, right, str(found))
    low, high = found.interval(CONFIDENCE)
    p_value = None
    if margin is not None:
        p_value = max(found.chance(margin + found.apart), found.chance(margin - found.apart))
    least = "5 hits and 5 misses" if of_shares else "50 values"
    return Result(
        "tost",
        max(abs(low), abs(high)),
        p_value,
        found.apart / (1.0 if of_shares else left.sd or 1.0),
        OF_SHARES if of_shares else OF_MEANS,
        left.n,
        right.n,
        holds=True,
        because=f"at least {least} a side",
        interval=(low, high),
    )


def _of_shares(left: Sample, right: Sample | None) -> Difference | str:
    """The difference of two shares, or why it is not known."""
    because = uncounted(left, "reference") or uncounted(right, "current data")
    if because or right is None or left.hits is None or right.hits is None:
        return because
    fewest = min(left.hits, left.n - left.hits, right.hits, right.n - right.hits)
    if fewest < LEAST_COUNT:
        return f"each side needs 5 hits and 5 misses, one has {fewest}"
    first, second = left.hits / left.n, right.hits / right.n
    error = sqrt(first * (1 - first) / left.n + second * (1 - second) / right.n)
    return Difference(second - first, error)
