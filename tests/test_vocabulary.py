"""The ontology obeys its own grammar, and becomes the records that everything else reads."""

import csv
import os
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import rdflib
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, URIRef

from kg import vocabulary
from kg.detect.batch import ontology_facts
from kg.errors import DescriptorError, KnowledgeError, TermUndefined
from kg.namespaces import iri, local
from kg.reading import read_yaml
from kg.units import quantity
from kg.vocabulary import Attribute, Literal, Vocabulary
from kg.writing import reference, triple

ROOT = Path(__file__).parents[1]
BAD = sorted((ROOT / "tests/cases/ontology").glob("bad-*.ttl"))
REFERENCE = os.environ.get("MISMATCH_REFERENCE")
FOUND_BY = re.compile(r"^# Found by mms:([\w-]+)$", re.MULTILINE)
BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(XSD))
# Those of OWL 2's datatype map (structural specification, section 4) that our terms may use. Text
# with a language is the map's rdf:PlainLiteral, which RDF 1.1 calls rdf:langString.
OF_OWL_2 = {XSD.string, XSD.integer, XSD.double, XSD.boolean, XSD.dateTime, RDF.langString}


def graph(*files: Path) -> Graph:
    found = Graph()
    for file in files:
        found.parse(file)
    return found


def ontology_files() -> list[Path]:
    return sorted(
        path for path in (ROOT / "ontology").rglob("*.ttl") if "derived" not in path.parts
    )


def faults(data: Graph) -> list[tuple[URIRef, str]]:
    """Whom each result of the grammar is about, and the shape that says so."""
    shapes = graph(ROOT / "shapes/ontology.ttl")
    _, report, _ = validate(data, shacl_graph=shapes, advanced=True)
    assert isinstance(report, Graph)
    return [
        (focus, local(str(shape)).removeprefix("shapes/"))
        for result in report.objects(predicate=SH.result)
        for focus in report.objects(result, SH.focusNode)
        for shape in report.objects(result, SH.sourceShape)
        if isinstance(focus, URIRef)
    ]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return graph(*ontology_files())


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return vocabulary.load()


@pytest.fixture(scope="module")
def found_in_bad_cases() -> list[tuple[URIRef, str]]:
    # All in one run: the cases use names of their own, and a run takes seconds.
    return faults(graph(*ontology_files(), *BAD))


# -- the grammar ----------------------------------------------------------------------------------


def test_the_ontology_obeys_its_grammar(ontology: Graph) -> None:
    assert faults(ontology) == []


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.stem)
def test_a_broken_rule_is_found_by_its_shape(
    case: Path, ontology: Graph, found_in_bad_cases: list[tuple[URIRef, str]]
) -> None:
    (intended,) = FOUND_BY.findall(case.read_text(encoding="utf-8"))
    known = {term for triple in ontology for term in triple}
    own = {term for triple in graph(case) for term in triple} - known

    assert {shape for focus, shape in found_in_bad_cases if focus in own} == {intended}


def test_every_rule_of_the_grammar_was_seen_to_be_broken() -> None:
    shapes = graph(ROOT / "shapes/ontology.ttl")
    speaking = {s for s in shapes.subjects(SH.message) if isinstance(s, URIRef)}
    rules = {local(str(shape)).removeprefix("shapes/") for shape in speaking}
    broken = {rule for case in BAD for rule in FOUND_BY.findall(case.read_text(encoding="utf-8"))}

    assert rules <= broken


def test_the_case_of_every_range_obeys_the_grammar(ontology: Graph) -> None:
    extra = ROOT / "tests/cases/ontology/every-range.ttl"

    assert faults(ontology + graph(extra)) == []


def test_every_property_that_the_ontology_uses_is_declared(ontology: Graph) -> None:
    """OWL 2 DL asks for it; a reasoner would guess, and guess differently from the next."""
    declared = set(ontology.subjects(RDF.type))
    used = {p for p in ontology.predicates() if not str(p).startswith(BUILT_IN)}

    assert used - declared == set()


def test_every_class_that_the_ontology_uses_is_declared(ontology: Graph) -> None:
    declared = set(ontology.subjects(RDF.type))
    used = {c for c in ontology.objects(None, RDF.type) if not str(c).startswith(BUILT_IN)}

    assert used - declared == set()


def test_no_term_uses_a_datatype_that_owl_2_has_not(ontology: Graph) -> None:
    texts = [o for o in ontology.objects() if isinstance(o, rdflib.Literal)]
    typed = {t.datatype or (RDF.langString if t.language else XSD.string) for t in texts}
    ranges = {o for p in (RDFS.range, OWL.onDatatype) for o in ontology.objects(None, p)}
    named = {o for o in ranges if str(o).startswith(BUILT_IN)}

    assert (typed | named) - OF_OWL_2 == set()
    assert {o for o in ontology.objects() if str(o).startswith(str(XSD))} <= named


