"""Descriptors go back into the SEI's format and come again as the same statements; what that format
cannot say is told.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.alignments import read_alignment, untouched
from kg.cli import run
from kg.exports.sei import write_folder
from kg.projects import Project, read_project
from kg.statements import Node, Notes
from kg.vocabulary import load
from tests.test_exports import project
from tests.test_sei import EACH, SHAPES, Choice, complete, leaves, shape_of

Json: TypeAlias = Any

VOCABULARY = load()
TABLE = read_alignment(VOCABULARY)


def write(folder: Path, files: dict[str, Json]) -> Project:
    folder.mkdir(exist_ok=True)
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / name).write_text(text, encoding="utf-8")
    return read_project(folder, VOCABULARY)


def exported(found: Project) -> dict[str, Json]:
    files, _ = write_folder(found, VOCABULARY)
    return {name: json.loads(text) for name, text in files.items()}


def remarks(found: Project) -> list[str]:
    _, told = write_folder(found, VOCABULARY)
    return [f"{one.element} | {one.what} | {one.because}" for one in told]


def filled(kind: str, version: str) -> Json:
    """A descriptor with every leaf filled, and no two results of one metric."""
    descriptor = complete(shape_of(kind, version), iter(range(1, 10_000)))
    for key in ("evaluation_metrics", "test_metrics"):
        if key in descriptor:
            descriptor[key][1]["metric"] = "F1 Score"
    return descriptor


def upgraded(descriptor: Json) -> Iterator[tuple[str, Json]]:
    """The leaves of a descriptor as 1.2 has them."""
    for before, value in leaves(descriptor):
        if before == "/version" or before.startswith("/success_criteria"):
            continue
        here = before.replace("business_goal_mapping", "goal_mapping")
        here = here.replace("/business_goals", "/goals")
        if "_spec/" in here and "components" not in here:
            here = here.replace("/expected_values", "/item_specification/other_value")
            if here.endswith("item_type") and value != "Float":
                yield here, "Other"
                continue
        yield here, value


# -- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "version"), EACH)
def test_every_leaf_comes_back_with_its_value(kind: str, version: str, tmp_path: Path) -> None:
    descriptor = filled(kind, version)
    found = dict(leaves(exported(write(tmp_path, {f"{kind}.json": descriptor}))[f"{kind}.json"]))
    assert found.pop("/version") == "1.2"
    # Languages are the model's, so each component is given all.
    for component in descriptor.get("model_components", []):
        component["programming_languages"] = [
            language
            for each in filled(kind, version)["model_components"]
            for language in each["programming_languages"]
        ]
    expected = dict(upgraded(descriptor))
    assert {here: found.pop(here, None) for here in expected} == expected
    assert all(map(untouched, found.values())), found


@pytest.mark.parametrize("kind", list(SHAPES))
def test_what_their_own_descriptors_state_has_a_place_in_them(kind: str, tmp_path: Path) -> None:
    assert remarks(write(tmp_path, {f"{kind}.json": filled(kind, "1.2")})) == []


def test_only_criteria_and_freely_named_types_of_1_0_have_no_place(tmp_path: Path) -> None:
    told = remarks(write(tmp_path, {f"{kind}.json": filled(kind, "1.0") for kind in SHAPES}))
    assert told.pop(0) == "task and purpose | success criterion | the format has no key for it"
    assert len(told) == 6
    assert all(re.search(r"type name \| text \d+ is written as Other$", one) for one in told)


def texts() -> st.SearchStrategy[str]:
    alphabet = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
    return st.text(alphabet, min_size=1, max_size=12).filter(lambda text: text.lower() != "other")


def of_shape(shape: Json, path: str) -> st.SearchStrategy[Json]:
    """Descriptors of the shape, any key of which may be missing; no two rows begin alike."""
    if isinstance(shape, dict):
        keys = {key: of_shape(value, f"{path}/{key}") for key, value in shape.items()}
        fixed = {key: st.just("1.2") for key in keys if key == "version"}
        optional = {key: value for key, value in keys.items() if key not in fixed}
        drawn = st.fixed_dictionaries(fixed, optional=optional)
        return drawn.map(lambda found: {key: found[key] for key in shape if key in found})
    if isinstance(shape, list):
        return st.lists(of_shape(shape[0], path), max_size=3).map(unlike)
    if isinstance(shape, Choice):
        return st.sampled_from(["", *(TABLE.keys[path].choices or (str(shape),))])
    if isinstance(shape, bool):
        return st.booleans()
    if isinstance(shape, int):
        return st.integers(0, 100_000)
    if isinstance(shape, float):
        return st.one_of(st.integers(0, 100), st.floats(0, 100, allow_nan=False))
    return st.just("") | texts() if isinstance(shape, str) else st.dates().map(str)


def unlike(rows: list[Json]) -> list[Json]:
    """The rows without those of which a text was said before: names would make them one."""
    kept: list[Json] = []
    seen: set[Json] = set()
    for row in rows:
        own = {v for v in row.values() if isinstance(v, str)} if isinstance(row, dict) else {row}
        if not own & seen:
            kept.append(row)
            seen |= own - {""}
    return kept


def said(found: Project) -> set[tuple[Node, str, object]]:
    """All that is stated, and which lists are whole; parts without names by their order."""
    return {
        *((s.node, s.attribute, s.value) for e in found.entries for s in e.reading.statements),
        *((node, name, "whole") for e in found.entries for node, name in e.reading.complete),
    }


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_descriptor_that_is_read_can_be_written_and_says_the_same(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(SHAPES)))
    descriptor = data.draw(of_shape(SHAPES[kind], kind))
    with TemporaryDirectory() as folder:
        first = write(Path(folder), {f"{kind}.json": descriptor})
        files, told = write_folder(first, VOCABULARY)
        second = write(Path(folder), files)
        again, _ = write_folder(second, VOCABULARY)
    assert not told
    assert said(second) == said(first)
    assert again == files


# -- what the format cannot say ------------------------------------------------------------------


def about(kind: str, **stated: Json) -> Notes:
    """A source that states plain attributes of one element."""
    notes = Notes()
    subject = notes.about(Node(kind, named=False))
    for attribute, values in stated.items():
        for value in values if isinstance(values, list) else [values]:
            subject.state(attribute, value, line=3)
    return notes


def of_model(*sources: Notes) -> tuple[Json, list[str]]:
    """The model's descriptor as the sources a, b ... state it, and what is told of it."""
    found = project(*((name, notes) for name, notes in zip("abc", sources, strict=False)))
    told = [one.removeprefix("trained model | ") for one in remarks(found)]
    return exported(found)["trained_model.json"], told


