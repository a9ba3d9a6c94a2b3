"""How verdicts are folded, what a finding shows and is known by, and in what order they stand."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kg.detect import check
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import answers, ready
from kg.errors import PredicateMalformed
from kg.findings import Evidence, Finding, Origin, ProjectReport, Report, Verdict
from kg.namespaces import iri
from kg.projects import Project
from kg.sparql.values import text_of
from kg.stores import open_store
from kg.workspace import BASE, Workspace
from tests.judging import CATALOGUE, VOCABULARY, facts_of, verdicts
from tests.judging import read as read_projects

PREFIX = "@prefix mm: <https://w3id.org/ml-mismatch/> .\n"
MODEL = "<model> a mm:TrainedModel ;\n mm:deployedIn <host> ;\n"
HOST = "<host> a mm:OperationalEnvironment ;\n"
GROUND = Ground(VOCABULARY)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the sources of a project as Turtle, one keyword each."""

    def written(project: str = "shop", **sources: str) -> Path:
        folder = tmp_path / project
        folder.mkdir(exist_ok=True)
        for name, text in sources.items():
            (folder / f"{name}.ttl").write_text(f"{PREFIX}{text}", encoding="utf-8")
        return folder

    return written


def checked(projects: Sequence[Project], base: str = BASE) -> Report:
    return check(projects, Workspace(open_store("memory:"), VOCABULARY, base), CATALOGUE)


def report(folder: Path, base: str = BASE) -> ProjectReport:
    return checked(read_projects([folder]), base).projects[0]


def only(found: ProjectReport, predicate: str, item: str | None = None) -> Finding:
    """The one finding of the predicate, about that item."""
    (finding,) = (f for f in found.findings if f.predicate == predicate and f.item == item)
    return finding


def shown(finding: Finding) -> dict[str, Evidence]:
    return {evidence.name: evidence for evidence in finding.evidence}


def places(evidence: Evidence) -> list[tuple[str, int | None]]:
    return [(origin.file, origin.line) for origin in evidence.sources]


# -- rows are folded ------------------------------------------------------------------------------

ROWS = "SELECT ?subject ?verdict {{ ?subject a <{}> . {{ {} }} }}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["clear"], Verdict.CLEAR),
        (["clear", "undecided"], Verdict.UNDECIDED),
        (["undecided", "clear", "mismatch"], Verdict.MISMATCH),
        (["clear", ""], Verdict.UNDECIDED),
        (["mismatch", ""], Verdict.MISMATCH),
    ],
)
def test_a_mismatch_decides_then_what_is_undecided(rows: list[str], expected: Verdict) -> None:
    # A row without a verdict comes of an expression that failed: nothing could be compared.
    arms = (f'{{ BIND("{row}" AS ?verdict) }}' if row else "{ }" for row in rows)
    query = ROWS.format(iri("mm:TrainedModel"), " UNION ".join(arms))
    batch = Batch([facts_of(f"<urn:a> <{iri('rdf:type')}> <{iri('mm:TrainedModel')}> .")], GROUND)

    (answer,) = answers(ready(query), batch)

    assert answer.verdict is expected


def test_verdicts_on_two_items_are_not_folded() -> None:
    query = (
        "SELECT ?subject ?item ?verdict {"
        f" ?subject a <{iri('mm:TrainedModel')}> ; <urn:has> ?item ."
        ' BIND(IF(?item = 1, "mismatch", "clear") AS ?verdict) }'
    )
    lines = [f"<urn:a> <{iri('rdf:type')}> <{iri('mm:TrainedModel')}> ."]
    lines += [f'<urn:a> <urn:has> "{n}"^^<{iri("xsd:integer")}> .' for n in (1, 2)]
    batch = Batch([facts_of("\n".join(lines))], GROUND)

    found = {text_of(answer.item): answer.verdict for answer in answers(ready(query), batch)}

    assert found == {"1": Verdict.MISMATCH, "2": Verdict.CLEAR}


def test_a_query_that_no_engine_takes_is_the_predicates_fault() -> None:
    with pytest.raises(PredicateMalformed, match="is not SPARQL"):
        ready("SELECT ?subject WHERE {")


# -- what a finding shows -------------------------------------------------------------------------


