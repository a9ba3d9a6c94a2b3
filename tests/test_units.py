"""Amounts, from what people write to one number in a fixed unit, and back to what people read."""

import sys
from decimal import Decimal
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DescriptorInvalid, TermUndefined
from kg.units import quantity, shown

GB = 10**9
GIB = 2**30
SECOND = 10**6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16 GB", 16 * GB),
        ("16GB", 16 * GB),
        ("16gb", 16 * GB),
        ("16\u00a0GB", 16 * GB),
        ("16 G", 16 * GB),
        ("16 gigabytes", 16 * GB),
        ("16 Gigabytes", 16 * GB),
        ("1.6e1 GB", 16 * GB),
        ("8 GiB", 8 * GIB),
        ("8Gi", 8 * GIB),
        ("8 gib", 8 * GIB),
        ("512Ki", 512 * 2**10),
        ("512Mi", 512 * 2**20),
        ("1Ti", 2**40),
        ("1Pi", 2**50),
        ("1Ei", 2**60),
        ("512k", 512_000),
        ("512K", 512_000),
        ("3 bytes", 3),
        ("3 B", 3),
        ("8 Gbit", GB),
        ("433,4 MB", 433_400_000),
        ("0,512 GB", 512_000_000),
        ("0.1 GB", 100_000_000),
        ("1234,567 MB", 1_234_567_000),
        ("1,024.5 MB", 1_024_500_000),
        ("1.024,5 MB", 1_024_500_000),
        ("1,024,000 kB", 1_024_000_000),
        ("1.024.000 kB", 1_024_000_000),
        ("1 024 MB", 1_024_000_000),
        ("1_024 MB", 1_024_000_000),
        ("1’024.5 MB", 1_024_500_000),
        ("+2 GB", 2 * GB),
        ("0 GB", 0),
    ],
)
def test_a_size_is_whole_bytes(text: str, expected: int) -> None:
    size = quantity(text, "BYTE")
    assert size == expected
    assert isinstance(size, int)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("512m", 512 * 2**20),
        ("512M", 512 * 2**20),
        ("512mb", 512 * 2**20),
        ("1.5GiB", 1536 * 2**20),
        ("2g", 2 * GIB),
        ("64k", 64 * 2**10),
        ("100b", 100),
        ("100", 100),
    ],
)
def test_in_compose_every_size_is_binary(text: str, expected: int) -> None:
    assert quantity(text, "BYTE", dialect="compose") == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("128974848", "BYTE", 128974848),
        ("129e6", "BYTE", 129_000_000),
        ("129M", "BYTE", 129_000_000),
        ("128974848000m", "BYTE", 128974848),
        ("123Mi", "BYTE", 128974848),
        ("5E", "BYTE", 5 * 10**18),
        ("500m", "MilliProcessor", 500),
        ("0.1", "MilliProcessor", 100),
        ("2", "MilliProcessor", 2000),
        ("250000000n", "MilliProcessor", 250),
        ("30s", "MicroSEC", 30 * SECOND),
        ("3m", "MicroSEC", 180 * SECOND),
    ],
)
def test_a_manifest_is_read_as_kubernetes_reads_it(text: str, unit: str, expected: int) -> None:
    """The sizes are the examples of Kubernetes' manual, "Memory resource units"."""
    assert quantity(text, unit, dialect="kubernetes") == expected


@pytest.mark.parametrize("text", ["512MB", "512mi", "512 GiB"])
def test_a_suffix_that_kubernetes_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(DescriptorInvalid, match="Kubernetes"):
        quantity(text, "BYTE", dialect="kubernetes")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2 cores", 2000),
        ("1 core", 1000),
        ("4 vCPUs", 4000),
        ("4 CPU", 4000),
        ("0.5", 500),
        (0.25, 250),
        (2, 2000),
        ("500m", 500),
        ("250 millicores", 250),
        ("1500 mCPU", 1500),
        ("100000 u", 100),
        (0, 0),
    ],
)
def test_processors_are_thousandths_of_a_core(value: str | float, expected: int) -> None:
    assert quantity(value, "MilliProcessor") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 ms", 100_000),
        ("2 s", 2 * SECOND),
        ("2 Secs", 2 * SECOND),
        ("3 min", 180 * SECOND),
        ("1,5 h", 5400 * SECOND),
        ("2 weeks", 14 * 86_400 * SECOND),
        ("7 µs", 7),
        ("7 MS", 7000),
        ("1500 ns", 2),
        ("2500 ns", 2),
        ("0.0001 µs", 1),
        ("PT2S", 2 * SECOND),
        ("PT0,25S", 250_000),
        ("P1DT2H3M", 93_780 * SECOND),
        ("P2W", 14 * 86_400 * SECOND),
        ("1h30m", 5400 * SECOND),
        ("1h 30min", 5400 * SECOND),
        ("1m30.5s", 90_500_000),
    ],
)
def test_a_time_is_whole_microseconds_half_to_even_but_never_nought(
    text: str, expected: int
) -> None:
    assert quantity(text, "MicroSEC") == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [("1 year", 365), ("P1Y", 365), ("P1Y2D", 367), ("12 months", 365), ("P6M", 182.5)],
)
def test_a_year_that_records_are_kept_has_365_days(text: str, days: float) -> None:
    assert quantity(text, "MicroSEC") == days * 86_400_000_000