def test_of_sources_that_disagree_the_first_is_written_and_the_other_told() -> None:
    first, second = (about("TrainedModel", modelVersion=version) for version in "12")
    written, told = of_model(first, second, first)
    assert written["model_version"] == "1"
    assert told == ["model version | 2 is left out, as a:3 says 1 before"]


def test_an_attribute_without_a_key_is_told_with_all_its_places() -> None:
    notes = about("TrainedModel")
    model = notes.about(Node("TrainedModel", named=False))
    for line, name in enumerate(("numpy", "pandas"), 1):
        model.part("requiredSoftware", name, line=line).state("versionRange", ">=1", line=line)
    _, (remark,) = write_folder(project(("a", notes)), VOCABULARY)
    assert (remark.what, remark.because) == ("required software", "the format has no key for it")
    assert remark.places == ("a:1", "a:2")


def test_what_only_one_part_has_no_key_for_is_told_of_the_attribute() -> None:
    notes = about("TrainedModel")
    item = notes.about(Node("TrainedModel", named=False)).part("output", "score")
    item.state("nullable", value=True)
    notes.complete(item.node.element, "output")
    written, told = of_model(notes)
    assert written["output_spec"][0]["item_name"] == "score"
    assert told == ["output: nullable | the format has no key for it"]


def test_there_is_room_for_one_element_of_a_kind() -> None:
    notes = [Notes(), Notes()]
    for one, name in zip(notes, ("small", "large"), strict=True):
        one.about(Node("TrainedModel", name)).state("modelVersion", name, line=1)
    found = project(("a", notes[0]), ("b", notes[1]))
    assert exported(found)["trained_model.json"]["model_version"] == "small"
    assert remarks(found) == ["trained model large |  | there is room for one of its kind"]


def test_data_without_a_role_have_no_descriptor() -> None:
    found = project(("a", about("Data", datasetName="x")))
    assert exported(found) == {}
    assert remarks(found) == ["data |  | it has no descriptor"]


@pytest.mark.parametrize(
    ("attribute", "value", "told"),
    [
        ("requiredProcessors", 500, "the format holds a whole number"),
        ("requiredMemory", 2**63 - 1, "no number in the format's unit is exactly that"),
        ("observedInferenceTime", 1500, "the format holds a time above 0 in whole milliseconds"),
        ("observedInferenceTime", 0, "the format holds a time above 0 in whole milliseconds"),
        ("modelName", " ", "an empty text is read as not given"),
    ],
)
def test_a_value_that_does_not_fit_its_key_is_told(attribute: str, value: Json, told: str) -> None:
    notes = about("TrainedModel", **{attribute: value})
    label = VOCABULARY.attribute(attribute).label
    assert of_model(notes)[1] == [f"{label} | {value} is left out: {told}"]


