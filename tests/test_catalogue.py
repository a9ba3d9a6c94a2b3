"""The study's mismatches, and every predicate's file: whole, known terms, SPARQL 1.1 that any
engine runs.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import catalogue, vocabulary
from kg.catalogue import Catalogue, terms
from kg.errors import KnowledgeError, NotFound, PredicateMalformed
from kg.extensions import modules
from kg.namespaces import iri, local
from kg.paths import knowledge_roots
from kg.patterns import outline
from kg.vocabulary import Vocabulary
from tests.tec import RULES

QUERIES = sorted((knowledge_roots()[0] / "queries" / "predicates").glob("*.rq"))
GOOD = (knowledge_roots()[0] / "queries/predicates/inference-too-slow.rq").read_text()


def _load(folder: Path, text: str) -> Catalogue:
    (folder / "queries/predicates").mkdir(parents=True)
    (folder / "queries/predicates/mine.rq").write_text(text, encoding="utf-8")
    return catalogue.load(vocabulary.load([folder]), [folder])


def test_the_studys_34_subcategories_are_all_there(predicates: Catalogue) -> None:
    assert len(predicates.mismatches) == 34
    assert len({m.category for m in predicates.mismatches.values()}) == 7
    assert sum(m.interviews or 0 for m in predicates.mismatches.values()) == 232


def test_every_rating_has_its_respondents(predicates: Catalogue) -> None:
    sizes = {"data-scientist": 16, "software-engineer": 10, "operations": 5, "all": 31}
    for mismatch in predicates.mismatches.values():
        assert {role: n for role, (_, n) in mismatch.ratings.items()} == sizes
        parts = sum(mismatch.ratings[role][0] for role in sizes if role != "all")
        assert parts == mismatch.ratings["all"][0], mismatch.code


def test_every_mismatch_is_detected_by_more_than_completeness(predicates: Catalogue) -> None:
    found = {
        code
        for predicate in predicates.predicates.values()
        if predicate.kind != "completeness"
        for code in predicate.detects
    }
    assert set(predicates.mismatches) <= found


def test_the_predicates_asked_for_are_all_there(predicates: Catalogue) -> None:
    wanted = """conflicting-statements language-or-framework-unsupported version-range-unsatisfied
        resources-exceed-development resources-exceed-operations inference-too-slow
        training-operational-type-incompatible training-field-unmapped operational-field-unmapped
        metric-not-collected goal-without-metric dataset-version-hash-conflict value-domain-mismatch
        label-distribution-shift numeric-feature-shift missing-element-descriptor"""
    assert set(wanted.split()) <= set(predicates.predicates)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_only_declared_terms(path: Path, known: Vocabulary) -> None:
    declared = {local(subject) for subject, _, _ in known.triples}
    read = {local(term) for term in outline(path.read_text(encoding="utf-8")).terms}
    assert {term for term in read if "//" not in term} <= declared


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_keeps_to_what_every_engine_runs(path: Path) -> None:
    text = re.sub(r'^#.*$|"[^"]*"', "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(r"\b(MINUS|VALUES|SERVICE|GRAPH|FROM)\b", text)
    assert not re.search(r"AS \?subject\b", text)
    for inner in re.findall(r"\{\s*SELECT ([^{]*) WHERE", text):
        assert "?subject" in inner


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_selects_what_its_message_tells(path: Path, predicates: Catalogue) -> None:
    found = outline(path.read_text(encoding="utf-8"))
    assert {"subject", "verdict"} <= set(found.variables)
    slots = set(re.findall(r"\{(\w+)\}", predicates.predicate(path.stem).message))
    assert slots <= set(found.variables)


def test_the_formalisation_names_what_the_predicate_reads(
    predicates: Catalogue, known: Vocabulary
) -> None:
    # `reads` tells of what was read before: what a test or a comparison was worked out from. Words
    # of the notation that attributes are called like, too, are no attributes.
    words = {"name", "share", "category", "counterpart"}
    for predicate in predicates.predicates.values():
        named = set(re.findall(r"\b[a-z]+[A-Za-z]*", predicate.formal)) & set(known.attributes)
        found = terms(replace(predicate, reads=())) & set(known.attributes)
        assert found - set(predicate.reads) - words <= named, predicate.id
        assert named - set(predicate.reads) - words <= found, predicate.id


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_predicate_names_the_statistics_whose_results_it_reads(
    path: Path, predicates: Catalogue
) -> None:
    query = re.sub(r"^#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    read = set(re.findall(r'"(\w+)"', query)) & modules("kg.statistics").keys()
    assert read == set(predicates.predicate(path.stem).statistics)


def test_statistics_that_no_predicate_reads_are_not_asked_for(predicates: Catalogue) -> None:
    assert predicates.statistics < modules("kg.statistics").keys()
    assert {"chi_square", "wilson_interval"} <= predicates.statistics
    assert not {"g_test", "jensen_shannon", "tost"} & predicates.statistics


def test_a_shape_says_all_that_a_query_must(predicates: Catalogue) -> None:
    shape = predicates.predicate("missing-operational-resources")
    assert shape.form == "shacl"
    assert shape.detects == ("OE.ComputingResources",)
    assert shape.ask.keys() == {"operations"}
    assert terms(shape) >= {"availableMemory", "deploymentPlatform"}


def test_every_rule_of_tec_is_covered(predicates: Catalogue) -> None:
    covered = {rule for predicate in predicates.predicates.values() for rule in predicate.tec}
    assert covered == set(RULES)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_narrows_to_references_that_the_predicate_has(
    path: Path, predicates: Catalogue
) -> None:
    named = set(re.findall(r'"([^"]*)" AS \?reference\b', path.read_text(encoding="utf-8")))
    predicate = predicates.predicate(path.stem)
    assert named <= set(predicate.references)
    if len(predicate.tec) > 1:
        assert named == {f"tec:{rule}" for rule in predicate.tec}


def test_references_name_tecs_rules_and_the_studys_cases(predicates: Catalogue) -> None:
    assert predicates.predicate("inference-too-slow").references[:2] == ("tec:12", "study:M05-03")


def test_an_unknown_predicate_is_answered_with_those_there_are(predicates: Catalogue) -> None:
    with pytest.raises(NotFound, match="inference-too-slow"):
        predicates.predicate("inference-too-fast")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ remedy: ", "#+ cure: ", "`remedy` is not stated, `cure` is not a known word"),
        ("#+ kind: comparison", "#+ kind: guess", "`guess` is no kind"),
        ("OE.InferenceTime", "OE.Nothing", "`OE.Nothing`, which is no mismatch"),
        ("#+   operations:", "#+   janitor:", "`janitor` is no role"),
        ("#+ severity: violation", "#+ severity: awful", "`awful` is no severity"),
        ("#+ label: ", "#+ label: [", "front matter is not YAML"),
    ],
)
def test_a_fault_in_front_matter_names_the_file(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(PredicateMalformed, match=re.escape(message)) as caught:
        _load(tmp_path, GOOD.replace(old, new, 1))
    assert "mine.rq" in str(caught.value)


def test_another_folder_replaces_a_predicate_of_ours(tmp_path: Path) -> None:
    folder = tmp_path / "queries/predicates"
    folder.mkdir(parents=True)
    (folder / "inference-too-slow.rq").write_text(
        GOOD.replace("severity: violation", "severity: info")
    )
    found = catalogue.load(vocabulary.load([tmp_path]), [tmp_path])
    assert found.predicate("inference-too-slow").severity == "info"


def test_a_broken_ontology_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "mine.ttl").write_text("mm:x a")
    with pytest.raises(KnowledgeError, match=r"mine\.ttl"):
        vocabulary.load([tmp_path])


def test_an_outline_tells_sums_from_values() -> None:
    text = (knowledge_roots()[0] / "queries/predicates/resources-exceed-operations.rq").read_text()
    found = outline(text)
    assert set(found.sums) >= {"together"}
    assert iri("mm:deployedIn") in {p.predicate for p in found.summands("together")[0]}
    assert [p.subject for p in found.origins()["?has"]][:1] == ["?object"]


def test_a_query_that_does_not_parse_names_the_line() -> None:
    with pytest.raises(PredicateMalformed, match="Line 2"):
        outline("SELECT ?subject WHERE {\n ?subject ?p }")


def test_every_predicate_is_one_file(predicates: Catalogue) -> None:
    files = [predicate.file for predicate in predicates.predicates.values()]
    assert len(set(files)) == len(files)
    assert all(p.file.stem == name for name, p in predicates.predicates.items())
