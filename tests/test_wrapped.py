"""Engines that are not ours find exactly our mismatches: pySHACL by the derived constraints,
rdflib and Oxigraph by the query files.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef

from bench.systems import COMPANY, put_systems, system
from kg.catalogue import Catalogue
from kg.cli import run
from kg.derive.predicates import files
from kg.detect import check, detect
from kg.namespaces import iri
from kg.projects import read_project
from kg.stores import open_store
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY
from tests.wrapped import Data, by_oxigraph, by_rdflib, by_shacl, data, ours, shapes

ROOT = Path(__file__).parents[1]
FEW, MANY = 1, 50
PREDICATES = CATALOGUE.predicates
ACROSS = {name: p for name, p in PREDICATES.items() if p.kind == "cross-project"}
JUDGING = {name: p for name, p in PREDICATES.items() if p.kind != "completeness"}


@cache
def every_shape() -> Graph:
    return shapes(PREDICATES)


def empty() -> Workspace:
    return Workspace(open_store("memory:"), VOCABULARY, statistics=CATALOGUE.statistics)


# -- the same mismatches --------------------------------------------------------------------------


def compare(number: int, folder: Path) -> None:
    workspace, project = empty(), system(number)
    workspace.put(project)
    seen = data(workspace, [project.id])
    expected = ours(detect([project.id], workspace, CATALOGUE)[project.id])

    assert len(expected) > 5
    assert by_shacl(seen, every_shape()) == expected
    assert by_rdflib(seen, JUDGING) == expected
    assert by_oxigraph(seen, JUDGING, folder) == expected


@pytest.mark.parametrize("number", range(FEW))
def test_every_engine_finds_the_mismatches_of_a_system(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path / "store")


@pytest.mark.long
@pytest.mark.parametrize("number", range(FEW, MANY))
def test_every_engine_finds_the_mismatches_of_many_systems(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path / "store")


def test_every_engine_finds_the_mismatches_between_the_systems_of_a_company(
    tmp_path: Path,
) -> None:
    workspace = empty()
    ids = put_systems(workspace, COMPANY)
    seen = data(workspace, ids)
    found = detect(ids, workspace, Catalogue({}, ACROSS))
    expected = ours(finding for findings in found.values() for finding in findings)

    assert len(expected) > 5
    assert by_shacl(seen, shapes(ACROSS)) == expected
    assert by_rdflib(seen, ACROSS) == expected
    assert by_oxigraph(seen, ACROSS, tmp_path / "store") == expected


def test_what_import_writes_for_engines_has_the_mismatches_of_check(tmp_path: Path) -> None:
    example, file = ROOT / "docs" / "example", tmp_path / "loan.nt"
    report = check([read_project(example, VOCABULARY)], empty(), CATALOGUE)

    assert run(["import", str(example), "-o", str(file)]) == 0

    seen = Data(file.read_text(encoding="utf-8"))
    assert by_shacl(seen, every_shape()) == ours(report.findings())


# -- the constraints ------------------------------------------------------------------------------


def test_every_predicate_that_can_give_a_mismatch_has_its_constraint() -> None:
    found = every_shape()
    named = {
        str(shape).removeprefix(iri("mms:")): shape
        for shape in found.subjects(RDF.type, SH.NodeShape)
    }

    assert named.keys() == JUDGING.keys()
    for name, shape in named.items():
        predicate = PREDICATES[name]
        codes = found.objects(shape, URIRef(iri("mm:detects")))
        severity = str(found.value(shape, SH.severity)).removeprefix(str(SH))
        assert set(map(str, codes)) == set(predicate.detects)
        assert str(found.value(shape, RDFS.label)) == predicate.label
        assert severity.lower() == predicate.severity


def test_no_constraint_is_a_blank_node() -> None:
    assert not [term for triple in every_shape() for term in triple if isinstance(term, BNode)]


MODELS = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix my: <https://example.org/> .

<urn:both> a mm:TrainedModel ; mm:deployedIn <urn:host> ; my:service "$this {" ; my:about "x" .
<urn:bare> a mm:TrainedModel ; mm:deployedIn <urn:host> ; my:service "$this {" .
<urn:fine> a mm:TrainedModel ; mm:deployedIn <urn:host> ; my:service "other" ; my:about "x" .
<urn:far> a my:Other ; mm:deployedIn <urn:host> ; my:service "$this {" .
<urn:host> my:terminus 5 .
"""
HARD = """#+ label: A brace { that nothing closes
PREFIX mm: <https://w3id.org/ml-mismatch/>
PREFIX my: <https://example.org/>
# Nor does anything close { this one, and ?subject is no variable here.

SELECT DISTINCT ?subject ?object ?item ?value ?verdict WHERE {
  ?subject a mm:TrainedModel ; mm:deployedIn ?object ; my:service ?service .
  ?object my:terminus ?value . # }
  OPTIONAL { ?subject my:about ?item }
  BIND(?value + 1 AS ?this)
  BIND(IF(?service = "$this {" && ?this < 7, "mismatch", "clear") AS ?verdict)
}
"""


