"""The study's figures as CSV: a row for each share, with the paper's where it prints one."""

from collections.abc import Iterator

from kg.pictures import Shown
from kg.reports import Telling
from kg.reports.csv import written
from kg.study import Share, figures

TITLE = "CSV"
SUFFIX = ".csv"

COLUMNS = (
    "figure",
    "code",
    "label",
    "category",
    "among",
    "count",
    "of",
    "percent",
    "printed",
    "agrees",
)
"""The header row."""


def render(shown: Shown, _telling: Telling) -> str:
    """A header row, and the shares figure by figure."""
    told = figures(shown.study).items()
    rows = ((figure, *_cells(share)) for figure, shares in told for share in shares)
    return written([COLUMNS, *rows])


def _cells(share: Share) -> Iterator[str]:
    yield from (share.code, share.label, share.group, share.among)
    yield from (str(share.count), str(share.of), f"{share.percent:.2f}")
    printed = share.printed is not None
    yield str(share.printed) if printed else ""
    yield ("yes" if share.agrees else "no") if printed else ""
