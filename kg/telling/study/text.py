"""The study's figures on a terminal."""

from itertools import groupby

from kg.findings import ALL
from kg.pictures import Shown
from kg.reports import Telling
from kg.reports._page import Page, cut, padded
from kg.study import LEVELS, Share
from kg.visible import flowing

TITLE = "Text"
SUFFIX = ".txt"

_LABEL, _CELL = 46, 12
_CODE, _ROLE = 28, 18
_PLACES = {"figure-2": "Figure 2", "figure-3": "Figure 3", "text": "The text"}


def render(shown: Shown, telling: Telling) -> str:
    """Figure by figure, then where paper and data differ."""
    page = Page(telling.width, colour=telling.colour)
    study = shown.study
    totals = study.totals
    page.paragraph(
        f"{totals['examples']} examples of mismatch, told in {totals['interviews']} interviews and "
        f"coded {totals['codes']} times as {totals['mismatches']} kinds; "
        f"{totals['respondents']} respondents of a survey rated each kind."
    )
    _title(page, "Figure 2: categories", "codes", "share", "paper")
    for share in study.categories:
        _share(page, share, share.label)
    _title(page, "Figure 3: mismatches within each category", "codes", "share", "paper")
    for category, members in groupby(study.subcategories, key=lambda share: share.group):
        page.row((category, "dim"))
        for share in members:
            _share(page, share, f"  {share.label}")
    _title(page, "Figure 5: importance, in four levels", "answers", "last two", "paper")
    for answers in study.answers:
        _share(page, answers.share, answers.share.code, " ".join(f"{n:2}" for n in answers.levels))
    page.paragraph((f"Answers: {', '.join(LEVELS)}.", "dim"))
    _importance(shown, page)
    page.gap()
    page.row(("Where paper and data differ", "bold"))
    for number, one in enumerate(study.differences, 1):
        place = _PLACES.get(one.where, one.where)
        page.entry(f"  {number}  ", f"{place}: {flowing(one.why)}")
    return page.text()


def _title(page: Page, title: str, *heads: str) -> None:
    page.gap()
    cells = "".join(f"{head:>{_CELL}}" for head in heads)
    page.row((padded(title, _LABEL), "bold"), (cells, "dim"))


def _share(page: Page, share: Share, name: str, count: str = "") -> None:
    counted = count or f"{share.count} of {share.of}"
    paper = "" if share.printed is None else f"{share.printed} %"
    page.row(
        f"{padded(cut(name, _LABEL), _LABEL)}{counted:>{_CELL}}{f'{share.percent:.1f} %':>{_CELL}}",
        (f"{paper:>{_CELL}}", "" if share.agrees else "red"),
        ("" if share.agrees else "  differs", "red"),
    )


def _importance(shown: Shown, page: Page) -> None:
    """Table II: a row a mismatch, a column a role; the paper's share stands beside one that
    differs.
    """
    roles, rows = shown.study.by_role()
    labels = shown.vocabulary.lists["Role"]
    names = [ALL if role == ALL else labels[role].label for role in roles]
    page.gap()
    page.row(("Table II: important or very important, percent of each role", "bold"))
    page.row((" " * _CODE + "".join(f"{name:>{_ROLE}}" for name in names), "dim"))
    for code, shares in rows.items():
        cells = "".join(f"{_percent(share):>{_ROLE}}" for share in shares)
        page.row(padded(code, _CODE), cells)


def _percent(share: Share) -> str:
    return f"{share.percent:.0f}" if share.agrees else f"{share.percent:.0f} ({share.printed})"
