"""The derived files are current, and all of them mean the same by a right value."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import RdfFormat, parse
from pyshacl import validate
from rdflib import RDF, SH, BNode, Graph, URIRef

from kg import catalogue, derive, vocabulary
from kg.catalogue import Catalogue
from kg.context import terms
from kg.derive.schemas import schema
from kg.errors import KnowledgeError
from kg.namespaces import iri
from kg.patterns import KEPT
from kg.reading import read_yaml
from kg.units import quantity
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/"
EVERY_RANGE = ROOT / "tests/cases/ontology/every-range.ttl"


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return vocabulary.load()


@pytest.fixture(scope="module")
def detected(known: Vocabulary) -> Catalogue:
    return catalogue.load(known)


@pytest.fixture(scope="module")
def made(known: Vocabulary, detected: Catalogue) -> dict[str, str]:
    return derive.derive(known, detected)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """Our vocabulary with one attribute of every range laid over it."""
    folder = tmp_path_factory.mktemp("knowledge")
    (folder / "ontology").mkdir()
    shutil.copy(EVERY_RANGE, folder / "ontology")
    return vocabulary.load([folder])


@pytest.fixture(scope="module")
def extended_made(extended: Vocabulary, detected: Catalogue) -> dict[str, str]:
    return derive.derive(extended, detected)


def shapes(made: dict[str, str], folder: str) -> Graph:
    found = Graph()
    for path, text in made.items():
        if path.startswith(f"shapes/derived/{folder}/"):
            found.parse(data=text, format="turtle")
    return found


def term(name: str) -> URIRef:
    return URIRef(iri(name))


def rdf(made: dict[str, str], descriptor: dict[str, Any]) -> Graph:
    """A descriptor in JSON as RDF, read as strangers' RDF is read."""
    context = json.loads(made["ontology/derived/context.jsonld"])["@context"]
    text = json.dumps({"@context": context, **descriptor})
    found = Graph()
    lines = (f"{q.subject} {q.predicate} {q.object} ." for q in _quads(text))
    return found.parse(data="\n".join(lines), format="nt")


def _quads(text: str) -> Iterator[Any]:
    yield from parse(text, format=RdfFormat.JSON_LD, base_iri=BASE)


def results(data: Graph, of: Graph) -> tuple[bool, Graph]:
    """Whether the data conform, and the report; pyshacl adds to shapes, so it gets a copy."""
    conforms, report, _ = validate(data, shacl_graph=Graph() + of, allow_infos=True)
    assert isinstance(report, Graph)
    return bool(conforms), report


# -- the files ------------------------------------------------------------------------------------


def test_derived_files_are_current(known: Vocabulary, detected: Catalogue) -> None:
    assert derive.stale(ROOT, known, detected) == [], "run `mismatch derive`"


def test_derived_files_are_the_same_under_any_hash_seed_and_without_plans_that_were_kept(
    made: dict[str, str],
) -> None:
    another = "0" if os.environ.get("PYTHONHASHSEED") != "0" else "4242"
    script = (
        "import json\nfrom kg import catalogue, derive, vocabulary\n"
        "from kg.derive import plans\nplans.kept_plans = dict\n"
        "v = vocabulary.load()\nprint(json.dumps(derive.derive(v, catalogue.load(v))))\n"
    )
    there = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": another},
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    differing = [path for path, text in json.loads(there).items() if made.get(path) != text]
    assert differing == [], f"remove {KEPT} and derive it anew, if it is among them"
    assert list(json.loads(there)) == list(made)


def test_every_derived_file_says_that_it_is_derived(made: dict[str, str]) -> None:
    said = re.compile(r"Derived from (?:ontology|kg/importers)/ by `mismatch derive`")
    assert [path for path, text in made.items() if not said.search(text[:120])] == []


def test_derived_rdf_has_no_blank_nodes(made: dict[str, str]) -> None:
    everything = shapes(made, "values") + shapes(made, "stated")
    terms = {term for triple in everything for term in triple}

    assert not [term for term in terms if isinstance(term, BNode)]


