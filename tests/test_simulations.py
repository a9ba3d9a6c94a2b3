"""Statistics on simulated data: how often they are wrong where nothing differs, and how often they
find what does.

Of a thousand runs a share of 5 % has a standard error of 0.7 %. Every draw has its seed.
"""

from collections.abc import Callable, Iterator
from math import sqrt
from types import ModuleType
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from kg.statistics import (
    LEVELS,
    Distribution,
    Result,
    Sample,
    chi_square,
    corrected,
    g_test,
    kolmogorov_smirnov,
    mcnemar,
    of_numbers,
    population_stability,
    tost,
    two_proportions,
    wasserstein,
    welch,
    wilson_interval,
)

RUNS = 1000
LEVEL = 0.05
ERROR = sqrt(LEVEL * (1 - LEVEL) / RUNS)

Numbers: TypeAlias = NDArray[np.float64]
Family: TypeAlias = list[tuple[str, Result]]
SHARES = ([0.5, 0.3, 0.15, 0.05], [0.7, 0.2, 0.1], [0.25] * 4)


# -- what is drawn --------------------------------------------------------------------------------


def labelled(rng: np.random.Generator, n: int, shares: list[float]) -> Distribution:
    counts = rng.multinomial(n, shares).tolist()
    named = {label: count for label, count in zip("abcd", counts, strict=False) if count}
    return Distribution("categorical", n, counts=named)


def sketch(values: Numbers) -> Distribution:
    quantiles = np.quantile(values, np.linspace(0, 1, LEVELS))
    return Distribution("numeric", values.size, quantiles=tuple(quantiles.tolist()))


def counted(rng: np.random.Generator, n: int, share: float) -> Sample:
    return Sample(n, hits=int(rng.binomial(n, share)))


def averaged(values: Numbers) -> Sample:
    return Sample(values.size, mean=float(values.mean()), sd=float(values.std(ddof=1)))


def compared(rng: np.random.Generator, telling: int, share: float) -> tuple[Sample, Sample]:
    """Cases that only one of two got right, each with this share for the right side."""
    won = int(rng.binomial(telling, share))
    return Sample(400, hits=telling - won), Sample(400, hits=won)


# -- false alarms ---------------------------------------------------------------------------------


def data_sets(rng: np.random.Generator) -> Family:
    """Two data sets of three fields of labels and three of numbers, with every test of each."""
    found: Family = []
    for place, shares in enumerate(SHARES):
        pair = labelled(rng, 2000, shares), labelled(rng, 400, shares)
        found += [(f"labels {place}", module.test(*pair)) for module in (chi_square, g_test)]
    for name, values in (
        ("normal", rng.normal(size=2400)),
        ("skewed", rng.lognormal(size=2400)),
        ("counts", rng.poisson(6, 2400).astype(np.float64)),
    ):
        pair = sketch(values[:2000]), sketch(values[2000:])
        found.append((name, kolmogorov_smirnov.test(*pair)))
    return found


def groups(rng: np.random.Generator) -> Family:
    """A group of a metric beside five others."""
    first, *others = (counted(rng, n, 0.8) for n in (300, 150, 200, 250, 400, 600))
    return [(str(place), two_proportions.judge(first, one)) for place, one in enumerate(others)]


def ports(rng: np.random.Generator) -> Family:
    """Three ports of a model."""
    pairs = (compared(rng, telling, 0.5) for telling in (30, 40, 90))
    return [(str(place), mcnemar.judge(*pair)) for place, pair in enumerate(pairs)]


def means(rng: np.random.Generator) -> Family:
    """Four means, two of skewed values, with another spread on the other side."""
    draws: list[tuple[Numbers, Numbers]] = [
        *((rng.normal(size=80), rng.normal(0, 2, 300)) for _ in range(2)),
        *((rng.gamma(4, size=200), rng.gamma(4, size=300)) for _ in range(2)),
    ]
    pairs = ((averaged(left), averaged(right)) for left, right in draws)
    return [(str(place), welch.judge(*pair)) for place, pair in enumerate(pairs)]


def alarms(families: list[Family], *methods: str) -> float:
    """The share of runs in which some corrected p-value of these methods is below 5 %."""
    found = [
        [
            p
            for p, (_, result) in zip(corrected(family), family, strict=True)
            if is_of(result, methods)
        ]
        for family in families
    ]
    # A sketch of values that repeat may leave Kolmogorov and Smirnov undecided.
    assert np.mean([p is None for p_values in found for p in p_values]) < LEVEL
    return float(np.mean([any(p is not None and p < LEVEL for p in ps) for ps in found]))


def is_of(result: Result, methods: tuple[str, ...]) -> bool:
    return not methods or result.method in methods


