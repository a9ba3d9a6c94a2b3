"""Turns what people write as an amount (`16 GB`, `500m`, `1,5 s`) into one number in a fixed unit.

Sizes are whole bytes, processors whole milliprocessors (1000 are one CPU core), times whole
microseconds, so that equal amounts are equal. Fractions are rounded half to even, but what is
above nought never becomes nought, because nought says that nothing is needed. Everything else is a
double in the unit that the ontology fixes. What can be read in two ways (`1,024 MB`, `512m` of
memory, `16 Gb`) is refused, not guessed.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Literal, TypeAlias

from pint import UnitRegistry
from pint.errors import PintError

from kg.errors import DescriptorInvalid, TermUndefined

Dialect: TypeAlias = Literal["plain", "kubernetes", "compose"]
"""Who wrote the amount: a person, a Kubernetes manifest, or a Compose file or `docker run`."""

# What a person is told the unit measures, and how to write it.
_WHOLE = {
    "BYTE": ("a size", "16 GB or 16 GiB"),
    "MilliProcessor": ("a number of processors", "2 cores or 500m"),
    "MicroSEC": ("a time", "250 ms or 2 s"),
    "NUM": ("a whole number", "1200"),
}
_OURS = {*_WHOLE, "PERCENT", ""}
_LONGEST = 100
_LARGEST = 2**63 - 1  # what a store still adds up and compares
_DIGITS = r"(?:[0-9]+(?:[.,'_ ][0-9]+)*|[.,][0-9]+)"
_AMOUNT = re.compile(
    rf"([+-]?)\s*({_DIGITS})((?:[eE][+-]?[0-9]{{1,3}}(?![0-9]))?)\s*(.*)", re.DOTALL
)
_GROUPED = re.compile(r"[0-9]{1,3}(?P<mark>[.,'_ ])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
# Typographers' spaces and minus, written as the keyboard's.
_PLAINLY = str.maketrans(
    {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-", "\u2019": "'"}
)
_POWERS = {prefix: power for power, prefix in enumerate(("", "k", "m", "g", "t", "p", "e"))}


def quantity(
    value: str | float, unit: str, *, default: str = "", dialect: Dialect = "plain"
) -> int | float:
    """The amount that `value` states, in `unit`; a number without a unit is in `default`.

    `unit` is a unit's name in the ontology, mostly QUDT's: `BYTE`, `MilliProcessor`, `MicroSEC`
    and `NUM` give whole numbers, `PERCENT` a double on the scale of 0 to 100, any other (`KiloGM`,
    `DEG_C`, `NUM-PER-SEC`) a double, and no unit at all the number as it stands. A plain number of
    processors means cores.

    >>> quantity("16 GB", "BYTE"), quantity("8Gi", "BYTE"), quantity("433,4 MB", "BYTE")
    (16000000000, 8589934592, 433400000)
    >>> quantity("512m", "BYTE", dialect="compose"), quantity(16, "BYTE", default="GB")
    (536870912, 16000000000)
    >>> quantity("500m", "MilliProcessor"), quantity(0.5, "MilliProcessor")
    (500, 500)
    >>> quantity("100 ms", "MicroSEC"), quantity("PT2S", "MicroSEC"), quantity("85 %", "PERCENT")
    (100000, 2000000, 85.0)

    Raises DescriptorInvalid for what is no amount, is not finite, is ambiguous, measures something
    else, has no unit though it needs one, or is a negative size, time or count; TermUndefined for
    an unknown `unit`.
    """
    if unit not in _OURS:
        _pint_name(unit)
    text = _text(value, unit)
    if unit in {"MicroSEC", "HR"} and (duration := _duration(text, dialect)) is not None:
        hours = float(duration / _MICROSECONDS["h"])
        return hours if unit == "HR" else _whole(duration, text, unit)
    number, word = _split(text, unit)
    amount = _converted(number, word or default or _implied(unit, dialect), unit, dialect, text)
    if unit in _WHOLE:
        return _whole(amount, text, unit)
    if unit == "" and amount == amount.to_integral_value() and not re.search(r"[.,eE]", text):
        return int(amount)
    return float(amount)


def shown(value: float, unit: str, digits: int = 3) -> str:
    """The amount as a person reads it, to `digits` significant digits; sizes in powers of 1000.

    >>> shown(16000000000, "BYTE"), shown(8589934592, "BYTE"), shown(1500, "MilliProcessor")
    ('16 GB', '8.59 GB', '1.5 CPUs')
    >>> shown(250000, "MicroSEC"), shown(85.0, "PERCENT"), shown(20.5, "DEG_C")
    ('250 ms', '85 %', '20.5 °C')
    """
    number = Decimal(str(value))
    if unit == "MilliProcessor":
        cores = _rounded(number / 1000, digits)
        return f"{cores} CPU" if cores == "1" else f"{cores} CPUs"
    if unit in _STEPS:
        return _stepped(number, _STEPS[unit], digits)
    if unit == "PERCENT":
        return f"{_rounded(number, digits)} %"
    if unit in {"", "NUM"}:
        return str(value) if isinstance(value, int) else _rounded(number, 2 * digits)
    symbol = f"{_registry().parse_units(_pint_name(unit)):~P}"
    return f"{_rounded(number, digits)} {symbol}".rstrip().replace(" 1/", "/")


_STEPS = {
    "BYTE": tuple(
        (1000**power, name) for power, name in enumerate(("B", "kB", "MB", "GB", "TB", "PB"))
    ),
    # Up to two of the next larger unit the smaller one reads better: 90 s, 36 h.
    "MicroSEC": (
        (1, "µs"),
        (1000, "ms"),
        (1_000_000, "s"),
        (120_000_000, "min"),
        (7_200_000_000, "h"),
        (172_800_000_000, "d"),
    ),
}
_DIVISORS = {"min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}


def _stepped(number: Decimal, steps: tuple[tuple[int, str], ...], digits: int) -> str:
    """The number in the largest step that it reaches once rounded."""
    best = f"{_rounded(number, digits)} {steps[0][1]}"
    for least, name in steps[1:]:
        divisor = Decimal(_DIVISORS.get(name, least))
        text = _rounded(number / divisor, digits)
        if Decimal(text) * divisor >= least:
            best = f"{text} {name}"
    return best


def _rounded(number: Decimal, digits: int) -> str:
    """The number to so many significant digits, all digits of its whole part kept."""
    whole = len(str(abs(int(number))))
    places = max(digits - whole, 0) if abs(number) >= 1 else digits - 1 - number.adjusted()
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- reading what was written ---------------------------------------------------------------------


def _text(value: str | float, unit: str) -> str:
    """What was given, as bounded text; true and false are no amounts."""
    if isinstance(value, bool):
        raise _refused(str(value).lower(), unit)
    text = (value if isinstance(value, str) else repr(value)).translate(_PLAINLY).strip()
    if len(text) > _LONGEST:
        raise _refused(f"{text[:40]}…", unit)
    return text


def _split(text: str, unit: str) -> tuple[Decimal, str]:
    """The number at the head of the text, and the unit's name that follows it."""
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise _refused(text, unit)
    sign, digits, exponent, word = match.groups()
    number = Decimal(_plain_digits(digits, text, unit) + exponent)
    return (number if sign in {"", "+"} else -number), word.strip()