# -- the study ------------------------------------------------------------------------------------


def test_the_categories_have_the_studys_subcategories_and_interview_counts(
    known: Vocabulary,
) -> None:
    triples = known.triples
    subcategories: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for name in triples.subjects("rdf:type", "mm:Mismatch"):
        code = triples.value(triples.value(name, "skos:broader"), "skos:notation")
        subcategories[code] += 1
        told[code] += int(triples.value(name, "mm:interviewCount"))

    assert {code: (subcategories[code], told[code]) for code in told} == {
        "TP": (5, 34),
        "RD": (5, 23),
        "TM": (9, 84),
        "TD": (3, 13),
        "DE": (4, 21),
        "OD": (5, 19),
        "OE": (3, 38),
    }


def test_the_roles_ratings_of_each_mismatch_add_up_to_the_rating_of_all(known: Vocabulary) -> None:
    triples = known.triples
    by_role: Counter[str] = Counter()
    of_all: Counter[str] = Counter()
    for rating in triples.subjects("rdf:type", "mm:SurveyRating"):
        count = int(triples.value(rating, "mm:ratedImportant"))
        target = by_role if triples.value(rating, "mm:ratedBy") else of_all
        target[triples.value(rating, "mm:rates")] += count

    assert len(of_all) == 34
    assert by_role == of_all


def test_the_answers_of_each_mismatch_add_up_to_its_respondents(known: Vocabulary) -> None:
    triples = known.triples
    for rating in triples.subjects("rdf:type", "mm:SurveyRating"):
        if not triples.value(rating, "mm:ratedBy"):
            levels = ("NotImportant", "SomewhatImportant", "Important", "VeryImportant")
            answers = [int(triples.value(rating, f"mm:answered{level}")) for level in levels]

            assert sum(answers) == int(triples.value(rating, "mm:respondents"))
            assert sum(answers[2:]) == int(triples.value(rating, "mm:ratedImportant"))


@pytest.mark.skipif(REFERENCE is None, reason="MISMATCH_REFERENCE names no reference data")
def test_the_mismatches_have_the_studys_figures(known: Vocabulary) -> None:
    triples = known.triples
    columns = {
        "data-scientist": "vi_i_data_science_n16",
        "software-engineer": "vi_i_software_engineering_n10",
        "operations": "vi_i_operations_other_n5",
        "all": "vi_i_all_n31",
    }
    with (Path(str(REFERENCE)) / "study/subcategories.csv").open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    names = triples.subjects("rdf:type", "mm:Mismatch")

    assert [triples.value(name, "skos:notation") for name in names] == list(rows)
    for name in names:
        row = rows[triples.value(name, "skos:notation")]
        assert triples.value(name, "skos:prefLabel") == row["label"]
        assert triples.value(name, "mm:interviewCount") == row["interview_count"]
        for role, column in columns.items():
            rated = triples.value(f"{name}-rating-{role}", "mm:ratedImportant")
            assert rated == row[column], (name, role)


# -- the records ----------------------------------------------------------------------------------


def test_the_papers_eight_elements_are_the_concrete_ones(known: Vocabulary) -> None:
    assert {element.name for element in known.concrete()} == {
        "TaskAndPurpose",
        "RawData",
        "TrainingData",
        "OperationalData",
        "DataPipeline",
        "TrainedModel",
        "DevelopmentEnvironment",
        "OperationalEnvironment",
    }


def test_the_unit_of_every_attribute_is_one_that_amounts_are_read_in(known: Vocabulary) -> None:
    for unit in {a.unit_name for a in known.attributes.values() if a.unit}:
        assert quantity(f"3 {unit}", unit) == 3, unit


def test_every_example_is_a_value_that_its_attribute_takes(known: Vocabulary) -> None:
    for attribute in known.attributes.values():
        if attribute.range.kind != "part":
            value: Literal = attribute.example
            if attribute.range.name != "string":
                read = read_yaml(attribute.example).value
                assert isinstance(read, str | int | float | date), attribute.name
                value = read
            known.checked(attribute, value)


def test_the_example_of_a_part_names_attributes_that_the_part_has(known: Vocabulary) -> None:
    for attribute in known.attributes.values():
        if attribute.range.kind == "part":
            keys = read_yaml(attribute.example).value
            assert isinstance(keys, dict), attribute.name
            assert keys.keys() <= known.attributes_of(attribute.range.name).keys(), attribute.name


