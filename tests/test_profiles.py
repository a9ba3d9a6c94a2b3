"""Profiles of columns: types, gaps, figures and categories, in one pass and bounded memory."""

import random
import tracemalloc
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.profiles import ColumnProfile, ColumnType, Profile


def profile(*values: object, type: ColumnType = "") -> Profile:  # noqa: A002
    column = ColumnProfile(type)
    column.feed_all(values)
    return column.finish()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2", "-3", "+4", "0"], "integer"),
        (["1", "2.5"], "double"),
        (["1e5", ".5", "5.", "-0.0"], "double"),
        (["1.0", "2.0"], "double"),
        (["true", "False", "TRUE"], "boolean"),
        (["2023-01-31", "2023-02-28"], "date"),
        (["2023-01-31", "2023-01-31 10:00"], "dateTime"),
        (["2023-01-31T10:00:00.5Z", "2023-01-31T10:00:00+02:00"], "dateTime"),
        (["2023-02-30"], "string"),
        (["2023-01-31 25:00"], "string"),
        (["007", "12"], "string"),
        (["00.5"], "string"),
        (["1_000"], "string"),
        (["0x10"], "string"),
        (["٣"], "string"),
        (["1\n2"], "string"),
        (["1", "a"], "string"),
        (["1", "true"], "string"),
        (["1.5", "1,5"], "string"),
        (["2023-01-31", "5"], "string"),
        (["1" * 39], "double"),
        (["a", "b"], "string"),
        (["", "NA", "NaN"], ""),
        (["None", "None"], "string"),
        ([], ""),
        ([True, False, None], "boolean"),
        ([1, 2, None], "integer"),
        ([1, 2.5, float("nan")], "double"),
        ([date(2023, 1, 31)], "date"),
        ([datetime(2023, 1, 31, tzinfo=UTC)], "dateTime"),
        ([b"x", ["y"]], "string"),
    ],
    ids=repr,
)
def test_the_type_is_the_narrowest_that_fits_all_values(
    values: list[object], expected: ColumnType
) -> None:
    assert profile(*values).type == expected


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ("1", "2.5", "double"),
        ("2.5", "1", "double"),
        ("1", "2,5", "string"),
        ("2023-01-31", "2023-01-31 10:00", "dateTime"),
        ("2023-01-31 10:00", "2023-01-31", "dateTime"),
        ("1", "a", "string"),
        ("true", "1", "string"),
        ("2023-01-31", "2023-02-30", "string"),
        ("", "1", "integer"),
    ],
)
def test_the_type_widens_when_a_later_block_does_not_fit(
    first: str, then: str, expected: ColumnType
) -> None:
    assert profile(*[first] * 600, *[then] * 600).type == expected


@pytest.mark.parametrize(
    ("given_type", "value", "expected"),
    [
        ("double", "1", "double"),
        ("string", "1", "string"),
        ("integer", "1.5", "double"),
        ("dateTime", "2023-01-31", "dateTime"),
        ("boolean", "yes", "string"),
    ],
)
def test_a_given_type_is_widened_and_never_narrowed(
    given_type: ColumnType, value: str, expected: ColumnType
) -> None:
    assert profile(value, type=given_type).type == expected


def test_the_figures_of_numbers_are_those_of_the_values_that_are_there() -> None:
    found = profile("3", " 1 ", "", "2", "NA", "?", "None", "-", "8", "inf")
    assert (found.type, found.count, found.missing, found.n) == ("integer", 10, 6, 4)
    assert found.sentinels == {"": 1, "NA": 1, "?": 1, "None": 1, "-": 1, "inf": 1}
    assert (found.minimum, found.maximum, found.mean) == (1, 8, 3.5)
    assert found.sd == pytest.approx(stdev([3, 1, 2, 8]))
    assert found.quantiles == (1.0, 2.0, 3.0, 8.0)
    assert found.counts == {"1": 1, "2": 1, "3": 1, "8": 1}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["63.0", "67", ""], "integer"),
        (["1e5", "-0.0"], "integer"),
        (["63.0", "67.5"], "double"),
        (["9007199254740993", "1.0"], "double"),
        (["1e999"], "double"),
        (["007", "1.0"], "string"),
        ([], ""),
    ],
    ids=repr,
)
def test_numbers_that_are_all_whole_are_integers_where_that_is_asked_for(
    values: list[str], expected: ColumnType
) -> None:
    column = ColumnProfile(wholes=True)
    column.feed_all(values)
    assert column.finish().type == expected