def test_work_is_counted_in_hours_however_it_is_written() -> None:
    assert quantity("PT120H", "HR") == quantity("5 days", "HR") == 120.0


@pytest.mark.parametrize("text", ["1 decade", "P", "PT", "P1DT"])
def test_what_is_no_span_is_no_time(text: str) -> None:
    with pytest.raises(DescriptorInvalid):
        quantity(text, "MicroSEC")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("85%", "PERCENT", 85.0),
        ("85 percent", "PERCENT", 85.0),
        ("0,5 %", "PERCENT", 0.5),
        ("68 °F", "DEG_C", 20.0),
        ("20 degC", "DEG_C", 20.0),
        ("3 kg", "GM", 3000.0),
        ("3 MilliM", "M", 0.003),
        ("36 km/h", "M-PER-SEC", 10.0),
        ("36 km/h", "KiloM-PER-HR", 36.0),
        ("5 m²", "M2", 5.0),
        ("2400 kg/m^3", "KiloGM-PER-M3", 2400.0),
        ("10 MB/s", "BYTE-PER-SEC", 1e7),
        ("30 fps", "NUM-PER-SEC", 30.0),
        ("100 requests/s", "NUM-PER-SEC", 100.0),
        ("600 queries/minute", "NUM-PER-SEC", 10.0),
        ("30/s", "NUM-PER-SEC", 30.0),
        ("1800 per hour", "NUM-PER-SEC", 0.5),
        ("20/min", "NUM-PER-HR", 1200.0),
        ("0.95", "", 0.95),
        ("1e-9", "", 1e-9),
        ("1e3", "", 1000.0),
    ],
)
def test_other_quantities_are_doubles_in_the_target_unit(
    text: str, unit: str, expected: float
) -> None:
    amount = quantity(text, unit)
    assert amount == pytest.approx(expected, rel=1e-12)
    assert isinstance(amount, float)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("12", "", 12), ("12k", "", 12_000), ("1.5M", "NUM", 1_500_000), ("1 200", "NUM", 1200)],
)
def test_a_plain_whole_number_stays_whole(text: str, unit: str, expected: int) -> None:
    amount = quantity(text, unit)
    assert amount == expected
    assert isinstance(amount, int)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,024 MB", "BYTE"),
        ("16 Gb", "BYTE"),
        ("16 Kb", "BYTE"),
        ("8 b", "BYTE"),
        ("512m", "BYTE"),
        ("16g", "BYTE"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_and_says_so(text: str, unit: str) -> None:
    with pytest.raises(DescriptorInvalid, match="can be read") as caught:
        quantity(text, unit)
    assert text in caught.value.what
    assert caught.value.hint.startswith("Write")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2 s", "BYTE"),
        ("85 %", "BYTE"),
        ("5 degrees", "BYTE"),
        ("5 i", "BYTE"),
        ("2 GB", "MilliProcessor"),
        ("2 GB", "MicroSEC"),
        ("3m", "MicroSEC"),
        ("5 kg", "PERCENT"),
        ("10 MB/s", "HZ"),
        ("5 kg", "M"),
        ("12 GB", ""),
        ("12 rows", "NUM"),
    ],
)
def test_a_unit_of_another_dimension_is_refused(text: str, unit: str) -> None:
    with pytest.raises(DescriptorInvalid, match=text):
        quantity(text, unit)


NO_AMOUNTS: list[str | float] = [
    *("", "GB", "nan", "NaN GB", "inf", "8-16 GB", "> 8 GB", "1.2.3 GB", "1,2,3 GB", "8 16 GB"),
    *("٣ GB", "16 GB RAM", "1e9999 GB", "9" * 500, "5 " + "G" * 60, "5 m**999", "5 __class__"),
    *("1/0 B", float("nan"), float("inf"), True),
]


@pytest.mark.parametrize("value", NO_AMOUNTS, ids=lambda value: ascii(value)[:20])
def test_what_is_no_amount_is_refused(value: str | float) -> None:
    with pytest.raises(DescriptorInvalid):
        quantity(value, "BYTE")


@pytest.mark.parametrize(
    ("text", "unit"),
    [("-1 GB", "BYTE"), ("-1", "MilliProcessor"), ("-5 ms", "MicroSEC"), ("−3", "NUM")],
)
def test_below_nought_is_refused(text: str, unit: str) -> None:
    with pytest.raises(DescriptorInvalid, match="below nought"):
        quantity(text, unit)


