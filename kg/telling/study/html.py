"""The study as a page: its figures as pictures, each beside the paper's numbers."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.findings import ALL
from kg.pages import renderer
from kg.pictures import Shown, picture
from kg.reports import Telling
from kg.study import Share, Study, figures
from kg.visible import capital

TITLE = "HTML"
SUFFIX = ".html"

_WORDS = {
    "figure-2": ("Figure 2", "Which element an example's missing information was about"),
    "figure-3": ("Figure 3", "What of the element it was"),
    "figure-5": ("Figure 5", "How important respondents find it to share the information"),
    "table-2": ("Table II", "To how many of each role it is important or very important"),
}


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of the paper: its picture, its shares, and the differences that concern each."""

    name: str
    title: str
    says: str
    picture: str
    shares: tuple[Share, ...]
    reasons: Mapping[str, tuple[str, ...]]


def render(shown: Shown, _telling: Telling) -> str:
    """The page: a section a figure, then the differences, then the examples by interview."""
    study = shown.study
    by_interview = defaultdict(list)
    for example in study.examples:
        by_interview[example.interview].append(example)
    return _render()(
        study=study,
        figures=[_figure(name, shares, shown) for name, shares in figures(study).items()],
        where={name: title for name, (title, _) in _WORDS.items()},
        interviews=sorted(by_interview.items()),
        detected=_detected(shown),
        role=lambda name: name if name == ALL else shown.vocabulary.lists["Role"][name].label,
    )


def _figure(name: str, shares: tuple[Share, ...], shown: Shown) -> _Figure:
    title, says = _WORDS[name]
    drawn = picture(f"study-{name}").draw(shown)
    return _Figure(name, title, says, drawn, shares, _reasons(shown.study, name))


def _reasons(study: Study, name: str) -> dict[str, tuple[str, ...]]:
    """The numbers of the differences that a figure's shares have, by code."""
    found: dict[str, tuple[str, ...]] = {}
    for one in study.differences:
        for code in one.about if one.where == name else ():
            found[code] = (*found.get(code, ()), one.name)
    return found


def _detected(shown: Shown) -> dict[str, list[str]]:
    """The predicates that detect each example."""
    found: dict[str, list[str]] = defaultdict(list)
    for predicate in shown.matrix.predicates.values():
        for example in predicate.study:
            found[example].append(predicate.id)
    return dict(found)


@cache
def _render() -> Callable[..., str]:
    return renderer(Path(__file__).parent / "templates" / "study.html.jinja", capital=capital)
