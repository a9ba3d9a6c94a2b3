"""Spans of the calendar: whether the one goes into the other without remainder.

Months and years are counted apart from days and hours, because a month has no fixed number of
days; a day is held for 24 hours, and goes into every month.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kg.comparing import UNKNOWN, Known, Related
from kg.errors import DescriptorInvalid
from kg.vocabulary import Vocabulary

DATATYPE = "calendarSpan"
RELATIONS = ("same", "divides", "multiple", "unequal", "incommensurable", "unknown")

_LONGEST = 60
_NUMBER = r"[0-9]{1,9}"
_FRACTION = rf"{_NUMBER}(?:[.,][0-9]{{1,6}})?"
_ISO = re.compile(
    rf"P(?:(?P<year>{_NUMBER})Y)?(?:(?P<month>{_NUMBER})M)?(?:(?P<week>{_NUMBER})W)?"
    rf"(?:(?P<day>{_NUMBER})D)?(?:T(?=[0-9])(?:(?P<hour>{_FRACTION})H)?"
    rf"(?:(?P<minute>{_FRACTION})M)?(?:(?P<second>{_FRACTION})S)?)?"
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SECONDS = {
    "week": Decimal(604_800),
    "fortnight": Decimal(1_209_600),
    "day": Decimal(86_400),
    "hour": Decimal(3_600),
    "minute": Decimal(60),
    "second": Decimal(1),
}
# `bi-weekly` is twice a week to some and every two weeks to others, so it is not here.
_ADVERBS = {
    "yearly": "year",
    "annually": "year",
    "annual": "year",
    "quarterly": "quarter",
    "monthly": "month",
    "fortnightly": "fortnight",
    "weekly": "week",
    "daily": "day",
    "nightly": "day",
    "hourly": "hour",
}
_SHORT = {"yr": "year", "wk": "week", "d": "day", "h": "hour", "hr": "hour", "min": "minute"} | {
    "s": "second",
    "sec": "second",
}
_WORDS = re.compile(
    rf"(?:(?:once )?(?:every|each|per|a|an) )?(?P<number>{_FRACTION})? ?(?P<unit>[a-z]+)"
)


@dataclass(frozen=True, slots=True)
class _Span:
    """Whole months, and seconds beside them."""

    months: int
    seconds: Decimal


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """The span as an ISO 8601 duration in few parts: years or months, days, and what is shorter."""
    span = _span(text) if len(text) <= _LONGEST else None
    if span is None:
        raise DescriptorInvalid(
            f'"{text[:_LONGEST]}" is no span of the calendar',
            "Write P14D, 14 days or monthly",
        )
    return _iso(span)


def related(first: str, second: str, known: Known) -> Related:
    """Whether the first span divides the second, is a multiple of it, or neither."""
    one, other = _span(first), _span(second)
    if one is None or other is None:
        return Related(UNKNOWN)
    if one == other:
        return Related("same")
    # No measure is common to a month and a week, nor to what has both and anything else.
    if (bool(one.months), bool(one.seconds)) != (not other.seconds, not other.months):
        return Related(_of_days(one, other))
    left, right = (one.months, other.months) if one.months else (one.seconds, other.seconds)
    if right % left == 0:
        return Related("divides")
    return Related("multiple" if left % right == 0 else "unequal")


def _of_days(one: _Span, other: _Span) -> str:
    """How spans relate of which one counts months: each has whole days, whatever their number."""
    for part, whole, relation in ((one, other, "divides"), (other, one, "multiple")):
        if not (part.months or whole.seconds) and _SECONDS["day"] % part.seconds == 0:
            return relation
    return "incommensurable"


def times(text: str, first: date, last: date) -> int | None:
    """How many times the span goes into the days from the first to the last, both included.

    >>> times("P1Y", date(2022, 1, 1), date(2023, 12, 31)), times("P7D", date(2024, 1, 1),
    ...     date(2024, 1, 13))
    (2, 1)
    """
    span = _span(text)
    if span is None or (span.months and span.seconds) or last < first:
        return None
    if span.seconds:
        days = last.toordinal() - first.toordinal() + 1
        return int(days * _SECONDS["day"] // span.seconds)
    if last >= date.max - timedelta(days=1):
        return None
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    # Behind the 31st of a month comes the last day of a shorter one.
    whole = end.day >= first.day or (end + timedelta(days=1)).day == 1
    return (months - (not whole)) // span.months


def _span(text: str) -> _Span | None:
    """The span that the text tells, or None; one of no length tells nothing."""
    plain = " ".join(text.split())
    span = _of_iso(plain.upper()) or _of_words(plain.lower())
    return span if span and (span.months or span.seconds) else None


def _of_iso(text: str) -> _Span | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    parts = {unit: _decimal(number) for unit, number in match.groupdict().items() if number}
    return _sum(parts)


def _of_words(text: str) -> _Span | None:
    if text in _ADVERBS:
        return _sum({_ADVERBS[text]: Decimal(1)})
    match = _WORDS.fullmatch(text)
    if not match:
        return None
    unit = match["unit"] if match["unit"] in _SHORT else match["unit"].removesuffix("s")
    unit = _SHORT.get(unit, unit)
    if unit not in _MONTHS and unit not in _SECONDS:
        return None
    number = _decimal(match["number"] or "1")
    whole = number == number.to_integral_value()
    return _sum({unit: number}) if whole or unit in _SECONDS else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _sum(parts: dict[str, Decimal]) -> _Span:
    months = sum(int(number) * _MONTHS[unit] for unit, number in parts.items() if unit in _MONTHS)
    lengths = (number * _SECONDS[unit] for unit, number in parts.items() if unit in _SECONDS)
    return _Span(months, sum(lengths, Decimal()).normalize())


def _iso(span: _Span) -> str:
    years, months = divmod(span.months, 12) if span.months % 12 == 0 else (0, span.months)
    days, rest = divmod(span.seconds, _SECONDS["day"])
    hours, rest = divmod(rest, _SECONDS["hour"])
    minutes, seconds = divmod(rest, _SECONDS["minute"])
    date = _written({"Y": years, "M": months, "D": days})
    time = _written({"H": hours, "M": minutes, "S": seconds})
    return f"P{date}T{time}" if time else f"P{date}"


def _written(parts: dict[str, int | Decimal]) -> str:
    return "".join(f"{Decimal(number):f}{sign}" for sign, number in parts.items() if number)