def test_more_than_a_store_can_add_up_is_refused() -> None:
    with pytest.raises(DescriptorInvalid, match="beyond"):
        quantity("9300 PB", "BYTE")


def test_half_a_thing_is_refused() -> None:
    with pytest.raises(DescriptorInvalid, match="whole number"):
        quantity("1.5", "NUM")


@pytest.mark.parametrize("unit", ["BYTE", "MicroSEC", "PERCENT", "KiloGM"])
def test_a_number_without_a_unit_is_refused_unless_the_caller_knows_it(unit: str) -> None:
    with pytest.raises(DescriptorInvalid, match="without a unit"):
        quantity(16, unit)
    assert quantity(16, unit, default=unit) == 16


@pytest.mark.parametrize(
    ("value", "unit", "default", "expected"),
    [
        (16, "BYTE", "GB", 16 * GB),
        ("16", "BYTE", "GiB", 16 * GIB),
        ("16", "BYTE", "GigaBYTE", 16 * GB),
        ("16 MB", "BYTE", "GB", 16_000_000),
        (5, "MicroSEC", "ms", 5000),
        (5, "MicroSEC", "MilliSEC", 5000),
        (500, "MilliProcessor", "millicore", 500),
        (500, "MilliProcessor", "MilliProcessor", 500),
        (0.25, "PERCENT", "fraction", 25.0),
    ],
)
def test_the_default_unit_is_for_plain_numbers_only(
    value: str | float, unit: str, default: str, expected: float
) -> None:
    assert quantity(value, unit, default=default) == expected


def test_an_unknown_target_unit_is_a_fault_of_the_ontology() -> None:
    with pytest.raises(TermUndefined, match="FURLONG"):
        quantity("3", "FURLONG-PER-FORTNIGHT")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "BYTE", "0 B"),
        (999, "BYTE", "999 B"),
        (1500, "BYTE", "1.5 kB"),
        (999_999, "BYTE", "1 MB"),
        (16 * GB, "BYTE", "16 GB"),
        (8 * GIB, "BYTE", "8.59 GB"),
        (433_400_000, "BYTE", "433 MB"),
        (5 * 10**18, "BYTE", "5000 PB"),
        (1500, "MilliProcessor", "1.5 CPUs"),
        (1000, "MilliProcessor", "1 CPU"),
        (0, "MilliProcessor", "0 CPUs"),
        (1, "MicroSEC", "1 µs"),
        (250_000, "MicroSEC", "250 ms"),
        (90 * SECOND, "MicroSEC", "90 s"),
        (150 * SECOND, "MicroSEC", "2.5 min"),
        (36 * 3600 * SECOND, "MicroSEC", "36 h"),
        (72 * 3600 * SECOND, "MicroSEC", "3 d"),
        (85.0, "PERCENT", "85 %"),
        (0.12345, "PERCENT", "0.123 %"),
        (14_000, "NUM", "14000"),
        (14_000, "", "14000"),
        (0.1 + 0.2, "", "0.3"),
        (-20.56, "DEG_C", "-20.6 °C"),
        (2400.0, "KiloGM-PER-M3", "2400 kg/m³"),
        (30.0, "NUM-PER-SEC", "30/s"),
        (1234567.0, "M", "1234567 m"),
        (0.00012345, "M", "0.000123 m"),
    ],
)
def test_an_amount_is_shown_as_people_read_it(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_more_digits_tell_close_amounts_apart() -> None:
    assert shown(8_589_934_592, "BYTE", digits=6) == "8.58993 GB"


@given(st.integers(0, 2**62), st.sampled_from(["B", "bytes", "byte"]))
def test_whole_bytes_come_back_exactly(size: int, word: str) -> None:
    assert quantity(f"{size} {word}", "BYTE") == size


@given(
    st.decimals(0, 10**6, allow_nan=False, places=3),
    st.sampled_from([("GB", GB), ("GiB", GIB), ("MB", 10**6), ("Mi", 2**20), ("B", 1)]),
)
def test_a_decimal_comma_or_point_makes_no_difference(
    number: Decimal, unit: tuple[str, int]
) -> None:
    name, size = unit
    exact = number * size
    read = quantity(f"{number:.3f}1 {name}", "BYTE")
    assert read == quantity(f"{number:.3f}1 {name}".replace(".", ","), "BYTE")
    assert abs(Decimal(read) - exact) <= Decimal("0.0001") * size + 1


@given(
    st.text(max_size=30), st.sampled_from(["BYTE", "MilliProcessor", "MicroSEC", "PERCENT", "M"])
)
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    try:
        amount = quantity(text, unit)
    except DescriptorInvalid:
        return
    assert isinstance(amount, int if unit in {"BYTE", "MilliProcessor", "MicroSEC"} else float)


def test_importing_the_module_does_not_build_the_registry() -> None:
    code = "import kg.units as u; assert u._registry.cache_info().currsize == 0"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
