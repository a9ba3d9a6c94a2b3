"""Statistics: against published and hand-worked examples, scipy, and simulated data sets."""

import csv
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

import kg.statistics
from kg.statistics import (
    LEVELS,
    Distribution,
    Statistic,
    adjusted,
    chi_square,
    kolmogorov_smirnov,
    of_labels,
    of_numbers,
    population_stability,
    wasserstein,
)

CASES = Path(__file__).parent / "cases" / "statistics"
NAMES = sorted(module.name for module in pkgutil.iter_modules(kg.statistics.__path__))


def statistic(name: str) -> Statistic:
    return cast(Statistic, import_module(f"kg.statistics.{name}"))


def distribution(text: str) -> Distribution:
    """Labels as `a:60 b:40`, numbers as `1 5..9 0*300`."""
    parts = text.split()
    if ":" in text:
        counts = {label: int(count) for label, _, count in (part.partition(":") for part in parts)}
        return Distribution("categorical", sum(counts.values()), counts=counts)
    numbers: list[float] = []
    for part in parts:
        first, dots, last = part.partition("..")
        value, _, times = part.partition("*")
        numbers += range(int(first), int(last) + 1) if dots else [float(value)] * int(times or 1)
    return of_numbers(numbers)


def worked_examples() -> Iterator[tuple[str, dict[str, str]]]:
    for name in NAMES:
        with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from ((name, row) for row in csv.DictReader(file))


EXAMPLES = list(worked_examples())


@pytest.mark.parametrize(
    ("name", "row"), EXAMPLES, ids=[f"{name}-{row['case']}" for name, row in EXAMPLES]
)
def test_a_worked_example_comes_out_as_printed(name: str, row: dict[str, str]) -> None:
    """Each row of the case files names its source; figures agree to the digits that are printed."""
    left, right = distribution(row["left"]), distribution(row["right"])
    if row["left"] == "" and ":" in row["right"]:
        left = of_labels("")
    found = statistic(name).test(left, right)
    assert found.holds is (row["holds"] == "yes"), found.because
    assert row["because"] in found.because
    assert (found.method, found.n_left, found.n_right) == (name, left.n, right.n)
    for key in ("statistic", "p_value", "effect_size"):
        if row[key]:
            digits = len(row[key].partition(".")[2])
            printed = pytest.approx(float(row[key]), abs=max(0.51 * 10**-digits, 1e-9))
            assert getattr(found, key) == printed, key


@pytest.mark.parametrize("name", NAMES)
def test_a_failed_precondition_gives_no_figures(name: str) -> None:
    found = statistic(name).test(of_numbers([1.0]), of_labels("ab"))
    assert not found.holds
    assert found.because
    assert (found.statistic, found.p_value, found.effect_size) == (None, None, None)


NUMBERS = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=120)
COUNTS = st.dictionaries(st.text(max_size=2), st.integers(-2, 10**6), max_size=12)
ANYTHING = st.one_of(
    st.builds(Distribution, st.just("categorical"), st.integers(0, 10**6), counts=COUNTS),
    st.builds(
        Distribution,
        st.just("numeric"),
        st.integers(0, 10**6),
        quantiles=NUMBERS.map(tuple),
        sd=st.none() | st.floats(),
    ),
    st.lists(st.floats(-1e300, 1e300), max_size=120).map(lambda values: of_numbers(values * 6)),
    st.lists(st.sampled_from("abcd"), max_size=120).map(lambda labels: of_labels(labels * 9)),
)


@given(ANYTHING, ANYTHING, st.sampled_from(NAMES))
def test_no_statement_of_a_distribution_breaks_a_statistic(
    left: Distribution, right: Distribution, name: str
) -> None:
    found = statistic(name).test(left, right)
    assert found.because
    assert found.holds is (found.statistic is not None)
    assert found.statistic is None or np.isfinite(found.statistic)
    assert found.p_value is None or 0 <= found.p_value <= 1


def test_two_ends_and_a_middle_are_too_coarse_to_compare() -> None:
    stated = Distribution("numeric", 600, quantiles=(0.0, 1.0, 2.0), sd=1.0)
    for name in ("kolmogorov_smirnov", "population_stability", "wasserstein"):
        assert statistic(name).test(stated, stated).because.endswith("5 are needed")


