"""Says how the versions that one side needs relate to the versions that the other side has.

A pin, a conda match, a Poetry constraint and an image tag all become one canonical text, a
specifier set as in PEP 440 (`>=1.2,<2`), in which nothing written means any version. So do ranges
of npm, Cargo, Maven and NuGet, where that says the same: a pre-release is alpha, beta or rc, builds
are left out, and an upper bound shuts out the pre-releases of its own version, as in npm, where
Maven lets them in. Alternatives (`1.2|3.*`) and versions outside PEP 440 are refused. Environment
markers and extras are not read.
"""

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from kg.errors import DescriptorInvalid

Dialect: TypeAlias = Literal[
    "pep440", "conda", "exact", "tag", "poetry", "semver", "interval", "any"
]
"""How a range is written: pip, conda, one version, the tag of an image, Poetry or Pipfile, npm or
Cargo, Maven or NuGet; or by a person, in pip's, npm's or Maven's way.
"""

Relation: TypeAlias = Literal["within", "overlaps", "disjoint", "impossible", "unknown"]
"""How the versions at hand lie to those that are needed."""

_LONGEST = 200


def normalise_range(text: str, dialect: Dialect = "pep440") -> str:
    """The range as a specifier set, lowest version first; empty for any version.

    In conda a single `=` takes all versions that begin so, and a package's name may stand before
    it. A tag is taken for the versions that begin so, unless it has three parts; what follows the
    version (`-slim`) is dropped. Poetry's and npm's carets and tildes become bounds.

    >>> normalise_range(">=1.0.RC1, <2")
    '>=1.0rc1,<2'
    >>> normalise_range("python=3.12", "conda"), normalise_range("3.7.11", "exact")
    ('==3.12.*', '==3.7.11')
    >>> normalise_range("3.11-slim", "tag"), normalise_range("3.11.6-slim-bookworm", "tag")
    ('==3.11.*', '==3.11.6')
    >>> normalise_range("^0.2.3", "poetry"), normalise_range("latest", "tag")
    ('>=0.2.3,<0.3', '')
    >>> normalise_range("~1.4.2", "semver"), normalise_range("1.x", "any")
    ('>=1.4.2,<1.5', '==1.*')
    >>> normalise_range("[1.0,2.0)", "interval"), normalise_range("2.0.0-rc.1 - 2.4", "any")
    ('>=1.0,<2.0', '>=2.0.0rc1,<2.5')

    Raises DescriptorInvalid for what is no range, or none that PEP 440 can express.
    """
    if len(text) > _LONGEST:
        raise _refused(f"{text[:40]}…")
    return _canonical(_READERS[dialect](text.strip()), text)


@lru_cache(maxsize=4096)
def relation(need: str, have: str) -> Relation:
    """How the versions in `have` lie to those in `need`, both canonical ranges.

    `within`: all of them meet the need; `overlaps`: only some do; `disjoint`: none does;
    `impossible`: one of the two contradicts itself (`contradictory` tells which); `unknown`: one
    cannot be read, or a version is needed and any is allowed. Pre-releases count as versions.

    >>> relation("==3.11.*", "==3.11.6"), relation("==2.4", "==2.4.2"), relation(">=1", ">=0.9")
    ('within', 'disjoint', 'overlaps')
    >>> relation(">=2,<1", "==1.5"), relation("==1.5", "")
    ('impossible', 'unknown')
    """
    needed, at_hand = _parsed(need), _parsed(have)
    if needed is None or at_hand is None:
        return "unknown"
    if needed.is_unsatisfiable() or at_hand.is_unsatisfiable():
        return "impossible"
    if not len(needed):
        return "within"
    if not len(at_hand):
        return "unknown"
    if _is_disjoint(needed, at_hand):
        return "disjoint"
    return "within" if _is_subset(at_hand, needed) else "overlaps"


def contradictory(text: str) -> bool:
    """Whether no version at all can be in the range.

    >>> contradictory(">=2,<1"), contradictory(">=1,<2")
    (True, False)
    """
    parsed = _parsed(text)
    return parsed is not None and parsed.is_unsatisfiable()


def compatible(left: str, right: str) -> bool | None:
    """Whether some version is in both ranges; None where one of them cannot be read.

    >>> compatible("==3.11.*", "==3.11.6"), compatible("==2.4", "==2.4.2"), compatible("==1", "x")
    (True, False, None)
    """
    one, other = _parsed(left), _parsed(right)
    if one is None or other is None:
        return None
    return not _is_disjoint(one, other)


# -- what packaging leaves open: `===`, which compares text ----------------------------------------


def _literal(ranges: SpecifierSet) -> str | None:
    """The text that the first `===` of the range asks for, if it has one."""
    return next((part.version for part in ranges if part.operator == "==="), None)


def _is_disjoint(left: SpecifierSet, right: SpecifierSet) -> bool:
    """Whether no version is in both; `===` names the only candidate."""
    for one, other in ((left, right), (right, left)):
        if (text := _literal(one)) is not None:
            return not (_holds(one, text) and _holds(other, text))
    return left.is_disjoint(right)


