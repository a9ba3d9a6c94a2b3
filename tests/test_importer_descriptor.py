"""Our own descriptors: what is right is stated with its line, and a fault spoils nothing else."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DescriptorError, DescriptorInvalid
from kg.importers import descriptor, importer_for
from kg.importers.descriptor import claims, read
from kg.statements import Node, Place, Reading, Source
from kg.vocabulary import Literal, load

CASES = Path(__file__).parent / "cases" / "importers" / "descriptor"
MODEL = Node("TrainedModel", "", named=False)


def source(location: Path, *knowledge: Path) -> Source:
    head = location.read_bytes()[:4096]
    return Source(PurePosixPath(location.name), location, head, "", knowledge=knowledge)


def case(name: str) -> Reading:
    return read(source(next((CASES / name).glob("in.*"))))


def written(folder: Path, text: str, name: str = "model.yaml") -> Source:
    location = folder / name
    location.write_text(text, encoding="utf-8")
    return source(location)


def values(reading: Reading, *parts: str) -> dict[str, list[Literal]]:
    """Plain values by attribute, of the element or of the part that the names lead to."""
    found: dict[str, list[Literal]] = {}
    for statement in reading.statements:
        names = tuple(name for _, name in statement.node.parts)
        if names == parts and not isinstance(statement.value, Node):
            found.setdefault(statement.attribute, []).append(statement.value)
    return found


def problems(reading: Reading) -> dict[int | None, str]:
    return {problem.line: problem.message for problem in reading.problems}


# -- what is claimed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "element: TrainedModel\n"),
        ("a.yml", "# note\n---\nelement: trained_model  # ours\n"),
        ("a.yaml", "name: x\nelement: 'Raw data'\n"),
        ("a.yaml", "- name: x\n  element: RawData\n"),
        ("a.yaml", "{element: TrainedModel, name: x}"),
        ("a.yaml", "element: TrainedModle\n"),
        ("a.json", '{"element": "TrainedModel"}'),
        ("a.json", '[{"name": "x", "element":"TrainedModel"}]'),
        ("a.json", '{"@context": "x", "@type": ["mm:TrainedModel"]}'),
        ("a.json", '{"@graph": [{"@type": "https://w3id.org/ml-mismatch/RawData"}]}'),
    ],
)
def test_a_file_that_names_one_of_our_elements_is_claimed(
    tmp_path: Path, name: str, text: str
) -> None:
    assert claims(written(tmp_path, text, name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", ""),
        ("a.yaml", "# element: TrainedModel\n"),
        ("a.yaml", "layers:\n  element: TrainedModel\n"),
        ("a.yaml", "element: div\n"),
        ("a.yaml", "elements: TrainedModel\n"),
        ("a.json", '{"element": "window"}'),
        ("a.json", '{"@type": "Dataset"}'),
        ("a.txt", "element: TrainedModel\n"),
    ],
)
def test_a_file_that_only_resembles_one_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert not claims(written(tmp_path, text, name))


def test_utf_16_is_claimed_and_read(tmp_path: Path) -> None:
    location = tmp_path / "a.yaml"
    location.write_bytes("element: TrainedModel\nmodel_name: Größe\n".encode("utf-16"))

    assert claims(source(location))
    assert values(read(source(location))) == {"modelName": ["Größe"]}


def test_it_is_found_among_the_importers() -> None:
    assert importer_for(source(CASES / "trained-model" / "in.yaml")) == ("descriptor", descriptor)


# -- what is stated ------------------------------------------------------------------------------


def test_values_are_stated_in_the_units_of_their_attributes() -> None:
    assert values(case("trained-model")) == {
        "modelName": ["Churn score"],
        "modelVersion": ["1.10"],
        "trainingDate": ["2024-03-18"],
        "ensemble": [False],
        "requiredMemory": [1_610_612_736],
        "requiredProcessors": [500],
        "observedInferenceTime": [85_000],
        "requiredLanguage": ["Python"],
        "requiredFramework": ["scikit-learn"],
        "decisionOrAssumption": ["Only trained on private customers."],
    }


def test_every_statement_has_its_line_pointer_and_text_as_written() -> None:
    reading = case("trained-model")
    memory = next(s for s in reading.statements if s.attribute == "requiredMemory")

    assert memory.place == Place(11, "/required_memory", "1.5 GiB")
    assert all(s.place.line and s.place.pointer for s in reading.statements)
    assert reading.problems == ()
    assert {passed.line for passed in reading.passed_over} == {19, 20}


def test_the_head_names_the_element_and_who_states_it() -> None:
    reading = case("trained-model")

    assert {s.node.element for s in reading.statements} == {Node("TrainedModel", "churn")}
    assert reading.stated_by == "data-scientist"


def test_packages_are_known_by_their_canonical_name_and_range() -> None:
    reading = case("trained-model")

    assert values(reading, "scikit-learn") == {
        "name": ["Scikit_Learn"],
        "versionRange": ["==1.4.2"],
    }
    assert values(reading, "pandas") == {"name": ["pandas"], "versionRange": [">=1.5,<2"]}


def test_lists_are_complete_where_they_are_said_to_be_whole_or_empty() -> None:
    assert [attribute for _, attribute in case("trained-model").complete] == [
        "systemDependency",
        "requiredLanguage",
        "input",
    ]


def test_links_lead_to_elements_by_name_or_iri() -> None:
    assert [(link.name, link.object, link.place.line) for link in case("trained-model").links] == [
        ("trainedOn", Node("TrainingData", "churn-train"), 34),
        ("deployedIn", Node("OperationalEnvironment", "churn-service"), 35),
        (
            "deployedIn",
            Node("OperationalEnvironment", "edge", iri="https://example.org/hosts/edge"),
            35,
        ),
    ]


def test_named_parts_may_stand_under_their_names_as_items_or_alone() -> None:
    reading = case("parts-in-three-ways")

    assert values(reading, "age")["dataType"] == ["integer"]
    assert values(reading, "name")["dataType"] == ["string"]
    assert values(reading, "income") == {"name": ["income"]}
    assert values(reading, "age", "1") == {"valueCount": [14_000], "mean": [41.7]}
    assert values(reading, "stayed")["share"] == [87.5]
    assert values(reading, "1")["location"] == ["docs/data.md"]
    assert reading.problems == ()


def test_a_list_holds_several_elements() -> None:
    reading = case("several-in-a-list")

    assert [s.node for s in reading.statements] == [
        Node("RawData", "crm-export"),
        Node("TrainingData", named=False),
    ]
    assert reading.statements[1].place.pointer == "/1/number_of_instances"


def test_documents_of_one_file_are_read_each_with_its_own_status() -> None:
    declared, observed = case("several-documents").statements

    assert (declared.node.kind, declared.observed) == ("DevelopmentEnvironment", False)
    assert (observed.node.kind, observed.observed) == ("OperationalEnvironment", True)
    assert observed.place.line == 7


def test_plain_numbers_of_linked_data_are_in_the_units_of_their_attributes() -> None:
    reading = case("linked-data")

    assert values(reading) == {
        "requiredMemory": [16_000_000_000],
        "requiredProcessors": [500],
        "observedInferenceTime": [8_500],
    }
    assert reading.links[0].object == Node("OperationalEnvironment", "churn-service")
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        ("required_memory: 16000000000", "requiredMemory", 16_000_000_000),
        ("required_memory: 16.0e+9", "requiredMemory", 16_000_000_000),
        ("required_memory: 0", "requiredMemory", 0),
        ("required_processors: 2000", "requiredProcessors", 2_000),
        # Nobody sets aside two thousandths of a core.
        ("required_processors: 2", "requiredProcessors", 2_000),
        ("required_processors: 0.5", "requiredProcessors", 500),
        ("required_processors: '1,5'", "requiredProcessors", 1_500),
        ("required_gpus: 1.0", "requiredGpus", 1),
        ("requiredGpus: 1", "requiredGpus", 1),
        ("mm:requiredGpus: 1", "requiredGpus", 1),
        ("model_version: 2024-03-01", "modelVersion", "2024-03-01"),
        ("model_version: yes", "modelVersion", "yes"),
        ('default_output: " 0.50 "', "defaultOutput", "0.50"),
        ("training_date: 2024-03-18", "trainingDate", "2024-03-18"),
        ("training_date: '2024-03-18'", "trainingDate", "2024-03-18"),
        ("ensemble: [true]", "ensemble", True),
        ("model_name: [none, churn]", "modelName", "none"),
    ],
)
def test_a_value_may_be_written_in_several_ways(
    tmp_path: Path, line: str, attribute: str, value: Literal
) -> None:
    reading = read(written(tmp_path, f"element: TrainedModel\n{line}\n"))

    assert values(reading)[attribute][0] == value
    assert type(values(reading)[attribute][0]) is type(value)
    assert reading.problems == ()


def test_what_is_said_to_be_none_is_more_than_not_stated(tmp_path: Path) -> None:
    reading = read(
        written(
            tmp_path,
            "element: TrainedModel\nrequired_memory: n/a\n"
            "limitations: none\nconfidence_kind: none\n",
        )
    )

    assert {attribute for _, attribute in reading.complete} == {"requiredMemory", "limitation"}
    # The list of kinds has a member that says so.
    assert values(reading) == {"confidenceKind": ["no-confidence"]}


@pytest.mark.parametrize(
    "line",
    [
        "model_name:",
        "model_name: ''",
        "model_name: ['', null]",
        "deployed_in: none",
        "inputs: [null]",
        "x-ticket: DS-1",
    ],
)
def test_what_has_no_value_is_passed_over(tmp_path: Path, line: str) -> None:
    reading = read(written(tmp_path, f"element: TrainedModel\n{line}\n"))

    assert (reading.statements, reading.links, reading.complete, reading.problems) == (
        (),
        (),
        (),
        (),
    )
    assert {passed.line for passed in reading.passed_over} == {2}


@pytest.mark.parametrize("value", ["[]", "none", "Not applicable"])
def test_a_list_of_nothing_is_complete(tmp_path: Path, value: str) -> None:
    reading = read(written(tmp_path, f"element: TrainedModel\nrequired_software: {value}\n"))

    assert reading.complete == ((MODEL, "requiredSoftware"),)
    assert reading.statements == ()


def test_what_has_no_meaning_here_is_passed_over(tmp_path: Path) -> None:
    text = """{"@context": {}, "@graph": [{"@type": "TrainingData",
        "fields": [{"name": "age", "@id": "#age", "@type": "Field"}]}]}"""
    linked = read(written(tmp_path, text, "a.json"))
    tagged = read(written(tmp_path, "element: RawData\nknown_issues: !mine some\n"))

    assert values(linked, "age") == {"name": ["age"]}
    assert [passed.pointer for passed in linked.passed_over] == [
        "/@graph/0/fields/0/@id",
        "/@graph/0/fields/0/@type",
    ]
    assert values(tagged) == {"knownIssues": ["some"]}
    assert [passed.line for passed in tagged.passed_over] == [2]


def test_an_amount_in_an_unknown_unit_is_read_in_that_unit_alone(tmp_path: Path) -> None:
    text = (
        "element: TrainedModel\ninputs:\n- {name: x, image_width: 224 PIXEL, image_height: 2 in}\n"
    )
    reading = read(written(tmp_path, text))

    assert values(reading, "x") == {"name": ["x"], "imageWidth": [224]}
    assert list(problems(reading)) == [3]


def test_an_attribute_of_an_extension_is_read_without_code(tmp_path: Path) -> None:
    folder = tmp_path / "more" / "ontology"
    folder.mkdir(parents=True)
    (folder / "carbon.ttl").write_text(
        """@prefix mm: <https://w3id.org/ml-mismatch/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        mm:carbonBudget a owl:DatatypeProperty ; rdfs:label "carbon budget"@en ; mm:single true ;
            mm:unit <http://qudt.org/vocab/unit/KiloGM> ;
            rdfs:domain mm:TrainedModel ; rdfs:range mm:quantity .""",
        encoding="utf-8",
    )
    text = "element: TrainedModel\ncarbon_budget: 250 g\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")

    assert values(read(source(tmp_path / "a.yaml", tmp_path / "more"))) == {"carbonBudget": [0.25]}
    assert "Correct it" in problems(read(source(tmp_path / "a.yaml")))[2]


# -- what is wrong -------------------------------------------------------------------------------


def test_each_fault_is_told_with_its_line_and_what_to_write() -> None:
    told = problems(case("faults"))

    expected = {
        2: "data-scientist",
        3: "true or false",
        4: "`nonsense`",
        5: "required_memory: 16 GB",
        6: "16 GB or 16 GiB",
        7: "required_gpus: 1",
        8: "stands twice",
        9: "Did you mean `required_processors`?",
        10: "It is stated of any environment.",
        11: "no boolean",
        12: "2024-03-18",
        13: "2 values",
        14: "a mapping",
        16: "without a name",
        17: "integer",
        18: "minimum: 18",
        20: "model_components: {algorithm: random-forest}",
        21: "`risk` is `high`",
        23: ">=1.2,<2",
        24: "at the other end",
    }
    assert {line: text for line, text in expected.items() if text not in told.get(line, "")} == {}
    assert set(told) == set(expected)
    assert all(message.endswith((".", "?")) for message in told.values())


def test_what_stands_beside_a_fault_is_stated() -> None:
    reading = case("faults")

    assert values(reading, "age") == {"name": ["age"]}
    assert values(reading, "other") == {"name": ["other"], "dataType": ["string"]}
    assert [attribute for _, attribute in reading.complete] == ["input"]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("element: TrainedModle\n", "Did you mean TrainedModel?"),
        (
            "element: Environment\n",
            "Did you mean DevelopmentEnvironment or OperationalEnvironment?",
        ),
        ("element: RawData\n---\nname: x\n", "element: TrainedModel"),
        ("- element: RawData\n- 7\n", "`7` is no descriptor"),
    ],
)
def test_what_is_described_must_be_said(tmp_path: Path, text: str, advice: str) -> None:
    found = written(tmp_path, text)

    assert claims(found)
    assert [advice in problem.message for problem in read(found).problems] == [True]


def test_two_roles_cannot_state_one_file(tmp_path: Path) -> None:
    text = "- {element: RawData, stated_by: ops}\n- {element: TrainingData, stated_by: legal}\n"
    reading = read(written(tmp_path, text))

    assert reading.stated_by == "operations"
    assert "file of their own" in problems(reading)[2]


@pytest.mark.parametrize(
    "line",
    [
        "required_processors: 500",
        "required_memory: '16'",
        "observed_inference_time: 200",
    ],
)
def test_a_number_too_small_for_its_unit_is_not_guessed_at(tmp_path: Path, line: str) -> None:
    reading = read(written(tmp_path, f"element: TrainedModel\n{line}\n"))

    assert reading.statements == ()
    assert "without a unit" in problems(reading)[2]


def test_processors_that_are_no_number_are_a_problem(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "element: TrainedModel\nrequired_processors: 1.2.3\n"))

    assert reading.statements == ()
    assert "1.2.3" in problems(reading)[2]


@pytest.mark.parametrize("number", ["010", "1_0:30", ".nan", "99999999999999999999", "true", "x"])
def test_numbers_that_nobody_means_are_refused(tmp_path: Path, number: str) -> None:
    reading = read(written(tmp_path, f"element: TrainingData\nnumber_of_instances: {number}\n"))

    assert reading.statements == ()
    assert list(problems(reading)) == [2]


def test_advice_ends_before_a_file_full_of_faults_takes_long(tmp_path: Path) -> None:
    lines = "".join(f"requird_memory_{number}: 1\n" for number in range(30))
    told = problems(read(written(tmp_path, f"element: TrainedModel\n{lines}")))

    assert "Did you mean" in told[2]
    assert "Correct it" in told[31]


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", '{"element": "RawData"'), ("a.yaml", "element: RawData\n\t- [")]
)
def test_a_file_that_cannot_be_parsed_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(DescriptorInvalid):
        read(written(tmp_path, text, name))


KEYS = [*sorted(load().attributes_of("TrainedModel")), "deployed_in", "complete", "name", "@id"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates()
SHAPES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "data_type", "x", "algorithm"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, max_size=4))
def test_nothing_that_yaml_can_say_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, object]
) -> None:
    lines = [f"{key!r}: {_yaml(value)}" for key, value in found.items()]
    text = "\n".join(["element: TrainedModel", *lines]) + "\n"
    folder = tmp_path_factory.mktemp("any")
    vocabulary = load()
    try:
        reading = read(written(folder, text))
    except DescriptorError:
        return
    for statement in reading.statements:
        attribute = vocabulary.attribute(statement.attribute)
        if not isinstance(statement.value, Node):
            assert vocabulary.checked(attribute, statement.value) == statement.value


def _yaml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}: {_yaml(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "" if value is None else str(value).lower()
