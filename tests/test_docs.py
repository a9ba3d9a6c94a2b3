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
from kg.derive import derive
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


def test_the_extension_guide_works_as_written(tmp_path: Path) -> None:
    attribute, predicate = (
        blocks(ROOT / "docs/extend.md", kind)[0] for kind in ("turtle", "sparql")
    )
    mine, project = tmp_path / "mine", tmp_path / "project"
    for path, text in {
        mine / "ontology/elements/carbon.ttl": attribute,
        mine / "queries/predicates/carbon-budget-exceeded.rq": predicate,
        project / "model.yaml": "element: TrainedModel\nemitted_carbon: 120.5\n",
        project / "host.yaml": "element: OperationalEnvironment\ncarbon_budget: 100\n",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = mismatch("check", str(project), "--knowledge", str(mine))
    assert "carbon-budget-exceeded" in done.stdout, done.stderr
    assert "model.yaml:2" in done.stdout


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


def test_what_the_guide_adds_is_in_the_derived_files(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    attribute = blocks(ROOT / "docs/extend.md", "turtle")[0]
    (tmp_path / "ontology" / "carbon.ttl").write_text(attribute, encoding="utf-8")
    known = vocabulary.load([tmp_path])
    derived = derive(known, catalogue.load(known, [tmp_path]))
    assert '"emitted_carbon"' in derived["ontology/derived/context.jsonld"]
    assert '"emitted_carbon"' in derived["ontology/derived/schemas/TrainedModel.json"]
    assert "mm:emittedCarbon" in derived["shapes/derived/values/TrainedModel.ttl"]
    assert "mm:emittedCarbon" in derived["shapes/derived/stated/TrainedModel.ttl"]


def test_the_page_on_the_ontology_lists_every_alignment_and_names_real_commands() -> None:
    text = (ROOT / "docs/ontology.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w-]+)\.ttl` \|", text, re.MULTILINE)

    assert sorted(listed) == sorted(p.stem for p in (ROOT / "ontology/alignments").glob("*.ttl"))
    for command in re.findall(r"^\$ mismatch (\S+)", text, re.MULTILINE):
        assert mismatch(command, "--help").returncode == 0


def test_the_block_that_gives_a_term_up_does_what_the_page_says(tmp_path: Path) -> None:
    (block,) = blocks(ROOT / "docs/ontology.md", "turtle")
    (tmp_path / "mine/ontology").mkdir(parents=True)
    head = (ROOT / "ontology/core.ttl").read_text(encoding="utf-8").partition("\n\n")[2]
    prefixes = "\n".join(line for line in head.splitlines() if line.startswith("@prefix"))
    (tmp_path / "mine/ontology/old.ttl").write_text(f"{prefixes}\n{block}", encoding="utf-8")
    (tmp_path / "p").mkdir()
    (tmp_path / "p/model.yaml").write_text("element: TrainedModel\n\nmemory_in_gigabytes: 16\n")
    given = ("import", str(tmp_path / "p"), "--knowledge", str(tmp_path / "mine"))

    assert "required_memory: 16 GB" in mismatch(*given).stdout
    told = " ".join(mismatch(*given, "--report").stdout.split())
    assert "`memory_in_gigabytes` was given up in 0.2.0: Sizes are whole bytes." in told