def test_written_files_are_not_stale(
    known: Vocabulary, detected: Catalogue, made: dict[str, str], tmp_path: Path
) -> None:
    assert derive.stale(tmp_path, known, detected) == list(made)
    assert derive.write(tmp_path, known, detected) == list(made)
    assert derive.stale(tmp_path, known, detected) == []
    assert derive.write(tmp_path, known, detected) == []


def test_what_is_changed_or_left_over_is_stale_until_it_is_written(
    known: Vocabulary, detected: Catalogue, tmp_path: Path
) -> None:
    derive.write(tmp_path, known, detected)
    (tmp_path / "ontology/derived/context.jsonld").write_bytes(b"{}\r\n")
    (tmp_path / "shapes/derived/stated/Retired.ttl").touch()
    stale = ["ontology/derived/context.jsonld", "shapes/derived/stated/Retired.ttl"]

    assert derive.stale(tmp_path, known, detected) == stale
    assert derive.write(tmp_path, known, detected) == stale
    assert derive.stale(tmp_path, known, detected) == []


def test_an_attribute_in_a_folder_of_ones_own_is_in_every_derived_file(
    extended_made: dict[str, str],
) -> None:
    schemas = json.loads(extended_made["ontology/derived/schemas/TrainedModel.json"])
    context = json.loads(extended_made["ontology/derived/context.jsonld"])["@context"]
    values = shapes(extended_made, "values")

    assert schemas["properties"]["lamp_log"]["x-unit"] == "BYTE"
    assert context["lamp_log"] == {"@id": "mm:lampLog"}
    assert (term("mms:TrainedModel-lampLog"), SH.path, term("mm:lampLog")) in values
    assert (None, SH.path, term("mm:lampLog")) in shapes(extended_made, "stated")
    assert "| `lamp_log` |" in extended_made["docs/vocabulary.md"]


# -- context --------------------------------------------------------------------------------------


def test_one_key_for_two_attributes_is_refused(known: Vocabulary) -> None:
    memory = known.attribute("requiredMemory")
    clash = {**known.attributes, "twin": replace(memory, name="twin")}

    with pytest.raises(KnowledgeError, match="`required_memory` would stand for mm:"):
        terms(replace(known, attributes=clash))


def test_a_key_that_descriptors_use_themselves_is_refused(known: Vocabulary) -> None:
    memory = known.attribute("requiredMemory")
    clash = {**known.attributes, "kind": replace(memory, name="kind", key="element")}

    with pytest.raises(KnowledgeError, match="`element` would stand for @type and for mm:kind"):
        terms(replace(known, attributes=clash))


def test_a_mistyped_key_in_json_becomes_a_term_that_nobody_declared(made: dict[str, str]) -> None:
    data = rdf(made, {"@id": "model", "requird_memory": 5})

    assert term("mm:requird_memory") in set(data.predicates())


def test_a_descriptor_in_json_says_what_it_is_who_states_it_and_what_is_complete(
    made: dict[str, str],
) -> None:
    descriptor = {
        "@id": "model",
        "element": "TrainedModel",
        "stated_by": "data-scientist",
        "complete": ["inputs"],
        "deployed_in": "host",
    }

    assert set(rdf(made, descriptor).predicate_objects(URIRef(f"{BASE}model"))) == {
        (RDF.type, term("mm:TrainedModel")),
        (term("mm:statedBy"), term("mm:data-scientist")),
        (term("mm:complete"), term("mm:input")),
        (term("mm:deployedIn"), URIRef(f"{BASE}host")),
    }


# -- schemas --------------------------------------------------------------------------------------


def test_each_of_the_papers_elements_has_a_schema_that_is_one(
    known: Vocabulary, made: dict[str, str]
) -> None:
    for element in known.concrete():
        Draft202012Validator.check_schema(
            json.loads(made[f"ontology/derived/schemas/{element.name}.json"])
        )


def test_nothing_is_required(made: dict[str, str]) -> None:
    schemas = {path: text for path, text in made.items() if "/schemas/" in path}
    assert schemas
    assert [path for path, text in schemas.items() if '"required"' in text] == []