@pytest.fixture(scope="module")
def equal_data_sets() -> list[Family]:
    rng = np.random.default_rng(2030)
    return [data_sets(rng) for _ in range(RUNS)]


@pytest.mark.parametrize(
    "methods", [("chi_square", "kolmogorov_smirnov"), ("g_test", "kolmogorov_smirnov"), ()]
)
def test_equal_data_sets_alarm_in_five_of_a_hundred_runs_at_most(
    methods: tuple[str, ...], equal_data_sets: list[Family]
) -> None:
    assert alarms(equal_data_sets, *methods) <= LEVEL


def test_without_correction_they_would_alarm_more_often(equal_data_sets: list[Family]) -> None:
    raw = [[r.p_value for _, r in family if r.method != "g_test"] for family in equal_data_sets]
    assert np.mean([any(p is not None and p < LEVEL for p in ps) for ps in raw]) > 2 * LEVEL


@pytest.mark.parametrize("family", [groups, ports, means])
def test_equal_samples_alarm_in_five_of_a_hundred_runs_at_most(
    family: Callable[[np.random.Generator], Family],
) -> None:
    rng = np.random.default_rng(2031)
    assert alarms([family(rng) for _ in range(RUNS)]) <= LEVEL + 2 * ERROR


@pytest.mark.parametrize("method", ["chi_square", "g_test", "kolmogorov_smirnov"])
def test_each_test_alone_alarms_in_five_of_a_hundred_pairs_at_most(
    method: str, equal_data_sets: list[Family]
) -> None:
    """What correction hides: fields are as many independent pairs, so the error is smaller."""
    p_values = [r.p_value for family in equal_data_sets for _, r in family if r.method == method]
    assert np.mean([p is not None and p < LEVEL for p in p_values]) <= LEVEL + 2 * ERROR


@pytest.mark.parametrize("share", [0.80, 0.90])
def test_what_differs_by_the_margin_is_called_equivalent_in_five_of_a_hundred_runs_at_most(
    share: float,
) -> None:
    rng = np.random.default_rng(2032)
    pairs = ((counted(rng, 400, share), counted(rng, 400, share + 0.05)) for _ in range(RUNS))
    found = [tost.judge(*pair, 0.05).p_value for pair in pairs]
    assert np.mean([p is not None and p < LEVEL for p in found]) <= LEVEL + 2 * ERROR


@pytest.mark.parametrize("n", [10, 50, 500])
def test_the_interval_holds_the_true_share_as_often_as_it_promises(n: int) -> None:
    """Without drawing: summed over all numbers of hits, and averaged over shares from 2 to 98 %."""
    ends = [wilson_interval.interval(hits / n, n) for hits in range(n + 1)]
    shares = np.linspace(0.02, 0.98, 193)
    held = [
        sum(
            stats.binom.pmf(hits, n, share)
            for hits, (low, high) in enumerate(ends)
            if low <= share <= high
        )
        for share in shares.tolist()
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.01)
    assert min(held) > 0.83


# -- power ----------------------------------------------------------------------------------------


def power(draws: Iterator[Result]) -> float:
    """The share of results that are significant at 5 %."""
    found = [draw.p_value for draw in draws]
    assert len(found) == RUNS
    return float(np.mean([p is not None and p < LEVEL for p in found]))


def near(theory: float, about: float = 0.0) -> object:
    """Within three standard errors of what is simulated, and what the theory leaves out."""
    return pytest.approx(theory, abs=3 * sqrt(theory * (1 - theory) / RUNS) + about)


@pytest.mark.parametrize("module", [chi_square, g_test])
def test_a_shift_of_labels_is_found_as_often_as_noncentral_chi_square_tells(
    module: ModuleType,
) -> None:
    rng = np.random.default_rng(2033)
    before, after, n = [0.5, 0.3, 0.2], [0.4, 0.35, 0.25], 250
    apart = sum((p - q) ** 2 / ((p + q) / 2) for p, q in zip(before, after, strict=True)) * n / 2
    theory = stats.ncx2.sf(stats.chi2.isf(LEVEL, 2), 2, apart)
    assert 0.4 < theory < 0.6
    draws = (module.test(labelled(rng, n, before), labelled(rng, n, after)) for _ in range(RUNS))
    assert power(draws) == near(theory)


def test_a_difference_of_shares_is_found_as_often_as_the_normal_distribution_tells() -> None:
    rng = np.random.default_rng(2034)
    p, q, n = 0.8, 0.7, 200
    middle = (p + q) / 2
    pooled = sqrt(2 * middle * (1 - middle) / n)
    own = sqrt((p * (1 - p) + q * (1 - q)) / n)
    theory = stats.norm.sf((stats.norm.isf(LEVEL / 2) * pooled - (p - q)) / own)
    assert 0.6 < theory < 0.7
    draws = (two_proportions.judge(counted(rng, n, p), counted(rng, n, q)) for _ in range(RUNS))
    assert power(draws) == near(theory)