def test_wholes_written_with_a_fraction_have_the_figures_of_integers() -> None:
    column = ColumnProfile(wholes=True)
    column.feed_all(["63.0"] * 600 + ["67"])
    found = column.finish()
    assert repr((found.minimum, found.maximum)) == "(63, 67)"
    assert found.counts == {"63": 600, "67": 1}


def test_less_room_takes_less_memory_and_says_how_far_quantiles_are_off() -> None:
    peaks, errors = [], []
    for room in (10_000, 1_000):
        tracemalloc.start()
        column = ColumnProfile(room=room)
        column.feed_all(ordered("falling", 50_000))
        found = column.finish()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        errors.append(found.rank_error)
        off = [abs(value - level * 499.99) for level, value in enumerate(found.quantiles)]
        assert max(off) <= found.rank_error * 50_000 + 2
    assert peaks[1] < peaks[0] / 2
    assert errors[0] < errors[1] < 0.02


def test_less_room_counts_fewer_categories() -> None:
    def found(categories: int) -> Profile:
        column = ColumnProfile(room=2_000)
        column.feed_all(f"c{number}" for number in range(categories))
        return column.finish()

    assert len(found(200).counts) == 200
    assert found(201).too_many_categories


def test_a_number_too_long_to_be_one_is_text() -> None:
    assert profile("1" * 300).type == "string"
    assert profile(" " * 300 + "5").type == "integer"


def test_none_is_a_category_among_strings_and_is_still_counted() -> None:
    found = profile("None", "Mild", "None", "", "NA")
    assert found.counts == {"None": 2, "Mild": 1}
    assert (found.n, found.missing) == (3, 2)
    assert found.sentinels == {"": 1, "NA": 1, "None": 2}


def test_one_value_has_no_spread() -> None:
    found = profile("5")
    assert (found.mean, found.sd, found.quantiles) == (5.0, None, (5.0,))


def test_a_column_without_a_value_says_so() -> None:
    found = profile("", "NA", None)
    assert (found.type, found.count, found.missing, found.n) == ("", 3, 3, 0)
    assert (found.minimum, found.mean, found.counts) == (None, None, {})
    assert profile().count == 0
    assert profile("", type="date").minimum is None
    assert profile("", type="double").mean is None


def test_a_number_beyond_all_measure_is_a_gap() -> None:
    found = profile("1e999", "1.5", "-1e305")
    assert (found.n, found.maximum, found.sentinels) == (1, 1.5, {"inf": 2})
    assert profile("1e999").n == 0


def test_large_whole_numbers_stay_exact() -> None:
    found = profile("9007199254740993", "12345678901234567890")
    assert (found.minimum, found.maximum) == (9007199254740993, 12345678901234567890)


def test_a_decimal_comma_is_recognised_and_the_column_stays_text() -> None:
    found = profile("540,0 ", "28 ", "79,99 ")
    assert (found.type, found.decimal_comma, found.mean) == ("string", True, None)
    assert not profile("1,024", "2,048").decimal_comma
    assert not profile("540,0", "a").decimal_comma
    assert not profile("28", "29").decimal_comma
    assert profile(*["28"] * 600, "1,024", "28,5").decimal_comma


def test_categories_of_one_value_have_one_spelling() -> None:
    assert profile("1.0", "1", "0.5", "-0.0").counts == {"1": 2, "-0": 1, "0.5": 1}
    assert profile("True", "TRUE", "false").counts == {"true": 2, "false": 1}
    assert profile("+5", "5").counts == {"5": 2}
    assert profile("b", "a", "b").counts == {"b": 2, "a": 1}


@pytest.mark.parametrize("values", [[1.5, 2.5, 40000.0] * 9, ["a", "b"] * 9, [True]])
def test_gaps_at_once_are_as_many_gaps_one_by_one(values: list[object]) -> None:
    at_once, one_by_one = (ColumnProfile(room=0) for _ in range(2))
    for profile in (at_once, one_by_one):
        profile.feed_all(values)
    at_once.feed_gaps(700)
    one_by_one.feed_all([None] * 700)
    for profile in (at_once, one_by_one):
        profile.feed_all(values)

    assert at_once.finish() == one_by_one.finish()


def test_too_many_or_too_long_categories_are_not_counted() -> None:
    few, many = profile(*map(str, range(1000))), profile(*map(str, range(1001)))
    assert (len(few.counts), few.too_many_categories) == (1000, False)
    assert (len(many.counts), many.too_many_categories) == (0, True)
    assert profile("x" * 201).too_many_categories
    assert not profile("x" * 200).too_many_categories