def _is_subset(inner: SpecifierSet, outer: SpecifierSet) -> bool:
    """Whether all versions of `inner`, which overlaps `outer`, are in it."""
    if _literal(inner) is not None:
        return True
    return _literal(outer) is None and inner.is_subset(outer)


def _holds(ranges: SpecifierSet, version: str) -> bool:
    """Whether the version, which may be any text, is in the range."""
    return ranges.contains(version, prereleases=True)


def _parsed(text: str) -> SpecifierSet | None:
    """The range, with pre-releases counted as versions, or None."""
    try:
        return SpecifierSet(text, prereleases=True)
    except InvalidSpecifier:
        return None


# -- the dialects ---------------------------------------------------------------------------------


def _read_pep440(text: str) -> str:
    """Pip's own writing; a wildcard after `>=` or `<` is an old habit and means nothing more."""
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    return re.sub(r"((?<![=!~])[<>]=?\s*[^,*\s]+)\.\*", r"\1", inner)


def _read_exact(text: str) -> str:
    """One version, as a flavour or a lock file states it."""
    if not text or text.startswith("==="):
        return text
    return f"=={text.removeprefix('==').strip()}"


_CONDA = re.compile(
    r"(?:[\w.-]+(?:/[\w-]+)?::)?(?:[A-Za-z_][\w.-]*)?\s*(?P<range>[<>=!~*\d]\S*)?(?:\s+[\w*.]+)?"
)


def _read_conda(text: str) -> str:
    """A match specification: `python=3.12`, `numpy=1.21=py39h`, `>=1,<2`, `numpy 1.8.1 py27_0`."""
    match = _CONDA.fullmatch(re.sub(r"\s*(,)\s*|([<>=!~])\s+", r"\1\2", text))
    if not match:
        raise _refused(text)
    parts = [part for part in (match["range"] or "").split(",") if part]
    return ",".join(filter(None, (_conda_part(part, text) for part in parts)))


def _conda_part(part: str, text: str) -> str:
    """One constraint of a match specification as PEP 440 writes it."""
    if "|" in part:
        raise _refused(text, "Name one range: alternatives cannot be compared")
    match = re.fullmatch(r"(==|=|!=|~=|>=|<=|<|>|)([^=<>!~]+)(?:=[^=]*)?", part)
    if not match:
        raise _refused(text)
    operator, version = match.groups()
    has_build = part.count("=") > operator.count("=")
    stem = re.sub(r"\.?\*$", "", version)
    if operator in {"", "="}:
        fuzzy = stem != version or (operator == "=" and not has_build)
        return f"=={stem}.*" if fuzzy and stem else f"=={stem}" if stem else ""
    starred = stem != version and operator in {"==", "!="}
    return f"{operator}{stem}.*" if starred else f"{operator}{stem}"


_TAG = re.compile(r"v?(\d+(?:\.\d+)*)((?:a|b|rc)\d+)?(?=$|[-_+@])")
_FULL = 3


def _read_tag(text: str) -> str:
    """The version that an image's tag begins with; three parts are a version, fewer a series."""
    match = _TAG.match(text)
    if not match:
        return ""
    release, pre = match.groups(default="")
    exact = pre or release.count(".") + 1 >= _FULL
    return f"=={release}{pre}" if exact else f"=={release}.*"


def _read_poetry(text: str) -> str:
    """Poetry's and Pipfile's writing: commas or spaces between constraints, carets and tildes."""
    if "|" in text:
        raise _refused(text, "Name one range: alternatives cannot be compared")
    joined = re.sub(r"([\^~=!<>])\s+", r"\1", text)
    return ",".join(_poetry_part(part, text) for part in re.split(r"[,\s]+", joined) if part != "*")


def _poetry_part(part: str, text: str) -> str:
    """One constraint as PEP 440 writes it."""
    if part.startswith("^") or (part.startswith("~") and not part.startswith("~=")):
        return f">={part[1:]},<{_above(part[1:], part[0], text)}"
    if match := re.fullmatch(r"=?([^=<>!~].*)", part):
        return f"=={match[1]}"
    return part


def _above(version: str, sign: str, text: str) -> str:
    """The first version that Poetry's caret or tilde shuts out.

    A caret keeps the first part that is not nought, a tilde the first two parts (Poetry's manual,
    "Dependency specification").
    """
    try:
        lowest = Version(version)
    except InvalidVersion as error:
        raise _refused(text) from error
    release, epoch = lowest.release, f"{lowest.epoch}!" if lowest.epoch else ""
    if sign == "~":
        kept = min(len(release), 2)
    else:
        kept = next((at for at, number in enumerate(release, 1) if number), len(release))
    above = (*release[: kept - 1], release[kept - 1] + 1)
    return epoch + ".".join(str(number) for number in above)


_WILD = re.compile(r"(?:\.[xX*])+$|^[xX*]$")
_SEMANTIC = re.compile(
    r"v?(?P<release>\d+(?:\.\d+){0,2})(?:-(?P<pre>alpha|beta|rc)(?:\.?(?P<number>\d+))?)?"
    r"(?:\+[\w.-]+)?"
)
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")


