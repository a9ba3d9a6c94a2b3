"""Makes of one name the form that is compared, and the form that stands in an IRI.

Two sources speak of the same package where `canonical` agrees; two fields are taken for one where
`aligned` agrees, which reports tell. Where two fields of one side have the same key, none of them
is aligned.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from packaging.utils import canonicalize_name

LIKELY = 0.75
"""From here on two names are so like that it is worth asking whether they mean one thing."""

_LONGEST = 120
_SHORTEST = 4
# A name that begins with another of so many letters may only say more.
_TELLING = 8


def canonical(name: str) -> str:
    """The name of a package as indexes compare it (PEP 503).

    >>> canonical("Scikit_Learn")
    'scikit-learn'
    """
    return canonicalize_name(name.strip())


@lru_cache(maxsize=16_384)
def slug(text: str) -> str:
    """The text as one segment of an IRI's path: letters, digits, `.`, `_` and `-` stay.

    Every other character is percent-encoded in UTF-8, `~` too. So two texts have the same slug only
    if they are the same text in Unicode's composed form (NFC), and `~` is free to mark what could
    not stand: nothing at all, a text of dots alone (which resolving an IRI would drop), and the
    digest that ends a very long one.

    >>> slug("Heart Rate (bpm)"), slug("größe"), slug(".."), slug("")
    ('Heart%20Rate%20%28bpm%29', 'größe', '~..', '~')
    """
    composed = unicodedata.normalize("NFC", text)
    if not composed.strip("."):
        return f"~{composed}" if len(composed) <= _LONGEST else f"~{_digest(composed)}"
    segment = "".join(_encoded(character) for character in composed)
    if len(segment) <= _LONGEST:
        return segment
    # A cut through %C3%A4 would leave half a character.
    return f"{re.sub('(?:%[0-9A-F]{0,2})+$', '', segment[:_LONGEST])}~{_digest(composed)}"


@lru_cache(maxsize=16_384)
def aligned(name: str) -> str:
    """The key under which fields of two data sets may be the same.

    Case, spaces, `_`, `-`, `.`, what stands in brackets and a unit's name at the end are dropped.
    A unit has at least two letters and stands apart, and never one that is a word of its own
    (`min`, `in`, `hours`). A number is kept: `income_2019` is not `income`.

    >>> aligned("Heart_Rate (bpm)") == aligned("heart_rate") == aligned("HeartRate_bpm")
    True
    >>> aligned("age") == aligned("page")
    False
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\u03bc", "\u00b5")
    words = _words(_BRACKETED.sub(" ", folded)) or _words(folded)
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return "".join(words) or folded


def extends(one: str, other: str) -> bool:
    """Whether one of two aligned names begins with the other and only says more.

    >>> extends("fault", "faultlabel"), extends("age", "agegroup")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and long.startswith(short)


def likeness(one: str, other: str) -> float:
    """How like two aligned names are, from 0 to 1; names that differ in a number are not.

    >>> likeness("waterusage", "waterusagelitresperday") >= LIKELY
    True
    """
    numbers = [[sign for sign in name if sign.isdigit()] for name in (one, other)]
    if numbers[0] != numbers[1] or min(len(one), len(other)) < _SHORTEST:
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) >= _TELLING and long.startswith(short):
        return LIKELY
    matcher = SequenceMatcher(None, min(one, other), max(one, other), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LIKELY else 0.0


_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>")
_UNITS = frozenset(
    [
        *("%", "°", "°c", "°f", "celsius", "fahrenheit", "kelvin", "degc", "pct", "percent"),
        *("mm", "cm", "km", "µm", "um", "kg", "mg", "µg", "ug", "lbs", "ml", "dl"),
        *("ms", "µs", "us", "ns", "sec", "secs", "seconds", "milliseconds"),
        *("km/h", "kmh", "mph", "m/s", "kg/m3", "mg/dl", "mmol/l", "mmhg", "kpa", "hpa"),
        *("hz", "khz", "mhz", "ghz", "kw", "mw", "kwh", "mwh", "kb", "mb", "gb", "tb", "px"),
        *("bpm", "ppm", "ppb", "usd", "eur", "gbp"),
    ]
)


def _words(text: str) -> list[str]:
    """The words of the text, without what separates them."""
    return [word for word in re.split(r"[\s_\-.()\[\]{}<>]+", text) if word]


def _encoded(character: str) -> str:
    """The character itself where it is a letter, mark, digit, `.`, `_` or `-`, else its bytes."""
    if character in "._-" or unicodedata.category(character)[0] in "LMN":
        return character
    # A file's name that is no UTF-8 comes as lone surrogates, which still have bytes of their own.
    return "%7E" if character == "~" else quote(character, safe="", errors="surrogatepass")


def _digest(text: str) -> str:
    """What tells a long text from others."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