def test_every_example_is_right_by_its_schema(known: Vocabulary) -> None:
    for element in known.concrete():
        validator = Draft202012Validator(schema(known, element))
        for attribute in known.attributes_of(element.name).values():
            value: object = attribute.example
            if attribute.range.name not in {"string", "dateTime"}:
                value = json.loads(json.dumps(read_yaml(attribute.example).value, default=str))
            assert list(validator.iter_errors({attribute.key: value})) == [], attribute.name


@pytest.mark.parametrize(
    "slip",
    [
        {"requird_memory": 5},
        {"fields": []},
        {"inputs": [{"nme": "age"}]},
        {"element": "TrainingData"},
        {"stated_by": "magician"},
        {"complete": ["required_memory"]},
    ],
    ids=["key", "other-element", "key-of-a-part", "element", "role", "complete-of-one"],
)
def test_a_slip_of_the_pen_is_seen(known: Vocabulary, slip: dict[str, Any]) -> None:
    (model,) = (element for element in known.concrete() if element.name == "TrainedModel")

    assert not Draft202012Validator(schema(known, model)).is_valid(slip)


def test_an_authors_own_keys_and_what_is_left_empty_are_allowed(known: Vocabulary) -> None:
    (model,) = (element for element in known.concrete() if element.name == "TrainedModel")
    descriptor = {
        "x-ticket": 12,
        "required_memory": None,
        "inputs": [{"name": "age", "data_type": None, "x-note": "asked"}],
        "name": None,
        "complete": None,
        "trained_on": None,
    }

    assert Draft202012Validator(schema(known, model)).is_valid(descriptor)


@pytest.mark.parametrize(
    ("amount", "right"),
    [
        ("16 GB", True),
        ("8Gi", True),
        ("433,4 MB", True),
        (".5 TB", True),
        ("1e3 kB", True),
        ("much", False),
        ("16", False),
        ("-16 GB", False),
        ("", False),
    ],
)
def test_an_amount_in_text_has_a_number_and_a_unit(
    extended: Vocabulary, amount: str, *, right: bool
) -> None:
    (model,) = (element for element in extended.concrete() if element.name == "TrainedModel")

    assert Draft202012Validator(schema(extended, model)).is_valid({"lamp_log": amount}) is right
    if right:
        assert quantity(amount, "BYTE") > 0


@pytest.mark.parametrize(("amount", "right"), [("-4.5 °C", True), ("21 DEG_C", True), ("x", False)])
def test_an_amount_that_may_be_below_zero_may_have_a_sign(
    extended: Vocabulary, amount: str, *, right: bool
) -> None:
    (model,) = (element for element in extended.concrete() if element.name == "TrainedModel")

    assert Draft202012Validator(schema(extended, model)).is_valid({"lamp_warmth": amount}) is right


def test_an_example_that_is_no_yaml_is_the_ontologys_fault(known: Vocabulary) -> None:
    (model,) = (element for element in known.concrete() if element.name == "TrainedModel")
    broken = replace(known.attribute("requiredMemory"), example="{5")

    with pytest.raises(KnowledgeError, match="The example of mm:requiredMemory is no YAML"):
        schema(replace(known, attributes={"requiredMemory": broken}), model)


# -- schema, context and shape agree --------------------------------------------------------------

