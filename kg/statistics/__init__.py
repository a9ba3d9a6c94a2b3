"""Compares what data come to: one statistic a module, found by looking into this folder.

A statistic returns what it found, or why it may not judge. It never says whether a difference
matters: the limits for p, effect size and index stand in the predicate that reads the result, and a
p-value alone decides nothing, since with enough rows every difference is significant. The left side
is the reference (what a model was trained on), the right the current.

There are two protocols. A `Statistic` compares the spread of values, as two `Distribution`s tell
it. A `Trial` judges figures: one `Sample`, or two, of which only sizes and shares or means are
known. To add one, write a module with `TITLE`, `KINDS` and the function of its protocol, and worked
examples in `tests/cases/statistics/`. It is run on all that it can be run on as soon as the front
matter of a predicate names it under `statistic`.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from math import floor, fsum, hypot, sqrt
from typing import Literal, Protocol, TypeAlias

# SciPy loads its parts when they are first asked for, and its statistics take half a second.
import scipy

Kind: TypeAlias = Literal["numeric", "categorical"]
Design: TypeAlias = Literal["share", "shares", "matched shares", "means"]
"""What a trial is about: the share of hits in one sample or in two, in two samples of the same
cases, or the means of two.
"""
LEVELS = 101
"""How many quantiles describe a column that we read: the levels 0, 0.01, ... 1."""
FEWEST = 5
"""How many quantiles somebody must state at least: the quartiles with both ends."""
_LARGEST = 1e300  # differences and sums of larger numbers overflow


@dataclass(frozen=True, slots=True)
class Distribution:
    """The values of one field: label counts, or quantiles at equally spaced levels from 0 to 1.

    `n` counts the values that are there, without the `missing`; `edges` are the borders of the bins
    that the quantiles were worked out from, where they were. As many quantiles as values are the
    sorted values themselves (`whole`), and statistics are exact; fewer are a sketch.

    >>> sketch = Distribution("numeric", n=200, quantiles=(0.0, 1.0, 4.0))
    >>> sketch.quantile(0.75), sketch.at_most(1.0), sketch.at_most(2.5)
    (2.5, 0.5, 0.75)
    """

    kind: Kind
    n: int
    missing: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    quantiles: tuple[float, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    sd: float | None = None
    edges: tuple[float, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the quantiles are the sorted values themselves."""
        return len(self.quantiles) == self.n

    def quantile(self, level: float) -> float:
        """The value below which the share `level` (0 to 1) of the values lies, interpolated."""
        place = level * (len(self.quantiles) - 1)
        under = min(floor(place), len(self.quantiles) - 1)
        over = min(under + 1, len(self.quantiles) - 1)
        low, high = self.quantiles[under], self.quantiles[over]
        return low if low == high else low + (place - under) * (high - low)

    def at_most(self, value: float) -> float:
        """The share of values up to and including `value`: exact where whole, else interpolated."""
        return self._share(value, bisect_right(self.quantiles, value))

    def below(self, value: float) -> float:
        """The share of values below `value`: exact where whole, else interpolated."""
        return self._share(value, bisect_left(self.quantiles, value))

    def _share(self, value: float, place: int) -> float:
        """The share of values before the `place`-th quantile, and on the way to it."""
        if self.whole:
            return place / self.n
        # At either end nothing is left to interpolate; all values may also be one and the same.
        if place in {0, len(self.quantiles)}:
            return float(place > 0)
        low, high = self.quantiles[place - 1 : place + 1]
        return (place - 1 + (value - low) / (high - low)) / (len(self.quantiles) - 1)

    @property
    def step(self) -> float:
        """The share of values between two quantiles, which is all that a sketch tells them by."""
        return 0.0 if self.whole else 1 / (len(self.quantiles) - 1)

    @property
    def tied(self) -> bool:
        """Whether some value fills more than one quantile."""
        return any(low == high for low, high in pairwise(self.quantiles))


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of a sample by its figures: how many of its n cases are hits, or their mean and
    standard deviation.
    """

    n: int
    hits: int | None = None
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a statistic found; where `holds` is false, `because` says which precondition failed.

    `method` is the module's name; `effect_name` says what the effect size is and its scale. Where
    there is no right side, `n_right` is nought.
    """

    method: str
    statistic: float | None
    p_value: float | None
    effect_size: float | None
    effect_name: str
    n_left: int
    n_right: int
    holds: bool
    because: str
    interval: tuple[float, float] | None = None


