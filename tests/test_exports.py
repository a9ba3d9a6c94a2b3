"""What was read from a project can be written down and read again, and says the same."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.amounts import amount
from kg.errors import NotFound
from kg.exports import exporter_for
from kg.exports.trig import write as write_trig
from kg.exports.yaml import write as write_yaml
from kg.identifiers import known_by_name, mint
from kg.parsing import parse_rdf
from kg.projects import Project, read_project
from kg.projects.identity import Entry
from kg.projects.settings import Settings
from kg.statements import Link, Node, Notes
from kg.units import quantity
from kg.vocabulary import load

VOCABULARY = load()
HARD_TEXTS = [
    "no",
    "none",
    "1.10",
    "2024-01-01",
    "a: b # c",
    "- x",
    'say "x"',
    "back\\slash",
    "größe 重さ 🙂",
    "tab\tnew\nline",
    "\x1b[31mred",
    "{a: b}",
    "<&>",
    "#",
    "~",
    "null",
    "0x10",
    "1e5",
    "'",
]


def project(*readings: tuple[str, Notes], links: tuple[tuple[str, Link], ...] = ()) -> Project:
    entries = tuple(
        Entry(PurePosixPath(path), "0" * 64, "plain", notes.reading(path))
        for path, notes in readings
    )
    return Project("loan approval", Path("loan"), entries, links, Settings(), (), (), ())


def rich_notes() -> Notes:
    """A source that states something of every kind of value."""
    notes = Notes()
    model = notes.about(Node("TrainedModel", "models/churn"))
    model.state("requiredMemory", 16_000_000_000, line=3, given="16 GB")
    model.state("requiredProcessors", 1, line=4)
    model.state("observedInferenceTime", 1, line=5)
    for number, text in enumerate(HARD_TEXTS):
        model.state("decisionOrAssumption", text, line=10 + number)
    package = model.part("requiredSoftware", "Scikit_Learn", key="scikit-learn", line=40)
    package.state("versionRange", "==1.4.2", line=40, given="scikit-learn==1.4.2")
    package.state("versionRange", "==1.5", line=41)
    model.part("requiredSoftware", "scikit-learn", line=42)
    model.state("requiredFramework", "scikit-learn", line=40)
    metric = model.part("evaluationMetric", "F1 score", line=50)
    for value in (0.1, 1e-12, 1e22, -3.0, 123456789.125):
        metric.state("result", value, line=51)
    metric.state("operator", "less-than")
    model.state("trainingDate", "2024-02-29", line=7)
    model.state("ensemble", value=False)
    inputs = model.part("input", "age")
    inputs.state("dataType", "integer", given="long")
    inputs.state("minimum", -math.inf)
    notes.complete(model.node, "input")
    return notes


def observed_notes() -> Notes:
    notes = Notes()
    data = notes.about(Node("TrainingData", "data/train.csv", named=False), observed=True)
    field = data.part("field", "Heart Rate (bpm)", line=1)
    shape = field.own("distribution", "1", line=1)
    shape.state("valueCount", 100)
    shape.state("mean", 71.25)
    category = shape.part("category", "a b|c")
    category.state("share", 12.5)
    data.state("numberOfInstances", 120)
    return notes


def rich() -> Project:
    model, data = (
        Node("TrainedModel", "models/churn"),
        Node("TrainingData", "data/train.csv", named=False),
    )
    link = Link("trainedOn", model, data, "they are the only ones of their kinds in the project")
    return project(
        ("m.yaml", rich_notes()), ("data/train.csv", observed_notes()), links=(("", link),)
    )


def said(found: Project) -> Counter[tuple[str, ...]]:
    """Statements by the IRIs of what they are about; parts without names are not told apart."""
    return Counter(dict.fromkeys(_said(found), 1))


def _said(found: Project) -> Iterator[tuple[str, ...]]:
    for entry in found.entries:
        for statement in entry.reading.statements:
            value = statement.value
            told = _name(value) if isinstance(value, Node) else repr(value)
            yield _name(statement.node), statement.attribute, told, str(statement.observed)
        for node, attribute in entry.reading.complete:
            yield _name(node), "complete", attribute, ""
    for _, link in found.links:
        yield _name(link.subject), link.name, _name(link.object), ""


def _name(node: Node) -> str:
    parts = tuple((held, part if _is_named(held) else "") for held, part in node.parts)
    return mint("", "p", Node(node.kind, node.name, parts, node.named, node.iri), VOCABULARY, "")


def _is_named(attribute: str) -> bool:
    return known_by_name(VOCABULARY.attribute(attribute).range.name, VOCABULARY)


def read_again(text: str, suffix: str, folder: Path) -> Project:
    (folder / f"again{suffix}").write_text(text, encoding="utf-8")
    return read_project(folder, VOCABULARY)


@pytest.mark.parametrize("suffix", [".yaml", ".trig", ".jsonld"])
def test_what_is_written_says_the_same_when_it_is_read_again(suffix: str, tmp_path: Path) -> None:
    again = read_again(exporter_for(suffix).write(rich(), VOCABULARY), suffix, tmp_path)

    assert again.problems == ()
    assert said(again) == said(rich())


@pytest.mark.parametrize("suffix", [".yaml", ".trig", ".jsonld"])
@given(text=st.text(min_size=1, max_size=30))
def test_any_text_is_written_so_that_it_can_be_read(suffix: str, text: str) -> None:
    notes = Notes()
    notes.about(Node("TrainedModel", "m")).state("modelDescription", text)
    written = exporter_for(suffix).write(project(("a", notes)), VOCABULARY)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", written)
    written.encode()


def test_trig_and_json_ld_hold_the_same_graphs() -> None:
    trig = exporter_for(".trig").write(rich(), VOCABULARY).encode()
    json_ld = exporter_for(".jsonld").write(rich(), VOCABULARY).encode()

    assert quads(trig, "trig") == quads(json_ld, "jsonld")


def quads(data: bytes, media: Literal["trig", "jsonld"]) -> set[str]:
    """The quads, each double in one writing."""
    found = map(str, parse_rdf(data, media, base="http://x.example/"))
    return {
        re.sub(r'"([^"]+)"\^\^<\S+#double>', lambda n: repr(float(n[1])), quad) for quad in found
    }


def test_iris_are_relative_to_whoever_loads_them() -> None:
    for suffix in (".trig", ".jsonld"):
        text = exporter_for(suffix).write(rich(), VOCABULARY)

        assert "projects/loan%20approval/trained-model/models%2Fchurn" in text
        assert "localhost" not in text


def test_each_value_in_yaml_names_its_place() -> None:
    text = write_yaml(rich(), VOCABULARY)

    assert "required_memory: 16 GB  # m.yaml:3\n" in text
    assert "data_type: integer  # m.yaml, written long\n" in text


def test_an_element_keeps_an_iri_of_its_own(tmp_path: Path) -> None:
    notes = Notes()
    notes.about(Node("TrainedModel", "churn", iri="https://example.org/m/churn")).state(
        "modelVersion", "3"
    )
    found = project(("a.ttl", notes))

    for suffix in (".yaml", ".trig", ".jsonld"):
        folder = tmp_path / suffix
        folder.mkdir()
        text = exporter_for(suffix).write(found, VOCABULARY)
        assert said(read_again(text, suffix, folder)) == said(found)


def test_several_roles_are_told_and_not_stated() -> None:
    notes = [Notes(), Notes()]
    for one, role in zip(notes, ("operations", "data-scientist"), strict=True):
        one.stated_by = role
        one.about(Node("TrainedModel", "m")).state("modelVersion", "3")
    alone = write_yaml(project(("a", notes[0])), VOCABULARY)
    both = write_yaml(project(("a", notes[0]), ("b", notes[1])), VOCABULARY)

    assert "\nstated_by: operations\n" in alone
    assert "\nstated_by" not in both
    assert "# stated by: operations\n" in both


MOMENTS = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

mm:approvedOn a owl:DatatypeProperty ; rdfs:label "approved on"@en ;
    skos:definition "When the model was approved."@en ; skos:example "2024-02-29" ;
    rdfs:domain mm:TrainedModel ; rdfs:range mm:calendarDate .
mm:approvedAt a owl:DatatypeProperty ; rdfs:label "approved at"@en ; mm:single true ;
    skos:definition "The moment at which the model was approved."@en ;
    skos:example "2024-02-29T01:00:00+00:00" ;
    rdfs:domain mm:TrainedModel ; rdfs:range xsd:dateTime .
"""