def _plain_digits(digits: str, text: str, unit: str) -> str:
    """The digits with a decimal point and without marks between thousands."""
    if digits.isdecimal():
        return digits
    marks = [mark for mark in digits if not mark.isdigit()]
    if marks == [","] and re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", digits):
        point = digits.replace(",", ".")
        raise DescriptorInvalid(
            f'"{text}" can be read as {point} or as {digits.replace(",", "")}',
            f"Write {point} with a point, or the digits without a comma",
        )
    whole, mark, fraction = digits.rpartition(marks[-1]) if marks[-1] in ".," else (digits, "", "")
    if marks.count(mark) > 1:
        whole, fraction = digits, ""
    if not whole.isdecimal() and whole and not _GROUPED.fullmatch(whole):
        raise _refused(text, unit)
    return f"{re.sub(r'[^0-9]', '', whole) or '0'}.{fraction or '0'}"


_ISO = re.compile(
    r"P(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<w>\d+)W)?(?:(?P<d>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<h>\d+(?:[.,]\d+)?)H)?(?:(?P<m>\d+(?:[.,]\d+)?)M)?(?:(?P<s>\d+(?:[.,]\d+)?)S)?)?"
)
_STEP = r"(\d+(?:\.\d+)?)\s*(d|h|min|ms|m|us|µs|ns|s)"
_COMPOUND = re.compile(rf"{_STEP}(?:\s*{_STEP})+")
_YEARS = re.compile(r"(?P<number>\d+(?:[.,]\d+)?) ?(?P<span>year|month)s?", re.IGNORECASE)
_DAY = Decimal(86_400_000_000)
_MICROSECONDS = {
    # How long records are kept, or reach back, people say in years: the mean ones of the calendar.
    "y": 365 * _DAY,
    "mo": 365 * _DAY / 12,
    "w": Decimal(604_800_000_000),
    "d": Decimal(86_400_000_000),
    "h": Decimal(3_600_000_000),
    "min": Decimal(60_000_000),
    "m": Decimal(60_000_000),
    "s": Decimal(1_000_000),
    "ms": Decimal(1000),
    "us": Decimal(1),
    "µs": Decimal(1),
    "ns": Decimal("0.001"),
}