def _read_semver(text: str) -> str:
    """The writing of npm and Cargo: spaces or commas between comparators, `x` for any number."""
    if "|" in text:
        raise _refused(text, "Name one range: alternatives cannot be compared")
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen:
        return ",".join((_comparator(f">={hyphen[1]}", text), _comparator(f"<={hyphen[2]}", text)))
    joined = re.sub(r"([\^~=<>])\s+", r"\1", text)
    parts = (_comparator(part, text) for part in re.split(r"[,\s]+", joined) if part)
    return ",".join(filter(None, parts))


def _comparator(part: str, text: str) -> str:
    """One comparator as PEP 440 writes it; a version of fewer than three parts is a series."""
    given = part.lstrip("^~<>=")
    sign, stem = part.removesuffix(given) if given else part, _WILD.sub("", given)
    if given and not stem and sign in {"", "=", "^", "~", ">="}:
        return ""
    match = _SEMANTIC.fullmatch(stem)
    if not match or sign not in {"", "=", "^", "~", ">", ">=", "<", "<="}:
        raise _refused(text)
    release, pre = match["release"], f"{match['pre']}{match['number'] or 0}" if match["pre"] else ""
    version = f"{release}{pre}"
    series = release.count(".") + 1 < _FULL
    if sign in {"^", "~"}:
        return f">={version},<{_above(release, sign, text)}"
    if not series or sign in {">=", "<"}:
        return f"{sign if sign.strip('=') else '=='}{version}"
    if sign in {">", "<="}:
        return f"{'>=' if sign == '>' else '<'}{_after(release)}"
    return f"=={version}.*"


def _after(release: str) -> str:
    """The first version behind a series: 1.3 behind 1.2."""
    *above, last = release.split(".")
    return ".".join((*above, str(int(last) + 1)))


_BOUNDS = re.compile(
    r"(?P<low>[\[(])\s*(?P<least>[^,\s]*)\s*(?:,\s*(?P<most>[^,\s]*)\s*)?(?P<high>[\])])"
)


def _read_interval(text: str) -> str:
    """The writing of Maven and NuGet: `[1.0,2.0)`, `[1.5,)`, `[1.0]`."""
    match = _BOUNDS.fullmatch(text)
    if not match:
        raise _refused(text)
    least, most = match["least"], match["most"]
    if most is None:
        if not least or match[0][0] + match[0][-1] != "[]":
            raise _refused(text)
        return f"=={_bound(least, text)}"
    low = f"{'>=' if match['low'] == '[' else '>'}{_bound(least, text)}" if least else ""
    high = f"{'<=' if match['high'] == ']' else '<'}{_bound(most, text)}" if most else ""
    return ",".join(filter(None, (low, high)))


def _bound(version: str, text: str) -> str:
    match = _SEMANTIC.fullmatch(version)
    if not match:
        raise _refused(text)
    return match["release"] + (f"{match['pre']}{match['number'] or 0}" if match["pre"] else "")


def _read_any(text: str) -> str:
    """What a person wrote: PEP 440 where it is that, else npm's writing, else Maven's.

    A bare version is refused: it is a pin to some tools, and the lowest of a range to others.
    """
    plain = _read_pep440(text)
    if _is_pep440(plain):
        return plain
    if text[:1] in {"[", "("}:
        return _read_interval(text)
    if re.fullmatch(r"v?\d+(?:\.\d+)*", text):
        raise _refused(text)
    return _read_semver(text)


def _is_pep440(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


_READERS = {
    "pep440": _read_pep440,
    "conda": _read_conda,
    "exact": _read_exact,
    "tag": _read_tag,
    "poetry": _read_poetry,
    "semver": _read_semver,
    "interval": _read_interval,
    "any": _read_any,
}


# -- the canonical text ---------------------------------------------------------------------------


def _canonical(text: str, given: str) -> str:
    """The specifiers in PEP 440's spelling, each once, lowest version first."""
    try:
        parts = {_spelled(part): part for part in SpecifierSet(text)}
    except InvalidSpecifier as error:
        raise _refused(given) from error
    return ",".join(sorted(parts, key=lambda spelled: (_height(parts[spelled]), spelled)))


def _spelled(part: Specifier) -> str:
    """One specifier with its version in canonical spelling; trailing zeros stay as they are."""
    if part.operator == "===":
        return f"==={part.version}"
    star = ".*" if part.version.endswith(".*") else ""
    return f"{part.operator}{Version(part.version.removesuffix('.*'))}{star}"


def _height(part: Specifier) -> Version:
    """The version that a specifier is sorted by; one that is text stands first."""
    try:
        return Version(part.version.removesuffix(".*"))
    except InvalidVersion:
        return Version("0")


def _refused(
    text: str, hint: str = "Write a range as in PEP 440, such as >=1.2,<2"
) -> DescriptorInvalid:
    """The error that says what was expected instead of the text."""
    return DescriptorInvalid(f'"{text}" is not a range of versions that can be compared', hint)
