"""The SEI's descriptors: every leaf arrives, and what a form leaves behind is no statement."""

import copy
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import DescriptorInvalid, KnowledgeError
from kg.importers import sei
from kg.namespaces import iri, local
from kg.reading import pointer
from kg.statements import Node, Reading, Source, Statement
from kg.vocabulary import load

Json: TypeAlias = Any
Reader: TypeAlias = Callable[..., Reading]

# -- their shapes: what each descriptor holds in 1.2, written from their schemas ------------------

TEXT, NUMBER, WHOLE, TRUTH, DAY = "text", 0.5, 1, True, date(2024, 3, 1)


class Choice(str):
    """One of a list of theirs; a complete descriptor holds this one."""

    __slots__ = ()


def rows(row: Json) -> list[Json]:
    return [row]


def texts(keys: str) -> dict[str, str]:
    return dict.fromkeys(keys.split(), TEXT)


ITEM = {"item_name": TEXT, "item_description": TEXT, "item_type": Choice("Float")}
SPECIFICATION = {
    "other_value": TEXT,
    "min_value": NUMBER,
    "max_value": NUMBER,
    "resolution_x": WHOLE,
    "resolution_y": WHOLE,
    "channels": WHOLE,
    "image_format": Choice("PNG"),
    "min_length": WHOLE,
    "max_length": WHOLE,
    "empty": TRUTH,
    "numeric": TRUTH,
    "slashes": TRUTH,
    "spaces": TRUTH,
    "special": TRUTH,
}
MAPPED = {"component_mapping": {"component": TEXT, "data_item": TEXT}}
DOCUMENTATION = {"documentation": rows({"description": TEXT, "location": TEXT})}
STATISTICS = {"statistics": rows({"property": TEXT, "field": TEXT, "value": TEXT})}
STEPS = rows({"data_processing_step": TEXT, "data_processing_detail": TEXT})
RESULTS = rows({"metric": Choice("Accuracy"), "other_metric": TEXT, "result": NUMBER})
TESTED = {"name": TEXT, "test_results": TEXT, "file": TEXT}
RESOURCES = {"gpu": WHOLE, "cpu": WHOLE, "memory": NUMBER, "storage": NUMBER}
DURATION = {"time": WHOLE, "unit": Choice("Seconds")}
COMPONENT_ITEMS = rows({**ITEM, "expected_values": TEXT})
LEVELS = rows(
    {
        "metric": TEXT,
        "operator": Choice("greater or equal than"),
        "threshold": NUMBER,
        "goal_mapping": TEXT,
    }
)

