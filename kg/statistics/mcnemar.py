"""McNemar's test: whether two are right equally often on the same cases.

Only the cases that one of them got right and the other did not tell anything; left and right each
count those of their own as hits. The statistic is McNemar's chi-square without correction, but p is
exact: if both are equally good, each such case is a coin's toss. So it holds for any number, and
five cases to none prove nothing at 5 %.
Source: McNemar, Psychometrika 12 (1947), 153-157; Mosteller, Biometrics 8 (1952), 220-226, for the
exact test; Cohen, Statistical Power Analysis (2nd edition, 1988), chapter 5, for g.
"""

import scipy

from kg.statistics import Design, Result, Sample, uncounted, undecided

TITLE = "McNemar's test, exact"
KINDS: tuple[Design, ...] = ("matched shares",)
EFFECT = "Cohen's g, the right side's share of the cases that tell, less a half (-0.5 to 0.5)"


def judge(left: Sample, right: Sample | None = None, margin: float | None = None) -> Result:
    """Compares two samples of the same cases; hits are the cases that only this side got right.

    >>> found = judge(Sample(400, hits=9), Sample(400, hits=2))
    >>> round(found.statistic, 3), round(found.p_value, 4), round(found.effect_size, 3)
    (4.455, 0.0654, -0.318)
    """
    because = uncounted(left, "reference") or uncounted(right, "current data")
    if because or right is None or left.hits is None or right.hits is None:
        return undecided("mcnemar", left, right, because)
    telling = left.hits + right.hits
    if left.n != right.n or telling > left.n:
        because = f"{left.n} and {right.n} cases, {telling} of them telling, are not the same cases"
        return undecided("mcnemar", left, right, because)
    # Where both are right on the same cases nothing tells them apart.
    exact = scipy.stats.binomtest(right.hits, telling).pvalue if telling else 1.0
    found = (right.hits - left.hits) ** 2 / telling if telling else 0.0
    g = right.hits / telling - 0.5 if telling else 0.0
    because = f"{telling} cases that only one side got right"
    n = left.n, right.n
    return Result("mcnemar", found, float(exact), g, EFFECT, *n, holds=True, because=because)
