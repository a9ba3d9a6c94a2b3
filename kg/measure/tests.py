"""Runs every statistic on every pair of distributions: fields that correspond, labels of linked
data, and scores of a model at evaluation and in service.

The p-values are corrected over all tests of one pair of data sets. Where a distribution is stated
more than once, or its figures contradict each other, nothing is tested: `conflicting-statements`
tells of that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.extensions import modules
from kg.measure.current import Current
from kg.statements import Node
from kg.statistics import Distribution, Result, Statistic, adjusted, of_bins

_LABELS = "labelShare"
_SCORES = ("deployedIn", "scoreDistribution", "liveScoreDistribution")


@dataclass(frozen=True, slots=True)
class Test:
    """A statistic over two parts or elements, and its p-value corrected over the pair of data
    sets.
    """

    first: Node
    second: Node
    result: Result
    adjusted: float | None


def tested(current: Current, paired: Iterable[tuple[Node, Node]]) -> Iterator[Test]:
    """Every test of the project, pair of data sets by pair of data sets."""
    by_data: dict[tuple[Node, Node], list[tuple[Node, Node]]] = defaultdict(list)
    for first, second in paired:
        by_data[first.element, second.element].append((first, second))
    for elements, parts in by_data.items():
        results = [
            (first, second, result)
            for first, second, left, right in _compared(current, elements, parts)
            for result in _results(left, right)
        ]
        p_values = adjusted([result.p_value for _, _, result in results])
        for (first, second, result), p_value in zip(results, p_values, strict=True):
            yield Test(first, second, result, p_value)
    for first, second, left, right in _scores(current):
        found = _results(left, right)
        yield from (Test(first, second, result, result.p_value) for result in found)


def _scores(current: Current) -> Iterator[tuple[Node, Node, Distribution, Distribution]]:
    link, evaluated, live = _SCORES
    for model, environment in current.linked(link):
        pair = current.parts(model, evaluated), current.parts(environment, live)
        if all(len(side) == 1 for side in pair):
            (first,), (second,) = pair
            left, right = _read(current, first), _read(current, second)
            if left and right and left.kind == right.kind:
                yield first, second, left, right


def _compared(
    current: Current, elements: tuple[Node, Node], parts: list[tuple[Node, Node]]
) -> Iterator[tuple[Node, Node, Distribution, Distribution]]:
    for first, second in parts:
        left, right = _of_field(current, first), _of_field(current, second)
        if left and right and left.kind == right.kind:
            yield first, second, left, right
    labels = {
        first: second
        for first, second in parts
        if first.parts[-1][0] == second.parts[-1][0] == _LABELS
    }
    left, right = (_of_labels(current, element) for element in elements)
    if labels and left and right:
        names = {_name(current, second): _name(current, first) for first, second in labels.items()}
        counts = {names.get(label, label): count for label, count in right.counts.items()}
        yield *elements, left, Distribution("categorical", right.n, counts=counts)


def _results(left: Distribution, right: Distribution) -> Iterator[Result]:
    for module in modules("kg.statistics").values():
        statistic: Statistic = module
        if left.kind in statistic.KINDS:
            yield statistic.test(left, right)


def _of_field(current: Current, field: Node) -> Distribution | None:
    """What a field's only distribution says; None where there is none, or more than one."""
    found = current.parts(field, "distribution")
    return _read(current, found[0]) if len(found) == 1 else None


def _read(current: Current, node: Node) -> Distribution | None:
    """What a distribution says: its categories, its quantiles, or its bins; None without any."""
    counts = _counts(current, current.parts(node, "category"))
    quantiles = _numbers(current, node, "quantiles")
    edges, bins = _numbers(current, node, "binEdges"), _numbers(current, node, "binCounts")
    n = _number(current, node, "valueCount")
    binned = not (counts or quantiles) and len(edges) == len(bins) + 1
    if n is None and binned:
        n = sum(bins)
    if n is None or not (counts or quantiles or binned):
        return None
    return Distribution(
        kind="categorical" if counts else "numeric",
        n=int(n),
        missing=int(_number(current, node, "missingCount") or 0),
        counts=counts,
        quantiles=of_bins(edges, bins) if binned else () if counts else quantiles,
        edges=edges if binned else (),
        minimum=_number(current, node, "smallest"),
        maximum=_number(current, node, "largest"),
        mean=_number(current, node, "mean"),
        sd=_number(current, node, "standardDeviation"),
    )


def _numbers(current: Current, node: Node, attribute: str) -> tuple[float, ...]:
    """The numbers of a text; none where something else stands among them."""
    try:
        return tuple(map(float, str(current.value(node, attribute) or "").split()))
    except ValueError:
        return ()


def _of_labels(current: Current, data: Node) -> Distribution | None:
    """The label counts of a data set: as stated, else its shares of the number of instances."""
    labels = current.parts(data, _LABELS)
    size = _number(current, data, "numberOfInstances")
    counts = _counts(current, labels)
    if len(counts) < len(labels) and size:
        shares = {label: _number(current, label, "share") for label in labels}
        counts = {
            _name(current, label): round(size * share / 100)
            for label, share in shares.items()
            if share is not None
        }
    if not counts or len(counts) < len(labels):
        return None
    return Distribution("categorical", sum(counts.values()), counts=counts)


def _counts(current: Current, categories: list[Node]) -> dict[str, int]:
    counts = {c: _number(current, c, "occurrences") for c in categories}
    return {_name(current, c): int(n) for c, n in counts.items() if n is not None}


def _number(current: Current, node: Node, attribute: str) -> float | None:
    value = current.value(node, attribute)
    return float(value) if isinstance(value, int | float) else None


def _name(current: Current, part: Node) -> str:
    return str(current.value(part, "name") or part.parts[-1][1])