SHAPES: dict[str, Json] = {
    "system_context": {
        "version": Choice("1.2"),
        "task": TEXT,
        "ml_problem_type": {"ml_problem": Choice("Classification"), "other_problem": TEXT},
        "goals": rows({"id": TEXT, "goal": TEXT, "metric": TEXT, "baseline": TEXT}),
        "available_data": TEXT,
        "usage_context": TEXT,
        "data_rights_policies": TEXT,
        "risks": {"risk_fp": TEXT, "risk_fn": TEXT, "risk_other": TEXT},
        **DOCUMENTATION,
    },
    "raw_data": {
        "version": Choice("1.2"),
        **texts("dataset_identifier dataset_version dataset_name"),
        "dataset_description": TEXT,
        "data_sources": rows({"data_source": Choice("Synthetic Data"), "other_source": TEXT}),
        "instance_type": TEXT,
        "number_of_instances": WHOLE,
        "labels_distribution": rows({"label": TEXT, "percentage": NUMBER}),
        "schema": rows(
            {
                "field_name": TEXT,
                "field_description": TEXT,
                "field_type": Choice("number"),
                **texts("expected_values interpret_missing interpret_special"),
            }
        ),
        "metadata": {
            "collection_date": DAY,
            "geographic_location": TEXT,
            "timeframe": TEXT,
            "known_issues": TEXT,
        },
        **texts("restrictions data_rights data_policies"),
        **texts("anonymization proxy_data"),
        **DOCUMENTATION,
    },
    "data_pipeline": {
        "version": Choice("1.2"),
        **texts("pipeline_identifier pipeline_version pipeline_description"),
        "input_spec": rows(
            {
                **ITEM,
                "item_specification": SPECIFICATION,
                "error_handling": {
                    "error_type": Choice("Return error code"),
                    "error_code_value": WHOLE,
                },
                **MAPPED,
            }
        ),
        "test_cases": rows({"test_case_name": TEXT, "tested_property": TEXT, "file": TEXT}),
        "pipeline_steps": STEPS,
        "pipeline_code": TEXT,
        **DOCUMENTATION,
    },
    "training_data": {
        "version": Choice("1.2"),
        **texts("dataset_identifier dataset_name dataset_version"),
        **texts("dataset_description raw_data_identifier"),
        "schema": rows(
            {
                "field_name": TEXT,
                "label_field": TRUTH,
                "field_description": TEXT,
                "field_type": Choice("date"),
                "expected_values": TEXT,
                "missing_values": TEXT,
                "mapping_production_data": TEXT,
            }
        ),
        **STATISTICS,
        "distribution": rows(
            {"label": TEXT, "percentage": NUMBER, "mapping_production_data": TEXT}
        ),
        "preparation_process": STEPS,
        "preparation_code": TEXT,
        **DOCUMENTATION,
    },
    "trained_model": {
        "version": Choice("1.2"),
        **texts("model_name model_version model_description"),
        "training_date": DAY,
        "ensemble": TRUTH,
        "model_components": rows(
            {
                "learning_algorithm": {
                    "algorithm": Choice("Random Forest"),
                    "other_algorithm": TEXT,
                },
                "hyper_parameters": rows({"parameter_name": TEXT, "parameter_value": TEXT}),
                "programming_languages": [TEXT],
            }
        ),
        "model_composition_details": TEXT,
        "ml_frameworks": [TEXT],
        **texts("data_pipeline_identifier training_data_identifier"),
        "output_spec": rows({**ITEM, "item_specification": SPECIFICATION, **MAPPED}),
        "post_processing": TRUTH,
        "post_processing_process": [TEXT],
        "final_output_spec": rows({**ITEM, "item_specification": SPECIFICATION, **MAPPED}),
        "evaluation_dataset": {
            "name": TEXT,
            "holdout_percentage": NUMBER,
            "seed": WHOLE,
            **texts("algorithm file"),
        },
        "evaluation_metrics": RESULTS,
        "test_dataset": TESTED,
        "integration_test_dataset": TESTED,
        "test_metrics": RESULTS,
        **texts("model_output_interpretation default_model_output"),
        "algorithm_metrics": LEVELS,
        "business_metrics": LEVELS,
        "user_system_feedback": rows({"short_name": TEXT, "details": TEXT}),
        "log_data": rows({"log": TEXT, "log_data_format": TEXT, "history": TEXT}),
        "data_buffering_reqs": TEXT,
        "decisions_assumptions": [TEXT],
        "computing_resource_reqs": RESOURCES,
        "inference_time": DURATION,
        "system_dependencies": [TEXT],
        **texts("model_training_code trained_model_code"),
        **DOCUMENTATION,
    },
    "development_environment": {
        "version": Choice("1.2"),
        "programming_languages": [TEXT],
        "ml_frameworks": [TEXT],
        "upstream_components": rows(
            {"component_name": TEXT, "output_spec": COMPONENT_ITEMS, "ml_component": TRUTH}
        ),
        "downstream_components": rows(
            {"component_name": TEXT, "input_spec": COMPONENT_ITEMS, "ml_component": TRUTH}
        ),
        "milestones": rows({"milestone": TEXT, "milestone_date": DAY}),
        "computing_resources": RESOURCES,
        **DOCUMENTATION,
    },
    "production_environment": {
        "version": Choice("1.2"),
        "required_inference_time": DURATION,
        "computing_resources": RESOURCES,
        **texts("deployment_platform deployment_mechanism"),
        "algorithm_metrics": rows({"metric": TEXT, "implementation": TEXT}),
        "business_metrics": rows({"metric": TEXT, "implementation": TEXT}),
        "other_metrics": rows({"metric": TEXT, "implementation": TEXT}),
        "user_system_feedback": rows({"feedback": TEXT, "implementation": TEXT}),
        "model_logs": rows({"log": TEXT, "implementation": TEXT}),
        "other_logs": rows({"log": TEXT, "implementation": TEXT}),
        **DOCUMENTATION,
    },
    "production_data": {
        "version": Choice("1.2"),
        **texts("data_sources data_rates"),
        "schema": rows(
            {
                **texts("field_name field_description"),
                "field_type": Choice("string"),
                "expected_values": TEXT,
            }
        ),
        **STATISTICS,
        "distribution": rows({"label": TEXT, "percentage": NUMBER}),
        **DOCUMENTATION,
    },
}

LEAVES_OF_1_2 = 261


def older(kind: str, version: str) -> Json:
    """The shape of a descriptor in 1.0 or 1.1."""
    shape = copy.deepcopy(SHAPES[kind])
    shape["version"] = Choice(version)
    for spec in ("input_spec", "output_spec", "final_output_spec"):
        for item in shape.get(spec, []):
            del item["item_specification"]
            item.pop("error_handling", None)
            item |= {"item_type": TEXT, "expected_values": TEXT}
    if kind == "trained_model":
        shape["error_handling"] = rows({"error_condition": TEXT, "how_handled": TEXT})
    return as_in_1_0(kind, shape) if version == "1.0" else shape