def wrapped(query: str) -> Graph:
    """The constraint that a query becomes."""
    some = next(p for p in PREDICATES.values() if p.form == "sparql" and p.kind == "comparison")
    made = files(VOCABULARY, Catalogue({}, {some.id: replace(some, text=query)}))
    return Graph().parse(data=made["shapes/derived/predicates.ttl"], format="turtle")


def test_a_query_may_use_names_and_signs_that_mean_something_to_engines() -> None:
    models = Graph().parse(data=MODELS, format="turtle")
    found = by_shacl(Data(models.serialize(format="nt")), wrapped(HARD))

    assert {one[1:] for one in found} == {
        ("urn:both", "urn:host", "x"),
        ("urn:bare", "urn:host", ""),
    }


EVERYTHING = {"targetClass Project", "targetClass SystemElement"}
TARGETS = {
    "a class": ("?subject a mm:TrainedModel ; my:service ?any .", {"targetClass TrainedModel"}),
    "its own property": ("?subject mm:deployedIn ?object .", {"targetSubjectsOf deployedIn"}),
    "another's property": ("?object mm:deployedIn ?subject .", {"targetObjectsOf deployedIn"}),
    "one of two": (
        "{ ?subject a mm:RawData } UNION { ?object mm:derivedFrom ?subject }",
        {"targetClass RawData", "targetObjectsOf derivedFrom"},
    ),
    "a class whichever of two": (
        "{ ?subject mm:pursues ?a } UNION { ?subject my:is ?a } ?subject a mm:TrainedModel .",
        {"targetClass TrainedModel"},
    ),
    "a foreign property": (
        "?subject my:service ?any .",
        {"targetSubjectsOf https://example.org/service"},
    ),
    "nothing certain": (
        "?other a mm:TrainedModel . OPTIONAL { ?subject mm:deployedIn ?other }",
        EVERYTHING,
    ),
    "only one of two certain": (
        "{ ?subject a mm:RawData } UNION { ?raw a mm:RawData . BIND(?raw AS ?subject) }",
        EVERYTHING,
    ),
    "a path": ("?subject mm:deployedIn/my:terminus ?any .", EVERYTHING),
}


@pytest.mark.parametrize(("pattern", "expected"), TARGETS.values(), ids=TARGETS)
def test_targets_reach_whatever_a_query_can_be_about(pattern: str, expected: set[str]) -> None:
    prologue = "\n".join(line for line in HARD.splitlines() if line.startswith("PREFIX"))
    ask = f'SELECT DISTINCT ?subject ?verdict {{ {pattern} BIND("mismatch" AS ?verdict) }}'

    constraint = wrapped(f"{prologue}\n{ask}")

    assert {
        f"{target.removeprefix(str(SH))} {str(name).removeprefix(iri('mm:'))}"
        for target in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
        for name in constraint.objects(None, target)
    } == expected