class Statistic(Protocol):
    """A way to compare two distributions; a module of this package is one."""

    TITLE: str
    """What people call it."""

    KINDS: tuple[Kind, ...]
    """The kinds of field that it compares."""

    def test(self, left: Distribution, right: Distribution) -> Result:
        """Compares the current distribution (right) to the reference (left); raises nothing."""
        ...


class Trial(Protocol):
    """A way to judge the figures of a sample, or of two; a module of this package is one."""

    TITLE: str
    """What people call it."""

    KINDS: tuple[Design, ...]
    """What it can be asked about."""

    def judge(
        self, left: Sample, right: Sample | None = None, margin: float | None = None
    ) -> Result:
        """Judges the left sample, beside the right one where there are two; raises nothing.

        The margin is how far apart they may be and still be as good as equal; who needs none takes
        no notice of it.
        """
        ...


def undecided(
    method: str, left: Distribution | Sample, right: Distribution | Sample | None, because: str
) -> Result:
    """The result of a statistic whose preconditions do not hold."""
    n = left.n, right.n if right else 0
    return Result(method, None, None, None, "", *n, holds=False, because=because)


def of_numbers(values: Iterable[float], missing: int = 0) -> Distribution:
    """The distribution of a sample of finite numbers: whole up to 101 values, else quantiles.

    >>> of_numbers([3.0, 1.0, 2.0]).quantiles
    (1.0, 2.0, 3.0)
    """
    ordered = tuple(sorted(float(value) for value in values))
    if not ordered:
        return Distribution("numeric", 0, missing)
    n, mean = len(ordered), fsum(value / len(ordered) for value in ordered)
    # hypot scales: squares of large values would overflow.
    spread = hypot(*(value - mean for value in ordered)) / sqrt(n - 1) if n > 1 else None
    whole = Distribution("numeric", n, missing, {}, ordered, ordered[0], ordered[-1], mean, spread)
    if n <= LEVELS:
        return whole
    sketch = tuple(whole.quantile(level / (LEVELS - 1)) for level in range(LEVELS))
    return Distribution("numeric", n, missing, {}, sketch, ordered[0], ordered[-1], mean, spread)


def of_bins(edges: Sequence[float], counts: Sequence[float]) -> tuple[float, ...]:
    """101 quantiles of values counted between `edges`, evenly spread within each bin; none where
    the bins are none: borders that do not rise, a count below nought, or no value at all.

    >>> of_bins((0, 10, 20), (50, 50))[::25]
    (0.0, 5.0, 10.0, 15.0, 20.0)
    """
    total = fsum(counts)
    if (
        min(counts, default=-1) < 0
        or total <= 0
        or any(low >= high for low, high in pairwise(edges))
    ):
        return ()
    levels = [0.0, *accumulate(count / total for count in counts)]
    found = []
    for step in range(LEVELS):
        level = step / (LEVELS - 1)
        place = min(max(bisect_left(levels, level), 1), len(counts))
        low, high = levels[place - 1 : place + 1]
        part = min((level - low) / (high - low), 1.0) if high > low else 0.0
        found.append(edges[place - 1] + part * (edges[place] - edges[place - 1]))
    return tuple(found)


def of_labels(labels: Iterable[Hashable], missing: int = 0) -> Distribution:
    """The distribution of a sample of labels.

    >>> of_labels(["cat", "dog", "cat"]).counts
    {'cat': 2, 'dog': 1}
    """
    counts = dict(Counter(map(str, labels)))
    return Distribution("categorical", sum(counts.values()), missing, counts)