def as_in_1_0(kind: str, shape: Json) -> Json:
    """What 1.1 added or renamed, as it was before."""
    if kind == "system_context":
        del shape["goals"]
        shape |= {"business_goals": rows({"id": TEXT, "goal": TEXT}), "success_criteria": [TEXT]}
    if kind == "trained_model":
        shape["algorithm_metrics"] = rows({"metric": TEXT, "threshold": NUMBER})
        shape["business_metrics"] = rows(
            {"metric": TEXT, "threshold": NUMBER, "business_goal_mapping": TEXT}
        )
    gone = {
        "raw_data": ["data_rights", "data_policies"],
        "production_environment": ["deployment_platform", "deployment_mechanism"],
    }
    return {key: value for key, value in shape.items() if key not in gone.get(kind, [])}


def shape_of(kind: str, version: str) -> Json:
    return SHAPES[kind] if version == "1.2" else older(kind, version)


def complete(shape: Json, counter: Iterator[int]) -> Json:
    """A descriptor with every leaf filled, every text and number once, two entries a list."""
    if isinstance(shape, dict):
        return {key: complete(value, counter) for key, value in shape.items()}
    if isinstance(shape, list):
        return [complete(shape[0], counter) for _ in range(2)]
    if isinstance(shape, Choice):
        return str(shape)
    if isinstance(shape, bool):
        return shape
    if isinstance(shape, date):
        return f"2024-03-{next(counter) % 28 + 1:02}"
    if isinstance(shape, int):
        return next(counter)
    return next(counter) / 16 if isinstance(shape, float) else f"text {next(counter)}"


def untouched(shape: Json) -> Json:
    """The descriptor that the form saves when nobody typed anything."""
    if isinstance(shape, dict):
        return {key: untouched(value) for key, value in shape.items()}
    if isinstance(shape, list):
        return [untouched(shape[0])]
    if isinstance(shape, bool):
        return False
    blank = "1.2" if shape == "1.2" else ""
    return 0 if isinstance(shape, int | float) else blank


def leaves(value: Json, above: str = "") -> Iterator[tuple[str, Json]]:
    """Every leaf of a JSON value with its pointer."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in entries:
        here = above + pointer(step)
        if isinstance(inner, dict | list) and inner:
            yield from leaves(inner, here)
        else:
            yield here, inner


# -- reading them --------------------------------------------------------------------------------


def source(folder: Path, text: str | bytes, name: str) -> Source:
    data = text.encode() if isinstance(text, str) else text
    location = folder / name
    location.write_bytes(data)
    return Source(PurePosixPath(name), location, data[:4096], sha256(data).hexdigest())


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def reader(value: Json, name: str = "descriptor.json") -> Reading:
        found = source(tmp_path, json.dumps(value, indent=1), name)
        assert sei.claims(found)
        return sei.read(found)

    return reader


def stated(reading: Reading, attribute: str) -> list[Any]:
    return [s.value for s in reading.statements if s.attribute == attribute]


def at(reading: Reading, pointer: str) -> list[Statement]:
    return [s for s in reading.statements if s.place.pointer == pointer]


def as_written(statement: Statement) -> Json:
    """A statement's value in the unit of the file it came from."""
    unit = load().attribute(statement.attribute).unit.rpartition("/")[2]
    value = statement.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value / {"BYTE": 10**9, "MilliProcessor": 1000, "MicroSEC": 10**6}.get(unit, 1)
    return value


EACH = [(kind, version) for version in ("1.0", "1.1", "1.2") for kind in SHAPES]


@pytest.mark.parametrize(("kind", "version"), EACH)
def test_every_leaf_arrives_with_its_value_and_place(kind: str, version: str, read: Reader) -> None:
    descriptor = complete(shape_of(kind, version), iter(range(1, 10_000)))
    reading = read(descriptor)
    text = json.dumps(descriptor, indent=1).splitlines()
    assert not reading.problems
    assert not reading.passed_over
    for here, value in leaves(descriptor):
        if here.endswith("_time/unit"):
            (time,) = at(reading, here.replace("/unit", "/time"))
            assert time.place.given
            assert time.place.given.endswith(value)
            continue
        found = [s for s in at(reading, here) if not isinstance(s.value, Node)]
        assert found, here
        assert value in [as_written(s) for s in found] or is_listed(found, value), here
        for statement in found:
            assert statement.place.line
            shown = json.dumps(value, ensure_ascii=False).strip('"')
            assert shown in text[statement.place.line - 1]
            assert str(statement.place.given).startswith(shown)


def is_listed(found: list[Statement], value: str) -> bool:
    """Whether a statement holds the listed value that the text names."""
    vocabulary = load()
    return any(
        (wanted := vocabulary.attribute(s.attribute).range).kind == "list"
        and (known := vocabulary.value(wanted.name, value))
        and known.name == s.value
        for s in found
    )


@pytest.mark.parametrize(("kind", "version"), EACH)
def test_nothing_is_stated_that_no_leaf_says(kind: str, version: str, read: Reader) -> None:
    descriptor = complete(shape_of(kind, version), iter(range(1, 10_000)))
    places = {here for here, _ in leaves(descriptor)}
    for statement in read(descriptor).statements:
        if not isinstance(statement.value, Node) and statement.attribute != "stepPosition":
            assert statement.place.pointer in places


