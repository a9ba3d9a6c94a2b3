"""Two means and what is known of their difference."""

from dataclasses import dataclass
from math import inf, sqrt

import scipy

from kg.statistics import Sample

LEAST_VALUES = 50
_LARGEST, _SMALLEST = 1e100, 1e-100  # squares of larger or smaller numbers are infinite, or nought


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, right less left, with its standard error; of means the degrees of freedom are
    Welch's, of shares there is no end of them.
    """

    apart: float
    error: float
    freedom: float = inf

    def chance(self, distance: float) -> float:
        """The probability to be off by at least the distance, to one given side."""
        return float(scipy.stats.t.sf(distance / self.error, self.freedom))

    def interval(self, confidence: float) -> tuple[float, float]:
        """Between which ends the true difference lies."""
        reach = float(scipy.stats.t.ppf((1 + confidence) / 2, self.freedom)) * self.error
        return self.apart - reach, self.apart + reach


def difference(left: Sample, right: Sample | None) -> Difference | str:
    """The difference of two means whose variances may differ, or why it is not known.

    Source: Welch, Biometrika 34 (1947), 28-35; Satterthwaite, Biometrics Bulletin 2 (1946),
    110-114, for the degrees of freedom.
    """
    if right is None:
        return "there is nothing to compare with"
    parts = []
    for side, name in ((left, "reference"), (right, "current data")):
        if side.n < LEAST_VALUES:
            return f"the {name} has {side.n} values, {LEAST_VALUES} are needed"
        mean, sd = side.mean, side.sd
        if mean is None or sd is None or not abs(mean) < _LARGEST or not 0 <= sd < _LARGEST:
            return f"the {name} states no mean, or no standard deviation"
        parts.append((mean, sd * sd / side.n, side.n - 1))
    (first, of_first, n), (second, of_second, m) = parts
    variance = of_first + of_second
    if not left.sd or left.sd < _SMALLEST:
        return "the reference has no spread"
    freedom = 1 / ((of_first / variance) ** 2 / n + (of_second / variance) ** 2 / m)
    return Difference(second - first, sqrt(variance), freedom)
