"""The documentation runs: the README's report is what the program prints, the extension guide
works, links lead somewhere.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from rdflib import Graph

from kg import catalogue, vocabulary
from kg.extensions import modules

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def mismatch(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from kg.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_readme_shows_the_report_of_the_example() -> None:
    done = mismatch("check", "docs/example")
    assert done.returncode == 1, done.stderr
    assert done.stdout in blocks(ROOT / "README.md", "text")


def test_the_figures_of_the_study_are_right() -> None:
    known = catalogue.load(vocabulary.load())
    told = Counter[str]()
    for mismatch in known.mismatches.values():
        told[mismatch.category] += mismatch.interviews or 0
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    found = re.search(
        r"found (\d+) examples of mismatch, coded them (\d+) times .*?\((.*?)\)", text
    )

    assert found is not None
    shares = re.findall(r"([a-z ]+?) (\d+)", found[3])
    assert {category.strip(): int(count) for category, count in shares} == {
        category.lower(): count for category, count in told.items()
    }
    assert [int(count) for _, count in shares] == [84, 38, 34, 23, 21, 19, 13]
    assert int(found[2]) == sum(told.values()) == 232
    assert int(found[1]) == 140
    assert f"{len(told)} categories and {len(known.mismatches)} subcategories" in text


def test_the_readme_says_how_many_each_order_goes_by() -> None:
    known = catalogue.load(vocabulary.load())
    sizes = {role: n for m in known.mismatches.values() for role, (_, n) in m.ratings.items()}
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    order = re.search(r"the study's (\d+) respondents .*? the (\d+) counted as operations", text)
    others = re.search(r"data scientists \((\d+)\) and software engineers \((\d+)\)", text)

    assert order is not None
    assert others is not None
    assert [int(number) for number in (*order.groups(), *others.groups())] == [
        sizes[role] for role in ("all", "operations", "data-scientist", "software-engineer")
    ]


def test_every_command_of_the_readme_is_one() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[$] )?(?:\S*/)?mismatch ([\w-]+)", text))
    assert named >= {"check", "new", "import", "explain"}
    assert named <= {name.rstrip("_").replace("_", "-") for name in modules("kg.cli")}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_importer_is_in_the_readme_or_says_what_it_reads() -> None:
    for name, module in modules("kg.importers").items():
        assert module.TITLE, name


def test_the_page_on_reports_lists_every_format_with_its_ending() -> None:
    text = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| `(\.\w+)` \|", text, flags=re.MULTILINE))

    assert listed == {name: module.SUFFIX for name, module in modules("kg.reports").items()}


def test_the_query_on_the_page_on_reports_finds_what_rests_on_a_file(tmp_path: Path) -> None:
    report = tmp_path / "report.jsonld"
    mismatch("check", "docs/example", "-o", str(report))
    (query,) = blocks(ROOT / "docs/reports.md", "sparql")
    rows = [(str(row[0]), int(row[1])) for row in Graph().parse(report).query(query)]  # type: ignore[index, arg-type]

    assert rows == [("The model needs 16 GB (memory); the environment has 8.59 GB.", 24)]