def aligned() -> dict[str, list[str]]:
    """The alignment's paths below their descriptors, each with what it is matched with."""
    base, found = iri("sei:"), defaultdict(list)
    for subject, predicate, term in load().triples:
        if subject.startswith(base) and "Match" in predicate:
            found[subject.removeprefix(base)].append(local(term.value))
    return found


def paths(kind: str, shape: Json, *, inner: bool = True) -> set[str]:
    """The paths of a shape's keys; without `inner`, those of its leaves."""
    steps = [
        [step for step in here.split("/")[1:] if not step.isdigit()] for here, _ in leaves(shape)
    ]
    return {
        "/".join([kind, *taken[:end]])
        for taken in steps
        for end in range(1 if inner else len(taken), len(taken) + 1)
    }


def test_the_shapes_and_the_alignment_know_the_same_keys() -> None:
    known = {path for path in aligned() if "/" in path}
    grouping = {path[: step.start()] for path in known for step in re.finditer("/", path)}
    shapes = {path for kind, version in EACH for path in paths(kind, shape_of(kind, version))}
    # Only their form writes this one.
    assert known - shapes == {"trained_model/log_data/format"}
    assert shapes - known <= grouping
    leaves_now = [len(paths(kind, shape, inner=False)) for kind, shape in SHAPES.items()]
    assert sum(leaves_now) == LEAVES_OF_1_2


def test_every_attribute_of_the_alignment_can_be_stated_of_what_stands_around_it() -> None:
    vocabulary, known = load(), aligned()
    for path in (path for path in known if "/" in path):
        kind, *above = [
            known[path[: step.start()]][0]
            for step in re.finditer("/", path)
            if path[: step.start()] in known
        ]
        parts = [vocabulary.attribute(name).range.name for name in above]
        around = {name for owner in (kind, *parts) for name in vocabulary.ancestors(owner)}
        assert {vocabulary.attribute(name).domain for name in known[path]} <= around, path


def test_order_and_repetition_stay_in_the_places(read: Reader) -> None:
    languages = ["Python", "Java", "Python"]
    reading = read({"version": "1.2", "programming_languages": languages, "ml_frameworks": []})
    found = [s for s in reading.statements if s.attribute == "availableLanguage"]
    assert [s.value for s in found] == languages
    assert [s.place.pointer for s in found] == [f"/programming_languages/{n}" for n in range(3)]


def test_steps_keep_their_order_even_where_one_comes_twice(read: Reader) -> None:
    steps = [{"data_processing_step": step} for step in ("scale", "impute", "scale")]
    reading = read({"version": "1.2", "pipeline_code": "p.py", "pipeline_steps": steps})
    positions = [s for s in reading.statements if s.attribute == "stepPosition"]
    assert [(s.node.parts[0][1], s.value) for s in positions] == [
        ("scale", 1),
        ("impute", 2),
        ("scale", 3),
    ]


def test_the_element_has_no_name(read: Reader) -> None:
    reading = read(complete(SHAPES["trained_model"], iter(range(1, 10_000))))
    assert {s.node.element for s in reading.statements} == {Node("TrainedModel", named=False)}


def test_a_field_named_twice_is_one_field_with_two_types(read: Reader) -> None:
    fields = [{"field_name": "age", "field_type": t} for t in ("integer", "string")]
    reading = read({"version": "1.2", "data_rates": "daily", "schema": fields})
    types = [s for s in reading.statements if s.attribute == "dataType"]
    assert [s.value for s in types] == ["integer", "string"]
    assert len({s.node for s in types}) == 1


# -- what is not given ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SHAPES))
def test_a_form_that_nobody_touched_states_next_to_nothing(kind: str, read: Reader) -> None:
    descriptor = untouched(SHAPES[kind])
    for goal in descriptor.get("goals", []):
        goal["id"] = "G-01"
    reading = read(descriptor, f"Churn - {kind.replace('_', ' ').title()}.json")
    needs_none = {"requiredGpus", "requiredProcessors", "requiredMemory", "requiredStorage"}
    allowed = {"formatVersion", "ensemble", "postProcessing", *needs_none}
    assert {s.attribute for s in reading.statements} <= allowed
    assert not reading.complete
    assert not reading.problems
    covered = [p.pointer or "" for p in reading.passed_over]
    covered += [s.place.pointer or "" for s in reading.statements]
    for here, _ in leaves(descriptor):
        assert any(here == c or here.startswith(f"{c}/") for c in covered), here


ZEROS = {"gpu": 0, "cpu": 0, "memory": 0, "storage": 0.0}


def test_nought_in_a_requirement_means_that_none_is_needed(read: Reader) -> None:
    reading = read({"version": "1.2", "model_name": "m", "computing_resource_reqs": ZEROS})
    required = [s for s in reading.statements if s.attribute.startswith("required")]
    assert {s.attribute: s.value for s in required} == {
        "requiredGpus": 0,
        "requiredProcessors": 0,
        "requiredMemory": 0,
        "requiredStorage": 0,
    }