@pytest.mark.parametrize("suffix", [".yaml", ".trig", ".jsonld"])
def test_a_moment_survives(suffix: str, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    (knowledge / "ontology").mkdir(parents=True)
    (knowledge / "ontology" / "moments.ttl").write_text(MOMENTS)
    vocabulary = load([knowledge])
    notes = Notes()
    model = notes.about(Node("TrainedModel", "m"))
    model.state("approvedOn", "2024-02-29")
    model.state("approvedAt", datetime(2024, 2, 29, 1, tzinfo=UTC))
    folder = tmp_path / "again"
    folder.mkdir()
    text = exporter_for(suffix).write(project(("a", notes)), vocabulary)
    (folder / f"again{suffix}").write_text(text)

    again = read_project(folder, vocabulary, [knowledge])
    assert again.problems == ()
    assert said(again) == said(project(("a", notes)))


def test_an_unknown_ending_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"\.yaml.*"):
        exporter_for("out.xlsx")


def test_nothing_read_is_nothing_written() -> None:
    assert write_yaml(project(), VOCABULARY).startswith("# What mismatch")
    assert "mm:Project" in write_trig(project(), VOCABULARY)


@given(
    value=st.integers(0, 2**50),
    unit=st.sampled_from(["BYTE", "MilliProcessor", "MicroSEC"]),
    written=st.one_of(
        st.none(),
        st.text(max_size=8),
        st.from_regex(r"[0-9]{1,6} ?(GB|Gi|m|ms|s|min)", fullmatch=True),
    ),
)
def test_an_amount_reads_as_what_it_was(value: int, unit: str, written: str | None) -> None:
    number, word = amount(value, unit, [written])

    assert quantity(f"{number} {word}", unit) == value