def test_a_nought_that_would_be_read_as_not_given_is_told() -> None:
    notes = about("RawData", numberOfInstances=0)
    assert remarks(project(("a", notes))) == [
        "raw data | number of instances | 0 is left out: 0 is read as not given"
    ]
    notes = Notes()
    model = notes.about(Node("TrainedModel", named=False))
    score = model.part("output", "score")
    score.state("minimum", 0.0)
    score.state("maximum", 0.0)
    model.part("evaluationMetric", "loss").state("result", float("inf"))
    notes.complete(model.node, "output")
    notes.complete(model.node, "evaluationMetric")
    assert of_model(notes)[1] == [
        "output score | its min_value, max_value at 0 or false are read as not given",
        "evaluation metric loss: result | inf is left out: JSON has no infinite number",
    ]


def test_a_goal_without_words_is_told() -> None:
    notes = about("TaskAndPurpose", task="t")
    notes.about(Node("TaskAndPurpose", named=False)).part("goal", "faster")
    notes.complete(Node("TaskAndPurpose", named=False), "goal")
    assert remarks(project(("a", notes))) == [
        "task and purpose | goal faster | it is read as not given, as no more is told of it"
    ]


@pytest.mark.parametrize(
    ("bytes_", "written"), [(16 * 10**9, 16), (8 * 2**30, 8.589934592), (1, 1e-9), (0, 0)]
)
def test_sizes_are_written_in_gigabytes(bytes_: int, written: float) -> None:
    descriptor, told = of_model(about("TrainedModel", requiredMemory=bytes_))
    assert descriptor["computing_resource_reqs"] == {"memory": written}
    assert told == []


@pytest.mark.parametrize(
    ("microseconds", "given", "written"),
    [
        (90_000_000, None, {"time": 90, "unit": "Seconds"}),
        (7_200_000_000, None, {"time": 2, "unit": "Hours"}),
        (120_000_000, "120 Seconds", {"time": 120, "unit": "Seconds"}),
        (120_000_000, "2 min", {"time": 2, "unit": "Minutes"}),
    ],
)
def test_times_are_written_in_their_own_unit_or_the_longest(
    microseconds: int, given: str | None, written: Json
) -> None:
    notes = Notes()
    model = notes.about(Node("TrainedModel", named=False))
    model.state("observedInferenceTime", microseconds, given=given)
    assert of_model(notes)[0]["inference_time"] == written


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ({"problemTypeName": "classification"}, ("Classification", "")),
        ({"problemTypeName": "triage"}, ("Other", "triage")),
        ({"problemType": "trend-analysis"}, ("Trend", "")),
        ({"problemType": "regression"}, ("Other", "regression")),
        (
            {"problemTypeName": "triage", "problemType": "classification"},
            ("Classification", "triage"),
        ),
    ],
)
def test_a_name_is_one_of_theirs_or_stands_beside_other(
    stated: dict[str, str], written: tuple[str, str]
) -> None:
    found = exported(project(("a", about("TaskAndPurpose", **stated))))["system_context.json"]
    assert tuple(found["ml_problem_type"].values()) == written


@pytest.mark.parametrize(
    ("name", "type_", "written", "told"),
    [
        ("Float", "double", "Float", []),
        ("float64", "double", "Float", ["float64 is written as Float"]),
        (None, "integer", "Integer", []),
        ("complex", None, "Other", ["complex is written as Other"]),
        ("String", "double", "String", ["double is left out, as String is written"]),
        (
            None,
            "date",
            "",
            ["date is left out, it is none of Integer, Float, String, Image, Other"],
        ),
    ],
)
def test_a_type_is_the_one_of_theirs_that_means_the_same(
    name: str | None, type_: str | None, written: str, told: list[str]
) -> None:
    notes = Notes()
    item = notes.about(Node("TrainedModel", named=False)).part("output", "score")
    notes.complete(item.node.element, "output")
    for attribute, value in (("typeName", name), ("dataType", type_)):
        if value:
            item.state(attribute, value)
    descriptor, remarked = of_model(notes)
    assert descriptor["output_spec"][0]["item_type"] == written
    assert [one.rpartition("| ")[2] for one in remarked] == told


def test_a_picture_in_a_format_that_is_none_of_theirs_is_told() -> None:
    notes = Notes()
    item = notes.about(Node("TrainedModel", named=False)).part("output", "mask")
    notes.complete(item.node.element, "output")
    item.state("imageFormat", "TIFF")
    descriptor, told = of_model(notes)
    assert descriptor["output_spec"][0]["item_specification"]["image_format"] == ""
    assert told == ["output mask: image format | TIFF is left out: it is none of JPG, PNG"]


def test_steps_stand_in_their_order_and_as_often_as_they_come() -> None:
    notes = Notes()
    data = notes.about(Node("TrainingData", named=False))
    for name, positions in (("impute", [2]), ("encode", []), ("scale", [3, 1])):
        step = data.part("preparationStep", name)
        for position in positions:
            step.state("stepPosition", position)
    rows = exported(project(("a", notes)))["training_data.json"]["preparation_process"]
    assert [row["data_processing_step"] for row in rows] == ["scale", "impute", "scale", "encode"]


