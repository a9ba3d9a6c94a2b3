"""The study's figures as CSV: a row for each share, with the paper's where it prints one."""

import csv
from collections.abc import Iterator
from io import StringIO

from kg.pictures import Shown
from kg.reports import Telling
from kg.reports.csv import harmless
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
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for figure, shares in figures(shown.study).items():
        for share in shares:
            rows.writerow([harmless(cell) for cell in (figure, *_cells(share))])
    return out.getvalue()


def _cells(share: Share) -> Iterator[str]:
    yield from (share.code, share.label, share.group, share.among)
    yield from (str(share.count), str(share.of), f"{share.percent:.2f}")
    printed = share.printed is not None
    yield str(share.printed) if printed else ""
    yield ("yes" if share.agrees else "no") if printed else ""
