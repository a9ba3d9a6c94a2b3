"""How many whole cycles of the season the data cover, which takes a calendar.

Of training data that tell how long a cycle is, their own days are counted, and those of the raw
data that they were made from.
"""

from collections.abc import Iterator
from datetime import date

from kg.comparing.interval import times
from kg.measure.comparisons import Comparison
from kg.measure.current import Current
from kg.statements import Node

_PERIOD, _START, _END = "seasonalPeriod", "coverageStart", "coverageEnd"
_FROM = "derivedFrom"
_METHOD = "cycles"


def covered(current: Current) -> Iterator[Comparison]:
    """The days of each data set beside the period of the data that it is, or that were made of
    it.
    """
    for data, held in current.stated.items():
        if _PERIOD in held:
            sources = [raw for made, raw in current.linked(_FROM) if made == data]
            for source in (data, *sources):
                for period in map(str, current.values(data, _PERIOD)):
                    yield from _beside(current, source, data, period)


def _beside(current: Current, source: Node, data: Node, period: str) -> Iterator[Comparison]:
    starts = [str(start) for start in current.values(source, _START)]
    for end in map(str, current.values(source, _END)):
        if not starts:
            return
        cycles = times(period, date.fromisoformat(min(starts)), date.fromisoformat(end))
        if cycles is not None:
            yield Comparison(source, data, _END, _PERIOD, end, period, "", _METHOD, cycles=cycles)
