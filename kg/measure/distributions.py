"""Reads distributions as the statements of a project tell them."""

from collections import Counter
from collections.abc import Mapping

from kg.measure.current import Current
from kg.statements import Node
from kg.statistics import Distribution, of_bins


def of_field(current: Current, field: Node) -> Distribution | None:
    """What a field's distribution says; None where there is none, or where sources state others."""
    first, *others = [read(current, one) for one in current.parts(field, "distribution")] or [None]
    return first if all(other == first for other in others) else None


def read(current: Current, node: Node) -> Distribution | None:
    """What a distribution says: its categories, its quantiles, or its bins; None without any."""
    counts = _counts(current, current.parts(node, "category"))
    quantiles = _numbers(current, node, "quantiles")
    edges, bins = _numbers(current, node, "binEdges"), _numbers(current, node, "binCounts")
    n = current.number(node, "valueCount")
    binned = not (counts or quantiles) and len(edges) == len(bins) + 1
    if n is None and binned:
        n = sum(bins)
    if n is None or not (counts or quantiles or binned):
        return None
    return Distribution(
        kind="categorical" if counts else "numeric",
        n=int(n),
        missing=int(current.number(node, "missingCount") or 0),
        counts=counts,
        quantiles=of_bins(edges, bins) if binned else () if counts else quantiles,
        edges=edges if binned else (),
        minimum=current.number(node, "smallest"),
        maximum=current.number(node, "largest"),
        mean=current.number(node, "mean"),
        sd=current.number(node, "standardDeviation"),
    )


def of_labels(
    current: Current, data: Node, attribute: str, called: Mapping[Node, Node] | None = None
) -> Distribution | None:
    """The label counts of a data set: as stated, else its shares of the number of instances.

    A label is called as the one that it corresponds to, where there is one.
    """
    labels = current.parts(data, attribute)
    counts = _stated(current, labels)
    size = current.number(data, "numberOfInstances")
    if len(counts) < len(labels) and size:
        shares = {label: current.number(label, "share") for label in labels}
        counts = {
            label: round(size * share / 100) for label, share in shares.items() if share is not None
        }
    if not counts or len(counts) < len(labels):
        return None
    named: Counter[str] = Counter()
    for label, n in counts.items():
        named[_name(current, (called or {}).get(label, label))] += n
    return Distribution("categorical", named.total(), counts=dict(named))


def _counts(current: Current, categories: list[Node]) -> dict[str, int]:
    return {_name(current, c): n for c, n in _stated(current, categories).items()}


def _stated(current: Current, categories: list[Node]) -> dict[Node, int]:
    counts = {c: current.number(c, "occurrences") for c in categories}
    return {c: int(n) for c, n in counts.items() if n is not None}


def _numbers(current: Current, node: Node, attribute: str) -> tuple[float, ...]:
    """The numbers of a text; none where something else stands among them."""
    try:
        return tuple(map(float, str(current.value(node, attribute) or "").split()))
    except ValueError:
        return ()


def _name(current: Current, part: Node) -> str:
    return str(current.value(part, "name") or part.parts[-1][1])