def _duration(text: str, dialect: Dialect) -> Decimal | None:
    """The microseconds of an ISO 8601 duration or of Go's `1h30m`, None if it is neither.

    A year counts 365 days and a month the twelfth of them; where a calendar span is meant, the
    attribute is of that datatype and no amount. A lone `3m` is minutes in a
    manifest, where Go's notation is the rule; elsewhere it could be metres or months.
    """
    iso = _ISO.fullmatch(text.upper())
    if iso and any(iso.groups()) and not text.endswith(("T", "t")):
        parts = [(number, name) for name, number in iso.groupdict().items() if number]
    elif years := _YEARS.fullmatch(text):
        parts = [(years["number"], "y" if years["span"].lower() == "year" else "mo")]
    elif _COMPOUND.fullmatch(text) or (dialect != "plain" and re.fullmatch(_STEP, text)):
        parts = re.findall(_STEP, text)
    else:
        return None
    steps = (Decimal(number.replace(",", ".")) * _MICROSECONDS[name] for number, name in parts)
    return sum(steps, Decimal())


# -- units ----------------------------------------------------------------------------------------


def _implied(unit: str, dialect: Dialect) -> str:
    """The unit that a plain number has by custom, or nothing."""
    if unit == "MilliProcessor":
        return "core"
    if unit == "BYTE" and dialect != "plain":
        return "byte"
    return ""


def _converted(number: Decimal, word: str, unit: str, dialect: Dialect, text: str) -> Decimal:
    """The number, given in the unit that `word` names, in `unit`."""
    if unit in {"", "NUM"} or (word and word == unit):
        return number * _count_factor(word, unit, text)
    if unit == "PERCENT":
        return number * _share_factor(word, text)
    if not word:
        measure, example = _WHOLE.get(
            unit, (f"an amount of {unit}", f"the unit after it, such as {unit}")
        )
        raise DescriptorInvalid(f'"{text}" is {measure} without a unit', f"Write {example}")
    if unit == "BYTE" and (factor := _size_factor(word, dialect, text)) is not None:
        return number * factor
    if unit == "MilliProcessor":
        return number * _processor_factor(word, text)
    return _by_pint(number, word, unit, text)


def _count_factor(word: str, unit: str, text: str) -> Decimal:
    """What a plain number is multiplied by: `12k` rows are 12,000."""
    if word in {"", unit}:
        return Decimal(1)
    if word in {"k", "K", "M", "G", "T"}:
        return Decimal(1000) ** _POWERS[word.lower()]
    raise _refused(text, unit)


def _share_factor(word: str, text: str) -> Decimal:
    """What makes a percentage of it; a plain number may be a share of 1 or of 100."""
    if word.lower() in {"%", "percent", "pct", "per cent", "percentage", "fraction"}:
        return Decimal(100 if word.lower() == "fraction" else 1)
    if not word:
        raise DescriptorInvalid(f'"{text}" is a share without a unit', "Write 85 %")
    raise _refused(text, "PERCENT")


_SIZE = re.compile(r"(?:([kmgtpe])(i?))?(b|bytes?)?", re.IGNORECASE)