def test_languages_need_no_component() -> None:
    written, told = of_model(about("TrainedModel", requiredLanguage=["Python", "R", "Python"]))
    (component,) = written["model_components"]
    assert component["programming_languages"] == ["Python", "R"]
    assert told == ["required language | nobody says that the list is whole, but it is read so"]


def test_languages_of_one_component_alone_are_written_there_alone(tmp_path: Path) -> None:
    components = [
        {"learning_algorithm": {"algorithm": "Random Forest"}, "programming_languages": ["Python"]},
        {"learning_algorithm": {"algorithm": "Naive Bayes Classifier"}},
    ]
    found = write(
        tmp_path, {"trained_model.json": {"version": "1.2", "model_components": components}}
    )
    first, second = exported(found)["trained_model.json"]["model_components"]
    assert (first["programming_languages"], second["programming_languages"]) == (["Python"], [])
    assert remarks(found) == []


NEAR = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
mm:near-to a mm:Operator ; skos:prefLabel "near to"@en ; skos:definition "About the same."@en .
"""


def test_a_listed_value_of_ones_own_is_told(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "near.ttl").write_text(NEAR)
    notes = Notes()
    metric = notes.about(Node("TrainedModel", named=False)).part("algorithmMetric", "loss")
    metric.state("operator", "near-to")
    notes.complete(metric.node.element, "algorithmMetric")
    _, (told,) = write_folder(project(("a", notes)), load([tmp_path]))
    assert told.because.startswith("near-to is left out: it is none of greater than")


def test_a_second_data_set_of_one_use_is_told() -> None:
    notes = Notes()
    model = notes.about(Node("TrainedModel", named=False))
    for name in ("first", "second"):
        model.part("testDataset", name, line=1).state("testResults", "good", line=2)
    written, told = of_model(notes)
    assert written["test_dataset"]["name"] == "first"
    assert told == ["test dataset | there is room for one"]


def test_a_whole_list_of_what_has_no_key_is_told() -> None:
    notes = about("TrainedModel", modelName="m")
    notes.complete(Node("TrainedModel", named=False), "requiredLog")
    notes.complete(Node("TrainedModel", named=False), "decisionOrAssumption")
    assert of_model(notes)[1] == [
        "required log | that the list is whole has no key",
        "decision or assumption | that the list is whole has no key",
    ]


def test_observed_values_stand_like_declared_ones() -> None:
    notes = Notes()
    notes.about(Node("RawData", named=False), observed=True).state("numberOfInstances", 7)
    assert remarks(project(("a", notes))) == [
        "raw data |  | 1 values were observed, and stand like declared ones"
    ]


def test_what_nobody_states_is_blank_only_where_that_says_nothing() -> None:
    written, _ = of_model(about("TrainedModel", modelName="m"))
    assert "ensemble" not in written
    assert "computing_resource_reqs" not in written
    assert written["evaluation_dataset"]["seed"] == 0
    assert untouched({k: v for k, v in written.items() if k not in {"version", "model_name"}})


# -- on the command line -------------------------------------------------------------------------


def test_a_folder_of_descriptors_is_written_and_the_rest_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.yaml").write_text("element: TrainedModel\nrequired_memory: 16 GB\nrisks: [x]\n")
    (tmp_path / "n.yaml").write_text("element: TrainedModel\nrequired_processors: 0.5 CPUs\n")
    folder = tmp_path / "deep" / "sei"

    assert run(["import", str(tmp_path), "--as", "sei", "-o", str(folder)]) == 0
    told = capsys.readouterr()
    assert [path.name for path in folder.iterdir()] == ["trained_model.json"]
    assert told.out == ""
    assert told.err.startswith("Not in SEI descriptors 1.2, or not as stated\n  trained model\n")
    assert (
        "required processors: 0.5 CPUs is left out: the format holds a whole number (n.yaml:2)"
        in (" ".join(told.err.split()))
    )


def test_the_folder_has_to_be_named_and_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.yaml").write_text("element: TrainedModel\nrequired_memory: 16 GB\n")
    assert run(["import", str(tmp_path), "--as", "sei"]) == 2
    assert run(["import", str(tmp_path), "--as", "sei", "-o", str(tmp_path / "m.yaml")]) == 2
    assert run(["import", str(tmp_path), "--as", "seis"]) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["error"] * 3


def test_a_format_may_be_named_where_no_ending_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.yaml").write_text("element: TrainedModel\nrequired_memory: 16 GB\n")
    assert run(["import", str(tmp_path), "--as", "trig"]) == 0
    assert "mm:requiredMemory 16000000000" in capsys.readouterr().out