VALUES: list[tuple[str, object, bool]] = [
    ("lamp_change", -3, True),
    ("lamp_change", 3.0, True),
    ("lamp_change", 3.5, False),
    ("lamp_change", "3", False),
    ("lamp_change", True, False),
    ("lamp_change", None, True),
    ("lamp_change", [1, 2], False),
    ("lamp_count", 0, True),
    ("lamp_count", 16_000_000_000, True),
    ("lamp_count", -1, False),
    ("lamp_log", 20_000_000, True),
    ("lamp_log", -1, False),
    ("lamp_log", "much", False),
    ("lamp_warmth", -4.5, True),
    ("lamp_warmth", "cold", False),
    ("lamp_balances", 0.5, True),
    ("lamp_balances", -2, True),
    ("lamp_balances", [0.5, 1e300], True),
    ("lamp_balances", ["half"], False),
    ("lamp_balances", True, False),
    ("lamp_height", 0, True),
    ("lamp_height", -0.5, False),
    ("lamp_share", 100, True),
    ("lamp_share", 100.5, False),
    ("lamp_share", "all", False),
    ("lamp_lit", False, True),
    ("lamp_lit", "true", False),
    ("lamp_lit", 1, False),
    ("lamp_colours", "amber", True),
    ("lamp_colours", ["amber", "blue"], True),
    ("lamp_colours", [], True),
    ("lamp_colours", 5, False),
    ("lamp_maker", "The works", True),
    ("lamp_maker", ["The works", "The mill"], False),
    ("lamp_day", "2024-03-18", True),
    ("lamp_day", "2024-3-18", False),
    ("lamp_day", "2024-13-18", False),
    ("lamp_day", "2024-11-31", False),
    ("lamp_day", "2024-02-29", True),
    ("lamp_day", "2026-02-30", False),
    ("lamp_day", "1900-02-29", False),
    ("lamp_day", "2000-02-29", True),
    ("lamp_day", "2024-03-18T09:30:00Z", False),
    ("lamp_day", 2024, False),
    ("lamp_moment", "2024-03-18T09:30:00Z", True),
    ("lamp_moment", "yesterday", False),
    ("lamp_kind", "lamp-of-wax", True),
    ("lamp_kind", "Lamp-Of-Wax", False),
    ("lamp_kind", "lantern", False),
    ("lamp_kind", 5, False),
    ("lanterns", [{"name": "north", "weight": 1.5}, {"name": "south"}], True),
    ("lanterns", {"name": "north"}, True),
    ("lanterns", [{"name": "north", "weight": -1}], False),
    ("lanterns", [{"name": 5}], False),
    ("lanterns", "north", False),
    ("deployed_in", "host", True),
    ("deployed_in", ["host", "other-host"], True),
    ("deployed_in", 5, False),
]


@pytest.fixture(scope="module")
def verdicts_of_shapes(extended_made: dict[str, str]) -> dict[int, bool]:
    """Each descriptor's verdict; all are judged in one run, because a run reads all shapes."""
    data = Graph()
    for number, (key, value, _) in enumerate(VALUES):
        data += rdf(extended_made, {"@id": f"{number}", "element": "TrainedModel", key: value})
    _, report = results(data, shapes(extended_made, "values"))
    wrong = {str(focus) for focus in report.objects(predicate=SH.focusNode)}
    return {number: f"{BASE}{number}" not in wrong for number in range(len(VALUES))}


@pytest.mark.parametrize(
    ("number", "key", "value", "right"),
    [(number, *row) for number, row in enumerate(VALUES)],
    ids=[f"{key}={json.dumps(value)}" for key, value, _ in VALUES],
)
def test_schema_and_shape_agree_on_a_value(  # noqa: PLR0913, PLR0917
    extended: Vocabulary,
    verdicts_of_shapes: dict[int, bool],
    number: int,
    key: str,
    value: object,
    right: bool,  # noqa: FBT001
) -> None:
    (model,) = (element for element in extended.concrete() if element.name == "TrainedModel")
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema(extended, model), format_checker=checker)

    assert validator.is_valid({key: value}) is right
    assert verdicts_of_shapes[number] is right


# -- shapes ---------------------------------------------------------------------------------------


def test_a_number_that_is_none_is_a_violation(extended_made: dict[str, str]) -> None:
    """JSON cannot say it, but Turtle can, and no comparison with it comes true."""
    data = Graph().parse(
        data="""
        @prefix mm: <https://w3id.org/ml-mismatch/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://example.org/a> a mm:TrainedModel ; mm:lampBalance "NaN"^^xsd:double .
        <https://example.org/b> a mm:TrainedModel ; mm:lampHeight "NaN"^^xsd:double .
        <https://example.org/c> a mm:TrainedModel ; mm:lampBalance "INF"^^xsd:double .""",
        format="turtle",
    )
    _, report = results(data, shapes(extended_made, "values"))

    wrong = {str(focus) for focus in report.objects(predicate=SH.focusNode)}
    assert wrong == {"https://example.org/a", "https://example.org/b"}