def test_a_value_is_shown_with_every_source_that_states_it(write: Write) -> None:
    folder = write(
        card=f"{MODEL} mm:requiredMemory 16000000000 .",
        readme="<model> a mm:TrainedModel ;\n\n mm:requiredMemory 16000000000 .",
        manifest=f"{HOST} mm:availableMemory 8000000000 .",
    )

    finding = only(report(folder), "resources-exceed-operations", "memory")
    needs, has = shown(finding)["needs"], shown(finding)["has"]

    assert (needs.attribute, needs.value, needs.unit) == ("requiredMemory", 16_000_000_000, "BYTE")
    assert places(needs) == [("card.ttl", 4), ("readme.ttl", 4)]
    assert places(has) == [("manifest.ttl", 3)]
    assert "16 GB" in finding.message
    assert "8 GB" in finding.message


def test_what_was_measured_is_told_from_what_was_declared(write: Write) -> None:
    folder = write(
        card=f"{MODEL} mm:requiredMemory 16 .", manifest=f"{HOST} mm:availableMemory 8 ."
    )
    measured = f"{PREFIX}<#observed> {{ <model> a mm:TrainedModel ; mm:requiredMemory 16 . }}"
    (folder / "probe.trig").write_text(measured)

    found = shown(only(report(folder), "resources-exceed-operations", "memory"))

    assert found["needs"].status == "declared and observed"
    assert [origin.file for origin in found["needs"].sources] == ["card.ttl", "probe.trig"]
    assert found["has"].status == "declared"


def test_each_value_of_a_side_is_shown_with_its_own_sources(write: Write) -> None:
    folder = write(
        card=f'{MODEL} mm:requiredSoftware [ mm:name "torch" ;\n mm:versionRange "==2.4" ] .',
        conda='<model> a mm:TrainedModel ; mm:requiredSoftware [ mm:name "torch" ;\n'
        ' mm:versionRange "==2.3" ] .',
        image=f'{HOST} mm:availableSoftware [ mm:name "torch" ;\n mm:versionRange "==2.2" ] .',
    )

    finding = only(report(folder), "version-range-unsatisfied", "torch")
    needs = {e.value: places(e) for e in finding.evidence if e.name == "needs"}

    assert needs == {"==2.4": [("card.ttl", 5)], "==2.3": [("conda.ttl", 3)]}


def test_only_what_mismatches_is_shown_as_a_mismatch(write: Write) -> None:
    folder = write(
        card=f"{MODEL} mm:requiredMemory 8 .",
        readme="<model> a mm:TrainedModel ; mm:requiredMemory 32 .",
        manifest=f"{HOST} mm:availableMemory 16 .",
    )

    found = only(report(folder), "resources-exceed-operations", "memory")

    assert [e.value for e in found.evidence if e.name == "needs"] == [32]


def test_a_sum_is_shown_with_the_sources_of_all_that_was_added_up(write: Write) -> None:
    folder = write(
        churn="<churn> a mm:TrainedModel ; mm:deployedIn <host> ;\n mm:requiredMemory 8 .",
        fraud="<fraud> a mm:TrainedModel ; mm:deployedIn <host> ;\n mm:requiredMemory 9 .",
        manifest=f"{HOST} mm:availableMemory 16 .",
    )

    found = [f for f in report(folder).findings if f.predicate == "resources-exceed-operations"]

    assert [f.verdict for f in found] == [Verdict.MISMATCH] * 2
    assert [f.subject.label for f in found] == ["churn", "fraud"]
    for finding in found:
        together = shown(finding)["together"]
        assert (together.attribute, together.value) == ("requiredMemory", 17)
        assert sorted(places(together)) == [("churn.ttl", 3), ("fraud.ttl", 3)]
        assert "17 B" in finding.message


def test_what_is_not_stated_is_asked_of_whoever_knows_it(write: Write) -> None:
    folder = write(
        card=f"{MODEL} mm:observedInferenceTime 5 .", manifest=f"{HOST} mm:availableMemory 8 ."
    )

    finding = only(report(folder), "inference-too-slow")

    assert shown(finding)["allows"].value is None
    assert finding.message == "Not stated: required inference time."
    assert "operations" in {question.role for question in finding.ask}
    assert "data-scientist" not in {question.role for question in finding.ask}


def test_the_values_of_another_project_are_not_evidence(write: Write) -> None:
    texts = {
        "card": f"{MODEL} mm:requiredMemory 16 .",
        "manifest": f"{HOST} mm:availableMemory 8 .",
    }
    folders = [write("left", **texts), write("right", **texts)]

    for found in checked(read_projects(folders)).projects:
        finding = only(found, "resources-exceed-operations", "memory")
        assert [o for e in finding.evidence for o in e.sources] == [
            Origin("card.ttl", 4, None, "16"),
            Origin("manifest.ttl", 3, None, "8"),
        ]