@pytest.mark.parametrize("kind", ["development_environment", "production_environment"])
def test_nought_in_an_environment_is_not_given(kind: str, read: Reader) -> None:
    reading = read({"version": "1.2", "computing_resources": {**ZEROS, "cpu": "0"}}, f"{kind}.json")
    assert [s.attribute for s in reading.statements] == ["formatVersion"]
    assert [p.because for p in reading.passed_over] == ["not given"] * 4


def test_a_cleared_number_box_is_not_given(read: Reader) -> None:
    required = {"gpu": "", "cpu": 2, "memory": " ", "storage": None}
    reading = read({"version": "1.2", "model_name": "m", "computing_resource_reqs": required})
    assert stated(reading, "requiredProcessors") == [2000]
    assert not stated(reading, "requiredMemory")
    assert [p.pointer for p in reading.passed_over] == [
        f"/computing_resource_reqs/{key}" for key in ("gpu", "memory", "storage")
    ]


def test_nought_is_a_value_of_results_thresholds_and_shares(read: Reader) -> None:
    reading = read(
        {
            "version": "1.2",
            "evaluation_metrics": [{"metric": "False Positive Rate", "result": 0.0}],
            "algorithm_metrics": [{"metric": "drift", "operator": "greater than", "threshold": 0}],
        }
    )
    assert stated(reading, "result") == [0.0]
    assert stated(reading, "threshold") == [0.0]
    assert stated(reading, "operator") == ["greater-than"]
    shares = [{"label": "fraud", "percentage": 0}, {"label": "", "percentage": 0}]
    reading = read({"version": "1.2", "data_rates": "daily", "distribution": shares})
    assert stated(reading, "share") == [0.0]


@pytest.mark.parametrize("blank", ["", " ", [], None])
def test_a_time_without_unit_is_never_guessed(blank: Json, read: Reader) -> None:
    time = {"time": 85, "unit": blank}
    reading = read({"version": "1.2", "model_name": "m", "inference_time": time})
    assert not stated(reading, "observedInferenceTime")
    (passed,) = reading.passed_over
    assert (passed.pointer, passed.because) == (
        "/inference_time/time",
        "the unit of the time is not given",
    )


def test_a_time_of_nought_is_not_given(read: Reader) -> None:
    time = {"time": 0, "unit": "Milliseconds"}
    reading = read({"version": "1.2", "required_inference_time": time, "model_logs": []})
    assert not stated(reading, "requiredInferenceTime")


@pytest.mark.parametrize(
    ("unit", "microseconds"),
    [("Milliseconds", 3000), ("Seconds", 3_000_000), ("Minutes", 180_000_000)],
)
def test_times_are_converted(unit: str, microseconds: int, read: Reader) -> None:
    time = {"time": "3", "unit": unit}
    reading = read({"version": "1.2", "required_inference_time": time, "model_logs": []})
    assert stated(reading, "requiredInferenceTime") == [microseconds]


def test_limits_that_the_form_left_at_nought_are_not_given(read: Reader) -> None:
    item = {
        "item_name": "score",
        "item_type": "Float",
        "item_specification": {**untouched(SPECIFICATION), "other_value": "0 to 1"},
    }
    reading = read({"version": "1.2", "model_name": "m", "output_spec": [item]})
    about = {s.attribute for s in reading.statements if s.node.parts}
    assert about == {"name", "typeName", "dataType", "expectedValues"}


def test_one_limit_makes_the_nought_beside_it_a_limit_too(read: Reader) -> None:
    limits = {**untouched(SPECIFICATION), "max_value": 1, "max_length": 9}
    item = {"item_name": "score", "item_specification": limits}
    reading = read({"version": "1.2", "model_name": "m", "output_spec": [item]})
    assert stated(reading, "minimum") == [0.0]
    assert stated(reading, "minimumLength") == [0]
    assert stated(reading, "spacesAllowed") == [False]
    assert not stated(reading, "imageChannels")


def test_a_goal_without_words_is_not_given(read: Reader) -> None:
    goals = [{"id": "G-01", "goal": "Keep customers"}, {"id": "G-02", "goal": "", "metric": ""}]
    reading = read({"version": "1.2", "task": "t", "goals": goals})
    assert stated(reading, "name") == ["G-01"]
    assert [(p.pointer, p.because) for p in reading.passed_over] == [("/goals/1", "not given")]


# -- older versions, and what their tool makes of them -------------------------------------------


def test_goals_and_criteria_of_1_0_arrive(read: Reader) -> None:
    reading = read(
        {
            "version": "1.0",
            "business_goals": [{"id": "BG-01", "goal": "Keep customers"}],
            "success_criteria": ["Four of five", "Within a month"],
        }
    )
    goal = Node("TaskAndPurpose", named=False).part("goal", "BG-01")
    assert stated(reading, "goal") == [goal]
    assert stated(reading, "successCriterion") == ["Four of five", "Within a month"]
    metrics = [{"metric": "kept", "business_goal_mapping": "BG-01"}]
    reading = read({"version": "1.0", "model_name": "m", "business_metrics": metrics})
    assert stated(reading, "measuredGoal") == ["BG-01"]