def test_an_attribute_carries_what_its_block_says(known: Vocabulary) -> None:
    memory = known.attribute("requiredMemory")

    assert memory.key == "required_memory"
    assert memory.domain == "TrainedModel"
    assert memory.single
    assert memory.unit == iri("unit:BYTE")
    assert (memory.range.name, memory.range.minimum, memory.range.maximum) == ("integer", 0, None)


def test_a_class_has_what_is_stated_of_the_classes_above_it(known: Vocabulary) -> None:
    assert known.ancestors("TrainingData")[:3] == ("TrainingData", "Data", "Asset")
    assert known.attributes_of("TrainingData")["fields"].domain == "Data"
    assert "fields" not in known.attributes_of("TrainedModel")


def test_a_range_that_stores_cannot_keep_is_refused_when_the_ontology_is_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "ontology").mkdir()
    shutil.copy(ROOT / "tests/cases/ontology/bad-attribute-of-decimals.ttl", tmp_path / "ontology")

    with pytest.raises(KnowledgeError, match=r"lampBrightness .*decimal"):
        vocabulary.load([tmp_path])


def test_a_pattern_of_an_extension_holds_its_texts_from_end_to_end(tmp_path: Path) -> None:
    known = vocabulary.load([_lamp_code(tmp_path, "[A-Z]{3}|none")])
    code = known.attribute("lampCode")

    assert known.checked(code, "ABC") == "ABC"
    assert code.range.anchored == "^([A-Z]{3}|none)$"
    for wrong in ("ABCD", "xnone", "ABC\n", "2024-03-18"):
        with pytest.raises(DescriptorError, match="text of the form"):
            known.checked(code, wrong)


def test_a_pattern_that_is_none_is_refused_when_the_ontology_is_read(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"mm:lampForm"):
        vocabulary.load([_lamp_code(tmp_path, "[A-Z")])


def _lamp_code(folder: Path, pattern: str) -> Path:
    """A folder of knowledge with an attribute whose texts have the pattern."""
    (folder / "ontology").mkdir()
    (folder / "ontology/lamps.ttl").write_text(
        f"""@prefix mm: <{iri("mm:")}> . @prefix owl: <{OWL}> .
        @prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> .
        mm:lampForm a rdfs:Datatype ; owl:equivalentClass [ owl:onDatatype xsd:string ;
            owl:withRestrictions ( [ xsd:pattern "{pattern}" ] ) ] .
        mm:lampCode a owl:DatatypeProperty ; rdfs:label "lamp code"@en ;
            rdfs:domain mm:TrainedModel ; rdfs:range mm:lampForm .""",
        encoding="utf-8",
    )
    return folder


def test_an_unknown_attribute_is_refused_with_the_names_near_it(known: Vocabulary) -> None:
    with pytest.raises(TermUndefined, match=r"requiredMemory"):
        known.attribute("memory")


def test_a_listed_value_is_found_by_any_of_its_names_without_regard_to_case(
    known: Vocabulary,
) -> None:
    value = known.value("DataType", " INT64 ")

    assert value is not None
    assert value.name == "integer"
    assert known.value("DataType", "no such type") is None


# What tools call their types, by whose manual it is; nothing where a name may hold several things.
WRITTEN: dict[str, dict[str, str | None]] = {
    "MLflow": {"long": "integer", "datetime": "date-time", "float": "double", "binary": "binary"},
    "ONNX": {
        "tensor(float)": "double",
        "tensor(int64)": "integer",
        "tensor(complex64)": None,
        "seq(tensor(float))": "array",
        "map(int64,tensor(float))": "object",
    },
    "Arrow": {
        "timestamp[us, tz=UTC]": "date-time",
        "decimal128(10, 2)": "double",
        "list<item: double>": "array",
        "fixed_size_list<item: float>[3]": "array",
        "fixed_size_binary[16]": "binary",
        "dictionary<values=int64, indices=int32, ordered=0>": "integer",
        "struct<a: int64, b: list<item: string>>": "object",
        "large_utf8": "string",
        "duration[ns]": "duration",
    },
    "NumPy": {"<f8": "double", "int_": "integer", "datetime64[D]": "date-time", "|b1": "boolean"},
    "pandas": {
        "Int64": "integer",
        "category": "string",
        "datetime64[ns, Europe/Berlin]": "date-time",
        "string[pyarrow]": "string",
        "double[pyarrow]": "double",
    },
    "JSON Schema": {"number": "double", "integer": "integer", "object": "object", "null": None},
    "SQL": {
        "VARCHAR(255)": "string",
        "varchar(max)": "string",
        "VARCHAR2(20 CHAR)": "string",
        "DECIMAL(10,2)": "double",
        "int(11)": "integer",
        "BIGINT(20) UNSIGNED": "integer",
        "timestamp(3) with time zone": "date-time",
        "timestamp without time zone": "date-time",
        "enum('a','b')": "string",
        "int[]": "array",
        "int[3]": None,
        "bit": None,
        "varchar)(": None,
    },
    "Avro": {"timestamp-millis": "date-time", "bytes": "binary", "record": "object"},
    "Spark": {
        "LongType()": "integer",
        "DecimalType(10,2)": "double",
        "array<int>": "array",
        "ArrayType(StringType(), True)": "array",
        "map<string,int>": "object",
    },
    "Protocol Buffers": {"sint64": "integer", "google.protobuf.Timestamp": "date-time"},
    "SEI": {"Integer": "integer", "Floating Point": "double", "String": "string", "Image": "image"},
    "others": {"Optional[int]": None, "Nullable(Int64)": None, "List[int]": "array"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, kind) for tool in WRITTEN.values() for text, kind in tool.items()],
)
def test_a_type_is_known_by_what_its_tool_calls_it(
    text: str, expected: str | None, known: Vocabulary
) -> None:
    found = known.value("DataType", text)
    assert (found.name if found else None) == expected