def test_a_conflict_across_projects_is_told_to_both(write: Write) -> None:
    text = '<raw> a mm:RawData ; mm:datasetIdentifier "census" ; mm:datasetVersion "1" ;\n {} .'
    folders = [
        write(name, card=text.format(f'mm:contentHash "md5:{digest}"'))
        for name, digest in (("left", "aa"), ("right", "bb"))
    ]

    found = checked(read_projects(folders)).projects

    for mine in found:
        finding = only(mine, "dataset-version-hash-conflict")
        assert finding.verdict is Verdict.MISMATCH
        assert finding.subject.iri.startswith(f"{BASE}projects/{mine.id}/")
        assert places(shown(finding)["hash"]) == [("card.ttl", 3)]


def test_an_element_that_nobody_describes_is_missed_once(write: Write) -> None:
    found = report(write(card='<model> a mm:TrainedModel ; mm:modelName "churn" .')).findings
    about = defaultdict(set)
    for finding in found:
        about[finding.predicate].add(finding.subject.element)

    assert about.pop("missing-element-descriptor") == {"Project"}
    assert about.pop("conflicting-statements") == {"TrainedModel"}
    assert {CATALOGUE.predicates[name].kind for name in about} == {"completeness"}
    assert set().union(*about.values()) == {"TrainedModel"}


# -- what a finding is known by -------------------------------------------------------------------

SLOW = {"card": f"{MODEL} mm:requiredMemory 16 .", "manifest": f"{HOST} mm:availableMemory 8 ."}


def fingerprints(found: ProjectReport) -> dict[tuple[str, ...], str]:
    known: dict[tuple[str, ...], str] = {
        (
            f.predicate,
            f.subject.name,
            f.object.name if f.object else "",
            f.item or "",
        ): f.fingerprint
        for f in found.findings
    }
    assert len(set(known.values())) == len(known) == len(found.findings)
    return known


def test_a_changed_value_changes_no_fingerprint(write: Write) -> None:
    before = report(write(**SLOW))
    after = report(write(card=SLOW["card"].replace("16", "4")))

    assert verdicts(before.findings) != verdicts(after.findings)
    assert fingerprints(before) == fingerprints(after)


def test_neither_the_base_nor_the_folder_changes_a_fingerprint(
    write: Write, tmp_path: Path
) -> None:
    folder = write(**SLOW)
    expected = fingerprints(report(folder))
    moved = tmp_path / "elsewhere" / "store"
    moved.parent.mkdir()
    folder.rename(moved)

    assert fingerprints(report(moved, "https://example.org/kg/")) == expected


def test_other_elements_and_items_have_other_fingerprints(write: Write) -> None:
    before = fingerprints(report(write(**SLOW)))
    after = fingerprints(report(write(card=SLOW["card"].replace("<model>", "<other>"))))
    both = {f for f in before.items() if "trained-model/model" in f[0]}

    assert both.isdisjoint(after.items())
    assert not {value for _, value in both} & set(after.values())


# -- in what order, and again ---------------------------------------------------------------------


def test_findings_stand_in_one_order(write: Write) -> None:
    folder = write(
        card=f"{MODEL} mm:requiredMemory 16 ; mm:requiredGpus 2 ; mm:observedInferenceTime 9 .",
        manifest=f"{HOST} mm:availableMemory 8 ; mm:availableGpus 1 ; mm:requiredInferenceTime 9 .",
    )
    first = report(folder)
    for path in sorted(folder.iterdir()):
        path.rename(folder / f"{path.stem[::-1]}.ttl")
    again = report(folder)

    order = [(f.predicate, f.item, f.subject.name) for f in first.findings]
    assert order == [(f.predicate, f.item, f.subject.name) for f in again.findings]
    ranks = ["mismatch undecided clear".index(finding.verdict) for finding in first.findings]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(Verdict)


def test_a_project_that_is_read_again_replaces_itself(write: Write) -> None:
    workspace = Workspace(open_store("memory:"), VOCABULARY)
    folder = write(**SLOW)
    check(read_projects([folder]), workspace, CATALOGUE)
    (folder / "manifest.ttl").write_text(f"{PREFIX}{HOST} mm:availableMemory 16 .")

    found = check(read_projects([folder]), workspace, CATALOGUE).projects[0]

    assert only(found, "resources-exceed-operations", "memory").verdict is Verdict.CLEAR