def _size_factor(word: str, dialect: Dialect, text: str) -> Decimal | None:
    """The bytes in `GB`, `GiB`, `Gi`, `G`; None for a longer name."""
    if dialect == "kubernetes":
        return _manifest_factor(word, text)
    match = _SIZE.fullmatch(word)
    if not match:
        return None
    prefix, binary, byte = match.groups(default="")
    # docker/go-units' RAMInBytes: every suffix is binary, in any case of letters.
    if binary or dialect == "compose":
        base = 1024
    elif not byte and prefix.islower() and prefix != "k":
        base = 0
    else:
        base = 1000
    if base == 0 or (dialect == "plain" and byte == "b" and (not prefix or prefix.isupper())):
        raise DescriptorInvalid(
            f'"{text}" can be read in several ways: bits or bytes, thousands or 1024s',
            "Write 16 GB for thousands, 16 GiB for 1024s, or 16 Gbit for bits",
        )
    return Decimal(base) ** _POWERS[prefix.lower()]


# Kubernetes' resource quantities: m is a thousandth everywhere, also of a byte.
_MANIFEST = {
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("n", "u", "m", "", "k"), -3)},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("MGTPE", 2)},
    **{f"{prefix}i": Decimal(1024) ** power for power, prefix in enumerate("KMGTPE", 1)},
    "byte": Decimal(1),
}


def _manifest_factor(word: str, text: str) -> Decimal:
    """What a suffix of a Kubernetes manifest multiplies by."""
    if word not in _MANIFEST:
        raise DescriptorInvalid(
            f'"{text}" has no suffix that Kubernetes knows',
            "Write 512Mi for 1024s or 512M for thousands",
        )
    return _MANIFEST[word]


_CORES = re.compile(r"(m|milli|n|nano|u|micro|)[ -]?(?:(?:v?cpu|core|processor)s?)?", re.IGNORECASE)
_MILLIPROCESSORS = {"n": "0.000001", "u": "0.001", "m": "1", "": "1000"}


def _processor_factor(word: str, text: str) -> Decimal:
    """The milliprocessors in a `core`, `vCPU`, `m` or `millicore`."""
    match = _CORES.fullmatch(word)
    if not match:
        raise _refused(text, "MilliProcessor")
    size = "u" if match[1].lower() == "micro" else match[1][:1].lower()
    return Decimal(_MILLIPROCESSORS[size])


# Names that pint reads otherwise (`fps` as feet per second) or not at all.
_OTHERWISE = {
    "fps": "1/second",
    "rps": "1/second",
    "qps": "1/second",
    "tps": "1/second",
    "°": "degree",
    "secs": "second",
    "msec": "millisecond",
    "msecs": "millisecond",
    "usecs": "microsecond",
    "mins": "minute",
    "hrs": "hour",
    "px": "pixel",
}
_COUNTED = re.compile(
    r"\b(?:call|event|frame|image|message|prediction|quer(?:y|ie)|rec(?:ord)?|req(?:uest)?"
    r"|row|sample|token)s?\b",
    re.IGNORECASE,
)
# To pint a degree beside a Celsius is an angle times a temperature.
_DEGREES = re.compile(
    r"\bdeg(?:ree)?s?[ _]?(?P<scale>c(?:elsius)?|f(?:ahrenheit)?)\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z°µμΩ%][A-Za-z0-9_°µμΩ%²³/*^. -]{0,39}|1/[A-Za-z]+")
_RATE = re.compile(r"^(?:/|per\b)\s*")
_CALENDAR = ("month", "year", "decade", "century", "millennium")


