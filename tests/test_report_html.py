"""The report as HTML: nothing of a project's is markup, and everybody can read it, offline."""

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from kg.findings import (
    Finding,
    Origin,
    Priority,
    ProjectReport,
    Question,
    Ranking,
    Report,
    Severity,
    Verdict,
)
from kg.reports import Telling
from kg.statements import Problem
from tests.browsing import Browser, Skeleton, judged, opened
from tests.conftest import Check
from tests.test_reports import (
    HOSTILE,
    LATENCY,
    LIVE,
    MEMORY,
    MODEL,
    REPORT,
    VERSION,
    finding,
    one,
    said,
    shift,
    told,
)

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "kg" / "reports" / "templates" / "report.html.jinja"
EVERYTHING = Telling(everything=True)


def text_of(page: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", page)
    return " ".join(unescape(body).split())


def of(text: str) -> Report:
    """A report in which every text that comes from outside is this one."""
    odd = replace(MODEL, label=text, element=text)
    origin = Origin(text, 1, text, text, text, text)
    evidence = (
        said(text, text, text, "", origin, origin),
        said(text, text, 5, "BYTE", Origin(text, None, text, text)),
        said(text, text, text, ""),
    )
    wrong = finding(
        text,
        item=text,
        subject=odd,
        object=replace(odd, iri="other"),
        mismatches=(text,),
        message=text,
        remedy=text,
        consequence=text,
        evidence=evidence,
        ask=(Question(text, text),),
        references=(text, f"tec:{text}"),
        priority=Priority(text, text, 1, 2, 3),
    )
    other = (replace(wrong, verdict=Verdict.UNDECIDED), replace(wrong, verdict=Verdict.CLEAR))
    project = ProjectReport(
        *(text, text, 9, 2, 1, (wrong, *other)),
        problems=(Problem(text, text, 3), Problem(text, text)),
        notes=(text,),
    )
    return Report((project, project), Ranking(text, 2))


# -- nothing from outside is markup --------------------------------------------------------------


ATTACKS = {
    "markup": HOSTILE,
    "element": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover=alert(1) x=' `",
    "end": "</code></td></table></style></title></script>-->]]>",
    "entity": "&lt;script&gt;&#60;script&#62; &amp;",
    "template": "{{ 7*7 }}{% raw %}{# x #}",
    "scheme": "javascript:alert(1)",
}
ALL_ATTACKS = "".join(ATTACKS.values())


def harmless(text: str) -> str:
    """A text of the same words and lines that has no meaning anywhere."""
    return re.sub(r"\S", "x", text)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("several", [True, False], ids=["several", "one"])
def test_no_text_of_a_project_adds_an_element_or_an_attribute(
    attack: str, *, several: bool
) -> None:
    hostile, plain = of(attack), of(harmless(attack))
    if not several:
        hostile, plain = (replace(one, projects=one.projects[:1]) for one in (hostile, plain))
    pages = [
        told("html", report, Telling(everything=True, role=role))
        for report, role in ((hostile, attack), (plain, harmless(attack)))
    ]

    assert Skeleton(pages[0]).elements == Skeleton(pages[1]).elements


@pytest.mark.parametrize("attack", ["element", "attribute", "end", "entity", "template", "scheme"])
def test_text_is_shown_as_it_was(attack: str) -> None:
    shown = text_of(told("html", of(ATTACKS[attack]), EVERYTHING))

    assert shown.count(" ".join(ATTACKS[attack].split())) > 40


def test_controls_are_spelled_out() -> None:
    page = told("html", of(HOSTILE), EVERYTHING)

    assert "\\x1b[2J\\x9b31m`|&lt;script&gt;" in page
    assert "\\u202e\\udcff" in page


def test_a_project_full_of_markup_has_only_the_templates_elements(
    hostile_folder: Path, check_folder: Check
) -> None:
    page = told("html", Report((check_folder(hostile_folder),)), EVERYTHING)
    ours = {tag for tag, _ in Skeleton(told("html", REPORT, EVERYTHING)).elements}
    elements = Skeleton(page).elements
    links = [value for _, attributes in elements for name, value in attributes if name == "href"]

    assert "<img src=x onerror=alert(1)>.yaml:4" in text_of(page)
    assert {tag for tag, _ in elements} <= ours
    assert {name for _, attributes in elements for name, _ in attributes} <= ATTRIBUTES
    assert all(re.fullmatch(r"#[\w-]+|https://arxiv\.org/abs/[\d.]+", str(link)) for link in links)


ATTRIBUTES = {
    *("aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "colspan", "content"),
    *("focusable", "height", "href", "http-equiv", "id", "lang", "name", "preserveaspectratio"),
    *("rowspan", "scope", "tabindex", "viewbox", "width", "x"),
}


def test_chromium_sees_no_more_than_the_templates_elements(
    chromium: Browser, tmp_path: Path
) -> None:
    """As a browser reads a page, and mends it, which a plain parser does not."""
    seen = []
    for name, text in (("hostile", ALL_ATTACKS), ("plain", harmless(ALL_ATTACKS))):
        page = tmp_path / f"{name}.html"
        page.write_text(told("html", of(text), EVERYTHING), encoding="utf-8")
        seen.append(Skeleton(opened(chromium, page)).elements)

    assert len(seen[0]) > 100
    assert seen[0] == seen[1]


# -- one file, no network ------------------------------------------------------------------------


def test_nothing_is_fetched_or_run() -> None:
    page = told("html", REPORT, EVERYTHING)
    fetching = {"src", "srcset", "data", "action", "poster", "background", "style", "formaction"}
    elements = Skeleton(page).elements

    assert not {"script", "link", "iframe", "img", "object", "base", "form"} & {
        t for t, _ in elements
    }
    assert not fetching & {name for _, attributes in elements for name, _ in attributes}
    assert not re.search(r"(?i)url\(|@import|@font-face|expression\(", page)
    assert "default-src 'none'" in page


def test_the_template_escapes_everything() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe|autoescape|Markup|\|\s*tojson", text)


# -- everybody can read it -----------------------------------------------------------------------


def test_a_page_has_what_a_screen_reader_goes_by() -> None:
    page = told("html", REPORT, EVERYTHING)
    elements = Skeleton(page).elements
    ids = [value for _, attributes in elements for name, value in attributes if name == "id"]
    levels = [int(tag[1]) for tag, _ in elements if re.fullmatch("h[1-6]", tag)]
    targets = re.findall(r'(?:href="#|aria-labelledby=")([\w-]+)', page)

    assert '<html lang="en">' in page
    assert re.search(r"<title>3 projects: 8 mismatches</title>", page)
    assert elements.count(("a", (("class", "skip"), ("href", "#main")))) == 1
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert levels.count(1) == 1
    assert all(low - high <= 1 for high, low in pairwise(levels))
    assert page.count("<caption>") == page.count("<table")
    assert all(dict(attributes).get("scope") for tag, attributes in elements if tag == "th")


@pytest.fixture(scope="module")
def many() -> Report:
    """A dozen projects, most with long words that nothing can break."""
    long = "descriptors/" + "a_very_long_name" * 12
    wide = finding(
        "version-range-unsatisfied",
        item=long,
        severity=Severity.INFO,
        message=f"{long} differs.",
        evidence=(said(long, "x", long, "", Origin(f"{long}.yaml", 7, role="data-scientist")),),
    )
    findings: tuple[Finding, ...] = (MEMORY, VERSION, wide, LATENCY, shift("age", 0.3))
    clear = finding("metric-not-collected", Verdict.CLEAR, item=long, object=LIVE)
    first = replace(
        REPORT.projects[0], findings=(*findings, clear), problems=(Problem(long, long, 1),)
    )
    return Report(
        (
            *(replace(first, id=f"project-{number:02}") for number in range(10)),
            *REPORT.projects[1:],
        )
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1100, 500], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_the_report_of_the_example(
    chromium: Browser, check_folder: Check, tmp_path: Path, *, dark: bool, width: int
) -> None:
    report = Report((check_folder(ROOT / "docs" / "example"),))
    found = judged(chromium, told("html", report, EVERYTHING), tmp_path, dark=dark, width=width)

    assert found["violations"] == []
    assert {"color-contrast", "document-title", "html-has-lang", "region"} <= set(found["passes"])
    assert (found["dark"], found["fetched"]) == (dark, [])
    assert found["needed"] <= found["width"] == width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_report_of_many_projects(
    chromium: Browser, many: Report, tmp_path: Path, *, dark: bool
) -> None:
    page = told("html", many, EVERYTHING)
    found = judged(chromium, page, tmp_path, dark=dark, width=500 if dark else 1100)

    assert found["violations"] == []
    assert {"color-contrast", "skip-link"} <= set(found["passes"])
    assert (found["dark"], found["fetched"]) == (dark, [])
    assert found["needed"] <= found["width"]


def test_axe_sees_what_is_wrong(chromium: Browser, tmp_path: Path) -> None:
    page = told("html", one(MEMORY)).replace('<html lang="en">', "<html>")
    page = page.replace("--ink: #1d1b18", "--ink: #cccccc")
    page = page.replace("</main>", '<img src="https://there.example/x.png"></main>')
    found = judged(chromium, page, tmp_path, dark=False, width=1100)

    assert {"html-has-lang", "color-contrast", "image-alt"} <= {v[1] for v in found["violations"]}
    assert found["fetched"] == ["https://there.example/x.png"]


# -- what it tells -------------------------------------------------------------------------------


def test_the_gravest_stands_first_at_a_glance() -> None:
    page = told("html", one(shift("age", 0.3), MEMORY, replace(VERSION, severity=Severity.INFO)))
    glance = page.partition("<caption>At a glance")[2].partition("</table>")[0]

    assert re.findall(r'class="pill (\w+)"', glance) == ["violation", "warning", "info"]


def test_a_mismatch_is_told_with_both_sides_and_what_to_do() -> None:
    shown = text_of(told("html", one(MEMORY)))

    for words in (
        "Trained model → operational environment Resources exceed operations violation",
        "needs 16 GB model/requirements.yaml:12 declared by data scientists",
        "has 8Gi 8.59 GB deploy/deployment.yaml:31",
        "If nothing is done The model is killed under load",
        "Remedy Raise the limit",
        "operations: How much does the host set aside for it?",
        "OE.ComputingResources (important to 29 of 31 respondents, 13 examples), TM.System",
        "TM.SystemConfiguration; TEC rule 7; study example M14-04.",
        "mismatch explain resources-exceed-operations",
    ):
        assert words in shown


def test_a_value_of_several_sources_is_named_once() -> None:
    page = told("html", one(VERSION))

    assert page.count('<th scope="rowgroup" rowspan="2">needs</th>') == 1


def test_a_report_says_how_it_is_ranked_and_for_whom() -> None:
    report = replace(one(MEMORY, LATENCY), ranking=Ranking("operations", 5))
    shown = text_of(told("html", report, Telling(role="operations")))

    assert "Ranked for operations by severity, then by importance to the 5 respondents" in shown
    assert "1 verdict is undecided. Of what operations can answer, this would decide most" in shown
    assert "There is nothing to ask end users." in text_of(
        told("html", report, Telling(role="end-user"))
    )


def test_questions_are_ranked_and_the_less_useful_folded() -> None:
    asked = [
        finding(f"p{number}", Verdict.UNDECIDED, ask=(Question("operations", f"What {number}?"),))
        for number in range(12)
    ]
    page = told("html", one(*asked))
    before, _, after = page.partition("<summary>2 more questions</summary>")

    assert before.count('<span class="rank">') == 10
    assert '<span class="rank">11</span>' in after


def test_undecided_verdicts_are_folded_and_clear_ones_told_when_asked_for() -> None:
    report = one(LATENCY, finding("metric-not-collected", Verdict.CLEAR, item="accuracy"))

    assert "<summary>1 verdict, one by one</summary>" in told("html", report)
    assert "accuracy" not in told("html", report)
    assert "accuracy" in told("html", report, EVERYTHING)


def test_an_undecided_verdict_that_asks_nobody_is_counted() -> None:
    shown = text_of(told("html", one(finding("x", Verdict.UNDECIDED))))

    assert "1 verdict is undecided, and nobody is known to ask." in shown


def test_no_mismatch_is_no_health() -> None:
    assert "What is undecided is not yet in order" in text_of(
        told("html", one(finding("x", Verdict.CLEAR), LATENCY))
    )
    assert "Nothing could be read" in text_of(told("html", one(sources=0)))


def test_what_is_folded_is_open_on_paper() -> None:
    style = told("html").partition("@media print")[2].partition("</style>")[0]

    assert "details::details-content" in style
    assert "content-visibility: visible" in style


def test_one_project_needs_no_table_of_projects() -> None:
    assert '<nav aria-label="Projects">' not in told("html", one(MEMORY))
    assert '<nav aria-label="Projects">' in told("html")