def test_quartiles_tell_no_shares_of_ten_bins() -> None:
    stated = Distribution("numeric", 600, quantiles=(0.0, 1.0, 2.0, 3.0, 4.0), sd=1.0)
    found = statistic("population_stability").test(stated, stated)
    assert found.because == "a side states 5 quantiles, 11 are needed"


@pytest.mark.parametrize("levels", [5, 11, 51])
def test_a_coarse_sketch_raises_no_alarm_that_all_values_would_not(levels: int) -> None:
    for seed in range(20):
        draw = np.random.default_rng(seed)
        left, right = (of_numbers(draw.lognormal(size=800)) for _ in range(2))
        coarse = [
            replace(side, quantiles=tuple(side.quantile(i / (levels - 1)) for i in range(levels)))
            for side in (left, right)
        ]
        fine = statistic("kolmogorov_smirnov").test(left, right)
        found = statistic("kolmogorov_smirnov").test(*coarse)
        assert fine.p_value is not None
        assert not found.holds or found.p_value is None or found.p_value >= min(fine.p_value, 0.05)


def test_deciles_still_show_a_large_shift() -> None:
    left, right = (
        Distribution("numeric", 600, quantiles=tuple(start + i for i in range(11)), sd=3.0)
        for start in (0.0, 6.0)
    )
    found = statistic("kolmogorov_smirnov").test(left, right).p_value
    assert found is not None
    assert found < 1e-6


def test_every_statistic_keeps_the_protocol() -> None:
    for name in NAMES:
        module = statistic(name)
        assert module.TITLE
        assert set(module.KINDS) <= {"numeric", "categorical"}


def test_the_adjusted_p_values_are_those_of_benjamini_and_hochberg() -> None:
    """Benjamini and Hochberg 1995, section 3.2: of 15 hypotheses their procedure rejects four."""
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p_values += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    corrected = adjusted(p_values)
    assert sum(p is not None and p <= 0.05 for p in corrected) == 4
    assert corrected[3] == pytest.approx(0.0095 * 15 / 4)


def test_an_undecided_test_does_not_count_when_p_values_are_adjusted() -> None:
    assert adjusted([None, 0.03, None]) == (None, 0.03, None)
    assert adjusted([]) == ()


# -- distributions --------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], level: float) -> None:
    whole = Distribution("numeric", len(values), quantiles=tuple(sorted(values)))
    assert whole.quantile(level) == pytest.approx(np.quantile(values, level), rel=1e-9, abs=1e-6)
    stated = of_numbers(values)
    assert len(stated.quantiles) == min(len(values), LEVELS)
    assert (stated.minimum, stated.maximum) == (min(values), max(values))
    assert stated.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-6)


@given(st.lists(st.integers(0, 30), min_size=150, max_size=400), st.integers(-1, 31))
def test_a_sketch_knows_a_share_to_within_a_hundredth(values: list[int], at: int) -> None:
    sketch = of_numbers(values)
    assert sketch.at_most(at) == pytest.approx(np.mean(np.array(values) <= at), abs=0.0175)
    assert sketch.below(at) == pytest.approx(np.mean(np.array(values) < at), abs=0.0175)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=LEVELS), st.integers(-1, 10))
def test_a_whole_sample_knows_every_share(values: list[int], at: int) -> None:
    whole = of_numbers(values)
    assert whole.whole
    assert whole.at_most(at) == pytest.approx(np.mean(np.array(values) <= at))
    assert whole.below(at) == pytest.approx(np.mean(np.array(values) < at))


# -- against scipy on the raw values --------------------------------------------------------------

SHAPES = ["normal", "lognormal", "uniform", "exponential"]


def draw(rng: np.random.Generator, shape: str, size: int) -> NDArray[np.float64]:
    return cast("NDArray[np.float64]", getattr(rng, shape)(size=size))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("n", "m"), [(150, 150), (1000, 300), (14_000, 5_000)])
def test_sketches_lose_less_than_two_hundredths_of_d(shape: str, n: int, m: int) -> None:
    rng = np.random.default_rng(2021)
    for shift in (0.0, 0.3):
        left, right = draw(rng, shape, n), draw(rng, shape, m) + shift
        found = kolmogorov_smirnov.test(of_numbers(left), of_numbers(right))
        raw = stats.ks_2samp(left, right, method="asymp")
        assert found.statistic == pytest.approx(raw.statistic, abs=0.015)
        if shift:
            assert found.p_value is not None
            assert (found.p_value < 0.01) is bool(raw.pvalue < 0.01)