def test_what_is_stated_of_a_class_above_is_judged_once(made: dict[str, str]) -> None:
    data = rdf(made, {"@id": "host", "element": "OperationalEnvironment", "available_memory": -1})
    _, report = results(data, shapes(made, "values"))

    assert len(list(report.objects(predicate=SH.result))) == 1


def test_a_part_of_a_class_is_judged_wherever_it_stands(made: dict[str, str]) -> None:
    part = {"@id": "accuracy", "@type": "Metric", "threshold": True}
    _, report = results(rdf(made, part), shapes(made, "values"))

    assert set(report.objects(predicate=SH.sourceShape)) == {term("mms:Metric-threshold")}


def test_a_descriptor_with_gaps_conforms_and_its_gaps_are_told(made: dict[str, str]) -> None:
    stated = shapes(made, "stated")
    data = rdf(made, {"@id": "model", "element": "TrainedModel", "required_memory": 5})
    conforms, report = results(data, stated)

    told = set(report.objects(predicate=SH.sourceShape))
    assert conforms
    assert set(report.objects(predicate=SH.resultSeverity)) == {SH.Info}
    assert term("mms:TrainedModel-requiredStorage-stated") in told
    assert term("mms:TrainedModel-requiredMemory-stated") not in told


def test_a_link_to_an_element_of_another_kind_is_a_violation(made: dict[str, str]) -> None:
    model = {"@id": "model", "element": "TrainedModel", "deployed_in": "host"}
    right = {"@id": "host", "element": "OperationalEnvironment"}
    wrong = {"@id": "host", "element": "TrainingData"}
    stated = shapes(made, "stated")

    assert results(rdf(made, model) + rdf(made, right), stated)[0]
    assert not results(rdf(made, model) + rdf(made, wrong), stated)[0]


# -- pages ----------------------------------------------------------------------------------------


def test_the_pages_tell_every_attribute_and_every_mismatch(
    known: Vocabulary, detected: Catalogue, made: dict[str, str]
) -> None:
    for attribute in known.attributes.values():
        assert f"| `{attribute.key}` | {attribute.definition}" in made["docs/vocabulary.md"]
    for code, mismatch in detected.mismatches.items():
        assert f'<a id="{mismatch.name}"></a>{code}: ' in made["docs/mismatches.md"]


def test_the_pages_tell_which_predicate_reads_and_detects(
    known: Vocabulary, tmp_path: Path
) -> None:
    shelf = tmp_path / "queries" / "predicates"
    shelf.mkdir(parents=True)
    (shelf / "lamps-missing.rq").write_text(
        """#+ label: Lamps missing
#+ kind: comparison
#+ detects: [OE.ComputingResources]
#+ when: It is dark.
#+ message: No lamp.
#+ hurts: Nobody sees.
#+ remedy: Hang a lamp.
#+ ask: {operations: Is there a lamp?}
#+ severity: info
#+ because: It is an example.
#+ formal: OE.availableMemory = 0
#+ source: none
PREFIX mm: <https://w3id.org/ml-mismatch/>
SELECT ?subject ?verdict WHERE {
  ?subject a mm:OperationalEnvironment
  OPTIONAL { ?subject mm:availableMemory ?has }
  BIND(IF(BOUND(?has), "clear", "undecided") AS ?verdict)
}
""",
        encoding="utf-8",
    )
    made = derive.derive(known, catalogue.load(known, [tmp_path]))

    memory = next(
        line for line in made["docs/vocabulary.md"].splitlines() if "| `available_memory` |" in line
    )
    assert "`lamps-missing`" in memory
    assert "- `lamps-missing` (comparison): It is dark." in made["docs/mismatches.md"]


def test_a_mismatch_that_the_study_does_not_know_is_told_without_figures(
    known: Vocabulary, detected: Catalogue
) -> None:
    own = replace(detected.mismatches["TP.Task"], interviews=None, ratings={})
    made = derive.derive(known, replace(detected, mismatches={own.code: own}))

    assert (
        "| [TP.Task](#task-and-purpose-task) | Task |  |  |  |  |  |" in made["docs/mismatches.md"]
    )
