"""Systems in the SEI's descriptors: what their tool TEC fires on for a good reason is found by a
check too, and nothing else is.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from kg.catalogue import Catalogue
from kg.detect import check
from kg.findings import Finding, ProjectReport, Verdict
from kg.projects import read_project
from kg.stores import open_store
from kg.workspace import Workspace
from tests.descriptors import breakable, broken, draws, sound
from tests.judging import CATALOGUE, VOCABULARY
from tests.tec import RULES, System, fired

COVERING = Catalogue({}, {name: p for name, p in CATALOGUE.predicates.items() if p.tec})


def checked(systems: Mapping[str, System], folder: Path) -> dict[str, ProjectReport]:
    """What the predicates that cover a rule say of each system, read from its files."""
    projects = []
    for name, system in systems.items():
        for kind, descriptor in system.items():
            path = folder / name / f"{kind}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(descriptor), encoding="utf-8")
        projects.append(read_project(folder / name, VOCABULARY))
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    found = check(projects, workspace, COVERING).projects
    assert [problem for report in found for problem in report.problems] == []
    return {report.id: report for report in found}


def mismatches(report: ProjectReport) -> Iterator[tuple[Finding, str]]:
    """Each mismatch with each rule that it refers to."""
    for finding in report.findings:
        if finding.verdict is Verdict.MISMATCH:
            for reference in finding.references:
                scheme, _, rule = reference.partition(":")
                if scheme == "tec":
                    yield finding, rule


def rules(report: ProjectReport) -> set[str]:
    """The rules that the report's mismatches refer to."""
    return {rule for _, rule in mismatches(report)}


def test_a_system_of_which_nothing_is_wrong_has_no_mismatch(tmp_path: Path) -> None:
    systems = {f"sound-{seed}": sound(seed) for seed in range(12)}
    assert [name for name, system in systems.items() if fired(system)] == []
    found = checked(systems, tmp_path)
    assert {name: rules(report) for name, report in found.items() if rules(report)} == {}


def test_each_rule_is_found_where_it_alone_is_broken(tmp_path: Path) -> None:
    seeds = {rule: next(n for n in count() if breakable(sound(n), rule)) for rule in RULES}
    systems = {f"rule-{rule}": broken(seed, [rule]) for rule, seed in seeds.items()}
    expected = {name: fired(system) for name, system in systems.items()}
    assert all(name.removeprefix("rule-") in found for name, found in expected.items())
    assert {name: rules(report) for name, report in checked(systems, tmp_path).items()} == expected


def test_several_rules_are_found_where_all_are_broken(tmp_path: Path) -> None:
    systems = {}
    for seed in range(100, 124):
        random = draws(seed)
        chosen = random.sample(RULES, random.randint(1, 6))
        systems[f"system-{seed}"] = broken(seed, chosen)
    expected = {name: fired(system) for name, system in systems.items()}
    assert {name: rules(report) for name, report in checked(systems, tmp_path).items()} == expected


def test_where_only_shares_and_figures_are_stated_the_message_says_so(tmp_path: Path) -> None:
    systems = {f"shifted-{seed}": broken(seed, ["15", "16"]) for seed in range(2)}
    for report in checked(systems, tmp_path).values():
        found = {rule: finding for finding, rule in mismatches(report)}
        assert found.keys() == {"15", "16"}
        for finding in found.values():
            assert "no test was possible" in finding.message
            assert finding.severity == "info"