def _by_pint(number: Decimal, word: str, unit: str, text: str) -> Decimal:
    """The number in `unit`, where both measure the same thing.

    Root units are compared, not dimensions: pint holds bytes, angles and percentages for equally
    dimensionless.
    """
    registry = _registry()
    target = registry.parse_units(_pint_name(unit))
    try:
        source = registry.parse_units(_spelled(word, unit, text))
        calendar = any(part.endswith(_CALENDAR) for part in str(source).split())
        if calendar or registry.get_root_units(source)[1] != registry.get_root_units(target)[1]:
            raise _refused(text, unit)
        converted: Decimal = registry.Quantity(number, source).to(target).magnitude
    except (PintError, ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise _refused(text, unit) from error
    return Decimal(converted)


def _spelled(word: str, unit: str, text: str) -> str:
    """The unit's name as pint spells it."""
    word = _RATE.sub("1/", word)
    if _qudt(word) is not None:
        return _pint_name(word)
    # Nobody waits a megasecond or means megasiemens: MS and Sec are careless capitals.
    name = word.lower() if unit == "MicroSEC" or word.lower() in _OTHERWISE else word
    name = _DEGREES.sub(_temperature, name)
    name = _COUNTED.sub("dimensionless", _OTHERWISE.get(name, name))
    # One-digit powers only: pint would go on to compute any number.
    if not _NAME.fullmatch(name) or re.search(r"\d\d|\d\.", name):
        raise _refused(text, unit)
    try:
        _registry().parse_units(name)
    except PintError:
        return name.lower()
    return name


def _temperature(degrees: re.Match[str]) -> str:
    return "degree_Celsius" if degrees["scale"].lower().startswith("c") else "degree_Fahrenheit"


_QUDT_CODES = {
    "A": "ampere",
    "BIT": "bit",
    "BYTE": "byte",
    "DAY": "day",
    "DEG": "degree",
    "DEG_C": "degree_Celsius",
    "DEG_F": "degree_Fahrenheit",
    "GM": "gram",
    "HR": "hour",
    "HZ": "hertz",
    "J": "joule",
    "K": "kelvin",
    "L": "liter",
    "M": "meter",
    "MIN": "minute",
    "MOL": "mole",
    "N": "newton",
    "NUM": "dimensionless",
    "PA": "pascal",
    "PERCENT": "percent",
    "PIXEL": "pixel",
    "PPM": "ppm",
    "RAD": "radian",
    "SEC": "second",
    "UNITLESS": "dimensionless",
    "V": "volt",
    "W": "watt",
    "WK": "week",
}
_QUDT_FACTOR = re.compile(
    r"((?:Nano|Micro|Milli|Centi|Deci|Hecto|Kilo|Mega|Giga|Tera|Peta|Kibi|Mebi|Gibi|Tebi)?)"
    r"([A-Z_]+?)(\d?)"
)


@cache
def _pint_name(unit: str) -> str:
    """The ontology's unit as pint spells it."""
    name = _qudt(unit)
    if name is None:
        raise TermUndefined(
            f"The unit {unit} is not known", "Use a QUDT name such as KiloGM or NUM-PER-SEC"
        )
    return name


def _qudt(unit: str) -> str | None:
    """QUDT's local name as pint spells it: `KiloGM-PER-M3` as `kilogram/meter**3`, else None."""
    above, _, below = unit.partition("-PER-")
    parts: list[str] = []
    for code in filter(None, [*above.split("-"), *below.replace("PER-", "").split("-")]):
        match = _QUDT_FACTOR.fullmatch(code)
        if not match or match[2] not in _QUDT_CODES:
            return None
        parts.append(
            f"{match[1].lower()}{_QUDT_CODES[match[2]]}" + (f"**{match[3]}" if match[3] else "")
        )
    over = len(above.split("-"))
    return "/".join(["*".join(parts[:over]), *parts[over:]]) if parts else None


@cache
def _registry() -> UnitRegistry[Decimal]:
    """Pint's registry, exact in decimals; built when first used, because it takes its time."""
    registry: UnitRegistry[Decimal] = UnitRegistry(non_int_type=Decimal, cache_folder=None)
    for name in _CURRENCIES:
        registry.define(f"{name} = [{name.lower()}_]")
    return registry


# -- units beside units ---------------------------------------------------------------------------


_QUDT_IRI = re.compile(r"(?:https?://(?:www\.)?qudt\.org/vocab/unit/|unit:)(?P<name>\S+)")
# Money is counted in units that no factor joins.
_CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "INR"),
    *("JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "TRY", "USD", "ZAR"),
)
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "euro": "EUR", "euros": "EUR"}
_SIGN = re.compile(r"[€£$]|\beuros?\b")
_PLAIN_SHARES = {"1", "fraction", "proportion", "ratio", "share"}
# In capitals, which of the two is meant nobody can tell: metres or millimetres, and so on.
_CARELESS = {"MG", "ML", "MM", "MS"}
_PER = re.compile(r"\s+per\s+")