def adjusted(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The p-values corrected for their number, after Benjamini and Hochberg; None stays None.

    They bound the share of false alarms among all alarms of one comparison of two data sets.
    Source: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), 289-300.

    >>> adjusted([0.01, None, 0.04])
    (0.02, None, 0.04)
    """
    known = [p for p in p_values if p is not None]
    corrected = iter(scipy.stats.false_discovery_control(known).tolist() if known else [])
    return tuple(None if p is None else float(next(corrected)) for p in p_values)


def corrected(found: Sequence[tuple[Hashable, Result]]) -> tuple[float | None, ...]:
    """The p-value of each result, corrected for how many hypotheses the results are about.

    A result comes with the hypothesis that it tests, such as that a field is spread as before. A
    second test of one hypothesis is no second piece of evidence, nor a reason to correct more: in
    the family of a test each hypothesis counts once, by the test's own p-value where it has one,
    else by that of the first test that has.

    >>> told = {"chi_square": 0.01, "g_test": 0.02}
    >>> results = [Result(name, 1, p, 1, "", 50, 50, True, "") for name, p in told.items()]
    >>> corrected([("colour", result) for result in results])
    (0.01, 0.02)
    """
    first: dict[Hashable, float] = {}
    own: dict[str, dict[Hashable, float]] = defaultdict(dict)
    for about, result in found:
        if result.p_value is not None:
            first.setdefault(about, result.p_value)
            own[result.method].setdefault(about, result.p_value)
    # Mostly all have one family.
    known = cache(adjusted)
    told: list[float | None] = []
    for about, result in found:
        family = {**first, **own[result.method], about: result.p_value}
        place = list(family).index(about)
        told.append(None if result.p_value is None else known(tuple(family.values()))[place])
    return tuple(told)


def uncounted(side: Sample | None, name: str) -> str:
    """Why the hits of a sample are no share of its cases, or nothing.

    >>> uncounted(Sample(10, hits=11), "reference")
    'the reference has 11 hits among 10 cases'
    """
    if side is None:
        return "there is nothing to compare with"
    if side.n < 1:
        return f"the {name} has no cases"
    if side.hits is None:
        return f"the {name} states no hits"
    if not 0 <= side.hits <= side.n:
        return f"the {name} has {side.hits} hits among {side.n} cases"
    return ""


def fault(left: Distribution, right: Distribution, kind: Kind, least: int) -> str:
    """Why two distributions cannot be compared as `kind` with `least` values a side, or nothing.

    >>> fault(of_labels("aab"), of_labels("ab"), "categorical", 50)
    'the reference has 3 values, 50 are needed'
    """
    if kind == "numeric" and left.edges != right.edges:
        return "the two sides are not counted in the same bins"
    for side, name in ((left, "reference"), (right, "current data")):
        if side.kind != kind:
            return f"the {name} is {side.kind}, not {kind}"
        if kind == "categorical" and min(side.counts.values(), default=-1) < 0:
            return f"the {name} states no counts, or one below nought"
        if kind == "numeric" and not _is_rising(side.quantiles):
            return f"the {name} states no quantiles, or not in rising order"
        size = sum(side.counts.values()) if kind == "categorical" else side.n
        if size < least:
            return f"the {name} has {size} values, {least} are needed"
        if kind == "numeric" and len(side.quantiles) < min(FEWEST, size):
            return f"the {name} states {len(side.quantiles)} quantiles, {FEWEST} are needed"
    return ""


def _is_rising(quantiles: tuple[float, ...]) -> bool:
    """Whether these can be quantiles: numbers, one at least, none below the one before."""
    finite = bool(quantiles) and all(abs(value) < _LARGEST for value in quantiles)
    return finite and all(low <= high for low, high in pairwise(quantiles))
