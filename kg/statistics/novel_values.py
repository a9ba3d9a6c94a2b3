"""Novel values: how large a share of the current values the reference never saw.

Of labels, those that are none of the reference's; of numbers, those beyond its smallest and largest
value, of which a sketch tells to within a hundredth: the test then rather sees fewer. The effect
size is the lower end of the share's 95 % interval, so that a handful of values proves nothing.
Source: Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212, for the interval.
"""

from bisect import bisect_left, bisect_right

from kg.statistics import Distribution, Kind, Result, fault, undecided
from kg.statistics.wilson_interval import interval

TITLE = "Share of novel values"
KINDS: tuple[Kind, ...] = ("numeric", "categorical")
LEAST_VALUES = 50
LEAST_REFERENCE = 500  # a smaller one misses what is rare
EFFECT = "lower end of the 95 % interval of the share (0 to 1)"


def test(left: Distribution, right: Distribution) -> Result:
    """Counts the current values that the reference does not have.

    >>> from kg.statistics import of_labels
    >>> found = test(of_labels("ab" * 250), of_labels("a" * 90 + "c" * 10))
    >>> found.statistic, round(found.effect_size, 4)
    (0.1, 0.0552)
    """
    because = fault(left, right, left.kind, LEAST_VALUES) or _gap(left)
    if because:
        return undecided("novel_values", left, right, because)
    if left.kind == "categorical":
        size = sum(right.counts.values())
        share = sum(n for label, n in right.counts.items() if not left.counts.get(label)) / size
    else:
        size, share = right.n, _beyond(left, right)
    because = "at least 500 values of the reference, and 50 current ones"
    lower, n = interval(share, size)[0], (left.n, right.n)
    return Result("novel_values", share, None, lower, EFFECT, *n, holds=True, because=because)


def _gap(left: Distribution) -> str:
    """Why the reference may have values that it does not state, or nothing."""
    size = sum(left.counts.values()) if left.kind == "categorical" else left.n
    if size < LEAST_REFERENCE:
        return f"the reference has {size} values, {LEAST_REFERENCE} are needed"
    if size < left.n:
        return "the reference does not state all its labels"
    return ""


def _beyond(left: Distribution, right: Distribution) -> float:
    """The share of current numbers below the reference's smallest or above its largest."""
    under = bisect_left(right.quantiles, left.quantiles[0])
    over = len(right.quantiles) - bisect_right(right.quantiles, left.quantiles[-1])
    if right.whole:
        return (under + over) / right.n
    # Between so many neighbouring quantiles there is one hundredth less than there are quantiles.
    steps = len(right.quantiles) - 1
    return min((max(under - 1, 0) + max(over - 1, 0)) / steps, 1.0)