def test_criteria_that_an_upgrade_ran_together_stay_as_they_are(read: Reader) -> None:
    goals = [{"id": "G-01", "goal": "Keep customers", "metric": "a, b, ", "baseline": ""}]
    reading = read({"version": "1.1", "task": "t", "goals": goals})
    assert stated(reading, "goalMetric") == ["a, b,"]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        *[("Float", ["double"]), ("Text", ["string"]), ("Boolean", ["boolean"]), ("Other", [])],
        *[("varchar(255)", ["string"]), ("Integer (years)", ["integer"]), ("Geo (WGS84)", [])],
    ],
)
def test_a_type_is_kept_as_written_and_compared_only_where_known(
    written: str, known: list[str], read: Reader
) -> None:
    items = [{"item_name": "a", "item_type": written}]
    reading = read({"version": "1.1", "model_name": "m", "output_spec": items})
    assert stated(reading, "typeName") == [written]
    assert stated(reading, "dataType") == known


def test_an_operator_that_an_upgrade_left_blank_is_not_given(read: Reader) -> None:
    metrics = [{"metric": "accuracy", "operator": "", "threshold": 0.8, "goal_mapping": ""}]
    reading = read({"version": "1.2", "model_name": "m", "algorithm_metrics": metrics})
    assert not reading.problems
    assert not stated(reading, "operator")


@pytest.mark.parametrize("key", ["log_data_format", "format"])
def test_the_form_may_write_format(key: str, read: Reader) -> None:
    logs = [{"log": "requests", key: "JSON"}]
    reading = read({"version": "1.2", "model_name": "m", "log_data": logs})
    assert stated(reading, "logFormat") == ["JSON"]
    assert not reading.passed_over


def test_numbers_may_be_text(read: Reader) -> None:
    required = {"gpu": "1", "cpu": "0.5", "memory": "16.0", "storage": "5"}
    reading = read({"version": 1.2, "model_name": "m", "computing_resource_reqs": required})
    assert stated(reading, "requiredGpus") == [1]
    assert stated(reading, "requiredProcessors") == [500]
    assert stated(reading, "requiredMemory") == [16_000_000_000]
    assert {s.place.given for s in reading.statements if s.attribute == "requiredMemory"} == {
        "16.0"
    }
    assert stated(reading, "formatVersion") == ["1.2"]


def test_a_listed_name_that_is_other_gives_way_to_the_name_beside_it(read: Reader) -> None:
    metrics = [{"metric": "Other", "other_metric": "AUC", "result": 0.9}]
    reading = read({"version": "1.2", "model_name": "m", "evaluation_metrics": metrics})
    node = Node("TrainedModel", named=False).part("evaluationMetric", "AUC")
    assert stated(reading, "evaluationMetric") == [node]
    assert stated(reading, "name") == ["AUC"]
    assert [p.pointer for p in reading.passed_over] == ["/evaluation_metrics/0/metric"]


def test_a_field_and_a_label_name_their_counterparts(read: Reader) -> None:
    reading = read(
        {
            "version": "1.2",
            "schema": [{"field_name": "age", "mapping_production_data": "customer_age"}],
            "distribution": [{"label": "yes", "mapping_production_data": "1"}],
        }
    )
    assert stated(reading, "counterpart") == ["customer_age", "1"]


MAPPINGS = {
    "training_data/schema": ({"field_name": "age"}, "mapping_production_data", "counterpart"),
    "training_data/distribution": ({"label": "y"}, "mapping_production_data", "counterpart"),
    "trained_model/output_spec": ({"item_name": "score"}, "component", "connectedComponent"),
    "trained_model/final_output_spec": ({"item_name": "risk"}, "data_item", "connectedItem"),
    "data_pipeline/input_spec": ({"item_name": "age"}, "data_item", "connectedItem"),
}


@pytest.mark.parametrize("path", list(MAPPINGS))
def test_a_blank_mapping_of_a_filled_row_says_that_there_is_none(path: str, read: Reader) -> None:
    (kind, rows), (row, key, attribute) = path.split("/"), MAPPINGS[path]

    def said(mapping: Json) -> Reading:
        inner = mapping if attribute == "counterpart" else {"component_mapping": mapping}
        return read({"version": "1.2", rows: [row | inner]}, f"{kind}.json")

    for blank in ("", "  ", None):
        reading = said({key: blank})
        assert not stated(reading, attribute)
        assert attribute in whole(reading)
        assert [p.because for p in reading.passed_over] == ["blank: it is mapped to nothing"]
    assert attribute not in whole(said({key: "x"}))
    assert attribute not in whole(said({}))