def test_a_worse_port_is_found_as_often_as_the_binomial_distribution_tells() -> None:
    rng = np.random.default_rng(2035)
    telling, share = 40, 0.3
    tails = [won for won in range(telling + 1) if stats.binomtest(won, telling).pvalue < LEVEL]
    theory = sum(stats.binom.pmf(won, telling, share) for won in tails)
    assert 0.6 < theory < 0.75
    assert power(mcnemar.judge(*compared(rng, telling, share)) for _ in range(RUNS)) == near(theory)


def test_a_moved_mean_is_found_as_often_as_noncentral_t_tells() -> None:
    rng = np.random.default_rng(2036)
    n, moved = 60, 0.5
    limit = stats.t.isf(LEVEL / 2, 2 * n - 2)
    theory = stats.nct.sf(limit, 2 * n - 2, moved * sqrt(n / 2))
    assert 0.7 < theory < 0.8
    draws = (
        welch.judge(averaged(rng.normal(size=n)), averaged(rng.normal(moved, 1, n)))
        for _ in range(RUNS)
    )
    assert power(draws) == near(theory)


def test_equal_means_are_shown_to_be_so_as_often_as_the_normal_distribution_tells() -> None:
    rng = np.random.default_rng(2037)
    n, margin = 200, 0.3
    theory = 2 * stats.norm.cdf(margin * sqrt(n / 2) - stats.norm.isf(LEVEL)) - 1
    assert 0.8 < theory < 0.85
    draws = (
        tost.judge(averaged(rng.normal(size=n)), averaged(rng.normal(size=n)), margin)
        for _ in range(RUNS)
    )
    # The standard deviations are known to a twentieth only, and so is the standard error.
    assert power(draws) == near(theory, about=0.01)


def test_equal_shares_are_shown_to_be_so_as_often_as_the_normal_distribution_tells() -> None:
    rng = np.random.default_rng(2038)
    n, share, margin = 1000, 0.8, 0.05
    error = sqrt(2 * share * (1 - share) / n)
    theory = 2 * stats.norm.cdf(margin / error - stats.norm.isf(LEVEL)) - 1
    assert 0.7 < theory < 0.8
    draws = (
        tost.judge(counted(rng, n, share), counted(rng, n, share), margin) for _ in range(RUNS)
    )
    assert power(draws) == near(theory, about=0.01)


def test_a_moved_distribution_is_found_in_sketches_as_often_as_in_the_values() -> None:
    """The reference is scipy's test on the same draws, of which sketches may miss a few."""
    rng = np.random.default_rng(2039)
    in_values, in_sketches = [], []
    for _ in range(RUNS):
        left, right = rng.normal(size=600), rng.normal(0.2, 1, 400)
        in_values.append(stats.ks_2samp(left, right, method="asymp").pvalue < LEVEL)
        found = kolmogorov_smirnov.test(sketch(left), sketch(right)).p_value
        in_sketches.append(found is not None and found < LEVEL)
    assert 0.7 < np.mean(in_values) < 0.85
    assert np.mean(in_sketches) == pytest.approx(np.mean(in_values), abs=0.04)
    assert np.mean(np.array(in_values) == np.array(in_sketches)) > 0.93


# -- what matters is the size of an effect --------------------------------------------------------


def test_a_shift_of_a_tenth_of_the_spread_is_found_among_many_rows_but_is_small() -> None:
    """A p-value alone flags everything at n = 14,000; the sizes of the effect stay below limits."""
    rng = np.random.default_rng(9)
    left, right = of_numbers(rng.normal(size=14_000)), of_numbers(rng.normal(0.05, 1, 14_000))
    by_rank = kolmogorov_smirnov.test(left, right)
    assert by_rank.p_value is not None
    assert by_rank.p_value < 0.05
    by_bins, by_distance = population_stability.test(left, right), wasserstein.test(left, right)
    assert by_bins.statistic is not None
    assert by_bins.statistic < 0.2
    assert by_distance.effect_size is not None
    assert by_distance.effect_size < 0.1


@pytest.mark.parametrize("module", [chi_square, g_test])
def test_a_shift_of_labels_is_as_large_with_few_current_rows_as_with_many(
    module: ModuleType,
) -> None:
    reference = Distribution("categorical", 14_000, counts={"a": 7000, "b": 7000})
    few = Distribution("categorical", 100, counts={"a": 70, "b": 30})
    many = Distribution("categorical", 14_000, counts={"a": 9800, "b": 4200})
    sizes = [module.test(reference, current).effect_size for current in (few, many)]
    assert sizes[0] == pytest.approx(sizes[1])
    assert sizes[0] == pytest.approx(0.2, abs=0.01)
