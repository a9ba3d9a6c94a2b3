"""Statistics: against published and hand-worked examples, and scipy."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from math import comb, log
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial.distance import jensenshannon

from kg.extensions import modules
from kg.statistics import (
    LEVELS,
    Distribution,
    Result,
    Sample,
    Statistic,
    Trial,
    adjusted,
    chi_square,
    corrected,
    g_test,
    jensen_shannon,
    kolmogorov_smirnov,
    mcnemar,
    of_labels,
    of_numbers,
    tost,
    two_proportions,
    wasserstein,
    welch,
    wilson_interval,
)

CASES = Path(__file__).parent / "cases" / "statistics"
MODULES = modules("kg.statistics")
TRIALS = sorted(name for name, module in MODULES.items() if hasattr(module, "judge"))
NAMES = sorted(MODULES.keys() - set(TRIALS))


def statistic(name: str) -> Statistic:
    return cast(Statistic, import_module(f"kg.statistics.{name}"))


def trial(name: str) -> Trial:
    return cast(Trial, import_module(f"kg.statistics.{name}"))


def sample(text: str) -> Sample | None:
    """Hits among cases as `48/80`, a mean as `n=50 mean=3.5 sd=1`; nothing where there is none."""
    if "=" in text:
        stated = dict(part.split("=") for part in text.split())
        return Sample(int(stated["n"]), mean=float(stated["mean"]), sd=float(stated["sd"]))
    hits, _, n = text.partition("/")
    return Sample(int(n), hits=int(hits)) if text else None


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


def worked_examples(names: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for name in names:
        with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from ((name, row) for row in csv.DictReader(file))


def each_example(names: list[str]) -> pytest.MarkDecorator:
    examples = list(worked_examples(names))
    return pytest.mark.parametrize(
        ("name", "row"), examples, ids=[f"{name}-{row['case']}" for name, row in examples]
    )


def as_printed(row: dict[str, str], key: str) -> object:
    digits = len(row[key].partition(".")[2])
    return pytest.approx(float(row[key]), abs=max(0.51 * 10**-digits, 1e-9))


@each_example(NAMES)
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
            assert getattr(found, key) == as_printed(row, key), key


@each_example(TRIALS)
def test_a_worked_trial_comes_out_as_printed(name: str, row: dict[str, str]) -> None:
    """As above; the ends are those of the interval, where the trial gives one."""
    left, right = sample(row["left"]), sample(row["right"])
    assert left is not None
    found = trial(name).judge(left, right, float(row["margin"]) if row["margin"] else None)
    assert found.holds is (row["holds"] == "yes"), found.because
    assert row["because"] in found.because
    assert (found.method, found.n_left, found.n_right) == (name, left.n, right.n if right else 0)
    low, high = found.interval or (None, None)
    ends = {"low": low, "high": high}
    for key in ("statistic", "p_value", "effect_size", "low", "high"):
        if row[key]:
            assert ends.get(key, getattr(found, key, None)) == as_printed(row, key), key


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_statistic_has_examples_of_which_one_is_published_and_one_undecided(name: str) -> None:
    rows = [row for _, row in worked_examples([name])]
    told = [row["source"] for row in rows]
    assert any(source and not source.startswith("by hand") for source in told)
    assert any(row["holds"] == "no" for row in rows)
    assert all(row["source"] or row["holds"] == "no" or row["because"] for row in rows)


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


FIGURES = st.builds(
    Sample,
    st.integers(-2, 10**6),
    hits=st.none() | st.integers(-2, 10**6),
    mean=st.none() | st.floats(),
    sd=st.none() | st.floats(),
)
LIKELY = st.integers(1, 10**6).flatmap(
    lambda n: st.builds(
        Sample,
        st.just(n),
        hits=st.integers(0, n),
        mean=st.floats(-1e90, 1e90),
        sd=st.floats(0, 1e90),
    )
)
SAMPLES = FIGURES | LIKELY


@given(SAMPLES, st.none() | SAMPLES, st.none() | st.floats(), st.sampled_from(TRIALS))
def test_no_statement_of_figures_breaks_a_trial(
    left: Sample, right: Sample | None, margin: float | None, name: str
) -> None:
    found = trial(name).judge(left, right, margin)
    assert found.because
    assert found.holds is (found.statistic is not None)
    assert found.statistic is None or np.isfinite(found.statistic)
    assert found.p_value is None or 0 <= found.p_value <= 1
    assert found.interval is None or found.interval[0] <= found.interval[1]


@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_of_nothing_gives_no_figures(name: str) -> None:
    found = trial(name).judge(Sample(0), Sample(0), 0.1)
    assert not found.holds
    assert (found.statistic, found.p_value, found.effect_size, found.interval) == (None,) * 4


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
    for name in TRIALS:
        judging = trial(name)
        assert judging.TITLE
        assert set(judging.KINDS) <= {"share", "shares", "matched shares", "means"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_statistic_names_its_source_and_the_scale_of_its_effect(name: str) -> None:
    module = MODULES[name]
    effect = getattr(module, "EFFECT", "") or module.OF_SHARES
    assert "Source: " in (module.__doc__ or "")
    assert re.search(r"\(.+ to .+\)|standard deviations", effect)


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


def result(method: str, p_value: float | None) -> Result:
    return Result(method, 1.0, p_value, 0.1, "", 50, 50, holds=True, because="")


def test_a_second_test_of_one_hypothesis_changes_no_correction() -> None:
    fields = {"colour": 0.01, "size": 0.04, "age": 0.5}
    alone = [(field, result("chi_square", p)) for field, p in fields.items()]
    again = [(field, result("g_test", p / 2)) for field, p in fields.items()]
    index = [(field, result("population_stability", None)) for field in fields]

    assert corrected(alone) == pytest.approx(adjusted(list(fields.values())))
    assert corrected([*alone, *again, *index])[:3] == corrected(alone)
    assert corrected([*alone, *again, *index])[3:6] == corrected(again)
    assert corrected(index) == (None, None, None)


def test_a_hypothesis_without_the_test_counts_by_the_test_that_it_has() -> None:
    found = [("colour", result("chi_square", 0.01)), ("size", result("kolmogorov_smirnov", 0.03))]

    assert corrected(found) == pytest.approx((0.02, 0.03))


def test_each_of_several_figures_of_one_hypothesis_is_corrected_by_itself() -> None:
    found = [("colour", result("welch", 0.01)), ("colour", result("welch", 0.03))]
    found += [("size", result("welch", 0.5))]

    assert corrected(found) == pytest.approx((0.02, 0.06, 0.5))


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


def labelled(counts: list[int]) -> Distribution:
    return Distribution("categorical", sum(counts), counts=dict(zip("abcde", counts, strict=False)))


def test_g_is_scipys_and_its_p_is_williams() -> None:
    rng = np.random.default_rng(2025)
    for _ in range(50):
        table = rng.integers(60, 900, (2, 5))
        found = g_test.test(*map(labelled, table.tolist()))
        raw = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
        n = table.sum()
        rows, columns = ((n / table.sum(axis=axis)).sum() - 1 for axis in (1, 0))
        q = 1 + rows * columns / (6 * n * 4)
        assert found.statistic == pytest.approx(raw.statistic)
        assert found.p_value == pytest.approx(stats.chi2.sf(raw.statistic / q, 4))


def test_the_divergence_of_shares_is_scipys() -> None:
    rng = np.random.default_rng(2026)
    for _ in range(50):
        table = rng.integers(100, 900, (2, 5))
        found = jensen_shannon.test(*map(labelled, table.tolist()))
        left, right = ((side / side.sum()).tolist() for side in table)
        raw = float(jensenshannon(left, right, base=2))
        assert found.effect_size == pytest.approx(raw)
        assert found.statistic == pytest.approx(raw**2)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_scipys(counts: tuple[int, int]) -> None:
    hits, n = counts
    raw = stats.binomtest(hits, n).proportion_ci(method="wilson")
    found = wilson_interval.judge(Sample(n, hits=hits)).interval
    assert found == pytest.approx((raw.low, raw.high), abs=1e-12)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_square_of_z_is_chi_square_of_the_four_counts(hits: int, others: int) -> None:
    found = two_proportions.judge(Sample(400, hits=hits), Sample(500, hits=others))
    if found.holds and hits + others:
        table = [[hits, 400 - hits], [others, 500 - others]]
        raw = stats.chi2_contingency(table, correction=False)
        assert found.statistic is not None
        assert found.statistic**2 == pytest.approx(raw.statistic, abs=1e-9)
        assert found.p_value == pytest.approx(raw.pvalue)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemars_p_is_that_of_so_many_tosses_of_a_coin(lost: int, won: int) -> None:
    n = lost + won
    tail = sum(comb(n, k) for k in range(min(lost, won) + 1)) / 2**n
    found = mcnemar.judge(Sample(200, hits=lost), Sample(200, hits=won))
    assert found.p_value == pytest.approx(min(2 * tail, 1.0))


MEANS = st.builds(Sample, st.integers(50, 5000), mean=st.floats(-50, 50), sd=st.floats(0.1, 20))


def stated(side: Sample) -> tuple[float, float, int]:
    assert side.mean is not None
    assert side.sd is not None
    return side.mean, side.sd, side.n


@given(MEANS, MEANS)
def test_welchs_test_is_scipys(left: Sample, right: Sample) -> None:
    raw = stats.ttest_ind_from_stats(*stated(right), *stated(left), equal_var=False)
    found = welch.judge(left, right)
    assert found.statistic == pytest.approx(raw.statistic, abs=1e-9)
    assert found.p_value == pytest.approx(raw.pvalue, abs=1e-12)


@given(MEANS, MEANS, st.floats(0.01, 60))
def test_equivalence_is_shown_where_both_of_scipys_one_sided_tests_show_it(
    left: Sample, right: Sample, margin: float
) -> None:
    mean, sd, n = stated(left)
    above = stats.ttest_ind_from_stats(
        *stated(right), mean - margin, sd, n, equal_var=False, alternative="greater"
    )
    below = stats.ttest_ind_from_stats(
        *stated(right), mean + margin, sd, n, equal_var=False, alternative="less"
    )
    found = tost.judge(left, right, margin)
    assert found.p_value == pytest.approx(max(above.pvalue, below.pvalue), abs=1e-9)


SHARES = st.integers(20, 5000).flatmap(
    lambda n: st.builds(Sample, st.just(n), hits=st.integers(5, n - 5))
)


@given(SHARES | MEANS, SHARES | MEANS, st.floats(0.001, 20))
def test_a_margin_is_shown_at_five_percent_where_it_holds_the_interval(
    left: Sample, right: Sample, margin: float
) -> None:
    found = tost.judge(left, right, margin)
    if found.holds and abs((found.statistic or 0) - margin) > 1e-9:
        assert found.interval is not None
        assert found.p_value is not None
        inside = -margin < found.interval[0] and found.interval[1] < margin
        assert (found.p_value < 0.05) is inside
        assert (found.p_value < 0.05) is ((found.statistic or 0) < margin)


def test_the_chance_divergence_is_as_large_as_the_docstring_says() -> None:
    """Of nearly equal shares it is chi-square (1 / n + 1 / m) / (8 ln 2), as a series tells."""
    rng = np.random.default_rng(2027)
    sides = (rng.multinomial(n, [0.2] * 5, size=400).tolist() for n in (4000, 1000))
    found = [
        jensen_shannon.test(*map(labelled, pair)).statistic for pair in zip(*sides, strict=True)
    ]
    told = 4 * (1 / 4000 + 1 / 1000) / 5.5
    expected = 4 * (1 / 4000 + 1 / 1000) / (8 * log(2))
    assert told == pytest.approx(expected, rel=0.01)
    # Chi-square with 4 degrees of freedom has a standard deviation of sqrt(8), so that of 400 is a
    # twenty-eighth of its mean.
    assert np.mean([one or 0.0 for one in found]) == pytest.approx(expected, rel=3 / 28)