def test_a_result_that_goes_to_two_components_is_two_outputs(read: Reader) -> None:
    places = [{"component": name, "data_item": "score"} for name in ("mail", "mail", "desk")]
    rows = [{"item_name": "score", "component_mapping": place} for place in places]
    reading = read({"version": "1.2", "model_name": "m", "output_spec": rows})
    outputs = {s.node: s.value for s in reading.statements if s.attribute == "connectedComponent"}
    assert list(outputs.values()) == ["mail", "desk"]
    assert stated(reading, "name") == ["score", "score", "score"]


# -- whole lists ---------------------------------------------------------------------------------


def whole(reading: Reading) -> set[str]:
    return {attribute for _, attribute in reading.complete}


def test_a_list_is_whole_only_where_it_names_something(read: Reader) -> None:
    lists = {"programming_languages": ["Python"], "ml_frameworks": []}
    assert whole(read({"version": "1.2", **lists})) == {"availableLanguage"}
    lists = {"programming_languages": [""], "ml_frameworks": ["Keras", ""]}
    assert whole(read({"version": "1.2", **lists})) == {"availableFramework"}


def test_a_list_with_something_nameless_is_not_whole(read: Reader) -> None:
    logs = [{"log": "requests"}, {"log": "", "implementation": "sidecar"}]
    reading = read({"version": "1.2", "model_logs": logs, "other_logs": logs[:1]})
    assert whole(reading) == {"otherCollectedLog"}


@pytest.mark.parametrize(("second", "expected"), [(["Java"], True), ([], False)])
def test_languages_are_whole_where_every_component_names_its_own(
    second: list[str], *, expected: bool, read: Reader
) -> None:
    parameters = [{"parameter_name": "depth", "parameter_value": "8"}]
    components = [
        {"hyper_parameters": parameters, "programming_languages": ["Python"]},
        {"hyper_parameters": parameters, "programming_languages": second},
    ]
    reading = read({"version": "1.2", "model_name": "m", "model_components": components})
    assert ("requiredLanguage" in whole(reading)) is expected


# -- what does not fit ---------------------------------------------------------------------------


def test_an_unknown_key_is_passed_over_with_its_place(read: Reader) -> None:
    fields = [{"field_name": "age", "goals/id": 1, "colour": {"a": 1}}]
    reading = read({"version": "1.2", "data_rates": "daily", "schema": fields, "owner": "x"})
    assert [(p.pointer, p.because) for p in reading.passed_over] == [
        ("/schema/0/goals~1id", "not a key of these descriptors"),
        ("/schema/0/colour", "not a key of these descriptors"),
        ("/owner", "not a key of these descriptors"),
    ]
    assert [p.line for p in reading.passed_over] == [7, 8, 13]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("computing_resource_reqs", {"memory": "plenty"}, "/computing_resource_reqs/memory"),
        ("computing_resource_reqs", {"memory": -1}, "/computing_resource_reqs/memory"),
        ("computing_resource_reqs", {"gpu": 1.5}, "/computing_resource_reqs/gpu"),
        ("computing_resource_reqs", 16, "/computing_resource_reqs"),
        ("training_date", "in spring", "/training_date"),
        ("training_date", "2024-13-01", "/training_date"),
        ("ensemble", "perhaps", "/ensemble"),
        ("model_name", {"first": "m"}, "/model_name"),
        ("ml_frameworks", [["Keras"]], "/ml_frameworks/0"),
        ("output_spec", ["score"], "/output_spec/0"),
        ("inference_time", {"time": 5, "unit": "Moons"}, "/inference_time/time"),
        ("evaluation_dataset", {"name": "d", "holdout_percentage": 120}, "holdout_percentage"),
        ("algorithm_metrics", [{"metric": "a", "operator": "around"}], "/operator"),
    ],
)
def test_a_wrong_value_is_a_problem_with_its_line(
    key: str, value: Json, expected: str, read: Reader
) -> None:
    reading = read({"version": "1.2", "model_version": "1", "post_processing": True, key: value})
    (problem,) = reading.problems
    assert expected in problem.message
    assert problem.line
    assert problem.line >= 5
    assert stated(reading, "modelVersion") == ["1"]


def test_an_unknown_key_beside_a_time_is_passed_over(read: Reader) -> None:
    time = {"time": 2, "unit": "Seconds", "percentile": 99}
    reading = read({"version": "1.2", "model_name": "m", "inference_time": time})
    assert stated(reading, "observedInferenceTime") == [2_000_000]
    assert [p.pointer for p in reading.passed_over] == ["/inference_time/percentile"]


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    text = '{"version": "1.2", "model_name": "a", "ensemble": true,\n"model_name": "b"}'
    reading = sei.read(source(tmp_path, text, "trained_model.json"))
    assert stated(reading, "modelName") == ["a"]
    assert [(p.pointer, p.line) for p in reading.passed_over] == [("/model_name", 2)]


# -- which files are theirs ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SHAPES))
def test_the_kind_is_told_by_the_keys_whatever_the_name(kind: str, read: Reader) -> None:
    reading = read(complete(SHAPES[kind], iter(range(1, 10_000))), "from-anna.json")
    assert [{s.node.kind for s in reading.statements}] == [set(aligned()[kind])]


