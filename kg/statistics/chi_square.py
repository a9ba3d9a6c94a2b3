"""Chi-square test of homogeneity: whether both sides draw their labels from the same shares.

Source: Pearson's statistic on a table of two rows, without Yates' correction; Cramér, Mathematical
Methods of Statistics (1946), section 21.9, for the effect size. Cochran, Biometrics 10 (1954),
417-451, for the least expected count of 5.
"""

from math import fsum, sqrt

from scipy import stats

from kg.statistics import Distribution, Kind, Result, fault, undecided

TITLE = "Chi-square test of homogeneity"
KINDS: tuple[Kind, ...] = ("categorical",)
LEAST_VALUES = 50
LEAST_EXPECTED = 5.0
EFFECT = "Cramér's V at equal sizes (0 to 1)"


def test(left: Distribution, right: Distribution) -> Result:
    """Compares label counts; rare labels are pooled until each is expected 5 times on each side.

    The effect size is Cramér's V of the two sides' shares with equal weight: the usual V where
    both are of one size, but, unlike it, no smaller when ten thousand rows are compared with fifty.

    >>> from kg.statistics import of_labels
    >>> found = test(of_labels("a" * 60 + "b" * 40), of_labels("a" * 40 + "b" * 60))
    >>> round(found.statistic, 6), round(found.p_value, 4), round(found.effect_size, 6)
    (8.0, 0.0047, 0.2)
    """
    because = fault(left, right, "categorical", LEAST_VALUES)
    if because:
        return undecided("chi_square", left, right, because)
    columns, pooled = _pooled(left, right)
    sizes = _together(columns)
    if len(columns) > 1 and any(_too_rare(column, sizes) for column in columns):
        because = "the labels are too rare: each must be expected 5 times on each side"
        return undecided("chi_square", left, right, because)
    found = fsum(
        (count - expected) ** 2 / expected
        for column in columns
        for count, expected in zip(column, _expected(column, sizes), strict=True)
    )
    # One label on both sides leaves nothing to differ.
    p_value = float(stats.chi2.sf(found, len(columns) - 1)) if len(columns) > 1 else 1.0
    because = "at least 50 values a side, each label expected 5 times on each"
    if pooled:
        because += f"; {pooled} rare labels pooled"
    effect, n = _effect(columns, sizes), (left.n, right.n)
    return Result("chi_square", found, p_value, effect, EFFECT, *n, holds=True, because=because)


def _pooled(left: Distribution, right: Distribution) -> tuple[list[tuple[int, int]], int]:
    """The counts on both sides label by label, the rare ones as one, and how many those are.

    Where all rare labels together are still too rare, the rarest of the others joins them.
    """
    labels = left.counts.keys() | right.counts.keys()
    counts = ((left.counts.get(label, 0), right.counts.get(label, 0)) for label in labels)
    columns = sorted(
        (column for column in counts if any(column)), key=lambda pair: (sum(pair), pair)
    )
    sizes = _together(columns)
    rare = sum(_too_rare(column, sizes) for column in columns)
    while 0 < rare < len(columns) - 1 and _too_rare(_together(columns[:rare]), sizes):
        rare += 1
    return ([_together(columns[:rare]), *columns[rare:]] if rare else columns), rare


def _together(columns: list[tuple[int, int]]) -> tuple[int, int]:
    """Several labels as one."""
    return sum(left for left, _ in columns), sum(right for _, right in columns)


def _expected(column: tuple[int, int], sizes: tuple[int, int]) -> tuple[float, float]:
    """How often the label would be there on each side if the shares were the same."""
    share = sum(column) / sum(sizes)
    return share * sizes[0], share * sizes[1]


def _too_rare(column: tuple[int, int], sizes: tuple[int, int]) -> bool:
    """Whether the label is expected less than 5 times on some side."""
    return min(_expected(column, sizes)) < LEAST_EXPECTED


def _effect(columns: list[tuple[int, int]], sizes: tuple[int, int]) -> float:
    """Cramér's V of a table whose two rows are the shares."""
    shares = [(left / sizes[0], right / sizes[1]) for left, right in columns]
    return sqrt(fsum((left - right) ** 2 / (left + right) for left, right in shares) / 2)
