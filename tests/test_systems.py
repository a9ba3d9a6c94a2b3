"""Whole systems of our own: what a check of all their files together says."""

from pathlib import Path

from kg.findings import Verdict
from tests.conftest import Check

SYSTEMS = Path(__file__).parent / "cases" / "systems"


def test_a_system_in_descriptors_of_the_sei_gets_verdicts(check_folder: Check) -> None:
    report = check_folder(SYSTEMS / "fraud-detection")
    found = {(f.predicate, f.item) for f in report.findings if f.verdict is Verdict.MISMATCH}
    assert found == {
        ("goal-without-metric", "G-02"),
        ("inference-too-slow", None),
        ("label-share-differs", "0"),
        ("label-share-differs", "1"),
        ("language-or-framework-unsupported", "R"),
        ("metric-not-collected", "fraud rate"),
        ("operational-field-unmapped", "channel"),
        ("resources-exceed-operations", "memory"),
        ("resources-exceed-operations", "processors"),
        ("training-field-unmapped", "country"),
        ("training-operational-type-incompatible", "amount"),
    }
    assert report.problems == ()


def test_evidence_of_the_sei_names_file_line_pointer_and_value_as_given(
    check_folder: Check,
) -> None:
    report = check_folder(SYSTEMS / "fraud-detection")
    (finding,) = (
        f
        for f in report.findings
        if (f.predicate, f.item) == ("resources-exceed-operations", "memory")
    )
    places = {
        (e.value, o.file, o.line, o.locator, o.given) for e in finding.evidence for o in e.sources
    }
    pointer = "/computing_resource{}/memory"
    assert places == {
        (16_000_000_000, "trained_model.json", 71, pointer.format("_reqs"), "16"),
        (8_000_000_000, "production_environment.json", 10, pointer.format("s"), "8"),
    }


def test_what_tec_would_fire_on_is_referred_to_by_its_rules(check_folder: Check) -> None:
    report = check_folder(SYSTEMS / "fraud-detection")
    rules = {
        reference.removeprefix("tec:")
        for f in report.findings
        if f.verdict is Verdict.MISMATCH
        for reference in f.references
        if reference.startswith("tec:")
    }
    assert rules == {"1", "2", "7", "9", "12", "14A", "14B", "14C", "16"}