def test_the_name_tells_where_the_keys_do_not(read: Reader) -> None:
    few = {"version": "1.2", "documentation": [{"description": "Wiki"}]}
    reading = read(few, "Churn - Production Data.json")
    assert {s.node.kind for s in reading.statements} == {"OperationalData"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "version": "1.2", "dependencies": {}, "license": "MIT"}'),
        ("config.json", '{"model_name": "x", "version": "1.2.0", "layers": 3, "heads": 2}'),
        ("frame.json", '{"schema": {"fields": []}, "data": []}'),
        ("croissant.json", '{"@context": {"task": 1, "schema": 2}, "name": "x", "version": "1.2"}'),
        ("trained_model.json", '{"colour": "red", "size": 3}'),
        ("list.json", '["version", "task", "goals"]'),
        ("trained_model.yaml", '{"version": "1.2", "model_name": "m", "ml_frameworks": ["Keras"]}'),
        ("empty.json", ""),
    ],
)
def test_other_files_are_left_to_others(name: str, text: str, tmp_path: Path) -> None:
    assert not sei.claims(source(tmp_path, text, name))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"{",
        b'{"version": "1.2", "model_name": "m", "ensemble": tr',
        b'{"model_name": "m", "ensemble": true,, "version": "1.2"}',
        b"[" * 100_000,
        b'{"version": "1.2", "model_name": "\xff\xfe\x00"}',
    ],
)
def test_a_broken_file_with_their_name_is_told_as_broken(data: bytes, tmp_path: Path) -> None:
    found = source(tmp_path, data, "trained_model.json")
    assert sei.claims(found)
    with pytest.raises(DescriptorInvalid):
        sei.read(found)


@pytest.mark.parametrize("text", ["[]", '"trained model"', '{"colour": "red"}'])
def test_what_is_no_descriptor_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid, match="none of the SEI's eight"):
        sei.read(source(tmp_path, text, "trained_model.json"))


OWN_KEY = """
@base <https://github.com/cmu-sei/ml-mismatch-descriptors> .
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<#production_data/volume> skos:exactMatch mm:{attribute} .
"""


def with_own_key(folder: Path, attribute: str) -> Source:
    alignments = folder / "own" / "ontology" / "alignments"
    alignments.mkdir(parents=True)
    alignments.joinpath("own.ttl").write_text(OWN_KEY.format(attribute=attribute))
    text = '{"version": "1.2", "data_rates": "daily", "volume": 500}'
    return replace(source(folder, text, "production_data.json"), knowledge=(folder / "own",))


def test_a_key_of_ones_own_takes_a_line_of_alignment(tmp_path: Path) -> None:
    reading = sei.read(with_own_key(tmp_path, "numberOfInstances"))
    assert stated(reading, "numberOfInstances") == [500]


def test_a_key_aligned_with_another_elements_attribute_is_our_fault(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="production_data/volume is aligned with mm:modelName"):
        sei.read(with_own_key(tmp_path, "modelName"))


def test_any_encoding_of_json_is_read(tmp_path: Path) -> None:
    text = json.dumps({"version": "1.2", "model_name": "größe", "ensemble": True})
    for encoding in ("utf-8-sig", "utf-16"):
        found = source(tmp_path, text.encode(encoding), "m.json")
        assert sei.claims(found)
        assert stated(sei.read(found), "modelName") == ["größe"]


# -- anything at all -----------------------------------------------------------------------------

JUNK: st.SearchStrategy[Json] = st.sampled_from(
    [
        None,
        "",
        " ",
        "x",
        "Other",
        "0",
        "16 GB",
        0,
        -1,
        1.5,
        1e308,
        True,
        [],
        {},
        [[]],
        [1],
        {"a": 1},
    ]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_leaf_is_stated_passed_over_or_a_problem(data: st.DataObject, tmp_path: Path) -> None:
    kind = data.draw(st.sampled_from(sorted(SHAPES)))
    descriptor = complete(SHAPES[kind], iter(range(1, 10_000)))
    places = [here for here, _ in leaves(descriptor)]
    for here in data.draw(st.lists(st.sampled_from(places), max_size=12)):
        replace_leaf(descriptor, here, data.draw(JUNK))
    reading = sei.read(source(tmp_path, json.dumps(descriptor), f"{kind}.json"))
    covered = {s.place.pointer for s in reading.statements if not isinstance(s.value, Node)}
    covered |= {p.pointer for p in reading.passed_over}
    covered |= {p.message.partition(":")[0] for p in reading.problems}
    for here, _ in leaves(descriptor):
        above = {here[:end] for end in range(1, len(here) + 1)}
        beside = re.sub("_time/unit.*", "_time/time", here)
        assert above & covered or beside in covered, here


def replace_leaf(value: Json, here: str, junk: Json) -> None:
    *above, last = here.split("/")[1:]
    for step in above:
        value = value[int(step) if isinstance(value, list) else step]
    value[int(last) if isinstance(value, list) else last] = junk