def test_the_first_and_last_time_are_told_across_zones() -> None:
    east = timezone(timedelta(hours=9))
    found = profile("2023-01-01 10:00", "2023-01-01T18:00:00+09:00", "2023-01-01T10:30:00Z")
    assert found.minimum == datetime(2023, 1, 1, 18, tzinfo=east)
    assert found.maximum == datetime(2023, 1, 1, 10, 30, tzinfo=UTC)
    days = profile(*["2023-02-01"] * 600, "2022-12-31", "2023-03-01")
    assert (days.minimum, days.maximum) == (date(2022, 12, 31), date(2023, 3, 1))


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), min_size=2, max_size=300))
def test_mean_spread_and_quantiles_are_those_of_the_textbook(values: list[float]) -> None:
    found = profile(*values, type="double")
    scale = max(map(abs, values)) + 1e-300
    assert found.mean == pytest.approx(fmean(values), abs=1e-9 * scale)
    assert found.sd == pytest.approx(stdev(values), rel=1e-6, abs=1e-7 * scale)
    levels = np.linspace(0, 1, len(found.quantiles))
    assert found.quantiles == pytest.approx(np.quantile(values, levels), abs=1e-9 * scale)
    assert len(found.quantiles) == min(len(values), 101)


CELLS = st.one_of(
    st.integers(-100, 100).map(str),
    st.floats(-1e3, 1e3).map(repr),
    st.sampled_from(["", "NA", "None", "true", "False", "2023-01-31", "540,0", "007", "a"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
)
COLUMNS = st.one_of(
    st.lists(st.integers(-9, 9).map(str), max_size=40),
    st.lists(st.floats(-9, 9), max_size=40),
    st.lists(CELLS, max_size=40),
)


@settings(max_examples=60)
@given(COLUMNS, st.integers(1, 40), st.lists(st.integers(1, 700), max_size=20))
def test_what_is_fed_at_a_time_makes_no_difference(
    cells: list[object], times: int, sizes: list[int]
) -> None:
    column = cells * times
    at_once = profile(*column)
    in_parts, source = ColumnProfile(), iter(column)
    for size in sizes:
        in_parts.feed_all(islice(source, size))
    for value in source:
        in_parts.feed(value)
    assert in_parts.finish() == at_once


@settings(max_examples=30)
@given(COLUMNS, st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference_to_type_gaps_and_extremes(
    cells: list[object], times: int, shuffler: random.Random
) -> None:
    column = cells * times
    before = profile(*column)
    shuffler.shuffle(column)
    after = profile(*column)
    for name in ("type", "count", "missing", "sentinels", "counts", "minimum", "maximum"):
        assert getattr(before, name) == getattr(after, name), name


ORDERS = ["rising", "falling", "shuffled", "sawtooth", "two ends"]


def ordered(order: str, size: int) -> Iterator[float]:
    if order == "shuffled":
        yield from random.Random(3).sample(range(size), size)  # noqa: S311 (no secret)
    for place in range(size):
        if order == "rising":
            yield place
        elif order == "falling":
            yield size - place
        elif order == "sawtooth":
            yield place % 997
        elif order == "two ends":
            yield place if place % 2 else -place


@pytest.mark.parametrize("order", ORDERS)
def test_a_quantiles_rank_is_off_by_no_more_than_stated(order: str) -> None:
    size = 200_000
    column = ColumnProfile()
    column.feed_all(ordered(order, size))
    found = column.finish()
    assert 0 < found.rank_error < 0.002
    everything = sorted(ordered(order, size))
    for level, value in enumerate(found.quantiles):
        rank = level / 100 * (size - 1)
        slack = found.rank_error * size + 1
        assert bisect_left(everything, value) - slack <= rank
        assert rank <= bisect_right(everything, value) + slack
    assert (found.quantiles[0], found.quantiles[-1]) == (everything[0], everything[-1])


def test_up_to_ten_thousand_values_quantiles_are_exact() -> None:
    values = random.Random(4).sample(range(10**6), 10_000)  # noqa: S311 (no secret)
    found = profile(*values)
    assert found.rank_error == 0
    assert found.quantiles == pytest.approx(np.quantile(values, np.linspace(0, 1, 101)))


@pytest.mark.parametrize(
    ("prefix", "size"), [("", 10**6), ("user-", 10**5)], ids=["numbers", "texts"]
)
def test_a_million_different_values_take_little_memory(prefix: str, size: int) -> None:
    tracemalloc.start()
    column = ColumnProfile()
    column.feed_all(f"{prefix}{number}" for number in range(size))
    found = column.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.n == size
    assert found.too_many_categories
    assert peak < 20 * 2**20


def test_long_texts_take_little_memory() -> None:
    tracemalloc.start()
    column = ColumnProfile()
    column.feed_all(f"{number}{'x' * 100_000}" for number in range(2000))
    assert column.finish().n == 2000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * 2**20