def between(first: str, second: str) -> tuple[str, float | None]:
    """How two units relate, and what a number in the first is multiplied by to be one in the
    second.

    `same`; `convertible`, without a factor where the two scales begin at different points;
    `incommensurable`: they measure different things; `unknown`: one is no unit that is known. Units
    are written as people do, or are QUDT's, with or without its namespace. No factor joins a month
    or a year with a unit of fixed length.

    >>> between("kg", "KiloGM"), between("g", "kg"), between("kg", "m")
    (('same', 1.0), ('convertible', 0.001), ('incommensurable', None))
    >>> between("degC", "K"), between("EUR/month", "USD/month"), between("points", "stars")
    (('convertible', None), ('incommensurable', None), ('unknown', None))
    """
    one, other = _plain_unit(first), _plain_unit(second)
    if one and one == other:
        return "same", 1.0
    found = _root(one), _root(other)
    if None in found:
        return "unknown", None
    (unit, roots), (target, others) = (each for each in found if each is not None)
    if roots != others:
        return "incommensurable", None
    return _scaled(unit, target)


def _plain_unit(text: str) -> str:
    """The unit without namespace and without needless spaces."""
    match = _QUDT_IRI.fullmatch(text.strip())
    return " ".join((match["name"] if match else text).translate(_PLAINLY).split())


@cache
def _root(text: str) -> tuple[str, str] | None:
    """The unit as pint spells it, and what it comes down to; None for what is no unit."""
    if text in _CARELESS:
        return None
    registry = _registry()
    name = _SIGN.sub(lambda sign: _SIGNS[sign[0]], _PER.sub("/", text))
    name = "dimensionless" if name in _PLAIN_SHARES else name
    try:
        spelled = _spelled(name, "", text)
        if not spelled:
            return None
        return spelled, str(registry.get_root_units(registry.parse_units(spelled))[1])
    except (DescriptorInvalid, PintError, ArithmeticError, AttributeError, TypeError, ValueError):
        return None


def _scaled(unit: str, target: str) -> tuple[str, float | None]:
    """The factor from one unit to another that measures the same thing."""
    registry = _registry()
    origin, one = (registry.Quantity(Decimal(n), unit).to(target).magnitude for n in (0, 1))
    if origin != 0 or _of_calendar(unit) is not _of_calendar(target):
        return "convertible", None
    factor = float(one)
    return ("same", 1.0) if abs(factor - 1) < _TINY else ("convertible", factor)


_TINY = 1e-9


def _of_calendar(unit: str) -> bool:
    """Whether the unit has a part of no fixed length."""
    parts = re.split(r"[^a-z]+", str(_registry().parse_units(unit)))
    return any(part.endswith(_CALENDAR) for part in parts)


# -- results --------------------------------------------------------------------------------------


def _whole(amount: Decimal, text: str, unit: str) -> int:
    """The amount as a whole number of base units, half to even, never rounded to nought."""
    measure, example = _WHOLE[unit]
    if amount < 0:
        raise DescriptorInvalid(f'"{text}" is {measure} below nought', f"Write {example}")
    whole = int(amount.to_integral_value(ROUND_HALF_EVEN))
    if whole > _LARGEST:
        raise DescriptorInvalid(f'"{text}" is {measure} beyond all measure', f"Write {example}")
    if unit == "NUM" and whole != amount:
        raise DescriptorInvalid(f'"{text}" is not a whole number', f"Write {example}")
    return max(whole, 1) if amount > 0 else whole


def _refused(text: str, unit: str) -> DescriptorInvalid:
    """The error that says what was expected instead of the text."""
    if unit == "":
        return DescriptorInvalid(f'"{text}" is not a number', "Write a number such as 0.95")
    if unit == "PERCENT":
        return DescriptorInvalid(f'"{text}" is not a percentage', "Write 85 %")
    measure, example = _WHOLE.get(unit, (f"an amount of {unit}", "a number and its unit"))
    return DescriptorInvalid(f'"{text}" is not {measure}', f"Write one amount, such as {example}")