@pytest.mark.parametrize("shape", SHAPES)
def test_whole_samples_give_the_d_and_p_of_the_raw_values(shape: str) -> None:
    rng = np.random.default_rng(2022)
    left, right = draw(rng, shape, 80), draw(rng, shape, 101) + 0.1
    found = kolmogorov_smirnov.test(of_numbers(left), of_numbers(right))
    raw = stats.ks_2samp(left, right, method="exact")
    assert (found.statistic, found.p_value) == (raw.statistic, raw.pvalue)


@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_the_distance_of_sketches_is_near_that_of_the_raw_values(shape: str) -> None:
    rng = np.random.default_rng(2023)
    left, right = draw(rng, shape, 5000), draw(rng, shape, 3000) * 1.2 + 0.3
    found = wasserstein.test(of_numbers(left), of_numbers(right))
    assert found.statistic == pytest.approx(stats.wasserstein_distance(left, right), rel=0.03)


def test_chi_square_is_scipys_where_nothing_is_pooled() -> None:
    rng = np.random.default_rng(2024)
    for _ in range(50):
        left, right = rng.integers(60, 900, (2, 5)).tolist()
        found = chi_square.test(
            *(of_labels(np.repeat(list("abcde"), side).tolist()) for side in (left, right))
        )
        raw = stats.chi2_contingency([left, right], correction=False)
        assert found.statistic == pytest.approx(raw.statistic)
        assert found.p_value == pytest.approx(raw.pvalue)


def test_the_effect_size_is_cramers_v_where_both_sides_are_of_one_size() -> None:
    table = [[120, 50, 30], [80, 60, 60]]
    found = chi_square.test(*(of_labels(np.repeat(list("abc"), side).tolist()) for side in table))
    assert found.effect_size == pytest.approx(stats.contingency.association(table))


# -- simulated pairs ------------------------------------------------------------------------------

RUNS = 1000
# Five in a hundred, and three standard errors of a share that is found in a thousand runs.
MOST_ALARMS = 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5


def test_equal_labels_alarm_in_five_of_a_hundred_pairs_at_most() -> None:
    rng = np.random.default_rng(7)
    shares = [0.5, 0.3, 0.15, 0.04, 0.01]
    sides = (rng.multinomial(size, shares, size=RUNS).tolist() for size in (14_000, 400))
    pairs = list(zip(*sides, strict=True))
    found = [chi_square.test(*map(labelled, pair)) for pair in pairs]
    assert all(one.holds for one in found)
    assert np.mean([one.p_value is not None and one.p_value < 0.05 for one in found]) < MOST_ALARMS


def labelled(counts: list[int]) -> Distribution:
    named = {label: count for label, count in zip("abcde", counts, strict=True) if count}
    return Distribution("categorical", sum(counts), counts=named)


@pytest.mark.parametrize("rounded", [False, True], ids=["continuous", "tied"])
def test_equal_numbers_alarm_in_five_of_a_hundred_pairs_at_most(*, rounded: bool) -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(size=(RUNS, 2, 2000)) * 10
    sketches = np.quantile(
        np.rint(values) if rounded else values, np.linspace(0, 1, LEVELS), axis=2
    )
    pairs = [
        [Distribution("numeric", 2000, quantiles=tuple(side)) for side in pair]
        for pair in sketches.transpose(1, 2, 0)[: RUNS // 5].tolist()
    ]
    found = [kolmogorov_smirnov.test(*pair).p_value for pair in pairs]
    assert np.mean([p is not None and p < 0.05 for p in found]) < 0.05 + 3 * (0.0475 / 200) ** 0.5


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


def test_a_shift_of_labels_is_as_large_with_few_current_rows_as_with_many() -> None:
    reference = Distribution("categorical", 14_000, counts={"a": 7000, "b": 7000})
    few = Distribution("categorical", 100, counts={"a": 70, "b": 30})
    many = Distribution("categorical", 14_000, counts={"a": 9800, "b": 4200})
    sizes = [chi_square.test(reference, current).effect_size for current in (few, many)]
    assert sizes[0] == pytest.approx(sizes[1])
    assert sizes[0] == pytest.approx(0.2, abs=0.01)
