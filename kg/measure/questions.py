"""What there is to test in a project: data that correspond, and figures that can be judged.

The data are fields that correspond, labels of linked data sets, and scores of a model at evaluation
and in service. The figures are shares of hits, groups of one metric, means of scores, and the cases
on which a model and its port were compared.

Where sources state other distributions of a field, or figures of one contradict each other, it is
not compared: `conflicting-statements` tells of that. Of figures that sources state otherwise each
combination is judged, as a predicate judges each combination of values.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from kg.measure.current import Current
from kg.measure.distributions import of_field, of_labels, read
from kg.statements import Node
from kg.statistics import Design, Distribution, Kind, Sample

Paired: TypeAlias = Iterable[tuple[Node, Node]]

_LABELS = "labelShare"
_SCORES = ("deployedIn", "scoreDistribution", "liveScoreDistribution")
_SHARES = (("successes", "sampleSize"), ("violationCount", "checkedCount"))
_MADE_OF: Mapping[Kind | Design, tuple[str, ...]] = {
    "numeric": (
        "distribution valueCount quantiles",
        "distribution binEdges binCounts",
        "scoreDistribution liveScoreDistribution valueCount quantiles",
        "scoreDistribution liveScoreDistribution binEdges binCounts",
    ),
    "categorical": (
        "distribution valueCount category occurrences",
        "scoreDistribution liveScoreDistribution valueCount category occurrences",
        "labelShare occurrences",
        "labelShare share numberOfInstances",
    ),
    "share": ("successes sampleSize", "violationCount checkedCount"),
    "shares": ("slice sliceSuccesses sliceCases",),
    "matched shares": ("discordantOriginal discordantPort",),
    "means": ("scoreDistribution liveScoreDistribution valueCount mean standardDeviation",),
}
MADE_OF: Mapping[str, tuple[frozenset[str], ...]] = {
    kind: tuple(frozenset(names.split()) for names in ways) for kind, ways in _MADE_OF.items()
}
"""What has to be stated for each kind of test, in the ways that there are."""
_GROUP, _GROUP_SHARE = "slice", ("sliceSuccesses", "sliceCases")
_ONLY_ORIGINAL, _ONLY_PORT, _COMPARED = "discordantOriginal", "discordantPort", "comparedCases"


@dataclass(frozen=True, slots=True)
class Question:
    """Two parts or elements whose data are to be compared, or one whose figures are to be judged.

    The p-values of one family are corrected together; all tests of one question are tests of the
    same hypothesis.
    """

    family: Hashable
    first: Node
    second: Node | None
    kind: Kind | Design
    left: Distribution | Sample
    right: Distribution | Sample | None

    @property
    def hypothesis(self) -> Hashable:
        """What is held to be so until a test tells otherwise: the same, whichever comes first."""
        return frozenset((self.first, self.second))

    @property
    def figures(self) -> str:
        """The figures that are judged; nothing of distributions, which their parts tell apart."""
        sides = (side for side in (self.left, self.right) if isinstance(side, Sample))
        return " ".join(map(str, sides))


def questions(current: Current, paired: Paired) -> Iterator[Question]:
    """All that there is to test in a project whose pairs are known."""
    paired = list(paired)
    yield from _data(current, paired)
    yield from _scores(current)
    yield from _groups(current, paired)
    yield from _ports(current)
    yield from _shares(current)


def _data(current: Current, paired: Paired) -> Iterator[Question]:
    """The fields and labels of two data sets; these are a family."""
    by_data: dict[tuple[Node, Node], list[tuple[Node, Node]]] = defaultdict(list)
    for first, second in paired:
        by_data[first.element, second.element].append((first, second))
    for elements, parts in by_data.items():
        for first, second in parts:
            left, right = of_field(current, first), of_field(current, second)
            if left and right and left.kind == right.kind:
                yield Question(elements, first, second, left.kind, left, right)
        labels = {
            second: first
            for first, second in parts
            if first.parts[-1][0] == second.parts[-1][0] == _LABELS
        }
        left = of_labels(current, elements[0], _LABELS)
        right = of_labels(current, elements[1], _LABELS, labels)
        if labels and left and right:
            yield Question(elements, *elements, "categorical", left, right)


def _scores(current: Current) -> Iterator[Question]:
    """The scores of a model at evaluation and in service."""
    link, evaluated, live = _SCORES
    for model, environment in current.linked(link):
        family = model, environment
        sides = current.parts(model, evaluated), current.parts(environment, live)
        for first, second in product(*sides):
            left, right = read(current, first), read(current, second)
            alone = all(len(side) == 1 for side in sides)
            if alone and left and right and left.kind == right.kind:
                yield Question(family, first, second, left.kind, left, right)
            for means in product(_means(current, first), _means(current, second)):
                yield Question(family, first, second, "means", *means)


def _groups(current: Current, paired: Paired) -> Iterator[Question]:
    """A group of a metric that something stated corresponds to, beside each other group of it."""
    singled_out = dict.fromkeys(part for pair in paired for part in pair)
    for group in singled_out:
        if group.parts[-1][0] == _GROUP:
            for other in current.parts(group.holder, _GROUP):
                sides = (_samples(current, part, *_GROUP_SHARE) for part in (group, other))
                for pair in product(*sides) if other != group else ():
                    yield Question(group.element, group, other, "shares", *pair)


def _ports(current: Current) -> Iterator[Question]:
    """The cases on which a model and its port were compared."""
    for port, held in current.stated.items():
        if _ONLY_ORIGINAL in held and _ONLY_PORT in held:
            only = (_counts(current, port, name) for name in (_ONLY_ORIGINAL, _ONLY_PORT))
            for lost, won in product(*only):
                # Who counts those that only one got right has compared one at least.
                for n in _counts(current, port, _COMPARED) or [max(lost + won, 1)]:
                    sides = Sample(n, hits=lost), Sample(n, hits=won)
                    yield Question(port.element, port, None, "matched shares", *sides)


def _shares(current: Current) -> Iterator[Question]:
    """Shares of hits that stand alone."""
    for part, held in current.stated.items():
        for hits, cases in _SHARES:
            if hits in held and cases in held:
                for share in _samples(current, part, hits, cases):
                    yield Question(part.element, part, None, "share", share, None)


def _samples(current: Current, part: Node, hits: str, cases: str) -> list[Sample]:
    pairs = product(_counts(current, part, cases), _counts(current, part, hits))
    return [Sample(n, hits=found) for n, found in pairs]


def _means(current: Current, spread: Node) -> list[Sample]:
    names = "valueCount", "mean", "standardDeviation"
    figures = product(*(current.numbers(spread, name) for name in names))
    return [Sample(int(n), mean=mean, sd=sd) for n, mean, sd in figures]


def _counts(current: Current, part: Node, attribute: str) -> list[int]:
    return [int(number) for number in current.numbers(part, attribute)]