def test_no_name_stands_for_two_members_of_a_list(known: Vocabulary) -> None:
    for members in known.lists.values():
        names = Counter(
            name for value in members.values() for name in {*map(str.lower, value.names)}
        )
        assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("given", "expected", "fits"),
    [
        ("boolean", "integer", True),
        ("boolean", "double", True),
        ("integer", "double", True),
        ("date", "date-time", True),
        ("string", "string", True),
        ("double", "integer", False),
        ("integer", "boolean", False),
        ("date-time", "date", False),
        ("time", "date-time", False),
        ("integer", "string", False),
        ("string", "integer", False),
        ("image", "binary", False),
        ("array", "object", False),
    ],
)
def test_a_type_is_readable_as_a_wider_one_only(
    given: str,
    expected: str,
    fits: bool,  # noqa: FBT001 (a table's column)
    known: Vocabulary,
) -> None:
    facts = ontology_facts(known).splitlines()
    fact = triple(given, "mm:readableAs", reference(expected))
    assert (fact in facts) is fits


def test_only_lists_that_say_so_take_names_with_parameters(known: Vocabulary) -> None:
    assert known.value("Operator", "less-than") is not None
    assert known.value("Operator", "less-than(3)") is None
    assert known.value("DataType", "varchar(" + "9" * 999 + ")") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("requiredMemory", -1),
        ("requiredMemory", 1.5),
        ("requiredMemory", True),
        ("requiredMemory", "16 GB"),
        ("share", 100.5),
        ("share", float("nan")),
        ("ensemble", "true"),
        ("modelVersion", 2),
        ("dataType", "no such type"),
        ("input", "age"),
    ],
)
def test_a_value_that_is_not_of_its_attributes_range_is_refused(
    known: Vocabulary, name: str, value: str | float
) -> None:
    with pytest.raises(DescriptorError):
        known.checked(known.attribute(name), value)


def test_a_day_is_text_however_it_was_read(known: Vocabulary) -> None:
    trained = known.attribute("trainingDate")

    assert known.checked(trained, date(2024, 2, 29)) == "2024-02-29"
    assert known.checked(trained, "2024-02-29") == "2024-02-29"


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "0000-01-01",
        "20240318",
        "2024-3-8",
        "2024-03-18Z",
        "2024-03-18T10:00:00",
        "2024-03-18\n",
        "٢٠٢٤-٠٣-١٨",
        "in spring",
        "",
        20240318,
        datetime(2024, 3, 18, tzinfo=UTC),
    ],
    ids=repr,
)
def test_what_is_no_day_of_the_calendar_is_refused(known: Vocabulary, value: Literal) -> None:
    for name in ("trainingDate", "collectionDate", "milestoneDate"):
        with pytest.raises(DescriptorError, match="no day of the calendar") as refusal:
            known.checked(known.attribute(name), value)
        assert f"Write it like {known.attribute(name).example}" in str(refusal.value)


def test_a_whole_number_is_taken_for_a_double(known: Vocabulary) -> None:
    share = known.checked(known.attribute("share"), 12)

    assert share == 12
    assert isinstance(share, float)


def attributes_with_a_list(known: Vocabulary) -> list[Attribute]:
    return [attribute for attribute in known.attributes.values() if attribute.range.kind == "list"]


def test_a_listed_value_is_stated_by_its_local_name(known: Vocabulary) -> None:
    for attribute in attributes_with_a_list(known):
        for value in known.lists[attribute.range.name].values():
            assert known.checked(attribute, value.label.upper()) == value.name
